/// What ECS makes of a registered task definition, member by member.
///
/// Sources, where a line says none: API reference, RegisterTaskDefinition and the types it names (which members there
/// are, documented defaults), and what published answers show. "Native" means an answer of ECS itself, "CloudFormation
/// read" one that passed through AWS's own CloudFormation handler.
enum TaskDefinitionRules {
    /// Members of the described form that no input has. `tags` are compared by nobody: they are not part of a
    /// revision's content, and ECS does not describe them in this place.
    static let readOnly: Set<String> = [
        "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt",
        "registeredBy", "deregisteredAt", "deleteRequestedAt", "tags",
    ]

    /// The members of the input.
    static let root: [String: Rule] = [
        "family": .text,
        // Given by name, answered as ARN.
        "taskRoleArn": .role,
        "executionRoleArn": .role,
        // Absent means bridge (Linux on EC2, the only place where it may be absent).
        "networkMode": .text("bridge"),
        // CloudFormation reads reorder them, so they are known by name whatever the order.
        "containerDefinitions": .list(.structure(container), by: Identity("name")),
        "volumes": .list(.structure(volume), by: Identity("name")),
        // Order kept (CloudFormation read).
        "placementConstraints": .ordered(
            .structure(["type": .text, "expression": .text]), Identity("expression")),
        // A set: may come back in another order (CloudFormation read).
        "requiresCompatibilities": .stringSet,
        // `1 vCPU` comes back as 1024, `2 GB` as 2048.
        "cpu": .leaf(.processorUnits),
        "memory": .leaf(.memorySize),
        "pidMode": .text,
        "ipcMode": .text,
        "proxyConfiguration": .structure([
            "type": .text("APPMESH"),
            "containerName": .text,
            "properties": .keyed(name: "name", value: "value"),
        ]),
        "inferenceAccelerators": .list(
            .structure(["deviceName": .text, "deviceType": .text]), by: Identity("deviceName")),
        "ephemeralStorage": .structure(["sizeInGiB": .number]),
        // Not filled in by ECS (native and CloudFormation reads of definitions without it); what Fargate takes then is
        // documented. On EC2 the architecture is that of the instance, so there absence is no spelling of X86_64.
        "runtimePlatform": .structure([
            "cpuArchitecture": .leaf(.text, .onFargate("X86_64")),
            "operatingSystemFamily": .leaf(.text, .onFargate("LINUX")),
        ]),
        "enableFaultInjection": .flag(false),
        "trustedExecutionConfiguration": .structure(["isolationMode": .text("SHARED"), "attestationPolicy": .text]),
    ]

    /// `containerDefinitions[]`.
    static let container: [String: Rule] = [
        "name": .text,
        "image": .text,
        "repositoryCredentials": .structure(["credentialsParameter": .text]),
        // Native answers show 0 where nothing was sent.
        "cpu": .number(0),
        "memory": .number,
        "memoryReservation": .number,
        // Sorted by ECS (CloudFormation read).
        "links": .stringSet,
        "portMappings": .list(.structure(portMapping), by: portIdentity),
        // Native answers show true where nothing was sent.
        "essential": .flag(true),
        "restartPolicy": .structure([
            "enabled": .flag,
            "ignoredExitCodes": .unordered(.number),
            "restartAttemptPeriod": .number,
        ]),
        "entryPoint": .strings,
        "command": .strings,
        // Returned in the order of a hash table (native).
        "environment": .keyed(name: "name", value: "value"),
        // The first file that sets a name wins, so their order means something.
        "environmentFiles": .ordered(.structure(["value": .text, "type": .text]), Identity("value")),
        "mountPoints": .list(
            .structure(["sourceVolume": .text, "containerPath": .text, "readOnly": .flag(false)]),
            by: Identity("containerPath")),
        // Reordered (CloudFormation read).
        "volumesFrom": .list(
            .structure(["sourceContainer": .text, "readOnly": .flag(false)]), by: Identity("sourceContainer")),
        "linuxParameters": .structure(linuxParameters),
        "secrets": .keyed(name: "name", value: "valueFrom"),
        // Order kept (CloudFormation read).
        "dependsOn": .ordered(
            .structure(["containerName": .text, "condition": .text]), Identity("containerName")),
        "startTimeout": .number,
        "stopTimeout": .number,
        "versionConsistency": .text("enabled"),
        "hostname": .text,
        "user": .text,
        "workingDirectory": .text,
        "disableNetworking": .flag(false),
        "privileged": .flag(false),
        "readonlyRootFilesystem": .flag(false),
        // Order kept (CloudFormation read), and resolvers ask in order.
        "dnsServers": .strings,
        "dnsSearchDomains": .strings,
        // Order kept (CloudFormation read).
        "extraHosts": .ordered(
            .structure(["hostname": .text, "ipAddress": .text]), Identity("hostname", "ipAddress")),
        "dockerSecurityOptions": .strings,
        "interactive": .flag(false),
        "pseudoTerminal": .flag(false),
        "dockerLabels": .free,
        "ulimits": .list(
            .structure(["name": .text, "softLimit": .number, "hardLimit": .number]), by: Identity("name")),
        "logConfiguration": logConfiguration,
        "healthCheck": .structure([
            "command": .strings,
            // Filled in by ECS; startPeriod is not, and is documented as off.
            "interval": .number(30),
            "timeout": .number(5),
            "retries": .number(3),
            "startPeriod": .number(0),
        ]),
        "systemControls": .list(.structure(["namespace": .text, "value": .text]), by: Identity("namespace")),
        "resourceRequirements": .list(
            .structure([
                "value": .text,
                "type": .text,
                "sharingStrategy": .structure([
                    "nvidiaMps": .structure(["memory": .number, "maxComputePercent": .number])
                ]),
            ]), by: Identity("type")),
        "firelensConfiguration": .structure(["type": .text, "options": .free]),
        "credentialSpecs": .strings,
    ]

