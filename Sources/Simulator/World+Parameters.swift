import MooringShapes

/// A parameter of Systems Manager.
struct ParameterRecord: Sendable {
    let name: String
    let arn: String
    var type: String
    /// Oldest first: version 1 is at 0.
    var values: [String]
    var modifiedAt: Int64
}

/// Systems Manager, as far as manifests refer to it: parameters that are set and read.
/// Source: API reference of Systems Manager, GetParameters and PutParameter; the wordings from botocore's and moto's tests of
/// what AWS answers.
extension World {
    private static func validation(_ message: String) -> APIError {
        APIError(code: "ValidationException", message: message)
    }

    mutating func putParameter(_ input: Input) throws(APIError) -> Value {
        guard let name = try input.string("Name"), let value = try input.string("Value") else {
            throw World.validation(
                "1 validation error detected: Value null at 'name' failed to satisfy constraint: Member must not be null"
            )
        }
        try World.check(name: name)
        if value.isEmpty || value.utf8.count > Limits.parameterValueBytes {
            throw World.validation(
                "Standard tier parameters support a maximum parameter value of \(Limits.parameterValueBytes) characters. "
                    + "To create a larger parameter value, upgrade the parameter to use the advanced-parameter tier.")
        }
        let type = try input.string("Type")
        if let type, !["String", "StringList", "SecureString"].contains(type) {
            throw World.validation(
                "1 validation error detected: Value '\(type)' at 'type' failed to satisfy constraint: Member must satisfy "
                    + "enum value set: [SecureString, StringList, String]")
        }
        if let position = parameterPositions[name] {
            guard try input.boolean("Overwrite") == true else {
                throw APIError(
                    code: "ParameterAlreadyExists",
                    message: "The parameter already exists. To overwrite this value, set the overwrite option in the "
                        + "request to true.")
            }
            parameters[position].values.append(value)
            parameters[position].type = type ?? parameters[position].type
            parameters[position].modifiedAt = now
            return ["Version": .integer(parameters[position].values.count), "Tier": "Standard"]
        }
        guard let type else {
            throw World.validation("A parameter type is required when you create a parameter.")
        }
        let path = name.hasPrefix("/") ? String(name.dropFirst()) : name
        parameterPositions[name] = parameters.count
        parameters.append(
            ParameterRecord(
                name: name, arn: "arn:\(partition):ssm:\(region):\(account):parameter/\(path)", type: type,
                values: [value],
                modifiedAt: now))
        return ["Version": 1, "Tier": "Standard"]
    }

    private static func check(name: String) throws(APIError) {
        let isAllowed = name.unicodeScalars.allSatisfy { scalar in
            ("a"..."z").contains(scalar) || ("A"..."Z").contains(scalar) || ("0"..."9").contains(scalar)
                || "_.-/".unicodeScalars.contains(scalar)
        }
        guard isAllowed, !name.isEmpty, name.utf8.count <= Limits.parameterNameCharacters else {
            throw validation("Parameter name must not be empty and contain only letters, numbers and the symbols .-_/.")
        }
        let first = (name.hasPrefix("/") ? name.dropFirst() : name[...]).lowercased()
        if first.hasPrefix("aws") || first.hasPrefix("ssm") {
            throw validation("Parameter name: can't be prefixed with \"aws\" or \"ssm\" (case-insensitive).")
        }
        if name.contains("/"), !name.hasPrefix("/") {
            throw validation("Parameter name must be a fully qualified name.")
        }
        if name.split(separator: "/").count > Limits.parameterLevels {
            throw APIError(
                code: "HierarchyLevelLimitExceededException",
                message: "A parameter name can have at most \(Limits.parameterLevels) levels.")
        }
    }

    func getParameters(_ input: Input) throws(APIError) -> Value {
        let names = try input.strings("Names") ?? []
        guard (1...Limits.parametersPerCall).contains(names.count) else {
            let bound =
                names.isEmpty ? "greater than or equal to 1" : "less than or equal to \(Limits.parametersPerCall)"
            throw World.validation(
                "1 validation error detected: Value '[\(names.joined(separator: ", "))]' at 'names' failed to satisfy "
                    + "constraint: Member must have length \(bound)")
        }
        let decrypts = try input.boolean("WithDecryption") ?? false
        var found: [Value] = []
        var invalid: [Value] = []
        for name in names {
            if let parameter = described(name, decrypts: decrypts) {
                found.append(parameter)
            } else {
                invalid.append(.string(name))
            }
        }
        return ["Parameters": .list(found), "InvalidParameters": .list(invalid)]
    }

    /// The parameter of a name or ARN, with a version behind a colon or without; nil where there is none.
    private func described(_ asked: String, decrypts: Bool) -> Value? {
        var name = asked
        var version: Int?
        if asked.hasPrefix("arn:") {
            let parts = asked.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
            guard parts.count >= 6 else { return nil }
            name = parameters.first { $0.arn == parts[0..<6].joined(separator: ":") }?.name ?? ""
            if parts.count > 6 { version = Int(parts[6]) ?? 0 }
        } else if let colon = asked.lastIndex(of: ":") {
            name = String(asked[..<colon])
            version = Int(asked[asked.index(after: colon)...]) ?? 0
        }
        guard let position = parameterPositions[name] else { return nil }
        let record = parameters[position]
        let number = version ?? record.values.count
        guard (1...record.values.count).contains(number) else { return nil }
        // What is encrypted is shown as it lies in the store: text that says nothing.
        let isHidden = record.type == "SecureString" && !decrypts
        let cipher = "AQICAHh" + random.urlSafeID(.accessKey, UInt64(position), number)
        let value = isHidden ? cipher : record.values[number - 1]
        return .map(present: [
            ("Name", .string(record.name)), ("Type", .string(record.type)), ("Value", .string(value)),
            ("Version", .integer(number)), ("Selector", version.map { .string(":\($0)") }),
            ("LastModifiedDate", .timestamp(record.modifiedAt)), ("ARN", .string(record.arn)), ("DataType", "text"),
        ])
    }
}
