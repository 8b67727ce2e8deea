import MooringShapes

extension RuleCase {
    init(_ rule: String, _ bad: RuleFolder, not good: RuleFolder = .task(), says: String) {
        self.init(rule: rule, bad: bad, good: good, says: says)
    }

    // MARK: Containers and images

    static let containers: [RuleCase] = [
        RuleCase("no-containers", .task(["containerDefinitions": []]), says: "Add at least one"),
        RuleCase(
            "too-many-containers", .task(more: (0..<10).map { sidecar(["name": .string("s\($0)")]) }),
            not: .task(more: (0..<9).map { sidecar(["name": .string("s\($0)")]) }), says: "11 containers"),
        RuleCase("container-name", .task(app: ["name": nil]), says: "Container 1 has no 'name'"),
        RuleCase(
            "container-name", .task(app: ["name": "my app"]), not: .task(app: ["name": "My_app-1"]), says: "'my app'"),
        RuleCase(
            "duplicate-container", .task(more: [sidecar(["name": "app"])]), not: .task(more: [sidecar()]), says: "'app'"
        ),
        RuleCase(
            "essential-container", .task(app: ["essential": false]),
            not: .task(app: ["essential": false], more: [sidecar()]), says: "Remove 'essential: false'"),
        RuleCase(
            "restart-period", .task(app: ["restartPolicy": ["enabled": true, "restartAttemptPeriod": 30]]),
            not: .task(app: ["restartPolicy": ["enabled": true, "restartAttemptPeriod": 60]]), says: "60 to 1800"),
        RuleCase(
            "too-many-exit-codes",
            .task(app: ["restartPolicy": ["enabled": true, "ignoredExitCodes": .list((0..<51).map { .integer($0) })]]),
            not: .task(app: ["restartPolicy": ["enabled": true, "ignoredExitCodes": [0]]]), says: "at most 50"),
        RuleCase(
            "too-many-environment-files",
            .task(app: [
                "environmentFiles": .list((0..<11).map { _ in ["type": "s3", "value": "arn:aws:s3:::b/x.env"] })
            ]),
            not: .task(app: ["environmentFiles": [["type": "s3", "value": "arn:aws:s3:::b/x.env"]]]), says: "at most 10"
        ),
        RuleCase(
            "environment-file", .task(app: ["environmentFiles": [["type": "s3", "value": "s3://b/x.env"]]]),
            not: .task(app: ["environmentFiles": [["type": "s3", "value": "arn:aws:s3:::b/x.env"]]]),
            says: "arn:aws:s3:::"),
        RuleCase(
            "duplicate-environment",
            .task(app: ["environment": [["name": "A", "value": "1"], ["name": "A", "value": "2"]]]),
            not: .task(app: ["environment": [["name": "A", "value": "1"], ["name": "a", "value": "2"]]]), says: "'A'"),
        RuleCase("image-missing", .task(app: ["image": nil]), says: "Container 'app' has no 'image'"),
        RuleCase("image-missing", .task(app: ["image": ""]), says: "has no 'image'"),
        RuleCase("image-characters", .task(app: ["image": "nginx:1.27 "]), says: "a space"),
        RuleCase(
            "image-too-long", .task(app: ["image": .string(String(repeating: "a", count: 256) + ":1")]),
            not: .task(app: ["image": .string("a@sha256:" + String(repeating: "a", count: 300))]), says: "at most 255"),
        RuleCase("latest-tag", .task(app: ["image": "nginx"]), says: "has no tag"),
        RuleCase(
            "latest-tag", .task(app: ["image": "registry:5000/nginx:latest"]),
            not: .task(app: ["image": "registry:5000/nginx:1"]), says: "is tagged 'latest'"),
        RuleCase(
            "latest-tag", .task(app: ["image": "registry:5000/nginx"]), not: .task(app: ["image": "nginx@sha256:00"]),
            says: "has no tag"),
    ]

    // MARK: Memory, processor time, size

