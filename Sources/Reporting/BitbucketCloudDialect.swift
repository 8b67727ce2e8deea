import MooringNames
import MooringPorts
import MooringShapes

/// How Bitbucket Cloud speaks: a status is a build, told apart by a key of at most 40 characters.
struct BitbucketCloudDialect: Dialect {
    let repository: HostRepository

    var rules: HostRules { .rules(of: .bitbucketCloud) }

    func word(for state: CommitStatus.State) -> String {
        switch state {
        case .pending: "INPROGRESS"
        case .success: "SUCCESSFUL"
        case .failure, .error: "FAILED"
        case .neutral: "STOPPED"
        }
    }

    func state(of word: String) -> CommitStatus.State? {
        switch word {
        case "INPROGRESS": .pending
        case "SUCCESSFUL": .success
        case "FAILED": .failure
        case "STOPPED": .neutral
        default: nil
        }
    }

    func statusCall(_ status: WireStatus, at place: StatusPlace) -> HostCall {
        .send(
            .post, "\(repository.url)/commit/\(place.commit)/statuses/build",
            .map(present: [
                ("key", .string(status.key)), ("state", .string(status.word)), ("name", .string(status.context)),
                ("description", .string(status.text)), ("url", status.link.map(Value.string)),
            ]), .status)
    }

    func statusesCall(at place: StatusPlace) -> HostCall {
        .get("\(repository.url)/commit/\(place.commit)/statuses", [("pagelen", "\(Limits.pageRows)")], .readStatus)
    }

    func statuses(in answer: Value, at place: StatusPlace) -> [WireStatus]? {
        answer["values"]?.elements?.map { row in
            let key = row["key"]?.text ?? ""
            return WireStatus(
                key: key, context: row["name"]?.text ?? key, word: row["state"]?.text ?? "",
                text: row["description"]?.text ?? "", link: row["url"]?.text)
        }
    }

    /// The index of commits is an app that a workspace may not have, and lists what was reviewed; a squashed commit is only
    /// found among the merged ones.
    func mergedCalls(of commit: CommitID) -> [HostCall] {
        [
            .get(
                "\(repository.url)/commit/\(commit)/pullrequests", [("pagelen", "\(Limits.bitbucketPageRows)")],
                .readPullRequest),
            .get(
                "\(repository.url)/pullrequests",
                [("state", "MERGED"), ("sort", "-updated_on"), ("pagelen", "\(Limits.bitbucketPageRows)")],
                .readPullRequest),
        ]
    }

    func openCall(into branch: BranchName) -> HostCall {
        .get(
            "\(repository.url)/pullrequests",
            [("state", "OPEN"), ("sort", "-updated_on"), ("pagelen", "\(Limits.bitbucketPageRows)")],
            .readPullRequest)
    }

    func pullRequests(in answer: Value) -> [PullRequestRow]? {
        answer["values"]?.elements?.compactMap { row in
            guard let number = row["id"]?.integer, let head = row["source"]?["commit"]?["hash"]?.text,
                let base = row["destination"]?["branch"]?["name"]?.text
            else { return nil }
            let source = row["source"]?["repository"]?["full_name"]?.text
            return PullRequestRow(
                number: number, head: head, headBranch: row["source"]?["branch"]?["name"]?.text, base: base,
                isFromFork: source == nil || source != row["destination"]?["repository"]?["full_name"]?.text,
                link: row["links"]?["html"]?["href"]?.text, isMerged: row["state"]?.text == "MERGED",
                mergeCommits: [row["merge_commit"]?["hash"]?.text].compactMap { $0 })
        }
    }

    /// Bitbucket keeps no ref of a pull request; a fork's head cannot be fetched from here.
    func headRef(of row: PullRequestRow) -> String? {
        row.isFromFork ? nil : row.headBranch.map { "refs/heads/\($0)" }
    }

    /// The whole id of a commit whose beginning is known.
    func commitCall(_ hash: String) -> HostCall {
        .get("\(repository.url)/commit/\(PercentEncoding.segment(hash))", [], .readPullRequest)
    }

    func identityCall() -> HostCall? { .get("\(repository.apiURL)/user", [], .identity) }

    func identity(in response: HTTPResponse) -> String? {
        (try? JSONReader.value(of: response.body))?["uuid"]?.text
    }

    func commentsCall(on number: Int) -> HostCall {
        .get(
            "\(repository.url)/pullrequests/\(number)/comments", [("pagelen", "\(Limits.pageRows)")], .comment)
    }

    func comments(in answer: Value, on pullRequest: PullRequest) -> [CommentRow]? {
        answer["values"]?.elements?.compactMap { row in
            row["deleted"]?.boolean == true ? nil : comment(in: row, on: pullRequest)
        }
    }

    func createCommentCall(_ text: String, on number: Int) -> HostCall {
        .send(.post, "\(repository.url)/pullrequests/\(number)/comments", body(text), .comment)
    }

    func updateCommentCall(_ text: String, _ comment: CommentRow, on number: Int) -> HostCall {
        .send(.put, "\(repository.url)/pullrequests/\(number)/comments/\(comment.id)", body(text), .comment)
    }

    func comment(in answer: Value, on pullRequest: PullRequest) -> CommentRow? {
        guard let id = answer["id"]?.text else { return nil }
        return CommentRow(
            id: id, text: answer["content"]?["raw"]?.text ?? "", author: answer["user"]?["uuid"]?.text,
            link: answer["links"]?["html"]?["href"]?.text)
    }

    /// The description of an update wants the type beside the content.
    private func body(_ text: String) -> Value {
        ["type": "pullrequest_comment", "content": ["raw": .string(text)]]
    }
}
