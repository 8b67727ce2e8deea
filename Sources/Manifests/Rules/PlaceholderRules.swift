import MooringShapes

/// Rules of what templates, other people's examples and the AWS CLI's skeletons leave in a document.
enum PlaceholderRules {
    /// The rule that tells a skeleton; where it speaks, hardly any other need.
    static let skeleton = "cli-skeleton"

    static let all: [ProseRule<DocumentInput>] = [
        ProseRule(skeleton, .error, source: "AWS CLI, --generate-cli-skeleton: every member with an empty value") {
            document, report in
            let name = document.kind.nameMember
            guard let value = document.value[name], value.text?.isEmpty == true else { return }
            let count = emptyTexts(in: document.value)
            guard count >= Limits.emptyTextsOfSkeleton else { return }
            report.add(
                "This is the skeleton that the AWS CLI generates, not yet "
                    + "filled in: '\(name)' and \(count - 1) other texts are "
                    + "empty. Fill in what is wanted and remove everything else.", at: value, name)
        },
        ProseRule("empty-texts", .warning, source: "AWS CLI, --generate-cli-skeleton: every member with an empty value")
        {
            document, report in
            guard document.value[document.kind.nameMember]?.text?.isEmpty == false else { return }
            let count = emptyTexts(in: document.value)
            guard count >= Limits.emptyTextsOfSkeleton else { return }
            report.add(
                "\(count) texts are empty, as the AWS CLI's skeletons "
                    + "leave them, and ECS reads some of them as wishes. Remove "
                    + "what is not wanted.", at: nil, "")
        },
        ProseRule("template-leftover", .error, source: "No name, id or ARN in AWS holds such characters") {
            document, report in
            for leftover in document.leftovers where leftover.isCertain {
                guard !document.badPaths.contains(leftover.path) else { continue }
                report.add(
                    "\(leftover.path) still holds the placeholder "
                        + "'\(leftover.placeholder.shortened)'. Mooring runs no other "
                        + "tool's templates: put in the value, or declare "
                        + "a variable in mooring.yaml and write ${name}.",
                    at: leftover.value, leftover.path)
            }
        },
        ProseRule("template-text", .warning, source: "Looks like a placeholder of another tool's templates") {
            document, report in
            for leftover in document.leftovers where !leftover.isCertain {
                guard !document.badPaths.contains(leftover.path) else { continue }
                report.add(
                    "\(leftover.path) holds '\(leftover.placeholder.shortened)', "
                        + "which looks like a template's placeholder and "
                        + "is sent as it is. Put in the value if it is one.", at: leftover.value, leftover.path)
            }
        },
    ]

    // MARK: Walking

    /// Paths are put together on the way back, so that nothing is built where nothing is found.
    static func leftovers(in value: Value, member: String) -> [Leftover] {
        switch value.node {
        case .scalar(let scalar):
            guard let placeholder = Placeholder.found(in: scalar.text) else { return [] }
            return [
                Leftover(path: "", placeholder: placeholder, value: value, isCertain: namingMembers.contains(member))
            ]
        case .list(let elements):
            var all: [Leftover] = []
            for (index, element) in elements.enumerated() {
                all += leftovers(in: element, member: member).map { $0.below("[\(index)]") }
            }
            return all
        case .map(let members):
            var all: [Leftover] = []
            for member in members where !freeMembers.contains(member.name) {
                all += leftovers(in: member.value, member: member.name).map { $0.below(member.name) }
            }
            return all
        }
    }

    /// What names something in AWS.
    private static let namingMembers: Set<String> = [
        "image", "cpu", "memory", "executionRoleArn", "taskRoleArn", "roleArn", "role", "targetGroupArn",
        "loadBalancerName", "containerName", "registryArn", "alternateTargetGroupArn", "productionListenerRule",
        "testListenerRule", "fileSystemId", "accessPointId", "hookTargetArn", "capacityProvider", "subnets",
        "securityGroups", "credentialsParameter", "sourceVolume", "portName", "valueFrom",
    ]

    /// What a shell, a program or a log driver reads, where such characters may well be meant; and names, whose own rules
    /// speak of them.
    private static let freeMembers: Set<String> = [
        "command", "entryPoint", "healthCheck", "environment", "options", "dockerLabels", "labels", "driverOpts",
        "systemControls", "expression", "hookDetails", "attestationPolicy", "family", "serviceName", "clusterName",
        "cluster", "taskDefinition", "name",
    ]

    /// How many texts are empty, variables' values not counted: those may well be.
    private static func emptyTexts(in value: Value) -> Int {
        switch value.node {
        case .scalar(let scalar): scalar.style == .string && scalar.text.isEmpty ? 1 : 0
        case .list(let elements): elements.reduce(0) { $0 + emptyTexts(in: $1) }
        case .map(let members):
            members.reduce(0) { $0 + ($1.name == "environment" ? 0 : emptyTexts(in: $1.value)) }
        }
    }
}

/// A placeholder that was left in a document.
struct Leftover {
    let path: String
    let placeholder: String
    let value: Value
    /// The member names something in AWS, so that ECS refuses it for certain.
    let isCertain: Bool

    /// The same, seen from one level above.
    func below(_ component: String) -> Leftover {
        let dot = path.isEmpty || path.hasPrefix("[") ? "" : "."
        return Leftover(path: component + dot + path, placeholder: placeholder, value: value, isCertain: isCertain)
    }
}
