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
    private(set) var suspected: [BadService] = []
    /// One-off tasks of files that cannot be read, with what they seem to have to run before.
    private(set) var suspectedRuns: [(run: BadRun, before: [String])] = []

    init(settings: EnvironmentOptions, settingsPath: TreePath?, defaultCluster: ClusterName) {
        self.settings = settings
        self.settingsPath = settingsPath
        self.defaultCluster = defaultCluster
    }

    /// Remembers what a file seems to speak of although it cannot be read.
    mutating func suspect(_ what: Suspected, in file: TreePath, why: String) {
        let cluster = what.cluster ?? defaultCluster
        suspected += what.services.map {
            BadService(key: ServiceKey(cluster: cluster, service: $0), file: file, why: why)
        }
        guard what.isRun, let name = RunName(file: file) else { return }
        suspectedRuns.append((BadRun(cluster: cluster, name: name, file: file, why: why), what.before))
    }

    /// The desired state of all that was read.
    func state() -> DesiredState { assembled().state }

    /// The desired state, and the manifests that it was made of, found by their names.
    func assembled() -> (state: DesiredState, assembly: Assembly) {
        var assembly = self
        let state = assembly.assemble()
        return (state, assembly)
    }

    // MARK: Assembling

    private(set) var families: [Family: [Int]] = [:]
    private(set) var services: [ServiceKey: [Int]] = [:]
    private(set) var runs: [RunKey: [Int]] = [:]
    private var clusters: [ClusterName: [Int]] = [:]
    /// Whether the names of some manifests depend on parameters that are not known, or on bases that cannot be used.
    private(set) var hasOpenNames = false
    /// What each manifest says of its place in the order.
    var places: [Int: OrderPlace] = [:]

    private mutating func assemble() -> DesiredState {
        // What a missing base would have called its manifest is not known.
        hasOpenNames =
            findings.contains { $0.rule == "bad-base" } || manifests.contains { $0.lacksBase && !$0.isNamed }
        for index in manifests.indices { name(index) }
        reportDuplicates(families, rule: "duplicate-family") { "The task definition '\($0)'" }
        reportDuplicates(services, rule: "duplicate-service") { "The service '\($0)'" }
        reportDuplicates(clusters, rule: "duplicate-cluster") { "The cluster '\($0)'" }
        reportDuplicates(runs, rule: "duplicate-task") { "The one-off task '\($0.cluster)/\($0.name)'" }
        var state = DesiredState(settings: settings)
        state.order = order()
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
        for (key, indices) in runs.sorted(by: { $0.key < $1.key }) {
            guard let index = indices.first else { continue }
            if let run = desiredRun(key, index: index, resolver: resolver), indices.count == 1, !manifests[index].isBad
            {
                state.runs.append(run)
            } else {
                state.badRuns.append(
                    BadRun(
                        cluster: key.cluster, name: key.name, file: manifests[index].file,
                        why: manifests[index].why ?? ""))
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
        var knownRuns = Set(runs.keys.map(\.node))
        for (run, _) in suspectedRuns.sorted(by: { ($0.run.node, $0.run.file) < ($1.run.node, $1.run.file) }) {
            if knownRuns.insert(run.node).inserted { state.badRuns.append(run) }
        }
        state.badRuns.sort { $0.node < $1.node }
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
            guard let name = read(index, member: "serviceName", as: ServiceName.init), let cluster = cluster(of: index)
            else { return }
            services[ServiceKey(cluster: cluster, service: name), default: []].append(index)
        case .run:
            guard let name = runName(index), let cluster = cluster(of: index) else { return }
            runs[RunKey(cluster: cluster, name: name), default: []].append(index)
        }
    }

    /// The cluster that a manifest names, or the environment's; nil where it cannot be told.
    private mutating func cluster(of index: Int) -> ClusterName? {
        let manifest = manifests[index]
        guard let text = manifest.clusterText else { return defaultCluster }
        if manifest.provenance.isOpen(manifest.input["cluster"]) {
            hasOpenNames = true
            // Offline, the name of the cluster matters to nobody; else it is known in a moment.
            return isOffline ? defaultCluster : nil
        }
        if let named = ServiceRules.clusterName(text) { return named }
        manifests[index].report(
            .error, "bad-name", member: "cluster", "'\(text.shortened)' is neither a cluster's name nor its ARN.")
        return nil
    }

    /// What a one-off task is called: what its manifest says, else what its file is called, up to the first dot.
    ///
    /// A task whose name is wrong, or not known yet, keeps its place under the file's name, so that what comes after it does
    /// not start.
    private mutating func runName(_ index: Int) -> RunName? {
        let file = manifests[index].file
        let standard = RunName(file: file)
        guard let (text, position) = manifests[index].options.run.name else {
            if standard == nil {
                manifests[index].report(
                    .error, "bad-name", member: DocumentKind.run.nameMember,
                    "'\(file.fileName.shortened)' gives the one-off task no name that can be used. Write one: 'mooring: {runs: {name: "
                        + "NAME}}'.")
            }
            return standard
        }
        if let position, manifests[index].provenance.silenced.contains(position) {
            hasOpenNames = true
            return standard
        }
        do throws(NameError) {
            return try RunName(text)
        } catch {
            manifests[index].findings.append(
                Finding(
                    severity: .error, rule: "bad-name", message: error.description.capitalizedFirst,
                    file: manifests[index].file, position: position, memberPath: DocumentKind.run.nameMember))
            return standard
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
}

extension RunName {
    /// What a one-off task in this file is called where its manifest says nothing: the file's name up to the first dot.
    fileprivate init?(file: TreePath) {
        guard let name = try? RunName(String(file.fileName.prefix { $0 != "." })) else { return nil }
        self = name
    }
}

/// A one-off task by cluster and name.
struct RunKey: Hashable, Comparable {
    let cluster: ClusterName
    let name: RunName

    var node: OrderNode { .run(cluster: cluster, name: name) }

    static func < (left: RunKey, right: RunKey) -> Bool { left.node < right.node }
}

extension DocumentKind {
    /// The member that names a manifest of this kind.
    var nameMember: String {
        switch self {
        case .taskDefinition: "family"
        case .service: "serviceName"
        case .cluster: "clusterName"
        case .run: "mooring.runs.name"
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
