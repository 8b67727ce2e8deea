import MooringNames
import MooringPorts
import MooringShapes

/// How Gitea and Forgejo speak: much as GitHub does.
struct GiteaDialect: Dialect {
    let repository: HostRepository

    var rules: HostRules { .rules(of: .gitea) }

    func word(for state: CommitStatus.State) -> String { state == .neutral ? "success" : state.rawValue }

    func state(of word: String) -> CommitStatus.State? {
        switch word {
        case "warning": .failure
        case "skipped": .neutral
        default: CommitStatus.State(rawValue: word)
        }
    }

    func statusCall(_ status: WireStatus, at place: StatusPlace) -> HostCall {
        .send(
            .post, "\(repository.url)/statuses/\(place.commit)",
            .map(present: [
                ("state", .string(status.word)), ("context", .string(status.context)),
                ("description", .string(status.text)), ("target_url", status.link.map(Value.string)),
            ]), .status)
    }

    func statusesCall(at place: StatusPlace) -> HostCall {
        .get("\(repository.url)/commits/\(place.commit)/status", [("limit", "\(Limits.giteaPageRows)")], .readStatus)
    }

    func statuses(in answer: Value, at place: StatusPlace) -> [WireStatus]? {
        guard let rows = answer["statuses"] else { return nil }
        // Where there is none, the member is null.
        return (rows.elements ?? []).map { row in
            let context = row["context"]?.text ?? ""
            let link = row["target_url"]?.text
            // What is posted as `state` is read as `status`.
            return WireStatus(
                key: context, context: context, word: row["status"]?.text ?? "", text: row["description"]?.text ?? "",
                link: link?.isEmpty == true ? nil : link)
        }
    }

    /// Finds it by the commit that the merge made.
    func mergedCalls(of commit: CommitID) -> [HostCall] {
        [.get("\(repository.url)/commits/\(commit)/pull", [], .readPullRequest)]
    }

    /// Gitea 1.22 cannot be asked for one base; the others are left out where they are read.
    func openCall(into branch: BranchName) -> HostCall {
        .get(
            "\(repository.url)/pulls",
            [("state", "open"), ("sort", "recentupdate"), ("limit", "\(Limits.giteaPageRows)")], .readPullRequest)
    }

    func pullRequests(in answer: Value) -> [PullRequestRow]? {
        if let rows = answer.elements { return rows.compactMap(PullRequestRow.init(likeGitHub:)) }
        return answer.members == nil ? nil : [answer].compactMap(PullRequestRow.init(likeGitHub:))
    }

    func headRef(of row: PullRequestRow) -> String? { "refs/pull/\(row.number)/head" }

    func identityCall() -> HostCall? { .get("\(repository.apiURL)/user", [], .identity) }

    func identity(in response: HTTPResponse) -> String? {
        (try? JSONReader.value(of: response.body))?["id"]?.text
    }

    /// All of them at once: the call knows no pages.
    func commentsCall(on number: Int) -> HostCall {
        .get("\(repository.url)/issues/\(number)/comments", [], .comment)
    }

    func comments(in answer: Value, on pullRequest: PullRequest) -> [CommentRow]? {
        answer.elements?.compactMap { comment(in: $0, on: pullRequest) }
    }

    func createCommentCall(_ text: String, on number: Int) -> HostCall {
        .send(.post, "\(repository.url)/issues/\(number)/comments", ["body": .string(text)], .comment)
    }

    func updateCommentCall(_ text: String, _ comment: CommentRow, on number: Int) -> HostCall {
        .send(.patch, "\(repository.url)/issues/comments/\(comment.id)", ["body": .string(text)], .comment)
    }

    func comment(in answer: Value, on pullRequest: PullRequest) -> CommentRow? {
        guard let id = answer["id"]?.text else { return nil }
        return CommentRow(
            id: id, text: answer["body"]?.text ?? "", author: answer["user"]?["id"]?.text,
            link: answer["html_url"]?.text)
    }
}
