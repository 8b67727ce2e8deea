import MooringShapes

/// One leaf of an input shape: the smallest document that holds it, with two of its values.
struct ShapeLeaf: Sendable, CustomStringConvertible {
    /// The leaf's place in the shape: `containerDefinitions[].healthCheck.interval`.
    let place: String
    let old: Value
    let new: Value
    /// How a plan names the change. Two where an element has another name by it: one goes, one comes.
    let paths: [String]

    var description: String { place }
}

/// Makes a document for every leaf of an input shape, from the shape alone: a member that AWS adds is covered on the day the
/// table of shapes is refreshed.
struct ShapeLeaves {
    let table: ShapeTable
    let names: LeafTables

    /// A value that holds the leaf, and where the leaf is in it.
    private struct Part {
        var place = ""
        var old: Value
        var new: Value
        var paths: [String] = [""]
    }

    /// Every leaf of an operation's input that has two values. ECS refuses what an enumeration does not hold, so that one of a
    /// single value cannot be changed; it will be here on the day it gets a second.
    func all(of operation: String) -> [ShapeLeaf] {
        guard let shape = table.input(of: operation) else { return [] }
        return parts(of: shape, member: "", within: "").filter { $0.old != $0.new }.map { part in
            ShapeLeaf(
                place: String(part.place.dropFirst()), old: part.old, new: part.new,
                paths: part.paths.map { String($0.dropFirst()) }.sorted())
        }
    }

    private func parts(of shape: Shape, member: String, within: String) -> [Part] {
        switch shape.kind {
        case .structure(let structure): return parts(of: structure, named: shape.name, member: member)
        case .list(let element, _): return parts(ofListOf: table[element], member: member, within: within)
        case .map(_, let value):
            return parts(of: table[value], member: member, within: within).map { part in
                Part(
                    place: part.place + "[key]", old: .map([("key", part.old)]), new: .map([("key", part.new)]),
                    paths: part.paths.map { "[key]" + $0 })
            }
        case .document: return [Part(old: ["key": 1], new: ["key": 2], paths: [".key"])]
        default:
            let (old, new) = samples(of: shape, member: member, within: within)
            return [Part(old: old, new: new)]
        }
    }

    private func parts(of structure: Shape.Structure, named name: String, member: String) -> [Part] {
        structure.members.flatMap { child -> [Part] in
            parts(of: table[child.shape], member: child.name, within: name).map { part in
                // A union holds one member and nothing beside it.
                let beside =
                    structure.isUnion ? [] : companions(of: child.name, in: structure, named: name, list: member)
                func document(_ value: Value) -> Value {
                    .map(
                        structure.members.compactMap { other in
                            if other.name == child.name { return (other.name, value) }
                            return beside.contains(other.name)
                                ? (other.name, smallest(table[other.shape], member: other.name, within: name)) : nil
                        })
                }
                return Part(
                    place: ".\(child.name)\(part.place)", old: document(part.old), new: document(part.new),
                    paths: part.paths.map { ".\(child.name)\($0)" })
            }
        }
    }

    /// Members that stand beside a member: what the shape requires, what names an element of the list it is in, what ECS
    /// asks for in prose.
    private func companions(
        of child: String, in structure: Shape.Structure, named name: String, list: String,
    ) -> Set<String> {
        var companions = Set(structure.members.filter(\.isRequired).map(\.name))
        companions.formUnion(names.listings[list]?.naming ?? [])
        companions.formUnion(names.asked[name] ?? [])
        companions.formUnion(names.askedBy["\(name).\(child)"] ?? [])
        return companions.subtracting(names.excludedBy[child] ?? [])
    }

    private func parts(ofListOf element: Shape, member: String, within: String) -> [Part] {
        let listing = names.listings[member]
        return parts(of: element, member: member, within: within).map { part in
            let leaf = part.place.dropFirst()
            var paths = [""]
            switch listing {
            case nil: break
            case .named(let naming, _):
                let (old, new) = (name(of: part.old, by: naming), name(of: part.new, by: naming))
                paths = old == new ? part.paths.map { "[\(old)]\($0)" } : ["[\(old)]", "[\(new)]"]
            case .keyed(let key, let value):
                let (old, new) = (name(of: part.old, by: [key]), name(of: part.new, by: [key]))
                paths =
                    leaf == value
                    ? ["[\(old)]"] : old == new ? part.paths.map { "[\(old)]\($0)" } : ["[\(old)]", "[\(new)]"]
            case .ordered(let key):
                // In order, an element with another name is another list.
                paths = leaf == key ? [""] : part.paths.map { "[\(name(of: part.old, by: [key]))]\($0)" }
            }
            let beside = names.beside[member] ?? []
            return Part(
                place: "[]\(part.place)", old: .list([part.old] + beside), new: .list([part.new] + beside), paths: paths
            )
        }
    }

    private func name(of element: Value, by naming: [String]) -> String {
        let parts = naming.compactMap { member in
            element[member]?.text.flatMap { names.unsaid[member] == $0 ? nil : $0 }
        }
        return parts.joined(separator: naming.contains("protocol") ? "/" : ":")
    }

    // MARK: Values

    /// The smallest value of a shape: the first sample, and what is required within.
    func smallest(_ shape: Shape, member: String, within: String) -> Value {
        switch shape.kind {
        case .structure(let structure):
            var members = Set(structure.members.filter(\.isRequired).map(\.name))
            members.formUnion(names.asked[shape.name] ?? [])
            let naming = names.listings[member]?.naming ?? []
            members.formUnion(Set(naming).subtracting(naming.first.flatMap { names.excludedBy[$0] } ?? []))
            return .map(
                structure.members.filter { members.contains($0.name) }.map {
                    ($0.name, smallest(table[$0.shape], member: $0.name, within: shape.name))
                })
        case .list(let element, _):
            return .list([smallest(table[element], member: member, within: within)] + (names.beside[member] ?? []))
        case .map(_, let value): return .map([("key", smallest(table[value], member: member, within: within))])
        case .document: return ["key": 1]
        default: return samples(of: shape, member: member, within: within).old
        }
    }

    /// Two values of a scalar.
    private func samples(of shape: Shape, member: String, within: String) -> (old: Value, new: Value) {
        if let given = names.samples["\(within).\(member)"] ?? names.samples[member] { return given }
        switch shape.kind {
        case .boolean: return (true, false)
        case .integer(let bounds, _):
            let first = min(max(bounds.minimum ?? 7, 7), (bounds.maximum ?? 8) - 1)
            return (.integer(first), .integer(first + 1))
        case .double: return (.double(7.5), .double(8.5))
        case .string(let rule):
            guard let first = rule.values.first else { return ("a", "b") }
            return (.string(first), .string(rule.values.dropFirst().first ?? first))
        case .timestamp: return (7, 8)
        case .blob: return ("YQ==", "Yg==")
        case .structure, .list, .map, .document: return (.null, .null)
        }
    }
}
