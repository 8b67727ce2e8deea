import MooringNames
import MooringPorts
import Testing

extension GitConformance {
    static let proposals = [
        GitConformance("tells the refs below prefixes") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            let second = try await bench.proposed(7, from: first, ["a.json": "2"])
            try await bench.source.set("refs/pull/7/merge", to: first)
            try await bench.source.set("refs/heads/gh-readonly-queue/main/pr-7", to: second)
            let repository = bench.repository
            let found = try await repository.remoteRefs(below: ["refs/pull/", "refs/heads/gh-readonly-queue/main/"])
            #expect(
                found == [
                    "refs/pull/7/head": second, "refs/pull/7/merge": first,
                    "refs/heads/gh-readonly-queue/main/pr-7": second,
                ])
            #expect(try await repository.remoteRefs(below: ["refs/merge-requests/"]).isEmpty)
            for prefix in ["refs/pull", "pull/", "", "refs/../x/", "refs/pu ll/"] {
                #expect(
                    await bench.code { () throws(Failure) in try await repository.remoteRefs(below: [prefix]) }
                        == .invalidInput, "\(prefix)")
            }
        },
        GitConformance("fetches proposals, and forgets those that are not asked for again") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            let seven = try await bench.proposed(7, from: first, ["a.json": "2"])
            let eight = try await bench.proposed(8, from: first, ["b.json": "1"])
            let repository = bench.repository
            let refs = ["refs/pull/8/head", "refs/pull/9/head", "refs/pull/7/head"]
            #expect(
                try await repository.fetch(refs: refs) == ["refs/pull/7/head": seven, "refs/pull/8/head": eight])
            let snapshot = try await repository.snapshot(at: eight, folder: nil, unless: nil)
            #expect(snapshot?.files.map(\.path.text) == ["a.json", "b.json"])
            try await bench.source.set("refs/pull/7/head", to: nil)
            #expect(try await repository.fetch(refs: refs) == ["refs/pull/8/head": eight])
            #expect(try await repository.fetch(refs: []).isEmpty)
            #expect(try await repository.fetch(branch: bench.main).head == first)
        },
        GitConformance("follows a proposal that is forced elsewhere") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            let old = try await bench.proposed(7, from: first, ["a.json": "2"])
            #expect(try await bench.repository.fetch(refs: ["refs/pull/7/head"]) == ["refs/pull/7/head": old])
            let new = try await bench.proposed(7, from: first, ["a.json": "3"])
            #expect(try await bench.repository.fetch(refs: ["refs/pull/7/head"]) == ["refs/pull/7/head": new])
        },
        GitConformance("asks for no ref with a hostile name") { bench in
            _ = try await bench.fetched(["a.json": "1"])
            let repository = bench.repository
            let names = [
                "", "main", "refs/", "refs/heads/*", "refs/heads/a:refs/heads/b", "+refs/heads/a", "refs/heads/../../x",
                "refs/heads/a b", "refs/heads/a\n", "refs/heads/a.lock", "refs//x", "--upload-pack=x",
                "^refs/heads/main", "refs/heads/a~1",
            ]
            for name in names {
                #expect(
                    await bench.code { () throws(Failure) in try await repository.fetch(refs: [name]) }
                        == .invalidInput, "\(name)")
            }
        },
        GitConformance("merges what each side changed, and the same lines of a file") { bench in
            let lines = (1...9).map { "line \($0)\n" }
            func text(_ changes: [Int: String]) -> String {
                lines.enumerated().map { changes[$0.offset + 1] ?? $0.element }.joined()
            }
            let first = try await bench.fetched([
                "a.json": text([:]), "only/ours.json": "1", "only/theirs.json": "1", "gone.json": "1", "x/y.txt": "1",
            ])
            let head = try await bench.proposed(
                7, from: first, ["a.json": text([9: "theirs\n"]), "only/theirs.json": "2", "new/n.json": "1"])
            let base = try await bench.fetched(
                ["a.json": text([1: "ours\n"]), "only/ours.json": "2", "gone.json": nil])
            let merged = try await bench.merged(7, into: base)
            let snapshot = try await bench.repository.snapshot(at: merged, folder: nil, unless: nil)
            let files = snapshot?.files.map { "\($0.path) \(String(decoding: $0.bytes, as: UTF8.self))" }
            #expect(
                files == [
                    "a.json " + text([1: "ours\n", 9: "theirs\n"]), "new/n.json 1", "only/ours.json 2",
                    "only/theirs.json 2",
                ])
            let repository = bench.repository
            #expect(try await repository.merge(head, into: base) == .merged(merged))
            let history = try await bench.repository.history(from: merged, folder: nil, limit: 9)
            #expect(history.map(\.id) == [merged, base, first])
            let changed = try await repository.changedPaths(from: base, to: merged, folder: nil)
            #expect(changed.map(\.text) == ["a.json", "new/n.json", "only/theirs.json"])
            let versions = try await repository.versions(
                of: [TreePath("only/theirs.json")], from: first, to: merged, limit: 9)
            #expect(versions.map(\.commit) == [first, merged])
        },
        GitConformance("tells what is merged already, and merges where the branch did not move") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            let head = try await bench.proposed(7, from: first, ["a.json": "2"])
            let merged = try await bench.merged(7, into: first)
            #expect(merged != head)
            let trees = try await [merged, head].asyncMap {
                try await bench.repository.snapshot(at: $0, folder: nil, unless: nil)?.tree
            }
            #expect(trees[0] == trees[1])
            #expect(try await bench.repository.merge(first, into: head) == .alreadyMerged)
            #expect(try await bench.repository.merge(head, into: head) == .alreadyMerged)
        },
        GitConformance("tells the paths that both sides changed") { bench in
            // No new file has what a removed one had: it would be that one, moved.
            let first = try await bench.fetched(["a.json": "1\n", "b/c.json": "1\n", "d.json": "1\n", "e.json": "1\n"])
            _ = try await bench.proposed(
                7, from: first, ["a.json": "2\n", "b/c.json": nil, "d.json": "2\n", "f": "f\n", "e.json": "2\n"])
            let base = try await bench.fetched(
                ["a.json": "3\n", "b/c.json": "2\n", "d.json": "2\n", "f/g.json": "g\n", "e.json": nil])
            let heads = try await bench.repository.fetch(refs: ["refs/pull/7/head"])
            let head = try #require(heads["refs/pull/7/head"])
            let paths = try ["a.json", "b/c.json", "e.json", "f"].map { try TreePath($0) }
            #expect(try await bench.repository.merge(head, into: base) == .conflict(paths))
        },
        GitConformance("merges no commits that it does not have, or that have no history in common") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            let other = try await bench.source.commit(["a.json": "1"], to: BranchName("other"), message: "Other")
            let repository = bench.repository
            #expect(
                await bench.code { () throws(Failure) in try await repository.merge(other, into: first) } == .notFound)
            _ = try await repository.fetch(refs: ["refs/heads/other"])
            #expect(
                await bench.code { () throws(Failure) in try await repository.merge(other, into: first) } == .notFound)
        },
    ]

    static let commits = [
        GitConformance("commits to a branch, from where it stands") { bench in
            let first = try await bench.source.commit(
                ["a/b.json": "1", "c.json": "1"], to: bench.main, message: "One")
            let path = try TreePath("a/b.json")
            let new = try TreePath("n/e/w.json")
            let commit = try await bench.repository.commit(to: bench.main, message: "Set it\n\nBecause.\n") {
                #expect($0 == first)
                return [FileChange(path: path, bytes: [50]), FileChange(path: new, bytes: [51])]
            }
            let made = try #require(commit)
            let heads = try await bench.repository.remoteHeads(branch: bench.main, notes: bench.notes)
            #expect(heads.branch == made)
            let history = try await bench.repository.history(from: made, folder: nil, limit: 9)
            #expect(history.map(\.id) == [made, first])
            #expect(history.first?.subject == "Set it")
            let changed = try await bench.repository.changedPaths(from: first, to: made, folder: nil)
            #expect(changed == [path, new])
            #expect(
                try await bench.repository.fetch(branch: bench.main) == FetchedBranch(head: made, wasForced: false))
        },
        GitConformance("commits nothing where nothing is to be done") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            let path = try TreePath("a.json")
            for changes in [[], [FileChange(path: path, bytes: [49])]] {
                #expect(try await bench.repository.commit(to: bench.main, message: "x") { _ in changes } == nil)
            }
            #expect(try await bench.repository.fetch(branch: bench.main).head == first)
        },
        GitConformance("says where there is no branch to commit to, and hands on why a change is not made") { bench in
            _ = try await bench.fetched(["a.json": "1"])
            let repository = bench.repository
            let absent = try BranchName("absent")
            #expect(
                await bench.code { () throws(Failure) in
                    try await repository.commit(to: absent, message: "x") { _ in [] }
                } == .notFound)
            let main = bench.main
            let refusal = Failure(
                code: "mine", subject: "x", tried: "x", cause: "x", disposition: .invalidInput)
            #expect(
                await bench.code { () throws(Failure) in
                    try await repository.commit(to: main, message: "x") { _ throws(Failure) in throw refusal }
                } == "mine")
        },
    ]
}

extension GitBench {
    /// Opens or renews a pull request: commits on top of `commit`, at a ref that is no branch.
    func proposed(
        _ number: Int, from commit: CommitID, _ changes: [String: String?],
    ) async throws -> CommitID {
        let branch = try BranchName("topic-\(number)")
        try await source.set("refs/heads/\(branch)", to: commit)
        let head = try await source.commit(changes, to: branch, message: "Proposal \(number)")
        try await source.set("refs/pull/\(number)/head", to: head)
        try await source.set("refs/heads/\(branch)", to: nil)
        return head
    }

    /// Fetches the pull request's head and merges it, which must go well.
    func merged(_ number: Int, into base: CommitID) async throws -> CommitID {
        let ref = "refs/pull/\(number)/head"
        let head = try #require(try await repository.fetch(refs: [ref])[ref])
        guard case .merged(let commit) = try await repository.merge(head, into: base) else {
            throw ProgramError("\(head) is not merged into \(base)")
        }
        return commit
    }
}

extension Array {
    fileprivate func asyncMap<Answer>(_ body: (Element) async throws -> Answer) async rethrows -> [Answer] {
        var answers: [Answer] = []
        for element in self { answers.append(try await body(element)) }
        return answers
    }
}