    static let sizes: [RuleCase] = [
        RuleCase(
            "memory-missing", .task(app: ["memory": nil]), not: .task(app: ["memory": nil, "memoryReservation": 64]),
            says: "'memory: 512'"),
        RuleCase(
            "memory-missing", .task(app: ["memory": nil]), not: .task(["memory": "512"], app: ["memory": nil]),
            says: "Container 'app'"),
        RuleCase(
            "memory-reservation", .task(app: ["memoryReservation": 512]), not: .task(app: ["memoryReservation": 256]),
            says: "reserves 512 MiB but may use only 256"),
        RuleCase("memory-too-small", .task(app: ["memory": 4]), not: .task(app: ["memory": 6]), says: "counted in MiB"),
        RuleCase(
            "container-memory", .task(["memory": "0.5 GB"], app: ["memory": 513]),
            not: .task(["memory": "0.5 GB"], app: ["memory": 512]), says: "the whole task only 512"),
        RuleCase(
            "memory-sum", .task(["memory": "300"], more: [sidecar()]),
            not: .task(["memory": "320"], more: [sidecar()]), says: "320 MiB together"),
        RuleCase(
            "cpu-sum", .task(["cpu": ".25 vCPU"], app: ["cpu": 257]), not: .task(["cpu": "256"], app: ["cpu": 256]),
            says: "257 CPU units together, the task has 256"),
        RuleCase("task-size-spelling", .task(["cpu": "1 core"]), not: .task(["cpu": "1 vCPU"]), says: "'0.5 vCPU'"),
        RuleCase("task-size-spelling", .task(["memory": "512MB"]), not: .task(["memory": "1GB"]), says: "'1 GB'"),
        RuleCase("task-cpu-range", .task(["cpu": "2"]), not: .task(["cpu": "128"]), says: "1024 units are one vCPU"),
        RuleCase(
            "task-definition-size",
            .task(app: ["environment": [["name": "A", "value": .string(String(repeating: "x", count: 65_536))]]]),
            not: .task(app: ["environment": [["name": "A", "value": .string(String(repeating: "x", count: 60_000))]]]),
            says: "at most 65536"),
        RuleCase(
            "too-many-constraints",
            .task(["placementConstraints": .list((0..<11).map { _ in ["type": "memberOf", "expression": "a"] })]),
            says: "at most 10"),
    ]

    // MARK: Fargate

