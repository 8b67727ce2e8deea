/// The lines of a file without their order, as git weighs how alike two files are.
///
/// Source: git's diffcore-count: a piece ends with its line or after 64 bytes, and in a text the carriage return before a line's
/// end does not count.
struct ContentSignature {
    /// Bytes of the file.
    let bytes: Int
    /// Each piece's hash and the bytes of all its occurrences, by hash.
    private let pieces: [(hash: UInt64, bytes: Int)]

    /// All the likeness there is: one score in git's own measure.
    static let whole = 60_000
    /// From here on a file may be the other one, moved and changed: half of it is still there.
    static let similar = 30_000
    /// From here on it is, if both have the same name and no other file has it.
    static let similarOfOneName = 45_000

    /// The id of a file of no bytes, the same in every repository.
    static let emptyBlob = ObjectKey(hex: "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391")

    private static let longestPiece = 64
    /// Where git looks for a NUL to tell whether a file is text.
    private static let binaryProbe = 8_000

    init(_ content: [UInt8]) {
        bytes = content.count
        let isText = !content.prefix(ContentSignature.binaryProbe).contains(0)
        var found: [(hash: UInt64, bytes: Int)] = []
        var hash = ContentSignature.start
        var length = 0
        for (index, byte) in content.enumerated() {
            let isLineEnd = byte == UInt8(ascii: "\n")
            if isText, byte == UInt8(ascii: "\r"), index + 1 < content.count, content[index + 1] == UInt8(ascii: "\n") {
                continue
            }
            // FNV-1a: no secret is needed, since a file that collides with another only passes for it in one's own proposal.
            hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
            length += 1
            if isLineEnd || length == ContentSignature.longestPiece {
                found.append((hash, length))
                hash = ContentSignature.start
                length = 0
            }
        }
        if length > 0 { found.append((hash, length)) }
        found.sort { $0.hash < $1.hash }
        var pieces: [(hash: UInt64, bytes: Int)] = []
        for piece in found {
            if let last = pieces.last, last.hash == piece.hash {
                pieces[pieces.count - 1].bytes += piece.bytes
            } else {
                pieces.append(piece)
            }
        }
        self.pieces = pieces
    }

    private static let start: UInt64 = 0xCBF2_9CE4_8422_2325

    /// How many pieces are looked at to compare it with another.
    var cost: Int { pieces.count }

    /// Whether files of these sizes can be as alike as `score`: what is missing in the smaller one is not.
    static func mayReach(_ score: Int, _ one: Int, _ other: Int) -> Bool {
        let larger = max(one, other)
        return larger > 0 && larger * (whole - score) >= abs(one - other) * whole
    }

    /// How much of the larger of two files is in the other one, out of `whole`.
    func score(_ other: ContentSignature) -> Int {
        if bytes == 0 || other.bytes == 0 { return 0 }
        var common = 0
        var left = 0
        var right = 0
        while left < pieces.count, right < other.pieces.count {
            let (one, two) = (pieces[left], other.pieces[right])
            if one.hash == two.hash { common += min(one.bytes, two.bytes) }
            if one.hash <= two.hash { left += 1 }
            if two.hash <= one.hash { right += 1 }
        }
        return common * ContentSignature.whole / max(bytes, other.bytes)
    }
}
