import MooringModel
import MooringShapes

/// What is shown of one leaf that differs: the same in every rendering for people. Masked, on one line, shortened.
struct ChangeLine: Hashable {
    /// `containerDefinitions[web].environment[LEVEL]`
    let path: String
    /// What ECS says; nil where it says nothing.
    let live: String?
    /// What git says; nil where it says nothing.
    let wanted: String?

    /// The lines about a member, those of lists and objects by their elements, and how many more there are.
    static func lines(of change: MemberChange) -> (lines: [ChangeLine], hidden: Int) {
        var leaves: [Leaf] = []
        ElementDifference.leaves(at: change.path, live: change.live, wanted: change.wanted, into: &leaves)
        let lines = leaves.prefix(Limits.shownElements).map(ChangeLine.init)
        return (lines, leaves.count - lines.count)
    }

    /// A place that differs, before it is made fit to be seen.
    struct Leaf {
        let path: String
        let live: Value?
        let wanted: Value?
    }

    private init(_ leaf: Leaf) {
        path = leaf.path.safeLine
        let name = Masking.name(ofPath: leaf.path)
        let live = leaf.live.map { ChangeLine.text(of: $0, name: name) }
        let wanted = leaf.wanted.map { ChangeLine.text(of: $0, name: name) }
        if let live, let wanted {
            (self.live, self.wanted) = ChangeLine.shortened(live, wanted)
        } else {
            self.live = live?.shortenedInMiddle(to: Limits.shownValueCharacters)
            self.wanted = wanted?.shortenedInMiddle(to: Limits.shownValueCharacters)
        }
    }

    /// Who made the difference, where that is known: behind the line, in brackets.
    ///
    /// The one place that every rendering asks.
    static func origin(of change: MemberChange) -> String? {
        switch change.origin {
        case .drift: "changed by hand"
        case .removed: "removed from git"
        case .parameter: "not changed in git: a parameter's value, or by hand"
        case .git, .unknown: nil
        }
    }

    static func text(of value: Value, name: String?) -> String {
        let masked = Masking.masked(value, name: name)
        if masked.text == Masking.mark { return Masking.mark }
        return JSONWriter(.compact).text(of: masked).safeLine
    }

    /// Both texts cut so that where they differ can be seen.
    private static func shortened(_ live: String, _ wanted: String) -> (String, String) {
        let limit = Limits.shownValueCharacters
        guard max(live.count, wanted.count) > limit else { return (live, wanted) }
        let common = zip(live, wanted).prefix { $0 == $1 }.count
        // Some of what is common is kept, so that one sees where in the text this is.
        let cut = common > limit / 2 ? common - limit / 4 : 0
        func shown(_ text: String) -> String {
            guard cut > 0 else { return text.shortenedInMiddle(to: limit) }
            let rest = "…" + text.dropFirst(cut)
            return ((text.first == "\"" ? "\"" : "") + rest).shortenedInMiddle(to: limit)
        }
        return (shown(live), shown(wanted))
    }
}

/// Takes lists and objects apart, so that a plan shows the elements that differ and not two heaps of JSON.
enum ElementDifference {
    typealias Leaf = ChangeLine.Leaf

    /// Adds the places below `path` that differ.
    static func leaves(at path: String, live: Value?, wanted: Value?, into leaves: inout [Leaf]) {
        if live == wanted { return }
        let (live, wanted) = (
            live.map { wanted == nil ? unnamed($0, at: path) : $0 },
            wanted.map { live == nil ? unnamed($0, at: path) : $0 }
        )
        let whole = Leaf(path: path, live: live, wanted: wanted)
        guard [live, wanted].contains(where: { $0.map(isLong) ?? false }) else { return leaves.append(whole) }
        switch (live?.node, wanted?.node) {
        case (.map, .map), (.map, nil), (nil, .map): members(at: path, live, wanted, into: &leaves)
        case (.list, .list), (.list, nil), (nil, .list): elements(at: path, live, wanted, into: &leaves)
        default: leaves.append(whole)
        }
    }

    /// Whether a value is taken apart: names and values always, lists and objects where they are long.
    private static func isLong(_ value: Value) -> Bool {
        guard value.scalar == nil else { return false }
        if let first = value.elements?.first, first["name"] != nil { return true }
        return JSONWriter(.compact).text(of: value).count > Limits.inlineCharacters
    }

