import MooringModel
import MooringNames
import MooringShapes

/// Whether a step for a one-off task may be there: the run is git's, and nothing is started that could run twice.
struct RunCheck {
    let facts: CheckFacts
    let step: Step
    let node: OrderNode
    let digest: Digest

    func violations(of write: RunWrite) -> [PlanViolation] {
        guard let run = facts.desired.runs.first(where: { $0.node == node }) else { return [.notInGit(step.id)] }
        var found: [PlanViolation] = []
        let clusters = facts.policy.clusters
        if !clusters.isEmpty, !clusters.contains(run.cluster) {
            found.append(.writesToForeignCluster(step.id, run.cluster))
        }
        if run.unresolved != nil { found.append(.writesUnresolved(step.id)) }
        if let until = facts.observed.runHolds[node], facts.policy.uptime < until {
            found.append(.writtenTooEarly(step.id))
        }
        switch write {
        case .note(_, let tag): return found + onNote(tag)
        case .start(let revision, let input, let attempt):
            if let why = facts.pause ?? run.options.pause ?? own(run) {
                found.append(.writesWhilePaused(step.id, why: why))
            }
            if let refusal = facts.observed.runRefusals[node], refusal.digest == digest {
                found.append(.refusedBefore(step.id))
            }
            return found + onInput(input, attempt, of: run) + onMemory(revision, input, attempt)
        }
    }

    private func own(_ run: DesiredRun) -> String? {
        run.options.holds.first { $0.holds(at: facts.policy.wall) }?.reason
    }

    private func onNote(_ tag: Tag) -> [PlanViolation] {
        guard tag.key.hasPrefix(OwnTag.run), RunMemory(tag.value) != nil else {
            return [.valueNotFromGit(step.id, member: "tags[\(tag.key)]")]
        }
        return []
    }

    private func onInput(_ input: Value, _ attempt: Int, of run: DesiredRun) -> [PlanViolation] {
        let own: Set<String> = ["clientToken", "startedBy"]
        let beside: Set<String> = ["cluster", "taskDefinition", "referenceId"]
        var found = (input.members ?? []).filter { member in
            !own.contains(member.name) && (beside.contains(member.name) || member.value != run.input[member.name])
        }
        .map { PlanViolation.valueNotFromGit(step.id, member: $0.name) }
        found += (run.input.members ?? []).map(\.name)
            .filter { !own.contains($0) && !beside.contains($0) && input[$0] == nil }
            .map { .valueNotFromGit(step.id, member: $0) }
        let names = RunNames(digest)
        if input["clientToken"]?.text != names.clientToken(attempt: attempt)
            || input["startedBy"]?.text != names.startedBy(attempt: attempt)
        {
            found.append(.runWithoutName(step.id))
        }
        return found
    }

    /// A run begins only after a note that says so, where no task of the attempt is to be seen; and a noted one is called for
    /// again only while ECS honours the token.
    private func onMemory(_ revision: RevisionReference, _ input: Value, _ attempt: Int) -> [PlanViolation] {
        let names = RunNames(digest)
        var found: [PlanViolation] = []
        if case .run(let cluster, _) = node {
            let key = RunTasksKey(cluster: cluster, startedBy: names.startedBy(attempt: attempt))
            if case .known(let tasks) = facts.observed.runTasks[key], !tasks.isEmpty {
                found.append(.runTwice(step.id, why: "tasks of it are there"))
            }
        }
        let isNoted = facts.plan.steps.contains { other in
            guard step.after.contains(other.id), case .run(node, digest, .note(revision, let tag)) = other.action,
                tag.key == names.tagKey, let memory = RunMemory(tag.value)
            else { return false }
            return memory.phase == .started && memory.attempt == attempt
        }
        let old = remembered(on: revision, names)
        if isNoted {
            switch old?.phase {
            case nil where attempt == 1, .again where old?.attempt == attempt,
                .unplaced where old.map { $0.attempt + 1 } == attempt:
                break
            default:
                found.append(
                    .runTwice(step.id, why: "the revision says \(old?.text ?? "nothing of an attempt before")"))
            }
        } else if old?.phase != .started || old?.attempt != attempt {
            found.append(.runTwice(step.id, why: "nothing notes it before"))
        } else if let old, facts.policy.wall < old.at || facts.policy.wall - old.at >= .seconds(24 * 3600) {
            found.append(.runTwice(step.id, why: "its token is no longer honoured"))
        }
        return found
    }

    private func remembered(on revision: RevisionReference, _ names: RunNames) -> RunMemory? {
        guard case .existing(let arn) = revision, case .known(let tags) = facts.observed.revisionTags[arn] else {
            return nil
        }
        return tags.first { $0.key == names.tagKey }.flatMap { RunMemory($0.value) }
    }
}
