import MooringShapes

/// Rules of port mappings.
enum PortRules {
    private static let reference = "API reference, PortMapping"

    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule(
            "host-port", .error,
            source:
                "\(reference), hostPort; ECS refuses: 'the host ports and container ports in port mappings must match'"
        ) {
            task, report in
            guard task.networkMode == "awsvpc" || task.networkMode == "host" else { return }
            for (container, mapping) in mappings(task) {
                guard let port = mapping.value["containerPort"]?.integer, let host = mapping.value["hostPort"]?.integer,
                    host != 0, host != port
                else { continue }
                report.add(
                    "With the network mode \(task.networkMode ?? ""), "
                        + "the host's port is the container's: \(host) is not "
                        + "\(port). Remove 'hostPort'.", at: mapping.value["hostPort"],
                    path(container, mapping.index, "hostPort"))
            }
        },
        ProseRule("port-number", .error, source: "\(reference): ports are 1 to 65535, hostPort 0 for any") {
            task, report in
            for (container, mapping) in mappings(task) {
                for member in ["containerPort", "hostPort"] {
                    guard let value = mapping.value[member], let port = value.integer, !(0...65_535).contains(port)
                    else {
                        continue
                    }
                    report.add(
                        "\(port) is no port: there are 1 to 65535.", at: value, path(container, mapping.index, member))
                }
            }
        },
        ProseRule(
            "port-range", .error,
            source: "\(reference), containerPortRange; ECS refuses it beside a single port, and backwards"
        ) {
            task, report in
            for (container, mapping) in mappings(task) {
                guard let value = mapping.value["containerPortRange"], let text = value.settledText else { continue }
                let place = path(container, mapping.index, "containerPortRange")
                if mapping.value["containerPort"] != nil || (mapping.value["hostPort"]?.integer ?? 0) != 0 {
                    report.add(
                        "A mapping has either 'containerPortRange' or single ports, not both. Remove one.", at: value,
                        place)
                } else if range(text) == nil {
                    report.add(
                        "'\(text.shortened)' is no range of ports: write the lower one first, as in '8000-8010'.",
                        at: value, place)
                }
            }
        },
        ProseRule("port-name", .warning, source: "\(reference), name: 64 of a-z, 0-9, _ and -, no hyphen first") {
            task, report in
            for (container, mapping) in mappings(task) {
                guard let value = mapping.value["name"], let text = value.settledText, !isPortName(text) else {
                    continue
                }
                report.add(
                    "'\(text.shortened)' is no name for a port: up to 64 "
                        + "lowercase letters, digits, _ and -, not beginning "
                        + "with a hyphen.", at: value, path(container, mapping.index, "name"))
            }
        },
        ProseRule("duplicate-port-name", .error, source: "ECS refuses: 'port mapping name is already used'") {
            task, report in
            var seen: Set<String> = []
            for (container, mapping) in mappings(task) {
                guard let value = mapping.value["name"], let text = value.text, !text.isEmpty,
                    !seen.insert(text).inserted
                else { continue }
                report.add(
                    "Another port of this task is called '\(text.shortened)' already. Give each its own name.",
                    at: value,
                    path(container, mapping.index, "name"))
            }
        },
        ProseRule("duplicate-port", .warning, source: "Containers of one task share a network under awsvpc and host") {
            task, report in
            guard task.networkMode == "awsvpc" || task.networkMode == "host" else { return }
            var seen: Set<String> = []
            for (container, mapping) in mappings(task) {
                guard let value = mapping.value["containerPort"], let port = value.integer else { continue }
                let transport = mapping.value["protocol"]?.text ?? "tcp"
                guard !seen.insert("\(port)/\(transport)").inserted else { continue }
                report.add(
                    "Port \(port)/\(transport.shortened) is mapped twice, "
                        + "and the task's containers share one network: only "
                        + "one of them can listen on it.", at: value, path(container, mapping.index, "containerPort"))
            }
        },
    ]

    private typealias Mapping = (container: TaskDefinitionInput.Container, mapping: (index: Int, value: Value))

    private static func mappings(_ task: TaskDefinitionInput) -> [Mapping] {
        task.containers.flatMap { container in container.portMappings.map { (container, $0) } }
    }

    private static func path(_ container: TaskDefinitionInput.Container, _ index: Int, _ member: String) -> String {
        container.path("portMappings[\(index)].\(member)")
    }

    private static func range(_ text: String) -> ClosedRange<Int>? {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
        guard ends.count == 2, let first = ends[0], let last = ends[1], first >= 1, last <= 65_535, first < last else {
            return nil
        }
        return first...last
    }

    private static func isPortName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 64 && text.utf8.first != UInt8(ascii: "-") && ContainerRules.isName(text)
            && !text.utf8.contains { $0 >= UInt8(ascii: "A") && $0 <= UInt8(ascii: "Z") }
    }

    /// Whether variables say which ports a container publishes.
    static func hasOpenPorts(_ container: TaskDefinitionInput.Container) -> Bool {
        container.portMappings.contains {
            $0.value["containerPort"]?.isOpen == true || $0.value["containerPortRange"]?.isOpen == true
        }
    }

    /// Whether a container publishes `port`, alone or in a range.
    static func publishes(_ port: Int, _ container: TaskDefinitionInput.Container) -> Bool {
        container.portMappings.contains { mapping in
            if mapping.value["containerPort"]?.integer == port { return true }
            return mapping.value["containerPortRange"]?.text.flatMap(range)?.contains(port) == true
        }
    }
}
