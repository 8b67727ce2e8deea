import MooringShapes

/// A capacity provider that somebody made; FARGATE and FARGATE_SPOT are there without a record.
struct CapacityProviderRecord: Sendable {
    let name: String
    let arn: String
    /// The cluster that a provider of managed instances belongs to.
    let cluster: String?
    var type: String
    var status = "ACTIVE"
    var updateStatus = "CREATE_COMPLETE"
    /// `autoScalingGroupProvider` or `managedInstancesProvider`.
    var provider: Value.Member
    var tags: [Tag]
}

/// Capacity providers, and which of them a cluster has.
/// Sources: API reference, CreateCapacityProvider and PutClusterCapacityProviders; the defaults from
/// `cloudformation-read/…CapacityProvider.CpADC102F4.json`; the wordings from public reports of Terraform's users.
extension World {
    private static let fargate = ["FARGATE", "FARGATE_SPOT"]

    mutating func createCapacityProvider(_ input: Input) throws(APIError) -> Value {
        guard let name = try input.string("name"), !name.isEmpty else {
            throw .client("Capacity provider name cannot be blank.")
        }
        let lowercase = name.lowercased()
        guard name.utf8.count <= 255, Names.isWordOrHyphen(name),
            !["aws", "ecs", "fargate"].contains(where: lowercase.hasPrefix)
        else {
            throw .client(
                "The specified capacity provider name is invalid. Up to 255 characters are allowed, including letters "
                    + "(uppercase and lowercase), numbers, underscores, and hyphens. The name cannot be prefixed with "
                    + "\"aws\", \"ecs\", or \"fargate\". Specify a valid name and try again.")
        }
        let group = try input.map("autoScalingGroupProvider")
        let managed = try input.map("managedInstancesProvider")
        guard (group == nil) != (managed == nil) else {
            throw .client("Exactly one of autoScalingGroupProvider and managedInstancesProvider must be specified.")
        }
        if capacityProviders.contains(where: { $0.name == name && $0.status != "INACTIVE" }) {
            throw .client(
                "The specified capacity provider already exists. To change the configuration of an existing capacity "
                    + "provider, update the capacity provider.")
        }
        var cluster: String?
        if managed != nil {
            guard input.has("cluster") else { throw .client("cluster is required for managed instances.") }
            cluster = clusters[try activeCluster(input)].name
        }
        let provider =
            group.map { Value.Member("autoScalingGroupProvider", World.filled(group: $0)) }
            ?? Value.Member("managedInstancesProvider", World.filled(managed: managed ?? [:]))
        let record = CapacityProviderRecord(
            name: name, arn: arn("capacity-provider/\(name)"), cluster: cluster,
            type: group == nil ? "MANAGED_INSTANCES" : "EC2_AUTOSCALING", provider: provider,
            tags: try TagRules.tags(input))
        capacityProviders.removeAll { $0.name == name }
        capacityProviders.append(record)
        return .map([("capacityProvider", World.described(record, withTags: true))])
    }

    private static func filled(group: Value) -> Value {
        let scaling = (group["managedScaling"] ?? [:]).filling("status", with: "DISABLED")
            .filling("targetCapacity", with: 100).filling("minimumScalingStepSize", with: 1)
            .filling("maximumScalingStepSize", with: 10_000).filling("instanceWarmupPeriod", with: 300)
        return group.setting("managedScaling", to: scaling)
            .filling("managedTerminationProtection", with: "DISABLED").filling("managedDraining", with: "ENABLED")
    }

    private static func filled(managed: Value) -> Value { managed.filling("propagateTags", with: "NONE") }

    func describeCapacityProviders(_ input: Input) throws(APIError) -> Value {
        let names = try input.strings("capacityProviders") ?? []
        if names.count > Limits.describedCapacityProviders {
            throw .invalidParameter(
                "capacityProviders can have at most \(Limits.describedCapacityProviders) items.")
        }
        let cluster = input.has("cluster") ? clusters[try activeCluster(input)].name : nil
        let withTags = try input.strings("include")?.contains("TAGS") == true
        var found: [Value] = []
        var failures: [Value] = []
        if names.isEmpty {
            found += World.fargate.map(described(fargate:))
            found += capacityProviders.filter { $0.status == "ACTIVE" && (cluster == nil || $0.cluster == cluster) }
                .map { World.described($0, withTags: withTags) }
        }
        for name in names {
            let short = shortProviderName(name)
            if World.fargate.contains(short) {
                found.append(described(fargate: short))
            } else if let record = capacityProviders.first(where: { $0.name == short }) {
                found.append(World.described(record, withTags: withTags))
            } else {
                failures.append(World.missing(name.hasPrefix("arn:") ? name : arn("capacity-provider/\(name)")))
            }
        }
        let page = try Paging.page(
            found, input, byDefault: Limits.capacityProvidersPerPage, atMost: Limits.capacityProvidersPerPage)
        return page.value("capacityProviders") { $0 }.setting("failures", to: .list(failures))
    }

