package import MooringNames
package import MooringShapes

/// A service as DescribeServices shows it.
package struct ObservedService: Hashable, Sendable {
    package let key: ServiceKey
    /// The `service` element of the answer, unchanged.
    package let described: Value

    package init(key: ServiceKey, described: Value) {
        self.key = key
        self.described = described
    }

    package var arn: String { described["serviceArn"]?.text ?? "" }
    /// ACTIVE, DRAINING or INACTIVE.
    package var status: String { described["status"]?.text ?? "" }
    package var desiredCount: Int { described["desiredCount"]?.integer ?? 0 }
    package var runningCount: Int { described["runningCount"]?.integer ?? 0 }

    /// The revision the service points at; nil under controllers that keep it on task sets.
    package var taskDefinition: TaskDefinitionARN? {
        described["taskDefinition"]?.text.flatMap { try? TaskDefinitionARN($0) }
    }

    /// Newest first, as ECS lists them.
    package var deployments: [ObservedDeployment] {
        (described["deployments"]?.elements ?? []).map(ObservedDeployment.init(described:))
    }

    package var primary: ObservedDeployment? { deployments.first { $0.status == "PRIMARY" } }

    /// The value of a tag, nil where the service does not carry it.
    package func tag(_ key: String) -> String? {
        described["tags"]?.elements?.first { $0["key"]?.text == key }?["value"]?.text
    }

    /// The controller that runs its deployments: ECS (also where nothing is said), CODE_DEPLOY or EXTERNAL.
    package var deploymentController: String { described["deploymentController"]?["type"]?.text ?? "ECS" }
}

/// An element of a described service's `deployments`.
package struct ObservedDeployment: Hashable, Sendable {
    package let described: Value

    package init(described: Value) { self.described = described }

    /// `ecs-svc/…`
    package var id: String { described["id"]?.text ?? "" }
    /// PRIMARY, ACTIVE or INACTIVE.
    package var status: String { described["status"]?.text ?? "" }
    package var taskDefinition: TaskDefinitionARN? {
        described["taskDefinition"]?.text.flatMap { try? TaskDefinitionARN($0) }
    }
    /// IN_PROGRESS, COMPLETED or FAILED; nil where ECS does not say.
    package var rolloutState: String? { described["rolloutState"]?.text }
    package var rolloutStateReason: String? { described["rolloutStateReason"]?.text }
    package var desiredCount: Int { described["desiredCount"]?.integer ?? 0 }
    package var runningCount: Int { described["runningCount"]?.integer ?? 0 }
    package var failedTasks: Int { described["failedTasks"]?.integer ?? 0 }
}

/// A revision of a task definition as DescribeTaskDefinition shows it, its tags beside it. Never changes once registered.
package struct ObservedTaskDefinition: Hashable, Sendable {
    package let arn: TaskDefinitionARN
    /// The `taskDefinition` member of the answer, unchanged.
    package let described: Value
    /// The `tags` member of the answer.
    package let tags: [Value]

    package init(arn: TaskDefinitionARN, described: Value, tags: [Value]) {
        self.arn = arn
        self.described = described
        self.tags = tags
    }

    /// INACTIVE revisions cannot be newly referenced.
    package var isActive: Bool {
        described["status"]?.text != "INACTIVE" && described["status"]?.text != "DELETE_IN_PROGRESS"
    }
}

/// A service deployment: ECS's own record of one rollout, with the service revision it aimed at.
package struct DeploymentRecord: Hashable, Sendable {
    /// An element of DescribeServiceDeployments' answer.
    package let described: Value
    /// The element of DescribeServiceRevisions' answer for the target, nil where it could not be read.
    package let target: Value?

    package init(described: Value, target: Value?) {
        self.described = described
        self.target = target
    }

    package var status: String { described["status"]?.text ?? "" }
    package var statusReason: String? { described["statusReason"]?.text }
    package var targetTaskDefinition: TaskDefinitionARN? {
        target?["taskDefinition"]?.text.flatMap { try? TaskDefinitionARN($0) }
    }
}
