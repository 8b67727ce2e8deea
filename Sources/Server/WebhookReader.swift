import MooringNames
package import MooringPorts
import MooringShapes

/// What a webhook says, as far as it is a reason to look again.
package struct WebhookReading: Hashable, Sendable {
    package let outcome: Outcome
    /// What the delivery is called by where the body says it.
    package let delivery: String?

    package enum Outcome: Hashable, Sendable {
        case event(WebhookEvent)
        /// The host tries whether we are there.
        case ping
        /// Nothing that concerns us; one sentence says why.
        case ignored(reason: String)
    }

    init(_ outcome: Outcome, delivery: String? = nil) {
        self.outcome = outcome
        self.delivery = delivery
    }
}

/// Reads the bodies of webhooks. Called only with what a secret vouches for.
///
/// Names of events and members as the hosts document them; each is tried on recorded payloads.
package enum WebhookReader {
    /// - Parameters:
    ///   - event: what the host's header calls the event; nil where there is none.
    ///   - body: JSON.
    /// - Returns: for a body that cannot be understood a look at everything: somebody who knows the secret wanted one.
    package static func read(_ host: HostKind, event: String?, body: [UInt8]) -> WebhookReading {
        guard let payload = try? JSONReader.value(of: body), payload.members != nil else {
            return WebhookReading(.event(unspecified(host, nil, "a webhook that is no JSON object")))
        }
        switch host {
        case .github, .gitea:
            guard let event else { return WebhookReading(.ignored(reason: "No header names the event.")) }
            return WebhookReading(hub(host, event, payload))
        case .gitlab: return WebhookReading(gitLab(payload))
        case .bitbucketCloud:
            guard let event else { return WebhookReading(.ignored(reason: "No header names the event.")) }
            return WebhookReading(bitbucketCloud(event, payload))
        case .bitbucketDataCenter:
            guard let event else { return WebhookReading(.ignored(reason: "No header names the event.")) }
            return WebhookReading(bitbucketDataCenter(event, payload))
        case .azureDevOps: return WebhookReading(azureDevOps(payload), delivery: payload["id"]?.text)
        }
    }

    /// A look at a repository, or at all, of which no more is known.
    static func unspecified(
        _ host: HostKind, _ repository: MentionedRepository?, _ reason: String,
    ) -> WebhookEvent {
        WebhookEvent(host: host, repository: repository, changes: [.unspecified(reason)])
    }

    /// A ref that was created, moved or deleted.
    struct RefChange {
        /// `refs/heads/main`.
        let ref: String
        let isDeleted: Bool
    }

    /// What changes of refs are a reason for.
    static func outcome(
        _ host: HostKind, _ repository: MentionedRepository?, _ refs: [RefChange],
    ) -> WebhookReading.Outcome {
        guard refs.count <= Limits.changesPerEvent else {
            return .event(unspecified(host, repository, "\(refs.count) refs at once"))
        }
        let changes = refs.compactMap(change)
        guard !changes.isEmpty else {
            let names = refs.map { $0.ref.quoted }.joined(separator: ", ")
            return .ignored(reason: "Neither a branch nor a tag has changed\(names.isEmpty ? "" : ": \(names)").")
        }
        return .event(WebhookEvent(host: host, repository: repository, changes: changes))
    }

    private static func change(_ change: RefChange) -> WebhookEvent.Change? {
        if let name = change.ref.dropping(prefix: "refs/tags/") { return .tag(name.quoted) }
        guard let name = change.ref.dropping(prefix: "refs/heads/"), let branch = try? BranchName(name) else {
            return nil
        }
        // GitHub's merge queue: `gh-readonly-queue/<base>/pr-<number>-<base's commit>`.
        if let queued = name.dropping(prefix: "gh-readonly-queue/"), let slash = queued.lastIndex(of: "/") {
            return .mergeQueue(base: try? BranchName(String(queued[..<slash])))
        }
        return change.isDeleted ? .branchDeleted(branch) : .push(branch)
    }

    /// What a change of a pull request is a reason for.
    static func outcome(
        _ host: HostKind, _ repository: MentionedRepository?, number: Int?, _ action: PullRequestChange.Action,
        base: String?, isForeign: Bool,
    ) -> WebhookReading.Outcome {
        guard let number, number > 0 else {
            return .event(unspecified(host, repository, "a pull request without a number"))
        }
        let plain = base.map { $0.dropping(prefix: "refs/heads/") ?? $0 }
        let change = PullRequestChange(
            number: number, action: action, base: plain.flatMap { try? BranchName($0) }, isForeign: isForeign)
        return .event(WebhookEvent(host: host, repository: repository, changes: [.pullRequest(change)]))
    }

    /// Why an event of that name is passed over.
    static func passedOver(_ event: String, _ why: String = "it says nothing of commits") -> WebhookReading.Outcome {
        .ignored(reason: "The event '\(event.quoted)' is passed over: \(why).")
    }

    static let ofOthers = "what others say of a commit decides nothing here"
    static let comments = "comments are no orders"
}

extension String {
    /// Without the prefix; nil where it does not begin with it.
    func dropping(prefix: String) -> String? { hasPrefix(prefix) ? String(dropFirst(prefix.count)) : nil }

    /// Short and without what moves a cursor, for a sentence.
    var quoted: String {
        let kept = unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F && !(0x80...0x9F).contains($0.value) }
        return String(String.UnicodeScalarView(kept).prefix(Limits.quotedCharacters))
    }
}
