import MooringRollouts
import MooringShapes

/// There is no room for tasks, or something around them keeps the deployment from ending.
extension RolloutTable {
    static let surroundings: [RolloutRow] = capacity + instances + around

    private static func fargate(_ image: String) -> [String: String] {
        RolloutFiles.web(image, RolloutFiles.fargate + "\nmooring: {timeout: 10m}", task: RolloutFiles.fargateTask)
    }
    private static func patient(_ image: String, deployment: String = RolloutFiles.breaker) -> [String: String] {
        RolloutFiles.web(image, "mooring: {timeout: 10m}", deployment: deployment)
    }

    private static let capacity: [RolloutRow] = [
        RolloutRow(
            "no capacity on Fargate", files: fargate("v1"),
            steps: [.scenario("capacity: [{provider: FARGATE, trouble: unavailable}]"), .merge(fargate("v2"))],
            end: .failed(.noCapacity, runs: "v2", says: "There is no capacity"), peers: [18, 22]),
        RolloutRow(
            "no capacity on Fargate for a while", files: fargate("v1"),
            steps: [
                .scenario("capacity: [{provider: FARGATE, trouble: unavailable, until: 5m}]"), .merge(fargate("v2")),
            ], end: .synced(runs: "v2"), updates: 1, peers: [17]),
        RolloutRow(
            "the account's vCPUs are used up", files: fargate("v1"),
            steps: [.scenario("capacity: [{provider: FARGATE, trouble: processorQuota}]"), .merge(fargate("v2"))],
            end: .failed(.noCapacity, runs: "v2", says: "quota"), peers: [18]),
        RolloutRow(
            "a subnet without free addresses", files: fargate("v1"),
            steps: [.scenario("capacity: [{provider: FARGATE, trouble: noNetworkInterface}]"), .merge(fargate("v2"))],
            end: .failed(.noAddress, says: "address"), peers: [18]),
        RolloutRow(
            "a blocked account", files: fargate("v1"),
            steps: [.scenario("capacity: [{provider: FARGATE, trouble: blocked}]"), .merge(fargate("v2"))],
            end: .failed(.accountBlocked, runs: "v2", says: "blocked"), peers: [18]),
        RolloutRow(
            "ECS is throttled", files: fargate("v1"),
            steps: [.scenario("capacity: [{provider: FARGATE, trouble: throttled}]"), .merge(fargate("v2"))],
            end: .failed(.throttled, runs: "v2", says: "throttles"), peers: [18]),
    ]

    private static let instances: [RolloutRow] = [
        RolloutRow(
            "an instance without memory for one more task", files: patient("v1"),
            scenario: "instances: [{cluster: main, count: 1, cpu: 2048, memory: 900}]",
            steps: [.merge(patient("v2"))], end: .failed(.noCapacity, runs: "v2", says: "insufficient memory"),
            peers: [18]),
        RolloutRow(
            "an instance whose agent is disconnected", files: patient("v1"),
            scenario: "instances: [{cluster: main, count: 1, agentConnected: false}]",
            end: .failed(.agentDisconnected, runs: "v1", says: "agent"), peers: [18]),
        RolloutRow(
            "a port of the instance that the old task has", files: port("v1"),
            scenario: "instances: [{cluster: main, count: 1}]", steps: [.merge(port("v2"))],
            end: .failed(.portInUse, runs: "v2", says: "port"), peers: [18]),
        RolloutRow(
            "an instance without a network interface for one more task", files: interface("v1"),
            scenario: "instances: [{cluster: main, count: 1, networkInterfaces: 1}]", steps: [.merge(interface("v2"))],
            end: .failed(.noAddress, runs: "v2", says: "interface"), peers: [18]),
        RolloutRow(
            "no instances at all", files: patient("v1"), scenario: "containerInstances: 0",
            end: .failed(.noCapacity, runs: "v1", says: "No Container Instances were found"), peers: [18]),
        RolloutRow(
            "room that comes later completes the rollout", files: patient("v1"),
            scenario: "instances: [{cluster: main, count: 1, cpu: 2048, memory: 900}]",
            steps: [
                .push(patient("v2")), .wait(300), .scenario("timeline: [{at: 10s, addInstances: 1}]"), .wait(1200),
            ], end: .synced(runs: "v2"), updates: 1, peers: [17]),
    ]

