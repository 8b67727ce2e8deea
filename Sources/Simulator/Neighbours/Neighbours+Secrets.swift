import MooringShapes

/// The secrets of Secrets Manager.
struct SecretStore: Sendable {
    struct Secret: Sendable {
        let name: String
        let arn: String
        var description: String?
        let key: String?
        let createdAt: Int64
        var changedAt: Int64
        var deletionAt: Int64?
        var tags: NeighbourTags
        /// Oldest first; the last is AWSCURRENT.
        var versions: [Version] = []
        var madeVersions = 0

        /// Drops the oldest versions without a stage beyond the bound.
        mutating func forgetVersions() {
            while versions.count > Limits.secretVersions,
                let index = versions.firstIndex(where: { $0.stages.isEmpty })
            {
                versions.remove(at: index)
            }
        }
    }

    struct Version: Sendable {
        let id: String
        let text: String?
        let binary: String?
        let createdAt: Int64
        var stages: [String]
    }

    var secrets: [Secret] = []
    var made = 0

    /// A secret that can be read, by name, by ARN with or without its six random characters, or as a task definition refers
    /// to it: the ARN with `:json-key:stage:version` behind.
    func position(of reference: String) -> Int? {
        guard let position = anyPosition(of: reference), secrets[position].deletionAt == nil else { return nil }
        return position
    }

    /// The same, secrets that wait for their deletion included.
    func anyPosition(of reference: String) -> Int? {
        guard reference.hasPrefix("arn:") else { return secrets.firstIndex { $0.name == reference } }
        let parts = reference.split(separator: ":", omittingEmptySubsequences: false)
        let arn = parts.prefix(7).joined(separator: ":")
        return secrets.firstIndex { $0.arn == arn || $0.arn.dropLast(7) == arn[...] }
    }
}

/// Secrets Manager, as far as secrets are made, looked up and read.
/// Source: API reference of Secrets Manager; the wordings from public reports.
extension World {
    private static func secretInvalid(_ message: String) -> APIError {
        APIError(code: "InvalidRequestException", message: message)
    }

    mutating func answerSecrets(_ operation: String, _ input: Input) throws(APIError) -> Value {
        forgetDeletedSecrets()
        switch operation {
        case "CreateSecret": return try createSecret(input)
        case "DescribeSecret": return try describeSecret(input)
        case "GetSecretValue": return try getSecretValue(input)
        case "PutSecretValue": return try putSecretValue(input)
        case "DeleteSecret": return try deleteSecret(input)
        case "RestoreSecret":
            let position = try secret(input)
            neighbours.secrets.secrets[position].deletionAt = nil
            return identity(neighbours.secrets.secrets[position])
        case "ListSecrets": return try listSecrets(input)
        case "TagResource":
            let position = try secret(input)
            neighbours.secrets.secrets[position].tags.merge(try NeighbourTags(list: try input.maps("Tags") ?? []))
            return [:]
        default: throw .unknownOperation(operation)
        }
    }

    /// What was to be deleted goes when somebody looks: nobody could see it any other way.
    private mutating func forgetDeletedSecrets() {
        neighbours.secrets.secrets.removeAll { secret in secret.deletionAt.map { $0 <= now } ?? false }
    }

    private mutating func createSecret(_ input: Input) throws(APIError) -> Value {
        let name = try input.string("Name") ?? ""
        let isAllowed = name.unicodeScalars.allSatisfy {
            Names.isWordOrHyphen(String($0)) || "/+=.@".unicodeScalars.contains($0)
        }
        guard !name.isEmpty, name.utf8.count <= 512, isAllowed else {
            throw APIError(
                code: "ValidationException",
                message:
                    "Invalid name. Must be a valid name containing alphanumeric characters, or any of the following: "
                    + "-/_+=.@!")
        }
        if let known = neighbours.secrets.anyPosition(of: name) {
            if neighbours.secrets.secrets[known].deletionAt != nil {
                throw World.secretInvalid(
                    "You can't create this secret because a secret with this name is already scheduled for deletion.")
            }
            throw APIError(
                code: "ResourceExistsException",
                message: "The operation failed because the secret \(name) already exists.")
        }
        neighbours.secrets.made += 1
        let id = random.uuid(.digest, KeyedRandom.scope("secret", name), neighbours.secrets.made)
        let suffix = id.filter { $0 != "-" }.prefix(6)
        let arn = "arn:\(partition):secretsmanager:\(region):\(account):secret:\(name)-\(suffix)"
        var secret = SecretStore.Secret(
            name: name, arn: arn, description: try input.string("Description"), key: try input.string("KmsKeyId"),
            createdAt: now, changedAt: now, tags: try NeighbourTags(list: try input.maps("Tags") ?? []))
        var answer = identity(secret)
        if input.has("SecretString") || input.has("SecretBinary") {
            let version = try newVersion(input, of: secret, stages: ["AWSCURRENT"])
            secret.versions = [version]
            secret.madeVersions = 1
            answer["VersionId"] = .string(version.id)
        }
        neighbours.secrets.secrets.append(secret)
        return answer
    }

