import CYaml
import MooringShapes
import Yams

/// Reads the YAML of a note. Anyone who may push can write one, so everything is bounded.
enum NoteReader {
    /// The tree of the one document in `text`; nil where it is no YAML, or none that we read.
    static func value(of text: String) -> Value? {
        guard text.utf8.count <= Limits.readNoteBytes, let aliases = aliasCount(in: text), aliases <= Limits.noteAliases
        else { return nil }
        // The encoding is said, because the parser would else look into the environment for it.
        guard let parser = try? Parser(yaml: text, encoding: .utf8), let root = try? parser.singleRoot() else {
            return nil
        }
        var budget = Limits.noteValues
        return value(of: root, depth: 0, budget: &budget)
    }

    /// How many aliases the text holds, nil where it is no YAML. Counted before anything is built of it: Yams compares whole
    /// subtrees, which a few nested aliases make endless. In what logs say, `*` and `&` are common and mean nothing.
    private static func aliasCount(in text: String) -> Int? {
        var text = text
        return text.withUTF8 { bytes in
            var parser = yaml_parser_t()
            guard yaml_parser_initialize(&parser) == 1 else { return nil }
            defer { yaml_parser_delete(&parser) }
            yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING)
            yaml_parser_set_input_string(&parser, bytes.baseAddress, bytes.count)
            var count = 0
            while true {
                var event = yaml_event_t()
                guard yaml_parser_parse(&parser, &event) == 1 else { return nil }
                defer { yaml_event_delete(&event) }
                if event.type == YAML_ALIAS_EVENT { count += 1 }
                if event.type == YAML_STREAM_END_EVENT { return count }
            }
        }
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
            var names: Set<String> = []
            for (name, member) in mapping {
                // Yams takes two names for different ones where their tags differ.
                guard let name = name.scalar?.string, names.insert(name).inserted,
                    let value = value(of: member, depth: depth + 1, budget: &budget)
                else { return nil }
                members.append((name, value))
            }
            return .map(members)
        case .alias: return nil
        }
    }
}
