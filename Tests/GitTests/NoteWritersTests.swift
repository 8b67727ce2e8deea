import Foundation
import MooringGit
import MooringHTTPTransport
import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation
import MooringTestSupport
import Synchronization
import Testing

/// Several Moorings that write the notes of one environment, with a server that refuses and a way to it that breaks.
@Suite(.serialized) struct NoteWritersTests {
    /// What all writers share: the server's commits, a time that only grows, and what was reported so far.
    private struct Truth {
        var seconds: Int64 = 1_700_000_000
        var services: [CommitID: [ServiceKey: ServiceReport]] = [:]

        /// A report of some services about a commit, later than all before it.
        mutating func report(
            on commit: CommitID, about keys: [ServiceKey], by writer: Int, identity: EnvironmentIdentity,
        ) -> CommitReport {
            seconds += 1
            let now = Timestamp(millisecondsSince1970: seconds * 1000)
            let reports = keys.map { key in
                ServiceReport(
                    key: key, sync: .synced, health: .healthy, cause: "writer \(writer) at \(seconds)", updated: now)
            }
            for report in reports { services[commit, default: [:]][report.key] = report }
            return CommitReport(
                environment: identity, commit: commit, sync: .synced, health: .healthy, summary: "at \(seconds)",
                started: now, updated: now, services: reports.sorted { $0.key < $1.key })
        }
    }

    /// Holds it for all of them.
    private final class Board: Sendable {
        let truth = Mutex(Truth())
    }

    /// One writer: what it has not published yet, and the mirror that it would lose with its machine.
    private struct Writer {
        let number: Int
        let open: @Sendable (String) -> GitMirror
        var random: SplitMix64
        var life = 0
        var pending: [CommitID: CommitReport] = [:]
        var failures: [Failure.Code: Int] = [:]

        var name: String { "writer-\(number)-\(life)" }
    }

    private let ref: NotesRef
    private let identity: EnvironmentIdentity

    init() throws {
        let environment = try EnvironmentName("production")
        ref = NotesRef(environment)
        identity = try EnvironmentIdentity(environment: environment, repositoryID: "r1")
    }

