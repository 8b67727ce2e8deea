import MooringModel
import MooringShapes

extension RuleCase {
    private static let subnets: Value = ["awsvpcConfiguration": ["subnets": ["subnet-1"]]]
    private static let target: Value = ["targetGroupArn": "arn:x", "containerName": "app", "containerPort": 80]
    private static let advanced: Value = [
        "targetGroupArn": "arn:x", "containerName": "app", "containerPort": 80,
        "advancedConfiguration": ["roleArn": "arn:y"],
    ]

    private static func vpc(_ members: Value, launchType: Value? = nil) -> RuleFolder {
        .service(["networkConfiguration": ["awsvpcConfiguration": members], "launchType": launchType])
    }

    private static func ids(_ prefix: String, _ count: Int) -> Value {
        .list((0..<count).map { .string("\(prefix)\($0)") })
    }

    private static func deploying(_ members: [String: Value], _ others: [String: Value?] = [:]) -> RuleFolder {
        var configuration: Value = ["deploymentCircuitBreaker": ["enable": true, "rollback": true]]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { configuration[name] = value }
        return .service(others.merging(["deploymentConfiguration": configuration]) { $1 })
    }

    // MARK: Count, controller, capacity, placement

    static let services: [RuleCase] = [
        RuleCase("no-desired-count", .service(["desiredCount": nil]), not: .service(), says: "autoscaling"),
        RuleCase("daemon-count", .service(["schedulingStrategy": "DAEMON"]), not: .service(), says: "is not sent"),
        RuleCase(
            "negative-count", .service(["desiredCount": -1]), not: .service(["desiredCount": 0]),
            says: "0 tasks or more"),
        RuleCase("missing-task-definition", .service(["taskDefinition": nil]), not: .service(), says: "'web:12'"),
        RuleCase(
            "external-controller", .service(["deploymentController": ["type": "EXTERNAL"]]),
            not: .service(["deploymentController": ["type": "EXTERNAL"], "taskDefinition": nil]), says: "task sets"),
        RuleCase(
            "daemon-controller",
            .service(["schedulingStrategy": "DAEMON", "deploymentController": ["type": "CODE_DEPLOY"]]),
            not: .service(["schedulingStrategy": "DAEMON", "deploymentController": ["type": "ECS"]]),
            says: "CODE_DEPLOY"),
        RuleCase(
            "code-deploy-balancer", .service(["deploymentController": ["type": "CODE_DEPLOY"]]),
            not: .service(["deploymentController": ["type": "CODE_DEPLOY"], "loadBalancers": [target]]),
            says: "target group"),
        RuleCase(
            "launch-type-and-strategy",
            .service(["launchType": "EC2", "capacityProviderStrategy": [["capacityProvider": "x"]]]),
            not: .service(["launchType": "EC2", "capacityProviderStrategy": []]), says: "Remove one of the two"),
        RuleCase(
            "too-many-providers",
            .service(["capacityProviderStrategy": .list((0..<21).map { ["capacityProvider": .string("p\($0)")] })]),
            says: "at most 20"),
        RuleCase("strategy-base", strategy((1, 1), (1, 1)), not: strategy((1, 1), (1, 0)), says: "takes it of one"),
        RuleCase("strategy-weight", strategy((0, 1), (0, 0)), not: strategy((1, 0), (0, 0)), says: "at least 1"),
        RuleCase(
            "mixed-providers",
            .service([
                "capacityProviderStrategy": [["capacityProvider": "FARGATE", "weight": 1], ["capacityProvider": "x"]]
            ]),
            not: strategy((1, 0), (1, 0)), says: "mixes"),
        RuleCase(
            "managed-instances", .service(["launchType": "MANAGED_INSTANCES"]), not: .service(["launchType": "EC2"]),
            says: "'capacityProviderStrategy'"),
        RuleCase(
            "platform-version", .service(["launchType": "EC2", "platformVersion": "LATEST"]),
            not: .service(["launchType": "FARGATE", "platformVersion": "LATEST"]), says: "Fargate's"),
        RuleCase(
            "fargate-daemon", .service(["schedulingStrategy": "DAEMON", "launchType": "FARGATE"]),
            not: .service(["schedulingStrategy": "DAEMON", "launchType": "EC2"]), says: "no instances"),
        RuleCase(
            "fargate-placement", .service(["launchType": "FARGATE", "placementStrategy": [["type": "random"]]]),
            not: .service(["launchType": "EC2", "placementStrategy": [["type": "random"]]]), says: "'placementStrategy'"
        ),
        RuleCase(
            "daemon-placement", .service(["schedulingStrategy": "DAEMON", "placementStrategy": [["type": "random"]]]),
            not: .service(["schedulingStrategy": "DAEMON", "placementStrategy": []]), says: "Remove it"),
        RuleCase(
            "daemon-rebalancing", .service(["schedulingStrategy": "DAEMON", "availabilityZoneRebalancing": "ENABLED"]),
            not: .service(["availabilityZoneRebalancing": "ENABLED"]), says: "zones"),
        RuleCase(
            "placement-count", .service(["placementStrategy": .list((0..<6).map { _ in ["type": "random"] })]),
            not: .service(["placementStrategy": [["type": "random"]]]), says: "at most 5"),
        RuleCase(
            "placement-field", .service(["placementStrategy": [["type": "binpack", "field": "disk"]]]),
            not: .service([
                "placementStrategy": [["type": "binpack", "field": "cpu"], ["type": "spread", "field": "host"]]
            ]),
            says: "'disk'"),
        RuleCase(
            "placement-field", .service(["placementStrategy": [["type": "random", "field": "cpu"]]]),
            not: .service(["placementStrategy": [["type": "random"]]]), says: "no 'field'"),
        RuleCase(
            "placement-field", .service(["placementConstraints": [["type": "distinctInstance", "expression": "a"]]]),
            not: .service(["placementConstraints": [["type": "memberOf", "expression": "a"]]]), says: "no 'expression'"),
        RuleCase(
            "fargate-network", .service(["launchType": "FARGATE"]),
            not: .service(["launchType": "FARGATE", "networkConfiguration": subnets]), says: "need subnets"),
        RuleCase("no-subnets", vpc(["subnets": []]), not: vpc(["subnets": ["subnet-1"]]), says: "at least one"),
        RuleCase(
            "too-many-subnets", vpc(["subnets": ids("subnet-", 17)]), not: vpc(["subnets": ids("subnet-", 16)]),
            says: "at most 16"),
        RuleCase(
            "too-many-security-groups", vpc(["subnets": ["subnet-1"], "securityGroups": ids("sg-", 6)]),
            not: vpc(["subnets": ["subnet-1"], "securityGroups": ids("sg-", 5)]), says: "at most 5"),
        RuleCase("network-id", vpc(["subnets": ["sg-1"]]), not: vpc(["subnets": ["subnet-1"]]), says: "'subnet-'"),
        RuleCase(
            "public-ip", vpc(["subnets": ["subnet-1"], "assignPublicIp": "ENABLED"], launchType: "EC2"),
            not: vpc(["subnets": ["subnet-1"], "assignPublicIp": "ENABLED"], launchType: "FARGATE"), says: "NAT"),
    ]

