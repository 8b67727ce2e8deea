import MooringShapes

/// Services as teams have them: every kind of setting that ECS describes, in many combinations.
enum ImportWorld {
    struct Service {
        /// Registered one after another; the service runs the last.
        var taskDefinitions: [Value]
        var service: Value
        /// Where something else counts its tasks.
        var scaling: ClosedRange<Int>?
    }

    private static let account = "123456789012"

    static func services(_ count: Int) -> [Service] { (0..<count).map(service) }

    private static func service(_ index: Int) -> Service {
        let name = "svc-\(100 + index)"
        // Every seventh service shares the family of another; where that has two revisions it runs the older one.
        let isSharing = index % 7 == 6
        let owner = isSharing ? index - 3 : index
        let family = "family-\(100 + owner)"
        let isFargate = index % 3 != 2
        var definition = definition(family, index: index, isFargate: isFargate)
        var service: Value = [
            "cluster": "main", "serviceName": .string(name),
            "taskDefinition": .string(isSharing && owner % 5 == 4 ? "\(family):1" : family),
            "desiredCount": .integer(1 + index % 3),
        ]
        if isFargate {
            service["launchType"] = "FARGATE"
            service["networkConfiguration"] = [
                "awsvpcConfiguration": [
                    "subnets": ["subnet-0b", "subnet-0a"], "securityGroups": ["sg-1"],
                    "assignPublicIp": index % 2 == 0 ? "ENABLED" : "DISABLED",
                ]
            ]
        } else {
            service["launchType"] = "EC2"
            definition["placementConstraints"] = [["type": "memberOf", "expression": "attribute:ecs.os-type == linux"]]
        }
        vary(&service, &definition, index: index, isFargate: isFargate)
        var definitions = [definition]
        if index % 5 == 4 {
            var older = definition
            older["cpu"] = isFargate ? "512" : nil
            older["memory"] = isFargate ? "1024" : nil
            definitions.insert(older, at: 0)
        }
        return Service(
            taskDefinitions: isSharing ? [] : definitions, service: service, scaling: index % 10 == 3 ? 1...8 : nil
        )
    }

    private static func definition(_ family: String, index: Int, isFargate: Bool) -> Value {
        var web: Value = [
            "name": "web", "image": .string("nginx:1.\(index)"), "essential": true,
            "portMappings": [["containerPort": 8080, "name": "http", "appProtocol": "http"]],
            "environment": [
                ["name": "ZONE", "value": "022"], ["name": "COUNTRY", "value": "NO"],
                ["name": "VERSION", "value": "1.10"],
                ["name": "EMPTY", "value": ""], ["name": "GREETING", "value": "grüß dich, 世界 🚀"],
                ["name": "SCRIPT", "value": "set -e\necho ${HOME}\n"],
            ],
            "secrets": [
                [
                    "name": "DB_PASSWORD",
                    "valueFrom": .string("arn:aws:secretsmanager:us-east-1:\(account):secret:db-AbCdEf:password::"),
                ], ["name": "API", "valueFrom": "/prod/api"],
            ],
            "logConfiguration": [
                "logDriver": "awslogs",
                "options": [
                    "awslogs-group": .string("/ecs/\(family)"), "awslogs-region": "us-east-1",
                    "awslogs-stream-prefix": "web",
                ],
            ],
        ]
        if !isFargate { web["memoryReservation"] = 64 }
        if index % 2 == 1 {
            web["healthCheck"] = ["command": ["CMD-SHELL", "curl -f http://localhost:8080/ || exit 1"], "retries": 5]
            web["dockerLabels"] = ["team": "shop", "note": "a: b # c"]
            web["stopTimeout"] = 60
            web["ulimits"] = [["name": "nofile", "softLimit": 1024, "hardLimit": 4096]]
        }
        var definition: Value = [
            "family": .string(family), "containerDefinitions": .list([web]),
            "executionRoleArn": .string("arn:aws:iam::\(account):role/exec"),
            "tags": [["key": "team", "value": "shop"]],
        ]
        if isFargate {
            definition["networkMode"] = "awsvpc"
            definition["requiresCompatibilities"] = ["FARGATE"]
            definition["cpu"] = index % 4 == 0 ? ".25 vCPU" : "256"
            definition["memory"] = index % 4 == 0 ? "0.5 GB" : "512"
            definition["runtimePlatform"] = [
                "cpuArchitecture": index % 2 == 0 ? "ARM64" : "X86_64", "operatingSystemFamily": "LINUX",
            ]
        }
        if index % 4 == 2 {
            definition["containerDefinitions"] = .list([
                web,
                [
                    "name": "sidecar", "image": "envoy:1", "essential": false, "memory": 64,
                    "dependsOn": [["containerName": "web", "condition": "START"]],
                    "mountPoints": [["sourceVolume": "data", "containerPath": "/data", "readOnly": true]],
                    "linuxParameters": ["initProcessEnabled": true],
                ],
            ])
            definition["volumes"] = [
                ["name": "data", "efsVolumeConfiguration": ["fileSystemId": "fs-1", "transitEncryption": "ENABLED"]]
            ]
        }
        return definition
    }

