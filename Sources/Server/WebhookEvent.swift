package import MooringNames
package import MooringPorts

/// What a git host says has happened. Anybody with the secret can say anything: it is a reason to look again, and nothing else.
package struct WebhookEvent: Hashable, Sendable {
    package let host: HostKind
    /// Where it happened; nil where that is not known, and then it may concern any repository of the host.
    package let repository: MentionedRepository?
    /// What happened, never empty.
    package let changes: [Change]

    package enum Change: Hashable, Sendable {
        /// The branch was created or moved.
        case push(BranchName)
        case branchDeleted(BranchName)
        /// A tag was created, moved or deleted.
        case tag(String)
        case pullRequest(PullRequestChange)
        /// A merge queue or a merge train has a new head, or lost one.
        case mergeQueue(base: BranchName?)
        /// A person asks for a check once more.
        case rerun(CommitID?)
        /// Something that cannot be told more closely: the text says why.
        case unspecified(String)
    }

    package init(host: HostKind, repository: MentionedRepository?, changes: [Change]) {
        self.host = host
        self.repository = repository
        self.changes = changes
    }

    /// Whether it is a reason to look at the repository with this address.
    ///
    /// Generous: a look too many costs little, and one server may be known by several names. So paths are compared, hosts are not.
    package func concerns(remote: String) -> Bool {
        guard let repository, let path = RepositoryPath(remote) else { return true }
        return repository.paths.contains(path)
    }
}

/// What happened to a pull request.
package struct PullRequestChange: Hashable, Sendable {
    package let number: Int
    package let action: Action
    /// The branch that it is to be merged into; nil where the host does not tell a valid one.
    package let base: BranchName?
    /// Whether it comes from another repository.
    package let isForeign: Bool

    package enum Action: String, Hashable, Sendable {
        case opened
        /// It has other commits, or may have.
        case updated
        /// Its title, base, draft state and the like.
        case edited
        case merged
        case closed
        case reopened
    }

    package init(number: Int, action: Action, base: BranchName?, isForeign: Bool) {
        self.number = number
        self.action = action
        self.base = base
        self.isForeign = isForeign
    }
}

/// A repository as a webhook names it.
package struct MentionedRepository: Hashable, Sendable {
    /// `group/app`, as the host writes it.
    package let name: String
    /// Its addresses, for cloning and for people, as the host writes them; sorted.
    package let addresses: [String]

    /// - Returns: nil where nothing names it.
    package init?(name: String?, addresses: [String?]) {
        let kept = Set(addresses.compactMap { $0 }.filter { !$0.isEmpty && $0.utf8.count <= Limits.addressCharacters })
        guard let name = name ?? kept.min(), !name.isEmpty, name.utf8.count <= Limits.addressCharacters else {
            return nil
        }
        self.name = name
        self.addresses = Array(kept.sorted().prefix(Limits.addressesPerRepository))
    }

    /// Where it may be on its host.
    var paths: [RepositoryPath] { (addresses + [name]).compactMap(RepositoryPath.init) }
}

extension WebhookEvent.Change: CustomStringConvertible {
    package var description: String {
        switch self {
        case .push(let branch): "push to \(branch)"
        case .branchDeleted(let branch): "branch \(branch) deleted"
        case .tag(let name): "tag \(name)"
        case .pullRequest(let change): "pull request \(change.number) \(change.action.rawValue)"
        case .mergeQueue(let base): "merge queue" + (base.map { " of \($0)" } ?? "")
        case .rerun: "a check is asked for again"
        case .unspecified(let reason): reason
        }
    }
}
