import MooringModel
import MooringNames
import MooringShapes

/// Puts the manifests of a folder together: names, duplicates, references.
struct Assembly {
    let settings: EnvironmentOptions
    let settingsPath: TreePath?
    let defaultCluster: ClusterName
    /// Nobody asks for the values of parameters: what depends on them is neither right nor wrong.
    var isOffline = false
    var manifests: [Manifest] = []
    /// Findings that no manifest holds.
    var findings: [Finding] = []
    private var suspected: [BadService] = []

    init(settings: EnvironmentOptions, settingsPath: TreePath?, defaultCluster: ClusterName) {
        self.settings = settings
        self.settingsPath = settingsPath
        self.defaultCluster = defaultCluster
    }

    /// Remembers services that a file seems to speak of although it cannot be read.
    mutating func suspect(_ services: [SuspectedService], in file: TreePath, why: String) {
        suspected += services.map {
            BadService(
                key: ServiceKey(cluster: $0.cluster ?? defaultCluster, service: $0.service), file: file, why: why)
        }
    }

    /// The desired state of all that was read.
    func state() -> DesiredState {
        var assembly = self
        return assembly.assemble()
    }

    // MARK: Assembling

    private var families: [Family: [Int]] = [:]
    private var services: [ServiceKey: [Int]] = [:]
    private var clusters: [ClusterName: [Int]] = [:]
    /// Whether the names of some manifests depend on parameters that are not known, or on bases that cannot be used.
    private var hasOpenNames = false
    /// For how many names of services a similar one has been looked for.
    private var suggestions = 0

    private mutating func assemble() -> DesiredState {
        // What a missing base would have called its manifest is not known.
        hasOpenNames =
            findings.contains { $0.rule == "bad-base" } || manifests.contains { $0.lacksBase && !$0.isNamed }
        for index in manifests.indices { name(index) }
        reportDuplicates(families, rule: "duplicate-family") { "The task definition '\($0)'" }
        reportDuplicates(services, rule: "duplicate-service") { "The service '\($0)'" }
        reportDuplicates(clusters, rule: "duplicate-cluster") { "The cluster '\($0)'" }
        var state = DesiredState(settings: settings)
        let resolver = ReferenceResolver(manifests: manifests, families: families)
        for (key, indices) in services.sorted(by: { $0.key < $1.key }) {
            guard let index = indices.first else { continue }
            let service = desiredService(key, index: index, resolver: resolver)
            if let service, indices.count == 1, !manifests[index].isBad {
                state.services.append(service)
            } else {
                state.badServices.append(
                    BadService(key: key, file: manifests[index].file, why: manifests[index].why ?? ""))
            }
        }
        for (family, indices) in families.sorted(by: { $0.key < $1.key }) {
            guard let manifest = usable(indices) else { continue }
            state.taskDefinitions.append(
                DesiredTaskDefinition(
                    family: family, input: manifest.input, file: manifest.file, documentIndex: manifest.documentIndex,
                    position: manifest.position))
        }
        for (name, indices) in clusters.sorted(by: { $0.key < $1.key }) {
            guard let manifest = usable(indices) else { continue }
            state.clusters.append(DesiredCluster(name: name, input: manifest.input, file: manifest.file))
        }
        addSuspected(to: &state)
        state.findings = findings + manifests.flatMap(\.locatedFindings)
        state.findings = (state.findings + UnusedTaskDefinitions.findings(in: state)).sorted().withoutRepetitions
        state.isComplete = !state.findings.contains { $0.severity == .error }
        return state
    }

    private func usable(_ indices: [Int]) -> Manifest? {
        guard indices.count == 1, let index = indices.first, !manifests[index].isBad else { return nil }
        return manifests[index]
    }

    private func addSuspected(to state: inout DesiredState) {
        var known = Set(services.keys)
        for service in suspected.sorted(by: { ($0.key, $0.file) < ($1.key, $1.file) }) {
            if known.insert(service.key).inserted { state.badServices.append(service) }
        }
        state.badServices.sort { $0.key < $1.key }
    }

    // MARK: Names

    /// Reads what the manifest is called and files it under that name.
    private mutating func name(_ index: Int) {
        let manifest = manifests[index]
        switch manifest.kind {
        case .taskDefinition:
            if let family = read(index, member: "family", as: Family.init) {
                families[family, default: []].append(index)
            }
        case .cluster:
            if let name = read(index, member: "clusterName", as: ClusterName.init) {
                clusters[name, default: []].append(index)
            }
        case .service:
            guard let name = read(index, member: "serviceName", as: ServiceName.init) else { return }
            var cluster = defaultCluster
            if let text = manifest.clusterText {
                if manifest.provenance.isOpen(manifest.input["cluster"]) {
                    hasOpenNames = true
                    // Offline, the name of the cluster matters to nobody; else it is known in a moment.
                    guard isOffline else { return }
                } else if let named = ServiceRules.clusterName(text) {
                    cluster = named
                } else {
                    manifests[index].report(
                        .error, "bad-name", member: "cluster",
                        "'\(text.shortened)' is neither a cluster's name nor its ARN.")
                    return
                }
            }
            services[ServiceKey(cluster: cluster, service: name), default: []].append(index)
        }
    }

