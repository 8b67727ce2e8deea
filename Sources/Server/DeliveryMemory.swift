import MooringCryptography
package import MooringPorts

/// Which deliveries have been handed over, so that one that is sent again does nothing. Bounded; the oldest are forgotten.
package struct DeliveryMemory {
    private let capacity: Int
    /// Hashes, because an id is as long as whoever sends it likes.
    private var known: Set<[UInt8]> = []
    /// A ring: the hash at `next` is the oldest once the ring is full.
    private var order: [[UInt8]] = []
    private var next = 0

    package init(capacity: Int = Limits.rememberedDeliveries) { self.capacity = capacity }

    /// Whether the delivery was handed over, as far as is remembered.
    package func contains(_ id: String, of host: HostKind) -> Bool { known.contains(DeliveryMemory.key(id, host)) }

    /// Remembers that the delivery was handed over.
    package mutating func remember(_ id: String, of host: HostKind) {
        let key = DeliveryMemory.key(id, host)
        guard known.insert(key).inserted else { return }
        if order.count < capacity {
            order.append(key)
            return
        }
        known.remove(order[next])
        order[next] = key
        next = (next + 1) % capacity
    }

    private static func key(_ id: String, _ host: HostKind) -> [UInt8] {
        SHA256.bytes(of: "\(host.rawValue)\n\(id)".utf8)
    }
}
