package import MooringManifests
package import MooringModel
package import MooringNames
package import MooringPlanning
package import MooringPorts
import MooringShapes

/// The outside of one environment.
package struct EnvironmentPorts: Sendable {
    package var git: any GitRepository
    package var aws: any AWSClient
    /// Nil where no status is shown.
    package var status: (any StatusHost)?
    package var outbox: any Outbox
    package var clock: any Clock

    package init(
        git: any GitRepository, aws: any AWSClient, status: (any StatusHost)?, outbox: any Outbox, clock: any Clock,
    ) {
        self.git = git
        self.aws = aws
        self.status = status
        self.outbox = outbox
        self.clock = clock
    }
}

/// Where an environment stood when its loop ended.
package struct Ending: Sendable {
    /// The head commit's report; nil where no commit was read, or where it is older than this loop.
    package var report: CommitReport?
    /// What kept the loop from looking; nil where nothing did.
    package var blockage: Failure?
    /// What is not as git says and that the report is not about.
    package var others: [OtherStanding] = []
}

/// Performs what the loop asks for. It has no judgement: every decision is the loop's.
package enum Driver {
    /// Runs an environment until the task is cancelled or, where asked, until the head commit is settled or nothing gets on.
    ///
    /// When cancelled, reads and waits are given up at once and writes in flight are waited for, so that no answer to a write
    /// is lost for nothing. Each port bounds its own calls, so the wait is bounded too.
    ///
    /// - Parameter hints: each makes the loop look at once; those that come while it does make it look once more.
    package static func run(
        policy: EnvironmentPolicy, ports: EnvironmentPorts, hints: Hints? = nil, untilSettled: Bool = false,
        onEvent: @escaping @Sendable (LoopEvent) -> Void,
    ) async -> Ending {
        var loop = EnvironmentLoop(policy: policy)
        // Unbounded, but never longer than the effects in flight, which the loop bounds.
        let (events, continuation) = AsyncStream.makeStream(of: EnvironmentLoop.Event.self)
        let performer = EffectPerformer(policy: policy, ports: ports)
        var tasks: [Int: Task<Void, Never>] = [:]
        var writes: Set<Int> = []
        let hinting = hints.map { hints in
            Task {
                var seen = 0
                while !Task.isCancelled {
                    await hints.wait(past: seen)
                    seen = hints.count
                    if !Task.isCancelled { continuation.yield(.lookAgain) }
                }
            }
        }
        defer { hinting?.cancel() }
        await withTaskCancellationHandler {
            continuation.yield(.started)
            for await event in events {
                if Task.isCancelled { break }
                let now = Moment(wall: ports.clock.now, uptime: ports.clock.uptime)
                let reaction = loop.handle(event, now: now)
                for event in reaction.events { onEvent(event) }
                for effect in reaction.effects {
                    if effect.action.isWrite { writes.insert(effect.number) }
                    tasks[effect.number] = Task {
                        let result = await performer.perform(effect.action)
                        continuation.yield(.completed(number: effect.number, result))
                    }
                }
                if case .completed(let number, _) = event {
                    tasks[number] = nil
                    writes.remove(number)
                }
                if untilSettled, loop.isSettled || loop.isBlocked { break }
            }
        } onCancel: {
            continuation.finish()
        }
        for (number, task) in tasks where !writes.contains(number) { task.cancel() }
        for (number, task) in tasks where writes.contains(number) { await task.value }
        // What stands in the way of a look makes the report one of an earlier look, perhaps of another process.
        if !loop.hasLooked, let blockage = loop.blockage { return Ending(report: nil, blockage: blockage) }
        let others = loop.headReport.map { loop.standings(beside: $0) } ?? []
        return Ending(report: loop.headReport, blockage: nil, others: others)
    }

    /// Reads the manifests of an environment at a commit that is in the mirror, with all that they build upon.
    package static func manifests(
        at commit: CommitID, folder: TreePath?, defaultCluster: ClusterName?, from git: any GitRepository,
    ) async throws(Failure) -> ManifestCollection {
        guard let snapshot = try await git.snapshot(at: commit, folder: folder, unless: nil) else {
            throw Failure(
                code: .malformedAnswer, subject: "the folder at \(commit.short)", tried: "read",
                cause: "the repository gave no answer.", disposition: .retry(after: nil))
        }
        var collection = ManifestCollection(
            of: snapshot.files.map { ManifestInput(path: $0.path, bytes: $0.bytes) }, folder: folder,
            refused: snapshot.refused.map { (path: $0.path, reason: $0.reason) }, defaultCluster: defaultCluster)
        while !collection.neededFiles.isEmpty {
            collection.add(try await git.files(at: commit, paths: collection.neededFiles))
        }
        return collection
    }

    /// Asks for SSM parameters.
    ///
    /// - Throws: where they cannot be asked for just now. What AWS refuses is in the answer.
    package static func parameters(
        _ names: [String], from aws: any AWSClient,
    ) async throws(Failure) -> [String: ParameterReading] {
        var readings: [String: ParameterReading] = [:]
        var questions = ParameterQuestion.questions(for: names)
        while !questions.isEmpty {
            let question = questions.removeFirst()
            let answer: Result<Value, Failure>
            do throws(Failure) {
                answer = .success(try await aws.call(question.call))
            } catch {
                answer = .failure(error)
            }
            let outcome = question.outcome(of: answer)
            if let problem = outcome.problem { throw problem }
            readings.merge(outcome.readings) { _, new in new }
            questions += outcome.again
        }
        return readings
    }

    /// Reads from ECS and from the repository what a plan for `desired` needs, and plans. Writes nothing.
    ///
    /// - Parameters:
    ///   - scope: the services to look at, nil for all; with `runScope` as in `Planner.plan`.
    ///   - git: what tells earlier versions; nil where `history` says why there is nothing to ask.
    package static func plan(
        desired: DesiredState, scope: Set<ServiceKey>? = nil, runScope: Set<OrderNode>? = nil, policy: PlanningPolicy,
        aws: any AWSClient, git: (any SourceHistory)?, history: HistorySource, folder: TreePath?,
    ) async throws(Failure) -> Plan {
        let reader = FactReader(aws: aws, git: git, history: history, folder: folder)
        var observed = Observed()
        var policy = policy
        func result() -> PlanningResult {
            Planner.plan(desired: desired, scope: scope, runScope: runScope, observed: observed, policy: policy)
        }
        // A one-off task whose inputs are new is looked for on the revisions before, one a round.
        for _ in 0..<(Limits.planningRounds * (desired.runs.isEmpty ? 1 : 2)) {
            let result = result()
            if result.needs.isEmpty { return result.plan }
            let questions = Observation.questions(for: result.needs, history: history)
            policy.registryCalls = max(0, policy.registryCalls - questions.count(where: \.isAboutImages))
            try await reader.read(result.needs, into: &observed) { $0.isInTheWay($1) }
        }
        return result().plan
    }
}

