import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// A local ECS that runs one service of ours, and what git says of it.
enum LeafWorld {
    private static let ours: Value = [["key": .string(OwnTag.environment), "value": .string(InProcessECS.identity)]]
    private static let key: ServiceKey? = try? ServiceKey(cluster: ClusterName("main"), service: ServiceName("web"))

    /// A service of ours that runs the task definition.
    static func run(_ taskDefinition: Value, on ecs: InProcessECS) throws {
        let answer = try ecs.perform("RegisterTaskDefinition", taskDefinition)
        let arn = try #require(answer["taskDefinition"]?["taskDefinitionArn"])
        try ecs.perform("CreateService", plainService.merging(["taskDefinition": arn, "tags": ours]))
    }

    private static let plainService: Value = ["serviceName": "web", "cluster": "main", "desiredCount": 1]

    static func desired(taskDefinition: Value) throws -> DesiredState {
        let family = try Family(try #require(taskDefinition["family"]?.text))
        let file = try TreePath("task.json")
        let position = SourcePosition(line: 1, column: 1)
        return DesiredState(
            taskDefinitions: [
                DesiredTaskDefinition(
                    family: family, input: taskDefinition, file: file, documentIndex: 0, position: position)
            ],
            services: [
                DesiredService(
                    key: try #require(key), input: plainService, taskDefinition: .family(family), files: [file])
            ])
    }

    /// An ECS with task definitions that satisfy whatever the service names, and the service, ours, as it is declared.
    static func ecs(running service: Value) throws -> InProcessECS {
        let ecs = InProcessECS()
        let ports: Value = [["containerPort": 7], ["containerPort": 8]]
        for _ in 1...2 {
            try ecs.perform(
                "RegisterTaskDefinition",
                .map(present: [
                    ("family", "sample"), ("networkMode", service["networkConfiguration"].map { _ in "awsvpc" }),
                    ("cpu", "256"), ("memory", "512"), ("taskRoleArn", "task"),
                    (
                        "containerDefinitions",
                        .list(
                            ["a", "b"].map { ["name": $0, "image": "i", "memory": 8, "portMappings": ports] as Value })
                    ),
                ]))
        }
        let tags = (service["tags"]?.elements ?? []) + (ours.elements ?? [])
        var service = service.merging(["serviceName": "web", "cluster": "main", "tags": .list(tags)])
        // A daemon has no count of its own.
        if service["schedulingStrategy"]?.text == "DAEMON" { service["desiredCount"] = nil }
        try ecs.perform("CreateService", service)
        ecs.settle()
        return ecs
    }

    static func desired(service: Value) throws -> DesiredState {
        let pinned = try #require(service["taskDefinition"]?.text)
        return DesiredState(services: [
            DesiredService(
                key: try #require(key), input: service, taskDefinition: .pinned(pinned),
                files: [try TreePath("service.json")])
        ])
    }
}

extension Value {
    /// The same map with the members of another one in place of its own.
    func merging(_ other: Value) -> Value {
        var copy = self
        for member in other.members ?? [] { copy[member.name] = member.value }
        return copy
    }
}
