import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringRollouts
import MooringShapes

/// How far the steps of a plan are.
struct StepRun: Sendable {
    var running: Set<StepID> = []
    var done: Set<StepID> = []
    var failed: Set<StepID> = []
    /// What registrations of this plan returned.
    var registered: [Digest: TaskDefinitionARN] = [:]

    /// Whether a step may begin: all it waits for is done, and it has not begun.
    func mayBegin(_ step: Step) -> Bool {
        !running.contains(step.id) && !done.contains(step.id) && !failed.contains(step.id)
            && step.after.allSatisfy(done.contains)
    }
}

/// Why a service's rollout failed, as far as ECS says.
struct KnownCause: Hashable, Sendable {
    let digest: Digest?
    /// From the fixed list.
    let kind: Cause
    /// How far the rollout was when it was found out.
    var depth: Depth
    let cause: String
    let remedy: String
    let evidence: [String]

    /// How much there was to be known: at each of these ECS tells more.
    enum Depth: Int, Comparable, Sendable {
        case underWay, overdue, goingBack, over

        static func < (left: Depth, right: Depth) -> Bool { left.rawValue < right.rawValue }
    }

    /// Whether anything was found out but that it takes long.
    var says: Bool { kind != .unknown || depth != .overdue }
}

extension EnvironmentLoop {
    /// Performs the plan. The loop chooses nothing: it begins what may begin.
    mutating func act() {
        phase = .acting
        failing = [:]
        for standing in standings.values where standing.wantsDiagnosis {
            if case .known(let live) = observed.services[standing.key] { failing[standing.key] = live }
        }
        for standing in standings.values where standing.state == .synced {
            if case .known(let live) = observed.services[standing.key] {
                shortfalls[standing.key] = live.shortfall
            }
        }
        // What was registered or updated just before a restart may not show yet, so nothing is written before reads can be
        // believed to show it.
        if now.uptime < startedAt + Limits.readLag {
            tellPause()
            // What left git has its turn with the next look at everything.
            unplanned.formUnion(plan.steps.compactMap(\.service).filter { source.digests[$0] != nil })
            return diagnose()
        }
        beginSteps()
    }

    private mutating func tellPause() {
        guard !plan.steps.isEmpty, !hasToldPause else { return }
        hasToldPause = true
        tell(.pausing(startedAt + Limits.readLag - now.uptime))
    }

    private mutating func beginSteps() {
        for step in plan.steps where run.mayBegin(step) {
            guard let call = call(for: step) else { continue }
            run.running.insert(step.id)
            if !step.action.isBookkeeping { tell(.stepStarted(step)) }
            ask(.call(call), for: .step(step))
        }
        if run.running.isEmpty { diagnose() }
    }

    private func call(for step: Step) -> APICall? {
        switch step.action {
        case .registerTaskDefinition(_, _, let input):
            return APICall(.ecs, "RegisterTaskDefinition", input)
        case .createService(let key, var input, let reference):
            input["cluster"] = .string(key.cluster.text)
            input["serviceName"] = .string(key.service.text)
            input["taskDefinition"] = arn(of: reference).map { .string($0.text) }
            return APICall(.ecs, "CreateService", input)
        case .updateService(let key, let input, let reference):
            var whole: Value = ["cluster": .string(key.cluster.text), "service": .string(key.service.text)]
            whole["taskDefinition"] = arn(of: reference).map { .string($0.text) }
            for member in input.members ?? [] { whole[member.name] = member.value }
            return APICall(.ecs, "UpdateService", whole)
        case .tagService(_, let arn, let tags):
            return APICall(
                .ecs, "TagResource", ["resourceArn": .string(arn), "tags": .list(tags.map(\.input))])
        case .untagService(_, let arn, let keys):
            return APICall(
                .ecs, "UntagResource",
                ["resourceArn": .string(arn), "tagKeys": .list(keys.map { .string($0) })])
        case .scale(let key, let write):
            return APICall(.applicationAutoscaling, write.operation, write.input(for: key))
        case .run(_, _, .note(let reference, let tag)):
            guard let arn = arn(of: reference) else { return nil }
            return APICall(.ecs, "TagResource", ["resourceArn": .string(arn.text), "tags": [tag.input]])
        case .run(let node, _, .start(let reference, var input, _)):
            guard let arn = arn(of: reference), case .run(let cluster, _) = node else { return nil }
            input["cluster"] = .string(cluster.text)
            input["taskDefinition"] = .string(arn.text)
            return APICall(.ecs, "RunTask", input)
        case .deleteService(let key):
            // Without force ECS refuses to delete what is not scaled to zero. Source: API reference, DeleteService.
            return APICall(
                .ecs, "DeleteService",
                ["cluster": .string(key.cluster.text), "service": .string(key.service.text), "force": true])
        case .continueDeployment(_, let deployment, let hook):
            return APICall(
                .ecs, "ContinueServiceDeployment",
                ["serviceDeploymentArn": .string(deployment), "hookId": .string(hook), "action": "CONTINUE"])
        }
    }

