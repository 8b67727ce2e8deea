import MooringModel
import MooringShapes

/// What a service that does not exist yet will be, in a few lines.
enum CreationSummary {
    /// - Parameters:
    ///   - service: the input that creates it.
    ///   - taskDefinition: the input that registers its revision; nil where that exists already.
    static func lines(service: Value, taskDefinition: Value? = nil) -> [String] {
        var lines = [outline(of: service)].filter { !$0.isEmpty }
        if let taskDefinition {
            let size = [("cpu", "cpu"), ("memory", "memory")].compactMap { member, word in
                taskDefinition[member]?.text.map { "\(word) \($0)" }
            }
            let containers = taskDefinition["containerDefinitions"]?.elements ?? []
            let count = "\(containers.count) container\(containers.count == 1 ? "" : "s")"
            lines.append(([count] + size).joined(separator: ", "))
            lines += containers.map(line(of:))
        }
        let shown = lines.map { $0.safeLine.masked.shortenedInMiddle(to: Limits.shownValueCharacters) }
        guard shown.count > Limits.createdLines else { return shown }
        return shown.prefix(Limits.createdLines - 1) + ["and \(shown.count - Limits.createdLines + 1) more"]
    }

    /// `2 tasks on FARGATE, 2 subnets, behind 1 load balancer`
    private static func outline(of service: Value) -> String {
        var parts: [String] = []
        let providers = (service["capacityProviderStrategy"]?.elements ?? []).compactMap {
            $0["capacityProvider"]?.text
        }
        let place = providers.isEmpty ? service["launchType"]?.text ?? "" : providers.joined(separator: " and ")
        let on = place.isEmpty ? "" : " on \(place)"
        if service["schedulingStrategy"]?.text == "DAEMON" {
            parts.append("a task on every instance" + on)
        } else if let count = service["desiredCount"]?.integer {
            parts.append("\(count) task\(count == 1 ? "" : "s")" + on)
        } else if !on.isEmpty {
            parts.append("tasks" + on)
        }
        let network = service["networkConfiguration"]?["awsvpcConfiguration"]
        if let subnets = network?["subnets"]?.elements, !subnets.isEmpty {
            parts.append("\(subnets.count) subnet\(subnets.count == 1 ? "" : "s")")
        }
        if let balancers = service["loadBalancers"]?.elements, !balancers.isEmpty {
            parts.append("behind \(balancers.count) target group\(balancers.count == 1 ? "" : "s")")
        }
        if service["serviceConnectConfiguration"]?["enabled"]?.boolean == true { parts.append("Service Connect") }
        return parts.joined(separator: ", ")
    }

    /// `web: nginx:1.27, port 80, 3 variables, 1 secret`
    private static func line(of container: Value) -> String {
        func count(_ member: String, _ word: String) -> String? {
            let number = container[member]?.elements?.count ?? 0
            return number == 0 ? nil : "\(number) \(word)\(number == 1 ? "" : "s")"
        }
        let ports = (container["portMappings"]?.elements ?? []).compactMap { $0["containerPort"]?.text }
        let parts = [
            container["image"]?.text ?? "", ports.isEmpty ? nil : "port " + ports.joined(separator: " and "),
            count("environment", "variable"), count("secrets", "secret"),
        ].compactMap { $0 }
        return "\(container["name"]?.text ?? ""): " + parts.joined(separator: ", ")
    }
}
