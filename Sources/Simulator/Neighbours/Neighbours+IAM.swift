import MooringShapes

/// The roles of an account.
struct RoleStore: Equatable, Sendable {
    struct Role: Equatable, Sendable {
        let name: String
        let path: String
        let arn: String
        let id: String
        let createdAt: Int64
        var trust: String
        var description: String?
        var duration: Int
        var tags: [[String]] = []
        /// ARNs of managed policies.
        var attached: [String] = []
        var inline: [Policy] = []
    }

    struct Policy: Equatable, Sendable {
        let name: String
        let document: String
    }

    var roles: [Role] = []
    var made = 0

    /// A role by its name or ARN.
    func position(of name: String) -> Int? { roles.firstIndex { $0.name == name || $0.arn == name } }
}

/// IAM, as far as roles are made and looked up, and permissions asked about.
/// Source: API reference of IAM; the wordings from public reports.
extension World {
    mutating func answerIAM(_ operation: String, _ input: Input) throws(APIError) -> Value {
        switch operation {
        case "CreateRole": try createRole(input)
        case "GetRole": ["Role": World.described(neighbours.roles.roles[try role(input)], withTags: true)]
        case "ListRoles": try listRoles(input)
        case "UpdateRole", "UpdateAssumeRolePolicy": try updateRole(input)
        case "DeleteRole": try deleteRole(input)
        case "TagRole", "UntagRole": try tagRole(input)
        case "ListRoleTags":
            ["Tags": World.tags(of: neighbours.roles.roles[try role(input)]), "IsTruncated": false]
        case "AttachRolePolicy", "DetachRolePolicy": try attachPolicy(input, attaches: operation.hasPrefix("A"))
        case "ListAttachedRolePolicies": try listAttached(input)
        case "PutRolePolicy": try putRolePolicy(input)
        case "GetRolePolicy": try getRolePolicy(input)
        case "DeleteRolePolicy": try deleteRolePolicy(input)
        case "ListRolePolicies":
            [
                "PolicyNames": .list(neighbours.roles.roles[try role(input)].inline.map { .string($0.name) }),
                "IsTruncated": false,
            ]
        case "ListInstanceProfilesForRole":
            // Instance profiles cannot be made here, so a role that is there is in none.
            { _ in ["InstanceProfiles": [], "IsTruncated": false] }(try role(input))
        case "SimulatePrincipalPolicy": try simulatePolicy(input)
        default:
            throw APIError(
                code: "InvalidAction", message: "Could not find operation \(operation) for version 2010-05-08")
        }
    }

    private mutating func createRole(_ input: Input) throws(APIError) -> Value {
        let name = try input.string("RoleName") ?? ""
        let isAllowed = name.unicodeScalars.allSatisfy {
            Names.isWordOrHyphen(String($0)) || "+=,.@".unicodeScalars.contains($0)
        }
        guard !name.isEmpty, name.utf8.count <= 64, isAllowed else {
            throw APIError(
                code: "ValidationError",
                message:
                    "The specified value for roleName is invalid. It must contain only alphanumeric characters and/or "
                    + "the following: +=,.@_-")
        }
        if neighbours.roles.roles.contains(where: { $0.name == name }) {
            throw APIError(
                code: "EntityAlreadyExists", message: "Role with name \(name) already exists.", status: 409)
        }
        let trust = try input.string("AssumeRolePolicyDocument") ?? ""
        try World.check(policy: trust)
        let path = try input.string("Path") ?? "/"
        neighbours.roles.made += 1
        let key = random.accessKey(KeyedRandom.scope("role", name), neighbours.roles.made)
        neighbours.roles.roles.append(
            RoleStore.Role(
                name: name, path: path, arn: "arn:\(partition):iam::\(account):role\(path)\(name)",
                id: "AROA" + key.dropFirst(4), createdAt: now, trust: trust,
                description: try input.string("Description"),
                duration: try input.integer("MaxSessionDuration") ?? 3600,
                tags: try NeighbourTags(list: try input.maps("Tags") ?? []).tags.map { [$0.key, $0.value] }))
        return ["Role": World.described(neighbours.roles.roles[neighbours.roles.roles.count - 1], withTags: true)]
    }

    private static func check(policy: String) throws(APIError) {
        let document = try? JSONReader.value(of: Array(policy.utf8))
        guard document?.members != nil else {
            throw APIError(code: "MalformedPolicyDocument", message: "This policy contains invalid Json")
        }
    }

    private func listRoles(_ input: Input) throws(APIError) -> Value {
        let prefix = try input.string("PathPrefix") ?? "/"
        let found = neighbours.roles.roles.filter { $0.path.hasPrefix(prefix) }.sorted { $0.name < $1.name }
        let page = try NeighbourPage(
            found, of: input, token: try input.string("Marker"), size: try input.integer("MaxItems") ?? 100,
            invalid: APIError(code: "ValidationError", message: "Invalid Marker."))
        return .map(present: [
            ("Roles", .list(page.elements.map { World.described($0, withTags: false) })),
            ("IsTruncated", .boolean(page.next != nil)), ("Marker", page.next),
        ])
    }

    private mutating func updateRole(_ input: Input) throws(APIError) -> Value {
        let position = try role(input)
        if let trust = try input.string("PolicyDocument") {
            try World.check(policy: trust)
            neighbours.roles.roles[position].trust = trust
        }
        if let text = try input.string("Description") { neighbours.roles.roles[position].description = text }
        if let duration = try input.integer("MaxSessionDuration") {
            neighbours.roles.roles[position].duration = duration
        }
        return [:]
    }

