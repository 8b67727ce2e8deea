package import MooringModel
import MooringNames
import MooringShapes

extension RunPlanner {
    /// What `mooring retry` does: the step that lets the run begin anew, or why not.
    package func retry() -> RunRetry {
        guard case .found(let revision) = RunRevisions(planner: self).find() else {
            if case .needs(let facts) = RunRevisions(planner: self).find() { return .needs(facts) }
            return .refused("The run has never been started with these inputs; nothing keeps it from beginning.")
        }
        let arn = revision.arn
        guard let reading = observed.revisionTags[arn] else { return .needs([.revisionTags(arn)]) }
        guard case .known(let tags) = reading else { return .refused("The tags of \(arn.revision) cannot be read.") }
        guard let text = tags.first(where: { $0.key == names.tagKey })?.value else {
            return .refused("The run has never been started with these inputs; nothing keeps it from beginning.")
        }
        let attempt = RunMemory(text)?.attempt ?? 0
        /// How the tasks that show have ended; all of them have.
        var codes: [String] = []
        if attempt > 0 {
            let key = RunTasksKey(
                cluster: run.cluster, startedBy: names.startedBy(attempt: attempt), family: arn.revision.family)
            guard let reading = observed.runTasks[key] else { return .needs([.runTasks(key)]) }
            if case .unreadable(let why) = reading { return .refused("Its tasks cannot be read: \(why.why)") }
            if case .known(let described) = reading {
                let tasks = described.map { RunTask($0, content: revision.described) }
                if let alive = tasks.first(where: { !$0.isOver }) {
                    return .refused(
                        "Its task \(alive.described["taskArn"]?.text ?? "") still runs. Stop it first, or wait for its end."
                    )
                }
                codes = tasks.compactMap(\.code)
            }
        }
        if let memory = RunMemory(text), let why = objection(to: memory, codes) { return .refused(why) }
        // A value that is not ours says nothing of the attempt; a high one has a token that was never used.
        let next = RunMemory(.again, attempt: attempt > 0 ? attempt + 1 : Limits.attemptAfterUnknown, at: policy.wall)
        return .step(note(next, on: .existing(arn), "A person wants the run to be made again."))
    }

    /// Why a run of which no task runs any more is not made again, nil where it may be.
    private func objection(to memory: RunMemory, _ codes: [String]) -> String? {
        // The controller may not have noted the end yet.
        let isOpen = memory.phase == .started || memory.phase == .running
        let started = memory.phase == .running ? memory.placed : run.count
        let showsAll = isOpen && codes.count >= max(started, 1)
        if memory.phase == .ended || showsAll && memory.placed >= memory.wanted && codes.allSatisfy({ $0 == "0" }) {
            return "It ended well. To run it again, change 'mooring: {redeploy: TOKEN}' in its manifest."
        }
        if isOpen, !showsAll, policy.wall - memory.at < Limits.runVisibilityDelay {
            return "It was started a moment ago, and ECS may not show its tasks yet. Try again in some minutes."
        }
        return nil
    }
}

/// What can be done about a person's wish that a run be made again.
package enum RunRetry: Hashable, Sendable {
    case needs([Fact])
    case step(Step)
    /// One or two sentences.
    case refused(String)
}
