package import MooringNames
package import MooringPorts

extension InMemoryGitRepository: ProposalRepository, WritableRepository {
    package func remoteRefs(below prefixes: [String]) async throws(Failure) -> [String: CommitID] {
        try answer(.remoteRefs) { (world) throws(Failure) in try world.remoteRefs(below: prefixes) }
    }

    package func fetch(refs: [String], for reader: String) async throws(Failure) -> [String: CommitID] {
        try answer(.fetchRefs) { (world) throws(Failure) in try world.fetch(refs) }
    }

    package func merge(_ head: CommitID, into base: CommitID) async throws(Failure) -> MergeOutcome {
        try answer(.merge) { (world) throws(Failure) in try world.merge(head, into: base) }
    }

    package func commit(
        to branch: BranchName, message: String, by author: CommitAuthor?,
        _ change: @escaping @Sendable (CommitID) async throws(Failure) -> [FileChange],
    ) async throws(Failure) -> CommitID? {
        for _ in 1...8 {
            let head = try answer(.commit) { (world) throws(Failure) in try world.fetch(branch).head }
            let changes = try await change(head)
            if changes.isEmpty { return nil }
            let accepted = try answer(nil) { (world) throws(Failure) in
                try world.accept(changes, on: head, to: branch, message)
            }
            if let accepted { return accepted }
        }
        throw Failure(
            code: .conflict, subject: "memory", tried: "commit to", cause: "Another writer was faster.",
            disposition: .retry(after: nil))
    }

    package func set(_ ref: String, to commit: CommitID?) throws {
        try change { (world) throws in try world.set(ref, to: commit) }
    }
}

extension ProposalRepository {
    /// For tests with one reader.
    package func fetch(refs: [String]) async throws(Failure) -> [String: CommitID] {
        try await fetch(refs: refs, for: "somebody")
    }
}

extension WritableRepository {
    /// For tests to which it does not matter whose commit it is.
    package func commit(
        to branch: BranchName, message: String,
        _ change: @escaping @Sendable (CommitID) async throws(Failure) -> [FileChange],
    ) async throws(Failure) -> CommitID? {
        try await commit(to: branch, message: message, by: nil, change)
    }
}
