/// Takes a body out of what comes behind a head, piece by piece.
package struct BodyDecoder: Sendable {
    private var state: State
    /// Bytes of the body so far.
    private var count = 0

    private enum State {
        /// So many bytes are to come; the end where it is 0.
        case counted(Int)
        /// In the line that tells a chunk's length. Then `chunk`, or `trailer` after the last.
        case length([UInt8])
        /// In a chunk of which so many bytes are to come. Then `chunkEnd`.
        case chunk(Int)
        /// In the line end behind a chunk. Then `length`.
        case chunkEnd(Int)
        /// Behind the last chunk: lines up to an empty one. Then `counted(0)`.
        case trailer(line: Int, all: Int)
    }

    package init(_ framing: BodyFraming) {
        switch framing {
        case .length(let count): state = .counted(count)
        case .chunked: state = .length([])
        }
    }

    /// Whether the body has come whole.
    package var isComplete: Bool {
        if case .counted(0) = state { return true }
        return false
    }

    /// Takes bytes as they came; what is behind the end of the body is passed over.
    ///
    /// - Parameter use: given the body's own bytes, in order.
    package mutating func decode(
        _ bytes: ArraySlice<UInt8>, _ use: (ArraySlice<UInt8>) -> Void,
    ) throws(RequestHead.Problem) {
        var rest = bytes
        while !rest.isEmpty, !isComplete {
            switch state {
            case .counted(let left):
                let piece = rest.prefix(left)
                use(piece)
                rest = rest.dropFirst(piece.count)
                state = .counted(left - piece.count)
            case .length(let line): try takeLength(line, &rest)
            case .chunk(let left):
                let piece = rest.prefix(left)
                use(piece)
                rest = rest.dropFirst(piece.count)
                state = left == piece.count ? .chunkEnd(2) : .chunk(left - piece.count)
            case .chunkEnd(let left):
                guard rest.removeFirst() == (left == 2 ? UInt8(ascii: "\r") : UInt8(ascii: "\n")) else {
                    throw .malformed("a chunk does not end where it says")
                }
                state = left == 2 ? .chunkEnd(1) : .length([])
            case .trailer(let line, let all): try takeTrailer(line, all, &rest)
            }
        }
    }

    private mutating func takeLength(
        _ line: [UInt8], _ rest: inout ArraySlice<UInt8>,
    ) throws(RequestHead.Problem) {
        let byte = rest.removeFirst()
        guard byte == UInt8(ascii: "\n") else {
            guard line.count < Limits.chunkLineBytes else { throw .malformed("a chunk's length is too long") }
            state = .length(line + [byte])
            return
        }
        guard line.last == UInt8(ascii: "\r") else { throw .malformed("a chunk's length does not end its line") }
        // What follows a semicolon is an extension, which nobody uses.
        let digits = String(decoding: line.dropLast().prefix { $0 != UInt8(ascii: ";") }, as: UTF8.self).trimmed
        guard !digits.isEmpty, digits.utf8.count <= 8, digits.first != "+", digits.first != "-",
            let length = Int(digits, radix: 16)
        else { throw .malformed("a chunk's length is no number") }
        count += length
        guard count <= Limits.bodyBytes else { throw .bodyTooLarge }
        state = length == 0 ? .trailer(line: 0, all: 0) : .chunk(length)
    }

    private mutating func takeTrailer(
        _ line: Int, _ all: Int, _ rest: inout ArraySlice<UInt8>,
    ) throws(RequestHead.Problem) {
        guard all < Limits.chunkLineBytes else { throw .malformed("too much follows its last chunk") }
        switch rest.removeFirst() {
        case UInt8(ascii: "\n"): state = line == 0 ? .counted(0) : .trailer(line: 0, all: all + 1)
        case UInt8(ascii: "\r"): state = .trailer(line: line, all: all + 1)
        default: state = .trailer(line: line + 1, all: all + 1)
        }
    }
}
