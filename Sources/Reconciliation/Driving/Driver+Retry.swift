package import MooringModel
package import MooringPlanning
package import MooringPorts

extension Driver {
    /// Reads from ECS what a person's wish to have a one-off task made again needs, and says what follows. Writes nothing.
    package static func retry(
        _ run: DesiredRun, of desired: DesiredState, policy: PlanningPolicy, aws: any AWSClient,
    ) async throws(Failure) -> RunRetry {
        var taskDefinition: DesiredTaskDefinition?
        if case .family(let family) = run.taskDefinition {
            taskDefinition = desired.taskDefinitions.first { $0.family == family }
        }
        let history = HistorySource(desired: desired, head: nil, folder: nil, defaultCluster: nil)
        let reader = FactReader(aws: aws, git: nil, history: history, folder: nil)
        var observed = Observed()
        var answer = RunRetry.needs([])
        for _ in 0..<Limits.planningRounds {
            answer = RunPlanner(run: run, taskDefinition: taskDefinition, observed: observed, policy: policy).retry()
            guard case .needs(let facts) = answer else { return answer }
            try await reader.read(facts, into: &observed) { $0.isInTheWay($1) }
        }
        return answer
    }
}
