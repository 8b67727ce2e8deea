package import MooringNames
package import MooringPorts
import MooringShapes
import Synchronization

extension LiveGitHost {
    package func openPullRequests(
        into branch: BranchName, limit: Int,
    ) async throws(Failure) -> [PullRequest] {
        let dialect = dialect
        let rows = try await caller.rows(
            of: dialect.openCall(into: branch), tried: "list the open pull requests into '\(branch)' of",
            subject: "\(repository)",
            row: { dialect.pullRequests(in: $0)?.filter { $0.base == branch.text } },
            isEnough: { $0.count >= limit })
        var requests: [PullRequest] = []
        for row in rows.prefix(limit) {
            // One without a head has nothing to be planned.
            guard let head = try await listedHead(of: row) else { continue }
            let request = PullRequest(
                number: row.number, head: head, headRef: dialect.headRef(of: row), base: branch,
                isFromFork: row.isFromFork, link: row.link)
            if let project = row.sourceProject {
                memory.withLock {
                    $0.places[PullRequestKey(number: row.number, head: head)] = [
                        StatusPlace(commit: head, project: project)
                    ]
                }
            }
            requests.append(request)
        }
        return requests
    }

    /// The whole id of a listed head; nil where the host does not tell it, as it may be in a fork only.
    private func listedHead(of row: PullRequestRow) async throws(Failure) -> CommitID? {
        do throws(Failure) {
            return try await wholeID(row.head)
        } catch {
            guard error.isForGood, error.code != .unauthenticated else { throw error }
            sayOnce("Pull request \(row.number) is left out: \(error)", about: "head of \(row.number)")
            return nil
        }
    }

    package func post(_ status: CommitStatus, on pullRequest: PullRequest) async throws(Failure) {
        let places = try await places(of: pullRequest)
        try await showOnPullRequest(status, places: places, number: pullRequest.number, isOptional: false)
    }

    private func places(of pullRequest: PullRequest) async throws(Failure) -> [StatusPlace] {
        let key = PullRequestKey(number: pullRequest.number, head: pullRequest.head)
        if let known = memory.withLock({ $0.places[key] }) { return known }
        var detail: Value?
        if let call = dialect.detailCall(of: pullRequest) {
            (_, detail) = try await caller.value(
                of: call, tried: "read the pull request \(pullRequest.number) of", subject: "\(repository)")
        }
        let places = dialect.places(of: pullRequest, detail: detail)
        memory.withLock { $0.places[key] = places }
        return places
    }

    // MARK: Comments

    package func comment(
        _ text: String, marker: String, on pullRequest: PullRequest, begins: Bool,
    ) async throws(Failure) -> String? {
        let tried = "comment on the pull request \(pullRequest.number) of"
        let body = body(text, marker: marker)
        let key = CommentKey(number: pullRequest.number, marker: marker)
        var old = memory.withLock { $0.comments[key] }
        if old == nil { old = try await findComment(marker: marker, on: pullRequest, tried: tried) }
        if let old {
            if old.text.settled == body.settled {
                memory.withLock { $0.comments[key] = old }
                return old.link
            }
            if let new = try await update(old, to: body, key: key, on: pullRequest, tried: tried) { return new.link }
        }
        if !begins { return nil }
        try await gate.takeTurn(tried: tried, subject: "\(repository)")
        let (_, answer) = try await caller.value(
            of: dialect.createCommentCall(body, on: pullRequest.number), tried: tried, subject: "\(repository)")
        guard let created = answer.flatMap({ dialect.comment(in: $0, on: pullRequest) }) else { return nil }
        remember(created, text: body, key: key)
        // Whoever wrote this is us.
        memory.withLock { if $0.identity == nil { $0.identity = created.author } }
        return created.link
    }

    /// The text with the line that marks it, cut to what the host takes.
    private func body(_ text: String, marker: String) -> String {
        let rules = dialect.rules
        let mark = "\n\n" + rules.marker.line(marker)
        return text.cut(to: rules.commentLength - mark.count(in: rules.unit), rules.unit) + mark
    }

    /// Writes another text into our comment.
    ///
    /// - Returns: the comment as it is now; nil where it is gone.
    private func update(
        _ old: CommentRow, to body: String, key: CommentKey, on pullRequest: PullRequest, tried: String,
    ) async throws(Failure) -> CommentRow? {
        var old = old
        for attempt in 1...2 {
            try await gate.takeTurn(tried: tried, subject: "\(repository)")
            do throws(Failure) {
                let (_, answer) = try await caller.value(
                    of: dialect.updateCommentCall(body, old, on: pullRequest.number), tried: tried,
                    subject: "\(repository)")
                // Azure DevOps answers with less than what it lists.
                let new = answer.flatMap { dialect.comment(in: $0, on: pullRequest) } ?? old
                remember(new, text: body, key: key)
                return new
            } catch {
                memory.withLock { $0.comments[key] = nil }
                switch error.code {
                case .notFound: return nil
                // Somebody changed the comment since we read it: read again, and try once more.
                case .conflict where attempt == 1:
                    guard let found = try await findComment(marker: key.marker, on: pullRequest, tried: tried) else {
                        return nil
                    }
                    old = found
                default: throw error
                }
            }
        }
        return nil
    }

    private func remember(_ comment: CommentRow, text: String, key: CommentKey) {
        memory.withLock {
            $0.comments[key] = CommentRow(
                id: comment.id, version: comment.version, text: text, author: comment.author, link: comment.link)
        }
    }

    /// Our comment with the marker. One that somebody else wrote is not ours, whatever it ends with: its writer could change
    /// what we say.
    private func findComment(
        marker: String, on pullRequest: PullRequest, tried: String,
    ) async throws(Failure) -> CommentRow? {
        guard let me = try await identity() else {
            sayOnce(
                "\(repository.kind.title) does not tell this token who it is, so comments of an earlier run in "
                    + "'\(repository)' are not found again: after a restart a new one is put beside them.",
                about: "identity")
            return nil
        }
        let dialect = dialect
        let line = dialect.rules.marker.line(marker)
        func isOurs(_ row: CommentRow) -> Bool { row.author == me && row.text.settled.hasSuffix(line) }
        let rows = try await caller.rows(
            of: dialect.commentsCall(on: pullRequest.number), tried: tried, subject: "\(repository)",
            row: { dialect.comments(in: $0, on: pullRequest) }, isEnough: { $0.contains(where: isOurs) })
        return rows.first(where: isOurs)
    }

    /// Who we are on the host, asked once; nil where the token may not know.
    private func identity() async throws(Failure) -> String? {
        let (known, hasAsked) = memory.withLock { ($0.identity, $0.hasAskedWhoWeAre) }
        if known != nil || hasAsked { return known }
        if let appID { return "app \(appID)" }
        guard let call = dialect.identityCall() else { return nil }
        let response = try await caller.response(to: call, tried: "ask who we are on", subject: "\(repository)")
        let isSuccess = response.status == 200 && !HostAnswer.isSignInPage(response, of: repository.kind)
        if response.status >= 500 {
            throw caller.answer(response, to: call).failure(tried: "ask who we are on", subject: "\(repository)")
        }
        let identity = isSuccess ? dialect.identity(in: response) : nil
        memory.withLock {
            $0.hasAskedWhoWeAre = true
            $0.identity = identity
        }
        return identity
    }
}

extension String {
    /// As hosts may give a text back: other line breaks, nothing behind the last word.
    var settled: String {
        var text = replacing("\r\n", with: "\n")
        while text.last?.isWhitespace == true { text.removeLast() }
        return text
    }
}
