import MooringModel
import MooringNames
import MooringOrdering
import MooringShapes

/// What a manifest says of its place.
struct OrderPlace {
    var dependsOn: [OrderReference] = []
    var before: [OrderReference] = []
}

/// The order of services and one-off tasks.
extension Assembly {
    /// What everything says of its place, by node, and what is wrong with the whole as findings.
    ///
    /// What is bad has its place too, so that what depends on it waits instead of being told that it does not exist. A
    /// manifest is not bad for what the graph says: it never starts, but what it says of itself is known.
    mutating func order() -> [OrderEntry] {
        let nodes = nodesByManifest
        let suspects = Set(suspected.map(\.key)).subtracting(services.keys)
        var lookup = OrderPlaces()
        var entries: [OrderEntry] = []
        for (node, index) in nodes {
            let place = place(of: node, index: index, suspects: suspects)
            places[index] = place
            let manifest = manifests[index]
            entries.append(
                OrderEntry(
                    node: node, dependsOn: place.dependsOn, before: place.before, wave: manifest.options.wave,
                    file: manifest.file, position: manifest.position))
            lookup.add(manifest, index: index, place: place)
        }
        for service in suspected where suspects.contains(service.key) {
            entries.append(OrderEntry(node: .service(service.key), file: service.file))
        }
        for (run, before) in suspectedRuns where runs[RunKey(cluster: run.cluster, name: run.name)] == nil {
            let references = before.compactMap { text -> OrderReference? in
                // What cannot be read may be half a name: only what exists counts.
                guard case .node(let node) = reference(text, from: run.node, suspects: suspects),
                    isKnown(node, suspects: suspects)
                else { return nil }
                return OrderReference(node)
            }
            entries.append(OrderEntry(node: run.node, before: references, file: run.file))
        }
        // Nobody reads more of one manifest than this.
        var told: [Int: Int] = [:]
        for finding in OrderGraph.graph(of: entries).findings {
            // What is not there may be what has no name yet.
            if finding.rule == "order-unknown", hasOpenNames { continue }
            guard let found = lookup.manifest(of: finding) else {
                findings.append(finding)
                continue
            }
            let provenance = manifests[found.index].provenance
            told[found.index, default: 0] += 1
            guard !provenance.silences(finding), told[found.index, default: 0] <= Limits.findingsPerRule else {
                continue
            }
            findings.append(
                provenance.located(
                    Finding(
                        severity: finding.severity, rule: finding.rule, message: finding.message, file: finding.file,
                        position: finding.position, memberPath: found.memberPath)))
        }
        var seen: Set<OrderNode> = []
        return entries.filter { seen.insert($0.node).inserted }.map(\.inItsFile).sorted { $0.node < $1.node }
    }

    private func isKnown(_ node: OrderNode, suspects: Set<ServiceKey>) -> Bool {
        switch node {
        case .service(let key): services[key] != nil || suspects.contains(key)
        case .run(let cluster, let name): runs[RunKey(cluster: cluster, name: name)] != nil
        }
    }

    /// Everything that has a name and a place, sorted; of manifests of one name the first.
    private var nodesByManifest: [(node: OrderNode, index: Int)] {
        let nodes =
            services.compactMap { key, indices in indices.first.map { (node: OrderNode.service(key), index: $0) } }
            + runs.compactMap { key, indices in indices.first.map { (node: key.node, index: $0) } }
        return nodes.sorted { $0.node < $1.node }
    }

    // MARK: Names

    private mutating func place(of node: OrderNode, index: Int, suspects: Set<ServiceKey>) -> OrderPlace {
        let written = manifests[index].options
        func references(_ texts: [OptionsReader.Text], _ memberPath: String) -> [OrderReference] {
            self.references(texts, memberPath, of: node, index: index, suspects: suspects)
        }
        return OrderPlace(
            dependsOn: references(written.dependsOn, "mooring.dependsOn")
                + references(written.run.after, "mooring.runs.after"),
            before: references(written.run.before, "mooring.runs.before"))
    }

    private mutating func references(
        _ texts: [OptionsReader.Text], _ memberPath: String, of node: OrderNode, index: Int, suspects: Set<ServiceKey>,
    ) -> [OrderReference] {
        var references: [OrderReference] = []
        var told = 0
        for (text, position) in texts.prefix(Limits.orderNames) {
            if let position, manifests[index].provenance.silenced.contains(position) { continue }
            switch reference(text, from: node, suspects: suspects) {
            case .node(let other): references.append(OrderReference(other, position: position))
            case .problem(let message):
                told += 1
                guard told <= Limits.findingsPerRule else { continue }
                report("bad-dependency", message, index, position, memberPath)
            }
        }
        if texts.count > Limits.orderNames {
            report(
                "too-many-dependencies",
                "There are \(texts.count) names; at most \(Limits.orderNames) are read. Use 'wave' to order many.",
                index,
                texts[Limits.orderNames].position, memberPath)
        }
        return references
    }