    /// Declines one push in eleven, whoever it is.
    private func installHook(in repository: GitTestRepository) throws {
        let path = repository.path + "/hooks/pre-receive"
        let script = """
            #!/bin/sh
            n=$(cat pushes 2>/dev/null || echo 0)
            echo $((n + 1)) > pushes.$$ && mv pushes.$$ pushes
            [ $((n * 7 % 11)) -ne 3 ]

            """
        try script.write(toFile: path, atomically: true, encoding: .utf8)
        try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: path)
    }

    /// Loses answers, connections and requests on the way, by the number of the request.
    private func arm(_ proxy: FaultProxy, seed: UInt64) {
        @Sendable func chance(_ call: ProxiedCall) -> Int? {
            guard call.method == "POST", call.target.hasSuffix("git-receive-pack") else { return nil }
            var random = SplitMix64(seed: seed &+ UInt64(call.number))
            return Int.random(in: 0..<100, using: &random)
        }
        proxy.arm(.closeAfterwards) { chance($0).map { $0 < 7 } ?? false }
        proxy.arm(.close) { chance($0).map { (7..<11).contains($0) } ?? false }
        proxy.arm(.answer(status: 503, type: "text/plain", body: "busy")) {
            chance($0).map { (11..<14).contains($0) } ?? false
        }
    }

    @Test func `three writers lose no note and tear none, whatever is refused, lost or killed`() async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            let repository = server.repository
            let main = try BranchName("main")
            let commits = try (0..<40).map { try repository.commit(["a": "\($0)"], to: main, message: "\($0)") }
            try installHook(in: repository)
            let board = Board()
            let counted = Mutex<[Failure.Code: Int]>([:])
            try await withFaultProxy(to: server.port) { proxy in
                arm(proxy, seed: 7)
                let remote = GitRemoteSettings(
                    address: try GitAddress(proxy.url + "/git/shop.git"),
                    credential: .basic(user: server.user, password: Secret(server.token)))
                let open: @Sendable (String) -> GitMirror = { name in
                    bench.mirror(remote, name: name, merge: { NoteDocument.merge(existing: $0, ours: $1) })
                }
                let (ref, identity) = (ref, identity)
                try await withThrowingTaskGroup(of: [Failure.Code: Int].self) { group in
                    for number in 1...3 {
                        let random = SplitMix64(seed: UInt64(number))
                        let writer = Writer(number: number, open: open, random: random)
                        group.addTask {
                            try await NoteWritersTests.write(
                                100, with: writer, about: commits, to: ref, identity, board, bench.folder.path)
                        }
                    }
                    for try await failures in group {
                        counted.withLock { $0.merge(failures, uniquingKeysWith: +) }
                    }
                }
            }
            // The faults did strike.
            let failures = counted.withLock { $0 }
            for code: Failure.Code in [.accessDenied, .connectionLost, .serverError] {
                #expect(failures[code, default: 0] > 0, "\(failures)")
            }
            print("passes that failed and were repeated: \(failures.sorted { "\($0.key)" < "\($1.key)" })")
            try await compare(
                board.truth.withLock { $0.services }, with: repository, bench.mirror(.local(repository), name: "reader")
            )
        }
    }

    /// Passes of one writer: each reports on a commit, and publishes that and what earlier passes could not.
    private static func write(
        _ passes: Int, with writer: Writer, about commits: [CommitID], to ref: NotesRef,
        _ identity: EnvironmentIdentity,
        _ board: Board, _ folder: String,
    ) async throws -> [Failure.Code: Int] {
        var writer = writer
        var mirror = writer.open(writer.name)
        let cluster = try ClusterName("main")
        var pass = 0
        while pass < passes || !writer.pending.isEmpty {
            pass += 1
            try #require(pass < passes * 3, "\(writer.failures)")
            if pass <= passes {
                let commit = commits[Int.random(in: 0..<commits.count, using: &writer.random)]
                var names = ["own-\(writer.number)-\(Int.random(in: 0..<4, using: &writer.random))"]
                if writer.random.chance(30) { names.append("shared") }
                let keys = try names.map { ServiceKey(cluster: cluster, service: try ServiceName($0)) }
                let report = board.truth.withLock {
                    $0.report(on: commit, about: keys, by: writer.number, identity: identity)
                }
                // What is pending about the same commit goes with it, as the outbox keeps the newest state of each.
                let kept = writer.pending[commit]?.services.filter { old in !keys.contains(old.key) } ?? []
                var whole = report
                whole.services = (kept + report.services).sorted { $0.key < $1.key }
                writer.pending[commit] = whole
            }
            let notes = writer.pending.mapValues { NoteDocument.text(of: $0, existing: nil) }
            do {
                try await mirror.publish(notes, to: ref)
                if writer.random.chance(10) {
                    let read = try await mirror.notes(ref, on: Array(notes.keys))
                    for (commit, report) in writer.pending {
                        let note = try #require(read[commit].flatMap(NoteDocument.report))
                        for service in report.services {
                            let now = try #require(note.services.first { $0.key == service.key })
                            #expect(now.updated >= service.updated)
                        }
                    }
                }
                writer.pending = [:]
            } catch let failure as Failure {
                writer.failures[failure.code, default: 0] += 1
                // The machine is gone with its disk, somewhere between the push and the answer to it; the outbox is not.
                if writer.random.chance(40) {
                    try? FileManager.default.removeItem(atPath: "\(folder)/mirrors/\(writer.name).git")
                    writer.life += 1
                    mirror = writer.open(writer.name)
                }
            }
        }
        return writer.failures
    }

    /// Holds what the server has against all that was ever reported.
    private func compare(
        _ truth: [CommitID: [ServiceKey: ServiceReport]], with repository: GitTestRepository, _ reader: GitMirror,
    ) async throws {
        try repository.git("fsck", "--strict", "--no-dangling")
        let listed = try repository.git("notes", "--ref", ref.description, "list").split(separator: "\n")
        #expect(
            Set(listed.compactMap { $0.split(separator: " ").last.map(String.init) }) == Set(truth.keys.map(\.text)))
        #expect(listed.count == truth.count)
        let read = try await reader.notes(ref, on: Array(truth.keys))
        var writersOfOne = 0
        for (commit, services) in truth {
            let text = try #require(try repository.note(on: commit, ref: ref.description))
            #expect(read[commit] == text)
            let report = try #require(NoteDocument.report(from: text), "torn: \(text)")
            #expect(report.commit == commit)
            #expect(report.services == services.values.sorted { $0.key < $1.key }, "\(commit)")
            #expect(report.updated == services.values.map(\.updated).max())
            let writers = Set(services.keys.compactMap { $0.service.text.split(separator: "-").dropFirst().first })
            writersOfOne = max(writersOfOne, writers.count)
        }
        #expect(writersOfOne == 3)
    }
}
