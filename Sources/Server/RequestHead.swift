/// The first line and the headers of a request, as RFC 9112 has them.
package struct RequestHead: Hashable, Sendable {
    package let method: String
    /// Beginning with a slash, without query; percent escapes are left as they are.
    package let path: String
    /// Without the question mark; nil where there is none.
    package let query: String?
    /// In the order in which they came, names in lower case, values without surrounding blanks.
    package let headers: [Header]
    package let framing: BodyFraming

    package struct Header: Hashable, Sendable {
        package let name: String
        package let value: String
    }

    /// Why bytes are no request that we take.
    package enum Problem: Error, Hashable, Sendable {
        case malformed(String)
        case tooManyHeaders
        case bodyTooLarge
        case unknownTransferCoding
        case unknownVersion

        /// What is answered.
        package var answer: HTTPAnswer {
            switch self {
            case .malformed(let what): .text(400, "The request is malformed: \(what).")
            case .tooManyHeaders: .text(431, "More than \(Limits.headers) headers.")
            case .bodyTooLarge: .text(413, "The body is larger than \(Limits.bodyBytes) bytes.")
            case .unknownTransferCoding: .text(501, "The transfer coding is not known here; 'chunked' is.")
            case .unknownVersion: .text(505, "HTTP/1.1 and HTTP/1.0 are spoken here.")
            }
        }
    }

    /// Reads a head.
    ///
    /// Strict where leniency would let two readers see two requests: no blank before a colon, no folded lines, one length only.
    ///
    /// - Parameter bytes: up to the empty line, without it.
    package init(_ bytes: some Sequence<UInt8>) throws(Problem) {
        let text = Array(bytes)
        guard !text.contains(0) else { throw .malformed("a zero byte in its head") }
        // A carriage return belongs to the line's end; alone it is refused with the other control characters below.
        var lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
            .map { $0.last == UInt8(ascii: "\r") ? $0.dropLast() : $0 }[...]
        let first = String(decoding: lines.popFirst() ?? [], as: UTF8.self)
        let parts = first.split(separator: " ", omittingEmptySubsequences: false)
        guard parts.count == 3, RequestHead.isToken(parts[0]) else { throw .malformed("its first line") }
        guard parts[2] == "HTTP/1.1" || parts[2] == "HTTP/1.0" else {
            throw parts[2].hasPrefix("HTTP/") ? .unknownVersion : .malformed("its first line")
        }
        method = String(parts[0])
        let target = parts[1].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let path = target.first, path.hasPrefix("/"), RequestHead.isPrintable(parts[1]) else {
            throw .malformed("its target is no path")
        }
        self.path = String(path)
        query = target.count > 1 ? String(target[1]) : nil
        guard lines.count <= Limits.headers else { throw .tooManyHeaders }
        var headers: [Header] = []
        for line in lines { headers.append(try RequestHead.header(line)) }
        self.headers = headers
        framing = try BodyFraming(headers)
    }

    private static func header(_ line: ArraySlice<UInt8>) throws(Problem) -> Header {
        let text = String(decoding: line, as: UTF8.self)
        guard let colon = text.firstIndex(of: ":"), isToken(text[..<colon]) else {
            throw .malformed("a header has no name")
        }
        let value = text[text.index(after: colon)...].trimmed
        guard !value.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7F }) else {
            throw .malformed("a header holds a control character")
        }
        return Header(name: text[..<colon].lowercased(), value: String(value))
    }

    /// The value of the header called `name`, in lower case; nil where there is none, or more than one: then nobody can say
    /// which is meant.
    package func only(_ name: String) -> String? {
        let values = headers.filter { $0.name == name }
        return values.count == 1 ? values[0].value : nil
    }

    /// Whether the client waits to be told that we want the body.
    var expectsContinue: Bool { only("expect")?.lowercased() == "100-continue" }

    /// What kind of text the body is, without parameters, in lower case.
    package var mediaType: String {
        (only("content-type") ?? "").prefix { $0 != ";" }.trimmed.lowercased()
    }

    private static func isToken(_ text: some StringProtocol) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
                    || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || "!#$%&'*+-.^_`|~".utf8.contains(byte)
            }
    }

    private static func isPrintable(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }
}

/// How the end of a body is known.
package enum BodyFraming: Hashable, Sendable {
    case length(Int)
    case chunked

    /// A request without either has no body.
    init(_ headers: [RequestHead.Header]) throws(RequestHead.Problem) {
        let codings = headers.filter { $0.name == "transfer-encoding" }.map { $0.value.lowercased() }
        let lengths = headers.filter { $0.name == "content-length" }.map(\.value)
        if !codings.isEmpty {
            // Both at once is how a request is smuggled past a proxy.
            guard lengths.isEmpty else { throw .malformed("it has a length and a transfer coding") }
            guard codings == ["chunked"] else { throw .unknownTransferCoding }
            self = .chunked
            return
        }
        guard let length = lengths.first else {
            self = .length(0)
            return
        }
        let isNumber = !length.isEmpty && length.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
        guard lengths.count == 1, isNumber else { throw .malformed("its length is no number") }
        guard let count = Int(length), count <= Limits.bodyBytes else { throw .bodyTooLarge }
        self = .length(count)
    }
}

extension StringProtocol {
    /// Without blanks and tabs around it.
    var trimmed: SubSequence {
        var rest = self[...]
        while let first = rest.first, first == " " || first == "\t" { rest.removeFirst() }
        while let last = rest.last, last == " " || last == "\t" { rest.removeLast() }
        return rest
    }
}
