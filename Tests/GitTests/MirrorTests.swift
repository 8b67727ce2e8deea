import Foundation
import MooringGit
import MooringNames
import MooringPorts
import MooringTestSupport
import Testing

/// The folder on the disk: damaged, left locked, grown, shared.
struct MirrorTests {
    private let bench: Bench
    private let source: GitTestRepository
    private let main: BranchName
    private let files = FileManager.default

    init() throws {
        bench = try Bench()
        source = try bench.localRepository()
        main = try BranchName("main")
    }

    private func fetchAgain() async throws {
        let commit = try source.commit(["a.json": UUID().uuidString], to: main, message: "Next")
        let mirror = bench.mirror(try .local(source))
        #expect(try await mirror.fetch(branch: main).head == commit)
        #expect(try await mirror.snapshot(at: commit, folder: nil, unless: nil)?.files.count == 1)
    }

    @Test func `a mirror is found again by the next process`() async throws {
        try await fetchAgain()
        let marker = bench.mirrorPath + "/marker"
        try Data().write(to: URL(fileURLWithPath: marker))
        try await fetchAgain()
        #expect(files.fileExists(atPath: marker))
    }

    @Test(arguments: ["no HEAD", "no objects", "a file", "rubbish in a ref", "empty packs"])
    func `a damaged mirror is made anew`(_ damage: String) async throws {
        try await fetchAgain()
        let path = bench.mirrorPath
        switch damage {
        case "no HEAD": try files.removeItem(atPath: path + "/HEAD")
        case "no objects": try files.removeItem(atPath: path + "/objects/pack")
        case "a file":
            try files.removeItem(atPath: path)
            try Data("x".utf8).write(to: URL(fileURLWithPath: path))
        case "rubbish in a ref":
            try "rubbish\n".write(toFile: path + "/refs/remotes/origin/main", atomically: true, encoding: .utf8)
        default:
            for name in try files.contentsOfDirectory(atPath: path + "/objects/pack") {
                try files.removeItem(atPath: "\(path)/objects/pack/\(name)")
                try Data().write(to: URL(fileURLWithPath: "\(path)/objects/pack/\(name)"))
            }
        }
        try await fetchAgain()
    }

    /// libgit2 has the pack open by now: its content is overwritten in place.
    private func damagePacks() throws {
        let packs = bench.mirrorPath + "/objects/pack"
        for name in try files.contentsOfDirectory(atPath: packs) where name.hasSuffix(".pack") {
            try files.setAttributes([.posixPermissions: 0o644], ofItemAtPath: "\(packs)/\(name)")
            let handle = try #require(FileHandle(forWritingAtPath: "\(packs)/\(name)"))
            let size = try handle.seekToEnd()
            try handle.seek(toOffset: 12)
            try handle.write(contentsOf: Data(repeating: 0xFF, count: Int(size) - 12))
            try handle.close()
        }
    }

    @Test func `damage that shows only in reading is mended by a new clone`() async throws {
        let commit = try source.commit(["a.json": "1"], to: main, message: "One")
        let mirror = bench.mirror(try .local(source))
        _ = try await mirror.fetch(branch: main)
        try damagePacks()
        #expect(try await mirror.snapshot(at: commit, folder: nil, unless: nil)?.files.count == 1)
    }

    @Test func `damage is kept while the server is away, and told`() async throws {
        let commit = try source.commit(["a.json": "1", "deep/b.json": "2"], to: main, message: "One")
        let mirror = bench.mirror(try .local(source))
        _ = try await mirror.fetch(branch: main)
        try damagePacks()
        try files.moveItem(atPath: source.path, toPath: source.path + ".away")
        let broken = await failure { () throws(Failure) in
            try await mirror.snapshot(at: commit, folder: nil, unless: nil)
        }
        #expect(broken?.code == .storage)
        #expect(files.fileExists(atPath: bench.mirrorPath + "/HEAD"))
    }

