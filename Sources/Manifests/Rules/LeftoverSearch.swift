import MooringShapes

/// A placeholder that was left in a document.
struct Leftover {
    let path: String
    let placeholder: String
    let value: Value
    /// The member names something in AWS, so that ECS refuses it for certain.
    let isCertain: Bool

    /// A variable whose closing brace was forgotten.
    var isUnclosed: Bool { placeholder.hasPrefix("${") }
}

/// One walk over a document in search of placeholders.
struct LeftoverSearch {
    private let badPaths: Set<String>
    private var path: [Component] = []
    private var certain: [Leftover] = []
    private var uncertain: [Leftover] = []

    private enum Component {
        case member(String)
        case index(Int)
    }

    private init(sparing badPaths: Set<String>) { self.badPaths = badPaths }

    /// The placeholders of other tools: those in names first, then those in texts; of each no more than are told.
    ///
    /// - Parameter badPaths: where something graver has been said already.
    static func leftovers(in value: Value, sparing badPaths: Set<String>) -> [Leftover] {
        var search = LeftoverSearch(sparing: badPaths)
        search.walk(value, isCertain: false)
        return search.certain + search.uncertain
    }

    /// - Parameter isCertain: whether the member names something in AWS. Looked up once a member: its name may be long, and
    ///   its elements many.
    private mutating func walk(_ value: Value, isCertain: Bool) {
        switch value.node {
        case .scalar(let scalar): look(at: scalar.text, value, isCertain: isCertain)
        case .list(let elements):
            for (index, element) in elements.enumerated() {
                path.append(.index(index))
                walk(element, isCertain: isCertain)
                path.removeLast()
            }
        case .map(let members):
            for member in members where !LeftoverSearch.freeMembers.contains(member.name) {
                path.append(.member(member.name))
                walk(member.value, isCertain: LeftoverSearch.namingMembers.contains(member.name))
                path.removeLast()
            }
        }
    }

    /// Paths are put together only where something is found, and no more often than it is told; names in them are
    /// shortened, for one may be as long as the document.
    private mutating func look(at text: String, _ value: Value, isCertain: Bool) {
        guard (isCertain ? certain : uncertain).count < Limits.findingsPerRule,
            let placeholder = Placeholder.found(in: text)
        else { return }
        let path = pathText
        guard !badPaths.contains(path) else { return }
        let leftover = Leftover(path: path, placeholder: placeholder, value: value, isCertain: isCertain)
        if isCertain { certain.append(leftover) } else { uncertain.append(leftover) }
    }

    private var pathText: String {
        path.reduce(into: "") { text, component in
            switch component {
            case .member(let name): text += (text.isEmpty ? "" : ".") + name.shortened
            case .index(let index): text += "[\(index)]"
            }
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
}
