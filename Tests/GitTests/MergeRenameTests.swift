import Foundation
import MooringNames
import MooringPorts
import MooringTestSupport
import Testing

@testable import MooringGit

/// Merging where one side moved what the other one changed, held against git's own.
@Suite struct MergeRenameTests {
    private typealias File = RandomHistory.File
    private typealias Files = [String: RandomHistory.File]

    private let bench: Bench
    private let source: GitTestRepository
    private let mirror: GitMirror

    init() throws {
        bench = try Bench()
        source = try bench.localRepository()
        mirror = bench.mirror(try .local(source))
    }

    private func importing(_ histories: [RandomHistory]) throws {
        try source.git("fast-import", "--quiet", "--force", input: histories.map(\.stream).joined())
    }

    /// What git makes of a merge with renames of files: the tree, or the paths in conflict.
    private func git(_ name: String) throws -> (tree: String, conflicts: Set<String>?) {
        try source.merged("refs/cases/\(name)/ours", "refs/cases/\(name)/theirs")
    }

    /// Twenty lines of a file's own, some of them changed.
    private func text(_ key: String, _ changes: [Int: String] = [:], mode: String = "100644") -> File {
        File(mode: mode, content: (0..<20).map { (changes[$0] ?? "line \($0) of \(key)") + "\n" }.joined())
    }

    private func heads(
        _ histories: [RandomHistory], of mirror: GitMirror,
    ) async throws -> [(history: RandomHistory, head: CommitID, base: CommitID)] {
        let found = try await mirror.fetch(
            refs: histories.flatMap { ["refs/cases/\($0.name)/theirs", "refs/cases/\($0.name)/ours"] })
        return try histories.map {
            (
                $0, try #require(found["refs/cases/\($0.name)/theirs"]),
                try #require(found["refs/cases/\($0.name)/ours"])
            )
        }
    }

    private func tree(_ commit: CommitID) async throws -> String? {
        try await mirror.snapshot(at: commit, folder: nil, unless: nil)?.tree.text
    }

    /// Merges each case both ways round, and expects what git makes of it.
    private func compare(_ cases: [(String, base: Files, ours: Files, theirs: Files)]) async throws {
        var histories: [RandomHistory] = []
        for (index, made) in cases.enumerated() {
            histories.append(RandomHistory("there-\(index)", from: made.base, ours: made.ours, theirs: made.theirs))
            histories.append(RandomHistory("here-\(index)", from: made.base, ours: made.theirs, theirs: made.ours))
        }
        try importing(histories)
        for (index, sides) in try await heads(histories, of: mirror).enumerated() {
            let told = Comment(rawValue: "\(cases[index / 2].0), \(sides.history.name)")
            let expected = try git(sides.history.name)
            switch try await mirror.merge(sides.head, into: sides.base) {
            case .alreadyMerged: Issue.record(told)
            case .conflict(let paths): #expect(Set(paths.map(\.text)) == expected.conflicts, told)
            case .merged(let commit):
                #expect(expected.conflicts == nil, told)
                #expect(try await tree(commit) == expected.tree, told)
            }
        }
    }

    @Test func `a file that one side moved and the other one changed is merged at its new place`() async throws {
        let old = text("a")
        let first = text("a", [0: "here"])
        let last = text("a", [19: "there"])
        let link = File(mode: "120000", content: "target")
        try await compare([
            ("moved", ["src/a": old], ["src/a": first], ["lib/b": old]),
            ("moved and changed", ["src/a": old], ["src/a": first], ["lib/b": last]),
            ("changed in mode", ["src/a": old], ["src/a": text("a", mode: "100755")], ["lib/b": last]),
            ("moved with its mode", ["src/a": old], ["src/a": first], ["lib/b": text("a", mode: "100755")]),
            ("into a folder of its name", ["a": old, "x": text("x")], ["a": first, "x": text("x")], ["a/a": old]),
            ("out of a folder, to its name", ["a/a": old], ["a/a": first], ["a": old]),
            ("the same lines", ["a": old], ["a": first], ["b": text("a", [0: "there"])]),
            ("moved alike", ["a": old], ["b": first], ["b": last]),
            ("moved alike, the same lines", ["a": old], ["b": first], ["b": text("a", [0: "there"])]),
            (
                "a link", ["a": link, "x": old], ["a": File(mode: "120000", content: "other"), "x": old],
                ["b": link, "x": old]
            ),
            ("into the old folder", ["a": old], ["a": first, "n/x": text("x")], ["n/a": old]),
            (
                "mostly other lines", ["a": old], ["a": first],
                ["b": text("a", Dictionary((2..<14).map { ($0, "new \($0)") }) { $1 })]
            ),
            (
                "a short file", ["a": File(mode: "100644", content: "one\n")],
                ["a": File(mode: "100644", content: "two\n")], ["b": File(mode: "100644", content: "one\n")]
            ),
            (
                "an empty file", ["a": File(mode: "100644", content: ""), "x": old], ["a": first, "x": old],
                ["b": File(mode: "100644", content: ""), "x": old]
            ),
        ])
    }