    /// One unusual setting each, by turns.
    private static func vary(_ service: inout Value, _ definition: inout Value, index: Int, isFargate: Bool) {
        let targetGroup = "arn:aws:elasticloadbalancing:us-east-1:\(account):targetgroup/"
        let balancer: Value = [
            "targetGroupArn": .string(targetGroup + "blue-\(index)/1"), "containerName": "web", "containerPort": 8080,
        ]
        switch index % 13 {
        case 1:
            service["loadBalancers"] = .list([balancer])
            service["healthCheckGracePeriodSeconds"] = 30
        case 2 where isFargate, 3 where isFargate:
            service["launchType"] = nil
            service["capacityProviderStrategy"] = [
                ["capacityProvider": "FARGATE", "base": 1, "weight": 1],
                ["capacityProvider": "FARGATE_SPOT", "weight": 4],
            ]
        case 2,
            5 where !isFargate:
            service["schedulingStrategy"] = "DAEMON"
            service["desiredCount"] = nil
        case 4:
            service["serviceConnectConfiguration"] = [
                "enabled": true, "namespace": "shop",
                "services": [
                    ["portName": "http", "discoveryName": "http", "clientAliases": [["port": 80, "dnsName": "web"]]]
                ],
                "logConfiguration": ["logDriver": "awslogs", "options": ["awslogs-group": "sc"]],
            ]
        case 6:
            service["deploymentConfiguration"] = [
                "minimumHealthyPercent": 50, "maximumPercent": 150,
                "deploymentCircuitBreaker": ["enable": true, "rollback": true],
                "alarms": ["alarmNames": ["high"], "enable": true, "rollback": true],
            ]
        case 7:
            service["tags"] = [["key": "Größe", "value": "groß"], ["key": "empty", "value": ""]]
            service["propagateTags"] = "SERVICE"
            service["enableECSManagedTags"] = true
        case 8 where index % 7 != 6:
            definition["volumes"] = [["name": "fast", "configuredAtLaunch": true]]
            service["volumeConfigurations"] = [
                [
                    "name": "fast",
                    "managedEBSVolume": [
                        "roleArn": .string("arn:aws:iam::\(account):role/ebs"), "sizeInGiB": 20, "volumeType": "gp3",
                        "encrypted": true,
                    ],
                ]
            ]
        case 9:
            service["deploymentConfiguration"] = [
                "strategy": "BLUE_GREEN", "bakeTimeInMinutes": 0,
                "lifecycleHooks": [
                    [
                        "hookTargetArn": .string("arn:aws:lambda:us-east-1:\(account):function:hook"),
                        "roleArn": .string("arn:aws:iam::\(account):role/hook"),
                        "lifecycleStages": ["PRE_SCALE_UP", "POST_TEST_TRAFFIC_SHIFT"],
                    ]
                ],
            ]
            var both = balancer
            both["advancedConfiguration"] = [
                "alternateTargetGroupArn": .string(targetGroup + "green-\(index)/2"),
                "productionListenerRule": .string(
                    "arn:aws:elasticloadbalancing:us-east-1:\(account):listener-rule/app/a/1/2/3"),
                "roleArn": .string("arn:aws:iam::\(account):role/lb"),
            ]
            service["loadBalancers"] = .list([both])
        case 10 where !isFargate, 11 where !isFargate:
            service["placementStrategy"] = [
                ["type": "spread", "field": "attribute:ecs.availability-zone"], ["type": "binpack", "field": "memory"],
            ]
            service["placementConstraints"] = [["type": "distinctInstance"]]
        case 10, 11:
            service["platformVersion"] = "1.4.0"
            // Those that share a definition have none with a role.
            if index % 7 != 6 {
                definition["taskRoleArn"] = .string("arn:aws:iam::\(account):role/task")
                service["enableExecuteCommand"] = true
            }
            service["availabilityZoneRebalancing"] = "ENABLED"
        case 12:
            service["serviceRegistries"] = [
                ["registryArn": .string("arn:aws:servicediscovery:us-east-1:\(account):service/srv-\(index)")]
            ]
        default: break
        }
    }
}
