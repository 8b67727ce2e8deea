import MooringShapes

/// A request of AWS's query protocol: a form whose names spell out a tree, `Actions.member.1.TargetGroupArn=…`.
/// Source: the query protocol of botocore's serializer and of smithy's documentation ("AWS query protocol").
enum QueryRequest {
    static func read(_ request: WireRequest) -> Result<Wire.Call, APIError> {
        var action: String?
        var version = ""
        var root = Branch()
        var count = 0
        for pair in String(decoding: request.body, as: UTF8.self).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = Wire.unescaped(parts[0])
            let value = parts.count > 1 ? Wire.unescaped(parts[1]) : ""
            switch name {
            case "Action": action = value
            case "Version": version = value
            default:
                count += 1
                let path = name.split(separator: ".").map(String.init)
                guard count <= Limits.queryMembers, !path.isEmpty, path.count <= Limits.queryDepth else {
                    return .failure(APIError(code: "MalformedQueryString", message: "The query string is malformed."))
                }
                root.insert(value, at: path[...])
            }
        }
        guard let action else {
            return .failure(APIError(code: "MissingAction", message: "The request must contain the parameter Action."))
        }
        let operation = Operation(api(version: version, request), action)
        let table = InputShapes.table(of: operation.api)
        guard let shape = table.input(of: action) else {
            return .success(Wire.Call(operation: operation, input: [:]))
        }
        return .success(Wire.Call(operation: operation, input: root.value(as: shape, in: table)))
    }

    /// The API that a version belongs to; without one, the service that the request is signed for.
    private static func api(version: String, _ request: WireRequest) -> Operation.API {
        let apis: [Operation.API] = [.sts, .iam, .elasticLoadBalancing]
        if let known = apis.first(where: { $0.version == version }) { return known }
        let scope = request.header("authorization") ?? ""
        return apis.first { scope.contains("/\($0.rawValue)/aws4_request") } ?? .sts
    }

    /// A place in the tree: what stands there, or what is below, in the order of its coming.
    private struct Branch {
        var text: String?
        private var names: [String] = []
        private var branches: [Branch] = []
        private var positions: [String: Int] = [:]

        mutating func insert(_ value: String, at path: ArraySlice<String>) {
            guard let name = path.first else {
                text = value
                return
            }
            let position = positions[name] ?? branches.count
            if position == branches.count {
                positions[name] = position
                names.append(name)
                branches.append(Branch())
            }
            branches[position].insert(value, at: path.dropFirst())
        }

        private subscript(_ name: String) -> Branch? { positions[name].map { branches[$0] } }

        /// Elements by their numbers, which need not be without gaps.
        private var numbered: [Branch] {
            names.indices.compactMap { index in Int(names[index]).map { ($0, branches[index]) } }
                .sorted { $0.0 < $1.0 }.map(\.1)
        }

        /// The tree with the types of the shape. What does not fit is left as text, for the validator to refuse.
        func value(as shape: Shape, in table: ShapeTable) -> Value {
            switch shape.kind {
            case .structure(let structure):
                let known = structure.members.compactMap { member in
                    self[member.name].map { Value.Member(member.name, $0.value(as: table[member.shape], in: table)) }
                }
                return Value(.map(known))
            case .list(let element, _):
                // An empty list is the bare name. Source: smithy, "AWS query protocol".
                return .list((self["member"] ?? self).numbered.map { $0.value(as: table[element], in: table) })
            case .map(_, let element):
                let entries = (self["entry"] ?? self).numbered.compactMap { entry -> Value.Member? in
                    guard let key = entry["key"]?.text, let value = entry["value"] else { return nil }
                    return Value.Member(key, value.value(as: table[element], in: table))
                }
                return Value(.map(entries))
            case .integer, .double:
                let text = text ?? ""
                return Double(text) != nil ? Value(.scalar(Scalar(text: text, style: .number))) : .string(text)
            case .boolean:
                let text = text?.lowercased() ?? ""
                return ["true", "false"].contains(text) ? .boolean(text == "true") : .string(text)
            case .string, .timestamp, .blob, .document: return .string(text ?? "")
            }
        }
    }
}
