import MooringNames
import MooringPorts
import MooringShapes
import Synchronization

/// A check run of an App's on GitHub: what a commit status says, with a page of its own and remarks on lines.
struct CheckRun: Hashable, Sendable {
    let id: Int
    let isCompleted: Bool
}

/// The calls about check runs, and what their answers hold.
struct CheckRunCalls: Sendable {
    let repository: HostRepository
    let appID: Int

    /// Makes a check run, or changes one that is not complete. At most `Limits.annotations` go with it.
    func call(_ status: CommitStatus, changing run: CheckRun?) -> HostCall {
        let (word, conclusion) = CheckRunCalls.words(for: status.state)
        let name = status.context.shortened(to: Limits.checkTitleCharacters, .scalars)
        let link = WireStatus(status, in: GitHubDialect(repository: repository)).link
        let body = Value.map(present: [
            ("name", .string(name)),
            ("head_sha", run == nil ? .string(status.commit.text) : nil),
            ("external_id", .string(name)), ("status", .string(word)), ("conclusion", conclusion.map(Value.string)),
            ("details_url", link.map(Value.string)),
            ("output", output(status, annotations: status.annotations.prefix(Limits.annotations))),
        ])
        guard let run else { return .send(.post, "\(repository.url)/check-runs", body, .check) }
        return .send(.patch, "\(repository.url)/check-runs/\(run.id)", body, .check)
    }

    /// The calls for annotations past those of the first call; each adds to what is there.
    func furtherAnnotations(_ status: CommitStatus, of run: CheckRun) -> [HostCall] {
        let rest = Array(status.annotations.prefix(Limits.allAnnotations).dropFirst(Limits.annotations))
        return stride(from: 0, to: rest.count, by: Limits.annotations).map { start in
            let some = rest[start..<min(start + Limits.annotations, rest.count)]
            return .send(
                .patch, "\(repository.url)/check-runs/\(run.id)", ["output": output(status, annotations: some)], .check)
        }
    }

    /// The App's newest check run of each name.
    func listCall(on commit: CommitID) -> HostCall {
        .get(
            "\(repository.url)/commits/\(commit)/check-runs",
            [("filter", "latest"), ("app_id", "\(appID)"), ("per_page", "\(Limits.pageRows)")], .check)
    }

    /// The rows of such an answer: the run, and what it says as a status would.
    func runs(in answer: Value) -> [(run: CheckRun, status: WireStatus)]? {
        answer["check_runs"]?.elements?.compactMap { row in
            guard let id = row["id"]?.integer, let name = row["name"]?.text else { return nil }
            let isCompleted = row["status"]?.text == "completed"
            let word = isCompleted ? row["conclusion"]?.text ?? "" : "in_progress"
            return (
                CheckRun(id: id, isCompleted: isCompleted),
                WireStatus(
                    key: name, context: name, word: word, text: row["output"]?["title"]?.text ?? "",
                    link: row["details_url"]?.text,
                    details: WireStatus.details(of: row["output"]?["summary"]?.text ?? ""))
            )
        }
    }

    /// What a conclusion, or a run without one, says.
    static func state(of word: String) -> CommitStatus.State {
        switch word {
        case "success": .success
        case "failure", "timed_out", "action_required", "startup_failure": .failure
        case "neutral", "skipped", "cancelled", "stale": .neutral
        default: .pending
        }
    }

    /// What a check run shows of a status: equal ones need not be sent again.
    func wire(_ status: CommitStatus) -> WireStatus {
        let (word, conclusion) = CheckRunCalls.words(for: status.state)
        let name = status.context.shortened(to: Limits.checkTitleCharacters, .scalars)
        return WireStatus(
            key: name, context: name, word: conclusion ?? word, text: title(of: status),
            link: WireStatus(status, in: GitHubDialect(repository: repository)).link,
            details: WireStatus.details(of: summary(of: status)))
    }

    // MARK: Parts

