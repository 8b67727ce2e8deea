import MooringShapes

/// DescribeServices and ListServices, and what reads see of recent writes.
extension World {
    func describeServices(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        guard let names = try input.strings("services"), !names.isEmpty else {
            throw .invalidParameter("Services cannot be empty.")
        }
        if names.count > Limits.describedServices {
            throw .invalidParameter("services can have at most \(Limits.describedServices) items.")
        }
        let withTags = try input.strings("include")?.contains("TAGS") == true
        var found: [Value] = []
        var failures: [Value] = []
        for name in names {
            if let position = findService(name, cluster: cluster), let view = read(position, withTags: withTags) {
                // No member where there are none, although they were asked for.
                // Source: `describe-services/…taskset_delete_2.json`, one answer about a service with tags and one without.
                found.append(view["tags"]?.elements?.isEmpty == true ? view.setting("tags", to: nil) : view)
            } else {
                let arn = name.hasPrefix("arn:") ? name : self.arn("service/\(clusters[cluster].name)/\(name)")
                failures.append(World.missing(arn))
            }
        }
        return .map([("services", .list(found)), ("failures", .list(failures))])
    }

    /// Source: reference/ecs-api.md section 5: misses come as HTTP 200.
    static func missing(_ arn: String) -> Value { .map([("arn", .string(arn)), ("reason", "MISSING")]) }

    mutating func listServices(_ input: Input) throws(APIError) -> Value {
        let cluster = try activeCluster(input)
        let launchType = try input.string("launchType")
        let strategy = try input.string("schedulingStrategy")
        var arns: [String] = []
        work += clusters[cluster].services.count
        for position in clusters[cluster].services {
            let service = services[position]
            if service.staleUntil > now, service.isStale {
                // A reader behind: what did not exist is not listed, what was active still is.
                guard service.staleView?.status == .active else { continue }
            } else if service.status != .active {
                // Both DRAINING and INACTIVE are hidden. Source: reference/ecs-api.md section 10, "Deletion".
                continue
            }
            if let launchType, service.settings.launchType != launchType { continue }
            if let strategy, service.settings.schedulingStrategy != strategy { continue }
            arns.append(service.arn)
        }
        let page = try Paging.page(arns, input, byDefault: Limits.listedServicesByDefault)
        return page.value("serviceArns") { .string($0) }
    }

    // MARK: Lag

    /// Keeps readers on `view` (nil: nothing) until the write may be seen.
    mutating func hide(_ position: Int, as view: ServiceView?) {
        guard !scenario.reads.isNone else { return }
        let visible = nextVisibility()
        // A second write within the lag keeps the older view: readers catch up in one step.
        if services[position].isStale, services[position].staleUntil > now {
            services[position].staleUntil = max(services[position].staleUntil, visible)
            return
        }
        services[position].isStale = true
        services[position].staleView = view
        services[position].staleUntil = visible
        services[position].staleSince = now
    }

    /// The service as reads see it at this moment, kept for later; nil where there is no lag to keep it for.
    func snapshot(_ position: Int) -> ServiceView? {
        guard !scenario.reads.isNone else { return nil }
        return ServiceView(
            described: view(position, withTags: false), tags: .list(services[position].tags.map(\.described)),
            status: services[position].status,
        )
    }

    /// What a read sees, nil where the service does not exist for it yet.
    func read(_ position: Int, withTags: Bool) -> Value? {
        let service = services[position]
        if service.isStale, service.staleUntil > now {
            guard let stale = service.staleView else { return nil }
            return withTags ? stale.described.setting("tags", to: stale.tags) : stale.described
        }
        return view(position, withTags: withTags)
    }
}
