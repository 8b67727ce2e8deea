import MooringShapes

/// Paths under `ignore`: members of a service or of its task definition that are not compared.
///
/// `desiredCount`, `networkConfiguration.awsvpcConfiguration.subnets`, `containerDefinitions[web].image`. An element of a
/// list that the API knows by its name or key alone is named so, as in plans; other lists, and maps, are ignored as a
/// whole, for a part of them cannot be left as it is while the rest is sent.
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
            guard case .structure(let structure) = shape.kind, !isPair(structure) || index == 0 else {
                return "Nothing within '\(path.shortened)' can be ignored by itself. Ignore it as a whole."
            }
            guard let member = structure[step.name] else {
                return "'\(path.shortened)' has no member '\(step.name.shortened)', so there is nothing to ignore."
                    + step.name.didYouMean(structure.members.map(\.name))
            }
            shape = table[member.shape]
            path += path.isEmpty ? step.name : ".\(step.name)"
            if let element = step.element {
                guard let named = elements(of: shape, table) else {
                    return "No element of '\(path.shortened)' can be ignored by itself. Leave out the brackets."
                }
                path += "[\(element)]"
                shape = named
            } else if index < steps.count - 1, elements(of: shape, table) != nil {
                return "'\(path.shortened)' is a list. Name the element that is meant, as in "
                    + "'\(path.shortened)[NAME].\(steps[index + 1].name.shortened)', or ignore it as a whole."
            }
        }
        return nil
    }

    /// What the elements of a list are, where each is known by its name or key alone.
    private static func elements(of shape: Shape, _ table: ShapeTable) -> Shape? {
        guard case .list(let element, _) = shape.kind, let parts = ListIdentity.ofList(shape.name)?.parts,
            parts.count == 1, ["name", "key"].contains(parts[0].member)
        else { return nil }
        return table[element]
    }

    /// Whether the object is a name and its value, which differ as one: plans show `environment[MODE]`.
    private static func isPair(_ structure: Shape.Structure) -> Bool {
        structure.members.count == 2
            && structure.members.contains { ["name", "key"].contains($0.name) }
            && structure.members.contains { ["value", "valueFrom"].contains($0.name) }
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
