import MooringGit
import MooringNames
import MooringPorts
import MooringTestSupport
import Testing

/// Trees that git itself would never write, made with its plumbing, fetched and read.
struct HostileRepositoryTests {
    private let bench: Bench
    private let source: GitTestRepository
    private let main: BranchName

    init() throws {
        bench = try Bench()
        source = try bench.localRepository()
        main = try BranchName("main")
    }

    // MARK: Making them

    /// Writes an object whatever git thinks of it.
    private func object(_ type: String, _ bytes: [UInt8]) throws -> String {
        try GitProgram.run(["hash-object", "-t", type, "--literally", "-w", "--stdin"], in: source.path, input: bytes)
    }

    private func entry(_ mode: String, _ name: [UInt8], _ id: String) -> [UInt8] {
        let digits = Array(id)
        let raw = stride(from: 0, to: 40, by: 2).map { UInt8(String(digits[$0...($0 + 1)]), radix: 16) ?? 0 }
        return Array(mode.utf8) + [32] + name + [0] + raw
    }

    private func entry(_ mode: String, _ name: String, _ id: String) -> [UInt8] { entry(mode, Array(name.utf8), id) }

    /// Commits a tree and fetches it.
    private func fetched(_ tree: String, limits: ReadingLimits = ReadingLimits()) async throws -> (GitMirror, CommitID)
    {
        let commit = try GitProgram.run(["commit-tree", tree, "-m", "Hostile"], in: source.path)
        try source.git("update-ref", "refs/heads/main", commit)
        let mirror = bench.mirror(try .local(source)) { $0.reading = limits }
        return (mirror, try await mirror.fetch(branch: main).head)
    }

    private func snapshot(_ tree: String) async throws -> SourceSnapshot {
        let (mirror, commit) = try await fetched(tree)
        return try #require(try await mirror.snapshot(at: commit, folder: nil, unless: nil))
    }

    // MARK: Reading them

    @Test func `names that leave the folder or hide are refused, each by name`() async throws {
        let blob = try object("blob", Array("evil: 1".utf8))
        let inner = try object("tree", entry("100644", "x.yaml", blob))
        let names: [[UInt8]] = [
            Array("..".utf8), Array(".git".utf8), Array("a/../../b.yaml".utf8), Array("c/d.yaml".utf8),
            Array("bell\u{07}.yaml".utf8), [0xFF, 0xFE] + Array(".yaml".utf8), Array("back\\slash.yaml".utf8),
        ]
        var tree: [UInt8] = []
        for name in names {
            tree += entry(name == Array("..".utf8) ? "40000" : "100644", name, name == Array("..".utf8) ? inner : blob)
        }
        tree += entry("100644", "good.yaml", blob)
        let read = try await snapshot(try object("tree", tree))
        #expect(read.files.map(\.path.text) == ["good.yaml"])
        #expect(read.refused.count == names.count)
        #expect(read.refused.contains { $0.path == "c/d.yaml" && $0.reason.contains("slash") })
        #expect(read.refused.allSatisfy { !$0.path.unicodeScalars.contains { $0.value < 32 } })
    }

    @Test func `links, submodules and odd modes are refused, and other odd files passed over`() async throws {
        let blob = try object("blob", Array("x".utf8))
        let tree = [
            entry("120000", "link.yaml", blob), entry("160000", "module", String(repeating: "1", count: 40)),
            entry("0", "odd.yaml", blob), entry("100664", "group.yaml", blob), entry("100600", "odd.txt", blob),
            entry("100755", "run.yaml", blob),
        ].flatMap { $0 }
        let read = try await snapshot(try object("tree", tree))
        #expect(read.files.map(\.path.text) == ["run.yaml"])
        #expect(read.refused.map(\.path) == ["group.yaml", "link.yaml", "module", "odd.yaml"])
    }

    @Test func `a name that stands twice counts neither time`() async throws {
        let blob = try object("blob", Array("1".utf8))
        let other = try object("blob", Array("2".utf8))
        let inner = try object("tree", entry("100644", "x.yaml", blob))
        let tree = [
            entry("100644", "a.yaml", blob), entry("100644", "a.yaml", other), entry("100644", "b.yaml", blob),
            entry("40000", "b.yaml", inner),
            // The same letters to Unicode, other bytes to git.
            entry("100644", "caf\u{E9}.yaml", blob), entry("100644", "cafe\u{301}.yaml", blob),
        ].flatMap { $0 }
        let read = try await snapshot(try object("tree", tree))
        #expect(read.files.isEmpty)
        #expect(read.refused.count == 6)
    }

