import MooringShapes

/// How one member of an API input is compared with what ECS shows of it, and what of it is only spelling.
///
/// The tables in `TaskDefinitionRules` and `ServiceRules` give one rule to every member. Comparison and canonical form
/// both follow the same rule, so what counts as no difference also has one digest.
indirect enum Rule: Sendable {
    /// One scalar.
    case leaf(Leaf)
    /// A map whose members the API model names.
    case structure([String: Rule])
    /// A map whose keys are the user's data: labels, options. All keys count, on both sides.
    case free
    /// A list whose order means something, or that ECS keeps while it is not known to mean nothing.
    /// Where both sides have the same identities in the same order, elements are compared one by one.
    case ordered(Rule, Identity?)
    /// A list whose order means nothing and whose elements have no name.
    case unordered(Rule)
    /// A list whose elements are known by some of their members and whose order means nothing.
    case named(Identity, Rule)
    /// A list of names and values that is really a map. Of two elements with one name the later counts.
    case keyed(name: String, value: String)
    /// A member the tables do not know: compared as far as the manifest declares it, lists in their order.
    case unknown
}

/// How a scalar is read and which of its values says the same as its absence.
struct Leaf: Sendable {
    /// What a scalar stands for, which says how its spellings are compared.
    enum Kind: Sendable {
        case text
        case number
        case flag
        /// CPU units at task level: `256`, `.25 vCPU`.
        case processorUnits
        /// MiB at task level: `512`, `0.5 GB`.
        case memorySize
        /// An IAM role by name or ARN.
        case role
        /// A Cloud Map namespace by name, id or ARN.
        case namespace
        /// The field of a placement strategy: case-blind, `host` is another word for `instanceId`.
        case placementField
    }

    /// What the scalar stands for.
    let kind: Kind
    /// What its absence says, nil where absence says nothing else does.
    let folding: Folding?
}

/// Which value of a scalar ECS takes, or shows, where nothing was said.
enum Folding: Sendable {
    /// Always the same.
    case value(String)
    /// 0 in bridge mode, the container port in awsvpc and host mode, where 0 is another word for it.
    case hostPort
    /// A default that only a task definition for nothing but Fargate has.
    case onFargate(String)
    /// Defaults of deployments differ by scheduling strategy.
    case byStrategy(replica: String, daemon: String)
    /// The value of the member beside it.
    case sameAs(String)

    /// The default's text here, nil where there is none.
    func text(in context: RuleContext, beside siblings: Value) -> String? {
        switch self {
        case .value(let text): text
        case .hostPort: context.sharesHostPorts ? siblings["containerPort"]?.text : "0"
        case .onFargate(let text): context.isFargateOnly ? text : nil
        case .byStrategy(let replica, let daemon): context.isDaemon ? daemon : replica
        case .sameAs(let member): siblings[member]?.text
        }
    }

    /// Whether `text` says no more than absence does.
    func folds(_ text: String, in context: RuleContext, beside siblings: Value) -> Bool {
        if case .hostPort = self, text == "0" { return true }
        return text == self.text(in: context, beside: siblings)
    }
}

/// The members of a document that defaults elsewhere in it depend on.
struct RuleContext: Sendable {
    /// The task shares the port numbers of its host or network interface: awsvpc and host mode.
    let sharesHostPorts: Bool
    /// `requiresCompatibilities` is FARGATE and nothing else.
    let isFargateOnly: Bool
    /// `schedulingStrategy` is DAEMON.
    let isDaemon: Bool

    /// Reads them from the root of an input or of what is described.
    init(of document: Value) {
        let networkMode = document["networkMode"]?.text
        sharesHostPorts = networkMode == "awsvpc" || networkMode == "host"
        isFargateOnly = document["requiresCompatibilities"]?.elements?.compactMap(\.text) == ["FARGATE"]
        isDaemon = document["schedulingStrategy"]?.text == "DAEMON"
    }
}

/// The members by which an element of a list is known.
struct Identity: Sendable {
    /// In the order in which they are written.
    let members: [String]
    /// What stands between them.
    let separator: String

    /// One or more members.
    init(_ members: String..., separator: String = ":") {
        self.members = members
        self.separator = separator
    }

    /// The identity of an element in canonical form: a default protocol, for one, is not part of it.
    func text(of element: Value) -> String {
        members.compactMap { element[$0]?.text }.joined(separator: separator)
    }
}

// MARK: - Short names for the tables

extension Rule {
    /// A text without a default.
    static var text: Rule { .leaf(Leaf(kind: .text, folding: nil)) }
    /// A number without a default.
    static var number: Rule { .leaf(Leaf(kind: .number, folding: nil)) }
    /// A flag without a default.
    static var flag: Rule { .leaf(Leaf(kind: .flag, folding: nil)) }
    /// A role, by name or ARN.
    static var role: Rule { .leaf(Leaf(kind: .role, folding: nil)) }

    /// A text and what its absence says.
    static func text(_ absent: String) -> Rule { .leaf(Leaf(kind: .text, folding: .value(absent))) }
    /// A number and what its absence says.
    static func number(_ absent: Int) -> Rule { .leaf(Leaf(kind: .number, folding: .value(String(absent)))) }
    /// A flag and what its absence says.
    static func flag(_ absent: Bool) -> Rule { .leaf(Leaf(kind: .flag, folding: .value(absent ? "true" : "false"))) }
    /// A scalar of any kind.
    static func leaf(_ kind: Leaf.Kind, _ folding: Folding? = nil) -> Rule {
        .leaf(Leaf(kind: kind, folding: folding))
    }

    /// A list of strings that ECS keeps in order.
    static var strings: Rule { .ordered(.text, nil) }
    /// A set of strings.
    static var stringSet: Rule { .unordered(.text) }
    /// An element of a keyed list. A name without a value is a name with an empty one.
    static func pair(name: String, value: String) -> Rule { .structure([name: .text, value: .text("")]) }
    /// A list whose elements are known by `identity`.
    static func list(_ element: Rule, by identity: Identity) -> Rule { .named(identity, element) }
}
