import Foundation
import MooringGit
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringTestSupport
import Testing

/// What one note costs among many, beside git's own tool.
@Suite(.serialized) struct NoteCostTests {
    /// What writing one note cost.
    private struct Cost {
        var seconds: [Double] = []
        /// In the bodies of pushes.
        var pushed: [Int] = []
        /// In all bodies of all requests and answers.
        var exchanged: [Int] = []

        /// The least, which other work on the machine disturbs least.
        var least: (seconds: Double, pushed: Int) { (seconds.min() ?? 0, pushed.sorted()[pushed.count / 2]) }

        var shown: String {
            let (time, bytes) = least
            return "\(String(format: "%.0f", time * 1000)) ms, \(bytes) bytes pushed, "
                + "\(exchanged.sorted()[exchanged.count / 2]) bytes in all"
        }
    }

    private let ref = "refs/notes/mooring/production"
    private let spare = 24

    /// A note of the size that ours have: five services, one of them with a cause.
    private func note(_ number: Int) -> String {
        var text = "schema: 1\nenvironment: production@r1\nsync: Synced\nsummary: \"note \(number)\"\nservices:\n"
        for service in 0..<5 {
            text += "  main/service-\(service):\n    sync: Synced\n    health: Healthy\n"
            text +=
                "    newRevision: service-\(service):\(number)\n    deployment: ecs-svc/\(1_000_000 + number * 7919)\n"
            text += "    updated: 2026-11-24T02:53:17Z\n"
        }
        return text
    }

    /// Commits, and notes on all of them but the last few, as git's own tool spreads them.
    private func fill(_ repository: GitTestRepository, _ count: Int) throws -> [CommitID] {
        var stream = ""
        for number in 1...(count + spare) {
            stream += "commit refs/heads/main\nmark :\(number)\ncommitter A <a@example.com> \(number) +0000\ndata 0\n"
            stream += "M 100644 inline a.txt\ndata \("\(number)".count)\n\(number)\n"
        }
        stream += "commit \(ref)\ncommitter A <a@example.com> 1 +0000\ndata 0\n"
        for number in 1...count {
            let text = note(number)
            stream += "N inline :\(number)\ndata \(text.utf8.count)\n\(text)\n"
        }
        try repository.git("fast-import", "--quiet", input: stream)
        return try repository.git("rev-list", "--max-count=\(spare)", "main").split(separator: "\n").map {
            try CommitID(String($0))
        }
    }

    /// A server with notes, and what writes one more.
    private struct Scene {
        let count: Int
        let commits: [CommitID]
        let server: GitTestServer
        let proxy: FaultProxy
        let mirror: GitMirror
        let clone: String
        var fetching = Cost()
        var ours = Cost()
        var git = Cost()

        /// Does something, and counts what passes the proxy meanwhile.
        func measure(_ cost: inout Cost, _ body: () async throws -> Void) async throws {
            let before = proxy.calls.count
            let start = ContinuousClock.now
            try await body()
            cost.seconds.append((ContinuousClock.now - start) / .seconds(1))
            let calls = proxy.calls.dropFirst(before)
            let pushes = calls.filter { $0.method == "POST" && $0.target.hasSuffix("git-receive-pack") }
            cost.pushed.append(pushes.reduce(0) { $0 + $1.body.count })
            cost.exchanged.append(calls.reduce(0) { $0 + $1.body.count + $1.answer.count })
        }
    }

    private func withScene(_ count: Int, _ bench: Bench, _ body: (Scene) async throws -> Void) async throws {
        try await withHTTPGitServer { server in
            let commits = try fill(server.repository, count)
            try await withFaultProxy(to: server.port) { proxy in
                let remote = GitRemoteSettings(
                    address: try GitAddress(proxy.url + "/git/shop.git"),
                    credential: .basic(user: server.user, password: Secret(server.token)))
                var scene = Scene(
                    count: count, commits: commits, server: server, proxy: proxy,
                    mirror: bench.mirror(remote, name: "notes-\(count)"), clone: "\(bench.folder.path)/clone-\(count)")
                let notes = NotesRef(try EnvironmentName("production"))
                let (mirror, commit) = (scene.mirror, commits[0])
                try await scene.measure(&scene.fetching) { _ = try await mirror.notes(notes, on: [commit]) }
                let url = "http://\(server.user):\(server.token)@127.0.0.1:\(proxy.port)/git/shop.git"
                try GitProgram.run(["clone", "--quiet", "--bare", url, scene.clone], in: "/")
                try GitProgram.run(["fetch", "--quiet", "origin", "+\(ref):\(ref)"], in: scene.clone)
                try await body(scene)
            }
        }
    }

    private func writeOurs(_ number: Int, _ scene: inout Scene) async throws {
        let (mirror, commit) = (scene.mirror, scene.commits[number])
        let text = note(number)
        let notes = NotesRef(try EnvironmentName("production"))
        try await scene.measure(&scene.ours) { try await mirror.publish([commit: text], to: notes) }
        #expect(try scene.server.repository.note(on: commit, ref: ref) == text)
    }

    private func writeByGit(_ number: Int, _ scene: inout Scene) async throws {
        let (clone, commit, text) = (scene.clone, scene.commits[12 + number].text, note(number))
        try await scene.measure(&scene.git) {
            try GitProgram.run(["fetch", "--quiet", "origin", "+\(ref):\(ref)"], in: clone)
            try GitProgram.run(
                ["notes", "--ref", ref, "add", "-F", "-", commit], in: clone, input: Array(text.utf8))
            try GitProgram.run(["push", "--quiet", "origin", "\(ref):\(ref)"], in: clone)
        }
    }

    @Test func `one note among ten thousand costs what one among a hundred does`() async throws {
        let bench = try Bench()
        try await withScene(100, bench) { few in
            try await withScene(10_000, bench) { many in
                var scenes = [few, many]
                // In turn, so that both have the same of what else the machine does.
                for number in 0..<12 {
                    for index in scenes.indices { try await writeOurs(number, &scenes[index]) }
                }
                for number in 0..<6 {
                    for index in scenes.indices { try await writeByGit(number, &scenes[index]) }
                }
                for scene in scenes {
                    try scene.server.repository.git("fsck", "--strict", "--no-dangling")
                    print("\(scene.count) notes, a fresh mirror fetches them: \(scene.fetching.shown)")
                    print("\(scene.count) notes, one more by Mooring: \(scene.ours.shown)")
                    print("\(scene.count) notes, one more by git fetch, notes add and push: \(scene.git.shown)")
                }
                let (small, large) = (scenes[0].ours.least, scenes[1].ours.least)
                #expect(large.seconds <= small.seconds * 1.5)
                #expect(Double(large.pushed) <= Double(small.pushed) * 1.5)
                #expect(Double(large.pushed) <= Double(scenes[1].git.least.pushed) * 1.5)
            }
        }
    }
}