    mutating func updateCapacityProvider(_ input: Input) throws(APIError) -> Value {
        let position = try providerPosition(try input.string("name"))
        let group = try input.map("autoScalingGroupProvider")
        let managed = try input.map("managedInstancesProvider")
        guard let change = group ?? managed else { throw .client("There is nothing to update.") }
        let expected = capacityProviders[position].provider.name
        guard input.has(expected) else {
            throw .client(
                "The capacity provider has no \(expected == "autoScalingGroupProvider" ? "managed instances" : "Auto Scaling group")."
            )
        }
        for member in change.members ?? [] {
            let old = capacityProviders[position].provider.value[member.name]
            // Objects are merged leaf by leaf, everything else is replaced.
            if let members = member.value.members, let old, old.members != nil {
                capacityProviders[position].provider.value[member.name] = members.reduce(old) {
                    $0.setting($1.name, to: $1.value)
                }
            } else {
                capacityProviders[position].provider.value[member.name] = member.value
            }
        }
        capacityProviders[position].updateStatus = "UPDATE_COMPLETE"
        return .map([("capacityProvider", World.described(capacityProviders[position], withTags: true))])
    }

    mutating func deleteCapacityProvider(_ input: Input) throws(APIError) -> Value {
        let name = try input.string("capacityProvider").map(shortProviderName)
        if let name, World.fargate.contains(name) {
            // Source: API reference, DeleteCapacityProvider: "reserved and cannot be deleted".
            throw .client("The FARGATE and FARGATE_SPOT capacity providers are reserved and cannot be deleted.")
        }
        let position = try providerPosition(name)
        let record = capacityProviders[position]
        if record.cluster == nil,
            let cluster = clusters.first(where: { $0.status == "ACTIVE" && $0.has(provider: record.name) })
        {
            throw .client(
                "The capacity provider cannot be deleted because it is associated with cluster: \(cluster.name). Remove "
                    + "the capacity provider from the cluster and try again.")
        }
        capacityProviders[position].status = "INACTIVE"
        capacityProviders[position].updateStatus = "DELETE_COMPLETE"
        return .map([("capacityProvider", World.described(capacityProviders[position], withTags: true))])
    }

    // MARK: Of a cluster

    mutating func putClusterCapacityProviders(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        let names = (try input.strings("capacityProviders") ?? []).map(shortProviderName)
        let strategy = try checkedStrategy(
            try input.maps("defaultCapacityProviderStrategy") ?? [], providers: names)
        for name in clusters[cluster].providerNames where !names.contains(name) {
            let isUsed = clusters[cluster].services.contains { position in
                services[position].status != .inactive
                    && services[position].settings.capacityProviderStrategy?.elements?
                        .contains { $0["capacityProvider"]?.text == name } == true
            }
            if isUsed {
                // Source: public reports of CloudFormation's and Terraform's users.
                throw APIError(
                    code: "ResourceInUseException",
                    message: "The specified capacity provider is in use and cannot be removed.")
            }
        }
        clusters[cluster].capacityProviders = .list(names.map { .string($0) })
        clusters[cluster].defaultCapacityProviderStrategy = strategy
        return .map([("cluster", described(cluster, include: ["TAGS", "SETTINGS", "CONFIGURATIONS"]))])
    }

    /// Checks the capacity providers of a cluster and its default strategy, and fills the strategy in.
    func checkedStrategy(_ strategy: [Input], providers: [String]) throws(APIError) -> Value {
        if providers.count > Limits.capacityProvidersPerCluster {
            throw .invalidParameter(
                "capacityProviders can have at most \(Limits.capacityProvidersPerCluster) items.")
        }
        for name in providers where !World.fargate.contains(name) && !isMade(name) { throw World.noProvider }
        for item in strategy {
            let name = shortProviderName(try item.string("capacityProvider") ?? "")
            guard providers.contains(name) else { throw World.foreignProvider }
        }
        try World.checkBases(strategy.map(\.value))
        return .list(strategy.map { $0.value.filling("weight", with: 0).filling("base", with: 0) })
    }

