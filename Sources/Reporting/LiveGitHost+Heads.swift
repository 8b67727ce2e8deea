import MooringNames
import MooringPorts
import MooringShapes
import Synchronization

extension LiveGitHost {
    /// Shows the status on the head of the pull request that brought the commit, if any did.
    ///
    /// - Throws: `.notYet` where the host may find the head in a moment; other failures where it could not be reached.
    func showOnHead(_ status: CommitStatus) async throws(Failure) {
        let knowledge = try await head(of: status.commit)
        // A status with a successor asks again by itself. An end has none.
        if case .unsure(let wait) = knowledge, status.state.isFinal {
            throw Failure(
                code: .notYet, subject: subject(status.commit), tried: "find the pull request that brought",
                cause: "\(repository.kind.title) may still be looking for it.",
                disposition: .retry(after: max(.milliseconds(100), wait.askAgainAt - clock.uptime)))
        }
        guard case .head(let head) = knowledge else { return }
        try await showOnPullRequest(status, places: [head.place], number: head.number, isOptional: true)
    }

    /// Shows a status about a pull request's head at the places that the host looks at.
    ///
    /// - Parameter isOptional: whether it is said once, and no error, that a place is refused for good.
    func showOnPullRequest(
        _ status: CommitStatus, places: [StatusPlace], number: Int, isOptional: Bool,
    ) async throws(Failure) {
        for place in places {
            // The place names the commit; the status may be about the one that the merge made.
            let status = status.on(place.commit)
            do throws(Failure) {
                do throws(Failure) {
                    try await show(status, at: place)
                } catch {
                    // A fork may be closed to us; what is posted here is seen there at least by who looks for it.
                    guard place.project != nil, error.code == .accessDenied || error.code == .notFound else {
                        throw error
                    }
                    var own = place
                    own.project = nil
                    try await show(status, at: own)
                }
            } catch {
                guard isOptional, error.isForGood else { throw error }
                sayOnce("Pull request \(number) does not show the status: \(error)", about: "heads: \(error.code)")
            }
        }
    }

    /// The head of the pull request that brought a commit: what its merge made is this commit, and the two differ.
    ///
    /// The commits of a rebased pull request but the last are none: its head shows what became of the whole.
    func head(of commit: CommitID) async throws(Failure) -> MergedHead.Knowledge {
        let now = clock.uptime
        var last: MergedHead.Wait?
        switch memory.withLock({ $0.heads[commit] }) {
        case .head(let head): return .head(head)
        case .some(.none): return .none
        case .unsure(let wait):
            if now < wait.askAgainAt { return .unsure(wait) }
            last = wait
        case nil: break
        }
        return try await lookingUp.answer(to: commit) { [last] () throws(Failure) in
            try await self.lookUpHead(of: commit, after: last)
        }
    }

    private func lookUpHead(
        of commit: CommitID, after last: MergedHead.Wait?,
    ) async throws(Failure) -> MergedHead.Knowledge {
        let now = clock.uptime
        let knowledge: MergedHead.Knowledge
        switch try await lookUp(commit) {
        case .head(let head): knowledge = .head(head)
        case .nowhere: knowledge = .none
        case .notYet(let isIndexing):
            let since = last?.since ?? now
            let pause = last.map { $0.pause * 2 } ?? Limits.indexPause
            let hasWaited = now - since >= (isIndexing ? Limits.longIndexLag : Limits.indexLag)
            knowledge =
                hasWaited
                ? .none
                : .unsure(
                    MergedHead.Wait(
                        since: since, askAgainAt: clock.uptime + pause, pause: pause))
        }
        memory.withLock { $0.heads[commit] = knowledge }
        return knowledge
    }

    // MARK: Looking

    private enum Found {
        case head(MergedHead)
        /// For good.
        case nowhere
        case notYet(isIndexing: Bool)
    }

