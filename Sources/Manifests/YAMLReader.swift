package import MooringShapes

/// Reads YAML into trees with positions.
///
/// Scalars keep their text and whether they were quoted, so that the shape decides what `NO`, `1.10` or `022` means. Aliases
/// and merge keys (`<<`) are resolved; bounded in depth, in documents and in what aliases add.
package struct YAMLReader {
    /// What could be read of a stream.
    package struct Stream {
        /// The documents up to the error, empty ones left out.
        package var documents: [Value] = []
        /// Why the stream could not be read to its end.
        package var error: YAMLError?
    }

    /// Reads a stream of any number of documents.
    ///
    /// - Parameter bytes: UTF-8; the caller bounds their number.
    package static func stream(of bytes: [UInt8]) -> Stream {
        bytes.withUnsafeBufferPointer { buffer in
            var stream = Stream()
            do throws(YAMLError) {
                var reader = try YAMLReader(reading: buffer)
                while let document = try reader.nextDocument() {
                    if stream.documents.count == Limits.documentsPerFile {
                        throw YAMLError(
                            position: document.position ?? SourcePosition(line: 1, column: 1),
                            rule: "too-many-documents",
                            message: "The file holds more than \(Limits.documentsPerFile) documents. Split it.")
                    }
                    if !document.isNull { stream.documents.append(document) }
                }
            } catch {
                stream.error = error
            }
            return stream
        }
    }

    /// A value that an alias may stand for, with what it costs.
    private struct Anchored {
        let value: Value
        let nodes: Int
        let depth: Int
    }

    /// A value just read, with what an alias to it would cost.
    fileprivate struct Composed {
        var value: Value
        var nodes = 1
        /// Levels below the value.
        var depth = 0
    }

    private let source: YAMLEventSource
    private var anchors: [String: Anchored] = [:]
    private var aliasedNodes = 0

    private init(reading bytes: UnsafeBufferPointer<UInt8>) throws(YAMLError) {
        source = try YAMLEventSource(reading: bytes)
    }

    private mutating func nextDocument() throws(YAMLError) -> Value? {
        while true {
            let event = try source.next()
            switch event.kind {
            case .streamEnd: return nil
            case .documentStart:
                anchors = [:]
                return try compose(try source.next(), depth: 0).value
            default: continue
            }
        }
    }

    // MARK: Composing

    private mutating func compose(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> Composed {
        let composed: Composed
        switch event.kind {
        case .alias(let name): return try resolve(name, at: event.position, depth: depth)
        case .scalar(let text, let isPlain):
            composed = Composed(value: try scalar(text, isPlain: isPlain, event: event))
        case .sequenceStart: composed = try sequence(event, depth: depth)
        case .mappingStart: composed = try mapping(event, depth: depth)
        case .streamStart, .streamEnd, .documentStart, .documentEnd, .sequenceEnd, .mappingEnd:
            throw YAMLError(position: event.position, rule: "malformed-yaml", message: "A value is missing here.")
        }
        if let anchor = event.anchor {
            anchors[anchor] = Anchored(value: composed.value, nodes: composed.nodes, depth: composed.depth)
        }
        return composed
    }

    private mutating func resolve(_ name: String, at position: SourcePosition, depth: Int) throws(YAMLError) -> Composed
    {
        guard let anchored = anchors[name] else {
            throw YAMLError(
                position: position, rule: "unknown-alias",
                message: "No value above carries the anchor '&\(name.shortened)'. Quote the text if it is no alias.")
        }
        aliasedNodes += anchored.nodes
        if aliasedNodes > Limits.aliasedNodes {
            throw YAMLError(
                position: position, rule: "alias-bomb",
                message: "Aliases make the file grow by more than \(Limits.aliasedNodes) values. Write the values out.")
        }
        try check(depth: depth + anchored.depth, at: position)
        return Composed(value: anchored.value, nodes: anchored.nodes, depth: anchored.depth)
    }

    private func check(depth: Int, at position: SourcePosition) throws(YAMLError) {
        guard depth <= Limits.depth else { throw .tooDeep(at: position) }
    }

    private func scalar(_ text: String, isPlain: Bool, event: YAMLEvent) throws(YAMLError) -> Value {
        let style: Scalar.Style
        switch event.tag.map(YAMLTag.init) {
        case nil where isPlain: style = YAMLReader.isNull(text) ? .null : .plain
        case nil, .string: style = .string
        case .typed: style = .plain
        case .null: style = .null
        case .collection, .other: throw unsupported(event)
        }
        return Value(.scalar(Scalar(text: style == .null ? "" : text, style: style)), position: event.position)
    }

    /// How YAML 1.1 and 1.2 alike write null.
    private static func isNull(_ text: String) -> Bool {
        ["", "~", "null", "Null", "NULL"].contains(text)
    }

    private mutating func sequence(_ start: YAMLEvent, depth: Int) throws(YAMLError) -> Composed {
        try check(depth: depth, at: start.position)
        try checkCollectionTag(start)
        var elements: [Value] = []
        var total = Composed(value: Value(.list([]), position: start.position))
        while true {
            let event = try source.next()
            if case .sequenceEnd = event.kind { break }
            let element = try compose(event, depth: depth + 1)
            elements.append(element.value)
            total.add(element)
        }
        total.value.node = .list(elements)
        return total
    }

    private mutating func mapping(_ start: YAMLEvent, depth: Int) throws(YAMLError) -> Composed {
        try check(depth: depth, at: start.position)
        try checkCollectionTag(start)
        var members: [Value.Member] = []
        var names = MemberNames()
        var merged: [(value: Value, position: SourcePosition)] = []
        var total = Composed(value: Value(.map([]), position: start.position))
        while true {
            let event = try source.next()
            if case .mappingEnd = event.kind { break }
            let key = try key(event, depth: depth)
            let value = try compose(try source.next(), depth: depth + 1)
            total.add(value)
            if key.isMerge {
                merged.append((value.value, event.position))
            } else if names.insert(key.name) {
                members.append(Value.Member(key.name, value.value, position: event.position))
            } else {
                let first = members.first { $0.name == key.name }?.position.map { ", first at \($0)" } ?? ""
                throw YAMLError(
                    position: event.position, rule: "duplicate-member",
                    message: "The member '\(key.name.shortened)' is given twice\(first). Remove one of the two.")
            }
        }
        for (value, position) in merged { try merge(value, at: position, into: &members, names: &names) }
        total.value.node = .map(members)
        return total
    }

    private mutating func key(_ event: YAMLEvent, depth: Int) throws(YAMLError) -> (name: String, isMerge: Bool) {
        let key = try compose(event, depth: depth + 1)
        // A key's text is what the document says, so that `NO: x` and `1: x` name 'NO' and '1'; null is no name.
        if case .scalar(let text, let isPlain) = event.kind, !(isPlain && text.isEmpty) {
            return (text, isPlain && text == "<<")
        }
        guard let text = key.value.text, !text.isEmpty else {
            throw YAMLError(
                position: event.position, rule: "bad-member-name",
                message: "A member's name must be a text that is not empty.")
        }
        return (text, false)
    }

    /// Adds the members of `value` (a map, or a list of maps of which the first wins) that are not there yet.
    private func merge(
        _ value: Value, at position: SourcePosition, into members: inout [Value.Member], names: inout MemberNames,
    ) throws(YAMLError) {
        for source in value.elements ?? [value] {
            guard let additions = source.members else {
                throw YAMLError(
                    position: position, rule: "bad-merge",
                    message: "'<<' merges an object or a list of objects, nothing else.")
            }
            for member in additions where names.insert(member.name) { members.append(member) }
        }
    }

    // MARK: Tags

    private func checkCollectionTag(_ event: YAMLEvent) throws(YAMLError) {
        guard let tag = event.tag, YAMLTag(tag) != .collection else { return }
        throw unsupported(event)
    }

    private func unsupported(_ event: YAMLEvent) -> YAMLError {
        let tag = event.tag ?? ""
        let hint =
            YAMLTag.isCloudFormation(tag)
            ? "This looks like CloudFormation; Mooring takes the input of the ECS API, without intrinsic functions."
            : "Write the value without it."
        return YAMLError(
            position: event.position, rule: "unsupported-tag",
            message: "The YAML tag '\(tag.shortened)' is not supported. \(hint)")
    }
}

extension YAMLReader.Composed {
    /// Counts a part in.
    fileprivate mutating func add(_ part: Self) {
        nodes += part.nodes
        depth = max(depth, part.depth + 1)
    }
}

/// What a YAML tag asks for.
enum YAMLTag: Equatable {
    case string
    /// A number, boolean or time: the shape decides, as without the tag.
    case typed
    case null
    case collection
    case other

    init(_ tag: String) {
        self =
            switch tag {
            case "!", "tag:yaml.org,2002:str": .string
            case "tag:yaml.org,2002:int", "tag:yaml.org,2002:float", "tag:yaml.org,2002:bool",
                "tag:yaml.org,2002:timestamp":
                .typed
            case "tag:yaml.org,2002:null": .null
            case "tag:yaml.org,2002:seq", "tag:yaml.org,2002:map": .collection
            default: .other
            }
    }

    /// The short forms of CloudFormation's intrinsic functions.
    static func isCloudFormation(_ tag: String) -> Bool {
        [
            "!Ref", "!Sub", "!GetAtt", "!Join", "!Select", "!Split", "!If", "!ImportValue", "!FindInMap", "!Base64",
            "!Equals", "!Not", "!And", "!Or", "!Condition", "!GetAZs", "!Cidr", "!Transform",
        ].contains(tag)
    }
}