    /// Shared with Service Connect, which takes the same type.
    static let logConfiguration: Rule = .structure([
        "logDriver": .text,
        "options": .free,
        "secretOptions": .keyed(name: "name", value: "valueFrom"),
    ])

    /// `8080`, `8080/udp`, `8000-8010`.
    static let portIdentity = Identity("containerPort", "containerPortRange", "protocol", separator: "/")

    /// `containerDefinitions[].portMappings[]`.
    static let portMapping: [String: Rule] = [
        // 0 stands where a range is mapped instead.
        "containerPort": .number(0),
        "hostPort": .leaf(.number, .hostPort),
        "protocol": .text("tcp"),
        "name": .text,
        "appProtocol": .text,
        "containerPortRange": .text,
    ]

    /// `containerDefinitions[].linuxParameters`.
    static let linuxParameters: [String: Rule] = [
        "capabilities": .structure(["add": .stringSet, "drop": .stringSet]),
        "devices": .list(
            .structure(["hostPath": .text, "containerPath": .text, "permissions": .stringSet]),
            by: Identity("hostPath", "containerPath")),
        "initProcessEnabled": .flag(false),
        "sharedMemorySize": .number,
        "tmpfs": .list(
            // Later mount options override earlier ones.
            .structure(["containerPath": .text, "size": .number, "mountOptions": .strings]),
            by: Identity("containerPath")),
        "maxSwap": .number,
        "swappiness": .number,
    ]

    /// `volumes[]`.
    static let volume: [String: Rule] = [
        "name": .text,
        // ECS shows `{}` for a volume that names no source.
        "host": .structure(["sourcePath": .text]),
        "dockerVolumeConfiguration": .structure([
            "scope": .text("task"),
            "autoprovision": .flag(false),
            "driver": .text("local"),
            "driverOpts": .free,
            "labels": .free,
        ]),
        "efsVolumeConfiguration": .structure([
            "fileSystemId": .text,
            "rootDirectory": .text("/"),
            "transitEncryption": .text("DISABLED"),
            "transitEncryptionPort": .number,
            "authorizationConfig": .structure(["accessPointId": .text, "iam": .text("DISABLED")]),
        ]),
        "s3filesVolumeConfiguration": .structure([
            "fileSystemArn": .text,
            "rootDirectory": .text("/"),
            "transitEncryptionPort": .number,
            "accessPointArn": .text,
        ]),
        "fsxWindowsFileServerVolumeConfiguration": .structure([
            "fileSystemId": .text,
            "rootDirectory": .text,
            "authorizationConfig": .structure(["credentialsParameter": .text, "domain": .text]),
        ]),
        "configuredAtLaunch": .flag(false),
    ]
}
