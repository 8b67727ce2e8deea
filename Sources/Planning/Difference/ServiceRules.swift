/// What ECS makes of a service's settings, member by member, of CreateService's and UpdateService's inputs.
///
/// Sources, where a line says none: API reference, CreateService, UpdateService and the types they name, and what
/// published answers show.
enum ServiceRules {
    /// The members of the input.
    static let root: [String: Rule] = [
        "cluster": .text,
        "serviceName": .text,
        "taskDefinition": .text,
        // ENABLED or DISABLED by the service's age; services from before it existed show none and do not rebalance.
        "availabilityZoneRebalancing": .text("DISABLED"),
        "loadBalancers": .list(.structure(loadBalancer), by: Identity("containerName", "containerPort")),
        "serviceRegistries": .list(
            .structure(["registryArn": .text, "port": .number, "containerName": .text, "containerPort": .number]),
            by: Identity("registryArn")),
        "desiredCount": .number,
        "launchType": .text,
        "capacityProviderStrategy": .list(
            // ECS fills both with 0 (CloudFormation read).
            .structure(["capacityProvider": .text, "weight": .number(0), "base": .number(0)]),
            by: Identity("capacityProvider")),
        "platformVersion": .text("LATEST"),
        // Given by name or ARN, shown as `roleArn`.
        "role": .role,
        "deploymentConfiguration": .structure(deploymentConfiguration),
        "placementConstraints": .unordered(.structure(["type": .text, "expression": .text])),
        // Applied in their order.
        "placementStrategy": .ordered(.structure(["type": .text, "field": .leaf(.placementField)]), nil),
        "networkConfiguration": .structure([
            "awsvpcConfiguration": .structure([
                "subnets": .stringSet,
                "securityGroups": .stringSet,
                "assignPublicIp": .text("DISABLED"),
            ])
        ]),
        "healthCheckGracePeriodSeconds": .number(0),
        "schedulingStrategy": .text("REPLICA"),
        "deploymentController": .structure(["type": .text("ECS")]),
        "tags": .keyed(name: "key", value: "value"),
        "enableECSManagedTags": .flag(false),
        "propagateTags": .text("NONE"),
        "enableExecuteCommand": .flag(false),
        "serviceConnectConfiguration": .structure(serviceConnect),
        "volumeConfigurations": .list(
            .structure(["name": .text, "managedEBSVolume": .structure(managedVolume)]), by: Identity("name")),
        "vpcLatticeConfigurations": .list(
            .structure([
                "roleArn": .role,
                "targetGroupArn": .text,
                "portName": .text,
                "advancedConfiguration": .structure([
                    "alternateTargetGroupArn": .text,
                    "productionListenerRule": .text,
                    "testListenerRule": .text,
                ]),
            ]), by: Identity("portName")),
        "gatewayConnectors": .list(.structure(gatewayConnector), by: Identity("portName")),
        "monitoring": .structure([
            "metricConfigurations": .unordered(
                .structure(["metricNames": .stringSet, "resolutionSeconds": .number]))
        ]),
    ]

    /// `gatewayConnectors[]`.
    static let gatewayConnector: [String: Rule] = [
        "portName": .text,
        "healthCheck": .structure([
            "healthCheckProtocol": .text,
            "healthCheckPort": .number,
            "healthCheckPath": .text,
            "healthCheckTimeoutSeconds": .number,
            "healthCheckIntervalSeconds": .number,
            "healthyThresholdCount": .number,
            "unhealthyThresholdCount": .number,
            "matcher": .structure(["httpCode": .text, "grpcCode": .text]),
        ]),
        "filters": .structure(["accessTypes": .stringSet]),
        // Documented default.
        "deregistrationDelay": .structure(["timeoutSeconds": .number(300)]),
    ]

    /// `loadBalancers[]`.
    static let loadBalancer: [String: Rule] = [
        "targetGroupArn": .text,
        "loadBalancerName": .text,
        "containerName": .text,
        "containerPort": .number,
        "advancedConfiguration": .structure([
            "alternateTargetGroupArn": .text,
            "productionListenerRule": .text,
            "testListenerRule": .text,
            "roleArn": .role,
        ]),
    ]

