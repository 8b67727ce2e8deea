import MooringModel
import MooringPlanning
import MooringPorts
import MooringReconciliation

extension Driver {
    /// The plan where no repository tells what git said before.
    static func plan(
        desired: DesiredState, policy: PlanningPolicy, aws: any AWSClient,
    ) async throws(Failure) -> Plan {
        let history = HistorySource(
            desired: desired, head: nil, absence: "There is no repository.", folder: nil, defaultCluster: nil)
        return try await plan(desired: desired, policy: policy, aws: aws, git: nil, history: history, folder: nil)
    }
}
