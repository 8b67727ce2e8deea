import MooringNames
import MooringPorts
import MooringShapes

/// How Bitbucket Data Center speaks: a status is a build of a repository.
struct BitbucketDataCenterDialect: Dialect {
    let repository: HostRepository

    var rules: HostRules { .rules(of: .bitbucketDataCenter) }

    func word(for state: CommitStatus.State) -> String {
        switch state {
        case .pending: "INPROGRESS"
        case .success: "SUCCESSFUL"
        case .failure, .error: "FAILED"
        case .neutral: "CANCELLED"
        }
    }

    func state(of word: String) -> CommitStatus.State? {
        switch word {
        case "INPROGRESS": .pending
        case "SUCCESSFUL": .success
        case "FAILED": .failure
        case "CANCELLED": .neutral
        case "UNKNOWN": .error
        default: nil
        }
    }

    /// Required builds are matched by the build's parent, so that is the context.
    func statusCall(_ status: WireStatus, at place: StatusPlace) -> HostCall {
        .send(
            .post, "\(repository.url)/commits/\(place.commit)/builds",
            .map(present: [
                ("key", .string(status.key)), ("state", .string(status.word)), ("name", .string(status.context)),
                ("parent", .string(status.context)), ("description", .string(status.text)),
                ("url", status.link.map(Value.string)),
            ]), .status)
    }

    /// The newer call wants a key; the older one lists all of a commit, whichever call brought them.
    func statusesCall(at place: StatusPlace) -> HostCall {
        .get(
            "\(repository.apiURL)/build-status/latest/commits/\(place.commit)", [("limit", "\(Limits.pageRows)")],
            .readStatus)
    }

    func statuses(in answer: Value, at place: StatusPlace) -> [WireStatus]? {
        answer["values"]?.elements?.filter(isOurs).map { row in
            let key = row["key"]?.text ?? ""
            return WireStatus(
                key: key, context: row["name"]?.text ?? key, word: row["state"]?.text ?? "",
                text: row["description"]?.text ?? "", link: row["url"]?.text)
        }
    }

    /// A commit may be in several repositories, each with builds of its own.
    private func isOurs(_ row: Value) -> Bool {
        guard let slug = row["repositorySlug"]?.text, let key = row["projectKey"]?.text else { return true }
        return [key.lowercased(), slug.lowercased()] == repository.parts.map { $0.lowercased() }
    }

    /// Those that contain a commit do not contain what a merge made of it, so the merged ones are looked through.
    func mergedCalls(of commit: CommitID) -> [HostCall] {
        [
            .get(
                "\(repository.url)/pull-requests",
                [
                    ("state", "MERGED"), ("order", "NEWEST"), ("withProperties", "true"),
                    ("limit", "\(Limits.pageRows)"),
                ],
                .readPullRequest)
        ]
    }

    func openCall(into branch: BranchName) -> HostCall {
        .get(
            "\(repository.url)/pull-requests",
            [
                ("state", "OPEN"), ("order", "NEWEST"), ("direction", "INCOMING"), ("at", "refs/heads/\(branch)"),
                ("limit", "\(Limits.pageRows)"),
            ], .readPullRequest)
    }

    func pullRequests(in answer: Value) -> [PullRequestRow]? {
        answer["values"]?.elements?.compactMap { row in
            guard let number = row["id"]?.integer, let head = row["fromRef"]?["latestCommit"]?.text,
                let base = row["toRef"]?["id"]?.text
            else { return nil }
            let source = row["fromRef"]?["repository"]?["id"]?.text
            return PullRequestRow(
                number: number, head: head, headBranch: row["fromRef"]?["id"]?.text.map(\.withoutHeads),
                base: base.withoutHeads,
                isFromFork: source == nil || source != row["toRef"]?["repository"]?["id"]?.text,
                link: row["links"]?["self"]?[0]?["href"]?.text, isMerged: row["state"]?.text == "MERGED",
                mergeCommits: [row["properties"]?["mergeCommit"]?["id"]?.text].compactMap { $0 })
        }
    }

    func headRef(of row: PullRequestRow) -> String? { "refs/pull-requests/\(row.number)/from" }

    func identityCall() -> HostCall? {
        // A servlet beside the API, which answers with the bare name.
        let base = repository.apiURL.hasSuffix("/rest") ? String(repository.apiURL.dropLast(5)) : repository.apiURL
        return .get("\(base)/plugins/servlet/applinks/whoami", [], .identity)
    }

    func identity(in response: HTTPResponse) -> String? {
        let name = String(decoding: response.body.prefix(Limits.identityBytes), as: UTF8.self)[...].trimmed
        return name.isEmpty || name.contains("<") ? nil : name
    }

    /// Comments that belong to no file are only found among what happened.
    func commentsCall(on number: Int) -> HostCall {
        .get("\(repository.url)/pull-requests/\(number)/activities", [("limit", "\(Limits.pageRows)")], .comment)
    }

    func comments(in answer: Value, on pullRequest: PullRequest) -> [CommentRow]? {
        answer["values"]?.elements?.compactMap { row in
            guard row["action"]?.text == "COMMENTED", row["commentAction"]?.text != "DELETED" else { return nil }
            return row["comment"].flatMap { comment(in: $0, on: pullRequest) }
        }
    }

    func createCommentCall(_ text: String, on number: Int) -> HostCall {
        .send(.post, "\(repository.url)/pull-requests/\(number)/comments", ["text": .string(text)], .comment)
    }

    func updateCommentCall(_ text: String, _ comment: CommentRow, on number: Int) -> HostCall {
        .send(
            .put, "\(repository.url)/pull-requests/\(number)/comments/\(comment.id)",
            ["text": .string(text), "version": .integer(comment.version ?? 0)], .comment)
    }

    func comment(in answer: Value, on pullRequest: PullRequest) -> CommentRow? {
        guard let id = answer["id"]?.text else { return nil }
        return CommentRow(
            id: id, version: answer["version"]?.integer, text: answer["text"]?.text ?? "",
            author: answer["author"]?["name"]?.text,
            link: repository.page.map { "\($0)/pull-requests/\(pullRequest.number)/overview?commentId=\(id)" })
    }
}

extension String {
    /// A branch's name, of its ref.
    var withoutHeads: String { hasPrefix("refs/heads/") ? String(dropFirst("refs/heads/".count)) : self }
}
