package import MooringNames

/// What a merge would make of a branch.
package enum MergeOutcome: Hashable, Sendable {
    /// The branch has the commit already.
    case alreadyMerged
    /// A commit in the mirror whose tree is the merged one. It is nowhere else, and no ref keeps it for longer than it takes to
    /// read it.
    case merged(CommitID)
    /// Both sides changed these paths, sorted, at most `Limits`' number of them.
    case conflict([TreePath])
}

/// A repository whose proposals can be looked at: heads that are on no branch, and what merging them would give. Nothing is
/// checked out, and nothing that the repository holds is run: no hook, no filter, no merge driver.
package protocol ProposalRepository: SourceHistory {
    /// Where the refs below the prefixes stand at the server (`git ls-remote`). One round trip; nothing is written.
    ///
    /// - Parameter prefixes: full, with the slash at their end: `refs/heads/gh-readonly-queue/main/`.
    /// - Throws: `.limitExceeded` where the server advertises more than it is sensible to look through.
    func remoteRefs(below prefixes: [String]) async throws(Failure) -> [String: CommitID]

    /// Brings the commits at these refs into the mirror, all in one exchange, and forgets those of the reader's earlier call that
    /// are not among them.
    ///
    /// - Parameters:
    ///   - refs: full names: `refs/pull/7/head`.
    ///   - reader: who asks; environments of one repository share its mirror, and each keeps what it is about to read.
    /// - Returns: where each stands; a ref that the server does not have is absent.
    func fetch(refs: [String], for reader: String) async throws(Failure) -> [String: CommitID]

    /// Merges `head` into `base` without touching either; both must be in the mirror. What git merges, this merges: line by line
    /// within a file, folder by folder, from the best common ancestor. Where a file was moved on one side and changed on the
    /// other one, it is merged at its new place; that whole folders were moved is not guessed. Of several best ancestors one is
    /// taken, where git merges them first; and what `.gitattributes` says of merging is not heeded.
    ///
    /// The same two commits give the same merged commit.
    ///
    /// - Throws: `.notFound` where a commit is not in the mirror or the two have no history in common; `.limitExceeded` where a
    ///   cap is reached.
    func merge(_ head: CommitID, into base: CommitID) async throws(Failure) -> MergeOutcome
}

/// A change to a branch that is made here.
package struct FileChange: Hashable, Sendable {
    package let path: TreePath
    package let bytes: [UInt8]

    package init(path: TreePath, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}

/// Whose commit it is: `Ada Lovelace <ada@example.com>`.
package struct CommitAuthor: Hashable, Sendable, CustomStringConvertible {
    package let name: String
    package let address: String

    /// - Returns: nil where git could not keep one of them: empty, longer than 200 characters, on several lines, with angle
    ///   brackets or control characters.
    package init?(name: String, address: String) {
        for text in [name, address] {
            let isKept = text.unicodeScalars.allSatisfy {
                $0 != "<" && $0 != ">" && $0.properties.generalCategory != .control
            }
            guard isKept, (1...200).contains(text.count), !text.allSatisfy(\.isWhitespace) else { return nil }
        }
        self.name = name
        self.address = address
    }

    /// Reads `Ada Lovelace <ada@example.com>`, as git's own `--author` is written.
    package init?(_ text: String) {
        guard text.hasSuffix(">"), let open = text.firstIndex(of: "<"), open > text.startIndex else { return nil }
        var name = text[..<open]
        while name.last == " " { name.removeLast() }
        self.init(name: String(name), address: String(text[text.index(after: open)...].dropLast()))
    }

    package var description: String { "\(name) <\(address)>" }
}

/// A repository whose branch can be added to.
package protocol WritableRepository: GitRepository {
    /// Commits what `change` makes of the branch's newest commit and pushes it without force; where another was faster, begins
    /// again from theirs. Modes of files stay as they are.
    ///
    /// - Parameters:
    ///   - message: the whole message.
    ///   - author: whose commit it is, author and committer; nil for ours.
    ///   - change: given the newest commit, already in the mirror; an empty answer means that nothing is to be done.
    /// - Returns: the commit that the server accepted; nil where nothing was to be done.
    /// - Throws: what `change` throws; `.conflict` where others were faster too often; `.accessDenied` where the server refuses.
    func commit(
        to branch: BranchName, message: String, by author: CommitAuthor?,
        _ change: @escaping @Sendable (CommitID) async throws(Failure) -> [FileChange],
    ) async throws(Failure) -> CommitID?
}
