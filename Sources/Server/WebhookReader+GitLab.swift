import MooringNames
import MooringPorts
import MooringShapes

extension WebhookReader {
    static func gitLab(_ payload: Value) -> WebhookReading.Outcome {
        let project = payload["project"]
        let repository = MentionedRepository(
            name: project?["path_with_namespace"]?.text,
            addresses: ["git_http_url", "git_ssh_url", "web_url", "http_url", "ssh_url"].map { project?[$0]?.text })
        let attributes = payload["object_attributes"]
        // System hooks, which an administrator sets for a whole server, name the event in another member.
        let kind = payload["object_kind"]?.text ?? payload["event_name"]?.text ?? ""
        switch kind {
        case "push", "tag_push":
            guard let ref = payload["ref"]?.text else {
                return .event(unspecified(.gitlab, repository, "a push without a ref"))
            }
            return outcome(
                .gitlab, repository, [RefChange(ref: ref, isDeleted: isZero(payload["after"]?.text))])
        case "repository_update": return .event(unspecified(.gitlab, repository, "a changed repository"))
        case "merge_request": return gitLabMergeRequest(repository, attributes)
        case "pipeline":
            // A merge train has no hook of its own; its pipelines run on a ref that nobody else uses.
            let ref = attributes?["ref"]?.text ?? ""
            guard ref.hasPrefix("refs/merge-requests/"), ref.hasSuffix("/train") else {
                return passedOver(kind, ofOthers)
            }
            let base = payload["merge_request"]?["target_branch"]?.text.flatMap { try? BranchName($0) }
            return .event(WebhookEvent(host: .gitlab, repository: repository, changes: [.mergeQueue(base: base)]))
        case "note": return passedOver(kind, comments)
        case "build", "deployment": return passedOver(kind, ofOthers)
        case "": return .ignored(reason: "The payload names no event.")
        default: return passedOver(kind)
        }
    }

    private static func gitLabMergeRequest(
        _ repository: MentionedRepository?, _ attributes: Value?,
    ) -> WebhookReading.Outcome {
        let change: PullRequestChange.Action
        switch attributes?["action"]?.text {
        case "open": change = .opened
        case "reopen": change = .reopened
        case "close": change = .closed
        case "merge": change = .merged
        // The commit before is named only where there are new ones.
        case "update": change = attributes?["oldrev"]?.text == nil ? .edited : .updated
        case nil: change = .edited
        case let other?: return passedOver("merge_request \(other)", "it changes nothing that a plan depends on")
        }
        let source = attributes?["source_project_id"]?.text
        return outcome(
            .gitlab, repository, number: attributes?["iid"]?.integer, change,
            base: attributes?["target_branch"]?.text,
            isForeign: source == nil || source != attributes?["target_project_id"]?.text)
    }
}
