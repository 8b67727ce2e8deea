import MooringShapes

/// Clusters.
extension World {
    @discardableResult
    mutating func insertCluster(_ name: String) -> Int {
        let position = clusters.count
        // containerInsights is always described. Source: `describe-clusters/…exec_cw_logging_1.json`.
        clusters.append(
            ClusterRecord(
                name: name, arn: arn("cluster/\(name)"),
                settings: [["name": "containerInsights", "value": "disabled"]]))
        clusters[position].createdAt = now
        clusterPositions[name] = position
        fillInstances(position)
        return position
    }

    mutating func createCluster(_ input: Input) throws(APIError) -> Value {
        let name = try input.string("clusterName") ?? "default"
        guard !name.isEmpty, name.utf8.count <= 255, Names.isWordOrHyphen(name) else {
            throw .invalidParameter(
                "Invalid cluster name. The name can contain up to 255 letters (uppercase and "
                    + "lowercase), numbers, underscores, and hyphens.")
        }
        let tags = try TagRules.tags(input)
        try World.checkSettings(input)
        let providers = (try input.strings("capacityProviders") ?? []).map(shortProviderName)
        let strategy = try checkedStrategy(
            try input.maps("defaultCapacityProviderStrategy") ?? [], providers: providers)
        // Creating an ACTIVE cluster again answers the one there is; an INACTIVE one comes back to life.
        let position: Int
        if let known = clusterPositions[name], clusters[known].status == "ACTIVE" {
            return .map([("cluster", described(known, include: ["TAGS", "SETTINGS", "CONFIGURATIONS"]))])
        } else {
            position = insertCluster(name)
        }
        clusters[position].tags = tags
        try apply(input, to: position)
        clusters[position].capacityProviders = .list(providers.map { .string($0) })
        clusters[position].defaultCapacityProviderStrategy = strategy
        return .map([("cluster", described(position, include: ["TAGS", "SETTINGS", "CONFIGURATIONS"]))])
    }

    mutating func updateCluster(_ input: Input) throws(APIError) -> Value {
        guard input.has("cluster") else { throw .invalidParameter("Cluster cannot be empty.") }
        let position = try activeCluster(input)
        try World.checkSettings(input)
        try apply(input, to: position)
        return .map([("cluster", described(position, include: ["TAGS", "SETTINGS", "CONFIGURATIONS"]))])
    }

    /// UpdateClusterSettings: only settings, and those are required.
    mutating func updateClusterSettings(_ input: Input) throws(APIError) -> Value {
        guard input.has("settings") else { throw .invalidParameter("Settings cannot be empty.") }
        return try updateCluster(input)
    }

    /// What CreateCluster and UpdateCluster have in common: an omitted member stays.
    private mutating func apply(_ input: Input, to position: Int) throws(APIError) {
        if let settings = try input.list("settings"), !settings.isEmpty {
            clusters[position].settings = .list(settings)
        }
        if let configuration = try input.map("configuration") { clusters[position].configuration = configuration }
        if let defaults = try input.map("serviceConnectDefaults") {
            // An empty name takes the default away. Source: API reference, ClusterServiceConnectDefaultsRequest.
            let name = defaults["namespace"]?.text ?? ""
            clusters[position].serviceConnectDefaults =
                name.isEmpty ? nil : ["namespace": .string(longNames.namespace(name))]
        }
    }

    private static func checkSettings(_ input: Input) throws(APIError) {
        for setting in try input.maps("settings") ?? [] {
            let name = try setting.string("name") ?? ""
            let value = try setting.string("value") ?? ""
            // Source: API reference, ClusterSetting.
            guard name == "containerInsights", ["enhanced", "enabled", "disabled"].contains(value) else {
                throw .invalidParameter("Invalid cluster setting: \(name)=\(value)")
            }
        }
    }

