import Foundation
import Glibc
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringServer
import MooringTestSupport
import Testing

/// What strangers can do who reach the port: nothing but cost us a hash.
@Suite(.serialized) struct `A thousand bad webhooks` {
    /// Bytes of memory that this process holds, as the kernel counts them.
    private static func residentBytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix("VmRSS:") })
        return try #require(Int(line.split(separator: " ").dropLast().last ?? line)) << 10
    }

    private static let waves = #"""
        from collections import Counter
        import random
        random.seed(7)
        seen = Counter()
        def note(status): seen[status] += 1

        # 400 forged: other secrets, other bodies, other digests, nothing at all.
        for i in range(400):
            kind = i % 8
            signature = [sign(PUSH, b"guess%d" % i), sign(PUSH, b""), "", "sha1=" + "0" * 40, sign(PUSH + b" "),
                         "sha256=" + "%064x" % random.getrandbits(256), sign(PUSH)[7:], sign(PUSH).upper()][kind]
            note(post(PUSH, headers(PUSH, "f%d" % i, signature))[0])

        # 200 truncated: cut with the length of the whole, and cut with a length to fit.
        for i in range(200):
            cut = PUSH[:i % len(PUSH)]
            if i % 2: note(post(cut, headers(PUSH, "t%d" % i))[0]); continue
            lines = ["POST /hooks/github HTTP/1.1"] + ["%s: %s" % h for h in headers(PUSH, "t%d" % i).items()]
            answer = raw("\r\n".join(lines + ["Content-Length: %d" % len(PUSH), "", ""]).encode() + cut, half_close=True)
            note("silence" if not answer else answer.split()[1])

        # 100 oversized: told in advance, in fact, in the head, in chunks without end.
        big = b"[" + b"1," * (1 << 20)
        for i in range(100):
            if i % 4 == 0: note(post(None, dict(headers(PUSH, "o"), **{"Content-Length": str(1 << 40)}))[0])
            if i % 4 == 1: note(post(big, headers(PUSH, "o%d" % i))[0])
            if i % 4 == 2: note(int(raw(b"POST /hooks/github HTTP/1.1\r\nX: " + b"x" * 40000).split()[1]))
            if i % 4 == 3:
                lines = ["POST /hooks/github HTTP/1.1"] + ["%s: %s" % h for h in headers(PUSH, "o%d" % i).items()]
                s = connect()
                s.sendall("\r\n".join(lines + ["Transfer-Encoding: chunked", "", ""]).encode() + b"3000000\r\n")
                note(int(s.recv(1000).split()[1])); s.close()

        # 100 replayed, of which the first ever is a look.
        for i in range(100): note(post(PUSH, headers(PUSH, "replay"))[0])
        print(json.dumps(sorted([str(k), v] for k, v in seen.items())))
        """#

    /// 200 slow ones, more than there are places for, and a good one in between every ten.
    private static let slow = #"""
        slow, sent = [], []
        lines = ["POST /hooks/github HTTP/1.1"] + ["%s: %s" % h for h in headers(PUSH, "slow").items()]
        head = "\r\n".join(lines + ["Content-Length: 1000000", "", ""]).encode()
        for i in range(300):
            s = connect()
            s.sendall(head[:20 + i] if i % 2 else head + b"x" * i)
            slow.append(s)
            if i % 10 == 9:
                delivery = "good%d-%s" % (i, os.getpid())
                body = json.dumps({"ref": "refs/heads/%d" % i, "repository": {"full_name": "acme/app"}}).encode()
                h = headers(body, delivery)
                sent.append([i, time.clock_gettime(time.CLOCK_MONOTONIC)])
                assert post(body, h)[0] == 202
        print(json.dumps(sent))
        """#

    @Test func `trigger nothing, are not parsed, and leave memory as it was`() async throws {
        let intake = Intake([.github: ["s3cret"]])
        var resident: [Int] = []
        try await withWebhookServer(intake) { server in
            for wave in 0..<4 {
                let output = try await Client.run(Self.waves, port: server.port)
                #expect(
                    output == """
                        [["200", \(wave == 0 ? 99 : 100)], \(wave == 0 ? #"["202", 1], "# : "")["401", 525], ["413", 50], \
                        ["431", 25], ["silence", 100]]

                        """)
                resident.append(try Self.residentBytes())
            }
        }
        #expect(intake.events.count == 1)
        #expect(intake.parses == 1)
        print("resident after each wave of 800: \(resident.map { "\($0 >> 10) KiB" })")
        // Each wave carries 50 MB of bodies. Other tests take memory in this process too, but not beside every wave.
        let growths = zip(resident, resident.dropFirst()).map { $1 - $0 }
        #expect(try #require(growths.min()) < 4 << 20, "\(resident)")
    }

    @Test func `hold up no good one, however slow they are and however many`() async throws {
        let intake = Intake([.github: ["s3cret"]])
        let arrivals = Watched<[String: Double]>([:])
        let webhooks = WebhookIntake(
            clock: intake.clock, secrets: { _ in [Secret("s3cret")] },
            onEvent: { event in
                var time = timespec()
                clock_gettime(CLOCK_MONOTONIC, &time)
                let now = Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
                guard case .push(let branch)? = event.changes.first else { return }
                arrivals.update { $0[branch.text] = now }
            })
        let server = try WebhookServer(host: "127.0.0.1", port: 0, clock: intake.clock, webhooks: webhooks)
        let output = try await Client.run(Self.slow, port: server.port)
        await server.stop()
        let sent = try JSONDecoder().decode([[Double]].self, from: Data(output.utf8))
        #expect(sent.count == 30)
        let delays = try sent.map { try #require(arrivals.value["\(Int($0[0]))"]) - $0[1] }.sorted()
        print(
            "from sending to handing over, beside up to 300 slow ones: median \(delays[15] * 1_000) ms, worst \(delays[29] * 1_000) ms"
        )
        // A machine that does other things too is no reason to fail; a server that waits for slow clients never answers.
        #expect(delays[15] < 1)
    }
}
