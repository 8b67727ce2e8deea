import MooringShapes

/// Rules of a task's network mode.
///
/// How many tasks of mode awsvpc fit on an EC2 instance depends on its type, which no manifest names; ECS tells of it in
/// the service's events (`RESOURCE:ENI`). So there is no rule for it here.
enum NetworkRules {
    private static let reference = "API reference, ContainerDefinition"

    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule(
            "awsvpc-member", .error,
            source: "\(reference); ECS refuses: 'Links are not supported when networkMode=awsvpc' and the like"
        ) {
            task, report in
            guard task.isAwsvpc else { return }
            for container in task.containers {
                for (member, remedy) in refusedUnderAwsvpc where container.value.holds(member) {
                    // `disableNetworking: false` says nothing.
                    if container.value[member]?.boolean == false { continue }
                    report.add(
                        "'\(member)' is not supported with the network mode awsvpc. \(remedy)",
                        at: container.value[member],
                        container.path(member))
                }
            }
        },
        ProseRule("links-mode", .error, source: "\(reference), links: only with the network mode bridge") {
            task, report in
            guard task.networkMode == "host" || task.networkMode == "none" else { return }
            for container in task.containers where container.value.holds("links") {
                report.add(
                    "'links' are only supported with the network mode bridge. Remove them.",
                    at: container.value["links"],
                    container.path("links"))
            }
        },
        ProseRule("unknown-link", .warning, source: "\(reference), links: the name of another container") {
            task, report in
            guard !task.hasOpenContainerNames else { return }
            let names = task.containers.compactMap(\.name)
            let known = Set(names)
            for container in task.containers {
                for link in container.value.items("links") {
                    guard let text = link.value.settledText else { continue }
                    let name = String(text.prefix { $0 != ":" })
                    guard !known.contains(name) else { continue }
                    report.add(
                        "There is no container '\(name.shortened)' to link to.\(name.didYouMean(names))",
                        at: link.value,
                        container.path("links[\(link.index)]"))
                }
            }
        },
        ProseRule(
            "none-ports", .error,
            source: "API reference, RegisterTaskDefinition, networkMode: none takes no port mappings"
        ) {
            task, report in
            guard task.networkMode == "none" else { return }
            for container in task.containers where container.value.holds("portMappings") {
                report.add(
                    "With the network mode none, a container has no "
                        + "ports. Remove 'portMappings' or choose another mode.",
                    at: container.value["portMappings"], container.path("portMappings"))
            }
        },
        ProseRule("proxy-mode", .error, source: "API reference, ProxyConfiguration; ECS refuses it without awsvpc") {
            task, report in
            guard let proxy = task.value["proxyConfiguration"], let mode = task.networkMode, mode != "awsvpc" else {
                return
            }
            report.add(
                "'proxyConfiguration' needs the network mode awsvpc, not \(mode.shortened).", at: proxy,
                "proxyConfiguration")
        },
        ProseRule(
            "proxy-container", .error,
            source: "API reference, ProxyConfiguration, containerName: a container of the task"
        ) {
            task, report in
            guard let value = task.value["proxyConfiguration"]?["containerName"], let name = value.settledText,
                task.container(name) == nil, !task.hasOpenContainerNames
            else { return }
            report.add(
                "There is no container '\(name.shortened)'.\(name.didYouMean(task.containers.compactMap(\.name)))",
                at: value, "proxyConfiguration.containerName")
        },
    ]

    private static let refusedUnderAwsvpc = [
        ("links", "Containers of one task reach each other on localhost; remove it."),
        ("extraHosts", "Remove it, or use the network mode bridge."),
        ("hostname", "Remove it, or use the network mode bridge."),
        ("dnsServers", "Remove it, or use the network mode bridge."),
        ("disableNetworking", "Remove it, or use the network mode none."),
    ]
}
