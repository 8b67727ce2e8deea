import MooringShapes

/// Tags of clusters, services, tasks and task definitions.
extension World {
    /// Where a tagged resource is.
    private enum Tagged {
        case cluster(Int)
        case service(Int)
        case task(Int)
        case revision(family: Int, revision: Int)
        case capacityProvider(Int)
        case instance(cluster: Int, index: Int)
        case taskSet(service: Int, index: Int)
    }

    mutating func tagResource(_ input: Input) throws(APIError) -> Value {
        let target = try tagged(input)
        guard input.has("tags") else { throw .invalidParameter("Tags can not be empty.") }
        let added = try TagRules.tags(input)
        var tags = tags(of: target)
        for tag in added {
            if let index = tags.firstIndex(where: { $0.key == tag.key }) { tags[index] = tag } else { tags.append(tag) }
        }
        if tags.count > Limits.tags {
            throw .invalidParameter("The maximum number of tags (\(Limits.tags)) has been exceeded.")
        }
        set(tags, on: target)
        return [:]
    }

    mutating func untagResource(_ input: Input) throws(APIError) -> Value {
        let target = try tagged(input)
        guard let keys = try input.strings("tagKeys") else { throw .invalidParameter("TagKeys can not be empty.") }
        set(tags(of: target).filter { !keys.contains($0.key) }, on: target)
        return [:]
    }

    func listTags(_ input: Input) throws(APIError) -> Value {
        let target = try tagged(input)
        if case .service(let position) = target, services[position].isStale, services[position].staleUntil > now {
            guard let stale = services[position].staleView else { throw World.notTaggable }
            return .map([("tags", stale.tags)])
        }
        return .map([("tags", .list(tags(of: target).map(\.described)))])
    }

    private static let notTaggable = APIError(
        code: "ResourceNotFoundException", message: "The specified resource could not be found.")

    private func tagged(_ input: Input) throws(APIError) -> Tagged {
        guard let arn = try input.string("resourceArn"), arn.hasPrefix(self.arn("")) else {
            throw .invalidParameter("The specified resource ARN is invalid.")
        }
        let parts = arn.dropFirst(self.arn("").count).split(separator: "/").map(String.init)
        switch (parts.first, parts.count) {
        case ("cluster", 2):
            if let position = clusterPositions[parts[1]] { return .cluster(position) }
        case ("service", 2), ("task", 2):
            // Source of the wording: Developer Guide, tagging; old ARNs have no cluster.
            throw .invalidParameter("Long arn format must be used for tagging operations")
        case ("service", 3):
            if let position = servicePositions["\(parts[1])/\(parts[2])"], services[position].status != .inactive {
                return .service(position)
            }
        case ("task", 3):
            if let ordinal = taskPositions[parts[2]] { return .task(ordinal) }
        case ("task-definition", 2):
            if let (family, revision) = position(ofRevision: arn), !families[family].revisions[revision].isGone {
                return .revision(family: family, revision: revision)
            }
        case ("task-set", 5):
            if let service = servicePositions["\(parts[1])/\(parts[2])"],
                let index = services[service].taskSets.firstIndex(where: { $0.arn == arn })
            {
                return .taskSet(service: service, index: index)
            }
        case ("capacity-provider", 2):
            if let position = capacityProviders.firstIndex(where: { $0.arn == arn && $0.status == "ACTIVE" }) {
                return .capacityProvider(position)
            }
        case ("container-instance", 3):
            if let cluster = clusterPositions[parts[1]], let index = instanceIndex(arn, cluster: cluster) {
                return .instance(cluster: cluster, index: index)
            }
        default: throw .invalidParameter("The specified resource ARN is invalid.")
        }
        throw World.notTaggable
    }

    private func tags(of target: Tagged) -> [Tag] {
        switch target {
        case .cluster(let position): clusters[position].tags
        case .service(let position): services[position].tags
        case .task(let ordinal): tasks[ordinal]?.tags ?? []
        case .revision(let family, let revision): families[family].revisions[revision].tags
        case .capacityProvider(let position): capacityProviders[position].tags
        case .instance(let cluster, let index): clusters[cluster].machines[index].tags
        case .taskSet(let service, let index): services[service].taskSets[index].tags
        }
    }

    private mutating func set(_ tags: [Tag], on target: Tagged) {
        switch target {
        case .cluster(let position): clusters[position].tags = tags
        case .service(let position):
            hide(position, as: snapshot(position))
            services[position].tags = tags
        case .task(let ordinal): tasks[ordinal]?.tags = tags
        case .revision(let family, let revision): families[family].revisions[revision].tags = tags
        case .capacityProvider(let position): capacityProviders[position].tags = tags
        case .instance(let cluster, let index): change(instance: index, cluster: cluster) { $0.tags = tags }
        case .taskSet(let service, let index): services[service].taskSets[index].tags = tags
        }
    }
}

/// What tags may be. Source: API reference, Tag and TagResource.
enum TagRules {
    /// The `tags` member, empty where it is missing.
    static func tags(_ input: Input) throws(APIError) -> [Tag] {
        guard let sent = try input.maps("tags") else { return [] }
        // Source: `errors.tsv`, record 71302538432.
        if sent.isEmpty { throw .client("Tags can not be empty.") }
        if sent.count > Limits.tags {
            throw .invalidParameter("The maximum number of tags (\(Limits.tags)) has been exceeded.")
        }
        var tags: [Tag] = []
        for entry in sent {
            guard let key = try entry.string("key"), !key.isEmpty else {
                throw .invalidParameter("Tag key can not be empty.")
            }
            let value = try entry.string("value") ?? ""
            if key.count > Limits.tagKeyCharacters || value.count > Limits.tagValueCharacters {
                throw .invalidParameter("Tag \(key.prefix(40)) is too long.")
            }
            if key.lowercased().hasPrefix("aws:") {
                throw .invalidParameter("aws: prefixed tag key names are not allowed for external use.")
            }
            if !isAllowed(key) || !isAllowed(value) {
                throw .invalidParameter("Tag \(key) contains invalid characters.")
            }
            if tags.contains(where: { $0.key == key }) { throw .invalidParameter("Duplicate tag keys found: \(key).") }
            tags.append(Tag(key: key, value: value))
        }
        return tags
    }

    /// Letters, digits, spaces and `+ - = . _ : / @`. Source: API reference, Tag.
    private static func isAllowed(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { scalar in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil || scalar == " "
                || "+-=._:/@".unicodeScalars.contains(scalar)
        }
    }
}