    private static func port(_ image: String) -> [String: String] {
        RolloutFiles.web(
            image, "mooring: {timeout: 10m}", container: #", "portMappings": [{"containerPort": 80, "hostPort": 8080}]"#
        )
    }
    private static func interface(_ image: String) -> [String: String] {
        RolloutFiles.web(image, RolloutFiles.network + "\nmooring: {timeout: 10m}", task: #", "networkMode": "awsvpc""#)
    }

    private static func alarmed(_ image: String, _ name: String) -> [String: String] {
        RolloutFiles.web(image, deployment: "alarms: {alarmNames: [\(name)], enable: true, rollback: true}")
    }
    private static let deadlock = "minimumHealthyPercent: 100, maximumPercent: 150"

    private static let around: [RolloutRow] = [
        RolloutRow(
            "a role that cannot be assumed", files: patient("v1"),
            steps: [
                .scenario("strict: [roles]"),
                .merge(
                    RolloutFiles.web(
                        "v2", "mooring: {timeout: 10m}",
                        task: #", "taskRoleArn": "arn:aws:iam::123456789012:role/absent""#)),
            ], end: .failed(.roleMissing, runs: "v2", says: "role"), peers: [18]),
        RolloutRow(
            "percentages that let nothing start or stop", files: patient("v1"),
            steps: [.merge(patient("v2", deployment: deadlock))],
            end: .failed(.percentDeadlock, runs: "v2", says: "maximumPercent"), peers: [18]),
        RolloutRow(
            "a protected task keeps the deployment from ending",
            files: RolloutFiles.web(
                "v1", "mooring: {timeout: 10m}"),
            steps: [
                .handAfter("UpdateTaskProtection") { simulation in
                    let tasks = simulation.peek("ListTasks", ["cluster": "main", "serviceName": "web"])?["taskArns"]
                    return [
                        "cluster": "main", "tasks": tasks ?? [], "protectionEnabled": true, "expiresInMinutes": 600,
                    ]
                },
                .merge(
                    RolloutFiles.web(
                        "v2", "mooring: {timeout: 10m}")),
            ], end: .failed(.tasksProtected, runs: "v2", says: "protection"), peers: [18]),
        RolloutRow(
            "an alarm takes the deployment back", files: alarmed("v1", "web-5xx"),
            steps: [
                .push(alarmed("v2", "web-5xx")), .wait(120), .scenario("alarms: [{name: web-5xx}]"), .wait(1200),
            ], end: .failed(.alarm, says: "web-5xx"), updates: 1, peers: [13, 16]),
        RolloutRow(
            "an alarm on the cpu's use takes the deployment back", files: alarmed("v1", "web-cpu-high"),
            steps: [
                .push(alarmed("v2", "web-cpu-high")), .wait(120), .scenario("alarms: [{name: web-cpu-high}]"),
                .wait(1200),
            ], end: .failed(.highUse, says: "cpu"), updates: 1, peers: [13]),
        RolloutRow(
            "tasks that Spot takes away over and over", files: spot("v1"),
            steps: [
                .scenario("timeline: [\(repeated("interruptSpot: web, count: 3"))]"), .push(spot("v2")), .wait(900),
            ], end: .failed(.interrupted, runs: "v2", says: "took away the capacity"), peers: [18]),
        RolloutRow(
            "tasks that somebody stops over and over", files: patient("v1", deployment: "minimumHealthyPercent: 100"),
            steps: [
                .scenario("timeline: [\(repeated("stopTasks: web, count: 3"))]"),
                .push(patient("v2", deployment: "minimumHealthyPercent: 100")), .wait(900),
            ], end: .failed(.stoppedByPerson, runs: "v2", says: "stopped the task"), peers: [18]),
    ]

    private static func spot(_ image: String) -> [String: String] {
        RolloutFiles.web(
            image,
            "capacityProviderStrategy: [{capacityProvider: FARGATE_SPOT, weight: 1}]\n" + RolloutFiles.network
                + "\nmooring: {timeout: 10m}", deployment: "minimumHealthyPercent: 100", task: RolloutFiles.fargateTask)
    }

    /// Something every thirty seconds, for a quarter of an hour.
    private static func repeated(_ what: String) -> String {
        (1...40).map { "{at: \($0 * 30)s, \(what)}" }.joined(separator: ", ")
    }
}
