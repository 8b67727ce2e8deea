package import MooringModel
package import MooringShapes

/// What differs between the settings that git wants of a service and what ECS describes.
package enum ServiceDifference {
    /// The changes that would make the service what is wanted, by path.
    ///
    /// Only what the manifest declares is compared: what an update does not mention stays as it is. Within a declared
    /// map that holds for its leaves; a declared list is compared whole, for it is replaced whole.
    ///
    /// - Parameters:
    ///   - wanted: the coerced input of CreateService without `serviceName`, `cluster`, `taskDefinition`, `tags`,
    ///     `clientToken` and `desiredCount`.
    ///   - live: the service as described, or one of its service revisions.
    ///   - primary: its primary deployment as described (or that same service revision), which alone shows Service
    ///     Connect, volumes and VPC Lattice. Without it these are unknown, and unknown is no difference. Gateways and
    ///     monitoring are shown by service revisions only.
    ///   - before: all that earlier versions of the manifest declared: what is there, not in `wanted`, and still in ECS, is a
    ///     change whose origin is `removed`.
    package static func changes(
        wanted: Value, live: Value, primary: Value?, before: Value? = nil,
    ) -> [MemberChange] {
        let view = ServiceView(of: live, primary: primary, wanted: wanted)
        let wanted = view.comparable(wanted)
        return Comparison(.declared, wanted: wanted, live: view.settings, countsUnshown: false)
            .changes(
                wanted: wanted, live: view.settings, before: before.map(view.comparable), by: ServiceRules.root)
    }

    /// The changes between two versions of a manifest, members that the tables do not know included.
    package static func changesInGit(from old: Value, to new: Value) -> [MemberChange] {
        Comparison(.whole, wanted: new, live: old, countsUnshown: true)
            .changes(wanted: new, live: old, by: ServiceRules.root)
    }

    /// Whether ECS holds settings, other than its own defaults, that the manifest does not declare and that can be taken
    /// back. They are somebody else's, or left from a commit of ours that was taken back before it was reached.
    static func holdsUndeclared(wanted: Value, live: Value, primary: Value?) -> Bool {
        let view = ServiceView(of: live, primary: primary, wanted: wanted)
        let candidates = (view.settings.members ?? []).filter { member in
            // A declared list is replaced whole: there is nothing in it that is not declared.
            wanted[member.name]?.elements == nil && ServiceMembers.mayBeLeftOver(member.name)
        }
        let declared = view.comparable(wanted)
        return Comparison(.declared, wanted: declared, live: view.settings, countsUnshown: false)
            .changes(
                wanted: declared, live: view.settings, before: view.comparable(Value(.map(candidates))),
                by: ServiceRules.root
            )
            .contains { $0.origin == .removed }
    }

    /// Members, by path, that the tables do not know and that ECS therefore need not show.
    static func isUnknown(_ path: String) -> Bool {
        var rule = Rule.structure(ServiceRules.root)
        for component in MemberPath(path).components {
            switch rule {
            case .structure(let rules): rule = rules[component.name] ?? .unknown
            case .leaf, .free, .keyed: return false
            case .unknown, .ordered, .unordered, .named: break
            }
            if component.isElement {
                switch rule {
                case .ordered(let element, _), .unordered(let element), .named(_, let element): rule = element
                case .keyed, .free: return false
                case .leaf, .structure, .unknown: break
                }
            }
        }
        if case .unknown = rule { return true }
        return false
    }
}

/// A described service, or a service revision, in the shape of the input that would make it.
struct ServiceView {
    /// The settings, each under its name in the input.
    private(set) var settings: Value
    /// Members that this description cannot show.
    private var unknown: Set<String> = []

    /// Members that ECS shows on deployments and service revisions only.
    ///
    /// Source: the API model, types Service, Deployment and ServiceRevision.
    private static let shownOnDeployments = [
        "serviceConnectConfiguration", "volumeConfigurations", "vpcLatticeConfigurations",
    ]
    /// Members that ECS shows on service revisions only.
    ///
    /// Source: the API model, type ServiceRevision.
    static let shownOnRevisions = ["gatewayConnectors", "monitoring"]
    /// Members that under the EXTERNAL controller belong to task sets.
    ///
    /// Source: API reference, CreateTaskSet; CreateService `deploymentController`.
    private static let keptOnTaskSets: Set<String> = [
        "launchType", "capacityProviderStrategy", "platformVersion", "networkConfiguration", "loadBalancers",
        "serviceRegistries",
    ]