    /// One provider may have a base, and of several one must have a weight. A single one without weight is not refused here:
    /// the API reference says it of several.
    /// Sources: API reference, CapacityProviderStrategyItem; the words from rules that were tried on AWS (index records
    /// 66559452498 and 66458812980).
    static func checkNumbers(_ strategy: [Value]) throws(APIError) {
        try checkBases(strategy)
        if strategy.count > 1, !strategy.contains(where: { $0["weight"]?.integer ?? 0 > 0 }) {
            throw .invalidParameter(
                "There are no capacity providers in the capacity provider strategy with a weight value greater than zero."
            )
        }
    }

    private static func checkBases(_ strategy: [Value]) throws(APIError) {
        if strategy.count(where: { $0["base"]?.integer ?? 0 > 0 }) > 1 {
            throw .invalidParameter(
                "There are multiple capacity providers in the specified capacity provider strategy with a base value defined."
            )
        }
    }

    private static let noProvider = APIError.invalidParameter(
        "The specified capacity provider was not found. Specify a valid name or ARN and try again.")
    private static let foreignProvider = APIError.invalidParameter(
        "The specified capacity provider strategy cannot contain a capacity provider that is not associated with the "
            + "cluster. Associate the capacity provider with the cluster and try again.")

    private func isMade(_ name: String) -> Bool {
        capacityProviders.contains { $0.name == name && $0.status == "ACTIVE" }
    }

    /// Checks the providers of the strategy that a service or RunTask asks for.
    ///
    /// AWS refuses whatever is not associated with the cluster. Here FARGATE and FARGATE_SPOT are taken for associated where
    /// the cluster has no providers at all, and a name that nobody made here is refused only if the scenario is strict about
    /// capacity providers: most people who rehearse a rollout have not rebuilt their whole account.
    func checkProviders(of input: Input, cluster: Int) throws(APIError) {
        let associated = clusters[cluster].providerNames
        let strategy = try input.maps("capacityProviderStrategy") ?? []
        try World.checkNumbers(strategy.map(\.value))
        for item in strategy {
            let name = shortProviderName(try item.string("capacityProvider") ?? "")
            if associated.contains(name) { continue }
            if World.fargate.contains(name) {
                if !associated.isEmpty { throw World.foreignProvider }
                continue
            }
            let made = capacityProviders.first { $0.name == name && $0.status == "ACTIVE" }
            // A provider of managed instances belongs to its cluster from the start.
            if let made, made.cluster == clusters[cluster].name { continue }
            if made != nil, !associated.isEmpty { throw World.foreignProvider }
            if exists(.capacityProviders, name) == false { throw World.noProvider }
            if scenario.strict[.capacityProviders] { throw World.foreignProvider }
        }
    }

    // MARK: Finding and describing

    func shortProviderName(_ name: String) -> String {
        name.hasPrefix("arn:") ? name.split(separator: "/").last.map(String.init) ?? name : name
    }

    private func providerPosition(_ name: String?) throws(APIError) -> Int {
        let short = name.map(shortProviderName)
        guard let position = capacityProviders.firstIndex(where: { $0.name == short && $0.status == "ACTIVE" }) else {
            throw .client("The specified capacity provider does not exist. Specify a valid name or ARN and try again.")
        }
        return position
    }

    private func described(fargate name: String) -> Value {
        [
            "capacityProviderArn": .string(arn("capacity-provider/\(name)")), "name": .string(name),
            "status": "ACTIVE", "type": .string(name), "tags": [],
        ]
    }

    private static func described(_ record: CapacityProviderRecord, withTags: Bool) -> Value {
        .map(present: [
            ("capacityProviderArn", .string(record.arn)),
            ("name", .string(record.name)),
            ("cluster", record.cluster.map { .string($0) }),
            ("status", .string(record.status)),
            (record.provider.name, record.provider.value),
            ("updateStatus", .string(record.updateStatus)),
            ("tags", withTags ? .list(record.tags.map(\.described)) : []),
            ("type", .string(record.type)),
        ])
    }
}

extension ClusterRecord {
    var providerNames: [String] { (capacityProviders.elements ?? []).compactMap(\.text) }

    func has(provider name: String) -> Bool { providerNames.contains(name) }
}
