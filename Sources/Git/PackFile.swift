import CGit2
import MooringCryptography

/// Writes packs that lean on what the server has: an object that repeats most of another one is sent as the difference.
///
/// libgit2 sends every changed tree whole, which for one note among ten thousand is ten times the note.
enum PackFile {
    /// - Parameters:
    ///   - mayLean: whether the server takes objects whose base is not in the pack.
    ///   - objects: where the bases are read.
    static func bytes(
        of outgoing: [OutgoingObject], mayLean: Bool, in objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> [UInt8] {
        var pack = Array("PACK".utf8) + big(2) + big(UInt32(outgoing.count))
        for object in outgoing {
            var delta: [UInt8]?
            if mayLean, let base = object.base {
                let limit = object.kind == .tree ? Limits.treeBytes : Limits.fileBytes
                if let header = try objects.header(of: base), header.kind == object.kind, header.bytes <= limit {
                    let content = try objects.read(base, object.kind, maximum: limit)
                    delta = PackDelta.bytes(from: content, to: object.bytes, isTree: object.kind == .tree)
                }
            }
            if let delta, let base = object.base {
                pack += head(type: 7, length: delta.count) + base.bytes + (try deflated(delta))
            } else {
                pack += head(type: try number(of: object.kind), length: object.bytes.count)
                pack += try deflated(object.bytes)
            }
        }
        return pack + SHA1.bytes(of: pack)
    }

    /// Git's numbers of what stands in a pack; 7 is a difference from the object that is named.
    private static func number(of kind: ObjectKind) throws(GitProblem) -> UInt8 {
        switch kind {
        case .commit: return 1
        case .tree: return 2
        case .blob: return 3
        case .other: throw .malformed("Something is to be pushed that is neither commit, tree nor file.")
        }
    }

    /// Type and length: four bits of the length, then seven a byte.
    private static func head(type: UInt8, length: Int) -> [UInt8] {
        var rest = length >> 4
        var bytes = [type << 4 | UInt8(length & 0xF)]
        while rest > 0 {
            bytes[bytes.count - 1] |= 0x80
            bytes.append(UInt8(rest & 0x7F))
            rest >>= 7
        }
        return bytes
    }

    private static func big(_ value: UInt32) -> [UInt8] { withUnsafeBytes(of: value.bigEndian, Array.init) }

    private static func deflated(_ bytes: [UInt8]) throws(GitProblem) -> [UInt8] {
        var length = compressBound(uLong(bytes.count))
        var deflated = [UInt8](repeating: 0, count: Int(length))
        let code = compress2(&deflated, &length, bytes, uLong(bytes.count), Z_DEFAULT_COMPRESSION)
        guard code == Z_OK else { throw .storage("There is no memory left to compress what is to be pushed.") }
        return Array(deflated.prefix(Int(length)))
    }
}
