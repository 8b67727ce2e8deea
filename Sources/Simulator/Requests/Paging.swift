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
            // Source of the wording: rusoto's test against ECS, "Invalid token bogus".
            guard token.hasPrefix(mark), let position = input.position(in: token.dropFirst(mark.count), filters: true)
            else {
                throw .invalidParameter("Invalid token \(token.prefix(Limits.toldTokenCharacters))")
            }
            start = min(position, all.count)
        }
        let end = min(start + size, all.count)
        let next = end < all.count ? mark + input.token(at: end, filters: true) : nil
        return Paging(elements: Array(all[start..<end]), next: next)
    }
}

extension Input {
    /// Members that may differ from one page to the next.
    private static let ofThePage = [
        "nextToken", "maxResults", "NextToken", "MaxResults", "Marker", "PageSize", "MaxItems", "limit",
    ]

    /// What tells one list from another: the operation, and where they count its filters.
    ///
    /// A token is good for the list that gave it and no other, however the cluster is named.
    /// Source: API reference, `nextToken`: an opaque identifier, used to retrieve the next items of the list.
    private func listKey(filters: Bool) -> String {
        var kept: [Value.Member] = []
        if filters {
            for member in value.members ?? [] where !Input.ofThePage.contains(member.name) && member.name != "cluster" {
                kept.append(member)
            }
            let cluster = (value["cluster"]?.text ?? "default").split(separator: "/").last.map(String.init) ?? ""
            kept.append(Value.Member("cluster", .string(cluster)))
            kept.sort { $0.name < $1.name }
        }
        let text = JSONWriter(.compact).text(of: Value(.map(kept)))
        return String(KeyedRandom.scope(operation, text), radix: 36)
    }

    /// A token for the elements of this list from a position on.
    func token(at position: Int, filters: Bool) -> String {
        String(position, radix: 36) + "." + listKey(filters: filters)
    }

    /// The position that a token of this list stands for; nil where it is of another list, or no token at all.
    func position(in token: Substring, filters: Bool) -> Int? {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[1] == listKey(filters: filters), let position = Int(parts[0], radix: 36),
            position >= 0
        else { return nil }
        return position
    }
}
