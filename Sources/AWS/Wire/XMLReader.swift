package import MooringShapes

/// Why a text is not the XML that AWS answers with.
package struct XMLError: Error, Equatable, Sendable, CustomStringConvertible {
    /// Counted in bytes from the start.
    package let offset: Int
    package let message: String

    package var description: String { "\(message) at byte \(offset)" }
}

/// Reads the XML of the query protocol into a tree, and nothing else.
///
/// No document types, no entities but the five predefined ones and numbers, bounded depth and size: there is nothing in
/// it to expand, to fetch or to recurse for ever. Attributes and namespaces are passed over, for AWS's answers carry
/// nothing in them. An element that holds elements becomes a map; one whose elements are all called `member` a list;
/// elements of one name among others a list under that name; all else is text.
package struct XMLReader {
    /// Reads a document.
    ///
    /// - Returns: the root's name and what it holds.
    package static func document(of bytes: [UInt8]) throws(XMLError) -> (name: String, value: Value) {
        guard bytes.count <= Limits.xmlBytes else { throw XMLError(offset: 0, message: "the document is too large") }
        var reader = XMLReader(bytes: bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.index = 3 }
        try reader.skipMisc()
        let root = try reader.element(depth: 1)
        try reader.skipMisc()
        guard reader.index == bytes.count else { throw reader.error("something follows the document") }
        return root
    }

    private let bytes: [UInt8]
    private var index = 0

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private func error(_ message: String) -> XMLError { XMLError(offset: index, message: message) }

    // MARK: Moving

    private func isAt(_ text: StaticString) -> Bool {
        text.withUTF8Buffer { bytes[index...].starts(with: $0) }
    }

    private var isAtSpace: Bool {
        guard index < bytes.count else { return false }
        return bytes[index] == 0x20 || (bytes[index] >= 0x09 && bytes[index] <= 0x0D)
    }

    private mutating func skipSpace() { while isAtSpace { index += 1 } }

    private mutating func skip(past end: StaticString) throws(XMLError) {
        while index < bytes.count {
            if isAt(end) {
                index += end.utf8CodeUnitCount
                return
            }
            index += 1
        }
        throw error("the document ends too early")
    }

    /// Passes over space, comments and the declaration around the root. `<!DOCTYPE` is none of these.
    private mutating func skipMisc() throws(XMLError) {
        while true {
            skipSpace()
            if isAt("<?") { try skip(past: "?>") } else if isAt("<!--") { try skip(past: "-->") } else { return }
        }
    }

    // MARK: Elements

    private mutating func element(depth: Int) throws(XMLError) -> (name: String, value: Value) {
        guard depth <= Limits.xmlDepth else { throw error("elements are nested too deeply") }
        guard isAt("<"), !isAt("<!"), !isAt("<?"), !isAt("</") else { throw error("an element is expected") }
        index += 1
        let name = try name()
        if try skipAttributes() { return (localName(name), .string("")) }
        var text: [UInt8] = []
        var children: [(name: String, value: Value)] = []
        while true {
            guard index < bytes.count else { throw error("the document ends too early") }
            if isAt("</") {
                index += 2
                guard try self.name() == name else { throw error("an end tag does not match") }
                skipSpace()
                guard isAt(">") else { throw error("an end tag is malformed") }
                index += 1
                return (localName(name), XMLReader.value(of: children, text: text))
            } else if isAt("<!--") {
                try skip(past: "-->")
            } else if isAt("<![CDATA[") {
                index += 9
                let start = index
                try skip(past: "]]>")
                text += bytes[start..<(index - 3)]
            } else if isAt("<") {
                children.append(try element(depth: depth + 1))
            } else if isAt("&") {
                text += try reference()
            } else {
                text.append(bytes[index])
                index += 1
            }
        }
    }

    private static func value(of children: [(name: String, value: Value)], text: [UInt8]) -> Value {
        if children.isEmpty { return .string(String(decoding: text, as: UTF8.self)) }
        if children.allSatisfy({ $0.name == "member" }) { return .list(children.map(\.value)) }
        var order: [String] = []
        var values: [String: [Value]] = [:]
        for child in children {
            if values[child.name] == nil { order.append(child.name) }
            values[child.name, default: []].append(child.value)
        }
        return .map(
            order.map { name in
                let found = values[name] ?? []
                return (name, found.count == 1 ? found[0] : .list(found))
            })
    }

    /// Passes over the rest of a start tag.
    ///
    /// - Returns: whether the element ends with it.
    private mutating func skipAttributes() throws(XMLError) -> Bool {
        while true {
            skipSpace()
            if isAt("/>") {
                index += 2
                return true
            }
            if isAt(">") {
                index += 1
                return false
            }
            _ = try name()
            skipSpace()
            guard isAt("=") else { throw error("an attribute has no value") }
            index += 1
            skipSpace()
            if isAt("\"") {
                index += 1
                try skip(past: "\"")
            } else if isAt("'") {
                index += 1
                try skip(past: "'")
            } else {
                throw error("an attribute's value is not quoted")
            }
        }
    }

    private mutating func name() throws(XMLError) -> String {
        let start = index
        while index < bytes.count, XMLReader.isNameByte(bytes[index]) { index += 1 }
        guard index > start else { throw error("a name is expected") }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: ":"), 0x80...0xFF:
            true
        default: false
        }
    }

    /// What stands behind a namespace's prefix.
    private func localName(_ name: String) -> String { name.split(separator: ":").last.map(String.init) ?? name }

    private mutating func reference() throws(XMLError) -> [UInt8] {
        let start = index + 1
        // The longest reference is `&#1114111;`.
        let end = bytes[start...].prefix(9).firstIndex(of: UInt8(ascii: ";"))
        guard let end else { throw error("a reference does not end") }
        let text = String(decoding: bytes[start..<end], as: UTF8.self)
        guard let scalar = XMLReader.scalar(text) else { throw error("an entity that is not predefined") }
        index = end + 1
        return Array(String(Character(scalar)).utf8)
    }

    private static func scalar(_ reference: String) -> Unicode.Scalar? {
        switch reference {
        case "lt": "<"
        case "gt": ">"
        case "amp": "&"
        case "quot": "\""
        case "apos": "'"
        case _ where reference.hasPrefix("#x"):
            UInt32(reference.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        case _ where reference.hasPrefix("#"): UInt32(reference.dropFirst()).flatMap(Unicode.Scalar.init)
        default: nil
        }
    }
}
