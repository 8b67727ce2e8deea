import MooringShapes

/// A parameter of Systems Manager.
struct ParameterRecord: Sendable {
    let name: String
    let arn: String
    var type: String
    /// Oldest first; versions before them are forgotten.
    var values: [String]
    var forgotten = 0
    var modifiedAt: Int64

    /// The newest version's number; the first is 1.
    var version: Int { forgotten + values.count }
}

/// Systems Manager, as far as manifests refer to it: parameters that are set and read.
/// Source: API reference of Systems Manager, GetParameters and PutParameter; the wordings from botocore's and moto's tests of
/// what AWS answers.
extension World {
    private static func validation(_ message: String) -> APIError {
        APIError(code: "ValidationException", message: message)
    }

    mutating func answerParameters(_ operation: String, _ input: Input) throws(APIError) -> Value {
        switch operation {
        case "GetParameters": try getParameters(input)
        case "GetParameter": try getParameter(input)
        case "PutParameter": try putParameter(input)
        case "DescribeParameters": try describeParameters(input)
        case "DeleteParameter": try deleteParameter(input)
        default: throw .unknownOperation(operation)
        }
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
            if parameters[position].values.count > Limits.parameterVersions {
                parameters[position].values.removeFirst()
                parameters[position].forgotten += 1
            }
            parameters[position].type = type ?? parameters[position].type
            parameters[position].modifiedAt = now
            return ["Version": .integer(parameters[position].version), "Tier": "Standard"]
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

    func getParameter(_ input: Input) throws(APIError) -> Value {
        let name = try input.string("Name") ?? ""
        guard let parameter = described(name, decrypts: try input.boolean("WithDecryption") ?? false) else {
            // AWS answers without words here. Source: public reports of the AWS CLI print nothing behind the code.
            throw APIError(code: "ParameterNotFound", message: "")
        }
        return ["Parameter": parameter]
    }

    mutating func deleteParameter(_ input: Input) throws(APIError) -> Value {
        guard let position = parameterPositions.removeValue(forKey: try input.string("Name") ?? "") else {
            throw APIError(code: "ParameterNotFound", message: "")
        }
        parameters[position].values = []
        return [:]
    }

    /// Filters by name and type, as `ParameterFilters` or the older `Filters` say it.
    func describeParameters(_ input: Input) throws(APIError) -> Value {
        var found = parameters.indices.filter { parameterPositions[parameters[$0].name] == $0 }.map { parameters[$0] }
        for filter in (try input.maps("ParameterFilters") ?? []) + (try input.maps("Filters") ?? []) {
            let key = try filter.string("Key") ?? ""
            let option = try filter.string("Option") ?? (key == "Path" ? "OneLevel" : "Equals")
            let values = try filter.strings("Values") ?? []
            found = found.filter { parameter in
                let text = key == "Type" ? parameter.type : parameter.name
                return values.contains { value in
                    switch option {
                    case "BeginsWith", "Recursive", "OneLevel": text.hasPrefix(value)
                    case "Contains": text.contains(value)
                    default: text == value
                    }
                }
            }
        }
        let page = try NeighbourPage(
            found, of: input, token: try input.string("NextToken"), size: try input.integer("MaxResults") ?? 50,
            invalid: APIError(code: "InvalidNextToken", message: "The specified token isn't valid."))
        let shown = page.elements.map { record -> Value in
            [
                "Name": .string(record.name), "ARN": .string(record.arn), "Type": .string(record.type),
                "LastModifiedDate": .timestamp(record.modifiedAt), "Version": .integer(record.version),
                "Tier": "Standard", "Policies": [], "DataType": "text",
            ]
        }
        return .map(present: [("Parameters", .list(shown)), ("NextToken", page.next)])
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
        let number = version ?? record.version
        guard number > record.forgotten, number <= record.version else { return nil }
        // What is encrypted is shown as it lies in the store: text that says nothing.
        let isHidden = record.type == "SecureString" && !decrypts
        let cipher = "AQICAHh" + random.urlSafeID(.accessKey, UInt64(position), number)
        let value = isHidden ? cipher : record.values[number - record.forgotten - 1]
        return .map(present: [
            ("Name", .string(record.name)), ("Type", .string(record.type)), ("Value", .string(value)),
            ("Version", .integer(number)), ("Selector", version.map { .string(":\($0)") }),
            ("LastModifiedDate", .timestamp(record.modifiedAt)), ("ARN", .string(record.arn)), ("DataType", "text"),
        ])
    }
}
