import MooringModel
import MooringShapes

extension Value {
    /// The tags that a manifest gives. Of two with one key the later counts. Mooring's own are left out: people commit
    /// what describe calls show.
    var manifestTags: [Tag] {
        var tags: [Tag] = []
        for element in self["tags"]?.elements ?? [] {
            guard let key = element["key"]?.text else { continue }
            tags.removeAll { $0.key == key }
            tags.append(Tag(key, element["value"]?.text ?? ""))
        }
        return tags.filter { !$0.isOurs }
    }

    /// The map without the named members.
    func removing(_ names: Set<String>) -> Value {
        guard let members else { return self }
        return Value(.map(members.filter { !names.contains($0.name) }), position: position)
    }
}

extension Sequence where Element: Hashable {
    /// The elements without repetitions, in their order.
    package func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}

extension Value {
    /// All that this or the other says; of a scalar that both give, this one's.
    func union(_ other: Value) -> Value {
        switch (node, other.node) {
        case (.map, .map(let members)):
            var result = self
            for member in members { result[member.name] = result[member.name]?.union(member.value) ?? member.value }
            return result
        case (.list(let own), .list(let others)): return .list(own + others.filter { !own.contains($0) })
        default: return self
        }
    }

    /// The value below these names, nil where there is none.
    subscript(path path: [String]) -> Value? {
        get { path.reduce(self) { $0?[$1] } }
        set {
            guard let first = path.first else {
                if let newValue { self = newValue }
                return
            }
            if path.count == 1 {
                self[first] = newValue
            } else {
                var inner = self[first] ?? .map([])
                inner[path: Array(path.dropFirst())] = newValue
                self[first] = inner
            }
        }
    }
}