    @Test func `single files are read under the same rules`() async throws {
        let blob = try object("blob", Array("1".utf8))
        let large = try object("blob", [UInt8](repeating: 32, count: ReadingLimits().fileBytes + 1))
        let inner = try object("tree", entry("100644", "x.yaml", blob))
        let tree = [
            entry("120000", "away", blob), entry("40000", "base", inner), entry("100644", "file.yaml", inner),
            entry("100644", "large.yaml", large), entry("120000", "link.yaml", blob),
            entry("160000", "module", String(repeating: "1", count: 40)), entry("100644", "twice.yaml", blob),
            entry("100755", "twice.yaml", blob),
        ].flatMap { $0 }
        let (mirror, commit) = try await fetched(try object("tree", tree))
        let paths = [
            "away/x.yaml", "base/x.yaml", "file.yaml", "large.yaml", "link.yaml", "module/x.yaml", "twice.yaml",
            "base/x.yaml/y.yaml", "base",
        ]
        let files = try await mirror.files(at: commit, paths: paths.map { try TreePath($0) })
        let reasons = files.map { file -> String in
            if case .unusable(let reason) = file.content { return reason }
            return ""
        }
        #expect(reasons[1] == "")
        #expect(reasons[0].contains("symbolic") && reasons[4].contains("symbolic"))
        #expect(reasons[2] == "its object is no file")
        #expect(reasons[3].contains("bytes; at most"))
        #expect(reasons[5].contains("submodules"))
        #expect(reasons[6].contains("more than once"))
        #expect(reasons[7] == "there is no such file" && reasons[8] == "it is a folder")
    }

    @Test func `a file past its limit is refused by its size alone`() async throws {
        let limit = ReadingLimits().fileBytes
        let tree = try [("fits.yaml", limit), ("large.yaml", limit + 1)].flatMap { name, bytes in
            entry("100644", name, try object("blob", [UInt8](repeating: 32, count: bytes)))
        }
        let read = try await snapshot(try object("tree", tree))
        #expect(read.files.map(\.path.text) == ["fits.yaml"])
        #expect(read.refused.map(\.path) == ["large.yaml"])
    }

    @Test func `what is said to be a file but is a folder is refused`() async throws {
        let inner = try object("tree", entry("100644", "x.yaml", try object("blob", [])))
        let read = try await snapshot(try object("tree", entry("100644", "f.yaml", inner)))
        #expect(read.files.isEmpty)
        #expect(read.refused.map(\.reason) == ["its object is no file"])
    }

    @Test func `a tree bomb meets a limit, in reading and in comparing`() async throws {
        var tree = try object("tree", entry("100644", "x.yaml", try object("blob", [])))
        // Ten folders with the same ten folders in each, ten deep: 10¹⁰ paths in eleven objects.
        for _ in 0..<10 { tree = try object("tree", (0..<10).flatMap { entry("40000", "d\($0)", tree) }) }
        var limits = ReadingLimits()
        limits.entries = 20_000
        let (mirror, commit) = try await fetched(tree, limits: limits)
        let reading = await failure { () throws(Failure) in
            try await mirror.snapshot(at: commit, folder: nil, unless: nil)
        }
        let comparing = await failure { () throws(Failure) in
            try await mirror.changedPaths(from: nil, to: commit, folder: nil)
        }
        #expect(reading?.code == .limitExceeded)
        #expect(comparing?.code == .limitExceeded)
    }

    @Test func `folders without end meet a limit`() async throws {
        var tree = try object("tree", entry("100644", "x.yaml", try object("blob", [])))
        for _ in 0..<100 { tree = try object("tree", entry("40000", "d", tree)) }
        let (mirror, commit) = try await fetched(tree)
        let failure = await failure { () throws(Failure) in
            try await mirror.snapshot(at: commit, folder: nil, unless: nil)
        }
        #expect(failure?.code == .limitExceeded)
        #expect(failure?.cause.contains("folders within folders") == true)
    }

    @Test func `too many manifests meet a limit`() async throws {
        let blob = try object("blob", [])
        let tree = try object("tree", (100..<200).flatMap { entry("100644", "\($0).yaml", blob) })
        var limits = ReadingLimits()
        limits.files = 99
        let (mirror, commit) = try await fetched(tree, limits: limits)
        let failure = await failure { () throws(Failure) in
            try await mirror.snapshot(at: commit, folder: nil, unless: nil)
        }
        #expect(failure?.code == .limitExceeded)
    }

    @Test func `trees out of order differ in everything below them`() async throws {
        let blob = try object("blob", Array("1".utf8))
        let ordered = entry("100644", "a.yaml", blob) + entry("100644", "b.yaml", blob)
        let disordered = entry("100644", "b.yaml", blob) + entry("100644", "a.yaml", blob)
        let (mirror, first) = try await fetched(try object("tree", ordered))
        let second = try await fetched(try object("tree", disordered)).1
        let changed = try await mirror.changedPaths(from: first, to: second, folder: nil)
        #expect(changed.map(\.text) == ["a.yaml", "b.yaml"])
    }

    @Test func `a commit's words cannot steer a terminal`() async throws {
        let tree = try object("tree", [])
        let text =
            "tree \(tree)\nauthor \u{1B}[31mEve <e@x> 1 +0000\ncommitter Eve <e@x> 7 +0000\n"
            + "gpgsig -----BEGIN\n tree 0000\n author Fake <f@x> 5 +0000\n -----END\n\n\n\u{1B}]0;title\u{07} Hello\nbody"
        let id = try object("commit", Array(text.utf8))
        try source.git("update-ref", "refs/heads/main", id)
        let mirror = bench.mirror(try .local(source))
        let head = try await mirror.fetch(branch: main).head
        let info = try #require(try await mirror.history(from: head, folder: nil, limit: 1).first)
        #expect(info.subject == "\u{FFFD}]0;title\u{FFFD} Hello")
        #expect(info.author == "\u{FFFD}[31mEve")
        #expect(info.committedAtSeconds == 7)
    }
}
