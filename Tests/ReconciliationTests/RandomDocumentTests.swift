import MooringModel
import MooringReconciliation
import MooringShapes
import Testing

/// Documents put together at random from the leaves of the shapes: applied to the local ECS, they leave nothing to plan.
@Suite struct RandomDocumentTests {
    private static let count = 250

    @Test func `a random task definition, applied, leaves nothing to plan`() async throws {
        let leaves = ShapeLeaves(table: .ecs, names: .taskDefinition).all(of: "RegisterTaskDefinition")
        var refused = 0
        for seed in 0..<Self.count {
            var mixer = LeafMixer(leaves: leaves, names: .taskDefinition, seed: UInt64(seed))
            let document = mixer.document()
            let ecs = InProcessECS()
            do {
                try LeafWorld.run(document, on: ecs)
            } catch {
                refused += 1
                continue
            }
            let plan = try await ecs.plan(try LeafWorld.desired(taskDefinition: document))
            #expect(plan.changes == [] && plan.withheld == [], "seed \(seed): \(plan.paths)")
        }
        print("\(Self.count - refused) random task definitions applied, second plan empty; \(refused) refused by ECS.")
        #expect(refused * 4 < Self.count)
    }

    @Test func `a random service, applied, leaves nothing to plan`() async throws {
        let leaves = ShapeLeaves(table: .ecs, names: .service).all(of: "CreateService").filter {
            // The sample's task definition is pinned, and other controllers are only observed.
            !["taskDefinition", "deploymentController.type", "cluster", "serviceName"].contains($0.place)
        }
        var refused = 0
        for seed in 0..<Self.count {
            var mixer = LeafMixer(leaves: leaves, names: .service, seed: UInt64(seed))
            let document = mixer.document()
            let ecs: InProcessECS
            do {
                ecs = try LeafWorld.ecs(running: document)
            } catch {
                refused += 1
                continue
            }
            let plan = try await ecs.plan(try LeafWorld.desired(service: document))
            #expect(plan.changes == [] && plan.withheld == [], "seed \(seed): \(plan.paths)")
        }
        print("\(Self.count - refused) random services applied, second plan empty; \(refused) refused by ECS.")
        #expect(refused * 2 < Self.count)
    }
}

/// Puts leaves together to one document. All of it follows from the seed.
struct LeafMixer {
    let leaves: [ShapeLeaf]
    let names: LeafTables
    let seed: UInt64
    private var draws = 0

    init(leaves: [ShapeLeaf], names: LeafTables, seed: UInt64) {
        self.leaves = leaves
        self.names = names
        self.seed = seed
    }

    private mutating func draw(below bound: Int) -> Int {
        draws += 1
        return Int(KeyedRandom(seed: seed, purpose: "leaves").value(ordinal: draws) % UInt64(bound))
    }

    /// Between two and thirty leaves, each with one of its values.
    mutating func document() -> Value {
        var document = Value.map([])
        for _ in 0..<(2 + draw(below: 29)) {
            let leaf = leaves[draw(below: leaves.count)]
            document = merged(document, draw(below: 2) == 0 ? leaf.old : leaf.new, member: "")
        }
        return resolved(document)
    }

    private func merged(_ first: Value, _ second: Value, member: String) -> Value {
        switch (first.node, second.node) {
        case (.map, .map(let members)):
            var output = first
            for other in members {
                output[other.name] =
                    first[other.name].map { merged($0, other.value, member: other.name) } ?? other.value
            }
            return output
        case (.list(let elements), .list(let others)):
            var output = elements
            for other in others {
                if let index = output.firstIndex(where: { isSame($0, other, in: member) }) {
                    output[index] = merged(output[index], other, member: "")
                } else {
                    output.append(other)
                }
            }
            return .list(output)
        default: return second
        }
    }

    private func isSame(_ first: Value, _ second: Value, in list: String) -> Bool {
        guard let naming = names.listings[list]?.naming, first.members != nil else { return first == second }
        return naming.allSatisfy { first[$0] == second[$0] }
    }

    /// The document without what ECS does not take together.
    private func resolved(_ document: Value) -> Value {
        var output = document
        if let providers = output["capacityProviderStrategy"]?.elements {
            output["launchType"] = nil
            // Of several, one has to have a weight and one may have a base.
            output["capacityProviderStrategy"] = .list(Array(providers.prefix(1)))
        }
        if output["launchType"] == "FARGATE" {
            for member in ["placementConstraints", "placementStrategy", "schedulingStrategy"] { output[member] = nil }
        } else {
            output["networkConfiguration"]?["awsvpcConfiguration"]?["assignPublicIp"] = nil
        }
        if output["schedulingStrategy"] == "DAEMON" { output["placementStrategy"] = nil }
        if var balancers = output["loadBalancers"]?.elements {
            // Of one generation, and with a pair of target groups all or none.
            if balancers.contains(where: { $0["targetGroupArn"] != nil }) {
                balancers.removeAll { $0["targetGroupArn"] == nil }
            }
            for index in balancers.indices {
                if balancers[index]["targetGroupArn"] != nil { balancers[index]["loadBalancerName"] = nil }
                if balancers.count > 1 { balancers[index]["advancedConfiguration"] = nil }
            }
            output["loadBalancers"] = .list(balancers)
            if output["deploymentConfiguration"]?["strategy"] != nil {
                output["deploymentConfiguration"]?["strategy"] = nil
            }
        }
        return output
    }
}
