import MooringModel
import MooringNames
import MooringOrdering
import MooringShapes
import Testing

/// What may start when, and what is said of manifests that cannot be put in order.
@Suite struct OrderTests {
    private func service(_ name: String) throws -> OrderNode { .service(try key(name)) }

    private func run(_ name: String) throws -> OrderNode {
        .run(cluster: .standard, name: try RunName(name))
    }

    private func entry(
        _ name: String, dependsOn: [String] = [], wave: Int = 0, line: Int = 1,
    ) throws -> OrderEntry {
        OrderEntry(
            node: try service(name),
            dependsOn: try dependsOn.enumerated().map { index, name in
                OrderReference(try service(name), position: SourcePosition(line: line + 1 + index, column: 5))
            },
            wave: wave, file: try TreePath("\(name).yaml"), position: SourcePosition(line: line, column: 1))
    }

    private func runEntry(
        _ name: String, before: [String] = [], after: [String] = [], wave: Int = 0,
    ) throws -> OrderEntry {
        OrderEntry(
            node: try run(name), dependsOn: try after.map { OrderReference(try service($0)) },
            before: try before.map { OrderReference(try service($0)) }, wave: wave, file: try TreePath("\(name).yaml"))
    }

    private func told(_ entries: [OrderEntry]) -> [String] { OrderGraph.graph(of: entries).findings.map(\.line) }

    private func names(_ nodes: [OrderNode]) -> [String] { nodes.map(\.description) }

    // MARK: Steps

    @Test func `a chain goes one by one, what is beside it goes at once`() throws {
        let graph = OrderGraph.graph(of: [
            try entry("c", dependsOn: ["b"]), try entry("b", dependsOn: ["a"]), try entry("a"), try entry("d"),
        ]).graph
        var states: [OrderNode: OrderState] = [:]
        var step = graph.step(states)
        #expect(names(step.ready) == ["default/a", "default/d"])
        #expect(step.waiting.map(\.sentence) == ["Waits for default/a.", "Waits for default/b."])
        states[try service("a")] = .running
        #expect(names(graph.step(states).ready) == ["default/d"])
        states[try service("a")] = .done
        states[try service("d")] = .done
        #expect(names(graph.step(states).ready) == ["default/b"])
        states[try service("b")] = .done
        states[try service("c")] = .done
        step = graph.step(states)
        #expect(step == OrderStep())
    }

