import MooringShapes

/// Clusters and account settings.
extension World {
    @discardableResult
    mutating func insertCluster(_ name: String) -> Int {
        let position = clusters.count
        // containerInsights is always described. Source: `describe-clusters/…exec_cw_logging_1.json`.
        clusters.append(
            ClusterRecord(
                name: name, arn: arn("cluster/\(name)"),
                settings: [["name": "containerInsights", "value": "disabled"]]))
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
        // Creating an ACTIVE cluster again answers the one there is; an INACTIVE one comes back to life.
        let position: Int
        if let known = clusterPositions[name], clusters[known].status == "ACTIVE" {
            return .map([("cluster", described(known, include: ["TAGS", "SETTINGS", "CONFIGURATIONS"]))])
        } else {
            position = insertCluster(name)
        }
        clusters[position].tags = tags
        if let settings = try input.list("settings"), !settings.isEmpty {
            clusters[position].settings = .list(settings)
        }
        clusters[position].configuration = try input.map("configuration")
        if let namespace = try input.map("serviceConnectDefaults") {
            clusters[position].serviceConnectDefaults = namespace
        }
        if let providers = try input.list("capacityProviders") {
            clusters[position].capacityProviders = .list(providers)
        }
        if let strategy = try input.maps("defaultCapacityProviderStrategy") {
            clusters[position].defaultCapacityProviderStrategy = .list(
                strategy.map { $0.value.filling("weight", with: 0).filling("base", with: 0) })
        }
        return .map([("cluster", described(position, include: ["TAGS", "SETTINGS", "CONFIGURATIONS"]))])
    }

    func describeClusters(_ input: Input) throws(APIError) -> Value {
        let names = try input.strings("clusters") ?? ["default"]
        if names.count > Limits.describedClusters {
            throw .invalidParameter("clusters can have at most \(Limits.describedClusters) items.")
        }
        let include = try input.strings("include") ?? []
        var found: [Value] = []
        var failures: [Value] = []
        for name in names {
            if let position = clusterPosition(name) {
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
    private func described(_ position: Int, include: [String]) -> Value {
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

    // MARK: Account settings

    /// Source: API reference, ListAccountSettings; values of an account that never changed one.
    func listAccountSettings(_ input: Input, _ caller: Caller) throws(APIError) -> Value {
        let settings: [(String, String)] = [
            ("awsvpcTrunking", "disabled"), ("containerInsights", "disabled"),
            ("containerInstanceLongArnFormat", "enabled"),
            ("defaultLogDriverMode", "non-blocking"), ("fargateFIPSMode", "disabled"),
            ("fargateTaskRetirementWaitPeriod", "7"),
            ("guardDutyActivate", "on"), ("serviceLongArnFormat", "enabled"), ("tagResourceAuthorization", "on"),
            ("taskLongArnFormat", "enabled"),
        ]
        guard try input.boolean("effectiveSettings") == true else { return ["settings": []] }
        let name = try input.string("name")
        let shown = settings.filter { name == nil || $0.0 == name }
        let page = try Paging.page(shown, input, byDefault: 10)
        return page.value("settings") { name, value in
            [
                "name": .string(name), "value": .string(value),
                "principalArn": .string("arn:\(partition):iam::\(account):root"), "type": "user",
            ]
        }
    }
}
