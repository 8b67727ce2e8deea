import MooringShapes

/// What ECS makes of a registered task definition.
///
/// Written from `captures/findings.md` items 1 to 5 and reference/peers.md section 2, and shared with nobody: the planner holds
/// its own table, so that one can catch the other.
enum TaskDefinitionEcho {
    /// Members of RegisterTaskDefinition that are not part of the definition.
    private static let beside = ["tags"]

    static func described(
        _ input: Input, arn: String, revision: Int, registeredAt: Int64, registeredBy: String, names: LongNames,
    ) -> Value {
        let mode = input.value["networkMode"]?.text
        var output = Value.map([("taskDefinitionArn", .string(arn))])
        for member in input.value.members ?? [] where !beside.contains(member.name) {
            switch member.name {
            case "containerDefinitions":
                let containers = (member.value.elements ?? []).map { container($0, networkMode: mode) }
                // Source: `captures/findings.md` item 3: their order is not safe.
                output["containerDefinitions"] = EchoOrder.unlikeRequest(.list(containers))
            case "volumes": output["volumes"] = .list((member.value.elements ?? []).map(volume))
            case "taskRoleArn", "executionRoleArn":
                output[member.name] = member.value.text.map { .string(names.role($0)) }
            // Source: `captures/findings.md` item 5.
            case "requiresCompatibilities": output[member.name] = EchoOrder.hashed(member.value)
            case "cpu": output["cpu"] = units(member.value, factor: 1024, unit: "vcpu")
            case "memory": output["memory"] = units(member.value, factor: 1024, unit: "gb")
            case "proxyConfiguration":
                output["proxyConfiguration"] = member.value.filling("type", with: "APPMESH")
                    .changing("properties", EchoOrder.unlikeRequest)
            default: output[member.name] = member.value
            }
        }
        output = output.filling("volumes", with: []).filling("placementConstraints", with: [])
        output["revision"] = .integer(revision)
        output["status"] = "ACTIVE"
        output["requiresAttributes"] = .list(requiredAttributes(input.value))
        output["compatibilities"] = .list(compatibilities(input.value).map { .string($0) })
        output["registeredAt"] = .timestamp(registeredAt)
        output["registeredBy"] = .string(registeredBy)
        return output
    }

    // MARK: Containers

    /// A container with the members that a native registration of 2026 gained: `findings.md` item 4.
    private static func container(_ container: Value, networkMode: String?) -> Value {
        var output =
            container
            .filling("cpu", with: 0)
            .filling("portMappings", with: [])
            .filling("essential", with: true)
            .filling("environment", with: [])
            .filling("mountPoints", with: [])
            .filling("volumesFrom", with: [])
            .filling("systemControls", with: [])
        // Source of the orders: `captures/findings.md` item 3, "the same doubt covers portMappings, links and volumesFrom".
        output = output.changing("portMappings") { mappings in
            EchoOrder.unlikeRequest(mappings.changingElements { portMapping($0, networkMode: networkMode) })
        }
        .changing("links", EchoOrder.unlikeRequest).changing("volumesFrom", EchoOrder.unlikeRequest)
        output["environment"] = environment(output["environment"])
        if let check = output["healthCheck"] {
            // Source: API reference, HealthCheck; startPeriod stays away: reference/peers.md section 2.
            output["healthCheck"] = check.filling("interval", with: 30).filling("timeout", with: 5)
                .filling("retries", with: 3)
        }
        return output
    }

    /// Java's HashMap order, the last of equal names winning: `findings.md` item 1.
    private static func environment(_ environment: Value?) -> Value {
        var names: [String] = []
        var entries: [Value] = []
        for entry in environment?.elements ?? [] {
            let name = entry["name"]?.text ?? ""
            if let index = names.firstIndex(of: name) {
                entries[index] = entry
            } else {
                names.append(name)
                entries.append(entry)
            }
        }
        return .list(JavaHashOrder.positions(of: names).map { entries[$0] })
    }

    /// hostPort is the container's port under awsvpc and host, 0 (to be chosen) otherwise. A range has neither port.
    private static func portMapping(_ mapping: Value, networkMode: String?) -> Value {
        var output = mapping
        if let port = mapping["containerPort"] {
            let sharesPorts = networkMode == "awsvpc" || networkMode == "host"
            if sharesPorts, mapping["hostPort"]?.integer ?? 0 == 0 {
                output["hostPort"] = port
            } else {
                output = output.filling("hostPort", with: 0)
            }
        }
        return output.filling("protocol", with: "tcp")
    }

    // MARK: The task

    private static func volume(_ volume: Value) -> Value {
        let kinds = [
            "host", "dockerVolumeConfiguration", "efsVolumeConfiguration", "fsxWindowsFileServerVolumeConfiguration",
            "s3filesVolumeConfiguration", "configuredAtLaunch",
        ]
        var output = volume
        // `host {}` where nothing says what the volume is. Source: `describe-task-definition/…ecs_task_def_1.json`.
        if !kinds.contains(where: volume.has) { output["host"] = [:] }
        if let efs = volume["efsVolumeConfiguration"] {
            output["efsVolumeConfiguration"] = efs.filling("rootDirectory", with: "/")
        }
        if let docker = volume["dockerVolumeConfiguration"] {
            output["dockerVolumeConfiguration"] = docker.filling("scope", with: "task").filling("driver", with: "local")
                .filling("autoprovision", with: false)
        }
        return output
    }

