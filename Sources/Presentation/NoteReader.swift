import MooringShapes
import Yams

/// Reads the YAML of a note. Anyone who may push can write one, so everything is bounded.
enum NoteReader {
    /// The tree of the one document in `text`; nil where it is no YAML, or none that we read.
    static func value(of text: String) -> Value? {
        guard text.utf8.count <= Limits.readNoteBytes, aliasCount(in: text) <= Limits.noteAliases else { return nil }
        // The encoding is said, because the parser would else look into the environment for it.
        guard let parser = try? Parser(yaml: text, encoding: .utf8), let root = try? parser.singleRoot() else {
            return nil
        }
        var budget = Limits.noteValues
        return value(of: root, depth: 0, budget: &budget)
    }

    /// How many anchors and aliases the text can hold at most: marks at the begin of a word. Those inside of quoted text are
    /// counted too, which refuses nothing that we write: quoted words seldom begin so.
    private static func aliasCount(in text: String) -> Int {
        var previous = UInt8(ascii: "\n")
        var count = 0
        for byte in text.utf8 {
            let isMark = byte == UInt8(ascii: "&") || byte == UInt8(ascii: "*")
            if isMark, " \t\r\n[{,:?-".utf8.contains(previous) { count += 1 }
            // A lone `&` or `*` between blanks is prose.
            if byte == UInt8(ascii: " "), previous == UInt8(ascii: "&") || previous == UInt8(ascii: "*") {
                count = max(0, count - 1)
            }
            previous = byte
        }
        return count
    }

    private static func value(of node: Node, depth: Int, budget: inout Int) -> Value? {
        budget -= 1
        guard budget >= 0, depth <= Limits.noteDepth else { return nil }
        switch node {
        case .scalar(let scalar):
            return Value(.scalar(Scalar(text: scalar.string, style: scalar.style == .plain ? .plain : .string)))
        case .sequence(let sequence):
            var elements: [Value] = []
            for element in sequence {
                guard let value = value(of: element, depth: depth + 1, budget: &budget) else { return nil }
                elements.append(value)
            }
            return .list(elements)
        case .mapping(let mapping):
            var members: [(String, Value)] = []
            for (name, member) in mapping {
                guard let name = name.scalar?.string, let value = value(of: member, depth: depth + 1, budget: &budget)
                else { return nil }
                members.append((name, value))
            }
            return .map(members)
        case .alias: return nil
        }
    }
}