    mutating func describeClusters(_ input: Input) throws(APIError) -> Value {
        let names = try input.strings("clusters") ?? ["default"]
        if names.count > Limits.describedClusters {
            throw .invalidParameter("clusters can have at most \(Limits.describedClusters) items.")
        }
        let include = try input.strings("include") ?? []
        var found: [Value] = []
        var failures: [Value] = []
        for name in names {
            if let position = clusterPosition(name) {
                work += clusters[position].services.count + clusters[position].tasks.count
                found.append(described(position, include: include))
            } else {
                failures.append(World.missing(name.hasPrefix("arn:") ? name : arn("cluster/\(name)")))
            }
        }
        return .map([("clusters", .list(found)), ("failures", .list(failures))])
    }

    func listClusters(_ input: Input) throws(APIError) -> Value {
        let arns = clusters.filter { $0.status == "ACTIVE" }.map(\.arn)
        return try Paging.page(arns, input, byDefault: Limits.listedAtMost).value("clusterArns") { .string($0) }
    }

    mutating func deleteCluster(_ input: Input) throws(APIError) -> Value {
        guard let name = try input.string("cluster") else { throw .invalidParameter("Cluster cannot be empty.") }
        guard let position = clusterPosition(name), clusters[position].status == "ACTIVE" else {
            throw .clusterNotFound
        }
        if clusters[position].services.contains(where: { services[$0].status != .inactive }) {
            throw APIError(
                code: "ClusterContainsServicesException",
                message: "The Cluster cannot be deleted while Services are active.")
        }
        if clusters[position].tasks.contains(where: { tasks[$0]?.status != .stopped }) {
            throw APIError(
                code: "ClusterContainsTasksException", message: "The Cluster cannot be deleted while Tasks are active.")
        }
        clusters[position].status = "INACTIVE"
        return .map([("cluster", described(position, include: ["TAGS", "SETTINGS", "CONFIGURATIONS"]))])
    }

    /// Source of the members: `describe-clusters/…exec_cw_logging_1.json`.
    func described(_ position: Int, include: [String]) -> Value {
        let cluster = clusters[position]
        var running = 0
        var pending = 0
        for ordinal in cluster.tasks {
            guard let task = tasks[ordinal] else { continue }
            if task.status == .running { running += 1 }
            if task.isPending { pending += 1 }
        }
        let active = cluster.services.count { services[$0].status == .active }
        return .map(present: [
            ("clusterArn", .string(cluster.arn)),
            ("clusterName", .string(cluster.name)),
            ("configuration", include.contains("CONFIGURATIONS") ? cluster.configuration : nil),
            ("status", .string(cluster.status)),
            ("registeredContainerInstancesCount", .integer(registeredInstances(position))),
            ("runningTasksCount", .integer(running)),
            ("pendingTasksCount", .integer(pending)),
            ("activeServicesCount", .integer(active)),
            ("statistics", []),
            ("tags", include.contains("TAGS") ? .list(cluster.tags.map(\.described)) : []),
            ("settings", include.contains("SETTINGS") ? cluster.settings : []),
            ("capacityProviders", cluster.capacityProviders),
            ("defaultCapacityProviderStrategy", cluster.defaultCapacityProviderStrategy),
            ("serviceConnectDefaults", cluster.serviceConnectDefaults),
        ])
    }

    // MARK: Finding

    /// A cluster by name or ARN, INACTIVE ones included.
    func clusterPosition(_ name: String) -> Int? {
        guard name.hasPrefix("arn:") else { return clusterPositions[name] }
        let prefix = arn("cluster/")
        return name.hasPrefix(prefix) ? clusterPositions[String(name.dropFirst(prefix.count))] : nil
    }

    /// The cluster that a request names, `default` where it names none.
    func activeCluster(_ input: Input) throws(APIError) -> Int {
        let name = try input.string("cluster") ?? "default"
        guard let position = clusterPosition(name), clusters[position].status == "ACTIVE" else {
            throw .clusterNotFound
        }
        return position
    }
}