    private enum Named {
        case node(OrderNode)
        case problem(String)
    }

    /// What a name means to who writes it: `name` or `cluster/name`, of a service or else of a one-off task, with `service` or
    /// `task` and a space in front where there are both.
    private func reference(_ text: String, from writer: OrderNode, suspects: Set<ServiceKey>) -> Named {
        let words = text.split(separator: " ", omittingEmptySubsequences: true).map(String.init)
        let prefix = words.count == 2 ? words[0] : nil
        let halves = (words.last ?? "").split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        let cluster = halves.count == 2 ? try? ClusterName(halves[0]) : writer.cluster
        let name = halves.last ?? ""
        guard words.count == 1 || prefix == "task" || prefix == "service", halves.count <= 2, let cluster,
            let service = try? ServiceName(name), let run = try? RunName(name)
        else {
            return .problem(
                "'\(text.shortened)' is no service and no one-off task: write its name, or 'cluster/name'; of two of one name "
                    + "'task NAME' or 'service NAME'.")
        }
        let asService = OrderNode.service(ServiceKey(cluster: cluster, service: service))
        let asRun = OrderNode.run(cluster: cluster, name: run)
        if let prefix { return .node(prefix == "task" ? asRun : asService) }
        let key = ServiceKey(cluster: cluster, service: service)
        // Nobody means itself where another has the same name.
        let isService = (services[key] != nil || suspects.contains(key)) && asService != writer
        let isRun = runs[RunKey(cluster: cluster, name: run)] != nil && asRun != writer
        guard isService && isRun else {
            let isItself = !isService && !isRun && asRun == writer
            return .node(isRun || isItself ? asRun : asService)
        }
        return .problem(
            "'\(text.shortened)' is both a service and a one-off task. Write 'service \(words[0])' or 'task \(words[0])'."
        )
    }

    private mutating func report(
        _ rule: String, _ message: String, _ index: Int, _ position: SourcePosition?, _ memberPath: String,
    ) {
        manifests[index].findings.append(
            Finding(
                severity: .error, rule: rule, message: message, file: manifests[index].file, position: position,
                memberPath: memberPath))
    }
}

/// Which manifest, and which of its members, a finding about the order is about: the graph knows places only.
private struct OrderPlaces {
    private struct Place: Hashable {
        let file: TreePath
        let position: SourcePosition
    }

    private var manifests: [Place: (index: Int, memberPath: String)] = [:]

    mutating func add(_ manifest: Manifest, index: Int, place: OrderPlace) {
        func add(_ position: SourcePosition?, _ memberPath: String) {
            guard let position else { return }
            let place = Place(file: manifest.file, position: position)
            if manifests[place] == nil { manifests[place] = (index, memberPath) }
        }
        let afterPositions = Set(manifest.options.run.after.compactMap(\.position))
        for reference in place.dependsOn {
            let isAfter = reference.position.map(afterPositions.contains) ?? false
            add(reference.position, isAfter ? "mooring.runs.after" : "mooring.dependsOn")
        }
        for reference in place.before { add(reference.position, "mooring.runs.before") }
        add(manifest.position, "mooring")
    }

    func manifest(of finding: Finding) -> (index: Int, memberPath: String)? {
        guard let file = finding.file, let position = finding.position else { return nil }
        return manifests[Place(file: file, position: position)]
    }
}

extension OrderNode {
    fileprivate var cluster: ClusterName {
        switch self {
        case .service(let key): key.cluster
        case .run(let cluster, _): cluster
        }
    }
}

extension OrderEntry {
    /// The same, with places of its own file only: what a base says stands elsewhere.
    fileprivate var inItsFile: OrderEntry {
        func own(_ position: SourcePosition?) -> SourcePosition? { position?.source == 0 ? position : nil }
        func own(_ references: [OrderReference]) -> [OrderReference] {
            references.map { OrderReference($0.node, position: own($0.position)) }
        }
        return OrderEntry(
            node: node, dependsOn: own(dependsOn), before: own(before), wave: wave, file: file, position: own(position))
    }
}
