import Foundation
import MooringTestSupport
import Testing

/// The proxy must itself be above suspicion: what it does to requests is what the tests of faults stand on.
@Suite struct FaultProxyTests {
    /// A server that answers with what it got, and the proxy in front of it.
    private func withEcho(_ body: (LoopbackServer, FaultProxy) async throws -> Void) async throws {
        try await withLoopbackServer { connection in
            while let request = connection.readRequest() {
                connection.respond(
                    "201 Created", body: "\(request.line) \(String(decoding: request.body, as: UTF8.self))")
            }
        } _: { server in
            try await withFaultProxy(to: server.port) { try await body(server, $0) }
        }
    }

    private func curl(_ arguments: String...) async throws -> RunningProcess {
        try await RunningProcess.start(["curl", "--silent", "--show-error", "--max-time", "30"] + arguments)
    }

    @Test func `a request passes as it is, and so does the answer, on one connection after the other`() async throws {
        try await withEcho { server, proxy in
            let client = try await curl(
                "-d", "one", "-H", "X-Amz-Target: Service.UpdateService", proxy.url + "/a", "--next", "--silent", "-d",
                "two", "-H", "Transfer-Encoding: chunked", "-w", "%{num_connects} %{http_code}", proxy.url + "/b?c=d")
            #expect(try await client.ending() == .exited(0))
            #expect(client.output == "POST /a HTTP/1.1 onePOST /b?c=d HTTP/1.1 two0 201\n")
            #expect(server.requests.count == 2)
            #expect(proxy.calls.map(\.target) == ["/a", "/b?c=d"])
            #expect(proxy.calls.map(\.status) == [201, 201])
            #expect(proxy.operations() == ["UpdateService": 1])
            #expect(proxy.calls[0].isWrite && !proxy.calls[1].isWrite)
        }
    }

    @Test func `an operation of the query protocol is known by its action`() async throws {
        try await withEcho { _, proxy in
            let client = try await curl("-d", "Version=1&Action=AssumeRole", proxy.url)
            try await client.ending()
            #expect(proxy.operations() == ["AssumeRole": 1])
            #expect(!proxy.calls[0].isWrite)
        }
    }

    @Test func `a held request reaches the server when it is passed on, and never when it is dropped`() async throws {
        try await withEcho { server, proxy in
            let first = proxy.arm(.holdRequest, times: 1...1) { $0.target == "/held" }
            let client = try await curl(proxy.url + "/held")
            #expect(try await first.struck().target == "/held")
            #expect(server.requests.isEmpty)
            first.passOn()
            #expect(try await client.ending() == .exited(0))
            #expect(server.requests.count == 1)

            let second = proxy.arm(.holdRequest) { $0.target == "/held" }
            let other = try await curl(proxy.url + "/held")
            try await second.struck()
            second.disarm()
            #expect(try await other.ending() == .exited(52))
            #expect(server.requests.count == 1)
            #expect(proxy.calls.map(\.wasForwarded) == [true, false])
        }
    }

    @Test func `a held answer is one that the server has given`() async throws {
        try await withEcho { server, proxy in
            let fault = proxy.arm(.holdAnswer, times: 2...2)
            let client = try await curl(proxy.url + "/1", proxy.url + "/2", proxy.url + "/3")
            try await fault.struck()
            #expect(server.requests.count == 2)
            #expect(client.ending == nil)
            await client.kill()
            #expect(client.ending == .signalled(9))
            fault.disarm()
            #expect(proxy.calls.map(\.status) == [201, nil])
        }
    }

    @Test(arguments: [(Fault.close, 0, 52), (.closeAfterwards, 1, 52), (.awsError("X", message: "y"), 0, 22)])
    func `a fault does what it says`(_ fault: Fault, _ arrived: Int, _ code: Int32) async throws {
        try await withEcho { server, proxy in
            let armed = proxy.arm(fault)
            let client = try await curl("--fail", proxy.url)
            #expect(try await client.ending() == .exited(code))
            #expect(server.requests.count == arrived)
            #expect(armed.count == 1)
            armed.disarm()
            #expect(try await curl("--fail", proxy.url).ending() == .exited(0))
        }
    }

    @Test func `a server that hangs says nothing until the client gives up`() async throws {
        try await withEcho { server, proxy in
            proxy.arm(.hang)
            let client = try await curl("--max-time", "1", proxy.url)
            #expect(try await client.ending() == .exited(28))
            #expect(server.requests.isEmpty)
        }
    }
}

@Suite struct RunningProcessTests {
    @Test func `lines are there as they come, and the end with its code`() async throws {
        let process = try await RunningProcess.start([
            "sh", "-c", "echo one; echo two >&2; read x; printf last; exit 3",
        ])
        #expect(try await process.line(containing: "on").text == "one")
        try await process.line(containing: "two")
        #expect(try await process.ending() == .exited(3))
        #expect(process.output == "one\nlast\n")
    }

    @Test func `waiting for a line that cannot come any more ends at once`() async throws {
        let process = try await RunningProcess.start(["echo", "one"])
        await #expect(throws: DeadlinePassed.self) {
            try await process.line(containing: "two", within: .seconds(3600))
        }
    }

    @Test func `waiting ends with the deadline, and says what there was instead`() async throws {
        try await withProcess(["sh", "-c", "echo one; exec cat /dev/zero >/dev/null"]) { process in
            try await process.line(containing: "one")
            let error = await #expect(throws: DeadlinePassed.self) {
                try await process.line(containing: "two", within: .milliseconds(50))
            }
            #expect(error?.instead.contains("one") == true)
        }
    }

    @Test func `a killed process takes with it what it started`() async throws {
        let process = try await RunningProcess.start(["sh", "-c", "sleep 1000 & echo child $!; wait"])
        let line = try await process.line(containing: "child").text
        let child = try #require(line.split(separator: " ").last.flatMap { pid_t($0) })
        await process.kill()
        #expect(process.ending == .signalled(9))
        _ = try await eventually("the child's end", within: .seconds(10)) {
            let status = try? String(contentsOfFile: "/proc/\(child)/stat", encoding: .utf8)
            return status.map { $0.contains(") Z ") } ?? true ? true : nil
        }
    }

    @Test func `a program runs in its folder, with its environment and nothing else`() async throws {
        let process = try await RunningProcess.start(
            ["sh", "-c", "pwd; env"], environment: ["MOORING_X": "y"], folder: "/tmp")
        try await process.ending()
        #expect(process.output.hasPrefix("/tmp\n"))
        #expect(process.output.contains("MOORING_X=y\n"))
        let names = process.output.split(separator: "\n").dropFirst().map { $0.prefix { $0 != "=" } }
        #expect(Set(names).isSubset(of: ["PATH", "HOME", "LC_ALL", "MOORING_X", "PWD", "OLDPWD", "SHLVL", "_"]))
    }

    @Test func `a program that is not there ends as a shell would have it`() async throws {
        let process = try await RunningProcess.start(["no-such-program-anywhere"])
        #expect(try await process.ending() == .exited(127))
    }
}
