import MooringShapes

/// What the scenario's timeline lets happen.
extension LocalECS {
    /// Happenings that are due at `start` or later, the next one last. Those of one moment keep their order.
    static func pending(_ scenario: Scenario, from start: Int64) -> [Happening] {
        let due = scenario.timeline.enumerated().filter { $0.element.at >= start }
        return due.sorted { ($0.element.at, $0.offset) > ($1.element.at, $1.offset) }.map(\.element)
    }

    /// Somebody at the console of the configured account and region.
    private var person: Caller {
        Caller(
            account: configuration.account, region: configuration.region,
            arn: "arn:\(Caller.partition(of: configuration.region)):iam::\(configuration.account):user/somebody")
    }

    mutating func happen(_ happening: Happening) {
        let cluster = happening.cluster ?? scenario.clusters.first ?? configuration.clusters.first ?? "default"
        let objection: String?
        switch happening.action {
        case .call(let operation, let input): objection = call(operation, input, cluster: cluster)
        case .stopTasks(let service, let count):
            objection = stopTasks(of: service, count: count, cluster: cluster)
        case .interruptSpot(let service, let count):
            objection = change(worldOf: person) { world in
                world.happen(service, cluster: cluster, count: count) { world, ordinal in
                    guard world.tasks[ordinal]?.capacityProvider == "FARGATE_SPOT" else { return false }
                    world.interrupt(ordinal)
                    return true
                }
            }
        case .condemnTasks(let service, let count):
            objection = change(worldOf: person) { world in
                world.happen(service, cluster: cluster, count: count) { $0.condemn($1) }
            }
        case .drainInstances(let count):
            objection = change(worldOf: person) { world in
                world.happen(toInstancesOf: cluster, count: count) { $0.drainInstance($1, of: $2) }
            }
        case .loseInstances(let count):
            objection = change(worldOf: person) { world in
                world.happen(toInstancesOf: cluster, count: count) { $0.loseInstance($1, of: $2) }
            }
        case .addInstances(let count):
            objection = change(worldOf: person) { $0.addInstances(count, to: cluster) }
        }
        happened.append(Happened(time: now, text: happening.action.text, objection: objection))
        if let objection, untoldObjections.count < Limits.happenings {
            untoldObjections.append(
                "\(happening.action.text.dropLast()) in the cluster \(cluster), which fails: \(objection)")
        }
        if happened.count > Limits.happenings { happened.removeFirst(happened.count - Limits.happenings) }
    }

    /// A call as the console makes it: in the happening's cluster where the input names none.
    private mutating func call(_ operation: Operation, _ input: Value, cluster: String) -> String? {
        do throws(APIError) {
            _ = try answer(operation, input.filling("cluster", with: .string(cluster)), person)
            return nil
        } catch {
            return error.message.isEmpty ? "\(error.code)." : error.description
        }
    }

    /// What the timeline could not do since this was asked last: a rehearsal whose mishaps do not happen proves nothing.
    package mutating func takeObjections() -> [String] {
        defer { untoldObjections = [] }
        return untoldObjections
    }

    private mutating func stopTasks(of service: String, count: Int, cluster: String) -> String? {
        let found = change(worldOf: person) { $0.runningTasks(of: service, cluster: cluster) }
        guard let tasks = found else { return "There is no service \(service) in the cluster \(cluster)." }
        for arn in tasks.prefix(count) {
            if let objection = call(Operation(.ecs, "StopTask"), ["task": .string(arn)], cluster: cluster) {
                return objection
            }
        }
        return tasks.isEmpty ? "No task of \(service) runs." : nil
    }
}

extension Happening.Action {
    /// As a sentence.
    var text: String {
        switch self {
        case .call(let operation, let input):
            "Somebody calls \(operation.name)\(Happening.Action.subject(of: input).map { " of \($0)" } ?? "")."
        case .stopTasks(let service, let count): "Somebody stops \(count) tasks of \(service)."
        case .interruptSpot(let service, let count): "Fargate Spot interrupts \(count) tasks of \(service)."
        case .condemnTasks(let service, let count): "\(count) tasks of \(service) fail their health checks."
        case .drainInstances(let count): "\(count) container instances are drained."
        case .loseInstances(let count): "\(count) container instances are terminated."
        case .addInstances(let count): "\(count) container instances register."
        }
    }

    /// What a call is about, by the members that say it.
    private static func subject(of input: Value) -> String? {
        ["service", "serviceName", "family", "taskDefinition", "task", "clusterName"].lazy.compactMap {
            input[$0]?.text
        }
        .first
    }
}

extension Happened {
    var described: Value {
        .map(present: [
            ("at", .timestamp(time)), ("what", .string(text)), ("objection", objection.map { .string($0) }),
        ])
    }
}