    private func newVersion(
        _ input: Input, of secret: SecretStore.Secret, stages: [String],
    ) throws(APIError) -> SecretStore.Version {
        let text = try input.string("SecretString")
        let binary = try input.string("SecretBinary")
        if text != nil, binary != nil {
            throw APIError(
                code: "InvalidParameterException",
                message: "You can't specify both a binary secret value and a string secret value in the same secret.")
        }
        if text?.utf8.count ?? 0 > Limits.secretBytes || binary?.utf8.count ?? 0 > Limits.secretBytes * 4 / 3 + 4 {
            throw APIError(
                code: "InvalidParameterException",
                message: "The secret value must have at most \(Limits.secretBytes) bytes.")
        }
        let number = secret.madeVersions + 1
        return SecretStore.Version(
            id: try input.string("ClientRequestToken")
                ?? random.uuid(.digest, KeyedRandom.scope("version", secret.arn), number),
            text: text, binary: binary, createdAt: now, stages: stages)
    }

    private mutating func putSecretValue(_ input: Input) throws(APIError) -> Value {
        let position = try readableSecret(input)
        let stages = try input.strings("VersionStages") ?? ["AWSCURRENT"]
        let version = try newVersion(input, of: neighbours.secrets.secrets[position], stages: stages)
        if let known = neighbours.secrets.secrets[position].versions.first(where: { $0.id == version.id }) {
            guard known.text == version.text, known.binary == version.binary else {
                throw APIError(
                    code: "ResourceExistsException",
                    message:
                        "You can't use ClientRequestToken \(version.id) because that value is already in use for a "
                        + "version of secret \(neighbours.secrets.secrets[position].arn).")
            }
        } else {
            // A stage stands at one version; what was current becomes the one before.
            for index in neighbours.secrets.secrets[position].versions.indices {
                let wasCurrent = neighbours.secrets.secrets[position].versions[index].stages.contains("AWSCURRENT")
                neighbours.secrets.secrets[position].versions[index].stages.removeAll {
                    stages.contains($0) || (stages.contains("AWSCURRENT") && $0 == "AWSPREVIOUS")
                }
                if stages.contains("AWSCURRENT"), wasCurrent {
                    neighbours.secrets.secrets[position].versions[index].stages.append("AWSPREVIOUS")
                }
            }
            neighbours.secrets.secrets[position].versions.append(version)
            neighbours.secrets.secrets[position].madeVersions += 1
            neighbours.secrets.secrets[position].forgetVersions()
            neighbours.secrets.secrets[position].changedAt = now
        }
        return identity(neighbours.secrets.secrets[position]).setting("VersionId", to: .string(version.id))
            .setting("VersionStages", to: .list(stages.map { .string($0) }))
    }

    private func describeSecret(_ input: Input) throws(APIError) -> Value {
        let secret = neighbours.secrets.secrets[try secret(input)]
        let stages = secret.versions.filter { !$0.stages.isEmpty }.map { version in
            (version.id, Value.list(version.stages.map { .string($0) }))
        }
        return .map(present: [
            ("ARN", .string(secret.arn)), ("Name", .string(secret.name)),
            ("Description", secret.description.map { .string($0) }), ("KmsKeyId", secret.key.map { .string($0) }),
            ("LastChangedDate", .timestamp(secret.changedAt)), ("CreatedDate", .timestamp(secret.createdAt)),
            ("DeletedDate", secret.deletionAt.map { .timestamp($0) }),
            ("Tags", secret.tags.isEmpty ? nil : secret.tags.list),
            ("VersionIdsToStages", stages.isEmpty ? nil : .map(stages)),
        ])
    }