    private static func words(for state: CommitStatus.State) -> (status: String, conclusion: String?) {
        switch state {
        case .pending: ("in_progress", nil)
        case .success: ("completed", "success")
        // There is no conclusion for an error of ours.
        case .failure, .error: ("completed", "failure")
        case .neutral: ("completed", "neutral")
        }
    }

    private func title(of status: CommitStatus) -> String {
        status.summary.cut(to: Limits.checkTitleCharacters, .scalars)
    }

    private func summary(of status: CommitStatus) -> String {
        (status.details.isEmpty ? status.summary : status.details).cut(to: Limits.checkSummaryBytes, .bytes)
    }

    private func output(_ status: CommitStatus, annotations: ArraySlice<StatusAnnotation>) -> Value {
        .map(present: [
            ("title", .string(title(of: status))),
            ("summary", .string(summary(of: status))),
            (
                "annotations",
                annotations.isEmpty
                    ? nil
                    : .list(
                        annotations.map { annotation in
                            [
                                "path": .string(annotation.path.text), "start_line": .integer(annotation.line),
                                "end_line": .integer(annotation.line),
                                "annotation_level": annotation.isError ? "failure" : "warning",
                                "message": .string(annotation.message.cut(to: Limits.annotationBytes, .bytes)),
                            ]
                        })
            ),
        ])
    }
}

extension LiveGitHost {
    /// Shows the status as a check run. One that is complete stays as it is: what comes after it is a run of its own, so that
    /// its annotations, which GitHub only ever adds to, stay its own.
    func showCheckRun(_ status: CommitStatus, at place: StatusPlace) async throws(Failure) {
        guard let appID else { return }
        let calls = CheckRunCalls(repository: repository, appID: appID)
        let wire = calls.wire(status)
        let key = ShownKey(place: place, key: wire.key)
        let tried = "set the check '\(wire.context)' of"
        let subject = subject(place.commit)
        if memory.withLock({ $0.read[place] }) == nil {
            _ = try await readCheckRuns(at: place, tried: tried, subject: subject)
        }
        let (shown, old) = memory.withLock { ($0.shown[key], $0.checks[key]) }
        if shown == wire { return }
        try await gate.takeTurn(for: status, tried: tried, subject: subject)
        let answer: Value?
        do throws(Failure) {
            (_, answer) = try await caller.value(
                of: calls.call(status, changing: old), tried: tried, subject: subject)
        } catch {
            // It may have been made although no answer came: the next try looks for it first.
            if old == nil { memory.withLock { $0.read[place] = nil } }
            throw error
        }
        guard let id = answer?["id"]?.integer ?? old?.id else {
            throw Failure(
                code: .malformedAnswer, subject: subject, tried: tried, cause: "The answer names no check run.",
                disposition: .retry(after: nil))
        }
        let run = CheckRun(id: id, isCompleted: status.state.isFinal)
        memory.withLock { $0.checks[key] = run.isCompleted ? nil : run }
        // It shows, even where some of the remarks do not get through: all of them are in its text as well.
        defer { memory.withLock { $0.shown[key] = wire } }
        for call in calls.furtherAnnotations(status, of: run) {
            try await gate.takeTurn(for: status, tried: tried, subject: subject)
            _ = try await caller.value(of: call, tried: tried, subject: subject)
        }
    }

    /// The App's check runs on a commit, as statuses.
    func readCheckRuns(at place: StatusPlace, tried: String, subject: String) async throws(Failure) -> [WireStatus] {
        guard let appID else { return [] }
        let calls = CheckRunCalls(repository: repository, appID: appID)
        let rows = try await caller.rows(
            of: calls.listCall(on: place.commit), tried: tried, subject: subject, row: calls.runs)
        memory.withLock { memory in
            memory.read[place] = true
            for (run, status) in rows {
                let key = ShownKey(place: place, key: status.key)
                memory.shown[key] = status
                memory.checks[key] = run.isCompleted ? nil : run
            }
        }
        return rows.map { row in
            var status = row.status
            status.word = CheckRunCalls.state(of: status.word).rawValue
            return status
        }
    }
}
