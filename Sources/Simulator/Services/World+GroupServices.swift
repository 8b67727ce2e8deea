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
        guard groupServiceCount > 1_000 + Limits.targetGroups * 4 * services.count else { return }
        groupServices = [:]
        groupServiceCount = 0
        for (position, record) in services.enumerated() where record.status != .inactive {
            note(World.groups(of: record.settings), of: position)
            for deployment in record.deployments { note(World.groups(of: deployment.settings), of: position) }
            for revision in record.serviceRevisions { note(World.groups(of: revision.settings), of: position) }
            if let candidate = record.rollbackCandidate { note(World.groups(of: candidate.settings), of: position) }
        }
    }

    private mutating func note(_ groups: [String], of service: Int) {
        for group in groups where groupServices[group]?.contains(service) != true {
            groupServices[group, default: []].append(service)
            groupServiceCount += 1
        }
    }

    /// Services that may name a group, in the order of their creation.
    func services(naming group: String) -> [Int] { (groupServices[group] ?? []).sorted() }
}
