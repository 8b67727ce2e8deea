import MooringShapes

/// A request's members, read with the types that the API model gives them.
///
/// A member of the wrong type is answered as AWS's unmarshaller does, before any rule of the operation is looked at.
/// `InputValidator` has checked the whole shape before; each operation reads what it uses.
struct Input {
    let value: Value
    /// The operation that the members are of; empty for parts of them.
    let operation: String

    init(_ value: Value, of operation: String = "") throws(APIError) {
        guard value.members != nil else { throw .serialization("Unexpected token at the start of the input") }
        self.value = value.withoutNulls
        self.operation = operation
    }

    func has(_ name: String) -> Bool { value.has(name) }

    func string(_ name: String) throws(APIError) -> String? {
        guard let member = value[name] else { return nil }
        return try Input.string(member)
    }

    func integer(_ name: String) throws(APIError) -> Int? {
        guard let member = value[name] else { return nil }
        guard let scalar = member.scalar, scalar.style == .number, let number = member.integer else {
            throw .serialization("\(Input.kind(of: member)) can not be converted to an Integer")
        }
        // The API's integers have 32 bits, which also keeps every sum and product below within bounds.
        guard Int32(exactly: number) != nil else {
            throw .serialization("Numeric value (\(scalar.text)) out of range of int")
        }
        return number
    }

    func boolean(_ name: String) throws(APIError) -> Bool? {
        guard let member = value[name] else { return nil }
        guard let flag = member.boolean, member.scalar?.style == .boolean else {
            throw .serialization("\(Input.kind(of: member)) can not be converted to a Boolean")
        }
        return flag
    }

    func list(_ name: String) throws(APIError) -> [Value]? {
        guard let member = value[name] else { return nil }
        guard let elements = member.elements else {
            throw .serialization("\(Input.kind(of: member)) can not be converted to a List")
        }
        return elements
    }

    func strings(_ name: String) throws(APIError) -> [String]? {
        guard let elements = try list(name) else { return nil }
        var strings: [String] = []
        for element in elements { strings.append(try Input.string(element)) }
        return strings
    }

    func map(_ name: String) throws(APIError) -> Value? {
        guard let member = value[name] else { return nil }
        guard member.members != nil else {
            throw .serialization("\(Input.kind(of: member)) can not be converted to a Map")
        }
        return member
    }

    func maps(_ name: String) throws(APIError) -> [Input]? {
        guard let elements = try list(name) else { return nil }
        var inputs: [Input] = []
        for element in elements {
            guard element.members != nil else {
                throw .serialization("\(Input.kind(of: element)) can not be converted to a Map")
            }
            inputs.append(try Input(element))
        }
        return inputs
    }

    /// A member that must be one of `allowed`.
    func choice(_ name: String, of allowed: [String]) throws(APIError) -> String? {
        guard let text = try string(name) else { return nil }
        guard allowed.contains(text) else {
            throw .invalidParameter("Invalid \(name): \(text). Valid values are: \(allowed.joined(separator: ", "))")
        }
        return text
    }

    private static func string(_ member: Value) throws(APIError) -> String {
        guard let scalar = member.scalar, scalar.style == .string || scalar.style == .plain else {
            throw .serialization("\(kind(of: member)) can not be converted to a String")
        }
        return scalar.text
    }

    /// The names that AWS's unmarshaller gives to JSON's tokens.
    static func kind(of value: Value) -> String {
        switch value.node {
        case .list: "START_ARRAY"
        case .map: "START_OBJECT"
        case .scalar(let scalar):
            switch scalar.style {
            case .string, .plain: "STRING_VALUE"
            case .number: "NUMBER_VALUE"
            case .boolean: scalar.text == "true" ? "TRUE_VALUE" : "FALSE_VALUE"
            case .null: "NULL_VALUE"
            }
        }
    }
}