    private static func strategy(_ first: (weight: Int, base: Int), _ second: (weight: Int, base: Int)) -> RuleFolder {
        .service([
            "capacityProviderStrategy": [
                ["capacityProvider": "a", "weight": .integer(first.weight), "base": .integer(first.base)],
                ["capacityProvider": "b", "weight": .integer(second.weight), "base": .integer(second.base)],
            ]
        ])
    }

    // MARK: Deployments

    static let deployments: [RuleCase] = [
        RuleCase(
            "percent-range", deploying(["minimumHealthyPercent": 101]), not: deploying(["minimumHealthyPercent": 50]),
            says: "0 to 100"),
        RuleCase(
            "percent-range", deploying(["maximumPercent": 50]), not: deploying(["maximumPercent": 150]),
            says: "100 or more"),
        RuleCase(
            "percent-block", deploying(["minimumHealthyPercent": 100, "maximumPercent": 100]),
            not: deploying(["minimumHealthyPercent": 50, "maximumPercent": 100]), says: "200 is ECS's default"),
        RuleCase(
            "percent-deadlock", deploying(["maximumPercent": 150], ["desiredCount": 1]),
            not: deploying(["maximumPercent": 150], ["desiredCount": 2]), says: "to 200 or more"),
        RuleCase(
            "percent-deadlock", deploying(["maximumPercent": 125, "minimumHealthyPercent": 100], ["desiredCount": 3]),
            not: deploying(["maximumPercent": 125, "minimumHealthyPercent": 66], ["desiredCount": 3]),
            says: "to 134 or more"),
        RuleCase(
            "percent-deadlock", deploying(["maximumPercent": 100, "minimumHealthyPercent": 60], ["desiredCount": 2]),
            not: deploying(["maximumPercent": 100, "minimumHealthyPercent": 50], ["desiredCount": 2]),
            says: "2 that must stay"),
        RuleCase(
            "daemon-percent", deploying(["maximumPercent": 200], ["schedulingStrategy": "DAEMON"]),
            not: deploying(["maximumPercent": 100, "minimumHealthyPercent": 0], ["schedulingStrategy": "DAEMON"]),
            says: "takes 100"),
        RuleCase(
            "breaker-controller", deploying([:], ["deploymentController": ["type": "CODE_DEPLOY"]]),
            not: deploying([:], ["deploymentController": ["type": "ECS"]]), says: "CODE_DEPLOY"),
        RuleCase(
            "no-circuit-breaker", .service(["deploymentConfiguration": nil]),
            not: .service([
                "deploymentConfiguration": ["deploymentCircuitBreaker": ["enable": false, "rollback": false]]
            ]),
            says: "{enable: true, rollback: true}"),
        RuleCase(
            "no-circuit-breaker", .service(["deploymentConfiguration": ["maximumPercent": 200]]),
            not: .service([
                "deploymentConfiguration": ["alarms": ["alarmNames": ["a"], "enable": true, "rollback": true]]
            ]), says: "'enable: false'"),
        RuleCase(
            "advanced-configuration", deploying(["strategy": "BLUE_GREEN"], ["loadBalancers": [target]]),
            not: deploying(["strategy": "BLUE_GREEN"], ["loadBalancers": [advanced]]), says: "BLUE_GREEN"),
        RuleCase(
            "some-advanced-configuration", .service(["loadBalancers": [target, advanced]]),
            not: .service(["loadBalancers": [target, target]]), says: "Either all"),
        RuleCase(
            "strategy-settings", deploying(["linearConfiguration": ["stepPercent": 10]]),
            not: deploying(["strategy": "LINEAR", "linearConfiguration": ["stepPercent": 10]]), says: "LINEAR"),
        RuleCase(
            "shift-percent", deploying(["strategy": "LINEAR", "linearConfiguration": ["stepPercent": 2]]),
            not: deploying(["strategy": "CANARY", "canaryConfiguration": ["canaryPercent": 2]]), says: "3.0 to 100"),
        RuleCase(
            "bake-time", deploying(["strategy": "CANARY", "canaryConfiguration": ["canaryBakeTimeInMinutes": 1441]]),
            not: deploying(["strategy": "CANARY", "canaryConfiguration": ["canaryBakeTimeInMinutes": 1440]]),
            says: "0 to 1440"),
        RuleCase(
            "lambda-hook", deploying(["lifecycleHooks": [["lifecycleStages": ["PRE_SCALE_UP"], "roleArn": "a"]]]),
            not: deploying(["lifecycleHooks": [["lifecycleStages": ["PRE_SCALE_UP"], "targetType": "PAUSE"]]]),
            says: "'hookTargetArn'"),
        RuleCase(
            "pause-stage",
            deploying(["lifecycleHooks": [["lifecycleStages": ["TEST_TRAFFIC_SHIFT"], "targetType": "PAUSE"]]]),
            not: deploying(["lifecycleHooks": [["lifecycleStages": ["POST_SCALE_UP"], "targetType": "PAUSE"]]]),
            says: "TEST_TRAFFIC_SHIFT"),
    ]

