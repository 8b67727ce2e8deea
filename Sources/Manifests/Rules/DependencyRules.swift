import MooringShapes

/// Rules of the order in which the containers of a task start.
enum DependencyRules {
    private static let reference = "API reference, ContainerDependency"

    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule(
            "unknown-container", .error,
            source: "ECS refuses: 'Cannot depend on container ... because it does not exist'"
        ) {
            task, report in
            guard !task.hasOpenContainerNames else { return }
            let names = task.containers.compactMap(\.name)
            for edge in edges(of: task) where edge.target == nil {
                report.add(
                    "There is no container '\(edge.name.shortened)' to wait for.\(edge.name.didYouMean(names))",
                    at: edge.value["containerName"], edge.path + ".containerName")
            }
        },
        ProseRule(
            "dependency-cycle", .error,
            source: "Developer guide, container dependencies: the agent starts none of a circle"
        ) {
            task, report in
            guard let circle = circle(in: task) else { return }
            let names = circle.map { "'\((task.containers[$0].name ?? "").shortened)'" }
            report.add(
                "The containers wait for one another in a circle: "
                    + "\(names.joined(separator: " for ")), and none can start. "
                    + "Remove one of these 'dependsOn'.", at: task.containers[circle[0]].value["dependsOn"],
                task.containers[circle[0]].path("dependsOn"))
        },
        ProseRule(
            "dependency-health", .error, source: "\(reference), condition; ECS refuses HEALTHY without a health check"
        ) {
            task, report in
            for edge in edges(of: task) where edge.condition == "HEALTHY" {
                guard let target = edge.target, task.containers[target].value["healthCheck"] == nil else { continue }
                report.add(
                    "'\(edge.name.shortened)' has no 'healthCheck' that "
                        + "could make it HEALTHY; one in its Dockerfile does not "
                        + "count. Add one, or wait for START.", at: edge.value["condition"], edge.path + ".condition")
            }
        },
        ProseRule(
            "dependency-essential", .error,
            source: "\(reference), condition; ECS refuses COMPLETE and SUCCESS of an essential container"
        ) {
            task, report in
            for edge in edges(of: task) where edge.condition == "COMPLETE" || edge.condition == "SUCCESS" {
                guard let target = edge.target, task.containers[target].isCertainlyEssential else { continue }
                report.add(
                    "'\(edge.name.shortened)' is essential: when it ends, "
                        + "so does the task, and nothing can start after it. "
                        + "Give it 'essential: false'.", at: edge.value["condition"], edge.path + ".condition")
            }
        },
        ProseRule("unknown-volumes-from", .warning, source: "API reference, VolumeFrom, sourceContainer") {
            task, report in
            guard !task.hasOpenContainerNames else { return }
            let names = task.containers.compactMap(\.name)
            let known = Set(names)
            for container in task.containers {
                for source in container.value.items("volumesFrom") {
                    guard let name = source.value["sourceContainer"]?.settledText, !known.contains(name) else {
                        continue
                    }
                    report.add(
                        "There is no container '\(name.shortened)' to take volumes from.\(name.didYouMean(names))",
                        at: source.value, container.path("volumesFrom[\(source.index)].sourceContainer"))
                }
            }
        },
    ]

    /// One container waits for another.
    private struct Edge {
        let source: Int
        let name: String
        /// The container of that name.
        let target: Int?
        let condition: String?
        let value: Value
        let path: String
    }

    private static func edges(of task: TaskDefinitionInput) -> [Edge] {
        let waiting = task.containers.filter { $0.value.holds("dependsOn") }
        guard !waiting.isEmpty else { return [] }
        let indices = Dictionary(
            task.containers.compactMap { container in container.name.map { ($0, container.index) } },
            uniquingKeysWith: { first, _ in first })
        return waiting.flatMap { container in
            container.value.items("dependsOn").compactMap { item in
                guard let name = item.value["containerName"]?.settledText else { return nil }
                return Edge(
                    source: container.index, name: name, target: indices[name],
                    condition: item.value["condition"]?.text, value: item.value,
                    path: container.path("dependsOn[\(item.index)]"))
            }
        }
    }

    /// The containers of a circle in the order in which they wait, the first again at the end; nil where there is none.
    ///
    /// Takes away, again and again, what waits for nothing that is left; what remains waits in a circle, or for one.
    private static func circle(in task: TaskDefinitionInput) -> [Int]? {
        var targets: [Int: [Int]] = [:]
        var waiters: [Int: [Int]] = [:]
        for edge in edges(of: task) {
            guard let target = edge.target else { continue }
            targets[edge.source, default: []].append(target)
            waiters[target, default: []].append(edge.source)
        }
        var open = targets.mapValues(\.count)
        var free = task.containers.indices.filter { open[$0] == nil }
        while let next = free.popLast() {
            for waiter in waiters[next] ?? [] {
                open[waiter, default: 0] -= 1
                if open[waiter] == 0 { free.append(waiter) }
            }
        }
        let stuck = open.filter { $0.value > 0 }
        guard var current = stuck.keys.min() else { return nil }
        var way: [Int] = []
        while !way.contains(current), way.count <= Limits.namedContainers {
            way.append(current)
            guard let next = targets[current]?.first(where: { stuck[$0] != nil }) else { return nil }
            current = next
        }
        guard let start = way.firstIndex(of: current) else { return way }
        return way[start...] + [current]
    }
}