    @Test func `locks and halves of packs that a killed process left are no hindrance`() async throws {
        try await fetchAgain()
        let leftovers = ["refs/remotes/origin/main.lock", "packed-refs.lock", "objects/pack/pack_git2_abc"]
        for name in leftovers { try Data().write(to: URL(fileURLWithPath: "\(bench.mirrorPath)/\(name)")) }
        try await fetchAgain()
        for name in leftovers { #expect(!files.fileExists(atPath: "\(bench.mirrorPath)/\(name)")) }
    }

    @Test func `a mirror that has grown is cloned afresh`() async throws {
        let mirror = bench.mirror(try .local(source)) { $0.packs = 3 }
        let notes = NotesRef(try EnvironmentName("production"))
        var last = try source.commit(["a.json": "0"], to: main, message: "0")
        for number in 1...4 {
            _ = try await mirror.fetch(branch: main)
            try await mirror.publish([last: "note\n"], to: notes)
            last = try source.commit(["a.json": "\(number)"], to: main, message: "\(number)")
        }
        #expect(try await mirror.fetch(branch: main).head == last)
        let packs = try files.contentsOfDirectory(atPath: bench.mirrorPath + "/objects/pack")
        #expect(packs.count { $0.hasSuffix(".pack") } < 4)
        #expect(try await mirror.history(from: last, folder: nil, limit: 10).count == 5)
        #expect(try await mirror.notes(notes, on: [last]).isEmpty)
        #expect(!files.fileExists(atPath: bench.mirrorPath + ".new"))
    }

    @Test func `several environments share one mirror at once`() async throws {
        let staging = try BranchName("staging")
        let mirror = bench.mirror(try .local(source))
        let first = try source.commit(["production/a.json": "1"], to: main, message: "One")
        let second = try source.commit(["staging/a.json": "1"], to: staging, message: "Two")
        let main = main
        async let one = mirror.fetch(branch: main)
        async let two = mirror.fetch(branch: staging)
        #expect(try await one.head == first)
        #expect(try await two.head == second)
    }

    @Test(arguments: [
        "a/b/c", "a%2Fb", String(repeating: "é", count: 120),
        String(repeating: "x", count: 100) + "/" + String(repeating: "y", count: 120),
    ])
    func `branches of any name are kept`(_ name: String) async throws {
        let branch = try BranchName(name)
        let mirror = bench.mirror(try .local(source))
        let commit = try source.commit(["a.json": "1"], to: branch, message: "One")
        #expect(try await mirror.fetch(branch: branch).head == commit)
        #expect(try await mirror.fetch(branch: branch).wasForced == false)
    }

    @Test func `a disk that does not take the mirror is told as storage`() async throws {
        try FileManager.default.createDirectory(
            atPath: bench.folder.path + "/mirrors", withIntermediateDirectories: true)
        // A device has no folder below it, not even for root.
        let mirror = GitMirror(
            folder: "/dev/null/shop.git", settings: .init(source: try .local(source)), clock: bench.clock,
            randomFraction: { 0 }, merge: GitConformance.merge,
        )
        let failure = await failure { () throws(Failure) in try await mirror.fetch(branch: main) }
        #expect(failure?.code == .storage)
    }

    @Test func `a local path without a repository is told`() async throws {
        let mirror = bench.mirror(GitRemoteSettings(address: try GitAddress(bench.folder.path + "/absent")))
        let failure = await failure { () throws(Failure) in try await mirror.fetch(branch: main) }
        #expect(failure?.code == .notFound)
    }

    @Test func `thousands of files are read in time`() async throws {
        var changes: [String: String?] = [:]
        for number in 0..<5000 { changes["production/s\(number % 50)/service\(number).json"] = "{\"n\": \(number)}" }
        let commit = try source.commit(changes, to: main, message: "Many")
        let mirror = bench.mirror(try .local(source))
        _ = try await mirror.fetch(branch: main)
        let folder = try TreePath("production")
        let start = ContinuousClock.now
        #expect(try await mirror.snapshot(at: commit, folder: folder, unless: nil)?.files.count == 5000)
        // Generous, for a busy machine and a debug build.
        #expect(ContinuousClock.now - start < .seconds(25))
        let next = try source.commit(["production/s7/service7.json": "{}"], to: main, message: "One")
        _ = try await mirror.fetch(branch: main)
        let changed = try await mirror.changedPaths(from: commit, to: next, folder: folder)
        #expect(changed.map(\.text) == ["production/s7/service7.json"])
    }
}
