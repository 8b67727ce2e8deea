import Foundation
import MooringNames
import MooringPorts
import MooringTestSupport
import Testing

@testable import MooringGit

/// Merging, held against git's own.
@Suite struct MergeTests {
    private let bench: Bench
    private let source: GitTestRepository
    private let mirror: GitMirror

    init() throws {
        bench = try Bench()
        source = try bench.localRepository()
        mirror = bench.mirror(try .local(source))
    }

    /// The two sides of a case, fetched.
    private func sides(_ name: String) async throws -> (head: CommitID, base: CommitID) {
        let refs = ["refs/cases/\(name)/theirs", "refs/cases/\(name)/ours"]
        let found = try await mirror.fetch(refs: refs)
        return (try #require(found[refs[0]]), try #require(found[refs[1]]))
    }

    private func importing(_ histories: [RandomHistory]) throws {
        try source.git("fast-import", "--quiet", "--force", input: histories.map(\.stream).joined())
    }

    private func git(_ name: String) throws -> (tree: String, conflicts: Set<String>?) {
        try source.merged("refs/cases/\(name)/ours", "refs/cases/\(name)/theirs")
    }

    @Test func `kinds and modes of entries are merged as git merges them`() async throws {
        typealias File = RandomHistory.File
        let text = File(mode: "100644", content: "1\n2\n3\n4\n5\n")
        let script = File(mode: "100755", content: text.content)
        let first = File(mode: "100644", content: "1!\n2\n3\n4\n5\n")
        let last = File(mode: "100755", content: "1\n2\n3\n4\n5!\n")
        let link = File(mode: "120000", content: "a")
        let module = File(mode: "160000", content: String(repeating: "1", count: 40))
        let cases: [(String, base: [String: File], ours: [String: File], theirs: [String: File])] = [
            ("a mode here and a line there", ["f": text], ["f": script], ["f": first]),
            ("a line here, a line and a mode there", ["f": text], ["f": first], ["f": last]),
            ("added twice with two modes", ["x": text], ["f": text], ["f": script]),
            ("added twice alike", ["x": text], ["f": text, "o": text], ["f": text]),
            ("added twice with other lines", ["x": text], ["f": text], ["f": first]),
            ("a link that becomes two files", ["f": link], ["f": first], ["f": last]),
            ("a link that becomes two files of two modes", ["f": link], ["f": text], ["f": script]),
            ("a file that becomes a link and a submodule", ["f": text], ["f": link], ["f": module]),
            ("a file that becomes a link, and changes", ["f": text], ["f": link], ["f": first]),
            ("a file that becomes a link twice", ["f": text], ["f": link, "o": text], ["f": link]),
            ("a submodule added beside", ["f": text], ["m": module], ["f": first]),
        ]
        for (index, made) in cases.enumerated() {
            let name = "kinds-\(index)"
            try importing([RandomHistory(name, base: made.base, ours: made.ours, theirs: made.theirs)])
            let (head, base) = try await sides(name)
            let expected = try git(name)
            switch try await mirror.merge(head, into: base) {
            case .alreadyMerged: Issue.record("\(made.0)")
            case .conflict: #expect(expected.conflicts != nil, "\(made.0)")
            case .merged(let commit):
                #expect(expected.conflicts == nil, "\(made.0)")
                let tree = try await mirror.snapshot(at: commit, folder: nil, unless: nil)?.tree
                #expect(tree?.text == expected.tree, "\(made.0)")
            }
        }
    }

    @Test(arguments: [1, 2, 3] as [UInt64])
    func `random histories are merged as git merges them`(_ seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let histories = (0..<80).map { RandomHistory("\(seed)-\($0)", &random) }
        try importing(histories)
        let refs = histories.flatMap { ["refs/cases/\($0.name)/theirs", "refs/cases/\($0.name)/ours"] }
        let heads = try await mirror.fetch(refs: refs)
        #expect(heads.count == refs.count)
        var clean = 0
        for history in histories {
            let head = try #require(heads["refs/cases/\(history.name)/theirs"])
            let base = try #require(heads["refs/cases/\(history.name)/ours"])
            let expected = try git(history.name)
            switch try await mirror.merge(head, into: base) {
            case .alreadyMerged: #expect(head == base, "\(history.name)")
            case .merged(let commit):
                clean += 1
                #expect(expected.conflicts == nil, "\(history.name)")
                let tree = try await mirror.snapshot(at: commit, folder: nil, unless: nil)?.tree
                #expect(tree?.text == expected.tree, "\(history.name)")
            case .conflict(let paths):
                let conflicts = try #require(expected.conflicts, "\(history.name)")
                // Git moves a file out of the way of a folder, and gives the two of two kinds names of their own.
                if conflicts.contains(where: { $0.contains("~") }) { continue }
                #expect(Set(paths.map(\.text)) == conflicts, "\(history.name)")
            }
        }
        // The seeds are chosen so that neither end is rare.
        #expect((15...65).contains(clean), "\(clean)")
    }

    @Test func `of ten thousand files, the way to the one that changed is all that is read`() async throws {
        var stream = "commit refs/cases/many/base\nmark :1\ncommitter A <a@a> 1 +0000\ndata 0\n"
        for folder in 0..<100 {
            for file in 0..<100 { stream += "M 100644 inline f\(folder)/\(file).txt\ndata 1\n0\n" }
        }
        for side in ["ours", "theirs"] {
            stream += "commit refs/cases/many/\(side)\ncommitter A <a@a> 2 +0000\ndata 0\nfrom :1\n"
            stream += "M 100644 inline f7/\(side).txt\ndata 1\n1\n"
        }
        try source.git("fast-import", "--quiet", "--force", input: stream)
        // Three roots of a hundred entries, and the three folders that differ.
        let frugal = bench.mirror(try .local(source), name: "frugal") { $0.reading.entries = 700 }
        let refs = ["refs/cases/many/ours", "refs/cases/many/theirs"]
        let heads = try await frugal.fetch(refs: refs)
        let ours = try #require(heads[refs[0]])
        let theirs = try #require(heads[refs[1]])
        guard case .merged(let merged) = try await frugal.merge(theirs, into: ours) else {
            Issue.record("not merged")
            return
        }
        let changed = try await frugal.changedPaths(from: ours, to: merged, folder: nil)
        #expect(changed.map(\.text) == ["f7/theirs.txt"])
        let poor = bench.mirror(try .local(source), name: "poor") { $0.reading.entries = 500 }
        _ = try await poor.fetch(refs: refs)
        let failure = await failure { () throws(Failure) in try await poor.merge(theirs, into: ours) }
        #expect(failure?.code == .limitExceeded)
    }

    @Test func `files that are too large to be merged are told, where both sides changed them`() async throws {
        let base = RandomHistory.File(mode: "100644", content: "1\n2\n3\n4\n5\n6\n")
        let ours = RandomHistory.File(mode: "100644", content: "1!\n2\n3\n4\n5\n6\n")
        let theirs = RandomHistory.File(mode: "100644", content: "1\n2\n3\n4\n5\n6!\n")
        try importing([RandomHistory("large", base: ["a": base], ours: ["a": ours], theirs: ["a": theirs])])
        let small = bench.mirror(try .local(source), name: "small") { $0.merging.fileBytes = 10 }
        let refs = ["refs/cases/large/theirs", "refs/cases/large/ours"]
        let found = try await small.fetch(refs: refs)
        let head = try #require(found[refs[0]])
        let into = try #require(found[refs[1]])
        let failure = await failure { () throws(Failure) in try await small.merge(head, into: into) }
        #expect(failure?.code == .limitExceeded)
        #expect(failure?.cause == "The limit on bytes of one blob, 10, is exceeded.")
        let (sameHead, sameBase) = try await sides("large")
        guard case .merged = try await mirror.merge(sameHead, into: sameBase) else {
            Issue.record("not merged")
            return
        }
    }

    /// Two commits that come from one, with these files changed on both sides.
    private func crossing(_ files: [String: RandomHistory.File], name: String) throws {
        let edits = { (end: String) in
            files.mapValues { RandomHistory.File(mode: $0.mode, content: $0.content + end) }
        }
        try importing([RandomHistory(name, base: files, ours: edits("ours\n"), theirs: edits("theirs\n"))])
    }

    @Test func `of many conflicts the first are told, and folders without end meet a limit`() async throws {
        let one = RandomHistory.File(mode: "100644", content: "1\n")
        try crossing(Dictionary(uniqueKeysWithValues: (100..<250).map { ("f/\($0)", one) }), name: "many")
        let (head, base) = try await sides("many")
        guard case .conflict(let paths) = try await mirror.merge(head, into: base) else {
            Issue.record("no conflict")
            return
        }
        #expect(paths.map(\.text) == (100..<200).map { "f/\($0)" })
        try crossing([String(repeating: "d/", count: 70) + "a": one], name: "deep")
        let (deepHead, deepBase) = try await sides("deep")
        let mirror = mirror
        let failure = await failure { () throws(Failure) in try await mirror.merge(deepHead, into: deepBase) }
        #expect(failure?.cause == "The limit on folders within folders, 64, is exceeded.")
    }

    @Test func `a file of too many lines is not compared, for nothing could end that`() async throws {
        let lines = RandomHistory.File(mode: "100644", content: String(repeating: "a\n", count: 100_001))
        try crossing(["a": lines], name: "lines")
        let (head, base) = try await sides("lines")
        let mirror = mirror
        let failure = await failure { () throws(Failure) in try await mirror.merge(head, into: base) }
        #expect(failure?.cause.hasPrefix("The limit on lines of a file that both sides") == true)
    }

    @Test func `what the repository says about merging is not heeded`() async throws {
        let attributes = RandomHistory.File(mode: "100644", content: "* merge=union text eol=crlf filter=x\n")
        let text = RandomHistory.File(mode: "100644", content: "1\n2\n3\n")
        let ours = RandomHistory.File(mode: "100644", content: "1\nours\n3\n")
        let theirs = RandomHistory.File(mode: "100644", content: "1\ntheirs\n3\n")
        try importing([
            RandomHistory(
                "union", base: [".gitattributes": attributes, "a": text], ours: ["a": ours], theirs: ["a": theirs])
        ])
        let (head, base) = try await sides("union")
        #expect(try await mirror.merge(head, into: base) == .conflict([TreePath("a")]))
    }

    @Test func `a folder that names something twice is not merged`() async throws {
        let one = try source.git("hash-object", "-w", "--stdin", input: "1")
        let two = try source.git("hash-object", "-w", "--stdin", input: "2")
        func tree(_ blob: String) throws -> String {
            let entry = Array("100644 a\0".utf8) + ObjectKey(try ObjectID(blob)).bytes
            return try GitProgram.run(
                ["hash-object", "-t", "tree", "--literally", "-w", "--stdin"], in: source.path, input: entry + entry)
        }
        let base = try source.git("commit-tree", try tree(one), "-m", "Base")
        let main = try source.git("commit-tree", try tree(two), "-p", base, "-m", "Main")
        let empty = try source.git("hash-object", "-t", "tree", "-w", "--stdin", input: "")
        let topic = try source.git("commit-tree", empty, "-p", base, "-m", "Topic")
        try source.set("refs/cases/twice/ours", to: CommitID(main))
        try source.set("refs/cases/twice/theirs", to: CommitID(topic))
        let (head, into) = try await sides("twice")
        let mirror = mirror
        let failure = await failure { () throws(Failure) in try await mirror.merge(head, into: into) }
        #expect(failure?.code == .invalidInput)
        #expect(failure?.cause == "A name stands more than once in the root.")
    }

    @Test func `two mirrors make the same commit of the same two`() async throws {
        var random = SplitMix64(seed: 11)
        let history = RandomHistory("same", base: ["a": .text(&random)], ours: ["b": .text(&random)], theirs: [:])
        try importing([history])
        var outcomes: [MergeOutcome] = []
        for name in ["one", "two"] {
            let mirror = bench.mirror(try .local(source), name: name) { $0.committerName = name }
            let refs = ["refs/cases/same/theirs", "refs/cases/same/ours"]
            let found = try await mirror.fetch(refs: refs)
            outcomes.append(try await mirror.merge(#require(found[refs[0]]), into: #require(found[refs[1]])))
        }
        guard case .merged = outcomes[0] else {
            Issue.record("\(outcomes[0])")
            return
        }
        #expect(outcomes[0] == outcomes[1])
    }

    @Test func `merges crosswise are merged from one of their common ancestors`() async throws {
        let main = try BranchName("main")
        let text = (0..<20).map { "line \($0)\n" }
        func edited(_ lines: [Int: String]) -> String {
            text.enumerated().map { lines[$0.offset] ?? $0.element }.joined()
        }
        let root = try source.commit(["a": edited([:])], to: main, message: "Root")
        let left = try source.commit(["a": edited([2: "left\n"])], to: main, message: "Left")
        try source.set("refs/heads/right", to: root)
        let right = try source.commit(["a": edited([15: "right\n"])], to: BranchName("right"), message: "Right")
        // Each takes the other in, then goes on by itself.
        let both = try source.git("merge-tree", "--write-tree", left.text, right.text)
        let one = try source.git("commit-tree", both, "-p", left.text, "-p", right.text, "-m", "One")
        let other = try source.git("commit-tree", both, "-p", right.text, "-p", left.text, "-m", "Other")
        try source.set("refs/heads/main", to: CommitID(one))
        try source.set("refs/heads/right", to: CommitID(other))
        let ours = try source.commit(
            ["a": edited([2: "left\n", 15: "right\n", 8: "ours\n"])], to: main, message: "Ours")
        let theirs = try source.commit(
            ["a": edited([2: "left\n", 15: "right\n", 11: "theirs\n"])], to: BranchName("right"), message: "Theirs")
        _ = try await mirror.fetch(refs: ["refs/heads/main", "refs/heads/right"])
        guard case .merged(let merged) = try await mirror.merge(theirs, into: ours) else {
            Issue.record("not merged")
            return
        }
        let expected = try source.git("merge-tree", "--write-tree", ours.text, theirs.text)
        #expect(try await mirror.snapshot(at: merged, folder: nil, unless: nil)?.tree.text == expected)
    }

    @Test func `a merged commit outlives the mirror that is cloned afresh under it`() async throws {
        let main = try BranchName("main")
        let small = bench.mirror(try .local(source), name: "compacted") { $0.packs = 3 }
        let first = try source.commit(["a.json": "1", "d/b.json": "1"], to: main, message: "One")
        try source.set("refs/heads/topic", to: first)
        let head = try source.commit(["d/b.json": "2", "c.json": "1"], to: BranchName("topic"), message: "Topic")
        let base = try source.commit(["a.json": "2"], to: main, message: "Two")
        _ = try await small.fetch(branch: main)
        _ = try await small.fetch(refs: ["refs/heads/topic"])
        guard case .merged(let merged) = try await small.merge(head, into: base) else {
            Issue.record("not merged")
            return
        }
        for number in 0..<3 {
            _ = try source.commit(["a.json": "\(number)"], to: main, message: "More")
            _ = try await small.fetch(branch: main)
        }
        #expect(await small.packCount == 1)
        let snapshot = try await small.snapshot(at: merged, folder: nil, unless: nil)
        #expect(snapshot?.files.map { String(decoding: $0.bytes, as: UTF8.self) } == ["2", "1", "2"])
    }

    @Test func `a proposal under examination keeps the mirror from being cloned afresh without it`() async throws {
        let main = try BranchName("main")
        let small = bench.mirror(try .local(source), name: "compacted") { $0.packs = 3 }
        let first = try source.commit(["a.json": "1"], to: main, message: "One")
        try source.set("refs/heads/topic", to: first)
        let topic = try BranchName("topic")
        let head = try source.commit(["b.json": "1"], to: topic, message: "Topic")
        _ = try await small.fetch(branch: main)
        _ = try await small.fetch(refs: ["refs/heads/topic"])
        _ = try source.replace(topic, with: ["b.json": "2"], message: "Forced")
        for number in 0..<4 {
            _ = try source.commit(["a.json": "\(number)"], to: main, message: "More")
            _ = try await small.fetch(branch: main)
        }
        #expect(await small.packCount > 3)
        #expect(try await small.snapshot(at: head, folder: nil, unless: nil)?.files.count == 2)
    }

    @Test func `what one reader fetched is kept though another one fetches nothing, and the mirror is cloned afresh`()
        async throws
    {
        let main = try BranchName("main")
        let small = bench.mirror(try .local(source), name: "compacted") { $0.packs = 3 }
        let first = try source.commit(["a.json": "1"], to: main, message: "One")
        try source.set("refs/heads/topic", to: first)
        let head = try source.commit(["b.json": "1"], to: BranchName("topic"), message: "Topic")
        _ = try await small.fetch(branch: main)
        _ = try await small.fetch(refs: ["refs/heads/topic"], for: "production")
        _ = try await small.fetch(refs: [], for: "staging")
        for number in 0..<4 {
            _ = try source.commit(["a.json": "\(number)"], to: main, message: "More")
            _ = try await small.fetch(branch: main)
        }
        #expect(await small.packCount <= 3)
        #expect(try await small.snapshot(at: head, folder: nil, unless: nil)?.files.count == 2)
    }
}
