import MooringShapes

/// Checks a request against the shape of its operation's input, as AWS's front end does before an operation sees it.
///
/// Wrong types are answered at once. Members that are missing, out of range or of no allowed value are collected and answered
/// together, in the words that all services built on AWS's framework share: `2 validation errors detected: Value … at …`.
/// Members that the model does not have are accepted and forgotten. Patterns are not checked.
struct InputValidator {
    private let operation: Operation
    private let table: ShapeTable
    private var violations: [String] = []

    private init(_ operation: Operation, _ table: ShapeTable) {
        self.operation = operation
        self.table = table
    }

    /// The members that the operation knows.
    static func checked(_ input: Value, for operation: Operation) throws(APIError) -> Value {
        let table = InputShapes.table(of: operation.api)
        guard let shape = table.input(of: operation.name) else { throw unknown(operation) }
        guard input.members != nil else { throw .serialization("Unexpected token at the start of the input") }
        var validator = InputValidator(operation, table)
        let known = try validator.walk(input.withoutNulls, shape, path: "")
        guard validator.violations.isEmpty else { throw validator.error }
        return known
    }

    /// What an API answers to an operation that it does not have.
    static func unknown(_ operation: Operation) -> APIError {
        guard operation.api.isQuery else { return .unknownOperation(operation.name) }
        return APIError(
            code: "InvalidAction",
            message: "Could not find operation \(operation.name.prefix(100)) for version \(operation.api.version). "
                + APIError.notModelled("operation"))
    }

    // MARK: Walking

    private mutating func walk(_ value: Value, _ shape: Shape, path: String) throws(APIError) -> Value {
        switch shape.kind {
        case .structure(let structure): return try object(value, structure, path: path)
        case .map(_, let element):
            guard let members = value.members else { throw wrong(value, "Map") }
            var known: [Value.Member] = []
            for member in members {
                let inner = "\(path).\(member.name).member"
                known.append(Value.Member(member.name, try walk(member.value, table[element], path: inner)))
            }
            return Value(.map(known))
        case .list(let element, let bounds):
            guard let elements = value.elements else { throw wrong(value, "List") }
            check(count: elements.count, bounds, "length", value, path)
            var known: [Value] = []
            known.reserveCapacity(elements.count)
            for (index, element_) in elements.enumerated() {
                known.append(try walk(element_, table[element], path: "\(path).\(index + 1).member"))
            }
            return .list(known)
        case .document: return value
        case .string(let rule): try check(text: value, rule, path)
        case .integer(let bounds, let bits): try check(number: value, bounds, bits: bits, path)
        case .double(let bounds): try check(double: value, bounds, path)
        case .boolean:
            guard value.scalar?.style == .boolean else { throw wrong(value, "Boolean") }
        case .timestamp:
            guard value.scalar?.style == .number || operation.api.isQuery, value.text != nil else {
                throw wrong(value, "a timestamp")
            }
        case .blob:
            guard value.scalar?.style == .string else { throw wrong(value, "a Blob") }
        }
        return value
    }

    private mutating func object(
        _ value: Value, _ structure: Shape.Structure, path: String,
    ) throws(APIError) -> Value {
        guard let members = value.members else { throw wrong(value, "a structure") }
        var known: [Value.Member] = []
        known.reserveCapacity(members.count)
        for member in members {
            guard let shape = structure[member.name] else { continue }
            let inner = path.isEmpty ? lowered(member.name) : "\(path).\(lowered(member.name))"
            known.append(Value.Member(member.name, try walk(member.value, table[shape.shape], path: inner)))
        }
        for member in structure.members where member.isRequired && !known.contains(where: { $0.name == member.name }) {
            if path.isEmpty, operation.wordsItsOwnMisses { continue }
            let inner = path.isEmpty ? lowered(member.name) : "\(path).\(lowered(member.name))"
            violate("Value null at '\(inner)' failed to satisfy constraint: Member must not be null")
        }
        return Value(.map(known))
    }

    // MARK: Constraints

    private mutating func check(text value: Value, _ rule: Shape.StringRule, _ path: String) throws(APIError) {
        guard let scalar = value.scalar, scalar.style == .string else { throw wrong(value, "a String") }
        if !rule.values.isEmpty, !rule.values.contains(scalar.text), !operation.wordsItsOwnEnum(path) {
            violate(
                "Value '\(scalar.text.shortened)' at '\(path)' failed to satisfy constraint: Member must satisfy enum "
                    + "value set: [\(rule.values.joined(separator: ", "))]")
        }
        check(count: scalar.text.utf16.count, rule.bounds, "length", value, path)
    }

