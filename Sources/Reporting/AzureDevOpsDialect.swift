import MooringNames
import MooringPorts
import MooringShapes

/// How Azure DevOps speaks: a status has a genre and a name, on commits and apart from them on pull requests; a comment is in
/// a thread.
struct AzureDevOpsDialect: Dialect {
    let repository: HostRepository

    var rules: HostRules { .rules(of: .azureDevOps) }

    /// Without a version the host refuses every call.
    private let version = ("api-version", "7.1")

    func word(for state: CommitStatus.State) -> String {
        switch state {
        case .pending: "pending"
        case .success: "succeeded"
        case .failure: "failed"
        case .error: "error"
        case .neutral: "notApplicable"
        }
    }

    func state(of word: String) -> CommitStatus.State? {
        switch word {
        case "pending": .pending
        case "succeeded": .success
        case "failed": .failure
        case "error": .error
        case "notApplicable": .neutral
        default: nil
        }
    }

    func statusCall(_ status: WireStatus, at place: StatusPlace) -> HostCall {
        let url =
            place.pullRequest.map { "\(repository.url)/pullRequests/\($0)/statuses" }
            ?? "\(repository.url)/commits/\(place.commit)/statuses"
        let (genre, name) = AzureDevOpsDialect.split(status.context)
        return .send(
            .post, url, query: [version],
            .map(present: [
                ("state", .string(status.word)), ("description", .string(status.text)),
                ("targetUrl", status.link.map(Value.string)),
                ("context", .map(present: [("name", .string(name)), ("genre", genre.map(Value.string))])),
                ("iterationId", place.iteration.map(Value.integer)),
            ]), .status)
    }

    func statusesCall(at place: StatusPlace) -> HostCall {
        if let number = place.pullRequest {
            return .get("\(repository.url)/pullRequests/\(number)/statuses", [version], .readStatus)
        }
        return .get(
            "\(repository.url)/commits/\(place.commit)/statuses",
            [("latestOnly", "true"), ("top", "\(Limits.pageRows)"), version], .readStatus)
    }

    func statuses(in answer: Value, at place: StatusPlace) -> [WireStatus]? {
        let rows = (answer["value"] ?? answer).elements?
            .filter { place.pullRequest == nil || $0["iterationId"]?.integer == place.iteration }
            .sorted { ($0["id"]?.integer ?? 0) < ($1["id"]?.integer ?? 0) }
        return rows?.map { row in
            let genre = row["context"]?["genre"]?.text.map { $0.isEmpty ? "" : $0 + "/" } ?? ""
            let context = genre + (row["context"]?["name"]?.text ?? "")
            return WireStatus(
                key: context, context: context, word: row["state"]?.text ?? "", text: row["description"]?.text ?? "",
                link: row["targetUrl"]?.text)
        }
    }

    func mergedCalls(of commit: CommitID) -> [HostCall] {
        [
            .send(
                .post, "\(repository.url)/pullrequestquery", query: [version],
                ["queries": [["type": "lastMergeCommit", "items": [.string(commit.text)]]]], .readPullRequest)
        ]
    }

    func openCall(into branch: BranchName) -> HostCall {
        .get(
            "\(repository.url)/pullrequests",
            [
                ("searchCriteria.status", "active"), ("searchCriteria.targetRefName", "refs/heads/\(branch)"),
                ("$top", "\(Limits.pageRows)"), version,
            ], .readPullRequest)
    }

    func pullRequests(in answer: Value) -> [PullRequestRow]? {
        let rows: [Value]
        if let results = answer["results"]?.elements {
            // One map of each query, from the commit to its pull requests.
            rows = results.flatMap { $0.members ?? [] }.flatMap { $0.value.elements ?? [] }
        } else if let list = (answer["value"] ?? answer).elements {
            rows = list
        } else {
            return nil
        }
        return rows.compactMap { row in
            guard let number = row["pullRequestId"]?.integer,
                let head = row["lastMergeSourceCommit"]?["commitId"]?.text, let base = row["targetRefName"]?.text
            else { return nil }
            let isMerged = row["status"]?.text == "completed"
            return PullRequestRow(
                number: number, head: head, headBranch: row["sourceRefName"]?.text.map(\.withoutHeads),
                base: base.withoutHeads, isFromFork: row["forkSource"]?.members != nil,
                link: repository.page.map { "\($0)/pullrequest/\(number)" }, isMerged: isMerged,
                mergeCommits: isMerged ? [row["lastMergeCommit"]?["commitId"]?.text].compactMap { $0 } : [])
        }
    }