    private func getSecretValue(_ input: Input) throws(APIError) -> Value {
        let secret = neighbours.secrets.secrets[try readableSecret(input)]
        let id = try input.string("VersionId")
        let stage = try input.string("VersionStage") ?? (id == nil ? "AWSCURRENT" : nil)
        let version = secret.versions.last { version in
            (id.map { version.id == $0 } ?? true) && (stage.map { version.stages.contains($0) } ?? true)
        }
        guard let version else {
            let what = id.map { "VersionId: \($0)" } ?? "staging label: \(stage ?? "")"
            throw APIError(
                code: "ResourceNotFoundException",
                message: "Secrets Manager can't find the specified secret value for \(what)")
        }
        return .map(present: [
            ("ARN", .string(secret.arn)), ("Name", .string(secret.name)), ("VersionId", .string(version.id)),
            ("SecretString", version.text.map { .string($0) }), ("SecretBinary", version.binary.map { .string($0) }),
            ("VersionStages", .list(version.stages.map { .string($0) })),
            ("CreatedDate", .timestamp(version.createdAt)),
        ])
    }

    private mutating func deleteSecret(_ input: Input) throws(APIError) -> Value {
        let position = try readableSecret(input)
        let days = try input.integer("RecoveryWindowInDays")
        let isForced = try input.boolean("ForceDeleteWithoutRecovery") == true
        if isForced, days != nil {
            throw APIError(
                code: "InvalidParameterException",
                message: "You can't use ForceDeleteWithoutRecovery in conjunction with RecoveryWindowInDays.")
        }
        // Source: API reference, DeleteSecret `RecoveryWindowInDays`.
        if let days, !(7...30).contains(days) {
            throw APIError(
                code: "InvalidParameterException",
                message: "The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).")
        }
        let secret = neighbours.secrets.secrets[position]
        let at = isForced ? now : now + Int64(days ?? 30) * 86_400_000
        if isForced {
            neighbours.secrets.secrets.remove(at: position)
        } else {
            neighbours.secrets.secrets[position].deletionAt = at
        }
        return identity(secret).setting("DeletionDate", to: .timestamp(at))
    }

    private func listSecrets(_ input: Input) throws(APIError) -> Value {
        var found = neighbours.secrets.secrets
        if try input.boolean("IncludePlannedDeletion") != true { found = found.filter { $0.deletionAt == nil } }
        for filter in try input.maps("Filters") ?? [] where try filter.string("Key") == "name" {
            let values = try filter.strings("Values") ?? []
            found = found.filter { secret in values.contains { secret.name.hasPrefix($0) } }
        }
        let page = try NeighbourPage(
            found, of: input, token: try input.string("NextToken"), size: try input.integer("MaxResults") ?? 100,
            invalid: APIError(code: "InvalidNextTokenException", message: "The NextToken value is invalid."))
        let list = page.elements.map { secret -> Value in
            let stages = secret.versions.filter { !$0.stages.isEmpty }.map { version in
                (version.id, Value.list(version.stages.map { .string($0) }))
            }
            return .map(present: [
                ("ARN", .string(secret.arn)), ("Name", .string(secret.name)),
                ("Description", secret.description.map { .string($0) }),
                ("LastChangedDate", .timestamp(secret.changedAt)), ("CreatedDate", .timestamp(secret.createdAt)),
                ("DeletedDate", secret.deletionAt.map { .timestamp($0) }), ("Tags", secret.tags.list),
                ("SecretVersionsToStages", stages.isEmpty ? nil : .map(stages)),
            ])
        }
        return .map(present: [("SecretList", .list(list)), ("NextToken", page.next)])
    }

    private func identity(_ secret: SecretStore.Secret) -> Value {
        ["ARN": .string(secret.arn), "Name": .string(secret.name)]
    }

    private func secret(_ input: Input) throws(APIError) -> Int {
        guard let position = neighbours.secrets.anyPosition(of: try input.string("SecretId") ?? "") else {
            throw APIError(
                code: "ResourceNotFoundException", message: "Secrets Manager can't find the specified secret.")
        }
        return position
    }

    private func readableSecret(_ input: Input) throws(APIError) -> Int {
        let position = try secret(input)
        if neighbours.secrets.secrets[position].deletionAt != nil {
            throw World.secretInvalid(
                "You can't perform this operation on the secret because it was marked for deletion.")
        }
        return position
    }
}
