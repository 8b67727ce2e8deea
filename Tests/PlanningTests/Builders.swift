import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes

// What the tests call things. One account, one region, one environment.

let accountText = "123456789012"
let arnPrefix = "arn:aws:ecs:eu-central-1:\(accountText):"
let identityText = "production@shop"

func key(_ service: String, in cluster: String = "default") throws -> ServiceKey {
    ServiceKey(cluster: try ClusterName(cluster), service: try ServiceName(service))
}

func revisionARN(_ revision: String) throws -> TaskDefinitionARN {
    try TaskDefinitionARN("\(arnPrefix)task-definition/\(revision)")
}

func serviceARN(_ key: ServiceKey) -> String { "\(arnPrefix)service/\(key.cluster)/\(key.service)" }

func makePolicy(act: Bool = true, completed: Int = 4) throws -> PlanningPolicy {
    PlanningPolicy(
        identity: try EnvironmentIdentity(identityText), commit: try CommitID(String(repeating: "a", count: 40)),
        region: try Region("eu-central-1"), account: try AccountID(accountText),
        callerAccount: try AccountID(accountText),
        clusters: [], act: act, completedRollouts: completed, uptime: .seconds(1000), readLag: .seconds(15))
}

func makeTaskDefinition(_ family: String, image: String = "shop:1", _ more: [(String, Value)] = []) throws
    -> DesiredTaskDefinition
{
    let container: Value = ["name": "app", "image": .string(image), "memory": 128]
    return DesiredTaskDefinition(
        family: try Family(family),
        input: .map([("family", .string(family)), ("containerDefinitions", [container])] + more),
        file: try TreePath("\(family).json"), documentIndex: 0, position: SourcePosition(line: 1, column: 1))
}

func makeService(
    _ key: ServiceKey, family: String? = nil, pinned: String? = nil, count: Int? = 2, _ more: [(String, Value)] = [],
    options: MooringOptions = MooringOptions(),
) throws -> DesiredService {
    let reference: TaskDefinitionReference =
        if let pinned { .pinned(pinned) } else { .family(try Family(family ?? key.service.text)) }
    var input: Value = [
        "serviceName": .string(key.service.text), "taskDefinition": .string(pinned ?? family ?? key.service.text),
    ]
    input["desiredCount"] = count.map { .integer($0) }
    for (name, value) in more { input[name] = value }
    return DesiredService(
        key: key, input: input, taskDefinition: reference, options: options,
        files: [try TreePath("\(key.service).json")])
}

func network(_ subnets: String...) -> (String, Value) {
    ("networkConfiguration", ["awsvpcConfiguration": ["subnets": .list(subnets.map { .string($0) })]])
}

func tag(_ key: String, _ value: String) -> Value { Tag(key, value).input }

/// A pause of the whole environment.
func pause(_ reason: String) -> HoldWindow {
    HoldWindow(kind: .pause, source: .environment, until: nil, reason: reason)
}

/// A freeze of the whole environment.
func freeze(from: Timestamp? = nil, until: Timestamp, _ reason: String = "") -> HoldWindow {
    HoldWindow(kind: .freeze, source: .environment, from: from, until: until, reason: reason)
}
