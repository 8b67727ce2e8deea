import MooringShapes

/// One page of a list, and the token of the next.
struct Paging<Element> {
    let elements: [Element]
    let next: String?

    /// The answer with the page under `name`.
    func value(_ name: String, _ described: (Element) -> Value) -> Value {
        .map(present: [
            (name, .list(elements.map(described))),
            ("nextToken", next.map { .string($0) }),
        ])
    }
}

extension Paging {
    /// What every token starts with: they are opaque to clients, and a foreign one is told apart.
    private static var mark: String { "eyJwIjoi" }

    /// Cuts a page out of `all`, which is in a stable order.
    static func page(
        _ all: [Element], _ input: Input, byDefault: Int, atMost: Int = Limits.listedAtMost,
    ) throws(APIError) -> Paging {
        let size = try input.integer("maxResults") ?? byDefault
        guard (1...atMost).contains(size) else {
            throw .invalidParameter("maxResults should be between 1 and \(atMost).")
        }
        var start = 0
        if let token = try input.string("nextToken") {
            guard token.hasPrefix(mark), let position = Int(token.dropFirst(mark.count), radix: 36), position >= 0
            else {
                throw .invalidParameter("Invalid token.")
            }
            start = min(position, all.count)
        }
        let end = min(start + size, all.count)
        let next = end < all.count ? mark + String(end, radix: 36) : nil
        return Paging(elements: Array(all[start..<end]), next: next)
    }
}
