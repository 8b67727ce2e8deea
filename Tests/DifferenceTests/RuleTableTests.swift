import MooringShapes
import Testing

@testable import MooringPlanning

/// The tables of rules against the API's own shapes: a member that AWS adds shows here when the shapes are refreshed.
@Suite struct RuleTableTests {
    /// Members that are no part of what is compared.
    private static let leftOut: Set<String> = [
        "tags", "clientToken", "forceNewDeployment", "service",
    ]

    @Test(arguments: ["RegisterTaskDefinition", "CreateService", "UpdateService"])
    func `every member of the input has a rule of its kind`(operation: String) throws {
        let shape = try #require(ShapeTable.ecs.input(of: operation))
        let rules = operation == "RegisterTaskDefinition" ? TaskDefinitionRules.root : ServiceRules.root
        #expect(mismatches(shape, .structure(rules), path: operation) == [])
    }

    @Test(arguments: [("RegisterTaskDefinition", TaskDefinitionRules.root), ("CreateService", ServiceRules.root)])
    func `every rule is for a member of the input`(operation: String, rules: [String: Rule]) throws {
        let shape = try #require(ShapeTable.ecs.input(of: operation))
        #expect(strangers(shape, .structure(rules), path: operation) == [])
    }

    @Test func `every member of both service inputs has its class`() throws {
        for operation in ["CreateService", "UpdateService"] {
            guard case .structure(let structure)? = ShapeTable.ecs.input(of: operation)?.kind else {
                Issue.record("no shape of \(operation)")
                return
            }
            for member in structure.members {
                #expect(ServiceMembers.entry(of: member.name) != nil, "\(member.name)")
            }
        }
        guard case .structure(let create)? = ShapeTable.ecs.input(of: "CreateService")?.kind,
            case .structure(let update)? = ShapeTable.ecs.input(of: "UpdateService")?.kind
        else { return }
        for member in create.members where update[member.name] == nil && member.name != "serviceName" {
            let effect = ServiceMembers.entry(of: member.name)?.effect
            #expect(effect == .createOnly || effect == .steersCall, "\(member.name)")
        }
    }

    @Test(arguments: [("RegisterTaskDefinition", TaskDefinitionRules.root), ("CreateService", ServiceRules.root)])
    func `elements have one identity, for comparison and for overlays`(operation: String, rules: [String: Rule]) throws
    {
        let shape = try #require(ShapeTable.ecs.input(of: operation))
        #expect(contradictions(shape, .structure(rules), path: operation) == [])
    }

    private func contradictions(_ shape: Shape, _ rule: Rule, path: String) -> [String] {
        switch (shape.kind, rule) {
        case (.structure(let structure), .structure(let rules)):
            return structure.members.flatMap { member -> [String] in
                guard let rule = rules[member.name] else { return [] }
                return contradictions(ShapeTable.ecs[member.shape], rule, path: "\(path).\(member.name)")
            }
        case (.list(let element, _), .named(let identity, let rule)):
            let members = ListIdentity.ofList(shape.name)?.parts.map(\.member) ?? []
            let isSame = Set(members) == Set(identity.members)
            return (isSame ? [] : ["\(path): \(identity.members) and \(members)"])
                + contradictions(ShapeTable.ecs[element], rule, path: path + "[]")
        case (.list, .keyed(let name, _)):
            let members = ListIdentity.ofList(shape.name)?.parts.map(\.member) ?? []
            return members == [name] ? [] : ["\(path): [\(name)] and \(members)"]
        case (.list(let element, _), .unordered(let rule)):
            let isWhole = ListIdentity.ofList(shape.name) == nil
            return (isWhole ? [] : ["\(path): a set and named"])
                + contradictions(ShapeTable.ecs[element], rule, path: path + "[]")
        default: return []
        }
    }

