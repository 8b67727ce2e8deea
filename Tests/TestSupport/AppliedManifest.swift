import MooringManifests
import MooringModel
import MooringNames
import MooringShapes

/// A manifest that somebody wrote, made fit to be applied by fixed rules:
///
/// - Placeholders (`<...>`, `${...}`, `{{...}}`, `{...}`, `$NAME`, `$NAME$`) become the word `filled`; those of a network mode, a launch
///   type, a size or a count become a value that ECS takes.
/// - A task definition gets a service that runs one task of it, with the network and the launch type that it asks for.
/// - A service is put into the cluster `main`; it gets a name and a count where it has none, and a task definition that has the
///   containers and ports it names.
package struct AppliedManifest {
    /// The files below the environment's folder, by name.
    package let files: [String: String]

    /// Nil where the document cannot be read at all.
    ///
    /// - Parameters:
    ///   - name: the name of the service, and of its task definition where the rule makes one.
    ///   - family: the name of a task definition that somebody wrote, nil to keep its own.
    package init?(_ entry: ManifestCorpus.Entry, name: String, family: String? = nil) {
        guard let document = AppliedManifest.document(entry) else { return nil }
        let filled = AppliedManifest.filled(document, member: "")
        if entry.isService {
            let service = AppliedManifest.completed(AppliedManifest.unwrapped(filled), name: name)
            var files = ["service.json": AppliedManifest.text(service)]
            if service["taskDefinition"] != nil {
                files["task.json"] = AppliedManifest.text(AppliedManifest.taskDefinition(for: service, name: name))
            }
            self.files = files
        } else {
            let inner = AppliedManifest.unwrapped(filled)
            let service = AppliedManifest.service(running: inner, name: name)
            var written = filled
            if let family {
                written = inner
                written["family"] = .string(family)
            }
            files = ["task.json": AppliedManifest.text(written), "service.json": AppliedManifest.text(service)]
        }
    }

    /// The errors that the product finds in the files, in one line each.
    package func errors() throws -> [String] {
        let inputs = try files.map { ManifestInput(path: try TreePath($0.key), bytes: Array($0.value.utf8)) }
        return Manifests.desiredState(of: inputs).findings.filter { $0.severity == .error }.map(\.line)
    }

    /// The document as it was written, the scalars of YAML with the types that the API has.
    private static func document(_ entry: ManifestCorpus.Entry) -> Value? {
        if entry.isJSON { return try? JSONReader.value(of: entry.bytes) }
        let text = String(decoding: entry.bytes, as: UTF8.self).replacing(placeholder, with: "filled")
        guard let document = YAMLReader.stream(of: Array(text.utf8)).documents.first else { return nil }
        let shape = entry.isService ? "CreateServiceRequest" : "RegisterTaskDefinitionRequest"
        return ShapeTable.ecs.coerce(document, to: shape)?.value
    }

    private static func text(_ value: Value) -> String { JSONWriter(.indented).text(of: value) }

    /// The input inside an envelope.
    private static func unwrapped(_ document: Value) -> Value {
        let data = document["data"] ?? document
        return data["taskDefinition"].flatMap { $0.members == nil ? nil : $0 } ?? data["service"].flatMap {
            $0.members == nil ? nil : $0
        } ?? data["services"]?[0] ?? data
    }

    // MARK: Placeholders

    private static let values: [String: String] = [
        "networkMode": "bridge", "requiresCompatibilities": "EC2", "launchType": "EC2", "cpu": "256", "memory": "512",
    ]

    private static func filled(_ value: Value, member: String) -> Value {
        switch value.node {
        case .scalar(let scalar):
            let text = scalar.text
            let filled = text.replacing(placeholder, with: "filled")
            if filled == text { return value }
            return Value(.scalar(Scalar(text: values[member] ?? filled, style: scalar.style)))
        case .list(let elements): return .list(elements.map { AppliedManifest.filled($0, member: member) })
        case .map(let members):
            return Value(
                .map(members.map { Value.Member($0.name, AppliedManifest.filled($0.value, member: $0.name)) }))
        }
    }

    private static var placeholder: Regex<Substring> {
        #/\{\{.*?\}\}|\$\{[^}]*\}|<[A-Za-z_][^<>]*>|\$+[A-Z][A-Z_]+\$*|\{[A-Za-z][^{}":]*\}/#
    }

    // MARK: What is missing

    private static func service(running taskDefinition: Value, name: String) -> Value {
        let compatibilities = (taskDefinition["requiresCompatibilities"]?.elements ?? []).compactMap(\.text)
        let launchType = compatibilities.contains("FARGATE") ? "FARGATE" : compatibilities.first ?? "EC2"
        return .map(present: [
            ("serviceName", .string(name)), ("cluster", "main"), ("taskDefinition", "task.json"), ("desiredCount", 1),
            ("launchType", .string(launchType.isEmpty ? "EC2" : launchType)),
            (
                "networkConfiguration",
                taskDefinition["networkMode"]?.text == "awsvpc"
                    ? ["awsvpcConfiguration": ["subnets": ["subnet-1", "subnet-2"], "securityGroups": ["sg-1"]]] : nil
            ),
        ])
    }

    private static func completed(_ service: Value, name: String) -> Value {
        var service = service
        service["cluster"] = "main"
        service["clusterArn"] = nil
        service["serviceName"] = .string(name)
        let controller = service["deploymentController"]?["type"]?.text
        service["taskDefinition"] = controller == "EXTERNAL" ? nil : "task.json"
        if service["schedulingStrategy"]?.text != "DAEMON", service["desiredCount"]?.integer == nil {
            service["desiredCount"] = 1
        }
        return service
    }

    private static func taskDefinition(for service: Value, name: String) -> Value {
        var containers: [(name: String, ports: [Value])] = []
        for balancer in (service["loadBalancers"]?.elements ?? []) + (service["serviceRegistries"]?.elements ?? []) {
            guard let container = balancer["containerName"]?.text else { continue }
            let ports: [Value] = balancer["containerPort"].map { [["containerPort": $0]] } ?? []
            if let index = containers.firstIndex(where: { $0.name == container }) {
                containers[index].ports += ports.filter { !containers[index].ports.contains($0) }
            } else {
                containers.append((container, ports))
            }
        }
        if containers.isEmpty { containers = [("app", [])] }
        for (index, connected) in (service["serviceConnectConfiguration"]?["services"]?.elements ?? []).enumerated() {
            let port: Value = .map(present: [
                ("containerPort", .integer(8080 + index)), ("name", connected["portName"]),
            ])
            containers[0].ports.append(port)
        }
        let providers = (service["capacityProviderStrategy"]?.elements ?? []).compactMap {
            $0["capacityProvider"]?.text
        }
        let isOnFargate =
            service["launchType"]?.text == "FARGATE" || providers.contains { $0.hasPrefix("FARGATE") }
        let isInNetwork = service["networkConfiguration"]?["awsvpcConfiguration"] != nil
        let volumes = (service["volumeConfigurations"]?.elements ?? []).map { volume -> Value in
            .map(present: [("name", volume["name"]), ("configuredAtLaunch", true)])
        }
        return .map(present: [
            ("family", .string(name)), ("networkMode", isInNetwork ? "awsvpc" : nil), ("cpu", "256"), ("memory", "512"),
            ("volumes", volumes.isEmpty ? nil : .list(volumes)),
            // ECS Exec needs one.
            (
                "taskRoleArn",
                service["enableExecuteCommand"]?.boolean == true ? "arn:aws:iam::123456789012:role/task" : nil
            ),
            ("requiresCompatibilities", isOnFargate ? ["FARGATE"] : nil),
            (
                "containerDefinitions",
                .list(
                    containers.map {
                        ["name": .string($0.name), "image": "nginx:1.27", "portMappings": .list($0.ports)]
                    })
            ),
        ])
    }
}
