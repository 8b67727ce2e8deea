import MooringModel
import MooringNames
import MooringShapes

/// Makes a graph of what manifests say, and findings of what is wrong with it.
struct OrderGraphBuilder {
    private let nodes: [OrderNode]
    /// By node.
    private let entries: [OrderEntry]
    /// For looking up only.
    private let indices: [OrderNode: Int]
    private var dependencies: [[Int]]
    private var flaws: [OrderFlaw?]
    private var suggestions = 0
    private(set) var findings: [Finding] = []

    init(_ entries: [OrderEntry]) {
        var seen: Set<OrderNode> = []
        self.entries = entries.filter { seen.insert($0.node).inserted }.sorted { $0.node < $1.node }
        nodes = self.entries.map(\.node)
        indices = Dictionary(nodes.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        dependencies = Array(repeating: [], count: nodes.count)
        flaws = Array(repeating: nil, count: nodes.count)
    }

    /// The graph of what is there. Call it last.
    var graph: OrderGraph {
        let tidy = dependencies.map { list in
            var last = -1
            return list.sorted().filter { vertex in
                defer { last = vertex }
                return vertex != last
            }
        }
        return OrderGraph(nodes: nodes, dependencies: tidy, flaws: flaws, sequence: OrderGraphBuilder.sequence(tidy))
    }

    // MARK: Names

    /// Adds what manifests name.
    mutating func addNamed() {
        for (index, entry) in entries.enumerated() {
            for reference in entry.dependsOn {
                guard let other = resolved(reference, from: index, isAfter: true) else { continue }
                guard entries[other].wave <= entry.wave else {
                    contradict(
                        index, reference,
                        "'\(reference.node)' is of wave \(entries[other].wave), which comes after wave \(entry.wave).")
                    continue
                }
                dependencies[index].append(other)
            }
            for reference in entry.before {
                guard let other = resolved(reference, from: index, isAfter: false) else { continue }
                guard entry.wave <= entries[other].wave else {
                    contradict(
                        index, reference,
                        "'\(reference.node)' is of wave \(entries[other].wave), which comes before wave \(entry.wave).")
                    continue
                }
                dependencies[other].append(index)
            }
        }
    }

    /// The node that is meant, nil where there is none that it could wait for.
    private mutating func resolved(_ reference: OrderReference, from index: Int, isAfter: Bool) -> Int? {
        guard let other = indices[reference.node] else {
            flaws[index] = flaws[index] ?? .unknown(reference.node)
            report(
                "order-unknown", index, reference,
                "'\(nodes[index])' is to \(isAfter ? "wait for" : "run before") '\(reference.node)', which no manifest of this "
                    + "environment describes, so it is not started or changed."
                    + suggestion(for: reference.node, from: index)
                    + " Correct the name, add its manifest, or take the name out.")
            return nil
        }
        guard other != index else {
            flaws[index] = flaws[index] ?? .dependsOnItself
            report("order-self", index, reference, "'\(nodes[index])' cannot wait for itself. Remove the name.")
            return nil
        }
        return other
    }

    private mutating func contradict(_ index: Int, _ reference: OrderReference, _ why: String) {
        flaws[index] = flaws[index] ?? .wave(reference.node)
        report(
            "order-wave", index, reference, why + " Correct one of the waves, or remove the name.")
    }

    /// Comparing with everything is quadratic, so it is done a bounded number of times.
    private mutating func suggestion(for node: OrderNode, from writer: Int) -> String {
        guard suggestions < Limits.orderSuggestions, nodes.count <= Limits.orderSuggestedNames else { return "" }
        suggestions += 1
        // A service may be meant where a one-off task is named, and the other way round.
        // Nobody means itself, which would not help either.
        let others = nodes.enumerated().filter { $0.offset != writer }.map(\.element)
        let names = others.map(\.plainName)
        guard let nearest = Suggestion.nearest(to: node.plainName, among: names) else { return "" }
        let meant = zip(others, names).first { $0.1 == nearest && $0.0 != node }?.0
        return meant.map { " Did you mean '\($0)'?" } ?? ""
    }

    // MARK: Waves

    /// Puts a border between each two waves that have something in them.
    mutating func addWaves() {
        let waves = Set(entries.map(\.wave)).sorted()
        guard waves.count > 1 else { return }
        let positions = Dictionary(waves.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
        dependencies += Array(repeating: [], count: waves.count - 1)
        for (index, entry) in entries.enumerated() {
            guard let place = positions[entry.wave] else { continue }
            if place < waves.count - 1 { dependencies[nodes.count + place].append(index) }
            if place > 0 { dependencies[index].append(nodes.count + place - 1) }
        }
    }

    // MARK: Circles

    /// Takes the edges out that close circles; who is in one never starts.
    ///
    /// No border of waves is in a circle: no node depends on one of a later wave any more.
    mutating func breakCircles() {
        for circle in StrongComponents(dependencies).components where circle.count > 1 {
            let members = circle.sorted()
            let inside = Set(members)
            let way = self.way(from: members[0], inside: inside)
            for index in members {
                flaws[index] = flaws[index] ?? .cycle
                dependencies[index].removeAll { inside.contains($0) }
            }
            let entry = entries[members[0]]
            let place = (entry.dependsOn + entry.before).first { indices[$0.node].map(inside.contains) ?? false }
            let names = way.prefix(Limits.namedNodes).map { "'\(nodes[$0])'" }
            let rest = way.count > names.count ? " and so on, through \(way.count) in all" : ""
            findings.append(
                Finding(
                    severity: .error, rule: "order-cycle",
                    message: "These wait for one another in a circle: \(names.joined(separator: " for "))\(rest). None "
                        + "of them is started. Remove one of the names.",
                    file: entry.file, position: place?.position ?? entry.position, memberPath: "mooring"))
        }
    }

    /// A circle through `start`, which stands at both ends: the shortest one.
    private func way(from start: Int, inside: Set<Int>) -> [Int] {
        var previous: [Int: Int] = [:]
        var queue = [start]
        var head = 0
        while head < queue.count {
            let current = queue[head]
            head += 1
            for next in dependencies[current].sorted() where inside.contains(next) {
                if next == start {
                    var way = [current]
                    while let last = way.last, last != start, let before = previous[last] { way.append(before) }
                    return way.reversed() + [start]
                }
                guard previous[next] == nil else { continue }
                previous[next] = current
                queue.append(next)
            }
        }
        return [start]
    }

    // MARK: Parts

    private mutating func report(_ rule: String, _ index: Int, _ reference: OrderReference, _ message: String) {
        findings.append(
            Finding(
                severity: .error, rule: rule, message: message, file: entries[index].file,
                position: reference.position ?? entries[index].position, memberPath: "mooring"))
    }

    /// All vertices, each after what it depends on.
    private static func sequence(_ dependencies: [[Int]]) -> [Int] {
        var dependents: [[Int]] = Array(repeating: [], count: dependencies.count)
        for (vertex, list) in dependencies.enumerated() {
            for other in list { dependents[other].append(vertex) }
        }
        var open = dependencies.map(\.count)
        var sequence = open.indices.filter { open[$0] == 0 }
        var head = 0
        while head < sequence.count {
            for vertex in dependents[sequence[head]] {
                open[vertex] -= 1
                if open[vertex] == 0 { sequence.append(vertex) }
            }
            head += 1
        }
        return sequence
    }
}

extension OrderNode {
    /// `cluster/name`, whatever it is.
    fileprivate var plainName: String {
        switch self {
        case .service(let key): key.description
        case .run(let cluster, let name): "\(cluster)/\(name)"
        }
    }
}
