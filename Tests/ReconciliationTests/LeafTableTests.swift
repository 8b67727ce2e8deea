import MooringManifests
import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import MooringSimulator
import Testing

/// Every leaf of RegisterTaskDefinition's and CreateService's inputs, from the table of shapes, through the real planner and the
/// local ECS: a change in git and a change by hand are both named by exactly that path.
@Suite struct LeafTableTests {
    /// Leaves that behave otherwise, by their place or the start of it, each with its reason.
    private static let otherwiseInTaskDefinitions: [String: String] = [
        "tags[]": "tags are not part of a revision's content (API reference, RegisterTaskDefinition)"
    ]
    private static let otherwiseInServices: [String: String] = [
        "serviceName": "says which service is meant: another name is another service",
        "cluster": "says where the service is: another cluster has another service",
        "clientToken": "steers one call and is kept nowhere (API reference, CreateService)",
        "tags[].key": "a new key is set by TagResource; an old one that only ECS has is left alone",
    ]
    @Test func `every leaf of a task definition that git changes is planned by its path`() async throws {
        try await check("RegisterTaskDefinition", "changed in git", Self.otherwiseInTaskDefinitions) { leaf in
            let ecs = InProcessECS()
            try LeafWorld.run(leaf.old, on: ecs)
            return try await ecs.plan(try LeafWorld.desired(taskDefinition: leaf.new))
        }
    }

    @Test func `every leaf of a task definition that somebody changes in ECS is drift by its path`() async throws {
        try await check("RegisterTaskDefinition", "changed by hand", Self.otherwiseInTaskDefinitions) { leaf in
            let ecs = InProcessECS()
            try LeafWorld.run(leaf.old, on: ecs)
            let answer = try ecs.perform("RegisterTaskDefinition", leaf.new)
            let arn = try #require(answer["taskDefinition"]?["taskDefinitionArn"])
            try ecs.perform("UpdateService", ["cluster": "main", "service": "web", "taskDefinition": arn])
            return try await ecs.plan(try LeafWorld.desired(taskDefinition: leaf.old))
        }
    }

    @Test func `every leaf of a service that git changes is planned by its path`() async throws {
        try await check("CreateService", "changed in git", Self.otherwiseInServices) { leaf in
            let ecs = try LeafWorld.ecs(running: leaf.old)
            return try await ecs.plan(try LeafWorld.desired(service: leaf.new))
        }
    }

    @Test func `every leaf of a service that somebody changes in ECS is drift by its path`() async throws {
        try await check("CreateService", "changed by hand", Self.otherwiseInServices) { leaf in
            let member = leaf.place.prefix { $0 != "." && $0 != "[" }
            let isUpdatable: Bool
            if case .structure(let update)? = ShapeTable.ecs.input(of: "UpdateService")?.kind {
                isUpdatable = update[String(member)] != nil
            } else {
                isUpdatable = false
            }
            // What no update takes can only be another service of that name.
            let ecs = try LeafWorld.ecs(running: isUpdatable || member == "tags" ? leaf.old : leaf.new)
            if isUpdatable {
                try ecs.perform(
                    "UpdateService",
                    .map(present: [
                        ("cluster", "main"), ("service", "web"), (String(member), leaf.new[String(member)]),
                        ("forceNewDeployment", member == "capacityProviderStrategy" ? true : nil),
                    ]))
            } else if member == "tags" {
                let arn = "arn:aws:ecs:\(InProcessECS.region):\(InProcessECS.account):service/main/web"
                try ecs.perform(
                    "TagResource", .map(present: [("resourceArn", .string(arn)), ("tags", leaf.new["tags"])]))
            }
            return try await ecs.plan(try LeafWorld.desired(service: leaf.old))
        }
    }

    @Test func `a service that nobody changed has an empty plan, whatever it declares`() async throws {
        for leaf in Self.leaves("CreateService") {
            let ecs = try LeafWorld.ecs(running: leaf.old)
            let plan = try await ecs.plan(try LeafWorld.desired(service: leaf.old))
            let isUnderECS = leaf.old["deploymentController"]?["type"]?.text ?? "ECS" == "ECS"
            #expect(plan.changes == [] && plan.paths == [] && plan.withheld.isEmpty == isUnderECS, "\(leaf)")
        }
    }

    // MARK: Checking

    private static func leaves(_ operation: String) -> [ShapeLeaf] {
        let tables = operation == "CreateService" ? LeafTables.service : LeafTables.taskDefinition
        return ShapeLeaves(table: .ecs, names: tables).all(of: operation)
    }

    private func check(
        _ operation: String, _ what: String, _ otherwise: [String: String], _ plan: (ShapeLeaf) async throws -> Plan,
    ) async throws {
        let leaves = Self.leaves(operation)
        var listed: [String: Int] = [:]
        var covered = 0
        for leaf in leaves {
            let paths: [String]
            do {
                paths = try await plan(leaf).paths
            } catch {
                Issue.record("\(leaf): \(error)")
                continue
            }
            if let exception = otherwise.keys.first(where: { leaf.place.hasPrefix($0) }) {
                #expect(paths != leaf.paths, "\(leaf) is listed as an exception and is none")
                listed[exception, default: 0] += 1
            } else {
                #expect(paths == leaf.paths, "\(leaf)")
                covered += 1
            }
        }
        print(
            "\(operation), \(what): \(covered) of \(leaves.count) leaves of \(ShapeTable.ecs.source) named by their path;"
        )
        for (place, reason) in otherwise.sorted(by: { $0.key < $1.key }) {
            print("    \(listed[place] ?? 0) otherwise, \(place): \(reason)")
            #expect(listed[place] != nil, "\(place) is listed as an exception and is no leaf")
        }
        #expect(covered + listed.values.reduce(0, +) == leaves.count)
        #expect(covered > 70)
    }
}