    @Test func `how alike two files are is weighed as git weighs it`() async throws {
        func plain(_ content: String) -> File { File(mode: "100644", content: content) }
        let old = text("a")
        let line = (0..<400).map { "word\($0)" }.joined(separator: " ")
        let binary = old.content.replacingOccurrences(of: "line 1 ", with: "line 1\0")
        let ends = plain(old.content.replacingOccurrences(of: "\n", with: "\r\n"))
        // Half of the lines are kept, and one less or one more; the lines are equally long.
        func kept(_ count: Int) -> File {
            plain((0..<20).map { ($0 < count ? "kept \(10 + $0)" : "lost \(10 + $0)") + "\n" }.joined())
        }
        try await compare(
            [
                ("other ends of lines", ["a": old], ["a": old], ["b": ends]),
                ("other ends of lines, and changed", ["a": old], ["a": text("a", [0: "here"])], ["b": ends]),
                ("one long line", ["a": plain(line)], ["a": plain(line)], ["b": plain(line + "!")]),
                ("one long line, changed", ["a": plain(line)], ["a": plain("!" + line)], ["b": plain(line + "!")]),
                ("no text", ["a": plain(binary)], ["a": plain(binary + "here")], ["b": plain(binary)]),
                (
                    "no text, moved and changed", ["a": plain(binary)], ["a": plain(binary + "1")],
                    ["b": plain(binary + "2")]
                ),
                (
                    "of no text a part", ["a": plain(binary)], ["a": plain(binary + "1")],
                    ["b": plain("\0" + String(binary.prefix(200)))]
                ),
            ]
                + [8, 9, 10, 11, 12].map { count in
                    (
                        "\(count) of twenty lines", ["a": kept(20)], ["a": plain("here\n" + kept(20).content)],
                        ["b": kept(count)]
                    )
                }
                + [13, 14, 15, 16].map { count in
                    (
                        "\(count) of twenty lines under the same name", ["x/a": kept(20)],
                        ["x/a": plain("here\n" + kept(20).content)], ["y/a": kept(count), "y/b": kept(12)]
                    )
                })
    }

    @Test func `many files that are moved are each found again`() async throws {
        var base: Files = [:]
        var ours: Files = [:]
        var theirs: Files = [:]
        for number in 0..<150 {
            base["src/\(number % 3)/f\(number)"] = text("\(number)")
            ours["src/\(number % 3)/f\(number)"] = text("\(number)", [3: "here"])
            theirs["lib/f\(number).new"] = text("\(number)", number % 2 == 0 ? [:] : [15: "there"])
        }
        ours["src/0/added"] = text("added")
        let small = File(mode: "100644", content: "same\n")
        var copies: Files = [:]
        var moved: Files = [:]
        for number in 0..<300 {
            copies["src/c\(number)"] = small
            moved["lib/\(number % 7 == 0 ? "c\(number)" : "m\(number)")"] = small
        }
        var oneChanged = copies
        for number in [3, 120, 299] { oneChanged["src/c\(number)"] = File(mode: "100644", content: "\(number)\n") }
        let same = text("same")
        let changed = text("same", [4: "here"])
        try await compare([
            ("a folder of a hundred and fifty", base, ours, theirs),
            ("three hundred of one content", copies, oneChanged, moved),
            (
                "files of one content", ["x/a": same, "x/b": same, "x/c": same],
                ["x/a": changed, "x/b": same, "x/c": changed], ["y/c": same, "y/a": same, "y/other": same]
            ),
            (
                "the similar one and the alike", ["a": same, "b": text("same", [1: "b"])],
                ["a": changed, "b": text("same", [1: "b", 9: "here"])],
                ["c": text("same", [1: "b", 17: "there"]), "d": same]
            ),
            (
                "by name before by likeness", ["x/a.txt": same, "x/b.txt": text("same", [1: "b"])],
                ["x/a.txt": changed, "x/b.txt": text("same", [1: "b", 9: "here"])],
                ["y/a.txt": text("same", [1: "b", 17: "there"]), "y/b.txt": text("same", [16: "there"])]
            ),
        ])
    }

