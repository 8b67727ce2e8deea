/// Swift source without what the compiler passes over: comments and the content of string literals become spaces, so that
/// lines and columns stay.
enum SwiftText {
    static func code(of text: String) -> String {
        var reader = Reader(bytes: Array(text.utf8))
        return reader.code()
    }

    private struct Reader {
        let bytes: [UInt8]
        var position = 0
        var result: [UInt8] = []

        init(bytes: [UInt8]) {
            self.bytes = bytes
            result.reserveCapacity(bytes.count)
        }

        mutating func code() -> String {
            while position < bytes.count {
                if starts(with: "//") {
                    blank(until: { $0.starts(with: "\n") || $0.position == $0.bytes.count })
                } else if starts(with: "/*") {
                    blankBlock()
                } else if let literal = literalStart() {
                    blankLiteral(hashes: literal.hashes, quotes: literal.quotes)
                } else {
                    keep()
                }
            }
            return String(decoding: result, as: UTF8.self)
        }

        private func starts(with text: String) -> Bool { bytes[position...].starts(with: text.utf8) }

        private mutating func keep() {
            result.append(bytes[position])
            position += 1
        }

        private mutating func blank() {
            result.append(bytes[position] == UInt8(ascii: "\n") ? UInt8(ascii: "\n") : UInt8(ascii: " "))
            position += 1
        }

        private mutating func blank(until isEnd: (Reader) -> Bool) {
            while position < bytes.count, !isEnd(self) { blank() }
        }

        /// Block comments nest in Swift.
        private mutating func blankBlock() {
            var depth = 0
            repeat {
                if starts(with: "/*") {
                    depth += 1
                    blank()
                } else if starts(with: "*/") {
                    depth -= 1
                    blank()
                }
                blank()
            } while depth > 0 && position < bytes.count
        }

        private func literalStart() -> (hashes: Int, quotes: Int)? {
            let hashes = bytes[position...].prefix { $0 == UInt8(ascii: "#") }.count
            let quotes = bytes[(position + hashes)...].prefix { $0 == UInt8(ascii: "\"") }.count
            guard quotes > 0 else { return nil }
            return (hashes, quotes >= 3 ? 3 : 1)
        }

        private mutating func blankLiteral(hashes: Int, quotes: Int) {
            let end = String(repeating: "\"", count: quotes) + String(repeating: "#", count: hashes)
            for _ in 0..<hashes + quotes { keep() }
            while position < bytes.count, !starts(with: end) {
                if quotes == 1, starts(with: "\n") { return }
                if hashes == 0, starts(with: "\\"), position + 1 < bytes.count { blank() }
                blank()
            }
            for _ in 0..<end.utf8.count where position < bytes.count { keep() }
        }
    }
}