    /// Reads a description.
    ///
    /// - Parameters:
    ///   - wanted: what it will be compared with: some differences are only another way to show the same thing.
    init(of live: Value, primary: Value?, wanted: Value) {
        settings = live
        let isRevision = live["serviceRevisionArn"] != nil
        let controller = (live["deploymentController"] ?? wanted["deploymentController"])?["type"]?.text ?? "ECS"
        settings["role"] = live["roleArn"]
        for name in ServiceView.shownOnDeployments {
            settings[name] = primary?[name] ?? live[name]
            if primary == nil, live[name] == nil { unknown.insert(name) }
        }
        for name in ServiceView.shownOnRevisions {
            settings[name] = live[name] ?? primary?[name]
            if !isRevision, settings[name] == nil { unknown.insert(name) }
        }
        if isRevision { keepOnlyWhatRevisionsShow() }
        if isRevision || controller != "ECS" { readResolvedPlatform(wanted: wanted) }
        switch controller {
        case "CODE_DEPLOY":
            readTaskSet()
            settings["loadBalancers"] = withWantedTargetGroups(wanted["loadBalancers"])
        case "EXTERNAL": unknown.formUnion(ServiceView.keptOnTaskSets)
        default:
            for name in ["loadBalancers", "vpcLatticeConfigurations"] {
                settings[name] = withWantedPairing(of: name, wanted[name])
            }
        }
        // Unknown to the tables: shown on the service or on its deployments, if anywhere.
        for member in wanted.members ?? [] where ServiceRules.root[member.name] == nil && settings[member.name] == nil {
            settings[member.name] = primary?[member.name]
        }
    }

    /// `wanted` without what this description cannot show.
    func comparable(_ wanted: Value) -> Value {
        guard let members = wanted.members else { return wanted }
        return Value(.map(members.filter { !unknown.contains($0.name) }))
    }

    /// A service revision shows what a deployment was started with, nothing else of the service.
    ///
    /// Source: the API model, type ServiceRevision.
    private mutating func keepOnlyWhatRevisionsShow() {
        let shown = ServiceView.keptOnTaskSets.union(ServiceView.shownOnDeployments + ServiceView.shownOnRevisions)
        unknown.formUnion(ServiceRules.root.keys.filter { !shown.contains($0) })
    }

    /// `LATEST` is shown as what it was resolved to on service revisions and task sets, and on services that run them.
    private mutating func readResolvedPlatform(wanted: Value) {
        if (wanted["platformVersion"]?.text ?? "LATEST") == "LATEST" { settings["platformVersion"] = "LATEST" }
    }

    /// Under CODE_DEPLOY the network is shown on the task sets (native answer of such a service).
    private mutating func readTaskSet() {
        let taskSets = settings["taskSets"]?.elements ?? []
        guard settings["networkConfiguration"] == nil else { return }
        settings["networkConfiguration"] = taskSets.first { $0["status"]?.text == "PRIMARY" }?["networkConfiguration"]
        if settings["networkConfiguration"] == nil { unknown.insert("networkConfiguration") }
    }

    // MARK: Target groups

    /// CodeDeploy moves a service from one target group to the other with every deployment; which one it is now is no
    /// business of the manifest.
    private func withWantedTargetGroups(_ wanted: Value?) -> Value? {
        mapPairs(of: "loadBalancers", wanted) { live, wanted in
            var live = live
            live["targetGroupArn"] = wanted["targetGroupArn"]
            return live
        }
    }

    /// Blue/green, linear and canary deployments swap production and alternate target group each time: either way round
    /// is the same pair.
    private func withWantedPairing(of member: String, _ wanted: Value?) -> Value? {
        mapPairs(of: member, wanted) { live, wanted in
            let alternate = "alternateTargetGroupArn"
            guard let production = wanted["targetGroupArn"]?.text,
                let other = wanted["advancedConfiguration"]?[alternate]?.text,
                live["targetGroupArn"]?.text == other, live["advancedConfiguration"]?[alternate]?.text == production
            else { return live }
            var live = live
            live["targetGroupArn"] = wanted["targetGroupArn"]
            live["advancedConfiguration"]?[alternate] = .string(other)
            return live
        }
    }

    /// Applies `change` to each load balancer shown, with a wanted one of the same container and port (of the same port
    /// name in VPC Lattice, where the others are absent on both sides).
    ///
    /// Where several share them, one that `change` leaves alone is preferred to stay so: an element that is shown
    /// exactly as wanted is not paired with another.
    private func mapPairs(of member: String, _ wanted: Value?, _ change: (Value, Value) -> Value) -> Value? {
        guard let live = settings[member]?.elements, var rest = wanted?.elements else { return settings[member] }
        return .list(
            live.map { shown in
                let candidates = rest.indices.filter {
                    rest[$0]["containerName"]?.text == shown["containerName"]?.text
                        && rest[$0]["containerPort"]?.integer == shown["containerPort"]?.integer
                        && rest[$0]["portName"]?.text == shown["portName"]?.text
                }
                let index =
                    candidates.first { rest[$0]["targetGroupArn"]?.text == shown["targetGroupArn"]?.text }
                    ?? candidates.first { change(shown, rest[$0]) != shown } ?? candidates.first
                guard let index else { return shown }
                return change(shown, rest.remove(at: index))
            })
    }
}
