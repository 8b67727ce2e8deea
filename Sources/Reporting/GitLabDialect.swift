import MooringNames
import MooringPorts
import MooringShapes

/// How GitLab speaks: a status is a job of an external pipeline, a pull request a merge request, a comment a note.
///
/// No `ref` is sent with a status. GitLab then takes the branch that has the commit, which is right for what is merged and for
/// heads; a ref that is wrong would make a second pipeline, and a required status would wait in the first one for ever.
struct GitLabDialect: Dialect {
    let repository: HostRepository

    var rules: HostRules { .rules(of: .gitlab) }

    func word(for state: CommitStatus.State) -> String {
        switch state {
        // `pending` would say that nobody works on it.
        case .pending: "running"
        case .success, .neutral: "success"
        case .failure, .error: "failed"
        }
    }

    func state(of word: String) -> CommitStatus.State? {
        switch word {
        case "pending", "running", "created", "waiting_for_resource", "preparing": .pending
        case "success": .success
        case "failed": .failure
        case "canceled", "skipped": .neutral
        default: nil
        }
    }

    func statusCall(_ status: WireStatus, at place: StatusPlace) -> HostCall {
        .send(
            .post, "\(url(of: place.project))/statuses/\(place.commit)",
            .map(present: [
                ("state", .string(status.word)), ("name", .string(status.context)),
                ("description", .string(status.text)), ("target_url", status.link.map(Value.string)),
            ]), .status)
    }

    func statusesCall(at place: StatusPlace) -> HostCall {
        .get(
            "\(url(of: place.project))/repository/commits/\(place.commit)/statuses",
            [("per_page", "\(Limits.pageRows)")],
            .readStatus)
    }

    func statuses(in answer: Value, at place: StatusPlace) -> [WireStatus]? {
        // A context may stand in several pipelines; the one that was made last is in force.
        let rows = answer.elements?.sorted { ($0["id"]?.integer ?? 0) < ($1["id"]?.integer ?? 0) }
        return rows?.map { row in
            let context = row["name"]?.text ?? ""
            return WireStatus(
                key: context, context: context, word: row["status"]?.text ?? "", text: row["description"]?.text ?? "",
                link: row["target_url"]?.text)
        }
    }

    func mergedCalls(of commit: CommitID) -> [HostCall] {
        [
            .get(
                "\(repository.url)/repository/commits/\(commit)/merge_requests",
                [("state", "merged"), ("per_page", "\(Limits.pageRows)")], .readPullRequest)
        ]
    }

    func openCall(into branch: BranchName) -> HostCall {
        .get(
            "\(repository.url)/merge_requests",
            [
                ("state", "opened"), ("target_branch", branch.text), ("order_by", "updated_at"), ("sort", "desc"),
                ("per_page", "\(Limits.pageRows)"),
            ], .readPullRequest)
    }

    func pullRequests(in answer: Value) -> [PullRequestRow]? {
        answer.elements?.compactMap { row in
            guard let number = row["iid"]?.integer, let head = row["sha"]?.text, let base = row["target_branch"]?.text
            else { return nil }
            let source = row["source_project_id"]?.text
            let isFromFork = source == nil || source != row["target_project_id"]?.text
            return PullRequestRow(
                number: number, head: head, headBranch: row["source_branch"]?.text, base: base, isFromFork: isFromFork,
                link: row["web_url"]?.text, isMerged: row["state"]?.text == "merged",
                mergeCommits: [row["merge_commit_sha"]?.text, row["squash_commit_sha"]?.text].compactMap { $0 },
                sourceProject: isFromFork ? source : nil)
        }
    }

    func headRef(of row: PullRequestRow) -> String? { "refs/merge-requests/\(row.number)/head" }

    /// Statuses of a fork's head belong into the fork, whose number only the whole merge request tells.
    func detailCall(of pullRequest: PullRequest) -> HostCall? {
        guard pullRequest.isFromFork else { return nil }
        return .get("\(repository.url)/merge_requests/\(pullRequest.number)", [], .readPullRequest)
    }

    func places(of pullRequest: PullRequest, detail: Value?) -> [StatusPlace] {
        let row = detail.flatMap { pullRequests(in: .list([$0]))?.first }
        return [StatusPlace(commit: pullRequest.head, project: row?.sourceProject)]
    }

    func identityCall() -> HostCall? { .get("\(repository.apiURL)/user", [], .identity) }

    func identity(in response: HTTPResponse) -> String? {
        (try? JSONReader.value(of: response.body))?["id"]?.text
    }

    func commentsCall(on number: Int) -> HostCall {
        .get(
            "\(repository.url)/merge_requests/\(number)/notes", [("sort", "asc"), ("per_page", "\(Limits.pageRows)")],
            .comment)
    }

    func comments(in answer: Value, on pullRequest: PullRequest) -> [CommentRow]? {
        answer.elements?.compactMap { comment(in: $0, on: pullRequest) }
    }

    func createCommentCall(_ text: String, on number: Int) -> HostCall {
        .send(.post, "\(repository.url)/merge_requests/\(number)/notes", ["body": .string(text)], .comment)
    }

    func updateCommentCall(_ text: String, _ comment: CommentRow, on number: Int) -> HostCall {
        .send(.put, "\(repository.url)/merge_requests/\(number)/notes/\(comment.id)", ["body": .string(text)], .comment)
    }

    func comment(in answer: Value, on pullRequest: PullRequest) -> CommentRow? {
        guard let id = answer["id"]?.text else { return nil }
        return CommentRow(
            id: id, text: answer["body"]?.text ?? "", author: answer["author"]?["id"]?.text,
            link: pullRequest.link.map { "\($0)#note_\(id)" })
    }

    /// The API of a project, the repository's own unless told.
    private func url(of project: String?) -> String {
        project.map { "\(repository.apiURL)/projects/\(PercentEncoding.segment($0))" } ?? repository.url
    }
}
