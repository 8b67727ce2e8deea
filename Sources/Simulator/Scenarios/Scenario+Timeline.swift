package import MooringShapes

/// Something that happens at its time, whoever calls or does not.
package struct Happening: Equatable, Sendable {
    package var at: Int64
    /// The cluster that it happens in; nil is the first one of the scenario, or else of the configuration.
    package var cluster: String?
    package var action: Action

    package enum Action: Equatable, Sendable {
        /// A person calls the API from the console.
        case call(Operation, Value)
        /// A person stops so many running tasks of a service, the oldest first.
        case stopTasks(service: String, count: Int)
        /// Fargate Spot takes so many tasks of a service back, the oldest first.
        case interruptSpot(service: String, count: Int)
        /// So many running tasks of a service, the oldest first, stop passing their health checks.
        case condemnTasks(service: String, count: Int)
        /// So many ACTIVE container instances are set to DRAINING, the oldest first.
        case drainInstances(count: Int)
        /// So many container instances go, with everything on them, the oldest first.
        case loseInstances(count: Int)
        /// So many container instances come, like the last one that came.
        case addInstances(count: Int)
    }

    package init(at: Int64, cluster: String? = nil, _ action: Action) {
        self.at = at
        self.cluster = cluster
        self.action = action
    }
}

/// What became of a happening.
package struct Happened: Equatable, Sendable {
    package let time: Int64
    /// As a sentence.
    package let text: String
    /// Why nothing came of it: the error that a call was refused with, or what was not there.
    package let objection: String?
}