    /// The host keeps a ref of its trial merge only.
    func headRef(of row: PullRequestRow) -> String? {
        row.isFromFork ? nil : row.headBranch.map { "refs/heads/\($0)" }
    }

    /// Each push to a pull request is an iteration; which one the head is, only their list tells.
    func detailCall(of pullRequest: PullRequest) -> HostCall? {
        .get("\(repository.url)/pullRequests/\(pullRequest.number)/iterations", [version], .readPullRequest)
    }

    /// Branch policies look at the pull request's status only, and only at that of the newest iteration where they are told to
    /// ask anew after a push.
    func places(of pullRequest: PullRequest, detail: Value?) -> [StatusPlace] {
        let iterations = (detail?["value"] ?? detail)?.elements ?? []
        let iteration = iterations.last { $0["sourceRefCommit"]?["commitId"]?.text == pullRequest.head.text }
        return [
            StatusPlace(commit: pullRequest.head),
            StatusPlace(
                commit: pullRequest.head, pullRequest: pullRequest.number, iteration: iteration?["id"]?.integer),
        ]
    }

    func identityCall() -> HostCall? {
        .get("\(repository.apiURL)/\(PercentEncoding.segment(repository.parts[0]))/_apis/connectionData", [], .identity)
    }

    func identity(in response: HTTPResponse) -> String? {
        (try? JSONReader.value(of: response.body))?["authenticatedUser"]?["id"]?.text
    }

    func commentsCall(on number: Int) -> HostCall {
        .get("\(repository.url)/pullRequests/\(number)/threads", [version], .comment)
    }

    func comments(in answer: Value, on pullRequest: PullRequest) -> [CommentRow]? {
        (answer["value"] ?? answer).elements?.compactMap { row in
            row["isDeleted"]?.boolean == true ? nil : comment(in: row, on: pullRequest)
        }
    }

    /// A thread that is open may hold up the merge where all comments must be resolved, so it is closed from the start.
    func createCommentCall(_ text: String, on number: Int) -> HostCall {
        let comment: Value = ["parentCommentId": 0, "content": .string(text), "commentType": "text"]
        return .send(
            .post, "\(repository.url)/pullRequests/\(number)/threads", query: [version],
            ["comments": [comment], "status": "closed"], .comment)
    }

    func updateCommentCall(_ text: String, _ comment: CommentRow, on number: Int) -> HostCall {
        .send(
            .patch, "\(repository.url)/pullRequests/\(number)/threads/\(comment.id)", query: [version],
            ["content": .string(text)], .comment)
    }

    /// A thread's first comment; its id is the thread's and its own, as they stand in the URL of an update. The answer to an
    /// update is the bare comment, whose thread is known.
    func comment(in answer: Value, on pullRequest: PullRequest) -> CommentRow? {
        guard let thread = answer["id"]?.text, let first = answer["comments"]?[0], let id = first["id"]?.text,
            first["isDeleted"]?.boolean != true
        else { return nil }
        return CommentRow(
            id: "\(thread)/comments/\(id)", text: first["content"]?.text ?? "", author: first["author"]?["id"]?.text,
            link: repository.page.map { "\($0)/pullrequest/\(pullRequest.number)?discussionId=\(thread)" })
    }

    /// Genre and name of a context: what a policy matches is the pair.
    private static func split(_ context: String) -> (genre: String?, name: String) {
        guard let slash = context.firstIndex(of: "/"), slash != context.startIndex,
            context.index(after: slash) != context.endIndex
        else { return (nil, context) }
        return (String(context[..<slash]), String(context[context.index(after: slash)...]))
    }
}
