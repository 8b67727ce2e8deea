import MooringShapes

/// Reads `variables` of `mooring.yaml`.
enum VariablesReader {
    static func read(_ map: inout OptionMap) -> [String: Variable] {
        var variables: [String: Variable] = [:]
        for member in map.members("variables") {
            if variables.count == Limits.variables {
                refuse(member, &map, "'variables' takes at most \(Limits.variables) variables.")
                break
            }
            guard VariableText.isName(member.name) else {
                refuse(
                    member, &map,
                    "'\(member.name.shortened)' cannot be the name of a variable: letters, digits, '_' and '-' can, at most "
                        + "\(Limits.variableNameLength).")
                continue
            }
            if let source = source(of: member, &map) {
                variables[member.name] = Variable(
                    source: source, position: member.position, place: member.value.position)
            }
        }
        return variables
    }

    private static func source(of member: Value.Member, _ map: inout OptionMap) -> Variable.Source? {
        if let scalar = member.value.scalar, scalar.style != .null {
            guard scalar.text.utf8.count <= Limits.variableValueBytes else {
                refuse(
                    member, &map,
                    "The value of '\(member.name)' has \(scalar.text.utf8.count) bytes; at most "
                        + "\(Limits.variableValueBytes) are taken.")
                return nil
            }
            return .value(scalar)
        }
        guard let members = member.value.members, members.count == 1, members[0].name == "fromParameter" else {
            refuse(
                member, &map,
                "The variable '\(member.name)' takes a text, a number or a boolean, or '{fromParameter: NAME}' for an SSM "
                    + "parameter.")
            return nil
        }
        guard let name = members[0].value.text, isParameterName(name) else {
            refuse(
                member, &map,
                "'fromParameter' takes the name of an SSM parameter, as in '/network/subnet-a', or its ARN.")
            return nil
        }
        return .parameter(name)
    }

    /// Source: API reference of Systems Manager, PutParameter `Name`; a label or version may stand behind a colon.
    private static func isParameterName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= Limits.parameterNameLength
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
                    UInt8(ascii: "/"), UInt8(ascii: ":"):
                    true
                default: false
                }
            }
    }

    private static func refuse(_ member: Value.Member, _ map: inout OptionMap, _ message: String) {
        map.report("variables.\(member.name.shortened)", "bad-variable", message, position: member.position)
    }
}