    static let fargate: [RuleCase] = [
        RuleCase(
            "fargate-network-mode", .fargate(["networkMode": "bridge"]), not: .fargate(), says: "'networkMode: awsvpc'"),
        RuleCase("fargate-network-mode", .fargate(["networkMode": nil]), says: "'networkMode: awsvpc'"),
        RuleCase("fargate-size-missing", .fargate(["memory": nil]), not: .fargate(), says: "'memory: \"512\"'"),
        RuleCase("fargate-size-missing", .fargate(["cpu": nil, "memory": nil]), says: "'cpu' and 'memory'"),
        RuleCase("fargate-size", .fargate(["memory": "4096"]), not: .fargate(), says: "it takes 512, 1024 or 2048"),
        RuleCase(
            "fargate-size", .fargate(["cpu": "8192", "memory": "18432"]),
            not: .fargate(["cpu": "8192", "memory": "20480"]), says: "16384 to 61440 in steps of 4096"),
        RuleCase(
            "fargate-size", .fargate(["cpu": "16 vCPU", "memory": "36 GB"]),
            not: .fargate(["cpu": "16 vCPU", "memory": "40 GB"]), says: "32768 to 122880"),
        RuleCase("fargate-size", .fargate(["cpu": "300", "memory": "512"]), says: "there are 256, 512, 1024"),
        RuleCase(
            "fargate-size", .fargate(["runtimePlatform": ["operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"]]),
            not: .fargate(["runtimePlatform": ["operatingSystemFamily": "LINUX"]]), says: "at least 1024"),
        RuleCase(
            "fargate-size-unknown", .fargate(["cpu": "32768", "memory": "131072"]),
            not: .fargate(["cpu": "16384", "memory": "32768"]), says: "16 vCPU"),
        RuleCase(
            "fargate-task-member", .fargate(["ipcMode": "task"]), not: .task(["ipcMode": "task"]), says: "ipcMode"),
        RuleCase(
            "fargate-task-member", .fargate(["pidMode": "host"]), not: .fargate(["pidMode": "task"]), says: "'task'"),
        RuleCase(
            "fargate-task-member", .fargate(["placementConstraints": [["type": "memberOf", "expression": "a"]]]),
            not: .fargate(["placementConstraints": []]), says: "Remove them"),
        RuleCase(
            "fargate-container-member", .fargate(app: ["privileged": true]), not: .fargate(app: ["privileged": false]),
            says: "run the task on EC2"),
        RuleCase(
            "fargate-container-member", .fargate(app: ["resourceRequirements": [["type": "GPU", "value": "1"]]]),
            not: .task(app: ["resourceRequirements": [["type": "GPU", "value": "1"]]]), says: "no GPUs"),
        RuleCase(
            "fargate-container-member", .fargate(app: ["linuxParameters": ["capabilities": ["add": ["NET_ADMIN"]]]]),
            not: .fargate(app: ["linuxParameters": ["capabilities": ["add": ["SYS_PTRACE"], "drop": ["ALL"]]]]),
            says: "SYS_PTRACE"),
        RuleCase(
            "fargate-container-member", .fargate(app: ["linuxParameters": ["sharedMemorySize": 64]]),
            not: .fargate(app: ["linuxParameters": ["initProcessEnabled": true]]), says: "sharedMemorySize"),
        RuleCase(
            "fargate-volume", .fargate(["volumes": [["name": "a", "host": ["sourcePath": "/data"]]]]),
            not: .fargate(["volumes": [["name": "a", "host": [:]]]]), says: "no host to mount from"),
        RuleCase(
            "fargate-volume", .fargate(["volumes": [["name": "a", "dockerVolumeConfiguration": ["scope": "task"]]]]),
            not: .task(["volumes": [["name": "a", "dockerVolumeConfiguration": ["scope": "task"]]]]),
            says: "Docker volumes"),
        RuleCase(
            "fargate-stop-timeout", .fargate(app: ["stopTimeout": 300]), not: .fargate(app: ["stopTimeout": 120]),
            says: "2 to 120"),
        RuleCase(
            "ephemeral-storage", .fargate(["ephemeralStorage": ["sizeInGiB": 20]]),
            not: .fargate(["ephemeralStorage": ["sizeInGiB": 21]]), says: "21 to 200"),
        RuleCase(
            "ephemeral-storage-elsewhere",
            .task(["requiresCompatibilities": ["EC2"], "ephemeralStorage": ["sizeInGiB": 30]]),
            not: .fargate(["ephemeralStorage": ["sizeInGiB": 30]]), says: "on Fargate"),
        RuleCase(
            "fargate-log-driver", .fargate(app: ["logConfiguration": ["logDriver": "json-file"]]),
            not: .task(app: ["logConfiguration": ["logDriver": "json-file"]]), says: "awslogs, splunk and awsfirelens"),
        RuleCase(
            "fargate-execution-role", .fargate(["executionRoleArn": nil]), not: .fargate(), says: "to write the log"),
        RuleCase(
            "fargate-execution-role",
            .fargate(["executionRoleArn": nil], app: ["image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/a:1"]),
            not: .task(app: ["image": "123456789012.dkr.ecr.eu-central-1.amazonaws.com/a:1"]), says: "from ECR"),
    ]

    // MARK: Network modes and ports

