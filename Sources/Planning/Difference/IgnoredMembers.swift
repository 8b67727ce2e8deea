import MooringModel
import MooringShapes

/// The members that a manifest says are not Mooring's business: `mooring: {ignore: […]}`.
struct IgnoredMembers {
    let paths: [String]

    var isEmpty: Bool { paths.isEmpty }

    /// Whether a change lies in one of them.
    func covers(_ change: MemberChange) -> Bool {
        paths.contains { change.path.lies(within: $0) }
    }

    /// What git wants, with what ECS has in place of the ignored members: what is sent whole must not change them.
    func grafted(_ wanted: Value, from live: Value) -> Value {
        paths.reduce(wanted) { value, path in
            IgnoredMembers.graft(value, live, along: PathStep.steps(of: path)[...]) ?? value
        }
    }

    /// Nil where the member is on neither side.
    private static func graft(_ wanted: Value?, _ live: Value?, along steps: ArraySlice<PathStep>) -> Value? {
        guard let step = steps.first else { return live }
        let rest = steps.dropFirst()
        switch step {
        case .member(let name):
            guard wanted?.members != nil || wanted == nil else { return wanted }
            let inner = graft(wanted?[name], live?[name], along: rest)
            guard wanted != nil || inner != nil else { return nil }
            var whole = wanted ?? .map([])
            whole[name] = inner
            return whole
        case .element(let identity):
            guard let elements = wanted?.elements else { return wanted }
            return .list(
                elements.map { element in
                    guard element["name"]?.text == identity || element["key"]?.text == identity else { return element }
                    let other = live?.elements?.first {
                        $0["name"]?.text == identity || $0["key"]?.text == identity
                    }
                    return graft(element, other, along: rest) ?? element
                })
        }
    }
}

/// One step along a path.
private enum PathStep {
    case member(String)
    /// An element of a list, by its name or key.
    case element(String)

    /// `containerDefinitions[web].image` has three.
    static func steps(of path: String) -> [PathStep] {
        var steps: [PathStep] = []
        var text = ""
        var isInside = false
        for character in path {
            switch character {
            case "[" where !isInside:
                if !text.isEmpty { steps.append(.member(text)) }
                (text, isInside) = ("", true)
            case "]" where isInside:
                steps.append(.element(text))
                (text, isInside) = ("", false)
            case "." where !isInside:
                if !text.isEmpty { steps.append(.member(text)) }
                text = ""
            default: text.append(character)
            }
        }
        if !text.isEmpty { steps.append(isInside ? .element(text) : .member(text)) }
        return steps
    }
}

extension String {
    /// Whether this path is `other`, or lies in it.
    fileprivate func lies(within other: String) -> Bool {
        guard hasPrefix(other) else { return false }
        guard let next = dropFirst(other.count).first else { return true }
        return next == "." || next == "["
    }
}
