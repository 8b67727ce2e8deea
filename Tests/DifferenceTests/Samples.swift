import MooringShapes
import MooringTestSupport

/// Documents that use every member of their shape, and smaller ones cut out of them.
enum Samples {
    static func value(_ text: String) throws -> Value { try JSONReader.value(of: text) }

    /// Every member of RegisterTaskDefinition's input. Nobody could register it; the difference does not mind.
    static func fullTaskDefinition() throws -> Value {
        var document = try value(
            #"""
            {
              "family": "web", "taskRoleArn": "arn:aws:iam::123456789012:role/web-task",
              "executionRoleArn": "arn:aws:iam::123456789012:role/web-execution", "networkMode": "awsvpc",
              "placementConstraints": [
                {"type": "memberOf", "expression": "attribute:ecs.os-type == linux"},
                {"type": "memberOf", "expression": "attribute:ecs.instance-type =~ t3.*"}
              ],
              "requiresCompatibilities": ["FARGATE", "EC2"], "cpu": "512", "memory": "2048", "pidMode": "task",
              "ipcMode": "host",
              "proxyConfiguration": {
                "type": "APPMESH", "containerName": "envoy",
                "properties": [{"name": "ProxyIngressPort", "value": "15000"}, {"name": "AppPorts", "value": "80"}]
              },
              "inferenceAccelerators": [{"deviceName": "device_1", "deviceType": "eia2.medium"}],
              "ephemeralStorage": {"sizeInGiB": 30},
              "runtimePlatform": {"cpuArchitecture": "ARM64", "operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"},
              "enableFaultInjection": true,
              "trustedExecutionConfiguration": {"isolationMode": "CONFIDENTIAL_SANDBOX", "attestationPolicy": "cA=="},
              "newestMember": {"mode": "a", "steps": [1, 2]},
              "tags": [{"key": "team", "value": "blue"}]
            }
            """#)
        document["volumes"] = try value(volumes)
        document["containerDefinitions"] = .list([
            try value(container),
            try value(#"{"name": "envoy", "image": "envoy:1", "essential": false, "memory": 64}"#),
            try value(#"{"name": "init", "image": "busybox", "cpu": 10, "links": ["web", "envoy:e"]}"#),
        ])
        return document
    }

    private static let volumes = #"""
        [
          {"name": "host", "host": {"sourcePath": "/srv"}},
          {"name": "bare"},
          {"name": "docker", "dockerVolumeConfiguration": {
            "scope": "shared", "autoprovision": true, "driver": "rexray", "driverOpts": {"type": "nfs"},
            "labels": {"a.b": "c"}}},
          {"name": "efs", "efsVolumeConfiguration": {
            "fileSystemId": "fs-1", "rootDirectory": "/data", "transitEncryption": "ENABLED",
            "transitEncryptionPort": 2049, "authorizationConfig": {"accessPointId": "fsap-1", "iam": "ENABLED"}}},
          {"name": "s3", "s3filesVolumeConfiguration": {
            "fileSystemArn": "arn:aws:s3files:eu-west-1:123456789012:file-system/1", "rootDirectory": "/x",
            "transitEncryptionPort": 2050, "accessPointArn": "arn:aws:s3files:eu-west-1:123456789012:ap/1"}},
          {"name": "fsx", "fsxWindowsFileServerVolumeConfiguration": {
            "fileSystemId": "fs-2", "rootDirectory": "share",
            "authorizationConfig": {"credentialsParameter": "arn:1", "domain": "example.com"}}},
          {"name": "ebs", "configuredAtLaunch": true}
        ]
        """#

    private static let container = #"""
        {
          "name": "web", "image": "registry.example/web:1", "repositoryCredentials": {"credentialsParameter": "arn:2"},
          "cpu": 128, "memory": 512, "memoryReservation": 256, "links": ["init", "envoy:e"],
          "portMappings": [
            {"containerPort": 8080, "hostPort": 8080, "protocol": "tcp", "name": "http", "appProtocol": "http2"},
            {"containerPort": 53, "protocol": "udp"}, {"containerPort": 53},
            {"containerPortRange": "9000-9010", "protocol": "tcp"}
          ],
          "essential": true,
          "restartPolicy": {"enabled": true, "ignoredExitCodes": [0, 3], "restartAttemptPeriod": 60},
          "entryPoint": ["/bin/sh", "-c"], "command": ["run", "--fast"],
          "environment": [{"name": "LEVEL", "value": "info"}, {"name": "EMPTY", "value": ""},
                          {"name": "DB_HOST", "value": "db"}, {"name": "A", "value": "1"}],
          "environmentFiles": [{"value": "arn:aws:s3:::b/1.env", "type": "s3"},
                               {"value": "arn:aws:s3:::b/2.env", "type": "s3"}],
          "mountPoints": [{"sourceVolume": "efs", "containerPath": "/data", "readOnly": true},
                          {"sourceVolume": "bare", "containerPath": "/cache"}],
          "volumesFrom": [{"sourceContainer": "init", "readOnly": true}, {"sourceContainer": "envoy"}],
          "linuxParameters": {
            "capabilities": {"add": ["SYS_PTRACE", "NET_ADMIN"], "drop": ["MKNOD"]},
            "devices": [{"hostPath": "/dev/a", "containerPath": "/dev/b", "permissions": ["read", "write"]}],
            "initProcessEnabled": true, "sharedMemorySize": 64,
            "tmpfs": [{"containerPath": "/tmp", "size": 64, "mountOptions": ["rw", "noexec"]}],
            "maxSwap": 100, "swappiness": 50},
          "secrets": [{"name": "TOKEN", "valueFrom": "arn:3"}, {"name": "API", "valueFrom": "/p/api"}],
          "dependsOn": [{"containerName": "init", "condition": "SUCCESS"},
                        {"containerName": "envoy", "condition": "HEALTHY"}],
          "startTimeout": 30, "stopTimeout": 31, "versionConsistency": "disabled", "hostname": "h", "user": "u",
          "workingDirectory": "/w", "disableNetworking": true, "privileged": true, "readonlyRootFilesystem": true,
          "dnsServers": ["10.0.0.3", "10.0.0.2"], "dnsSearchDomains": ["b.example", "a.example"],
          "extraHosts": [{"hostname": "z", "ipAddress": "10.0.0.9"}, {"hostname": "a", "ipAddress": "10.0.0.8"}],
          "dockerSecurityOptions": ["label:user:nginx", "label:role:app"], "interactive": true,
          "pseudoTerminal": true, "dockerLabels": {"com.example/a": "1", "b": "2"},
          "ulimits": [{"name": "nofile", "softLimit": 1024, "hardLimit": 4096},
                      {"name": "core", "softLimit": 1, "hardLimit": 2}],
          "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "g", "awslogs-region": "r"},
                               "secretOptions": [{"name": "apikey", "valueFrom": "arn:4"}]},
          "healthCheck": {"command": ["CMD-SHELL", "curl -f localhost"], "interval": 10, "timeout": 6, "retries": 4,
                          "startPeriod": 20},
          "systemControls": [{"namespace": "net.core.somaxconn", "value": "1024"},
                             {"namespace": "net.ipv4.tcp_keepalive_time", "value": "600"}],
          "resourceRequirements": [
            {"type": "GPU", "value": "1", "sharingStrategy": {"nvidiaMps": {"memory": 9, "maxComputePercent": 50}}}],
          "firelensConfiguration": {"type": "fluentbit", "options": {"enable-ecs-log-metadata": "true"}},
          "credentialSpecs": ["credentialspec:arn:5"]
        }
        """#

    /// Every member of CreateService's input that is compared.
    static func fullService() throws -> Value { try value(service) }

    private static let service = #"""
        {
          "availabilityZoneRebalancing": "ENABLED",
          "loadBalancers": [
            {"targetGroupArn": "arn:tg/blue", "containerName": "web", "containerPort": 8080,
             "advancedConfiguration": {"alternateTargetGroupArn": "arn:tg/green",
               "productionListenerRule": "arn:rule/1", "testListenerRule": "arn:rule/2",
               "roleArn": "arn:aws:iam::123456789012:role/lb"}},
            {"loadBalancerName": "classic", "containerName": "web", "containerPort": 9090}],
          "serviceRegistries": [
            {"registryArn": "arn:srv-1", "port": 1, "containerName": "web", "containerPort": 2}],
          "launchType": "FARGATE",
          "capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1, "base": 1},
                                       {"capacityProvider": "FARGATE_SPOT", "weight": 4}],
          "platformVersion": "1.4.0", "role": "ecsServiceRole",
          "deploymentConfiguration": {
            "deploymentCircuitBreaker": {"enable": true, "rollback": true, "resetOnHealthyTask": false,
              "thresholdConfiguration": {"type": "COUNT", "value": 5}},
            "maximumPercent": 150, "minimumHealthyPercent": 50,
            "alarms": {"alarmNames": ["b", "a"], "rollback": true, "enable": true},
            "strategy": "CANARY", "bakeTimeInMinutes": 5,
            "lifecycleHooks": [
              {"hookTargetArn": "arn:fn/1", "roleArn": "arn:aws:iam::123456789012:role/hook",
               "lifecycleStages": ["PRE_SCALE_UP", "POST_SCALE_UP"], "hookDetails": {"a": {"b": [1]}},
               "timeoutConfiguration": {"timeoutInMinutes": 10, "action": "CONTINUE"}},
              {"targetType": "PAUSE", "lifecycleStages": ["POST_SCALE_UP"]}],
            "earlySuccessCriteria": {"enable": true, "healthyPercent": 80,
              "sourceServiceRevisionCleanup": "DEFERRED"},
            "linearConfiguration": {"stepPercent": 20.5, "stepBakeTimeInMinutes": 7},
            "canaryConfiguration": {"canaryPercent": 7.5, "canaryBakeTimeInMinutes": 11}},
          "placementConstraints": [{"type": "distinctInstance"}, {"type": "memberOf", "expression": "e == 1"}],
          "placementStrategy": [{"type": "spread", "field": "attribute:ecs.availability-zone"},
                                {"type": "spread", "field": "host"}],
          "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["subnet-2", "subnet-1"],
            "securityGroups": ["sg-2", "sg-1"], "assignPublicIp": "ENABLED"}},
          "healthCheckGracePeriodSeconds": 60, "schedulingStrategy": "REPLICA",
          "deploymentController": {"type": "ECS"}, "enableECSManagedTags": true, "propagateTags": "SERVICE",
          "enableExecuteCommand": true,
          "serviceConnectConfiguration": {
            "enabled": true, "namespace": "internal",
            "services": [{"portName": "http", "discoveryName": "web",
              "clientAliases": [{"port": 80, "dnsName": "web.internal",
                "testTrafficRules": {"header": {"name": "x", "value": {"exact": "y"}}}}],
              "ingressPortOverride": 15000,
              "timeout": {"idleTimeoutSeconds": 1, "perRequestTimeoutSeconds": 2},
              "tls": {"issuerCertificateAuthority": {"awsPcaAuthorityArn": "arn:pca"}, "kmsKey": "arn:kms",
                      "roleArn": "arn:aws:iam::123456789012:role/tls"}}],
            "logConfiguration": {"logDriver": "awslogs", "options": {"awslogs-group": "sc"},
              "secretOptions": [{"name": "k", "valueFrom": "arn:6"}]},
            "accessLogConfiguration": {"format": "JSON", "includeQueryParameters": "ENABLED"},
            "containerConfigurations": [{"logLevel": "debug"}]},
          "volumeConfigurations": [{"name": "ebs", "managedEBSVolume": {
            "encrypted": false, "kmsKeyId": "arn:k", "volumeType": "gp3", "sizeInGiB": 10, "snapshotId": "snap-1",
            "volumeInitializationRate": 100, "iops": 3000, "throughput": 125,
            "tagSpecifications": [{"resourceType": "volume", "tags": [{"key": "a", "value": "b"}],
                                   "propagateTags": "SERVICE"}],
            "roleArn": "arn:aws:iam::123456789012:role/infra", "filesystemType": "ext4"}}],
          "vpcLatticeConfigurations": [{"roleArn": "arn:aws:iam::123456789012:role/lattice",
            "targetGroupArn": "arn:lattice", "portName": "http", "advancedConfiguration": {
              "alternateTargetGroupArn": "arn:lattice/2", "productionListenerRule": "arn:rule/3",
              "testListenerRule": "arn:rule/4"}}],
          "gatewayConnectors": [{"portName": "http", "filters": {"accessTypes": ["PUBLIC", "PRIVATE"]},
            "healthCheck": {"healthCheckProtocol": "HTTPS", "healthCheckPort": 1, "healthCheckPath": "/",
              "healthCheckTimeoutSeconds": 2, "healthCheckIntervalSeconds": 3, "healthyThresholdCount": 4,
              "unhealthyThresholdCount": 5, "matcher": {"httpCode": "200", "grpcCode": "0"}},
            "deregistrationDelay": {"timeoutSeconds": 30}}],
          "monitoring": {"metricConfigurations": [{"metricNames": ["CPUUtilization"], "resolutionSeconds": 20}]}
        }
        """#

    // MARK: Cutting and spelling

    /// Members without which an element could not be told from others, or ECS would refuse the document.
    private static let kept: Set<String> = [
        "family", "name", "image", "containerPort", "containerPortRange", "protocol", "containerName", "hostname",
        "ipAddress", "sourceContainer", "containerPath", "hostPath", "deviceName", "namespace", "type", "value",
        "valueFrom", "expression", "registryArn", "capacityProvider", "portName", "port", "key", "resourceType",
        "networkMode",
    ]

    /// A part of `value`: each member that is not needed is left out in half of all cases.
    static func part(of value: Value, using generator: inout SplitMix64) -> Value {
        switch value.node {
        case .scalar: return value
        case .list(let elements):
            return .list(elements.map { part(of: $0, using: &generator) })
        case .map(let members):
            var result: [Value.Member] = []
            for member in members where kept.contains(member.name) || generator.chance(50) {
                result.append(Value.Member(member.name, part(of: member.value, using: &generator)))
            }
            return Value(.map(result))
        }
    }

    /// The same document with the members of every map in another order.
    static func shuffled(_ value: Value, using generator: inout SplitMix64) -> Value {
        switch value.node {
        case .scalar: return value
        case .list(let elements): return .list(elements.map { shuffled($0, using: &generator) })
        case .map(let members):
            let shuffledMembers = members.shuffled(using: &generator)
            return Value(
                .map(shuffledMembers.map { Value.Member($0.name, shuffled($0.value, using: &generator)) }))
        }
    }
}