    @Test func `every member of a task definition has its class`() throws {
        let members = try members(of: "RegisterTaskDefinition")
        for member in members { #expect(TaskDefinitionMembers.entry(of: member.name) != nil, "\(member.name)") }
        #expect(Set(TaskDefinitionMembers.table.keys) == Set(members.map(\.name)))
    }

    @Test func `the class of a service's member is that of a member of one of the inputs`() throws {
        let names = try (members(of: "CreateService") + members(of: "UpdateService")).map(\.name)
        #expect(Set(ServiceMembers.table.keys) == Set(names))
        for member in try members(of: "CreateService") {
            let isUpdatable = try members(of: "UpdateService").contains { $0.name == member.name }
            let isCreateOnly = ServiceMembers.isCreateOnly(member.name)
            #expect(!(isUpdatable && isCreateOnly), "\(member.name)")
        }
    }

    /// Members of structures differ in how they are unset: each says how, by a line of its own, by a documented default, or as
    /// part of what is replaced whole. Lists are replaced whole.
    @Test func `every member of a service's structures says how it is unset`() throws {
        var seen = 0
        func visit(_ shape: Shape, _ names: [String]) {
            guard case .structure(let structure) = shape.kind else { return }
            for member in structure.members {
                let path = names + [member.name]
                let inner = ShapeTable.ecs[member.shape]
                let unsetting = ServiceMembers.unsetting(at: path, isDaemon: false)
                let isSaid = ServiceMembers.nestedEntry(at: path.joined(separator: ".")) != nil
                seen += 1
                #expect(unsetting != .impossible || isSaid || isPart(of: path), "\(path.joined(separator: "."))")
                if unsetting != .omit { visit(inner, path) }
            }
        }
        for member in try members(of: "UpdateService") { visit(ShapeTable.ecs[member.shape], [member.name]) }
        #expect(seen > 20)
    }

    /// Whether an outer member is what is unset, in one piece: one whose members are required, or stand for nothing alone.
    private func isPart(of path: [String]) -> Bool {
        (2..<path.count).contains { ServiceMembers.nestedEntry(at: path.prefix($0).joined(separator: ".")) != nil }
    }

    @Test func `every value that unsets a member is one that the API takes`() throws {
        guard let update = ShapeTable.ecs.input(of: "UpdateService") else { return }
        for (member, entry) in ServiceMembers.table.sorted(by: { $0.key < $1.key }) {
            guard case .send(let value) = entry.unsetting else { continue }
            let input: Value = .map([("service", "web"), (member, value)])
            let result = ShapeEngine(.ecs).coerce(input, to: update)
            #expect(result.findings.isEmpty, "\(member): \(result.findings)")
        }
    }

    private func members(of operation: String) throws -> [Shape.Member] {
        guard case .structure(let structure)? = ShapeTable.ecs.input(of: operation)?.kind else { throw NoShape() }
        return structure.members
    }

    private struct NoShape: Error {}

    private func mismatches(_ shape: Shape, _ rule: Rule, path: String) -> [String] {
        switch (shape.kind, rule) {
        case (.structure(let structure), .structure(let rules)):
            return structure.members.filter { !RuleTableTests.leftOut.contains($0.name) }.flatMap {
                member -> [String] in
                guard let rule = rules[member.name] else { return ["\(path).\(member.name): no rule"] }
                return mismatches(ShapeTable.ecs[member.shape], rule, path: "\(path).\(member.name)")
            }
        case (.list(let element, _), .ordered(let rule, _)), (.list(let element, _), .unordered(let rule)),
            (.list(let element, _), .named(_, let rule)):
            return mismatches(ShapeTable.ecs[element], rule, path: path + "[]")
        case (.list(let element, _), .keyed(let name, let value)):
            return mismatches(ShapeTable.ecs[element], .structure([name: .text, value: .text]), path: path + "[]")
        case (.map, .free), (.document, .unknown): return []
        case (.string, .leaf(let leaf)) where leaf.kind != .number && leaf.kind != .flag: return []
        case (.integer, .leaf(let leaf)) where leaf.kind == .number: return []
        case (.double, .leaf(let leaf)) where leaf.kind == .number: return []
        case (.boolean, .leaf(let leaf)) where leaf.kind == .flag: return []
        default: return ["\(path): \(shape.name) has another kind of rule"]
        }
    }

    private func strangers(_ shape: Shape, _ rule: Rule, path: String) -> [String] {
        switch (shape.kind, rule) {
        case (.structure(let structure), .structure(let rules)):
            return rules.keys.sorted().flatMap { name -> [String] in
                guard let member = structure[name], let rule = rules[name] else { return ["\(path).\(name)"] }
                return strangers(ShapeTable.ecs[member.shape], rule, path: "\(path).\(name)")
            }
        case (.list(let element, _), .ordered(let rule, _)), (.list(let element, _), .unordered(let rule)),
            (.list(let element, _), .named(_, let rule)):
            return strangers(ShapeTable.ecs[element], rule, path: path + "[]")
        default: return []
        }
    }
}
