import MooringModel
import MooringNames
import MooringPlanning
import MooringPresentation
import MooringShapes

/// Decides which file holds what.
struct ImportComposer {
    /// The manifests of one service.
    struct Part {
        let key: ServiceKey
        /// What the manifest says, as it reads back.
        let service: Value
        /// nil where another service's folder has it, or a revision is pinned.
        let taskDefinition: Value?
        var serviceComments: [String]
        var taskDefinitionComments: [String]
        /// Says that the service may be taken over.
        let adopts: Bool
        let escapes: Bool

        var files: [ImportedFolder.File] {
            var document = service
            if adopts { document["mooring"] = ["adopt": true] }
            let definition = taskDefinition.map { file("task-definition.yaml", $0, taskDefinitionComments) }
            return [file("service.yaml", document, serviceComments), definition ?? nil].compactMap { $0 }
        }

        private func file(_ name: String, _ document: Value, _ comments: [String]) -> ImportedFolder.File? {
            guard let path = try? TreePath("\(key.service)/\(name)") else { return nil }
            let text = YAMLWriter.text(of: escapes ? document.escapingVariables : document, layout: .people)
            return ImportedFolder.File(path: path, text: comments.map { "# \($0)\n" }.joined() + text)
        }
    }

    let observed: Observed
    let cluster: ClusterName
    let adoptsEach: Bool
    private(set) var parts: [Part] = []
    private(set) var skipped: [ImportedFolder.Skipped] = []
    private(set) var remarks: [String] = []

    init(observed: Observed, cluster: ClusterName, adoptsEach: Bool) {
        self.observed = observed
        self.cluster = cluster
        self.adoptsEach = adoptsEach
    }

    func files() -> [ImportedFolder.File] { parts.flatMap(\.files) }

    /// Services whose texts are written so that no variable is read in them.
    private(set) var escaped: Set<ServiceKey> = []
    /// Services whose manifests cannot be used, and why.
    private var unusable: [ServiceKey: String] = [:]

    mutating func escape(_ keys: [ServiceKey]) { escaped.formUnion(keys) }

    mutating func leaveOut(_ services: [ImportedFolder.Skipped]) {
        for service in services { unusable[service.key] = service.why }
    }

    // MARK: Composing

    /// Makes the parts anew: when a service is left out, another may have to hold the family's manifest.
    mutating func compose() {
        (parts, skipped, remarks) = ([], [], [])
        let live = usable()
        let families = holders(of: live)
        for service in live {
            let revision = service.taskDefinition?.revision
            let holder = revision.flatMap { families[$0.family] }
            var comments = ["Service '\(service.key.service)' of the cluster '\(cluster)', imported."]
            var reference: String?
            var definition: Value?
            if let revision, let holder, holder.revision == revision {
                reference = holder.key == service.key ? "task-definition.yaml" : revision.family.text
                if holder.key == service.key { definition = ImportedManifest.taskDefinition(holder.definition) }
            } else if let revision {
                reference = revision.description
                comments.append(pinComment(revision, holder: holder))
            }
            let count = count(of: service, comments: &comments)
            parts.append(
                Part(
                    key: service.key,
                    service: ImportedManifest.service(service, taskDefinition: reference, hasCount: count),
                    taskDefinition: definition, serviceComments: comments,
                    taskDefinitionComments: ["Revision \(revision?.description ?? ""), imported."], adopts: adoptsEach,
                    escapes: escaped.contains(service.key)))
            if service.primary?.rolloutState == "IN_PROGRESS" {
                remarks.append("\(service.key) is being deployed just now; its manifest says what is rolled out.")
            }
        }
    }

    /// Services that an environment could manage, by name; the others are named with the reason.
    private mutating func usable() -> [ObservedService] {
        var live: [ObservedService] = []
        for (key, reading) in observed.services.sorted(by: { $0.key < $1.key }) {
            switch reading {
            case .missing: skipped.append(ImportedFolder.Skipped(key: key, why: "There is no such service."))
            case .unreadable(let unreadable): skipped.append(ImportedFolder.Skipped(key: key, why: unreadable.why))
            case .known(let service):
                if let why = objection(to: service) {
                    skipped.append(ImportedFolder.Skipped(key: key, why: why))
                } else {
                    live.append(service)
                }
            }
        }
        return live
    }

    private func objection(to service: ObservedService) -> String? {
        if let why = unusable[service.key] { return why }
        guard service.status == "ACTIVE" else { return "It is \(service.status), not ACTIVE." }
        if let reason = ImportedManifest.objection(to: service) { return reason.sentence }
        guard let arn = service.taskDefinition else { return "It has no task definition." }
        switch observed.taskDefinitions[arn] {
        case .known: return nil
        case .unreadable(let unreadable): return unreadable.why
        case .missing, nil: return "Its task definition \(arn.revision) cannot be read."
        }
    }

    /// Who has the manifest of a family.
    private struct Holder {
        let key: ServiceKey
        let revision: Revision
        let definition: ObservedTaskDefinition
    }

    /// The newest revision of each family that a service runs, and the first service that runs it.
    private func holders(of live: [ObservedService]) -> [Family: Holder] {
        var holders: [Family: Holder] = [:]
        for service in live {
            guard let arn = service.taskDefinition, case .known(let definition)? = observed.taskDefinitions[arn] else {
                continue
            }
            if let holder = holders[arn.revision.family], holder.revision >= arn.revision { continue }
            holders[arn.revision.family] = Holder(key: service.key, revision: arn.revision, definition: definition)
        }
        return holders
    }

    private func pinComment(_ revision: Revision, holder: Holder?) -> String {
        guard let holder else { return "Its revision is pinned." }
        return
            "It runs \(revision), while '\(holder.key.service)' runs \(holder.revision) of the same family; so its revision "
            + "is pinned. Write '\(revision.family)' to follow the family's manifest."
    }

    /// Whether git sets the count of a service.
    private func count(of service: ObservedService, comments: inout [String]) -> Bool {
        switch observed.scalableTargets[service.key] {
        case .known(let band):
            comments.append(
                "Application Auto Scaling counts its tasks (\(band.minimum) to \(band.maximum)), so 'desiredCount' is left "
                    + "out.")
            return false
        case .unreadable:
            comments.append(
                "Whether Application Auto Scaling counts its tasks could not be read, so 'desiredCount' is left out.")
            return false
        case .missing, nil: return true
        }
    }
}

extension Value {
    /// Texts such as `${name}` written so that they mean themselves: `$${name}`.
    fileprivate var escapingVariables: Value {
        switch node {
        case .scalar(let scalar):
            guard scalar.style == .string, scalar.text.contains("${") else { return self }
            return .string(scalar.text.replacing("${", with: "$${"))
        case .list(let elements): return .list(elements.map(\.escapingVariables))
        case .map(let members):
            return Value(.map(members.map { Member($0.name, $0.value.escapingVariables, position: $0.position) }))
        }
    }
}
