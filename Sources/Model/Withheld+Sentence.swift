import MooringNames

extension Withheld.Reason {
    /// The reason in one sentence, with what to do about it.
    package var sentence: String {
        switch self {
        case .observing:
            "The environment only observes. Set 'act: true' in its settings to let it act."
        case .notAdopted:
            "The service exists and is not managed by Mooring. "
                + "Write 'mooring: {adopt: true}' into its manifest to let this environment take it over."
        case .ownedByEnvironment(let other):
            "The service is managed by the environment '\(other)'. " + Withheld.Reason.remedy(forOwner: other)
        case .ownedByCloudFormation(let stack):
            "The service is managed by the CloudFormation stack '\(stack)'. "
                + "Write 'mooring: {shared: true}' into its manifest if both shall change it."
        case .ownedByECS:
            "The service is managed by ECS itself (Express Gateway) and cannot be changed as an ordinary service."
        case .deploymentController(let type):
            "The service's deployments are made by \(type), which UpdateService cannot replace. It is only observed."
        case .cannotBeTagged:
            "The service has an ARN of the old, short form and cannot carry tags. "
                + "Turn on the account setting serviceLongArnFormat and create the service anew."
        case .needsReplacement(let members):
            "\(members.joined(separator: ", ")) can only be changed by making the service anew. Write "
                + "'mooring: {replace: true}' into its manifest to have it deleted and created again; "
                + "it does not run in between."
        case .cannotBeUnset(let members):
            "\(members.joined(separator: ", ")) was taken out of git and cannot be unset; the last value stays. "
                + "Write the value that you want into the manifest."
        case .creationFuse(let count, let limit):
            "\(count) services would be created, more than the \(limit) that 'maxCreations' allows in one pass. "
                + "Raise it in the settings if that is what you want."
        case .wrongAccount(let expected, let actual):
            "The credentials belong to account \(actual), the environment names \(expected). Nothing is written."
        case .foreignCluster(let cluster):
            "The cluster '\(cluster)' is not among the environment's clusters. Add it to the settings."
        case .draining:
            "The service is being deleted; it can be created again when ECS has drained it."
        case .paused(let why), .frozen(_, let why): why
        case .stoppedAfterFailures(let failed): Withheld.Reason.stop(after: failed)
        case .waitingForTurn(let inFlight):
            "Its turn comes when a rollout before it is over (\(inFlight) now); the first goes alone, then more at once."
        case .waitsInOrder(let why), .notStarted(let why), .leftGit(let why): why
        case .changedByHand(let members):
            "\(members.joined(separator: ", ")) was changed by hand and stays so until a commit changes it "
                + "('drift: report'). Write the value into the manifest, or change it back."
        case .revisionByHand(let revision, let by, let drift):
            "Revision \(revision)\(by.map { ", registered by \($0)," } ?? "") was put there by hand and stays until a "
                + "commit changes the service (\(Withheld.Reason.word(for: drift))). Commit what it has, or update the "
                + "service back."
        case .unreadable(let why): why
        case .refused(let why): why
        case .badManifest:
            "Its manifest cannot be used; see the findings."
        }
    }

    /// What holds for a revision that was put there by hand, as it is written.
    private static func word(for drift: DriftOptions) -> String {
        let word = drift.revision.rawValue
        let quoted = drift.members == drift.revision ? "'drift: \(word)'" : "'drift: {revision: \(word)}'"
        guard drift.revision == .ignore else { return quoted }
        return quoted
            + ", but a service that runs another revision than git says is told all the same and never called Synced"
    }

    private static func stop(after failed: [ServiceKey]) -> String {
        let names = failed.prefix(Limits.namedServices).map(\.description).joined(separator: ", ")
        let rollouts = failed.count == 1 ? "1 rollout" : "\(failed.count) rollouts"
        return "\(rollouts) failed (\(names)\(failed.count > Limits.namedServices ? " …" : "")), so this one is not "
            + "started. Mend or revert the change: the next commit that changes one of them begins again with one service."
    }

    /// What to do where the service belongs to `other`. Nothing named here takes the service from who manages it.
    private static func remedy(forOwner other: String) -> String {
        let id = (try? EnvironmentIdentity(other)).map { " \($0.repositoryID)" } ?? ""
        return "If that is the environment you mean, name it as its controller does: with --settings and "
            + "--environment, or with --repository-id\(id). If it is another one, it keeps the service, and this one leaves it alone."
    }

    /// Whether nothing is held back: what is to be done is only done after other things.
    package var isMereOrder: Bool {
        switch self {
        case .waitingForTurn, .waitsInOrder: true
        default: false
        }
    }

    /// Whether the reason passes by itself, so that the commit's report stays open.
    package var isPassing: Bool {
        switch self {
        case .draining, .waitingForTurn, .waitsInOrder: true
        default: false
        }
    }
}