    @Test func `a failure blocks what depends on it, says why, and nothing else`() throws {
        let graph = OrderGraph.graph(of: [
            try entry("a"), try entry("b", dependsOn: ["a"]), try entry("c", dependsOn: ["b"]), try entry("d"),
        ]).graph
        let step = graph.step([try service("a"): .failed("Image web:2 cannot be pulled."), try service("d"): .running])
        #expect(step.ready == [])
        #expect(step.waiting == [])
        #expect(names(step.blocked.map(\.node)) == ["default/b", "default/c"])
        #expect(
            step.blocked.map(\.sentence)
                == Array(
                    repeating: "Not started, because default/a failed: Image web:2 cannot be pulled.", count: 2))
    }

    @Test func `what is done or under way is not stopped by a failure before it`() throws {
        let graph = OrderGraph.graph(of: [
            try entry("a"), try entry("b", dependsOn: ["a"]), try entry("c", dependsOn: ["b"]),
        ]).graph
        #expect(names(graph.step([try service("a"): .failed(""), try service("b"): .done]).ready) == ["default/c"])
        let running = graph.step([try service("a"): .failed(""), try service("b"): .running])
        #expect(running.waiting.map(\.sentence) == ["Waits for default/b."])
    }

    @Test func `what waits for something held says why that is held`() throws {
        let graph = OrderGraph.graph(of: [try entry("a"), try entry("b", dependsOn: ["a"])]).graph
        let step = graph.step([try service("a"): .held("the manifest says pause")])
        #expect(step.waiting.map(\.sentence) == ["Waits for default/a, which is held: the manifest says pause."])
    }

    @Test func `a one-off task goes before its services, or after them`() throws {
        let graph = OrderGraph.graph(of: [
            try entry("web"), try entry("api"), try runEntry("migrate", before: ["web"]),
            try runEntry("warm", after: ["web"]),
        ]).graph
        let (migrate, warm, web) = (try run("migrate"), try run("warm"), try service("web"))
        #expect(names(graph.step([:]).ready) == ["default/api", "task default/migrate"])
        #expect(graph.step([migrate: .done]).ready.contains(web))
        #expect(graph.step([migrate: .done, web: .done]).ready.contains(warm))
        let failed = graph.step([migrate: .failed("exit code 1")])
        #expect(names(failed.blocked.map(\.node)) == ["task default/warm", "default/web"])
        #expect(failed.blocked.last?.sentence == "Not started, because task default/migrate failed: exit code 1.")
    }

    @Test func `a task and a service may have one name`() throws {
        let graph = OrderGraph.graph(of: [try entry("web"), try runEntry("web", before: ["web"])]).graph
        #expect(names(graph.nodes) == ["task default/web", "default/web"])
        #expect(graph.flaw(of: try service("web")) == nil)
    }

    @Test func `a wave waits for all of the one before, and is named shortly`() throws {
        let first = try (0..<30).map { try entry("a\($0 + 10)", wave: -1) }
        let graph = OrderGraph.graph(of: first + [try entry("z", dependsOn: ["a10"]), try entry("late", wave: 7)]).graph
        let waits = graph.step([:]).waiting
        #expect(names(waits.map(\.node)) == ["default/late", "default/z"])
        #expect(waits.last?.others.count == 10)
        #expect(waits.last?.more == 20)
        var states = Dictionary(uniqueKeysWithValues: first.map { ($0.node, OrderState.done) })
        #expect(names(graph.step(states).ready) == ["default/z"])
        states[first[3].node] = .failed("x")
        #expect(names(graph.step(states).blocked.map(\.node)) == ["default/late", "default/z"])
    }

    @Test func `of many failures the first are named`() throws {
        let names = (10..<20).map { "a\($0)" }
        let graph = OrderGraph.graph(of: try names.map { try entry($0) } + [try entry("z", dependsOn: names)]).graph
        let states = Dictionary(
            uniqueKeysWithValues: try names.map { (try service($0), OrderState.failed("")) })
        #expect(
            graph.step(states).blocked.map(\.sentence)
                == ["Not started, because default/a10 failed, default/a11 failed and default/a12 failed."])
    }

    // MARK: Findings

    @Test func `an unknown name is told with its place and what was meant, and nobody starts without it`() throws {
        let entries = [try entry("web", dependsOn: ["databse"]), try entry("database")]
        #expect(
            told(entries) == [
                "web.yaml:2:5: error: 'default/web' is to wait for 'default/databse', which no manifest of this environment "
                    + "describes, so it is not started or changed. Did you mean 'default/database'? Correct the name, add "
                    + "its manifest, or take the name out. [order-unknown]"
            ])
        let step = OrderGraph.graph(of: entries).graph.step([:])
        #expect(names(step.ready) == ["default/database"])
        #expect(
            step.blocked.map(\.sentence)
                == ["Not started, because it names default/databse, which no manifest describes."])
    }

    @Test func `nobody is told to have meant itself`() throws {
        let both = told([try entry("web2", dependsOn: ["web1"]), try entry("other")])
        #expect(both.count == 1 && !both[0].contains("Did you mean"), "\(both)")
        let other = told([try entry("web2", dependsOn: ["web1"]), try entry("web3")])
        #expect(other.count == 1 && other[0].contains("Did you mean 'default/web3'?"), "\(other)")
    }

    @Test func `waiting for itself is told`() throws {
        let entries = [try entry("web", dependsOn: ["web"]), try entry("late", dependsOn: ["web"])]
        #expect(
            told(entries) == [
                "web.yaml:2:5: error: 'default/web' cannot wait for itself. Remove the name. [order-self]"
            ])
        #expect(
            OrderGraph.graph(of: entries).graph.step([:]).blocked.map(\.sentence) == [
                "Not started, because default/web depends on itself.",
                "Not started, because it depends on itself.",
            ])
    }

    @Test func `a circle is told once, by its shortest way, and the rest goes on`() throws {
        let entries = [
            try entry("a", dependsOn: ["b", "c"], line: 3), try entry("b", dependsOn: ["c"]),
            try entry("c", dependsOn: ["a"]), try entry("late", dependsOn: ["b"]), try entry("free"),
        ]
        #expect(
            told(entries) == [
                "a.yaml:4:5: error: These wait for one another in a circle: 'default/a' for 'default/c' for "
                    + "'default/a'. None of them is started. Remove one of the names. [order-cycle]"
            ])
        let step = OrderGraph.graph(of: entries).graph.step([:])
        #expect(names(step.ready) == ["default/free"])
        #expect(names(step.blocked.map(\.node)) == ["default/a", "default/b", "default/c", "default/late"])
        #expect(step.blocked.last?.sentence == "Not started, because default/b waits in a circle.")
    }

    @Test func `a name that contradicts the waves is told`() throws {
        let later = [try entry("web", dependsOn: ["db"], wave: 1), try entry("db", wave: 2)]
        #expect(
            told(later) == [
                "web.yaml:2:5: error: 'default/db' is of wave 2, which comes after wave 1. Correct one of the waves, or "
                    + "remove the name. [order-wave]"
            ])
        let earlier = [try entry("web"), try runEntry("migrate", before: ["web"], wave: 1)]
        #expect(told(earlier).map { $0.contains("comes before wave 1") } == [true])
        // Nothing of a later wave starts before what can never start.
        #expect(OrderGraph.graph(of: later).graph.step([:]).ready == [])
    }

    @Test func `a graph is the same in whichever order manifests are read`() throws {
        let entries = [
            try entry("a", dependsOn: ["b"]), try entry("b", dependsOn: ["a", "x"]), try entry("c", wave: 1),
            try runEntry("r", before: ["c"], after: ["a"]),
        ]
        let (graph, findings) = OrderGraph.graph(of: entries)
        let (turned, others) = OrderGraph.graph(of: entries.reversed())
        #expect(graph == turned)
        #expect(findings == others)
    }
}
