package import MooringNames
package import MooringShapes

/// What a manifest says to Mooring under its top-level key `mooring`. Never reaches AWS.
package struct MooringOptions: Hashable, Sendable {
    /// An existing service without an owner may be taken over.
    package var adopt = false
    /// A service that CloudFormation also manages may be changed.
    package var shared = false
    /// Services that must stand as git says before this one is touched. In the order they are written.
    package var dependsOn: [ServiceKey] = []
    /// How long a rollout may take before it is reported as failed; nil for what follows from the service.
    package var timeout: Duration?
    /// When a rollout counts as a success.
    package var waitFor: RolloutGoal = .steady
    /// Members that are not compared, as paths: `desiredCount`, `containerDefinitions[web].image`.
    package var ignore: [String] = []
    /// Why the service is left alone, nil where it is not. Empty where the manifest gives no reason.
    package var pause: String?
    /// Times in which the service is left alone, from its manifest alone. In the order they are written.
    package var holds: [HoldWindow] = []
    /// A deployment is forced when this token changes.
    package var redeploy: String?
    /// The service may be made anew where a change needs that.
    package var replace = false
    /// What is done about differences that no commit made; nil for what the environment says.
    package var drift: DriftOptions?
    /// The commit (at least seven digits of it) or digest whose rollout may pass the hooks that wait for somebody.
    package var approve: String?
    /// What Application Auto Scaling shall do with the service's count; nil where git says nothing of it.
    package var autoscaling: ScalingOptions?

    package init(
        adopt: Bool = false, shared: Bool = false, dependsOn: [ServiceKey] = [], timeout: Duration? = nil,
        ignore: [String] = [], pause: String? = nil, redeploy: String? = nil, replace: Bool = false,
    ) {
        self.adopt = adopt
        self.shared = shared
        self.dependsOn = dependsOn
        self.timeout = timeout
        self.ignore = ignore
        self.pause = pause
        self.redeploy = redeploy
        self.replace = replace
    }
}

/// What is done about a difference that no commit made: `mooring: {drift: …}`.
package enum DriftPolicy: String, Hashable, Sendable, CaseIterable {
    /// It is told and taken back.
    case correct
    /// It is told and stays, until a commit changes the service.
    case report
    /// It stays and nobody is told.
    case ignore
}

/// What is done about differences that no commit made, by what differs.
package struct DriftOptions: Hashable, Sendable {
    /// The service's own members.
    package var members: DriftPolicy
    /// The revision it runs.
    package var revision: DriftPolicy

    /// A revision changed by hand stays until the next commit: at 3 am the person on call is right.
    package init(members: DriftPolicy = .correct, revision: DriftPolicy = .report) {
        self.members = members
        self.revision = revision
    }
}

/// What git says of a service's automatic scaling, in the shapes of Application Auto Scaling's API.
package struct ScalingOptions: Hashable, Sendable {
    /// A RegisterScalableTarget input without namespace, resource and dimension.
    package var target: Value
    /// PutScalingPolicy inputs without namespace, resource and dimension. By name, no name twice.
    package var policies: [Value]
    /// PutScheduledAction inputs without namespace, resource and dimension. By name, no name twice.
    package var scheduledActions: [Value]

    package init(target: Value, policies: [Value] = [], scheduledActions: [Value] = []) {
        self.target = target
        self.policies = policies
        self.scheduledActions = scheduledActions
    }
}
