import MooringNames
import MooringPorts
import MooringShapes

/// How GitHub speaks of commit statuses, pull requests and comments; what only an App may is in `CheckRun`.
struct GitHubDialect: Dialect {
    let repository: HostRepository
    /// The App that we are, nil with a token of a person's.
    var appID: Int?

    var rules: HostRules { .rules(of: .github) }

    func word(for state: CommitStatus.State) -> String { state == .neutral ? "success" : state.rawValue }

    func state(of word: String) -> CommitStatus.State? { CommitStatus.State(rawValue: word) }

    func statusCall(_ status: WireStatus, at place: StatusPlace) -> HostCall {
        .send(
            .post, "\(repository.url)/statuses/\(place.commit)",
            .map(present: [
                ("state", .string(status.word)), ("context", .string(status.context)),
                ("description", .string(status.text)), ("target_url", status.link.map(Value.string)),
            ]), .status)
    }

    /// The combined status lists the newest of each context only.
    func statusesCall(at place: StatusPlace) -> HostCall {
        .get("\(repository.url)/commits/\(place.commit)/status", [("per_page", "\(Limits.pageRows)")], .readStatus)
    }

    func statuses(in answer: Value, at place: StatusPlace) -> [WireStatus]? {
        answer["statuses"]?.elements?.map { row in
            let context = row["context"]?.text ?? ""
            return WireStatus(
                key: context, context: context, word: row["state"]?.text ?? "", text: row["description"]?.text ?? "",
                link: row["target_url"]?.text)
        }
    }

    func mergedCalls(of commit: CommitID) -> [HostCall] {
        [.get("\(repository.url)/commits/\(commit)/pulls", [("per_page", "\(Limits.pageRows)")], .readPullRequest)]
    }

    func openCall(into branch: BranchName) -> HostCall {
        .get(
            "\(repository.url)/pulls",
            [
                ("state", "open"), ("base", branch.text), ("sort", "updated"), ("direction", "desc"),
                ("per_page", "\(Limits.pageRows)"),
            ], .readPullRequest)
    }

    func pullRequests(in answer: Value) -> [PullRequestRow]? {
        answer.elements?.compactMap(PullRequestRow.init(likeGitHub:))
    }

    func headRef(of row: PullRequestRow) -> String? { "refs/pull/\(row.number)/head" }

    func identityCall() -> HostCall? {
        appID == nil ? .get("\(repository.apiURL)/user", [], .identity) : nil
    }

    func identity(in response: HTTPResponse) -> String? {
        if let appID { return "app \(appID)" }
        return (try? JSONReader.value(of: response.body))?["id"]?.text
    }

    func commentsCall(on number: Int) -> HostCall {
        .get("\(repository.url)/issues/\(number)/comments", [("per_page", "\(Limits.pageRows)")], .comment)
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
        // What an App writes is written by its robot, and tells the App's number.
        let app = answer["performed_via_github_app"]?["id"]?.text.map { "app \($0)" }
        let author = appID == nil ? answer["user"]?["id"]?.text : app
        return CommentRow(
            id: id, text: answer["body"]?.text ?? "", author: author, link: answer["html_url"]?.text)
    }
}

extension PullRequestRow {
    /// A row as GitHub and Gitea write it.
    init?(likeGitHub row: Value) {
        guard let number = row["number"]?.integer, let head = row["head"]?["sha"]?.text,
            let base = row["base"]?["ref"]?.text
        else { return nil }
        let headRepository = row["head"]?["repo"]?["id"]?.text
        let isMerged = row["merged"]?.boolean ?? (row["merged_at"]?.text != nil)
        self.init(
            number: number, head: head, headBranch: row["head"]?["ref"]?.text, base: base,
            // The repository of a head may be gone, which that of a branch cannot.
            isFromFork: headRepository == nil || headRepository != row["base"]?["repo"]?["id"]?.text,
            link: row["html_url"]?.text, isMerged: isMerged,
            // That of an open one is a trial of the host's.
            mergeCommits: isMerged ? [row["merge_commit_sha"]?.text].compactMap { $0 } : [])
    }
}