    static let networks: [RuleCase] = [
        RuleCase(
            "awsvpc-member", .task(["networkMode": "awsvpc"], app: ["links": ["sidecar"]], more: [sidecar()]),
            not: .task(app: ["links": ["sidecar"]], more: [sidecar()]), says: "on localhost"),
        RuleCase(
            "awsvpc-member", .task(["networkMode": "awsvpc"], app: ["hostname": "web"]),
            not: .task(["networkMode": "bridge"], app: ["hostname": "web"]), says: "'hostname'"),
        RuleCase(
            "links-mode", .task(["networkMode": "host"], app: ["links": ["sidecar"]], more: [sidecar()]),
            not: .task(["networkMode": "bridge"], app: ["links": ["sidecar"]], more: [sidecar()]), says: "bridge"),
        RuleCase(
            "unknown-link", .task(app: ["links": ["sidecra:x"]], more: [sidecar()]),
            not: .task(app: ["links": ["sidecar:x"]], more: [sidecar()]), says: "Did you mean 'sidecar'?"),
        RuleCase(
            "none-ports", .task(["networkMode": "none"]),
            not: .task(["networkMode": "none"], app: ["portMappings": nil]),
            says: "Remove 'portMappings'"),
        RuleCase(
            "proxy-mode", .task(["networkMode": "host", "proxyConfiguration": ["containerName": "app"]]),
            not: .task(["networkMode": "awsvpc", "proxyConfiguration": ["containerName": "app"]]), says: "awsvpc"),
        RuleCase(
            "proxy-container", .task(["networkMode": "awsvpc", "proxyConfiguration": ["containerName": "apps"]]),
            not: .task(["networkMode": "awsvpc", "proxyConfiguration": ["containerName": "app"]]),
            says: "Did you mean 'app'?"),
        RuleCase(
            "host-port",
            .task(["networkMode": "awsvpc"], app: ["portMappings": [["containerPort": 80, "hostPort": 8080]]]),
            not: .task(["networkMode": "awsvpc"], app: ["portMappings": [["containerPort": 80, "hostPort": 80]]]),
            says: "8080 is not 80"),
        RuleCase(
            "host-port",
            .task(["networkMode": "host"], app: ["portMappings": [["containerPort": 80, "hostPort": 81]]]),
            not: .task(app: ["portMappings": [["containerPort": 80, "hostPort": 81]]]), says: "Remove 'hostPort'"),
        RuleCase("port-number", .task(app: ["portMappings": [["containerPort": 65_536]]]), says: "1 to 65535"),
        RuleCase(
            "port-range", .task(app: ["portMappings": [["containerPort": 80, "containerPortRange": "80-90"]]]),
            not: .task(app: ["portMappings": [["containerPortRange": "80-90"]]]), says: "not both"),
        RuleCase("port-range", .task(app: ["portMappings": [["containerPortRange": "90-80"]]]), says: "'8000-8010'"),
        RuleCase(
            "port-name", .task(app: ["portMappings": [["containerPort": 80, "name": "HTTP"]]]),
            not: .task(app: ["portMappings": [["containerPort": 80, "name": "http_1-x"]]]), says: "'HTTP'"),
        RuleCase(
            "duplicate-port-name",
            .task(app: ["portMappings": [["containerPort": 80, "name": "a"], ["containerPort": 81, "name": "a"]]]),
            not: .task(app: ["portMappings": [["containerPort": 80, "name": "a"], ["containerPort": 81]]]), says: "'a'"),
        RuleCase(
            "duplicate-port",
            .task(["networkMode": "awsvpc"], more: [sidecar(["portMappings": [["containerPort": 80]]])]),
            not: .task(
                ["networkMode": "awsvpc"],
                more: [sidecar(["portMappings": [["containerPort": 80, "protocol": "udp"]]])]),
            says: "80/tcp"),
    ]

    // MARK: Dependencies, volumes, health, logs, secrets, Windows

    private static func waits(_ name: String, _ condition: String) -> Value {
        [["containerName": .string(name), "condition": .string(condition)]]
    }

