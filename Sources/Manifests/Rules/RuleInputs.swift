import MooringModel
import MooringShapes

/// A task definition as the rules look at it.
struct TaskDefinitionInput {
    let value: Value
    let containers: [Container]
    let networkMode: String?
    /// The names in `requiresCompatibilities`: what ECS checks the registration against.
    let requires: [String]
    let isFargate: Bool
    /// Places whose text is not what it will be.
    let open: Set<SourcePosition>

    init(_ value: Value, open: Set<SourcePosition> = []) {
        self.value = value
        self.open = open
        let elements = value["containerDefinitions"]?.elements ?? []
        containers = elements.enumerated().map { Container(index: $0.offset, value: $0.element) }
        networkMode = value["networkMode"]?.settledText
        requires = (value["requiresCompatibilities"]?.elements ?? []).compactMap(\.text)
        isFargate = requires.contains("FARGATE")
    }

    var isWindows: Bool {
        value["runtimePlatform"]?["operatingSystemFamily"]?.text?.hasPrefix("WINDOWS") == true
    }

    /// Each container has a network of its own, as its tasks have.
    var isAwsvpc: Bool { networkMode == "awsvpc" }

    var volumes: [(index: Int, value: Value)] { value.items("volumes") }

    /// The container called `name`. Looks at all of them.
    func container(_ name: String) -> Container? { containers.first { $0.name == name } }

    /// A container has a name that a variable makes, so that it may be any.
    var hasOpenContainerNames: Bool { containers.contains { $0.value["name"]?.isOpen == true } }

    /// One container definition.
    struct Container {
        let index: Int
        let value: Value

        var name: String? { value["name"]?.text }
        /// What it is called in sentences.
        var phrase: String { name.map { "Container '\($0.shortened)'" } ?? "Container \(index + 1)" }
        /// Unless it is said to be none; where a variable says it, it may be either.
        var isEssential: Bool { value["essential"]?.boolean ?? true }
        var isCertainlyEssential: Bool { isEssential && value["essential"]?.isOpen != true }
        var portMappings: [(index: Int, value: Value)] { value.items("portMappings") }
        var logDriver: String? { value["logConfiguration"]?["logDriver"]?.text }

        func path(_ member: String) -> String { "containerDefinitions[\(index)].\(member)" }
    }
}

/// A service as the rules look at it, or a one-off task: what both have is checked alike.
struct ServiceInput {
    let value: Value
    /// What it is called in sentences.
    let word: String
    /// Whether its manifest says how Application Auto Scaling moves its count.
    let isScaled: Bool

    init(_ value: Value, word: String = "service", isScaled: Bool = false) {
        self.value = value
        self.word = word
        self.isScaled = isScaled
    }

    init(_ manifest: Manifest) {
        self.init(
            manifest.input, word: manifest.kind == .run ? "one-off task" : "service",
            isScaled: manifest.options.isScaled)
    }

    var launchType: String? { value["launchType"]?.text }
    var isDaemon: Bool { value["schedulingStrategy"]?.text == "DAEMON" }
    /// `ECS` where none is given; nil where a variable says it and nobody knows what.
    var controller: String? { settled(value["deploymentController"]?["type"], else: "ECS") }
    var deployment: Value? { value["deploymentConfiguration"] }
    /// `ROLLING` where none is given; nil where a variable says it and nobody knows what.
    var strategy: String? { settled(deployment?["strategy"], else: "ROLLING") }
    var isRolling: Bool { controller == "ECS" && strategy == "ROLLING" }
    var loadBalancers: [(index: Int, value: Value)] { value.items("loadBalancers") }
    var capacityProviders: [String] {
        value.items("capacityProviderStrategy").compactMap { $0.value["capacityProvider"]?.text }
    }

    /// For certain: by its launch type, or by every provider of its strategy.
    var isFargate: Bool {
        if launchType == "FARGATE" { return true }
        let providers = capacityProviders
        return !providers.isEmpty && providers.allSatisfy { $0 == "FARGATE" || $0 == "FARGATE_SPOT" }
    }

    private func settled(_ value: Value?, else standard: String) -> String? {
        value?.isOpen == true ? nil : value?.text ?? standard
    }

    /// The member that says so.
    var fargateMember: String { launchType == "FARGATE" ? "launchType" : "capacityProviderStrategy" }
}

/// A document as the rules of every kind look at it.
struct DocumentInput {
    let value: Value
    let kind: DocumentKind
    /// Placeholders of other tools at which nothing graver has been said, in the order of the document.
    let leftovers: [Leftover]

    init(_ manifest: Manifest) {
        value = manifest.input
        kind = manifest.kind
        let badPaths = Set(manifest.findings.lazy.filter { $0.severity == .error }.map(\.memberPath))
        leftovers = LeftoverSearch.leftovers(in: manifest.input, sparing: badPaths)
    }
}

/// A service and the task definition that it runs.
struct Pairing {
    let service: ServiceInput
    let taskDefinition: TaskDefinitionInput
    /// Where the task definition stands.
    let place: String
}

extension Value {
    /// The elements of the list called `name` with their indices; none where there is no such list.
    func items(_ name: String) -> [(index: Int, value: Value)] {
        (self[name]?.elements ?? []).enumerated().map { (index: $0.offset, value: $0.element) }
    }

    /// The text, unless a variable in it is still to be replaced: what it will say is not known.
    var settledText: String? {
        guard let text, !VariableText.mayHoldVariables(text.utf8) else { return nil }
        return text
    }

    /// A variable in the text is still to be replaced.
    var isOpen: Bool { text.map { VariableText.mayHoldVariables($0.utf8) } ?? false }

    /// The list called `name` is there and holds something, or the object does.
    func holds(_ name: String) -> Bool {
        guard let member = self[name] else { return false }
        return member.elements.map { !$0.isEmpty } ?? member.members.map { !$0.isEmpty } ?? !member.isNull
    }
}

extension String {
    /// ' Did you mean ...?' where one of `known` is near, else nothing.
    func didYouMean(_ known: [String]) -> String {
        Suggestion.nearest(to: self, among: known.prefix(Limits.suggestedNames)).map {
            " Did you mean '\($0.shortened)'?"
        } ?? ""
    }
}
