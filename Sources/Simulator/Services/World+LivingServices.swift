/// The services that are left: deleted ones are records that nothing walks over.
extension World {
    /// Positions of all services that are not INACTIVE, and of some that are, in the order of their creation.
    var livingServices: [Int] { clusters.flatMap(\.services).sorted() }

    /// A service of a cluster has become INACTIVE. Once half of the list is, the list is cut down to those that are not, and
    /// to those that late readers still see: each deletion pays for one entry.
    mutating func noteInactive(_ service: Int) {
        let cluster = services[service].cluster
        clusters[cluster].inactiveServices += 1
        let listed = clusters[cluster].services
        guard clusters[cluster].inactiveServices * 2 > listed.count else { return }
        let kept = listed.filter { position in
            let record = services[position]
            return record.status != .inactive || (record.isStale && record.staleUntil > now)
        }
        work += listed.count
        clusters[cluster].services = kept
        clusters[cluster].inactiveServices = kept.count { services[$0].status == .inactive }
    }
}
