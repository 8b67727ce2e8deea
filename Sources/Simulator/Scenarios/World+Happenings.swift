/// What happens to tasks and instances by itself.
extension World {
    /// ARNs of the tasks of a service that run and are to, the oldest first; nil where there is no such service.
    func runningTasks(of service: String, cluster name: String) -> [String]? {
        guard let position = servicePosition(service, cluster: name) else { return nil }
        return running(position).compactMap { tasks[$0]?.arn }
    }

    private func servicePosition(_ service: String, cluster name: String) -> Int? {
        guard let cluster = clusterPosition(name) else { return nil }
        return findService(service, cluster: cluster)
    }

    private func running(_ service: Int) -> [Int] {
        services[service].tasks.filter { tasks[$0]?.status == .running && tasks[$0]?.wantsToRun == true }
    }

    /// Does something to so many running tasks of a service, the oldest first. `body` says whether it did.
    ///
    /// - Returns: why nothing came of it.
    mutating func happen(
        _ service: String, cluster: String, count: Int, _ body: (inout World, Int) -> Bool,
    ) -> String? {
        guard let position = servicePosition(service, cluster: cluster) else {
            return "There is no service \(service) in the cluster \(cluster)."
        }
        var done = 0
        for ordinal in running(position) where done < count && body(&self, ordinal) { done += 1 }
        return done == 0 ? "No task of \(service) is concerned." : nil
    }

    /// Does something to so many ACTIVE container instances of a cluster, the oldest first.
    mutating func happen(
        toInstancesOf cluster: String, count: Int, _ body: (inout World, Int, Int) -> Void,
    ) -> String? {
        guard let position = clusterPosition(cluster) else { return "There is no cluster \(cluster)." }
        let open = clusters[position].machines.indices.filter { clusters[position].machines[$0].isOpen }
        for machine in open.prefix(count) { body(&self, machine, position) }
        return open.isEmpty ? "The cluster \(cluster) has no ACTIVE container instance." : nil
    }

    /// More container instances, like the last one that came.
    mutating func addInstances(_ count: Int, to cluster: String) -> String? {
        guard let position = clusterPosition(cluster) else { return "There is no cluster \(cluster)." }
        let rule = clusters[position].machines.last?.rule ?? InstanceRule()
        let room = Limits.containerInstances - registeredInstances(position)
        for _ in 0..<max(0, min(count, room)) { addInstance(rule, to: position) }
        wakeDaemons(position)
        return nil
    }
}