    private func arn(of reference: RevisionReference?) -> TaskDefinitionARN? {
        switch reference {
        case .existing(let arn): arn
        case .registered(let digest): run.registered[digest]
        case nil: nil
        }
    }

    mutating func completeStep(_ step: Step, _ result: EffectResult) {
        run.running.remove(step.id)
        switch result {
        case .value(let answer): finish(step, answer)
        case .failed(let failure): fail(step, failure)
        default: preconditionFailure("a step was completed with another effect's result")
        }
        beginSteps()
    }

    private mutating func finish(_ step: Step, _ answer: Value) {
        run.done.insert(step.id)
        switch step.action {
        case .registerTaskDefinition(let family, let digest, _):
            guard let registered = ObservedTaskDefinition(answer: answer) else { break }
            run.registered[digest] = registered.arn
            observed.taskDefinitions[registered.arn] = .known(registered)
            observed.newestRevisions[family] = .known(registered)
            tell(.stepDone(step, result: registered.arn.revision.description))
        case .createService(let key, _, let reference), .updateService(let key, _, let reference):
            guard let described = answer["service"] else { break }
            guard let digest = source.digests[key] else {
                // It left git: the next look at everything goes on.
                observed.services[key] = nil
                lookAtEverythingSoon()
                tell(.stepDone(step, result: ""))
                break
            }
            let service = ObservedService(key: key, described: described)
            let before = standings[key]
            let watch = Watch(
                digest: digest, deployment: service.primary?.id ?? "",
                revision: arn(of: reference)?.revision ?? service.taskDefinition?.revision,
                previousRevision: before?.previousRevision, since: now.uptime)
            observed.watches[key] = watch
            observed.services[key] = nil
            // An update that changes no such member leaves what an earlier one said, until another deployment is there.
            if let awaiting = AwaitingTasks(step, deployment: watch.deployment) {
                awaitingTasks[key] = awaiting.adding(awaitingTasks[key])
            }
            causes[key] = nil
            observed.causes[key] = nil
            if standings[key]?.state.isReturning != true {
                stand(key, .rolling(progress: "started"), watch: watch)
            }
            tell(.stepDone(step, result: watch.deployment))
        case .tagService(let key, _, let tags):
            if case .known(let live) = observed.services[key], live.tag(OwnTag.environment) == nil,
                tags.contains(where: { $0.key == OwnTag.environment })
            {
                tell(.adopted(key))
            }
            observed.services[key] = nil
            if tags.contains(where: { !$0.isOurs }) { tell(.stepDone(step, result: "")) }
        case .untagService(let key, _, _):
            observed.services[key] = nil
            if step.action.isBookkeeping { break }
            // The commit is reached when the tags are gone, which the next look sees.
            unplanned.insert(key)
            tell(.stepDone(step, result: ""))
        case .run(let node, let digest, let write):
            finish(write, of: node, digest, answer)
            if case .start = write { tell(.stepDone(step, result: "")) }
        case .scale(let key, _):
            observed.scaling[key] = nil
            observed.scalableTargets[key] = nil
            // The commit is reached when Application Auto Scaling holds what git says, which the next look sees.
            if source.digests[key] != nil { unplanned.insert(key) } else { lookAtEverythingSoon() }
            tell(.stepDone(step, result: ""))
        case .deleteService(let key):
            observed.services[key] = nil
            observed.watches[key] = nil
            if source.digests[key] != nil { unplanned.insert(key) } else { lookAtEverythingSoon() }
            tell(.stepDone(step, result: ""))
        case .continueDeployment(let key, _, _):
            observed.services[key] = nil
            tell(.stepDone(step, result: ""))
        }
    }

    /// What left git is only looked at together with everything else; it is gone in a moment, not after the usual interval.
    private mutating func lookAtEverythingSoon() { lastSweep = nil }

