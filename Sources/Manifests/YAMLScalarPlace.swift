import MooringShapes

/// Where a scalar stands in the bytes of a YAML file that has been read, and how another one is written there.
struct YAMLScalarPlace {
    private let bytes: [UInt8]
    /// Without an anchor and a tag in front of it.
    private let range: Range<Int>
    private let style: YAMLEvent.Style

    /// The ways to write `text`, the best first: as the old one is written, then in ways that are right for more texts.
    static func candidates(
        at position: SourcePosition, in bytes: [UInt8], saying text: String, _ problem: (String) -> EditProblem,
    ) throws(EditProblem) -> [ScalarCandidate] {
        // As for reading: to the parser a byte order mark is no part of the text.
        let markLength = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
        guard let event = event(at: position, in: Array(bytes.dropFirst(markLength))) else {
            throw problem("No value stands here that could be changed.")
        }
        let offsets = offsets(of: [event.span.lowerBound, event.span.upperBound], in: bytes, from: markLength)
        let place = YAMLScalarPlace(
            bytes: bytes, range: try skippingProperties(offsets[0]..<offsets[1], bytes, problem), style: event.style)
        return place.candidates(text)
    }

    private static func event(at position: SourcePosition, in bytes: [UInt8]) -> YAMLEvent? {
        bytes.withUnsafeBufferPointer { buffer in
            do throws(YAMLError) {
                let source = try YAMLEventSource(reading: buffer)
                while true {
                    let event = try source.next()
                    switch event.kind {
                    case .scalar where event.position == position && !event.span.isEmpty: return event
                    case .streamEnd: return nil
                    default: continue
                    }
                }
            } catch {
                return nil
            }
        }
    }

    /// Byte offsets of characters that are counted from `start`.
    private static func offsets(of indices: [Int], in bytes: [UInt8], from start: Int) -> [Int] {
        var offsets: [Int] = []
        var index = start
        var count = 0
        for wanted in indices {
            while count < wanted, index < bytes.count {
                index += 1
                while index < bytes.count, bytes[index] & 0xC0 == 0x80 { index += 1 }
                count += 1
            }
            offsets.append(index)
        }
        return offsets
    }

    /// The place behind `&anchor` and `!tag`.
    private static func skippingProperties(
        _ range: Range<Int>, _ bytes: [UInt8], _ problem: (String) -> EditProblem,
    ) throws(EditProblem) -> Range<Int> {
        var start = range.lowerBound
        while start < range.upperBound, bytes[start] == UInt8(ascii: "&") || bytes[start] == UInt8(ascii: "!") {
            while start < range.upperBound, bytes[start] > 0x20 { start += 1 }
            while start < range.upperBound, bytes[start] == 0x20 || bytes[start] == 0x09 { start += 1 }
            guard start < range.upperBound, bytes[start] > 0x20, bytes[start] != UInt8(ascii: "#") else {
                throw problem("The value stands on another line than its anchor or its tag. Put them on one.")
            }
        }
        return start..<range.upperBound
    }

    // MARK: Writing

    private func candidates(_ text: String) -> [ScalarCandidate] {
        let single = ScalarCandidate(
            range: range, bytes: Array("'\(text.replacing("'", with: "''"))'".utf8))
        let double = ScalarCandidate(range: range, bytes: Array("\"\(JSONScalarPlace.escaped(text))\"".utf8))
        let plain = ScalarCandidate(range: range, bytes: Array(text.utf8))
        // What is no single line of visible characters means something else without escapes.
        let isSimple = !text.isEmpty && text.unicodeScalars.allSatisfy { !$0.properties.isControlOrBreak }
        switch style {
        case .singleQuoted: return isSimple ? [single, double] : [double]
        case .doubleQuoted: return [double]
        case .plain: return isSimple ? [plain, double] : [double]
        case .block:
            let line = block(text)
            return (isSimple ? [line].compactMap { $0 } : []) + (isSimple ? [blockReplaced(plain)] : [])
                + [blockReplaced(double)]
        }
    }

    /// The header stays, and the text takes the place of all lines below it.
    private func block(_ text: String) -> ScalarCandidate? {
        guard let feed = bytes[range].firstIndex(where: { $0 == 0x0A || $0 == 0x0D }) else { return nil }
        var start = feed
        while start < contentEnd, bytes[start] <= 0x20 { start += 1 }
        return start < contentEnd ? ScalarCandidate(range: start..<contentEnd, bytes: Array(text.utf8)) : nil
    }

    private func blockReplaced(_ candidate: ScalarCandidate) -> ScalarCandidate {
        ScalarCandidate(range: range.lowerBound..<contentEnd, bytes: candidate.bytes)
    }

    /// Where the last line of a block that is not blank ends.
    private var contentEnd: Int {
        var end = range.upperBound
        while end > range.lowerBound, bytes[end - 1] <= 0x20 { end -= 1 }
        return end
    }
}

extension Unicode.Scalar.Properties {
    /// Whether it ends a line, or is not seen.
    fileprivate var isControlOrBreak: Bool {
        switch generalCategory {
        case .control, .lineSeparator, .paragraphSeparator, .format, .surrogate: true
        default: false
        }
    }
}
