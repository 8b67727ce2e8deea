import MooringShapes

/// Which services name a target group: found without a walk over all services.
extension World {
    private static func groups(of settings: ServiceSettings) -> [String] {
        settings.loadBalancers.flatMap { balancer in
            [
                balancer["targetGroupArn"]?.text, balancer["advancedConfiguration"]?["alternateTargetGroupArn"]?.text,
            ].compactMap { $0 }
        }
    }

    /// Remembers the groups of a service's present settings. Groups that it does not name any more stay remembered, for a
    /// rollback brings them back: readers look at the settings again.
    mutating func noteTargetGroups(of service: Int) {
        note(World.groups(of: services[service].settings), of: service)
        guard services[service].notedGroups.count > 100 + 2 * services[service].neededGroups else { return }
        forgetTargetGroups(of: service)
        let record = services[service]
        note(World.groups(of: record.settings), of: service)
        for deployment in record.deployments { note(World.groups(of: deployment.settings), of: service) }
        for revision in record.serviceRevisions { note(World.groups(of: revision.settings), of: service) }
        if let candidate = record.rollbackCandidate { note(World.groups(of: candidate.settings), of: service) }
        services[service].neededGroups = services[service].notedGroups.count
    }

    /// Nobody asks any more for the targets of a service that is INACTIVE.
    mutating func forgetTargetGroups(of service: Int) {
        for group in services[service].notedGroups {
            work += groupServices[group]?.count ?? 0
            groupServices[group]?.removeAll { $0 == service }
            if groupServices[group]?.isEmpty == true { groupServices[group] = nil }
        }
        services[service].notedGroups = []
    }

    private mutating func note(_ groups: [String], of service: Int) {
        for group in groups where !services[service].notedGroups.contains(group) {
            services[service].notedGroups.append(group)
            groupServices[group, default: []].append(service)
        }
    }

    /// Services that may name a group, in the order of their creation.
    func services(naming group: String) -> [Int] { (groupServices[group] ?? []).sorted() }
}
