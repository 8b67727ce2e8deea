import MooringNames
import MooringPorts
import MooringShapes

/// Bitbucket Cloud and Bitbucket Data Center, which have little more than their name in common.
extension WebhookReader {
    static func bitbucketCloud(_ event: String, _ payload: Value) -> WebhookReading.Outcome {
        let host = HostKind.bitbucketCloud
        let repository = MentionedRepository(
            name: payload["repository"]?["full_name"]?.text,
            addresses: [payload["repository"]?["links"]?["html"]?["href"]?.text])
        let change: PullRequestChange.Action
        switch event {
        case "diagnostics:ping": return .ping
        case "repo:push":
            guard let changes = payload["push"]?["changes"]?.elements else {
                return .event(unspecified(host, repository, "a push without its changes"))
            }
            let refs = changes.compactMap { change -> RefChange? in
                // One that was deleted is told by what it was before.
                let isDeleted = change["new"]?.isNull ?? true
                guard let target = isDeleted ? change["old"] : change["new"], let name = target["name"]?.text else {
                    return nil
                }
                let folder = target["type"]?.text == "tag" ? "refs/tags/" : "refs/heads/"
                return RefChange(ref: folder + name, isDeleted: isDeleted)
            }
            return outcome(host, repository, refs)
        case "pullrequest:created": change = .opened
        // New commits, a new title and another base alike.
        case "pullrequest:updated": change = .updated
        case "pullrequest:fulfilled": change = .merged
        case "pullrequest:rejected": change = .closed
        case "repo:commit_status_created", "repo:commit_status_updated": return passedOver(event, ofOthers)
        case _ where event.hasPrefix("pullrequest:comment"): return passedOver(event, comments)
        default: return passedOver(event)
        }
        let pullRequest = payload["pullrequest"]
        let source = pullRequest?["source"]?["repository"]?["uuid"]?.text
        let target = pullRequest?["destination"]
        return outcome(
            host, repository, number: pullRequest?["id"]?.integer, change, base: target?["branch"]?["name"]?.text,
            isForeign: source == nil || source != target?["repository"]?["uuid"]?.text)
    }

    static func bitbucketDataCenter(_ event: String, _ payload: Value) -> WebhookReading.Outcome {
        let host = HostKind.bitbucketDataCenter
        let pullRequest = payload["pullRequest"]
        let repository = dataCenterRepository(payload["repository"] ?? pullRequest?["toRef"]?["repository"])
        let change: PullRequestChange.Action
        switch event {
        case "diagnostics:ping": return .ping
        case "repo:refs_changed":
            guard let changes = payload["changes"]?.elements else {
                return .event(unspecified(host, repository, "a push without its changes"))
            }
            let refs = changes.compactMap { change in
                (change["ref"]?["id"] ?? change["refId"])?.text.map {
                    RefChange(ref: $0, isDeleted: change["type"]?.text == "DELETE")
                }
            }
            return outcome(host, repository, refs)
        case "pr:opened": change = .opened
        case "pr:from_ref_updated": change = .updated
        case "pr:modified": change = .edited
        case "pr:merged": change = .merged
        case "pr:declined", "pr:deleted": change = .closed
        case _ where event.hasPrefix("pr:comment"): return passedOver(event, comments)
        default: return passedOver(event)
        }
        let source = pullRequest?["fromRef"]?["repository"]?["id"]?.text
        let target = pullRequest?["toRef"]
        return outcome(
            host, repository, number: pullRequest?["id"]?.integer, change, base: target?["id"]?.text,
            isForeign: source == nil || source != target?["repository"]?["id"]?.text)
    }

    private static func dataCenterRepository(_ repository: Value?) -> MentionedRepository? {
        guard let key = repository?["project"]?["key"]?.text, let slug = repository?["slug"]?.text else { return nil }
        let addresses = repository?["links"]?["clone"]?.elements?.map { $0["href"]?.text } ?? []
        return MentionedRepository(name: "\(key)/\(slug)", addresses: addresses)
    }
}