    private mutating func deleteRole(_ input: Input) throws(APIError) -> Value {
        let position = try role(input)
        let role = neighbours.roles.roles[position]
        if !role.attached.isEmpty || !role.inline.isEmpty {
            throw APIError(
                code: "DeleteConflict",
                message: role.attached.isEmpty
                    ? "Cannot delete entity, must delete policies first."
                    : "Cannot delete entity, must detach all policies first.", status: 409)
        }
        neighbours.roles.roles.remove(at: position)
        return [:]
    }

    private mutating func tagRole(_ input: Input) throws(APIError) -> Value {
        let position = try role(input)
        let gone = try input.strings("TagKeys") ?? []
        neighbours.roles.roles[position].tags.removeAll { gone.contains($0[0]) }
        for tag in try NeighbourTags(list: try input.maps("Tags") ?? []).tags {
            neighbours.roles.roles[position].tags.removeAll { $0[0] == tag.key }
            neighbours.roles.roles[position].tags.append([tag.key, tag.value])
        }
        return [:]
    }

    // MARK: Policies

    private mutating func attachPolicy(_ input: Input, attaches: Bool) throws(APIError) -> Value {
        let position = try role(input)
        let arn = try input.string("PolicyArn") ?? ""
        if !attaches, !neighbours.roles.roles[position].attached.contains(arn) {
            throw World.noEntity("Policy \(arn) was not found.")
        }
        neighbours.roles.roles[position].attached.removeAll { $0 == arn }
        if attaches { neighbours.roles.roles[position].attached.append(arn) }
        return [:]
    }

    private func listAttached(_ input: Input) throws(APIError) -> Value {
        let attached = neighbours.roles.roles[try role(input)].attached.map { arn -> Value in
            ["PolicyName": .string(arn.split(separator: "/").last.map(String.init) ?? arn), "PolicyArn": .string(arn)]
        }
        return ["AttachedPolicies": .list(attached), "IsTruncated": false]
    }

    private mutating func putRolePolicy(_ input: Input) throws(APIError) -> Value {
        let position = try role(input)
        let name = try input.string("PolicyName") ?? ""
        let document = try input.string("PolicyDocument") ?? ""
        try World.check(policy: document)
        neighbours.roles.roles[position].inline.removeAll { $0.name == name }
        neighbours.roles.roles[position].inline.append(RoleStore.Policy(name: name, document: document))
        return [:]
    }

    private func getRolePolicy(_ input: Input) throws(APIError) -> Value {
        let role = neighbours.roles.roles[try role(input)]
        let name = try input.string("PolicyName") ?? ""
        guard let policy = role.inline.first(where: { $0.name == name }) else {
            throw World.noEntity("The role policy with name \(name) cannot be found.")
        }
        return [
            "RoleName": .string(role.name), "PolicyName": .string(name),
            "PolicyDocument": .string(Wire.percentEncoded(policy.document)),
        ]
    }

    private mutating func deleteRolePolicy(_ input: Input) throws(APIError) -> Value {
        let position = try role(input)
        let name = try input.string("PolicyName") ?? ""
        guard neighbours.roles.roles[position].inline.contains(where: { $0.name == name }) else {
            throw World.noEntity("The role policy with name \(name) cannot be found.")
        }
        neighbours.roles.roles[position].inline.removeAll { $0.name == name }
        return [:]
    }

    /// Answered from the scenario: what it always denies is denied, everything else is allowed.
    private func simulatePolicy(_ input: Input) throws(APIError) -> Value {
        let resources = try input.strings("ResourceArns") ?? ["*"]
        var results: [Value] = []
        for action in try input.strings("ActionNames") ?? [] {
            let operation = action.split(separator: ":").last.map(String.init) ?? action
            let isDenied = scenario.faults.contains { rule in
                guard case .accessDenied = rule.fault, case .always = rule.occurrence else { return false }
                if let from = rule.from, now < from { return false }
                if let until = rule.until, now >= until { return false }
                return rule.operation == "*" || rule.operation == operation
            }
            for resource in resources {
                results.append([
                    "EvalActionName": .string(action), "EvalResourceName": .string(resource),
                    "EvalDecision": isDenied ? "implicitDeny" : "allowed", "MatchedStatements": [],
                    "MissingContextValues": [],
                ])
            }
        }
        return ["EvaluationResults": .list(results), "IsTruncated": false]
    }

    // MARK: Finding and describing

    private static func noEntity(_ message: String) -> APIError {
        APIError(code: "NoSuchEntity", message: message, status: 404)
    }

    private func role(_ input: Input) throws(APIError) -> Int {
        let name = try input.string("RoleName") ?? ""
        guard let position = neighbours.roles.roles.firstIndex(where: { $0.name == name }) else {
            throw World.noEntity("The role with name \(name) cannot be found.")
        }
        return position
    }

    private static func tags(of role: RoleStore.Role) -> Value {
        .list(role.tags.map { ["Key": .string($0[0]), "Value": .string($0[1])] })
    }

    private static func described(_ role: RoleStore.Role, withTags: Bool) -> Value {
        .map(present: [
            ("Path", .string(role.path)), ("RoleName", .string(role.name)), ("RoleId", .string(role.id)),
            ("Arn", .string(role.arn)), ("CreateDate", .string(CalendarTime.iso8601(now: role.createdAt))),
            ("AssumeRolePolicyDocument", .string(Wire.percentEncoded(role.trust))),
            ("Description", role.description.map { .string($0) }), ("MaxSessionDuration", .integer(role.duration)),
            ("Tags", withTags && !role.tags.isEmpty ? tags(of: role) : nil),
        ])
    }
}
