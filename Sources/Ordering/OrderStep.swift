package import MooringModel

/// How far something is.
package enum OrderState: Hashable, Sendable {
    /// It has to be done and has not begun. Next: `running`, or any other if it is done elsewhere.
    case pending
    /// It has begun. Next: `done` or `failed`.
    case running
    /// It is as git says, or has run.
    case done
    /// It failed; why in a few words. What depends on it is not started until git or a person changes that.
    case failed(String)
    /// It is not touched for now, on purpose (paused, frozen, withheld); why in a few words. What depends on it waits.
    case held(String)
}

/// What may begin now, and why the rest does not.
package struct OrderStep: Hashable, Sendable {
    /// What may begin now, sorted.
    package var ready: [OrderNode] = []
    /// What waits for others that are still to be done, sorted.
    package var waiting: [OrderWait] = []
    /// What is not started because something it depends on failed or can never start, sorted.
    package var blocked: [OrderBlock] = []

    /// Nothing to do.
    package init() {}
}

/// Something that waits.
package struct OrderWait: Hashable, Sendable {
    package let node: OrderNode
    /// What it waits for, sorted; the first ones where there are many.
    package let others: [OrderNode]
    /// How many more there are.
    package let more: Int
    /// Why the first of them that is held is held, nil where none is.
    package let held: String?

    /// `Waits for default/api and 3 more.`
    package var sentence: String {
        let names = others.map(\.description) + (more > 0 ? ["\(more) more"] : [])
        let why = held.map { ", which is held: " + ($0.last == "." ? String($0.dropLast()) : $0) } ?? ""
        return "Waits for \(names.joinedInProse)\(why)."
    }
}

/// Something that is not started.
package struct OrderBlock: Hashable, Sendable {
    package let node: OrderNode
    /// What it is not started for, sorted; the first ones where there are many.
    package let failures: [OrderFailure]

    /// `Not started, because default/api failed: image web:2 cannot be pulled.`
    package var sentence: String {
        let reasons = failures.map { $0.node == node ? "it \($0.predicate)" : "\($0.node) \($0.predicate)" }
        let text = "Not started, because \(reasons.joinedInProse)"
        return text.hasSuffix("…") ? text : text + "."
    }
}

/// What keeps others from starting.
package struct OrderFailure: Hashable, Sendable {
    package let node: OrderNode
    package let why: Why

    package enum Why: Hashable, Sendable {
        /// It was tried.
        case failed(String)
        /// Its manifest says what cannot be.
        case flaw(OrderFlaw)
    }

    /// The rest of a sentence that begins with the name.
    var predicate: String {
        switch why {
        case .failed(""): "failed"
        case .failed(let why): "failed: " + (why.last == "." ? String(why.dropLast()) : why)
        case .flaw(let flaw): flaw.predicate
        }
    }
}

extension OrderGraph {
    /// What may begin now, what waits for whom, and what is blocked by which failure.
    ///
    /// Linear in nodes and edges. Who finds nothing ready and nothing running, and no failure, is done.
    ///
    /// - Parameters:
    ///   - states: of the graph's nodes; one that is not named is pending.
    package func step(_ states: [OrderNode: OrderState]) -> OrderStep {
        let current = nodes.map { states[$0] ?? .pending }
        var marks = Array(repeating: OrderMark(), count: dependencies.count)
        for vertex in sequence {
            var mark = OrderMark()
            for other in dependencies[vertex] {
                guard other < nodes.count else {
                    mark.add(marks[other])
                    continue
                }
                switch current[other] {
                case .done: break
                case .failed: mark.add(failure: other)
                case .running: mark.add(open: other)
                case .held(let why): mark.add(open: other, held: why)
                case .pending where flaws[other] != nil: mark.add(failure: other)
                case .pending where !marks[other].failures.isEmpty:
                    for failure in marks[other].failures { mark.add(failure: failure) }
                case .pending: mark.add(open: other)
                }
            }
            marks[vertex] = mark
        }
        var step = OrderStep()
        for (index, node) in nodes.enumerated() where current[index] == .pending {
            let mark = marks[index]
            if flaws[index] != nil {
                step.blocked.append(OrderBlock(node: node, failures: [failure(index, current)]))
            } else if !mark.failures.isEmpty {
                step.blocked.append(OrderBlock(node: node, failures: mark.failures.map { failure($0, current) }))
            } else if mark.openCount > 0 {
                step.waiting.append(
                    OrderWait(
                        node: node, others: mark.open.sorted().map { nodes[$0] },
                        more: mark.openCount - mark.open.count, held: mark.held))
            } else {
                step.ready.append(node)
            }
        }
        return step
    }

    private func failure(_ index: Int, _ states: [OrderState]) -> OrderFailure {
        if case .failed(let why) = states[index] { return OrderFailure(node: nodes[index], why: .failed(why)) }
        return OrderFailure(node: nodes[index], why: .flaw(flaws[index] ?? .cycle))
    }
}

/// What stands before a vertex: some of it by name, all of it by number.
private struct OrderMark {
    /// Nodes that failed or never start, ascending.
    var failures: [Int] = []
    /// Nodes still to be done.
    var open: [Int] = []
    var openCount = 0
    var held: String?

    mutating func add(failure node: Int) {
        guard !failures.contains(node) else { return }
        failures.append(node)
        failures.sort()
        if failures.count > Limits.namedFailures { failures.removeLast() }
    }

    mutating func add(open node: Int, held why: String? = nil) {
        openCount += 1
        if open.count < Limits.namedNodes, !open.contains(node) { open.append(node) }
        held = held ?? why
    }

    /// Adds all that stands before a border between waves.
    mutating func add(_ other: OrderMark) {
        for failure in other.failures { add(failure: failure) }
        let before = open.count
        for node in other.open where open.count < Limits.namedNodes && !open.contains(node) { open.append(node) }
        // What is named twice, by the manifest and by its wave, is one.
        let repeated = other.open.count { open[..<before].contains($0) }
        openCount += other.openCount - repeated
        held = held ?? other.held
    }
}

extension [String] {
    /// `a`, `a and b`, `a, b and c`.
    fileprivate var joinedInProse: String {
        guard let last, count > 1 else { return first ?? "" }
        return dropLast().joined(separator: ", ") + " and " + last
    }
}