    private mutating func fail(_ step: Step, _ failure: Failure) {
        run.failed.insert(step.id)
        tell(.stepFailed(step, failure))
        let dependents = plan.steps.filter { $0.after.contains(step.id) }
        for other in dependents { run.failed.insert(other.id) }
        for key in ([step] + dependents).compactMap(\.service) {
            hold(key, because: failure)
        }
        if case .run(let node, let digest, _) = step.action { hold(node, digest, because: failure) }
    }

    /// What a write for a one-off task changed is read anew once reads may be believed to show it.
    private mutating func finish(_ write: RunWrite, of node: OrderNode, _ digest: Digest, _ answer: Value) {
        observed.runHolds[node] = now.uptime + Limits.readLag
        switch write {
        case .note(let reference, _):
            guard let arn = arn(of: reference) else { return }
            observed.revisionTags[arn] = nil
            observed.taskDefinitions[arn] = nil
            observed.newestRevisions[arn.revision.family] = nil
        case .start(_, _, let attempt):
            observed.runAnswers[node] = RunAnswer(
                digest: digest, attempt: attempt,
                tasks: (answer["tasks"]?.elements ?? []).compactMap { $0["taskArn"]?.text },
                failures: (answer["failures"]?.elements ?? []).map { $0["reason"]?.text ?? "no reason given" },
                at: now.wall)
        }
    }

    /// Puts a one-off task's next write off, or refuses it for good, as the failure says.
    private mutating func hold(_ node: OrderNode, _ digest: Digest, because failure: Failure) {
        if case .retry(let after) = failure.disposition, !failure.isAmbiguous {
            observed.runHolds[node] = now.uptime + max(after ?? Limits.stepRetry, Limits.stepRetry)
        } else if failure.isAmbiguous || failure.cause.contains("not idempotent") {
            observed.runHolds[node] = now.uptime + Limits.readLag
        } else {
            observed.runRefusals[node] = Refusal(digest: digest, why: failure.description)
        }
    }

    /// Puts the service's next write off, or refuses it for good, as the failure says.
    private mutating func hold(_ key: ServiceKey, because failure: Failure) {
        if failure.isAmbiguous || failure.cause.contains("not idempotent") {
            observed.holds[key] = now.uptime + Limits.readLag
            return stand(key, .unknown(failure.description), watch: nil)
        }
        switch failure.disposition {
        case .retry(let after):
            observed.holds[key] = now.uptime + max(after ?? Limits.stepRetry, Limits.stepRetry)
            stand(key, .unknown(failure.description), watch: nil)
        case .stalled, .invalidInput:
            // What left git has no digest; whatever was wanted of it is refused until the next look at everything.
            let digest = source.digests[key] ?? ServiceDigest.digest(of: .map([]))
            observed.refusals[key] = Refusal(digest: digest, why: failure.description)
            stand(key, .withheld(.refused(failure.description)), watch: nil)
        }
    }

    private mutating func stand(_ key: ServiceKey, _ state: ServiceStanding.State, watch: Watch?) {
        guard source.digests[key] != nil else { return }
        let before = standings[key]
        let standing = ServiceStanding(
            key: key, digest: source.digests[key], state: state, revision: watch?.revision ?? before?.revision,
            previousRevision: watch?.previousRevision ?? before?.previousRevision,
            deployment: watch?.deployment ?? before?.deployment,
            health: watch == nil ? before?.health ?? .unknown : .progressing)
        standings[key] = standing
        tell(.standing(standing))
    }
}

extension ServiceStanding {
    var wantsDiagnosis: Bool {
        switch state {
        case .rejected, .rollingBack, .overdue: true
        case .rolling: health == .degraded
        case .synced, .changing, .withheld, .unknown: false
        }
    }

    var isRejected: Bool {
        switch state {
        case .rejected, .overdue: true
        default: false
        }
    }

    /// How much of a failure there is to be known.
    var depth: KnownCause.Depth {
        switch state {
        case .rejected: .over
        case .rollingBack: .goingBack
        case .overdue: .overdue
        case .synced, .changing, .rolling, .withheld, .unknown: .underWay
        }
    }

    /// Why the rollout failed in ECS's words; that it takes too long are ours.
    var failureReason: String {
        switch state {
        case .rejected(let reason), .rollingBack(let reason): reason
        case .synced, .changing, .rolling, .withheld, .unknown, .overdue: ""
        }
    }
}

extension ServiceStanding.State {
    /// Whether what failed is being taken back.
    var isReturning: Bool {
        if case .rollingBack = self { return true }
        return false
    }
}
