/// Why a text is no JSON document, and where.
package struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
    package let position: SourcePosition
    package let message: String

    package var description: String { "\(position): \(message)" }
}

/// Reads JSON (RFC 8259) into a tree with positions.
///
/// Strict, with one leniency asked for by files people keep: lines whose first visible characters are `//` or `#`, and
/// comments in `/* */`, are passed over where they stand *above* the document. Bounded in depth; the caller bounds the size.
package struct JSONReader {
    /// Deepest nesting accepted. The deepest ECS input shape has ten levels; this leaves room and protects the stack.
    package static let maximumDepth = 64

    /// Reads a whole document.
    ///
    /// - Parameter bytes: UTF-8.
    package static func value(of bytes: some Collection<UInt8>) throws(JSONError) -> Value {
        var reader = JSONReader(bytes: Array(bytes))
        reader.skipByteOrderMark()
        reader.skipLeadingComments()
        let value = try reader.value(depth: 0)
        reader.skipSpace()
        if reader.index < reader.bytes.count { throw reader.error("something follows the end of the document") }
        return value
    }

    package static func value(of text: String) throws(JSONError) -> Value { try value(of: text.utf8) }

    private let bytes: [UInt8]
    private var index = 0
    private var line = 1
    /// Column of `bytes[index]`, counted in Unicode scalars.
    private var column = 1

    private init(bytes: [UInt8]) { self.bytes = bytes }

    // MARK: Moving

    private var current: UInt8? { index < bytes.count ? bytes[index] : nil }
    private var position: SourcePosition { SourcePosition(line: line, column: column) }

    private mutating func advance() {
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 1
        } else if byte & 0xC0 != 0x80 {
            column += 1
        }
    }

    private mutating func skipSpace() {
        while let byte = current,
            byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
        {
            advance()
        }
    }

    private mutating func skipByteOrderMark() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
    }

    private mutating func skipLeadingComments() {
        while true {
            skipSpace()
            if bytes[index...].starts(with: [UInt8(ascii: "/"), UInt8(ascii: "*")]) {
                skipBlockComment()
                continue
            }
            let isSlashes = bytes[index...].starts(with: [UInt8(ascii: "/"), UInt8(ascii: "/")])
            guard isSlashes || current == UInt8(ascii: "#") else { return }
            while let byte = current, byte != UInt8(ascii: "\n") { advance() }
        }
    }

    /// Passes `/* ... */`; one that is never closed passes everything, and then the document is missing.
    private mutating func skipBlockComment() {
        while current != nil {
            if bytes[index...].starts(with: [UInt8(ascii: "*"), UInt8(ascii: "/")]) {
                advance()
                advance()
                return
            }
            advance()
        }
    }

    private func error(_ message: String, at position: SourcePosition? = nil) -> JSONError {
        JSONError(position: position ?? self.position, message: message)
    }

    private func unexpected(_ wanted: String) -> JSONError {
        guard let current else { return error("the document ends where \(wanted) should be") }
        let character = String(decoding: bytes[index...].prefix(4), as: UTF8.self).first.map(String.init) ?? "?"
        return error("expected \(wanted), found \(current < 0x20 ? "a control character" : "'\(character)'")")
    }

    // MARK: Values

    private mutating func value(depth: Int) throws(JSONError) -> Value {
        if depth > JSONReader.maximumDepth { throw error("nested deeper than \(JSONReader.maximumDepth) levels") }
        skipSpace()
        let start = position
        switch current {
        case UInt8(ascii: "{"): return Value(.map(try map(depth: depth)), position: start)
        case UInt8(ascii: "["): return Value(.list(try list(depth: depth)), position: start)
        case UInt8(ascii: "\""): return Value(.scalar(Scalar(text: try string(), style: .string)), position: start)
        case UInt8(ascii: "t"): return try word("true", Scalar(text: "true", style: .boolean), at: start)
        case UInt8(ascii: "f"): return try word("false", Scalar(text: "false", style: .boolean), at: start)
        case UInt8(ascii: "n"): return try word("null", Scalar(text: "", style: .null), at: start)
        case let byte? where byte == UInt8(ascii: "-") || isDigit(byte):
            return Value(.scalar(Scalar(text: try number(), style: .number)), position: start)
        default: throw unexpected("a value")
        }
    }

    private mutating func word(_ word: String, _ scalar: Scalar, at start: SourcePosition) throws(JSONError) -> Value {
        guard bytes[index...].starts(with: word.utf8) else { throw unexpected("a value") }
        for _ in word.utf8 { advance() }
        return Value(.scalar(scalar), position: start)
    }

    private mutating func map(depth: Int) throws(JSONError) -> [Value.Member] {
        advance()
        var members: [Value.Member] = []
        var names = MemberNames()
        skipSpace()
        if current == UInt8(ascii: "}") {
            advance()
            return members
        }
        while true {
            skipSpace()
            let start = position
            guard current == UInt8(ascii: "\"") else { throw unexpected("a member name in double quotes") }
            let name = try string()
            if !names.insert(name) {
                let first = members.first { $0.name == name }?.position.map { ", first at \($0)" } ?? ""
                throw error("the member '\(name)' is given twice\(first)", at: start)
            }
            skipSpace()
            guard current == UInt8(ascii: ":") else { throw unexpected("':'") }
            advance()
            members.append(Value.Member(name, try value(depth: depth + 1), position: start))
            if try !continues(before: UInt8(ascii: "}"), wanted: "',' or '}'") { return members }
        }
    }

    private mutating func list(depth: Int) throws(JSONError) -> [Value] {
        advance()
        var elements: [Value] = []
        skipSpace()
        if current == UInt8(ascii: "]") {
            advance()
            return elements
        }
        while true {
            elements.append(try value(depth: depth + 1))
            if try !continues(before: UInt8(ascii: "]"), wanted: "',' or ']'") { return elements }
        }
    }

    /// Passes a comma (true) or the closing bracket (false).
    private mutating func continues(before close: UInt8, wanted: String) throws(JSONError) -> Bool {
        skipSpace()
        if current == close {
            advance()
            return false
        }
        guard current == UInt8(ascii: ",") else { throw unexpected(wanted) }
        let comma = position
        advance()
        skipSpace()
        if current == close { throw error("a comma stands before the closing bracket", at: comma) }
        return true
    }

    // MARK: Scalars

    private func isDigit(_ byte: UInt8?) -> Bool {
        guard let byte else { return false }
        return byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
    }

    private mutating func number() throws(JSONError) -> String {
        let start = index
        if current == UInt8(ascii: "-") { advance() }
        guard isDigit(current) else { throw unexpected("a digit") }
        if current == UInt8(ascii: "0") {
            advance()
            if isDigit(current) { throw error("a number may not begin with 0") }
        }
        while isDigit(current) { advance() }
        if current == UInt8(ascii: ".") {
            advance()
            guard isDigit(current) else { throw unexpected("a digit") }
            while isDigit(current) { advance() }
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            advance()
            if current == UInt8(ascii: "+") || current == UInt8(ascii: "-") { advance() }
            guard isDigit(current) else { throw unexpected("a digit") }
            while isDigit(current) { advance() }
        }
        return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func string() throws(JSONError) -> String {
        let start = position
        advance()
        var content: [UInt8] = plainRun()
        while let byte = current {
            switch byte {
            case UInt8(ascii: "\""):
                advance()
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw error("a string is not valid UTF-8", at: start)
                }
                return text
            case UInt8(ascii: "\\"): try escape(into: &content)
            case 0..<0x20: throw error("a string holds a line break or control character; write it as \\n or \\u00XX")
            default: content += plainRun()
            }
        }
        throw error("the string that begins here is never closed", at: start)
    }

    /// Passes what stands for itself in a string, up to the next quote, backslash or control character.
    private mutating func plainRun() -> [UInt8] {
        let start = index
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || byte < 0x20 { break }
            index += 1
            // Bytes that continue a character of UTF-8 are no columns of their own.
            if byte & 0xC0 != 0x80 { column += 1 }
        }
        return Array(bytes[start..<index])
    }

    private mutating func escape(into content: inout [UInt8]) throws(JSONError) {
        let start = position
        advance()
        let simple: UInt8? =
            switch current {
            case UInt8(ascii: "\""): UInt8(ascii: "\"")
            case UInt8(ascii: "\\"): UInt8(ascii: "\\")
            case UInt8(ascii: "/"): UInt8(ascii: "/")
            case UInt8(ascii: "b"): 0x08
            case UInt8(ascii: "f"): 0x0C
            case UInt8(ascii: "n"): 0x0A
            case UInt8(ascii: "r"): 0x0D
            case UInt8(ascii: "t"): 0x09
            default: nil
            }
        if let simple {
            content.append(simple)
            advance()
            return
        }
        guard current == UInt8(ascii: "u") else { throw error("an unknown escape follows the backslash", at: start) }
        advance()
        var code = try hexadecimalUnit(from: start)
        if (0xD800..<0xDC00).contains(code) {
            guard bytes[index...].starts(with: [UInt8(ascii: "\\"), UInt8(ascii: "u")]) else {
                throw error("half of a surrogate pair stands alone", at: start)
            }
            advance()
            advance()
            let low = try hexadecimalUnit(from: start)
            guard (0xDC00..<0xE000).contains(low) else {
                throw error("half of a surrogate pair stands alone", at: start)
            }
            code = 0x10000 + (code - 0xD800) << 10 + (low - 0xDC00)
        }
        guard let scalar = Unicode.Scalar(code) else { throw error("half of a surrogate pair stands alone", at: start) }
        content.append(contentsOf: String(Character(scalar)).utf8)
    }

    private mutating func hexadecimalUnit(from start: SourcePosition) throws(JSONError) -> UInt32 {
        var code: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("\\u needs four hexadecimal digits", at: start)
            }
            code = code << 4 | UInt32(digit)
            advance()
        }
        return code
    }
}
