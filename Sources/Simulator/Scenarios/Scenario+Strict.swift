/// Which kinds of things must have been made here before tasks and services may use them.
///
/// Nothing by default: most people who rehearse a rollout have not rebuilt their whole account.
package struct Strictness: Equatable, Sendable {
    /// A kind of thing outside ECS that tasks and services refer to. The raw values are what a scenario says.
    package enum Kind: String, CaseIterable, Sendable {
        case logGroups
        case secrets
        case parameters
        case roles
        case targetGroups
        case images
        case capacityProviders
    }

    private var kinds: [Bool] = Array(repeating: false, count: Kind.allCases.count)

    package init(_ strict: [Kind] = []) { for kind in strict { self[kind] = true } }

    package subscript(_ kind: Kind) -> Bool {
        get { kinds[Strictness.index(kind)] }
        set { kinds[Strictness.index(kind)] = newValue }
    }

    private static func index(_ kind: Kind) -> Int {
        switch kind {
        case .logGroups: 0
        case .secrets: 1
        case .parameters: 2
        case .roles: 3
        case .targetGroups: 4
        case .images: 5
        case .capacityProviders: 6
        }
    }
}

/// What CloudWatch would measure of a service, so that target tracking has something to follow.
package struct MetricRule: Equatable, Sendable {
    /// `cluster/service`, or `*` for every service.
    package var service: String
    /// The predefined metric type or the customized metric's name: `ECSServiceAverageCPUUtilization`.
    package var metric: String
    package var reading: Reading
    /// The rule holds in this stretch of time; nil is open.
    package var from: Int64?
    package var until: Int64?

    package enum Reading: Equatable, Sendable {
        /// The metric, however many tasks run.
        case value(Double)
        /// What all running tasks share: the metric is this, divided by their number.
        case load(Double)
    }

    package init(
        service: String = "*", metric: String, reading: Reading, from: Int64? = nil, until: Int64? = nil,
    ) {
        self.service = service
        self.metric = metric
        self.reading = reading
        self.from = from
        self.until = until
    }
}