    /// `deploymentConfiguration`.
    static let deploymentConfiguration: [String: Rule] = [
        // 200 and 100, daemons 100 and 0 (native; CloudFormation read of a daemon service).
        "maximumPercent": .leaf(.number, .byStrategy(replica: "200", daemon: "100")),
        "minimumHealthyPercent": .leaf(.number, .byStrategy(replica: "100", daemon: "0")),
        "strategy": .text("ROLLING"),
        "bakeTimeInMinutes": .number(0),
        // Shown although the breaker is off (CloudFormation reads); older services show the first two leaves only.
        "deploymentCircuitBreaker": .structure([
            "enable": .flag(false),
            "rollback": .flag(false),
            "resetOnHealthyTask": .flag(true),
            "thresholdConfiguration": .structure(["type": .text("BOUNDED_PERCENT"), "value": .number(50)]),
        ]),
        // Shown only where it was sent.
        "alarms": .structure(["alarmNames": .stringSet, "rollback": .flag(false), "enable": .flag(false)]),
        "lifecycleHooks": .unordered(
            .structure([
                "targetType": .text("AWS_LAMBDA"),
                "hookTargetArn": .text,
                "roleArn": .role,
                "lifecycleStages": .stringSet,
                "hookDetails": .unknown,
                "timeoutConfiguration": .structure([
                    "timeoutInMinutes": .number(1440), "action": .text("ROLLBACK"),
                ]),
            ])),
        // Filled in by newer ECS (read in a deployer's own defaults, kayac/ecspresso).
        "earlySuccessCriteria": .structure([
            "enable": .flag(false),
            "healthyPercent": .number(100),
            "sourceServiceRevisionCleanup": .text("BLOCKING"),
        ]),
        // Documented defaults.
        "linearConfiguration": .structure(["stepPercent": .number(10), "stepBakeTimeInMinutes": .number(6)]),
        "canaryConfiguration": .structure(["canaryPercent": .number(5), "canaryBakeTimeInMinutes": .number(10)]),
    ]

    /// `serviceConnectConfiguration`.
    static let serviceConnect: [String: Rule] = [
        "enabled": .flag(false),
        "namespace": .leaf(.namespace),
        "services": .list(
            .structure([
                "portName": .text,
                "discoveryName": .leaf(.text, .sameAs("portName")),
                "clientAliases": .list(
                    .structure([
                        "port": .number,
                        "dnsName": .text,
                        "testTrafficRules": .structure([
                            "header": .structure(["name": .text, "value": .structure(["exact": .text])])
                        ]),
                    ]), by: Identity("port")),
                "ingressPortOverride": .number,
                "timeout": .structure(["idleTimeoutSeconds": .number, "perRequestTimeoutSeconds": .number]),
                "tls": .structure([
                    "issuerCertificateAuthority": .structure(["awsPcaAuthorityArn": .text]),
                    "kmsKey": .text,
                    "roleArn": .role,
                ]),
            ]), by: Identity("portName")),
        "logConfiguration": TaskDefinitionRules.logConfiguration,
        "accessLogConfiguration": .structure(["format": .text, "includeQueryParameters": .text("DISABLED")]),
        "containerConfigurations": .unordered(.structure(["logLevel": .text])),
    ]

    /// `volumeConfigurations[].managedEBSVolume`.
    static let managedVolume: [String: Rule] = [
        "encrypted": .flag(true),
        "kmsKeyId": .text,
        "volumeType": .text,
        "sizeInGiB": .number,
        "snapshotId": .text,
        "volumeInitializationRate": .number,
        "iops": .number,
        "throughput": .number,
        "tagSpecifications": .list(
            .structure([
                "resourceType": .text,
                "tags": .keyed(name: "key", value: "value"),
                "propagateTags": .text("NONE"),
            ]), by: Identity("resourceType")),
        "roleArn": .role,
        "filesystemType": .text("xfs"),
    ]
}
