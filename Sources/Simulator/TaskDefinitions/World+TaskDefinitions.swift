import MooringShapes

/// RegisterTaskDefinition and what reads revisions.
extension World {
    mutating func registerTaskDefinition(_ input: Input, _ caller: Caller) throws(APIError) -> Value {
        let family = try TaskDefinitionRules.check(input)
        let tags = try TagRules.tags(input)
        let position: Int
        if let known = familyPositions[family] {
            position = known
        } else {
            position = families.count
            families.append(FamilyRecord(name: family))
            familyPositions[family] = position
        }
        let revision = families[position].revisions.count + 1
        let arn = self.arn("task-definition/\(family):\(revision)")
        let described = TaskDefinitionEcho.described(
            input, arn: arn, revision: revision, registeredAt: now, registeredBy: caller.arn,
            names: longNames)
        let record = TaskDefinitionRecord(
            arn: arn, revision: revision, described: described, tags: tags, visibleAt: nextVisibility(),
            summary: TaskDefinitionEcho.summary(of: described),
        )
        families[position].revisions.append(record)
        // Tags come beside the definition, and only where there are any to show.
        // Source: `register-task-definition/cloud-custodian…json`.
        return .map(
            present: [
                ("taskDefinition", World.described(record)),
                ("tags", tags.isEmpty ? nil : .list(tags.map(\.described))),
            ])
    }

    func describeTaskDefinition(_ input: Input) throws(APIError) -> Value {
        guard let name = try input.string("taskDefinition"), !name.isEmpty else {
            throw .client("Task definition cannot be empty.")
        }
        // Source of the wording: what the AWS CLI prints for an unknown family, seen in many public reports.
        guard let record = find(name, seenAt: now), record.visibleAt <= now, !record.isGone else {
            throw .client("Unable to describe task definition.")
        }
        var output = Value.map([("taskDefinition", World.described(record))])
        if try input.strings("include")?.contains("TAGS") == true {
            output["tags"] = .list(record.tags.map(\.described))
        }
        return output
    }

    mutating func deregisterTaskDefinition(_ input: Input) throws(APIError) -> Value {
        guard let name = try input.string("taskDefinition"), !name.isEmpty else {
            throw .client("Task definition cannot be empty.")
        }
        try World.checkRevisionNumber(name)
        guard let position = position(ofRevision: name),
            !families[position.family].revisions[position.revision].isGone
        else {
            throw .client("The specified task definition does not exist.")
        }
        families[position.family].revisions[position.revision].isActive = false
        families[position.family].revisions[position.revision].deregisteredAt = now
        return .map([("taskDefinition", World.described(families[position.family].revisions[position.revision]))])
    }

    func listTaskDefinitions(_ input: Input) throws(APIError) -> Value {
        let prefix = try input.string("familyPrefix")
        let status = try input.choice("status", of: ["ACTIVE", "INACTIVE", "DELETE_IN_PROGRESS"]) ?? "ACTIVE"
        let sort = try input.choice("sort", of: ["ASC", "DESC"]) ?? "ASC"
        var arns: [String] = []
        // The prefix is the whole family name here. Source: API reference, ListTaskDefinitions `familyPrefix`.
        for family in families.sorted(by: { $0.name < $1.name }) where prefix == nil || family.name == prefix {
            for record in family.revisions where record.visibleAt <= now && !record.isGone && record.status == status {
                arns.append(record.arn)
            }
        }
        if sort == "DESC" { arns.reverse() }
        let page = try Paging.page(arns, input, byDefault: Limits.listedAtMost)
        return page.value("taskDefinitionArns") { .string($0) }
    }

    func listTaskDefinitionFamilies(_ input: Input) throws(APIError) -> Value {
        let prefix = try input.string("familyPrefix") ?? ""
        let status = try input.choice("status", of: ["ACTIVE", "INACTIVE", "ALL"]) ?? "ACTIVE"
        let names = families.filter { family in
            guard family.name.hasPrefix(prefix), family.revisions.contains(where: { $0.visibleAt <= now && !$0.isGone })
            else {
                return false
            }
            switch status {
            case "ACTIVE": return family.latestActive != nil
            case "INACTIVE": return family.latestActive == nil
            default: return true
            }
        }
        let page = try Paging.page(names.map(\.name).sorted(), input, byDefault: Limits.listedAtMost)
        return page.value("families") { .string($0) }
    }

    // MARK: Finding

    /// A revision by `family`, `family:revision` or ARN. A family alone means its newest ACTIVE revision.
    ///
    /// - Parameter time: when a reader asks, who does not see the newest writes; nil for writes, which see everything.
    func find(_ name: String, seenAt time: Int64? = nil) -> TaskDefinitionRecord? {
        if let family = familyPositions[name] {
            return families[family].revisions.last { $0.isActive && (time ?? .max) >= $0.visibleAt }
        }
        return position(ofRevision: name).map { families[$0.family].revisions[$0.revision] }
    }

    /// Positions of a revision, deleted ones included, that is named exactly: by `family:revision`, or by an ARN of this
    /// account and region.
    func position(ofRevision name: String) -> (family: Int, revision: Int)? {
        var text = name[...]
        if name.hasPrefix("arn:") {
            let prefix = arn("task-definition/")
            guard name.hasPrefix(prefix) else { return nil }
            text = name.dropFirst(prefix.count)
        }
        guard let colon = text.lastIndex(of: ":"), let number = Int(text[text.index(after: colon)...]), number > 0,
            String(number) == text[text.index(after: colon)...], let family = familyPositions[String(text[..<colon])],
            families[family].revisions.indices.contains(number - 1)
        else { return nil }
        return (family, number - 1)
    }

    /// Source of the wording: API reference, DeregisterTaskDefinition: "You must specify a revision".
    private static func checkRevisionNumber(_ name: String) throws(APIError) {
        let text = name.hasPrefix("arn:") ? name.split(separator: "/").last ?? "" : name[...]
        let number = text.lastIndex(of: ":").map { text[text.index(after: $0)...] } ?? text
        if !text.contains(":") || Int(number) == nil {
            throw .client("Invalid revision number. Number: \(number)")
        }
    }

    /// A revision that a service or task may be started with.
    func usable(_ name: String) throws(APIError) -> TaskDefinitionRecord {
        guard let record = find(name) else { throw .client("TaskDefinition not found.") }
        guard record.isActive else { throw .client("TaskDefinition is inactive") }
        return record
    }

    static func described(_ record: TaskDefinitionRecord) -> Value {
        // Deregistering answers INACTIVE without `deregisteredAt`; deleting shows it.
        // Source: `captures/findings.md`, section 4.
        let described = record.described.setting("status", to: .string(record.status))
        guard let requested = record.deleteRequestedAt else { return described }
        return described.setting("deregisteredAt", to: record.deregisteredAt.map { .timestamp($0) })
            .setting("deleteRequestedAt", to: .timestamp(requested))
    }
}
