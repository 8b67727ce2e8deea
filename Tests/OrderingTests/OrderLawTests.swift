import MooringModel
import MooringNames
import MooringOrdering
import MooringTestSupport
import Testing

/// What holds of every order, tried on generated ones.
@Suite struct OrderLawTests {
    /// A graph of which dependencies point to earlier names, so that it has no circle; some have waves.
    private struct World {
        var entries: [OrderEntry] = []
        var random: SplitMix64

        init(seed: UInt64) throws {
            random = SplitMix64(seed: seed)
            let count = Int.random(in: 1...40, using: &random)
            let waves = random.chance(40) ? 3 : 1
            let density = Int.random(in: 1...30, using: &random)
            let nodes = try (0..<count).map { index -> OrderNode in
                random.chance(20)
                    ? .run(cluster: .standard, name: try RunName("n\(index)")) : .service(try key("n\(index)"))
            }
            var wave = 0
            for index in 0..<count {
                if waves > 1, random.chance(8) { wave += 1 }
                var dependsOn: [OrderReference] = []
                for other in 0..<index where random.chance(density) { dependsOn.append(OrderReference(nodes[other])) }
                entries.append(
                    OrderEntry(
                        node: nodes[index], dependsOn: dependsOn, wave: wave, file: try TreePath("n\(index).yaml")))
            }
            entries.shuffle(using: &random)
        }
    }

    /// Everything that must be done before each node, by the definition: names and waves, and theirs.
    private func ancestors(_ entries: [OrderEntry]) -> [OrderNode: Set<OrderNode>] {
        var direct: [OrderNode: Set<OrderNode>] = [:]
        for entry in entries {
            direct[entry.node, default: []].formUnion(entry.dependsOn.map(\.node))
            direct[entry.node, default: []].formUnion(entries.filter { $0.wave < entry.wave }.map(\.node))
            for other in entry.before { direct[other.node, default: []].insert(entry.node) }
        }
        var all = direct
        var isGrowing = true
        while isGrowing {
            isGrowing = false
            for entry in entries {
                let more = (all[entry.node] ?? []).reduce(into: all[entry.node] ?? []) { $0.formUnion(all[$1] ?? []) }
                if more != all[entry.node] {
                    all[entry.node] = more
                    isGrowing = true
                }
            }
        }
        return all
    }

    @Test(arguments: 0..<150)
    func `nothing starts before what it depends on, and a failure blocks exactly its dependents`(seed: Int) throws {
        var world = try World(seed: UInt64(seed))
        let (graph, findings) = OrderGraph.graph(of: world.entries)
        #expect(findings == [])
        let before = ancestors(world.entries)
        let failing = [0, 0, 10, 40][seed % 4]
        var states: [OrderNode: OrderState] = [:]
        var failed: Set<OrderNode> = []
        for _ in 0..<10_000 {
            let step = graph.step(states)
            for node in step.ready {
                #expect((before[node] ?? []).allSatisfy { states[$0] == .done }, "seed \(seed): \(node)")
            }
            let running = graph.nodes.filter { states[$0] == .running }
            if step.ready.isEmpty, running.isEmpty {
                // Nothing waits for ever unless something failed, and then only its dependents do not start.
                #expect(step.waiting == [], "seed \(seed)")
                let blocked = Set(step.blocked.map(\.node))
                let dependents = Set(graph.nodes.filter { !(before[$0] ?? []).isDisjoint(with: failed) })
                #expect(blocked == dependents, "seed \(seed)")
                #expect(graph.nodes.allSatisfy { states[$0] == .done || failed.contains($0) || blocked.contains($0) })
                for block in step.blocked {
                    #expect(!block.failures.isEmpty)
                    let own = before[block.node] ?? []
                    #expect(block.failures.allSatisfy { failed.contains($0.node) && own.contains($0.node) })
                }
                return
            }
            for node in step.ready where world.random.chance(70) { states[node] = .running }
            for node in running where world.random.chance(60) {
                if world.random.chance(failing) {
                    states[node] = .failed("why")
                    failed.insert(node)
                } else {
                    states[node] = .done
                }
            }
        }
        Issue.record("seed \(seed): no end")
    }

    @Test(arguments: 0..<60)
    func `whatever manifests say, everything is ready, waiting, blocked or told`(seed: Int) throws {
        var random = SplitMix64(seed: UInt64(seed) &+ 7_000)
        let count = Int.random(in: 1...12, using: &random)
        let nodes = try (0..<count).map { OrderNode.service(try key("n\($0)")) }
        let named = try (0..<count + 1).map { OrderNode.service(try key("n\($0)")) }
        let entries = try nodes.enumerated().map { index, node in
            OrderEntry(
                node: node, dependsOn: named.filter { _ in random.chance(15) }.map { OrderReference($0) },
                before: named.filter { _ in random.chance(5) }.map { OrderReference($0) },
                wave: random.chance(20) ? 1 : 0, file: try TreePath("n\(index).yaml"))
        }
        let (graph, findings) = OrderGraph.graph(of: entries)
        let flawed = graph.nodes.filter { graph.flaw(of: $0) != nil }
        #expect(findings.isEmpty == flawed.isEmpty)
        var states: [OrderNode: OrderState] = [:]
        for _ in 0...count {
            let step = graph.step(states)
            #expect(
                Set((step.ready + step.waiting.map(\.node) + step.blocked.map(\.node))).count
                    == graph.nodes.count - states.count)
            #expect(flawed.allSatisfy { !step.ready.contains($0) })
            for node in step.ready { states[node] = .done }
        }
        let end = graph.step(states)
        #expect(end.ready.isEmpty && end.waiting.isEmpty, "seed \(seed)")
        // The way of every blocked one leads to something that is told.
        #expect(end.blocked.allSatisfy { $0.failures.allSatisfy { flawed.contains($0.node) } })
    }

    @Test func `four times as much takes about four times as long`() throws {
        func cost(_ count: Int) throws -> Duration {
            // A chain, a star and waves at once: each alone would hide a quadratic step in another.
            let nodes = try (0..<count).map { OrderNode.service(try key("n\($0)")) }
            let entries = try nodes.enumerated().map { index, node in
                OrderEntry(
                    node: node,
                    dependsOn: index > 0 ? [OrderReference(nodes[index - 1]), OrderReference(nodes[0])] : [],
                    wave: index / 100, file: try TreePath("n.yaml"))
            }
            return ContinuousClock().measure {
                let graph = OrderGraph.graph(of: entries).graph
                #expect(graph.step([:]).ready.count == 1)
                #expect(graph.step([nodes[0]: .failed("")]).blocked.count == count - 1)
            }
        }
        _ = try cost(500)
        let (small, large) = (try cost(2_000), try cost(8_000))
        // Sixteen times would be quadratic.
        #expect(large < small * 10, "\(small) and \(large)")
    }

    @Test func `a chain of ten thousand in a circle is told`() throws {
        let nodes = try (0..<10_000).map { OrderNode.service(try key("n\($0)")) }
        let entries = try nodes.enumerated().map { index, node in
            OrderEntry(
                node: node, dependsOn: [OrderReference(nodes[(index + 1) % nodes.count])], file: try TreePath("n.yaml"))
        }
        let findings = OrderGraph.graph(of: entries).findings
        #expect(findings.count == 1)
        #expect(findings.first?.message.contains("through 10001 in all") == true)
    }
}
