import MooringNames
import MooringPorts
import MooringShapes

/// GitHub, and Gitea and Forgejo, which took its payloads over.
extension WebhookReader {
    static func hub(_ host: HostKind, _ event: String, _ payload: Value) -> WebhookReading.Outcome {
        let repository = hubRepository(payload["repository"])
        let action = payload["action"]?.text ?? ""
        switch event {
        case "ping": return .ping
        case "push":
            guard let ref = payload["ref"]?.text else {
                return .event(unspecified(host, repository, "a push without a ref"))
            }
            // Gitea says it by the new commit alone.
            let isDeleted = payload["deleted"]?.boolean ?? isZero(payload["after"]?.text)
            return outcome(host, repository, [RefChange(ref: ref, isDeleted: isDeleted)])
        case "create", "delete":
            // The name alone, without the folder of refs.
            guard let name = payload["ref"]?.text, let kind = payload["ref_type"]?.text else {
                return .event(unspecified(host, repository, "a ref without a name"))
            }
            let folder = kind == "tag" ? "refs/tags/" : "refs/heads/"
            let ref = name.hasPrefix("refs/") ? name : folder + name
            return outcome(host, repository, [RefChange(ref: ref, isDeleted: event == "delete")])
        case "pull_request": return hubPullRequest(host, repository, action, payload)
        case "merge_group":
            let base = payload["merge_group"]?["base_ref"]?.text.map { $0.dropping(prefix: "refs/heads/") ?? $0 }
            let change = WebhookEvent.Change.mergeQueue(base: base.flatMap { try? BranchName($0) })
            return .event(WebhookEvent(host: host, repository: repository, changes: [change]))
        case "check_run", "check_suite":
            guard action == "rerequested" else {
                return passedOver("\(event) \(action)", "what a check does is reported by whoever runs it")
            }
            let commit = payload[event]?["head_sha"]?.text.flatMap { try? CommitID($0) }
            return .event(WebhookEvent(host: host, repository: repository, changes: [.rerun(commit)]))
        case "status": return passedOver(event, ofOthers)
        case "issue_comment", "commit_comment", "pull_request_comment", "pull_request_review_comment":
            return passedOver(event, comments)
        case "installation", "installation_repositories":
            return passedOver(event, "which repositories are looked at is in the settings")
        default: return passedOver(event)
        }
    }

    private static func hubPullRequest(
        _ host: HostKind, _ repository: MentionedRepository?, _ action: String, _ payload: Value,
    ) -> WebhookReading.Outcome {
        let pullRequest = payload["pull_request"]
        let change: PullRequestChange.Action
        switch action {
        case "opened": change = .opened
        // GitHub's word, and Gitea's.
        case "synchronize", "synchronized": change = .updated
        case "reopened": change = .reopened
        case "closed": change = pullRequest?["merged"]?.boolean == true ? .merged : .closed
        case "edited", "ready_for_review", "converted_to_draft", "enqueued", "dequeued": change = .edited
        default: return passedOver("pull_request \(action)", "it changes nothing that a plan depends on")
        }
        let head = pullRequest?["head"]?["repo"]?["id"]?.text
        // A fork that was deleted since has no repository any more.
        let isForeign = head == nil || head != pullRequest?["base"]?["repo"]?["id"]?.text
        return outcome(
            host, repository, number: (payload["number"] ?? pullRequest?["number"])?.integer, change,
            base: pullRequest?["base"]?["ref"]?.text, isForeign: isForeign)
    }

    private static func hubRepository(_ repository: Value?) -> MentionedRepository? {
        MentionedRepository(
            name: repository?["full_name"]?.text,
            addresses: ["clone_url", "ssh_url", "git_url", "html_url"].map { repository?[$0]?.text })
    }

    /// Whether this stands for no commit.
    static func isZero(_ id: String?) -> Bool { id.map { !$0.isEmpty && $0.utf8.allSatisfy { $0 == 0x30 } } ?? false }
}