/// Turns one effect into a call of its port.
struct EffectPerformer: Sendable {
    let policy: EnvironmentPolicy
    let ports: EnvironmentPorts

    func perform(_ action: Effect.Action) async -> EffectResult {
        do throws(Failure) {
            return try await result(of: action)
        } catch {
            return .failed(error)
        }
    }

    private func result(of action: Effect.Action) async throws(Failure) -> EffectResult {
        let notes = NotesRef(policy.identity.environment)
        switch action {
        case .remoteHeads:
            return .remoteHeads(try await ports.git.remoteHeads(branch: policy.branch, notes: notes))
        case .fetch:
            return .fetched(try await ports.git.fetch(branch: policy.branch))
        case .snapshot(let commit, let known):
            return .snapshot(try await ports.git.snapshot(at: commit, folder: policy.folder, unless: known))
        case .files(let commit, let paths):
            return .files(try await ports.git.files(at: commit, paths: paths))
        case .history(let commit, let others, let limit):
            return .history(
                try await ports.git.history(from: commit, folder: policy.folder, others: others, limit: limit))
        case .changedPaths(let old, let new, let others):
            return .paths(
                try await ports.git.changedPaths(from: old, to: new, folder: policy.folder, others: others))
        case .versions(let paths, let old, let new):
            let limit = Limits.versions
            return .versions(try await ports.git.versions(of: paths, from: old, to: new, limit: limit))
        case .readNotes(let commits):
            return .notes(try await ports.git.notes(notes, on: commits))
        case .publishNotes(let texts):
            let pairs = texts.map { ($0.commit, $0.text) }
            try await ports.git.publish(Dictionary(uniqueKeysWithValues: pairs), to: notes)
            return .done
        case .call(let call):
            return .value(try await ports.aws.call(call))
        case .postStatus(let status):
            try await ports.status?.post(status)
            return .done
        case .readStatus(let commit, let context):
            return .statusStates(try await ports.status?.states(of: context, on: commit) ?? [:])
        case .readOutbox:
            return .outbox(try await ports.outbox.entries())
        case .storeOutbox(let entry):
            try await ports.outbox.store(entry)
            return .done
        case .removeOutbox(let key):
            try await ports.outbox.remove(key: key)
            return .done
        case .wake(let duration):
            try? await ports.clock.sleep(for: duration)
            return .done
        }
    }
}

extension Effect.Action {
    /// Whether the effect changes something outside: such a call is waited for when the process stops.
    package var isWrite: Bool {
        switch self {
        case .publishNotes, .postStatus, .storeOutbox, .removeOutbox: true
        case .call(let call): !call.isRead
        case .remoteHeads, .fetch, .snapshot, .files, .history, .changedPaths, .versions, .readNotes, .readStatus,
            .readOutbox,
            .wake:
            false
        }
    }
}
