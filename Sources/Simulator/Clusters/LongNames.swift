import MooringShapes

/// The names that ECS answers where a short one was sent.
struct LongNames: Sendable {
    let partition: String
    let region: String
    let account: String

    /// A role by its ARN. Source: API reference, RegisterTaskDefinition and CreateService: "short name or full ARN"; every
    /// recorded answer has the ARN.
    func role(_ name: String) -> String {
        name.hasPrefix("arn:") ? name : "arn:\(partition):iam::\(account):role/\(name)"
    }

    /// A namespace of Cloud Map by its ARN, whose id is known only to Cloud Map: here it follows from the name.
    /// Source: reference/peers.md section 2, "namespace name vs ARN equal".
    func namespace(_ name: String) -> String {
        if name.hasPrefix("arn:") { return name }
        var id = name
        if !name.hasPrefix("ns-") {
            let digits = String(KeyedRandom.scope("namespace", name), radix: 36)
            id = "ns-" + String(repeating: "0", count: max(0, 16 - digits.count)) + digits.suffix(16)
        }
        return "arn:\(partition):servicediscovery:\(region):\(account):namespace/\(id)"
    }
}

extension World {
    var longNames: LongNames { LongNames(partition: partition, region: region, account: account) }
}

/// Orders that ECS gives to lists.
enum EchoOrder {
    /// Another order than the one that was sent.
    ///
    /// Which order it really is nobody has found out. That the first two change places fits six of the seven reorderings
    /// that are recorded (`cloudformation-read/`: containers twice, port mappings, links, volumesFrom, the subnets of a task
    /// set) and is enough for a client that relies on the order to be found out.
    static func unlikeRequest(_ list: Value) -> Value {
        guard var elements = list.elements, elements.count > 1 else { return list }
        elements.swapAt(0, 1)
        return .list(elements)
    }

    /// The order of a Java HashSet of texts, whose table has 16 places from the start.
    ///
    /// All eight lists of subnets in the captures are in it, of two, three and four subnets; of three the request is known
    /// (`cloudformation-read/…BgService.json`, `…Service.Service.json`, `…TaskSet.TaskSet.json`, which alone was reordered). By
    /// chance that would happen once in nine thousand times. Security groups are not in it
    /// (`describe-services/…ecs_service_update_definition_2.json`).
    static func hashSet(_ list: Value) -> Value {
        guard let elements = list.elements else { return list }
        let order = JavaHashOrder.positions(of: elements.map { $0.text ?? "" }, tableAtLeast: 16)
        return .list(order.map { elements[$0] })
    }

    /// Java's hash order of texts. Source: `cloudformation-read/…TaskDef.enumset.json`, FARGATE and EC2 read as EC2 and FARGATE.
    static func hashed(_ list: Value) -> Value {
        guard let elements = list.elements else { return list }
        return .list(JavaHashOrder.positions(of: elements.map { $0.text ?? "" }).map { elements[$0] })
    }
}

extension Value {
    /// The same map with `change` applied to the member, where it is there.
    func changing(_ name: String, _ change: (Value) -> Value) -> Value {
        self[name].map { setting(name, to: change($0)) } ?? self
    }

    /// The same list with `change` applied to each element.
    func changingElements(_ change: (Value) -> Value) -> Value { elements.map { .list($0.map(change)) } ?? self }
}