    private mutating func read<N: Name>(_ index: Int, member: String, as make: (String) throws(NameError) -> N) -> N? {
        // A missing or wrongly typed name is the shape engine's to report.
        guard let text = manifests[index].input[member]?.text else { return nil }
        if manifests[index].provenance.isOpen(manifests[index].input[member]) {
            hasOpenNames = true
            return nil
        }
        do throws(NameError) {
            return try make(text)
        } catch {
            let templates = ["{{", "${", "<", "$"].contains { text.contains($0) }
            manifests[index].report(
                .error, "bad-name", member: member,
                error.description.capitalizedFirst
                    + (templates ? " It looks like a placeholder that was to be replaced." : ""))
            return nil
        }
    }

    private mutating func reportDuplicates<Key>(
        _ groups: [Key: [Int]], rule: String, subject: (Key) -> String,
    ) {
        for (key, indices) in groups where indices.count > 1 {
            // One more than are listed, for none lists itself.
            let listed = indices.prefix(Limits.namedContainers + 1)
            for index in indices {
                var others = listed.filter { $0 != index }.prefix(Limits.namedContainers).map { other in
                    "\(manifests[other].file):\(manifests[other].position)"
                }
                let more = indices.count - 1 - others.count
                if more > 0 { others.append("\(more) more places") }
                manifests[index].report(
                    .error, rule, member: manifests[index].kind.nameMember,
                    "\(subject(key)) is also in \(others.joined(separator: " and ")). Keep one of them.")
            }
        }
    }

    // MARK: Services

    private mutating func desiredService(
        _ key: ServiceKey, index: Int, resolver: ReferenceResolver,
    ) -> DesiredService? {
        let dependencies = resolveDependencies(of: key, index: index)
        let provenance = manifests[index].provenance
        var files = provenance.sources
        if let settingsPath { files.append(settingsPath) }
        var unresolved = provenance.waits.first
        var reference: TaskDefinitionReference?
        if let value = manifests[index].input["taskDefinition"], let text = value.text {
            switch resolver.resolve(text, in: file(of: value, provenance)) {
            case .family(let family, let file):
                reference = .family(family)
                files.append(file)
            case .pinned(let text): reference = .pinned(text)
            case .bad where provenance.isOpen(value) && unresolved != nil: break
            case .bad(let rule, let message):
                if !hasOpenNames { manifests[index].report(.error, rule, member: "taskDefinition", message) }
                return nil
            }
        }
        if case .family(let family) = reference, let task = families[family]?.first {
            files += manifests[task].provenance.sources
            unresolved = unresolved ?? manifests[task].provenance.waits.first
            if !manifests[index].lacksBase, !manifests[task].lacksBase {
                manifests[index].findings += ProseRules.findings(about: manifests[index], running: manifests[task])
            }
        }
        var options = manifests[index].options.options
        options.dependsOn = dependencies
        options.adopt = options.adopt || settings.adopt
        if options.pause == nil, let reason = settings.pause {
            options.pause = reason.isEmpty ? "\(SettingsReader.fileName) pauses the whole environment." : reason
        }
        return DesiredService(
            key: key, input: manifests[index].input, taskDefinition: reference, options: options,
            files: Set(files).sorted(), unresolved: unresolved)
    }

    /// The file in which a value is written: paths are relative to it, also where a base names them.
    private func file(of value: Value, _ provenance: Provenance) -> TreePath {
        let source = value.position?.source ?? 0
        return provenance.sources.indices.contains(source) ? provenance.sources[source] : provenance.sources[0]
    }

    private mutating func resolveDependencies(of key: ServiceKey, index: Int) -> [ServiceKey] {
        var keys: [ServiceKey] = []
        var told = 0
        for (text, position) in manifests[index].options.dependsOn {
            let halves = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
            let cluster = halves.count == 2 ? try? ClusterName(halves[0]) : key.cluster
            let name = halves.count <= 2 ? halves.last.flatMap { try? ServiceName($0) } : nil
            var problem: String?
            if let cluster, let name {
                let other = ServiceKey(cluster: cluster, service: name)
                if other == key {
                    problem = "A service cannot depend on itself."
                } else if services[other] == nil, hasOpenNames {
                    continue
                } else if services[other] == nil {
                    problem =
                        "There is no service '\(text.shortened)' in this environment."
                        + suggestion(for: text, from: key.cluster)
                } else {
                    keys.append(other)
                }
            } else {
                problem = "'\(text.shortened)' is no service: write its name, or 'cluster/name'."
            }
            guard let problem, told < Limits.findingsPerRule else { continue }
            told += 1
            manifests[index].findings.append(
                Finding(
                    severity: .error, rule: "unknown-dependency", message: problem, file: manifests[index].file,
                    position: position, memberPath: "mooring.dependsOn"))
        }
        return keys
    }

    /// The service that resembles a name that none has. Looks at all services, so it is only tried so often.
    private mutating func suggestion(for text: String, from cluster: ClusterName) -> String {
        suggestions += 1
        guard suggestions <= Limits.dependencySuggestions else { return "" }
        return text.didYouMean(services.keys.map { $0.cluster == cluster ? $0.service.text : $0.description }.sorted())
    }
}

extension DocumentKind {
    /// The member that names a manifest of this kind.
    var nameMember: String {
        switch self {
        case .taskDefinition: "family"
        case .service: "serviceName"
        case .cluster: "clusterName"
        }
    }
}

extension [Finding] {
    /// What was found on several ways is said once. In order, equal findings are neighbours.
    fileprivate var withoutRepetitions: [Finding] {
        reduce(into: []) { kept, finding in
            if kept.last != finding { kept.append(finding) }
        }
    }
}
