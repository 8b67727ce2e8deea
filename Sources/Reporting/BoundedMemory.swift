/// A dictionary that forgets what came first when it holds too much.
struct BoundedMemory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let limit: Int
    private var values: [Key: Value] = [:]
    /// The keys in the order in which they came.
    private var order: [Key] = []

    /// - Parameter limit: how many are kept.
    init(limit: Int) { self.limit = limit }

    subscript(_ key: Key) -> Value? {
        get { values[key] }
        set {
            guard let newValue else {
                if values.removeValue(forKey: key) != nil { order.removeAll { $0 == key } }
                return
            }
            if values.updateValue(newValue, forKey: key) == nil { order.append(key) }
            while order.count > limit { values[order.removeFirst()] = nil }
        }
    }
}
