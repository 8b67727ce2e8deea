package import MooringNames
package import MooringPorts
import Testing

/// The other side of a repository: what people and other programs do to it.
package protocol GitSource: Sendable {
    /// Adds a commit to a branch, which is made if it is not there. nil removes a file.
    func commit(_ changes: [String: String?], to branch: BranchName, message: String) async throws -> CommitID
    /// Forces the branch to a new commit without parents, which holds just these files.
    func replace(_ branch: BranchName, with files: [String: String], message: String) async throws -> CommitID
    func delete(_ branch: BranchName) async throws
    /// Points a ref, by its full name, to a commit that is there; nil removes it. A branch can so begin at any commit.
    func set(_ ref: String, to commit: CommitID?) async throws
    /// The note that the server has.
    func note(on commit: CommitID, ref: String) async throws -> String?
    /// Writes a note as another program would, in place of one that is there.
    func writeNote(_ text: String, on commit: CommitID, ref: String) async throws
}

/// All that a repository is asked for.
package typealias FullGitRepository = ProposalRepository & WritableRepository

/// What every `GitRepository` does, whatever is behind it. The merge of notes must be `GitConformance.merge`.
package struct GitConformance: Sendable, CustomTestStringConvertible {
    private let name: String
    private let body: @Sendable (GitBench) async throws -> Void

    init(_ name: String, _ body: @escaping @Sendable (GitBench) async throws -> Void) {
        self.name = name
        self.body = body
    }

    package var testDescription: String { name }

    /// Checks this behaviour on a repository that is still empty.
    package func run(_ repository: any FullGitRepository, _ source: any GitSource) async throws {
        try await body(try GitBench(repository: repository, source: source))
    }

    /// A merge that shows what it was given: existing lines that are not ours, then ours.
    package static let merge: NoteMerge = { existing, ours in
        let own = ours.split(separator: "\n")
        let others = existing.split(separator: "\n").filter { !own.contains($0) }
        return (others + own).joined(separator: "\n") + "\n"
    }

    package static let all: [GitConformance] = heads + fetching + reading + versions + notes + proposals + commits
}

/// A repository on the bench: both its sides, and names to use.
package struct GitBench: Sendable {
    package let repository: any FullGitRepository
    package let source: any GitSource
    package let main: BranchName
    package let notes: NotesRef

    init(repository: any FullGitRepository, source: any GitSource) throws {
        self.repository = repository
        self.source = source
        main = try BranchName("main")
        notes = NotesRef(try EnvironmentName("production"))
    }

    /// Commits to main and fetches it.
    func fetched(_ changes: [String: String?], message: String = "Change") async throws -> CommitID {
        let commit = try await source.commit(changes, to: main, message: message)
        let fetched = try await repository.fetch(branch: main)
        #expect(fetched.head == commit)
        return commit
    }

    /// The code of the failure that `body` ends in; nil where it succeeds.
    func code(_ body: () async throws(Failure) -> some Any) async -> Failure.Code? {
        do throws(Failure) {
            _ = try await body()
            return nil
        } catch {
            return error.code
        }
    }
}

extension GitConformance {
    private static let heads = [
        GitConformance("tells where branch and notes stand") { bench in
            let commit = try await bench.source.commit(["a.json": "1"], to: bench.main, message: "One")
            let before = try await bench.repository.remoteHeads(branch: bench.main, notes: bench.notes)
            #expect(before == RemoteHeads(branch: commit, notes: nil, isEmptyRepository: false))
            try await bench.source.writeNote("hello", on: commit, ref: bench.notes.description)
            let after = try await bench.repository.remoteHeads(branch: bench.main, notes: bench.notes)
            #expect(after.branch == commit)
            #expect(after.notes != nil)
        },
        GitConformance("tells a branch that is not there from a repository without any") { bench in
            let empty = try await bench.repository.remoteHeads(branch: bench.main, notes: bench.notes)
            #expect(empty == RemoteHeads(branch: nil, notes: nil, isEmptyRepository: true))
            _ = try await bench.source.commit(["a.json": "1"], to: bench.main, message: "One")
            let other = try await bench.repository.remoteHeads(branch: BranchName("release"), notes: bench.notes)
            #expect(other == RemoteHeads(branch: nil, notes: nil, isEmptyRepository: false))
        },
    ]

    private static let fetching = [
        GitConformance("follows a branch as it grows") { bench in
            let first = try await bench.source.commit(["a.json": "1"], to: bench.main, message: "One")
            #expect(
                try await bench.repository.fetch(branch: bench.main) == FetchedBranch(head: first, wasForced: false))
            #expect(
                try await bench.repository.fetch(branch: bench.main) == FetchedBranch(head: first, wasForced: false))
            let second = try await bench.source.commit(["a.json": "2"], to: bench.main, message: "Two")
            #expect(
                try await bench.repository.fetch(branch: bench.main) == FetchedBranch(head: second, wasForced: false))
        },
        GitConformance("tells a forced push, and still knows the commit it replaced") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            let forced = try await bench.source.replace(bench.main, with: ["b.json": "2"], message: "Again")
            #expect(
                try await bench.repository.fetch(branch: bench.main) == FetchedBranch(head: forced, wasForced: true))
            #expect(try await bench.repository.fetch(branch: bench.main).wasForced == false)
            let old = try await bench.repository.snapshot(at: first, folder: nil, unless: nil)
            #expect(old?.files.map(\.path.text) == ["a.json"])
        },
        GitConformance("keeps what it has when the branch is deleted") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            _ = try await bench.source.commit(["a.json": "1"], to: BranchName("other"), message: "Other")
            try await bench.source.delete(bench.main)
            #expect(
                await bench.code { () throws(Failure) in try await bench.repository.fetch(branch: bench.main) }
                    == .notFound)
            let snapshot = try await bench.repository.snapshot(at: first, folder: nil, unless: nil)
            #expect(snapshot?.files.count == 1)
            let back = try await bench.source.commit(["a.json": "2"], to: bench.main, message: "Back")
            #expect(try await bench.repository.fetch(branch: bench.main).head == back)
        },
        GitConformance("keeps what it has when the repository is emptied") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            try await bench.source.delete(bench.main)
            let heads = try await bench.repository.remoteHeads(branch: bench.main, notes: bench.notes)
            #expect(heads.isEmptyRepository)
            #expect(
                await bench.code { () throws(Failure) in try await bench.repository.fetch(branch: bench.main) }
                    == .notFound)
            #expect(try await bench.repository.history(from: first, folder: nil, limit: 5).count == 1)
        },
        GitConformance("follows a branch whose name becomes a folder of names") { bench in
            let short = try BranchName("team")
            let long = try BranchName("team/shop")
            let first = try await bench.source.commit(["a.json": "1"], to: short, message: "One")
            #expect(try await bench.repository.fetch(branch: short).head == first)
            try await bench.source.delete(short)
            let second = try await bench.source.commit(["a.json": "2"], to: long, message: "Two")
            #expect(try await bench.repository.fetch(branch: long) == FetchedBranch(head: second, wasForced: false))
        },
    ]
}
