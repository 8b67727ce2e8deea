import MooringNames
import MooringPorts
import MooringShapes

extension WebhookReader {
    static func azureDevOps(_ payload: Value) -> WebhookReading.Outcome {
        let host = HostKind.azureDevOps
        let resource = payload["resource"]
        let repository = azureRepository(resource?["repository"])
        let event = payload["eventType"]?.text ?? ""
        let change: PullRequestChange.Action
        switch event {
        case "git.push":
            guard let updates = resource?["refUpdates"]?.elements else {
                return .event(unspecified(host, repository, "a push without its changes"))
            }
            let refs = updates.compactMap { update in
                update["name"]?.text.map { RefChange(ref: $0, isDeleted: isZero(update["newObjectId"]?.text)) }
            }
            return outcome(host, repository, refs)
        case "git.pullrequest.created": change = .opened
        case "git.pullrequest.updated":
            // For votes and reviewers as well: whether there are new commits is for whoever looks to find out.
            switch resource?["status"]?.text {
            case "completed": change = .merged
            case "abandoned": change = .closed
            default: change = .updated
            }
        // The trial merge, which is made anew whenever either side moves.
        case "git.pullrequest.merged": change = resource?["status"]?.text == "completed" ? .merged : .updated
        case "ms.vss-code.git-pullrequest-comment-event": return passedOver(event, comments)
        case "": return .ignored(reason: "The payload names no event.")
        default: return passedOver(event)
        }
        return outcome(
            host, repository, number: resource?["pullRequestId"]?.integer, change,
            base: resource?["targetRefName"]?.text, isForeign: resource?["forkSource"].map { !$0.isNull } ?? false)
    }

    private static func azureRepository(_ repository: Value?) -> MentionedRepository? {
        let names = [repository?["project"]?["name"]?.text, repository?["name"]?.text].compactMap { $0 }
        return MentionedRepository(
            name: names.isEmpty ? nil : names.joined(separator: "/"),
            addresses: ["remoteUrl", "sshUrl", "webUrl"].map { repository?[$0]?.text })
    }
}