    static let details: [RuleCase] = [
        RuleCase(
            "unknown-container", .task(app: ["dependsOn": waits("sidecr", "START")], more: [sidecar()]),
            not: .task(app: ["dependsOn": waits("sidecar", "START")], more: [sidecar()]),
            says: "Did you mean 'sidecar'?"),
        RuleCase(
            "dependency-cycle",
            .task(app: ["dependsOn": waits("sidecar", "START")], more: [sidecar(["dependsOn": waits("app", "START")])]),
            not: .task(app: ["dependsOn": waits("sidecar", "START")], more: [sidecar()]),
            says: "'app' for 'sidecar' for 'app'"),
        RuleCase("dependency-cycle", .task(app: ["dependsOn": waits("app", "START")]), says: "'app' for 'app'"),
        RuleCase(
            "dependency-health", .task(app: ["dependsOn": waits("sidecar", "HEALTHY")], more: [sidecar()]),
            not: .task(
                app: ["dependsOn": waits("sidecar", "HEALTHY")],
                more: [sidecar(["healthCheck": ["command": ["CMD", "true"]]])]), says: "no 'healthCheck'"),
        RuleCase(
            "dependency-essential", .task(app: ["dependsOn": waits("sidecar", "SUCCESS")], more: [sidecar()]),
            not: .task(app: ["dependsOn": waits("sidecar", "SUCCESS")], more: [sidecar(["essential": false])]),
            says: "'essential: false'"),
        RuleCase(
            "unknown-volumes-from", .task(app: ["volumesFrom": [["sourceContainer": "data"]]]),
            not: .task(app: ["volumesFrom": [["sourceContainer": "sidecar"]]], more: [sidecar()]), says: "'data'"),
        RuleCase(
            "unknown-volume", .task(["volumes": [["name": "data"]]], app: ["mountPoints": [["sourceVolume": "date"]]]),
            not: .task(["volumes": [["name": "data"]]], app: ["mountPoints": [["sourceVolume": "data"]]]),
            says: "Did you mean 'data'?"),
        RuleCase("duplicate-volume", .task(["volumes": [["name": "a"], ["name": "a"]]]), says: "'a'"),
        RuleCase(
            "volume-kinds",
            .task(["volumes": [["name": "a", "host": ["sourcePath": "/a"], "configuredAtLaunch": true]]]),
            not: .task(["volumes": [["name": "a", "host": ["sourcePath": "/a"], "configuredAtLaunch": false]]]),
            says: "'host' and 'configuredAtLaunch'"),
        RuleCase(
            "configured-at-launch",
            .task(["volumes": [["name": "a", "configuredAtLaunch": true], ["name": "b", "configuredAtLaunch": true]]]),
            not: .task(["volumes": [["name": "a", "configuredAtLaunch": true]]]), says: "takes one"),
        RuleCase("efs-access-point", efs(["rootDirectory": "/data"]), not: efs(["rootDirectory": "/"]), says: "Remove"),
        RuleCase(
            "efs-encryption", efs(["transitEncryption": nil]), not: efs([:]), says: "'transitEncryption: ENABLED'"),
        RuleCase("health-check-range", health(["interval": 3]), not: health(["interval": 5]), says: "5 to 300 seconds"),
        RuleCase("health-check-range", health(["timeout": 61]), not: health(["timeout": 20]), says: "2 to 60 seconds"),
        RuleCase("health-check-range", health(["retries": 11]), not: health(["retries": 10]), says: "1 to 10"),
        RuleCase("health-check-range", health(["startPeriod": 301]), not: health(["startPeriod": 0]), says: "0 to 300"),
        RuleCase("health-check-command", health(["command": []]), not: health([:]), says: "CMD-SHELL"),
        RuleCase("health-check-prefix", health(["command": ["curl", "x"]]), not: health([:]), says: "'curl'"),
        RuleCase(
            "health-check-timeout", health(["interval": 10, "timeout": 20]), not: health(["interval": 10]),
            says: "begins after 10"),
        RuleCase(
            "log-options", .task(app: ["logConfiguration": ["logDriver": "awslogs"]]), says: "'awslogs-group: /ecs/web'"
        ),
        RuleCase(
            "log-options",
            .fargate(app: ["logConfiguration": ["logDriver": "awslogs", "options": ["awslogs-group": "g"]]]),
            not: .task(app: ["logConfiguration": ["logDriver": "awslogs", "options": ["awslogs-group": "g"]]]),
            says: "'awslogs-region' and 'awslogs-stream-prefix' on Fargate"),
        RuleCase(
            "log-region",
            .task(app: ["logConfiguration": ["logDriver": "awslogs", "options": ["awslogs-group": "g"]]]),
            says: "awslogs-region"),
        RuleCase(
            "firelens-router", .task(app: ["logConfiguration": ["logDriver": "awsfirelens"]]),
            not: .task(
                app: ["logConfiguration": ["logDriver": "awsfirelens"]],
                more: [sidecar(["firelensConfiguration": ["type": "fluentbit"]])]), says: "{type: fluentbit}"),
        RuleCase(
            "firelens-routers",
            .task(
                app: ["firelensConfiguration": ["type": "fluentd"]],
                more: [sidecar(["firelensConfiguration": ["type": "fluentbit"]])]), says: "2 containers"),
        RuleCase("no-log-configuration", .task(app: ["logConfiguration": nil]), says: "Container 'app'"),
        RuleCase(
            "secrets-execution-role", .task(app: ["secrets": [["name": "A", "valueFrom": "a"]]]),
            not: .fargate(app: ["secrets": [["name": "A", "valueFrom": "a"]]]), says: "'executionRoleArn'"),
        RuleCase(
            "secret-name",
            .task(app: ["environment": [["name": "A", "value": "1"]], "secrets": [["name": "A", "valueFrom": "a"]]]),
            not: .task(app: [
                "environment": [["name": "A", "value": "1"]], "secrets": [["name": "B", "valueFrom": "a"]],
            ]),
            says: "a variable in 'environment'"),
        RuleCase(
            "secret-in-environment", .task(app: ["environment": [["name": "API_TOKEN", "value": "abc"]]]),
            not: .task(app: ["environment": [["name": "API_TOKEN_FILE", "value": "/run/t"]]]), says: "'API_TOKEN'"),
        RuleCase("windows-member", windows(app: ["readonlyRootFilesystem": true]), not: windows(), says: "Remove it"),
        RuleCase(
            "windows-network", windows(["networkMode": "bridge"]), not: windows(["networkMode": "awsvpc"]),
            says: "bridge"),
        RuleCase(
            "windows-architecture",
            .task([
                "runtimePlatform": ["operatingSystemFamily": "WINDOWS_SERVER_2022_CORE", "cpuArchitecture": "ARM64"]
            ]),
            not: .task(["runtimePlatform": ["operatingSystemFamily": "LINUX", "cpuArchitecture": "ARM64"]]),
            says: "Linux only"),
    ]

    private static func health(_ members: [String: Value]) -> RuleFolder {
        var check: Value = ["command": ["CMD-SHELL", "true"]]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { check[name] = value }
        return .task(app: ["healthCheck": check])
    }

    private static func efs(_ members: [String: Value?]) -> RuleFolder {
        var efs: Value = [
            "fileSystemId": "fs-1", "transitEncryption": "ENABLED", "authorizationConfig": ["accessPointId": "fsap-1"],
        ]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) { efs[name] = value }
        return .task(["volumes": [["name": "a", "efsVolumeConfiguration": efs]]])
    }

    private static func windows(_ members: [String: Value?] = [:], app: [String: Value?] = [:]) -> RuleFolder {
        let own: [String: Value?] = ["runtimePlatform": ["operatingSystemFamily": "WINDOWS_SERVER_2022_CORE"]]
        return .task(own.merging(members) { $1 }, app: app)
    }
}