    private func lookUp(_ commit: CommitID) async throws(Failure) -> Found {
        let tried = "find the pull request that brought"
        var isIndexing = false
        var refusal: Failure?
        var refusals = 0
        let calls = dialect.mergedCalls(of: commit)
        for call in calls {
            do throws(Failure) {
                let page = try await mergedPage(call, bringing: commit, tried: tried)
                if page.isIndexing { isIndexing = true }
                if let row = page.row {
                    let head = try await wholeID(row.head)
                    // Nothing was made: the head itself went onto the branch.
                    guard let head, head != commit else { return .nowhere }
                    return .head(MergedHead(commit: head, number: row.number, project: row.sourceProject))
                }
            } catch {
                guard error.isForGood, error.code != .unauthenticated else { throw error }
                refusals += 1
                // Gitea says so where there is none, Bitbucket Cloud where it has no index.
                if error.code != .notFound || repository.kind != .gitea && repository.kind != .bitbucketCloud {
                    refusal = error
                }
            }
        }
        if let refusal, refusals == calls.count {
            sayOnce(
                "Statuses are not shown on the heads of merged pull requests: \(refusal)",
                about: "merged: \(refusal.code)")
            return .nowhere
        }
        return .notYet(isIndexing: isIndexing)
    }

    /// Looks in one place. Some of them are lists of everything that was merged, the same for every commit.
    ///
    /// - Returns: the row of the pull request that brought the commit, and whether the host says that it has not looked yet.
    private func mergedPage(
        _ call: HostCall, bringing commit: CommitID, tried: String,
    ) async throws(Failure) -> (row: PullRequestRow?, isIndexing: Bool) {
        let page = try await listing.answer(to: call) { () throws(Failure) in
            try await self.listMerged(call, bringing: commit, tried: tried)
        }
        if let row = page.rows.first(where: { $0.brought(commit) }) { return (row, page.isIndexing) }
        // The list ended where another one's was found; ours may stand behind it.
        guard page.commit != commit, page.rows.contains(where: { $0.brought(page.commit) }) else {
            return (nil, page.isIndexing)
        }
        let own = try await listMerged(call, bringing: commit, tried: tried)
        return (own.rows.first { $0.brought(commit) }, own.isIndexing)
    }

    private func listMerged(
        _ call: HostCall, bringing commit: CommitID, tried: String,
    ) async throws(Failure) -> MergedPage {
        let dialect = dialect
        var isIndexing = false
        let found = try await caller.rows(
            of: call, tried: tried, subject: subject(commit), pages: Limits.mergedPages,
            row: { dialect.pullRequests(in: $0) },
            isEnough: { $0.contains { $0.brought(commit) } },
            // Bitbucket Cloud says so while it indexes, whatever else is in the answer.
            isPending: { response in
                if response.status == 202 { isIndexing = true }
                return response.status == 202
            })
        return MergedPage(commit: commit, rows: found, isIndexing: isIndexing)
    }

    /// The whole id of a commit; Bitbucket Cloud lists the beginnings only.
    ///
    /// - Returns: nil for what is no id of a commit.
    func wholeID(_ hash: String) async throws(Failure) -> CommitID? {
        if let id = try? CommitID(hash) { return id }
        guard hash.utf8.count >= Limits.shortestHash, let cloud = dialect as? BitbucketCloudDialect else { return nil }
        if let known = memory.withLock({ $0.wholeIDs[hash] }) { return known }
        let (_, answer) = try await caller.value(
            of: cloud.commitCall(hash), tried: "look up the commit \(hash) of", subject: "\(repository)")
        guard let text = answer?["hash"]?.text, text.hasPrefix(hash), let id = try? CommitID(text) else { return nil }
        memory.withLock { $0.wholeIDs[hash] = id }
        return id
    }
}

extension CommitStatus {
    /// The same about another commit.
    func on(_ commit: CommitID) -> CommitStatus {
        CommitStatus(
            commit: commit, context: context, state: state, summary: summary, link: link, kind: kind, details: details,
            annotations: annotations)
    }
}

extension Failure {
    /// Whether it stays so until a person acts.
    var isForGood: Bool {
        switch disposition {
        case .retry: false
        case .stalled, .invalidInput: true
        }
    }
}