    // MARK: Traffic

    static let traffic: [RuleCase] = [
        RuleCase(
            "balancer-target",
            .service([
                "loadBalancers": [
                    ["targetGroupArn": "a", "loadBalancerName": "b", "containerName": "app", "containerPort": 80]
                ]
            ]), not: .service(["loadBalancers": [target]]), says: "Remove one"),
        RuleCase(
            "balancer-container", .service(["loadBalancers": [["targetGroupArn": "a", "containerName": "app"]]]),
            not: .service(["loadBalancers": [target]]), says: "'containerPort'"),
        RuleCase(
            "classic-balancer",
            .service([
                "launchType": "FARGATE",
                "loadBalancers": [["loadBalancerName": "b", "containerName": "app", "containerPort": 80]],
            ]), not: .service(["launchType": "FARGATE", "loadBalancers": [target]]), says: "target group"),
        RuleCase(
            "too-many-target-groups", .service(["loadBalancers": .list((0..<6).map { _ in target })]),
            not: .service(["loadBalancers": .list((0..<5).map { _ in target })]), says: "quota is 5"),
        RuleCase(
            "grace-period", .service(["healthCheckGracePeriodSeconds": 30]),
            not: .service(["healthCheckGracePeriodSeconds": 30, "loadBalancers": [target]]), says: "no load balancer"),
        RuleCase(
            "role-without-balancer", .service(["role": "ecs"]),
            not: .service(["role": "ecs", "loadBalancers": [target]]),
            says: "Remove it"),
        RuleCase(
            "registries", .service(["serviceRegistries": [["registryArn": "a"], ["registryArn": "b"]]]),
            not: .service(["serviceRegistries": [["registryArn": "a"]]]), says: "takes one"),
        RuleCase(
            "connect-aliases", connect("http", aliases: 2), not: connect("http", aliases: 1), says: "one client alias"),
        RuleCase(
            "volume-configuration",
            .service(["volumeConfigurations": [["name": "a", "managedEBSVolume": ["roleArn": "r"]]]]),
            not: .service([
                "volumeConfigurations": [["name": "a", "managedEBSVolume": ["roleArn": "r", "sizeInGiB": 5]]]
            ]),
            says: "'sizeInGiB'"),
    ]

