package import MooringModel
package import MooringNames
import MooringShapes

/// What is to be done about one one-off task.
package struct RunDecision: Hashable, Sendable {
    package var standing: RunStanding
    /// What must be known first. Nothing else is decided then.
    package var needs: [Fact] = []
    /// In the order in which they are performed.
    package var steps: [Step] = []
    /// Whether the steps begin the run, and do not only note how far it is: notes are made whatever holds the run.
    package var begins = false

    /// The same without a beginning, for this reason: its turn has not come, or something holds it.
    package func withheld(_ reason: Withheld.Reason) -> RunDecision {
        guard begins else { return self }
        var decision = self
        decision.begins = false
        decision.steps = []
        decision.standing = RunStanding(
            node: standing.node, digest: standing.digest, state: .withheld(reason), revision: standing.revision)
        return decision
    }

    /// Whether what depends on the run may begin.
    package var isDone: Bool { standing.state == .done }
}

/// Decides about one-off tasks from what is known.
///
/// A run is begun once for its digest, and remembered in a tag on the revision that it runs. The order of calls is what makes
/// it safe, wherever the controller is killed:
///
/// 1. The revision is tagged as started, with an attempt. Nothing is called before.
/// 2. RunTask carries a token of digest and attempt. While ECS honours it (24 hours), the call may be repeated: it starts
///    nothing twice. Later it is never repeated.
/// 3. What ECS started is noted, and each task's end while ECS still shows it (about an hour).
/// 4. What was started and cannot be seen any more is a question for a person.
///
/// A new attempt has a new token, so there is one only where no task of the last one can run: RunTask itself said so, or a
/// person does.
package struct RunPlanner {
    let run: DesiredRun
    /// Nil for a pinned revision.
    let taskDefinition: DesiredTaskDefinition?
    let observed: Observed
    let policy: PlanningPolicy
    package let digest: Digest
    let names: RunNames

    package init(
        run: DesiredRun, taskDefinition: DesiredTaskDefinition?, observed: Observed, policy: PlanningPolicy,
    ) {
        self.run = run
        self.taskDefinition = taskDefinition
        self.observed = observed
        self.policy = policy
        digest = RunDigest.digest(of: run, taskDefinition: taskDefinition, identity: policy.identity)
        names = RunNames(digest)
    }

    /// What is to be done now.
    package func decide() -> RunDecision {
        if let reason = objectionToAnyLook { return decision(.withheld(reason)) }
        if let why = run.unresolved { return decision(.unknown(why)) }
        var decision = decideFromRevision()
        guard !decision.steps.isEmpty else { return decision }
        if let reason = objectionToAnyWrite {
            decision.steps = decision.begins ? decision.steps : []
            return decision.withheld(reason)
        }
        if let until = observed.runHolds[run.node], policy.uptime < until {
            // What was written just now may not show yet: nothing is noted or begun on old answers.
            decision.steps = []
            if decision.begins {
                decision.begins = false
                decision.standing = standing(.unknown("waiting until ECS's answers can be believed"))
            }
            return decision
        }
        if let reason = pause { return decision.withheld(reason) }
        if decision.begins, let refusal = observed.runRefusals[run.node], refusal.digest == digest {
            return decision.withheld(.refused(refusal.why))
        }
        return decision
    }

    // MARK: What holds it

    private var objectionToAnyLook: Withheld.Reason? {
        if !policy.clusters.isEmpty, !policy.clusters.contains(run.cluster) {
            return .foreignCluster(run.cluster.text)
        }
        if case .family = run.taskDefinition, taskDefinition == nil { return .badManifest }
        return nil
    }

    private var objectionToAnyWrite: Withheld.Reason? {
        guard let caller = policy.callerAccount else {
            return .unreadable("It is not known which account the credentials belong to. Nothing is written.")
        }
        if caller != policy.account { return .wrongAccount(expected: policy.account.text, actual: caller.text) }
        return policy.act ? nil : .observing
    }

    /// What git says of the environment and of the run itself holds it; no tag does, for a run has none.
    private var pause: Withheld.Reason? {
        let own =
            run.options.holds.isEmpty
            ? HoldWindow.windows(settings: EnvironmentOptions(), service: run.options) : run.options.holds
        guard let hold = Hold.hold(policy.holds + own, at: policy.wall), let first = hold.windows.first else {
            return nil
        }
        let why = hold.sentence + " " + hold.remedy
        return first.kind == .freeze ? .frozen(until: hold.until, why: why) : .paused(why: why)
    }

    // MARK: Revision and memory

    private func decideFromRevision() -> RunDecision {
        switch RunRevisions(planner: self).find() {
        case .needs(let facts): return needing(facts)
        case .unreadable(let why): return unreadable(why)
        case .unusable(let why): return decision(.withheld(.refused(why)))
        case .new:
            return decide(at: RunPlace(revision: nil, content: taskDefinition?.input ?? .map([]), tags: []))
        case .found(let revision):
            switch observed.revisionTags[revision.arn] {
            case nil: return needing([.revisionTags(revision.arn)])
            case .unreadable(let why): return unreadable(why)
            case .missing: return decide(at: RunPlace(revision: revision, content: revision.described, tags: []))
            case .known(let tags):
                return decide(at: RunPlace(revision: revision, content: revision.described, tags: tags))
            }
        }
    }

    private func decide(at place: RunPlace) -> RunDecision {
        guard let text = place.tag(names.tagKey) else { return begin(place, after: nil) }
        guard let memory = RunMemory(text) else {
            return decision(
                .question(
                    RunStanding.Trouble(
                        cause:
                            "The tag \(names.tagKey) on \(place.name) is not one that Mooring wrote, so nobody can tell "
                            + "whether the run has been started.",
                        remedy: howToRunAgain, evidence: [text])), place)
        }
        switch memory.phase {
        case .ended: return decision(.done, place)
        case .failed:
            return decision(
                .failed(
                    RunStanding.Trouble(
                        cause: memory.note.isEmpty ? "The run failed." : memory.note, remedy: howToRunAgain)), place)
        case .again: return begin(place, after: memory)
        case .started, .running, .unplaced:
            let tasks = tasksKey(attempt: memory.attempt, at: place)
            switch observed.runTasks[tasks] {
            case nil: return needing([.runTasks(tasks)])
            case .unreadable(let why): return unreadable(why)
            case .missing: return follow(memory, tasks: [], at: place)
            case .known(let tasks):
                return follow(memory, tasks: tasks.map { RunTask($0, content: place.content) }, at: place)
            }
        }
    }

    // MARK: Beginning

    /// Begins a run that was never begun, or that a person wants again. What a lost tag hides is found by its name.
    private func begin(_ place: RunPlace, after memory: RunMemory?) -> RunDecision {
        let attempt = memory?.attempt ?? 1
        let key = tasksKey(attempt: attempt, at: place)
        switch observed.runTasks[key] {
        case nil: return needing([.runTasks(key)])
        case .unreadable(let why): return unreadable(why)
        case .missing: return start(place, attempt: attempt)
        case .known(let tasks) where tasks.isEmpty: return start(place, attempt: attempt)
        case .known(let tasks):
            let started = RunMemory(.started, attempt: attempt, at: policy.wall)
            return follow(started, tasks: tasks.map { RunTask($0, content: place.content) }, at: place)
        }
    }

    /// Notes that the run is begun, then begins it.
    private func start(_ place: RunPlace, attempt: Int) -> RunDecision {
        if let why = place.lackOfRoom(for: names.tagKey) {
            return decision(.question(RunStanding.Trouble(cause: why, remedy: place.remedyForRoom)), place)
        }
        if place.revision?.isActive == false {
            let why = "\(place.name), which remembers the run, was deregistered and cannot be run."
            return decision(
                .question(
                    RunStanding.Trouble(
                        cause: why, remedy: "Change the run's manifest, for one 'mooring: {redeploy: TOKEN}'.")), place)
        }
        var steps: [Step] = []
        var reference = place.reference
        if reference == nil, let taskDefinition {
            let own = TaskDefinitionDigest.digest(of: taskDefinition.input)
            steps.append(
                Step(
                    id: StepID("register \(taskDefinition.family)"),
                    action: .registerTaskDefinition(
                        family: taskDefinition.family, digest: own,
                        input: taskDefinition.registration(own, identity: policy.identity)),
                    reason: "No registered revision has what git says."))
            reference = .registered(own)
        }
        guard let reference else { return decision(.withheld(.badManifest)) }
        let noting = note(
            RunMemory(.started, attempt: attempt, at: policy.wall), on: reference,
            "It is noted before the call, so that no second run follows it.", after: steps.map(\.id))
        steps.append(noting)
        steps.append(
            call(reference, attempt: attempt, "The run has not been made with these inputs.", after: steps.map(\.id)))
        var decision = decision(.starting, place)
        decision.steps = steps
        decision.begins = true
        return decision
    }

    private func call(_ reference: RevisionReference, attempt: Int, _ reason: String, after: [StepID]) -> Step {
        Step(
            id: StepID("run \(run.node)"),
            action: .run(
                node: run.node, digest: digest,
                .start(revision: reference, input: run.startInput(names, attempt: attempt), attempt: attempt)),
            reason: reason, after: after)
    }

    func note(
        _ memory: RunMemory, on reference: RevisionReference, _ reason: String, after: [StepID] = [],
    ) -> Step {
        Step(
            id: StepID("note \(run.node)"),
            action: .run(
                node: run.node, digest: digest, .note(revision: reference, tag: Tag(names.tagKey, memory.text))),
            reason: reason, after: after)
    }

    // MARK: Following

    private func follow(_ memory: RunMemory, tasks: [RunTask], at place: RunPlace) -> RunDecision {
        guard let reference = place.reference else { return decision(.unknown("its revision is not registered yet")) }
        if memory.phase == .unplaced, tasks.isEmpty { return again(memory, place) }
        if memory.phase == .started {
            if let answer, answer.attempt == memory.attempt { return take(answer, memory, tasks, place) }
            if tasks.isEmpty { return repeatCall(memory, reference, place) }
        }
        var known = memory
        known.phase = .running
        if memory.phase != .running {
            (known.wanted, known.placed) = (run.count, tasks.count)
        }
        return watch(known, was: memory, tasks: tasks, since: memory.at, on: reference, at: place)
    }

    private var answer: RunAnswer? {
        observed.runAnswers[run.node].flatMap { $0.digest == digest ? $0 : nil }
    }

    /// RunTask answered, and that is not noted yet.
    private func take(
        _ answer: RunAnswer, _ memory: RunMemory, _ tasks: [RunTask], _ place: RunPlace,
    ) -> RunDecision {
        guard let reference = place.reference else { return decision(.unknown("its revision is not registered yet")) }
        let reasons = answer.failures.uniqued().joined(separator: " ")
        if answer.tasks.isEmpty, tasks.isEmpty {
            // Within the time for which stopped tasks are shown, no task means that there was none. Later the answer may be
            // a repetition of an older one, whose tasks are gone.
            let isFresh = answer.failures.isEmpty == false && policy.wall - memory.at < Limits.stoppedTaskVisibility
            guard isFresh else { return gone(memory, place) }
            var unplaced = RunMemory(.unplaced, attempt: memory.attempt, at: policy.wall)
            unplaced.note = reasons
            var decision = decision(.waiting(until: unplaced.at + delay(unplaced.attempt), why: reasons), place)
            decision.steps = [note(unplaced, on: reference, "No task could be placed: \(reasons).")]
            return decision
        }
        var known = memory
        known.phase = .running
        known.wanted = run.count
        known.placed = max(answer.tasks.count, tasks.count)
        known.tasks = answer.tasks.map { RunMemory.Mark(id: RunMemory.shortID(ofTask: $0)) }
        known.note = reasons
        return watch(known, was: memory, tasks: tasks, since: answer.at, on: reference, at: place)
    }

    /// Started, and ECS shows no task: the call was never made, its answer was lost, or all of it is over and gone.
    private func repeatCall(_ memory: RunMemory, _ reference: RevisionReference, _ place: RunPlace) -> RunDecision {
        let age = policy.wall - memory.at
        // A clock that went backwards says nothing of what the token still holds.
        guard age >= .zero, age < Limits.runTokenLife else { return gone(memory, place) }
        var decision = decision(.starting, place)
        decision.steps = [
            call(
                reference, attempt: memory.attempt,
                "The run was noted as started and shows no task; ECS starts it once for its token.", after: [])
        ]
        decision.begins = true
        return decision
    }

    private func again(_ memory: RunMemory, _ place: RunPlace) -> RunDecision {
        if memory.attempt >= Limits.runAttempts {
            return decision(
                .failed(
                    RunStanding.Trouble(
                        cause: "No task could be placed in \(memory.attempt) attempts: \(memory.note).",
                        remedy: "Give the cluster capacity. " + howToRunAgain)), place)
        }
        let due = memory.at + delay(memory.attempt)
        if policy.wall < due { return decision(.waiting(until: due, why: memory.note), place) }
        return start(place, attempt: memory.attempt + 1)
    }

    /// How long to wait after an attempt that placed nothing: a minute, then twice as long each time, up to half an hour.
    private func delay(_ attempt: Int) -> Duration {
        min(.seconds(60 << min(max(attempt - 1, 0), 10)), Limits.longestPlacementDelay)
    }

    private func watch(
        _ memory: RunMemory, was: RunMemory, tasks: [RunTask], since: Timestamp, on reference: RevisionReference,
        at place: RunPlace,
    ) -> RunDecision {
        let isNew = (.zero..<Limits.runVisibilityDelay).contains(policy.wall - since)
        var memory = memory
        memory.placed = max(memory.placed, tasks.count)
        for task in tasks {
            if let index = memory.tasks.firstIndex(where: { $0.id == task.id }) {
                memory.tasks[index].code = memory.tasks[index].code ?? task.code
            } else {
                memory.tasks.append(RunMemory.Mark(id: task.id, code: task.code))
            }
        }
        let alive = tasks.filter { !$0.isOver }
        let visible = Set(tasks.map(\.id))
        let lost = memory.tasks.filter { $0.code == nil && !visible.contains($0.id) }
        // Fewer than were wanted, and nobody has said why: the others may only not show yet.
        let mayGrow = memory.placed < memory.wanted && memory.note.isEmpty && (isNew || was.phase != .running)
        if alive.isEmpty, lost.isEmpty, !memory.tasks.isEmpty, !mayGrow {
            return RunEnd(planner: self, memory: memory, tasks: tasks).decision(on: reference, at: place)
        }
        if alive.isEmpty {
            return isNew || mayGrow
                ? noting(memory, was: was, .running(progress: "started; \(EventWords.unseen)"), reference, place)
                : gone(memory, place)
        }
        let over = memory.tasks.filter { $0.code != nil }.count
        let states = alive.map(\.state).uniqued().sorted().joined(separator: ", ")
        let progress = "\(over)/\(memory.placed) tasks ended; \(states)"
        return noting(memory, was: was, .running(progress: overdue(since: was.at) + progress), reference, place)
    }

    private func overdue(since start: Timestamp) -> String {
        guard let timeout = run.options.timeout, policy.wall - start > timeout else { return "" }
        return "longer than its timeout of \(timeout.components.seconds) s; "
    }

    /// The state, and a note where more is known than is noted. Ends of single tasks are noted as they come: ECS forgets them
    /// while others still run.
    private func noting(
        _ memory: RunMemory, was: RunMemory, _ state: RunStanding.State, _ reference: RevisionReference,
        _ place: RunPlace,
    ) -> RunDecision {
        var decision = decision(state, place)
        if memory != was {
            var noted = memory
            if was.phase != .running { noted.at = RunMemory(.running, attempt: 1, at: policy.wall).at }
            decision.steps = [note(noted, on: reference, "More is known of the run.")]
        }
        return decision
    }

    /// Started, and no longer to be seen.
    private func gone(_ memory: RunMemory, _ place: RunPlace) -> RunDecision {
        decision(
            .question(
                RunStanding.Trouble(
                    cause:
                        "The run was started at \(memory.at.iso8601), and ECS no longer shows its tasks, so nobody can "
                        + "tell how it ended. It is not run a second time.",
                    remedy:
                        "Look at what it did, by its log for one. If it did its work, set the tag \(names.tagKey) on "
                        + "\(place.name) to '\(RunMemory(.ended, attempt: memory.attempt, at: memory.at).text)'. "
                        + howToRunAgain)), place)
    }

    // MARK: Parts

    private func tasksKey(attempt: Int, at place: RunPlace) -> RunTasksKey {
        RunTasksKey(
            cluster: run.cluster, startedBy: names.startedBy(attempt: attempt),
            family: place.arn?.revision.family ?? taskDefinition?.family)
    }

    /// How a person has a run made again.
    var howToRunAgain: String {
        "To run it again, change its manifest, for one 'mooring: {redeploy: TOKEN}', or say "
            + "'mooring retry \(run.cluster)/\(run.name)'."
    }

    func decision(_ state: RunStanding.State, _ place: RunPlace? = nil) -> RunDecision {
        RunDecision(standing: standing(state, place))
    }

    private func standing(_ state: RunStanding.State, _ place: RunPlace? = nil) -> RunStanding {
        RunStanding(node: run.node, digest: digest, state: state, revision: place?.arn?.revision)
    }

    private func needing(_ facts: [Fact]) -> RunDecision {
        var decision = decision(.unknown("not read yet"))
        decision.needs = facts
        return decision
    }

    private func unreadable(_ why: Unreadable) -> RunDecision {
        decision(why.isPassing ? .unknown(why.why) : .withheld(.unreadable(why.why)))
    }

    func ending(_ memory: RunMemory, _ state: RunStanding.State, on reference: RevisionReference, at place: RunPlace)
        -> RunDecision
    {
        var decision = decision(state, place)
        decision.steps = [note(memory, on: reference, "The run is over.")]
        return decision
    }
}
