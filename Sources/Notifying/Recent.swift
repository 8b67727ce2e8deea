/// A table that forgets the oldest when it is full.
struct Recent<Key: Hashable & Sendable, Element: Sendable>: Sendable {
    private let capacity: Int
    private var elements: [Key: Element] = [:]
    /// The keys in the order in which they came.
    private var order: [Key] = []

    init(capacity: Int) { self.capacity = capacity }

    subscript(_ key: Key) -> Element? {
        get { elements[key] }
        set {
            guard let newValue else {
                if elements.removeValue(forKey: key) != nil { order.removeAll { $0 == key } }
                return
            }
            if elements.updateValue(newValue, forKey: key) == nil { order.append(key) }
            if order.count > capacity { elements[order.removeFirst()] = nil }
        }
    }
}