    /// `1 vCPU` becomes 1024, `2 GB` 2048; digits stay. Source: reference/ecs-api.md section 4.
    private static func units(_ value: Value, factor: Double, unit: String) -> Value {
        guard let text = value.text else { return value }
        let compact = text.lowercased().filter { $0 != " " }
        guard compact.hasSuffix(unit), let number = Double(compact.dropLast(unit.count)),
            let whole = Int(exactly: (number * factor).rounded())
        else { return .string(text) }
        return .string(String(whole))
    }

    /// Those of the ten recorded definitions (`describe-task-definition/`, `deregister-task-definition/`), in a fixed order: real
    /// ones are unsorted, by `findings.md` item 5.
    private static func requiredAttributes(_ input: Value) -> [Value] {
        var names: [String] = []
        func add(_ name: String) { if !names.contains(name) { names.append(name) } }
        for container in input["containerDefinitions"]?.elements ?? [] {
            if let driver = container["logConfiguration"]?["logDriver"]?.text {
                add("com.amazonaws.ecs.capability.logging-driver.\(driver)")
                if driver == "awslogs", input.has("executionRoleArn") { add("ecs.capability.execution-role-awslogs") }
                if driver == "awslogs" { add("com.amazonaws.ecs.capability.docker-remote-api.1.19") }
                if container["logConfiguration"]?["options"]?["awslogs-create-group"]?.text == "true" {
                    add("com.amazonaws.ecs.capability.docker-remote-api.1.29")
                }
            }
            if container["readonlyRootFilesystem"]?.boolean == true || container.has("linuxParameters") {
                add("com.amazonaws.ecs.capability.docker-remote-api.1.17")
            }
            if container["image"]?.text?.contains(".dkr.ecr.") == true {
                add("com.amazonaws.ecs.capability.ecr-auth")
                if input.has("executionRoleArn") { add("ecs.capability.execution-role-ecr-pull") }
            }
            for secret in container["secrets"]?.elements ?? [] {
                let isManager = secret["valueFrom"]?.text?.contains(":secretsmanager:") == true
                add("ecs.capability.secrets.\(isManager ? "asm" : "ssm").environment-variables")
            }
            if container.has("healthCheck") { add("ecs.capability.container-health-check") }
        }
        if input.has("taskRoleArn") {
            add("com.amazonaws.ecs.capability.task-iam-role")
            if input["networkMode"]?.text == "host" {
                add("com.amazonaws.ecs.capability.task-iam-role-network-host")
            }
        }
        add("com.amazonaws.ecs.capability.docker-remote-api.1.18")
        if input["networkMode"]?.text == "awsvpc" { add("ecs.capability.task-eni") }
        return names.map { .map([("name", .string($0))]) }
    }

    /// Source: `describe-task-definition/` files (EC2 and FARGATE for awsvpc), `findings.md` item 5 for MANAGED_INSTANCES.
    private static func compatibilities(_ input: Value) -> [String] {
        let mode = input["networkMode"]?.text
        var compatibilities = ["EC2"]
        if mode == "awsvpc" {
            if input.has("cpu"), input.has("memory") { compatibilities += ["FARGATE", "MANAGED_INSTANCES"] }
        } else if mode != "host" {
            compatibilities.insert("EXTERNAL", at: 0)
        }
        return compatibilities
    }

    // MARK: Summary

    /// What the scheduler needs to know, from the described definition.
    static func summary(of described: Value) -> TaskDefinitionSummary {
        TaskDefinitionSummary(
            networkMode: described["networkMode"]?.text,
            compatibilities: (described["compatibilities"]?.elements ?? []).compactMap(\.text),
            cpu: described["cpu"]?.text, memory: described["memory"]?.text,
            containers: (described["containerDefinitions"]?.elements ?? []).map {
                containerSummary($0, mode: described["networkMode"]?.text)
            },
            needs: TaskNeeds(described),
        )
    }

    private static func containerSummary(_ container: Value, mode: String?) -> TaskDefinitionSummary.Container {
        var healthyAfter: Int64?
        var unhealthyAfter: Int64?
        // A check of NONE switches off what the image brings. Source: API reference, HealthCheck `command`.
        if let check = container["healthCheck"], check["command"]?[0]?.text != "NONE" {
            let interval = Int64(check["interval"]?.integer ?? 30) * 1000
            let retries = Int64(check["retries"]?.integer ?? 3)
            let start = Int64(check["startPeriod"]?.integer ?? 0) * 1000
            healthyAfter = interval
            unhealthyAfter = start + interval * retries
        }
        return TaskDefinitionSummary.Container(
            name: container["name"]?.text ?? "", image: container["image"]?.text ?? "",
            isEssential: container["essential"]?.boolean ?? true, cpu: container["cpu"]?.integer ?? 0,
            memory: container["memory"]?.integer, memoryReservation: container["memoryReservation"]?.integer,
            ports: (container["portMappings"]?.elements ?? []).compactMap { $0["containerPort"]?.integer },
            mappings: PortMapping.mappings(of: container, mode: mode),
            healthyAfter: healthyAfter, unhealthyAfter: unhealthyAfter,
        )
    }
}
