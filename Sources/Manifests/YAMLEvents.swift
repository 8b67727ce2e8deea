import CYaml
package import MooringShapes

/// Why a text is no YAML that can be used, and where.
package struct YAMLError: Error, Equatable, Sendable, CustomStringConvertible {
    package let position: SourcePosition
    /// Stable, in kebab-case.
    package let rule: String
    package let message: String

    package var description: String { "\(position): \(message)" }

    static func tooDeep(at position: SourcePosition) -> YAMLError {
        YAMLError(
            position: position, rule: "too-deep", message: "The document is nested deeper than \(Limits.depth) levels.")
    }
}

/// One event of a YAML stream, as YAML 1.1 defines them.
struct YAMLEvent {
    enum Kind {
        case streamStart
        case streamEnd
        case documentStart
        case documentEnd
        case alias(String)
        case scalar(text: String, isPlain: Bool)
        case sequenceStart
        case sequenceEnd
        case mappingStart
        case mappingEnd
    }

    enum Style: Equatable {
        case plain, singleQuoted, doubleQuoted
        /// Literal or folded.
        case block

        init(_ style: yaml_scalar_style_t) {
            self =
                switch style {
                case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
                case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
                case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
                default: .plain
                }
        }
    }

    let kind: Kind
    let position: SourcePosition
    /// The characters from the beginning of the stream that a scalar takes, its anchor and tag included.
    var span = 0..<0
    /// How a scalar is written.
    var style = Style.plain
    /// The name behind `&`.
    var anchor: String?
    /// The tag in its long form, nil where none is written.
    var tag: String?
}

/// Owns a parser of libyaml.
///
/// Yams' own nodes are not used: it hashes whole subtrees to find duplicate keys, which a few nested aliases make endless,
/// and resolves the type of every scalar by regular expressions, which here the shapes do.
final class YAMLEventSource {
    /// On the heap, because libyaml keeps a pointer from the parser to itself.
    private let parser: UnsafeMutablePointer<yaml_parser_t>

    /// - Parameter bytes: UTF-8; must outlive the source, which reads it piecemeal.
    init(reading bytes: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
        parser = .allocate(capacity: 1)
        guard yaml_parser_initialize(parser) == 1 else {
            parser.deallocate()
            throw YAMLError(
                position: SourcePosition(line: 1, column: 1), rule: "out-of-memory",
                message: "There is no memory left to read it.")
        }
        yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
        yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
    }

    deinit {
        yaml_parser_delete(parser)
        parser.deallocate()
    }

    /// The next event. Must not be called again after the stream's end or an error.
    func next() throws(YAMLError) -> YAMLEvent {
        var event = yaml_event_t()
        guard yaml_parser_parse(parser, &event) == 1 else { throw error() }
        defer { yaml_event_delete(&event) }
        let position = SourcePosition(line: Int(event.start_mark.line) + 1, column: Int(event.start_mark.column) + 1)
        switch event.type {
        case YAML_STREAM_START_EVENT: return YAMLEvent(kind: .streamStart, position: position)
        case YAML_DOCUMENT_START_EVENT: return YAMLEvent(kind: .documentStart, position: position)
        case YAML_DOCUMENT_END_EVENT: return YAMLEvent(kind: .documentEnd, position: position)
        case YAML_ALIAS_EVENT:
            return YAMLEvent(kind: .alias(text(event.data.alias.anchor) ?? ""), position: position)
        case YAML_SCALAR_EVENT:
            let scalar = event.data.scalar
            let text = String(decoding: UnsafeBufferPointer(start: scalar.value, count: scalar.length), as: UTF8.self)
            return YAMLEvent(
                kind: .scalar(text: text, isPlain: scalar.style == YAML_PLAIN_SCALAR_STYLE), position: position,
                span: Int(event.start_mark.index)..<Int(max(event.start_mark.index, event.end_mark.index)),
                style: YAMLEvent.Style(scalar.style), anchor: self.text(scalar.anchor), tag: self.text(scalar.tag))
        case YAML_SEQUENCE_START_EVENT:
            let start = event.data.sequence_start
            return YAMLEvent(
                kind: .sequenceStart, position: position, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_SEQUENCE_END_EVENT: return YAMLEvent(kind: .sequenceEnd, position: position)
        case YAML_MAPPING_START_EVENT:
            let start = event.data.mapping_start
            return YAMLEvent(kind: .mappingStart, position: position, anchor: text(start.anchor), tag: text(start.tag))
        case YAML_MAPPING_END_EVENT: return YAMLEvent(kind: .mappingEnd, position: position)
        default: return YAMLEvent(kind: .streamEnd, position: position)
        }
    }

    private func text(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
        pointer.map { String(cString: UnsafePointer($0)) }
    }

    /// What libyaml says went wrong, in words that tell what to do where the mistake is a common one.
    private func error() -> YAMLError {
        let mark = parser.pointee.problem_mark
        let position = SourcePosition(line: Int(mark.line) + 1, column: Int(mark.column) + 1)
        guard let pointer = parser.pointee.problem else {
            return YAMLError(position: position, rule: "malformed-yaml", message: "This is not YAML.")
        }
        let problem = String(cString: pointer)
        // Flow collections are looked ahead of, so that libyaml's own bound may be met before ours.
        if problem.contains("nesting level") { return YAMLError.tooDeep(at: position) }
        var message = "This is not YAML: \(problem)"
        if let context = parser.pointee.context {
            let begin = parser.pointee.context_mark
            message += ", \(String(cString: context)) that begins on line \(Int(begin.line) + 1)"
        }
        message += "."
        if problem.contains("cannot start any token") {
            message =
                "This is not YAML: a character stands here that cannot begin a value. Indent with spaces, never with tabs, "
                + "and put quotes around values that begin with @, ` or %."
        } else if problem.contains("mapping values are not allowed") {
            message += " Put quotes around values that hold ': ', and check the indentation."
        } else if problem.contains("did not find expected key") || problem.contains("could not find expected ':'") {
            message += " Check the indentation, and that the line above is complete."
        }
        return YAMLError(position: position, rule: "malformed-yaml", message: message)
    }
}
