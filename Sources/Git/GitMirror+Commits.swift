package import MooringNames
package import MooringPorts

/// Adding a commit to a branch. Pushed with the credential of the notes, which may write.
extension GitMirror: WritableRepository {
    package func commit(
        to branch: BranchName, message: String, by author: CommitAuthor?,
        _ change: @escaping @Sendable (CommitID) async throws(Failure) -> [FileChange],
    ) async throws(Failure) -> CommitID? {
        let attempt = Attempt("commit to the branch '\(branch)' of", .notes)
        let deadline = clock.uptime + remote(.notes).deadlines.transfer
        for number in 1...Limits.publishAttempts {
            let head = try await fetch(branch: branch).head
            let changes = try await change(head)
            if changes.isEmpty { return nil }
            let remaining = max(.zero, deadline - clock.uptime)
            let result = try await run(attempt, for: remaining) { operation throws(GitProblem) in
                try self.commitOnce(changes, message, by: author, on: head, to: branch, operation)
            }
            switch result {
            case .unchanged: return nil
            case .accepted(let commit): return commit
            case .refused(.declined(let words)):
                throw GitProblem.refused(words).failure(attempt.tried, remote(.notes))
            case .refused(.outrun): break
            }
            if number < Limits.publishAttempts { try await waitAfterLostRace(number, attempt) }
        }
        throw GitProblem.outrun(attempts: Limits.publishAttempts).failure(attempt.tried, remote(.notes))
    }

    /// What came of one attempt.
    private enum Outcome {
        case unchanged
        case accepted(CommitID)
        case refused(PushRefusal)
    }

    private func commitOnce(
        _ changes: [FileChange], _ message: String, by author: CommitAuthor?, on head: CommitID,
        to branch: BranchName, _ operation: Operation,
    ) throws(GitProblem) -> Outcome {
        let mirror = try mirror()
        let parent = try self.commit(head, mirror)
        let outgoing = OutgoingObjects()
        var edit = TreeEdit(writing: outgoing, operation: operation)
        let tree = try edit.putting(changes, into: parent.tree, in: mirror.objects)
        if tree == parent.tree { return .unchanged }
        let text = message.hasSuffix("\n") ? message : message + "\n"
        let person = signature(of: author)
        let object = CommitObject(
            tree: tree, parents: [ObjectKey(head)], author: person, committer: person, message: text)
        guard object.bytes.count <= Limits.commitBytes, !text.utf8.contains(0) else {
            throw .unfit("The message of the commit is too long, or holds a NUL.")
        }
        let key = try outgoing.write(object.bytes, .commit, inPlaceOf: nil, into: mirror.objects)
        let refusal = try push(
            outgoing, to: "refs/heads/\(branch)", from: ObjectKey(head), to: key, operation)
        if let refusal { return .refused(refusal) }
        try mirror.set(try MirrorRef.branch(branch), to: key)
        return .accepted(try key.id)
    }
    /// Brings a commit and its objects to the server, and moves the ref there from where it must stand.
    ///
    /// - Returns: nil where the server has it now.
    func push(
        _ outgoing: OutgoingObjects, to ref: String, from old: ObjectKey?, to new: ObjectKey, _ operation: Operation,
    ) throws(GitProblem) -> PushRefusal? {
        let mirror = try mirror()
        if let connection = try connection(.notes, remote(.notes), operation) {
            return try LeanPush(connection, operation).push(
                outgoing.all, to: ref, from: old, to: new, in: mirror.objects)
        }
        // Into a folder of this machine libgit2 writes by itself; it pushes refs, not objects.
        try mirror.set(MirrorRef.outgoing, to: new)
        defer { try? mirror.remove(MirrorRef.outgoing) }
        return try conversation(.notes, operation).push(MirrorRef.outgoing, to: ref, expecting: old)
    }
}