    private mutating func check(
        number value: Value, _ bounds: Shape.Bounds, bits: Int, _ path: String,
    ) throws(APIError) {
        guard let scalar = value.scalar, scalar.style == .number else {
            throw wrong(value, bits == 32 ? "an Integer" : "a Long")
        }
        guard let number = value.integer else {
            throw .serialization(
                "\(Input.kind(of: value)) cannot be converted to an Integer: it is out of range or no whole number"
            )
        }
        // The API's integers have 32 bits, which also keeps every sum and product behind this within bounds.
        if bits == 32, Int32(exactly: number) == nil {
            throw .serialization("Numeric value (\(scalar.text.shortened)) out of range of int")
        }
        check(count: number, bounds, "value", value, path)
    }

    private mutating func check(double value: Value, _ bounds: Shape.Bounds, _ path: String) throws(APIError) {
        guard value.scalar?.style == .number, let number = value.double, number.isFinite else {
            throw wrong(value, "a Double")
        }
        if let minimum = bounds.minimum, number < Double(minimum) {
            violate(
                "Value '\(number)' at '\(path)' failed to satisfy constraint: Member must have value greater than or equal to \(minimum)"
            )
        }
        if let maximum = bounds.maximum, number > Double(maximum) {
            violate(
                "Value '\(number)' at '\(path)' failed to satisfy constraint: Member must have value less than or equal to \(maximum)"
            )
        }
    }

    private mutating func check(count: Int, _ bounds: Shape.Bounds, _ what: String, _ value: Value, _ path: String) {
        if let minimum = bounds.minimum, count < minimum {
            violate(
                "Value '\(InputValidator.shown(value))' at '\(path)' failed to satisfy constraint: Member must have \(what) "
                    + "greater than or equal to \(minimum)")
        }
        if let maximum = bounds.maximum, count > maximum {
            violate(
                "Value '\(InputValidator.shown(value))' at '\(path)' failed to satisfy constraint: Member must have \(what) "
                    + "less than or equal to \(maximum)")
        }
    }

    private mutating func violate(_ text: String) {
        if violations.count < Limits.constraintsNamed { violations.append(text) }
    }

    // MARK: Answers

    private var error: APIError {
        let noun = violations.count == 1 ? "error" : "errors"
        let message = "\(violations.count) validation \(noun) detected: " + violations.joined(separator: "; ")
        return APIError(code: operation.validationCode, message: message)
    }

    private func wrong(_ value: Value, _ wanted: String) -> APIError {
        if operation.api.isQuery {
            return APIError(
                code: "MalformedInput", message: "\(Input.kind(of: value)) can not be converted to \(wanted)")
        }
        return .serialization("\(Input.kind(of: value)) can not be converted to \(wanted)")
    }

    private static func shown(_ value: Value) -> String {
        guard let elements = value.elements else { return (value.text ?? "").shortened }
        return "[\(elements.prefix(12).map { ($0.text ?? "…").shortened }.joined(separator: ", "))]"
    }

    /// Paths begin in lower case, however the member is spelled: `ResourceId` is at 'resourceId'.
    private func lowered(_ name: String) -> String { (name.first?.lowercased() ?? "") + name.dropFirst() }
}

extension Operation {
    /// The code under which an API answers what its model forbids.
    fileprivate var validationCode: String {
        switch api {
        case .ecs:
            ["RegisterTaskDefinition", "CreateCapacityProvider", "UpdateCapacityProvider"].contains(name)
                ? "ClientException" : "InvalidParameterException"
        case .logs, .ecr: "InvalidParameterException"
        case .applicationAutoScaling, .ssm, .secretsManager: "ValidationException"
        case .sts, .iam, .elasticLoadBalancing: "ValidationError"
        }
    }

    /// Whether the operation itself says what is missing on the first level, in words that are known of it.
    fileprivate var wordsItsOwnMisses: Bool {
        guard api == .ecs else { return api == .sts || (api == .ssm && name == "PutParameter") }
        return !["PutClusterCapacityProviders", "GetTaskProtection", "UpdateTaskProtection", "UpdateCapacityProvider"]
            .contains(name)
    }

    /// Likewise for values of an enumeration.
    fileprivate func wordsItsOwnEnum(_ path: String) -> Bool {
        switch (api, name) {
        case (.ecs, "RegisterTaskDefinition"): path == "networkMode" || path.hasPrefix("requiresCompatibilities")
        case (.ecs, "PutAccountSetting"), (.ecs, "PutAccountSettingDefault"), (.ecs, "DeleteAccountSetting"):
            path == "name"
        // Source: Developer Guide, troubleshooting blue/green deployments, "Invalid targetType".
        case (.ecs, "CreateService"), (.ecs, "UpdateService"): path.hasSuffix("targetType")
        case (.ssm, "PutParameter"): path == "type"
        default: false
        }
    }
}
