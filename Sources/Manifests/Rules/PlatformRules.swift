import MooringShapes

/// Rules of Windows, whose containers know less than Linux's.
enum PlatformRules {
    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule(
            "windows-member", .warning,
            source: "API reference, ContainerDefinition: 'not supported for Windows containers'"
        ) {
            task, report in
            guard task.isWindows else { return }
            for container in task.containers {
                for member in members where container.value.holds(member) {
                    if container.value[member]?.boolean == false { continue }
                    report.add(
                        "'\(member)' is not supported for Windows containers. Remove it.", at: container.value[member],
                        container.path(member))
                }
            }
            for member in ["pidMode", "ipcMode"] {
                guard let value = task.value[member] else { continue }
                report.add("'\(member)' is not supported for Windows containers. Remove it.", at: value, member)
            }
        },
        ProseRule(
            "windows-network", .warning,
            source: "API reference, RegisterTaskDefinition, networkMode: awsvpc or none given on Windows"
        ) {
            task, report in
            guard task.isWindows, let mode = task.networkMode, mode != "awsvpc" else { return }
            report.add(
                "On Windows the network mode is awsvpc, or left out for Docker's default; not '\(mode.shortened)'.",
                at: task.value["networkMode"], "networkMode")
        },
        ProseRule(
            "windows-architecture", .warning,
            source: "API reference, RuntimePlatform, cpuArchitecture: ARM64 is for Linux"
        ) {
            task, report in
            guard task.isWindows, let value = task.value["runtimePlatform"]?["cpuArchitecture"], value.text == "ARM64"
            else { return }
            report.add("ARM64 is for Linux only; Windows runs on X86_64.", at: value, "runtimePlatform.cpuArchitecture")
        },
    ]

    private static let members = [
        "linuxParameters", "privileged", "readonlyRootFilesystem", "dnsServers", "dnsSearchDomains", "extraHosts",
        "links", "ulimits", "disableNetworking", "systemControls",
    ]
}
