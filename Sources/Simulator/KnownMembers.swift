import MooringShapes

/// What of an input the service knows. AWS's JSON services take members they do not know for nothing: a misspelt name is
/// accepted and forgotten.
enum KnownMembers {
    /// `input` without the members that the operation's model does not have, at any depth.
    static func only(_ input: Input, of operation: String) throws(APIError) -> Input {
        guard let shape = ShapeTable.ecs.input(of: operation) else { return input }
        return try Input(only(input.value, shape))
    }

    private static func only(_ value: Value, _ shape: Shape) -> Value {
        switch (shape.kind, value.node) {
        case (.structure(let structure), .map(let members)):
            let known = members.compactMap { member in
                structure[member.name].map { Value.Member(member.name, only(member.value, ShapeTable.ecs[$0.shape])) }
            }
            return Value(.map(known))
        case (.list(let element, _), .list(let elements)):
            let shape = ShapeTable.ecs[element]
            return .list(elements.map { only($0, shape) })
        default: return value
        }
    }
}
