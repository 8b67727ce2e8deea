import MooringShapes

/// What a task definition must and may not have to run on Fargate. ECS checks it where `requiresCompatibilities` names
/// FARGATE; a service on Fargate is checked against the first three by `PairingRules`.
enum FargateRules {
    private static let reference = "API reference, RegisterTaskDefinition"

    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule("fargate-network-mode", .error, source: "\(reference), networkMode: awsvpc is required on Fargate") {
            task, report in
            guard task.isFargate, !hasAwsvpc(task) else { return }
            report.add(
                "Fargate only knows the network mode awsvpc. Write 'networkMode: awsvpc'.",
                at: task.value["networkMode"] ?? task.value["requiresCompatibilities"], "networkMode")
        },
        ProseRule("fargate-size-missing", .error, source: "\(reference), cpu and memory: required on Fargate") {
            task, report in
            guard task.isFargate, let problem = missingSize(of: task) else { return }
            report.add(problem.message, at: task.value["requiresCompatibilities"], problem.path)
        },
        ProseRule(
            "fargate-size", .error,
            source: "\(reference), memory; ECS refuses: 'No Fargate configuration exists for given values.'"
        ) {
            task, report in
            guard task.isFargate, let problem = wrongSize(of: task) else { return }
            report.add(problem.message, at: task.value[problem.path], problem.path)
        },
        ProseRule(
            "fargate-size-unknown", .warning, source: "\(reference), memory: the sizes known when this was written"
        ) {
            task, report in
            guard task.isFargate, let cpu = TaskSize.cpu(task.value["cpu"]), cpu > largestCPU else { return }
            report.add(
                "Fargate tasks of \(cpu) CPU units are not documented; \(largestCPU) (16 vCPU) is the largest known.",
                at: task.value["cpu"], "cpu")
        },
        ProseRule(
            "fargate-task-member", .error,
            source: "\(reference); ECS refuses: 'Fargate compatible task definitions do not support ...'"
        ) {
            task, report in
            guard task.isFargate else { return }
            if let mode = task.value["ipcMode"] {
                report.add("Fargate does not support 'ipcMode'. Remove it.", at: mode, "ipcMode")
            }
            if let mode = task.value["pidMode"], mode.text == "host" {
                report.add("Fargate only knows the pidMode 'task', not 'host'.", at: mode, "pidMode")
            }
            if task.value.holds("placementConstraints") {
                report.add(
                    "Fargate places tasks itself and takes no 'placementConstraints'. Remove them.",
                    at: task.value["placementConstraints"], "placementConstraints")
            }
            if task.value.holds("inferenceAccelerators") {
                report.add(
                    "Fargate knows no 'inferenceAccelerators'. Remove them.", at: task.value["inferenceAccelerators"],
                    "inferenceAccelerators")
            }
        },
        ProseRule(
            "fargate-container-member", .error,
            source:
                "API reference, ContainerDefinition and LinuxParameters; ECS "
                + "refuses: 'Fargate compatible task definitions do not support ...'"
        ) {
            task, report in
            guard task.isFargate else { return }
            for container in task.containers { checkMembers(of: container, &report) }
        },
        ProseRule(
            "fargate-volume", .error,
            source:
                "API reference, Volume; ECS refuses: 'Fargate compatible task definitions do not support sourcePath'"
        ) {
            task, report in
            guard task.isFargate else { return }
            for volume in task.volumes {
                let path = "volumes[\(volume.index)]"
                if volume.value["dockerVolumeConfiguration"] != nil {
                    report.add(
                        "Fargate knows no Docker volumes. Use "
                            + "'efsVolumeConfiguration', or a volume without configuration, "
                            + "which lives as long as the task.", at: volume.value["dockerVolumeConfiguration"],
                        path + ".dockerVolumeConfiguration")
                }
                if let source = volume.value["host"]?["sourcePath"], source.text?.isEmpty == false {
                    report.add(
                        "On Fargate there is no host to mount from. Remove "
                            + "'sourcePath', or use 'efsVolumeConfiguration'.",
                        at: source, path + ".host.sourcePath")
                }
            }
        },
        ProseRule(
            "fargate-stop-timeout", .warning,
            source: "API reference, ContainerDefinition, startTimeout and stopTimeout: 2 to 120 seconds on Fargate"
        ) {
            task, report in
            guard task.isFargate else { return }
            for container in task.containers {
                for member in ["startTimeout", "stopTimeout"] {
                    guard let value = container.value[member], let seconds = value.integer, !(2...120).contains(seconds)
                    else { continue }
                    report.add(
                        "\(member) is \(seconds) seconds; on Fargate 2 to 120 are documented.", at: value,
                        container.path(member))
                }
            }
        },
        ProseRule("ephemeral-storage", .error, source: "API reference, EphemeralStorage, sizeInGiB: 21 to 200") {
            task, report in
            guard let value = task.value["ephemeralStorage"]?["sizeInGiB"], let size = value.integer,
                !(21...200).contains(size)
            else { return }
            report.add(
                "ephemeralStorage is \(size) GiB; ECS takes 21 to 200. "
                    + "Leave it out for the 20 GiB that every task has.",
                at: value, "ephemeralStorage.sizeInGiB")
        },
        ProseRule(
            "ephemeral-storage-elsewhere", .warning, source: "\(reference), ephemeralStorage: for tasks on Fargate"
        ) {
            task, report in
            guard let value = task.value["ephemeralStorage"], !task.requires.isEmpty, !task.isFargate else { return }
            report.add(
                "'ephemeralStorage' is for tasks on Fargate, and 'requiresCompatibilities' does not name it.",
                at: value,
                "ephemeralStorage")
        },
    ]

    private static func checkMembers(of container: TaskDefinitionInput.Container, _ report: inout RuleReport) {
        func refuse(_ path: String, _ value: Value?, _ what: String) {
            report.add("\(what) Remove it, or run the task on EC2.", at: value, container.path(path))
        }
        if let value = container.value["privileged"], value.boolean == true {
            refuse("privileged", value, "Fargate runs no privileged containers.")
        }
        if container.value.holds("dockerSecurityOptions") {
            refuse(
                "dockerSecurityOptions", container.value["dockerSecurityOptions"],
                "Fargate does not support 'dockerSecurityOptions'.")
        }
        for need in container.value.items("resourceRequirements") where need.value["type"]?.text == "GPU" {
            refuse("resourceRequirements[\(need.index)]", need.value, "Fargate has no GPUs.")
        }
        guard let linux = container.value["linuxParameters"] else { return }
        for member in ["devices", "sharedMemorySize", "maxSwap", "swappiness"] where linux.holds(member) {
            refuse("linuxParameters.\(member)", linux[member], "Fargate does not support '\(member)'.")
        }
        let added = linux["capabilities"]?.items("add") ?? []
        for capability in added where capability.value.text != "SYS_PTRACE" {
            refuse(
                "linuxParameters.capabilities.add[\(capability.index)]", capability.value,
                "On Fargate, SYS_PTRACE is the only capability that can be added.")
        }
    }

    // MARK: Size

    /// CPU units of the largest task that is documented.
    private static let largestCPU = 16_384

    static func hasAwsvpc(_ task: TaskDefinitionInput) -> Bool {
        task.isAwsvpc || task.value["networkMode"]?.text?.contains("${") == true
    }

    /// What of `cpu` and `memory` is not there.
    static func missingSize(of task: TaskDefinitionInput) -> (message: String, path: String)? {
        let missing = ["cpu", "memory"].filter { task.value[$0]?.text?.isEmpty ?? true }
        guard let first = missing.first else { return nil }
        let example = missing.map { $0 == "cpu" ? "'cpu: \"256\"'" : "'memory: \"512\"'" }.joined(separator: " and ")
        let names = missing.map { "'\($0)'" }.joined(separator: " and ")
        return (
            "The task has no \(names), which Fargate needs on the task "
                + "itself; what the containers have is not enough. Add "
                + "\(example) beside 'family'.", first
        )
    }

    /// Why the pair of `cpu` and `memory` is none that Fargate has.
    static func wrongSize(of task: TaskDefinitionInput) -> (message: String, path: String)? {
        guard let cpu = TaskSize.cpu(task.value["cpu"]), let memory = TaskSize.memory(task.value["memory"]),
            cpu <= largestCPU
        else { return nil }
        guard let sizes = sizes.first(where: { $0.cpu == cpu }) else {
            return (
                "Fargate has no tasks of \(cpu) CPU units; there are "
                    + sizes.map { String($0.cpu) }.joined(separator: ", ") + ".", "cpu"
            )
        }
        if task.isWindows, cpu < 1024 {
            return ("Windows on Fargate needs at least 1024 CPU units (1 vCPU), not \(cpu).", "cpu")
        }
        guard !sizes.contains(memory) else { return nil }
        return (
            "Fargate has no task of \(cpu) CPU units with \(memory) "
                + "MiB of memory; with \(cpu) it takes \(sizes.phrase).",
            "memory"
        )
    }

    /// Memory in MiB for each CPU value. Source: API reference, RegisterTaskDefinition, memory.
    private struct Size {
        let cpu: Int
        let least: Int
        let most: Int
        let step: Int

        func contains(_ memory: Int) -> Bool {
            // 0.25 vCPU goes with 512, 1024 and 2048, which are no even steps.
            if cpu == 256 { return memory == 512 || memory == 1024 || memory == 2048 }
            return memory >= least && memory <= most && (memory - least) % step == 0
        }

        var phrase: String {
            cpu == 256 ? "512, 1024 or 2048" : "\(least) to \(most) in steps of \(step)"
        }
    }

    private static let sizes = [
        Size(cpu: 256, least: 512, most: 2048, step: 512), Size(cpu: 512, least: 1024, most: 4096, step: 1024),
        Size(cpu: 1024, least: 2048, most: 8192, step: 1024), Size(cpu: 2048, least: 4096, most: 16_384, step: 1024),
        Size(cpu: 4096, least: 8192, most: 30_720, step: 1024),
        Size(cpu: 8192, least: 16_384, most: 61_440, step: 4096),
        Size(cpu: 16_384, least: 32_768, most: 122_880, step: 8192),
    ]
}