    private static func connect(_ port: String, aliases: Int = 1) -> RuleFolder {
        .service(connection(port, aliases: aliases))
    }

    private static func connection(_ port: String, aliases: Int = 1) -> [String: Value?] {
        [
            "serviceConnectConfiguration": [
                "enabled": true,
                "services": [
                    [
                        "portName": .string(port),
                        "clientAliases": .list((0..<aliases).map { ["port": .integer(80 + $0)] }),
                    ]
                ],
            ]
        ]
    }

    // MARK: A service and its task definition

    static let pairs: [RuleCase] = [
        RuleCase(
            "balancer-target-container",
            .pair(
                ["loadBalancers": [["targetGroupArn": "a", "containerName": "web", "containerPort": 80]]],
                running: .task()),
            not: .pair(["loadBalancers": [target]], running: .task()), says: "There is 'app'"),
        RuleCase(
            "balancer-target-container",
            .pair(
                ["loadBalancers": [["targetGroupArn": "a", "containerName": "app", "containerPort": 8080]]],
                running: .task()),
            not: .pair(
                ["loadBalancers": [["targetGroupArn": "a", "containerName": "app", "containerPort": 8080]]],
                running: .task(app: ["portMappings": [["containerPortRange": "8000-8100"]]])), says: "it maps 80"),
        RuleCase(
            "registry-target-container",
            .pair(["serviceRegistries": [["registryArn": "a", "containerName": "ap"]]], running: .task()),
            not: .pair(["serviceRegistries": [["registryArn": "a", "containerName": "app"]]], running: .task()),
            says: "Did you mean 'app'?"),
        RuleCase(
            "missing-network", .pair([:], running: .task(["networkMode": "awsvpc"])),
            not: .pair(["networkConfiguration": subnets], running: .task(["networkMode": "awsvpc"])),
            says: "which subnets"),
        RuleCase(
            "needless-network", .pair(["networkConfiguration": subnets], running: .task()),
            not: .pair([:], running: .task()), says: "ECS's default"),
        RuleCase(
            "fargate-task-definition",
            .pair(
                ["launchType": "FARGATE", "networkConfiguration": subnets], running: .task(["networkMode": "awsvpc"])),
            not: .pair(
                ["launchType": "FARGATE", "networkConfiguration": subnets],
                running: .task(["networkMode": "awsvpc", "cpu": "256", "memory": "512"])), says: "no 'cpu' and 'memory'"
        ),
        RuleCase(
            "classic-balancer-network",
            .pair(
                [
                    "networkConfiguration": subnets,
                    "loadBalancers": [["loadBalancerName": "b", "containerName": "app", "containerPort": 80]],
                ], running: .task(["networkMode": "awsvpc"])),
            not: .pair(
                ["loadBalancers": [["loadBalancerName": "b", "containerName": "app", "containerPort": 80]]],
                running: .task()), says: "Use a target group"),
        RuleCase(
            "port-name-target", .pair(connection("htp"), running: .task()),
            not: .pair(connection("http"), running: .task()),
            says: "Did you mean 'http'?"),
        RuleCase(
            "volume-target",
            .pair(
                ["volumeConfigurations": [["name": "date", "managedEBSVolume": ["roleArn": "r", "sizeInGiB": 5]]]],
                running: .task(["volumes": [["name": "data", "configuredAtLaunch": true]]])),
            not: .pair(
                ["volumeConfigurations": [["name": "data", "managedEBSVolume": ["roleArn": "r", "sizeInGiB": 5]]]],
                running: .task(["volumes": [["name": "data", "configuredAtLaunch": true]]])),
            says: "Did you mean 'data'?"),
        RuleCase(
            "volume-not-configured",
            .pair([:], running: .task(["volumes": [["name": "data", "configuredAtLaunch": true]]])),
            not: .pair([:], running: .task(["volumes": [["name": "data"]]])), says: "'volumeConfigurations'"),
    ]

