/// When a rollout counts as a success: `mooring: {waitFor: …}`.
package enum RolloutGoal: String, Hashable, Sendable, CaseIterable {
    /// ECS has completed the deployment: bake time over, old tasks gone.
    case steady = "steady"
    /// All production traffic goes to our revision, whether or not ECS still bakes and cleans up. For strategies that
    /// shift traffic; a rolling update has no such moment, and is waited for until it is steady.
    case trafficShifted = "traffic-shifted"
}
