import MooringShapes

/// One page of a neighbour's list. Their members are called otherwise in every API, and so are their errors.
struct NeighbourPage<Element> {
    let elements: [Element]
    let next: Value?

    /// Cuts a page of at most `size` out of `all`, which is in a stable order.
    ///
    /// - Parameter input: the whole request: a token is good for the operation that gave it.
    init(
        _ all: [Element], of input: Input, token: String?, size: Int, invalid: APIError,
    ) throws(APIError) {
        var start = 0
        if let token {
            guard token.hasPrefix("page-"), let position = input.position(in: token.dropFirst(5), filters: false) else {
                throw invalid
            }
            start = min(position, all.count)
        }
        let end = min(start + max(1, size), all.count)
        elements = Array(all[start..<end])
        next = end < all.count ? .string("page-" + input.token(at: end, filters: false)) : nil
    }
}

/// Tags of the neighbours: a map in some APIs, a list of keys and values in others.
struct NeighbourTags: Sendable {
    private(set) var tags: [Tag] = []

    init() {}

    /// From a list of `{Key, Value}`, whatever the members' case.
    init(list: [Input]) throws(APIError) {
        for entry in list {
            set(try entry.string("Key", or: "key") ?? "", try entry.string("Value", or: "value") ?? "")
        }
    }

    /// From a map of keys to values.
    init(map: Value?) {
        for member in map?.members ?? [] { set(member.name, member.value.text ?? "") }
    }

    mutating func set(_ key: String, _ value: String) {
        if let index = tags.firstIndex(where: { $0.key == key }) {
            tags[index].value = value
        } else if tags.count < Limits.tags {
            tags.append(Tag(key: key, value: value))
        }
    }

    mutating func merge(_ other: NeighbourTags) { for tag in other.tags { set(tag.key, tag.value) } }

    mutating func remove(_ keys: [String]) { tags.removeAll { keys.contains($0.key) } }

    var list: Value { .list(tags.map { ["Key": .string($0.key), "Value": .string($0.value)] }) }
    var lowercaseList: Value { .list(tags.map(\.described)) }
    var map: Value { .map(tags.map { ($0.key, .string($0.value)) }) }
    var isEmpty: Bool { tags.isEmpty }
}

extension Input {
    /// A text that has two names.
    func string(_ first: String, or second: String) throws(APIError) -> String? {
        if let text = try string(first) { return text }
        return try string(second)
    }
}
