/// A path of a change taken apart: `loadBalancers[web:80].roleArn` is `loadBalancers` with an element, then `roleArn`.
struct MemberPath {
    struct Component: Equatable {
        let name: String
        /// Whether an element of a list, or a key of a map, is meant.
        let isElement: Bool
    }

    let components: [Component]

    /// Never fails: whatever a path is made of, it has components. Names of elements may hold dots and brackets.
    init(_ path: String) {
        var components: [Component] = []
        var name = ""
        var isElement = false
        var depth = 0
        for character in path {
            switch character {
            case "[":
                depth += 1
                isElement = true
            case "]": depth = max(0, depth - 1)
            case "." where depth == 0:
                components.append(Component(name: name, isElement: isElement))
                name = ""
                isElement = false
            default: if depth == 0 { name.append(character) }
            }
        }
        components.append(Component(name: name, isElement: isElement))
        self.components = components
    }

    /// Whether one of the two paths lies within the other, or both are one.
    static func overlap(_ left: String, _ right: String) -> Bool {
        let (short, long) = left.utf8.count <= right.utf8.count ? (left, right) : (right, left)
        guard long.hasPrefix(short) else { return false }
        guard let next = long.dropFirst(short.count).first else { return true }
        return next == "." || next == "["
    }
}