    @Test func `what was moved to two places, or moved here and removed there, is a conflict`() async throws {
        let old = text("a")
        let first = text("a", [0: "here"])
        let x = text("x")
        try await compare([
            ("to two places", ["a": old, "x": x], ["b": old, "x": x], ["c": old, "x": x]),
            ("moved and removed", ["a": old, "x": x], ["x": x], ["b": old, "x": x]),
            ("moved, changed and removed", ["d/a": old, "x": x], ["x": x], ["e/a": first, "x": x]),
            ("onto what the other side added", ["a": old], ["a": first, "b": x], ["b": old]),
            ("two onto one", ["a": old, "x": x], ["a": first, "b": x], ["b": old, "x": text("x", [2: "there"])]),
            ("changed and removed", ["a": old, "x": x], ["a": first, "x": x], ["x": x, "n": text("n")]),
        ])
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `random histories with moves are merged as git merges them`(_ seed: UInt64) async throws {
        var random = SplitMix64(seed: seed)
        let histories = (0..<100).map { RandomHistory(moving: "\(seed)-\($0)", &random) }
        try importing(histories)
        let plain = bench.mirror(try .local(source), name: "plain") { $0.merging.renameEntries = 0 }
        _ = try await heads(histories, of: plain)
        var clean = 0
        var saved = 0
        for (history, head, base) in try await heads(histories, of: mirror) {
            let told = Comment(rawValue: history.name)
            let expected = try git(history.name)
            switch try await mirror.merge(head, into: base) {
            case .alreadyMerged: #expect(head == base, told)
            case .merged(let commit):
                clean += 1
                if case .conflict = try await plain.merge(head, into: base) { saved += 1 }
                #expect(expected.conflicts == nil, told)
                #expect(try await tree(commit) == expected.tree, told)
            case .conflict(let paths):
                let conflicts = try #require(expected.conflicts, told)
                // Git moves a file out of the way of a folder, and gives the two of two kinds names of their own.
                if conflicts.contains(where: { $0.contains("~") }) { continue }
                #expect(Set(paths.map(\.text)) == conflicts, told)
            }
        }
        // Neither end is rare, nor that a move is what makes a merge possible.
        #expect((15...85).contains(clean), "\(clean)")
        #expect(saved >= 8, "\(saved)")
    }

    @Test func `trees of countless paths are not searched for moves, and the conflict is told at once`() async throws {
        let blob = try source.git("hash-object", "-w", "--stdin", input: "x")
        func bomb(_ leaf: String) throws -> String {
            var tree = try source.git("mktree", input: "100644 blob \(blob)\t\(leaf)\n")
            for _ in 0..<10 {
                tree = try source.git(
                    "mktree", input: (0..<10).map { "040000 tree \(tree)\t\($0)\n" }.joined())
            }
            return tree
        }
        func commit(_ text: String?, _ bomb: String?, after parent: String?) throws -> String {
            var entries = ""
            if let text {
                entries += "100644 blob \(try source.git("hash-object", "-w", "--stdin", input: text))\ta\n"
            }
            if let bomb { entries += "040000 tree \(bomb)\tbomb\n" }
            let tree = try source.git("mktree", input: entries)
            return try GitProgram.run(
                ["commit-tree", tree, "-m", "x"] + (parent.map { ["-p", $0] } ?? []), in: source.path)
        }
        let base = try commit("1\n", try bomb("old"), after: nil)
        try source.set("refs/cases/bomb/ours", to: CommitID(try commit("2\n", try bomb("old"), after: base)))
        try source.set("refs/cases/bomb/theirs", to: CommitID(try commit(nil, try bomb("new"), after: base)))
        // Only its name is asked for.
        let history = RandomHistory("bomb", from: [:], ours: [:], theirs: [:])
        let (_, head, into) = try #require(try await heads([history], of: mirror).first)
        let started = ContinuousClock.now
        #expect(try await mirror.merge(head, into: into) == .conflict([TreePath("a")]))
        #expect(ContinuousClock.now - started < .seconds(20))
    }

    @Test func `moves are looked for within bounds, and past them the conflict is told as it is`() async throws {
        let history = RandomHistory(
            "bounds", from: ["a": text("a")], ours: ["a": text("a", [0: "here"])],
            theirs: ["b": text("a", [19: "there"])])
        try importing([history])
        let bounds: [(String, (inout MergeLimits) -> Void)] = [
            ("entries", { $0.renameEntries = 1 }), ("bytes", { $0.renameBytes = 100 }),
            ("one file", { $0.renameFileBytes = 100 }), ("steps", { $0.renameSteps = 5 }),
        ]
        for (name, change) in bounds {
            let narrow = bench.mirror(try .local(source), name: name) { change(&$0.merging) }
            let (_, head, base) = try #require(try await heads([history], of: narrow).first)
            #expect(try await narrow.merge(head, into: base) == .conflict([TreePath("a")]), "\(name)")
        }
        let (_, head, base) = try #require(try await heads([history], of: mirror).first)
        guard case .merged = try await mirror.merge(head, into: base) else {
            Issue.record("not merged")
            return
        }
    }

    @Test func `what a merge with moves wrote outlives the mirror that is cloned afresh under it`() async throws {
        let main = try BranchName("main")
        let small = bench.mirror(try .local(source), name: "compacted") { $0.packs = 3 }
        _ = try source.commit(["a.json": text("a").content], to: main, message: "One")
        let history = RandomHistory(
            "moved", from: ["a.json": text("a")], ours: ["a.json": text("a", [0: "here"])],
            theirs: ["d/b.json": text("a", [19: "there"])])
        try importing([history])
        _ = try await small.fetch(branch: main)
        let (_, head, base) = try #require(try await heads([history], of: small).first)
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
        #expect(snapshot?.files.map(\.path.text) == ["d/b.json"])
        let both = text("a", [0: "here", 19: "there"]).content
        #expect(snapshot?.files.map { String(decoding: $0.bytes, as: UTF8.self) } == [both])
    }
}
