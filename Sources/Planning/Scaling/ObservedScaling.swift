package import MooringShapes

/// What Application Auto Scaling holds of one service.
package struct ObservedScaling: Hashable, Sendable {
    /// The element of DescribeScalableTargets' answer, nil where the service is not registered.
    package var target: Value?
    /// Elements of DescribeScalingPolicies' answer, all pages.
    package var policies: [Value]
    /// Elements of DescribeScheduledActions' answer, all pages.
    package var scheduledActions: [Value]

    package init(target: Value?, policies: [Value] = [], scheduledActions: [Value] = []) {
        self.target = target
        self.policies = policies
        self.scheduledActions = scheduledActions
    }

    /// The band in which the count is moved, nil where the service is not registered.
    package var band: ScalableBand? {
        target.map {
            ScalableBand(minimum: $0["MinCapacity"]?.integer ?? 0, maximum: $0["MaxCapacity"]?.integer ?? 0)
        }
    }

    func policy(_ name: String) -> Value? { policies.first { $0["PolicyName"]?.text == name } }
    func scheduledAction(_ name: String) -> Value? {
        scheduledActions.first { $0["ScheduledActionName"]?.text == name }
    }
}
