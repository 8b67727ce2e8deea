import MooringShapes

/// Paths under `ignore`: members of a service or of its task definition that are not compared.
///
/// `desiredCount`, `networkConfiguration.awsvpcConfiguration.subnets`, `containerDefinitions[web].image`. An element of a
/// list that the API knows by a name is named so, as in plans; other lists are ignored as a whole.
enum IgnoredPath {
    /// What is wrong with a path, and what to do; nil where it names a member of the API.
    static func problem(with text: String) -> String? {
        guard text.utf8.count <= Limits.ignoredPathBytes, let steps = steps(of: text), let first = steps.first else {
            return "'\(text.shortened)' is no path of a member. Write it as 'desiredCount', "
                + "'networkConfiguration.awsvpcConfiguration.subnets' or 'containerDefinitions[web].image'."
        }
        let table = ShapeTable.ecs
        let shapes = ["CreateServiceRequest", "RegisterTaskDefinitionRequest"].compactMap(table.shape)
        let fitting = shapes.filter { members(of: $0)?[first.name] != nil }
        guard !fitting.isEmpty else {
            let known = shapes.flatMap { members(of: $0)?.members.map(\.name) ?? [] }
            return
                "Neither services nor task definitions have a member '\(first.name.shortened)', so there is nothing to "
                + "ignore.\(first.name.didYouMean(known))"
        }
        let problems = fitting.map { problem(with: steps, in: $0, table) }
        return problems.contains { $0 == nil } ? nil : problems.lazy.compactMap { $0 }.first
    }

    // MARK: Walking

    /// A member, and the element of it where one is named.
    private struct Step {
        let name: String
        let element: String?
    }

    private static func members(of shape: Shape) -> Shape.Structure? {
        if case .structure(let structure) = shape.kind { structure } else { nil }
    }

    private static func problem(with steps: [Step], in root: Shape, _ table: ShapeTable) -> String? {
        var shape = root
        var path = ""
        for (index, step) in steps.enumerated() {
            let owner = path
            path += path.isEmpty ? step.name : ".\(step.name)"
            switch shape.kind {
            case .structure(let structure):
                guard let member = structure[step.name] else {
                    return "'\(owner.shortened)' has no member '\(step.name.shortened)', so there is nothing to ignore."
                        + step.name.didYouMean(structure.members.map(\.name))
                }
                shape = table[member.shape]
            case .map(_, let value): shape = table[value]
            case .document: return nil
            case .list, .string, .integer, .double, .boolean, .timestamp, .blob:
                return "'\(owner.shortened)' has no members. Ignore it as a whole."
            }
            if let element = step.element {
                guard case .list(let elementShape, _) = shape.kind else {
                    return "'\(path.shortened)' is no list, so it has no element '\(element.shortened)'. Leave out the "
                        + "brackets."
                }
                guard ListIdentity.ofList(shape.name) != nil else {
                    return "The elements of '\(path.shortened)' have no names. Ignore it as a whole."
                }
                path += "[\(element)]"
                shape = table[elementShape]
            } else if case .list = shape.kind, index < steps.count - 1 {
                return ListIdentity.ofList(shape.name) == nil
                    ? "The elements of '\(path.shortened)' have no names. Ignore it as a whole."
                    : "'\(path.shortened)' is a list. Name the element that is meant, as in '\(path.shortened)[NAME]."
                        + "\(steps[index + 1].name.shortened)', or ignore it as a whole."
            }
        }
        return nil
    }

    // MARK: Text

    /// The parts of a path, nil where it is none. What stands in brackets may hold dots.
    private static func steps(of text: String) -> [Step]? {
        var steps: [Step] = []
        var rest = text[...]
        while true {
            let name = rest.prefix { $0 != "." && $0 != "[" && $0 != "]" }
            guard !name.isEmpty else { return nil }
            rest = rest[name.endIndex...]
            var element: String?
            if rest.first == "[" {
                guard let end = rest.firstIndex(of: "]") else { return nil }
                element = String(rest[rest.index(after: rest.startIndex)..<end])
                guard element?.isEmpty == false else { return nil }
                rest = rest[rest.index(after: end)...]
            }
            steps.append(Step(name: String(name), element: element))
            guard let next = rest.first else { return steps }
            guard next == "." else { return nil }
            rest = rest.dropFirst()
        }
    }
}