    // MARK: Every kind of document

    private static func tags(_ count: Int) -> Value {
        .list((0..<count).map { ["key": .string("k\($0)"), "value": "v"] })
    }

    static let anyDocument: [RuleCase] = [
        RuleCase("tag-key", .task(["tags": [["value": "a"]]]), not: .task(["tags": [["key": "a"]]]), says: "no 'key'"),
        RuleCase(
            "duplicate-tag", .service(["tags": [["key": "a", "value": "1"], ["key": "a", "value": "2"]]]),
            not: .service(["tags": [["key": "a", "value": "1"], ["key": "A", "value": "2"]]]), says: "'a'"),
        RuleCase(
            "reserved-tag-prefix", .service(["tags": [["key": "AWS:x", "value": "1"]]]),
            not: .service(["tags": [["key": "awsx", "value": "1"]]]), says: "'AWS:x'"),
        RuleCase(
            "no-room-for-tags", .service(["tags": tags(51 - OwnTag.onServices.count)]),
            not: .service(["tags": tags(50 - OwnTag.onServices.count)]), says: "Remove 1"),
        RuleCase(
            "no-room-for-tags", .task(["tags": tags(52 - OwnTag.onRevisions.count)]),
            not: .task(["tags": tags(50 - OwnTag.onRevisions.count)]), says: "Remove 2"),
        RuleCase(
            "cli-skeleton",
            .task(
                ["family": "", "taskRoleArn": "", "executionRoleArn": "", "pidMode": ""],
                app: ["user": "", "hostname": ""]),
            not: .task(["family": ""]), says: "skeleton that the AWS CLI generates"),
        RuleCase(
            "empty-texts", .task(["taskRoleArn": "", "executionRoleArn": ""], app: ["user": "", "hostname": ""]),
            not: .task(
                ["taskRoleArn": ""],
                app: ["environment": .list((0..<9).map { ["name": .string("A\($0)"), "value": ""] })]),
            says: "4 texts are empty"),
        RuleCase(
            "template-leftover", .task(app: ["image": "{{registry}}/nginx:1"]),
            not: .task(app: ["command": ["{{registry}}"]]), says: "'{{registry}}'"),
        RuleCase("template-leftover", .task(["taskRoleArn": "<ROLE>"]), not: .task(), says: "taskRoleArn still holds"),
        RuleCase("template-leftover", .task(app: ["image": "__REGISTRY__/nginx:1"]), says: "'__REGISTRY__'"),
        RuleCase("template-leftover", .task(app: ["image": "nginx:%TAG%"]), says: "'%TAG%'"),
        RuleCase(
            "template-leftover",
            .service(["networkConfiguration": ["awsvpcConfiguration": ["subnets": ["subnet-1", "$$$SUBNET$$$"]]]]),
            not: .service(["networkConfiguration": subnets]),
            says: "networkConfiguration.awsvpcConfiguration.subnets[1] still holds"),
        RuleCase(
            "template-leftover", .task(["taskRoleArn": "arn:aws:iam::${account:role/x"]),
            not: .task(["taskRoleArn": "arn:aws:iam::${AWS::AccountId}:role/x"]), says: "which no '}' closes"),
        RuleCase(
            "template-text", .task(app: ["workingDirectory": "/srv/{{app}}"]),
            not: .task(app: ["workingDirectory": "/srv/__init__/100%"]), says: "'{{app}}'"),
    ]
}