    /// An element without what its path says already: its name. One with a value keeps it, because the name says whether
    /// the value is a secret.
    private static func unnamed(_ value: Value, at path: String) -> Value {
        guard let members = value.members, members.count > 1, value["value"] == nil else { return value }
        let rest = members.filter { member in member.value.text.map { !path.hasSuffix("[\($0)]") } ?? true }
        return rest.isEmpty ? value : Value(.map(rest))
    }

    private static func members(at path: String, _ live: Value?, _ wanted: Value?, into leaves: inout [Leaf]) {
        var names = (wanted?.members ?? []).map(\.name)
        names += (live?.members ?? []).map(\.name).filter { wanted?[$0] == nil }
        for name in names {
            self.leaves(at: "\(path).\(name)", live: live?[name], wanted: wanted?[name], into: &leaves)
        }
    }

    private static func elements(at path: String, _ live: Value?, _ wanted: Value?, into leaves: inout [Leaf]) {
        let (live, wanted) = (live?.elements ?? [], wanted?.elements ?? [])
        if let name = identity(of: live, wanted) {
            return named(at: path, live, wanted, by: name, into: &leaves)
        }
        guard live.count <= Limits.comparedElements, wanted.count <= Limits.comparedElements else {
            return leaves.append(Leaf(path: path, live: .list(live), wanted: .list(wanted)))
        }
        // What is secret about a word of a command line, the word before it says.
        let secrets = (Masking.argumentsOfSecretOptions(in: live), Masking.argumentsOfSecretOptions(in: wanted))
        var changed: [Int: (live: Value?, wanted: Value?)] = [:]
        for change in wanted.difference(from: live) {
            switch change {
            case .remove(let index, let element, _):
                changed[index, default: (nil, nil)].live = secrets.0.contains(index) ? .string(Masking.mark) : element
            case .insert(let index, let element, _):
                changed[index, default: (nil, nil)].wanted = secrets.1.contains(index) ? .string(Masking.mark) : element
            }
        }
        for (index, change) in changed.sorted(by: { $0.key < $1.key }) {
            leaves.append(Leaf(path: "\(path)[\(index)]", live: change.live, wanted: change.wanted))
        }
    }

    private static func named(
        at path: String, _ live: [Value], _ wanted: [Value], by name: String, into leaves: inout [Leaf],
    ) {
        let before = leaves.count
        for element in wanted {
            let text = element[name]?.text ?? ""
            let other = live.first { $0[name]?.text == text }
            pair(at: "\(path)[\(text)]", other, element, name: name, into: &leaves)
        }
        for element in live where !wanted.contains(where: { $0[name]?.text == element[name]?.text }) {
            pair(at: "\(path)[\(element[name]?.text ?? "")]", element, nil, name: name, into: &leaves)
        }
        // The same elements in another order.
        if leaves.count == before {
            leaves.append(Leaf(path: path, live: order(of: live, name), wanted: order(of: wanted, name)))
        }
    }

    /// A name and its value are shown as one; of other elements what they hold beside the name.
    private static func pair(
        at path: String, _ live: Value?, _ wanted: Value?, name: String, into leaves: inout [Leaf],
    ) {
        for content in ["value", "valueFrom"] where [live, wanted].allSatisfy({ isPair($0, name, content) }) {
            return self.leaves(at: path, live: live?[content], wanted: wanted?[content], into: &leaves)
        }
        self.leaves(at: path, live: live, wanted: wanted, into: &leaves)
    }

    private static func isPair(_ value: Value?, _ name: String, _ content: String) -> Bool {
        guard let members = value?.members else { return value == nil }
        return Set(members.map(\.name)) == [name, content]
    }

    private static func order(of elements: [Value], _ name: String) -> Value {
        .list(elements.map { .string($0[name]?.text ?? "") })
    }

    /// The member by which all elements can be told apart, nil where there is none.
    private static func identity(of live: [Value], _ wanted: [Value]) -> String? {
        guard !(live + wanted).isEmpty else { return nil }
        return [
            "name", "key", "capacityProvider", "targetGroupArn", "registryArn", "portName", "containerName",
            "sourceContainer", "containerPath", "hostname", "namespace", "containerPort",
        ].first { member in
            [live, wanted].allSatisfy { elements in
                let names = elements.compactMap { $0[member]?.text }
                return names.count == elements.count && Set(names).count == names.count
            }
        }
    }
}
