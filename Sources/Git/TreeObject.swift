/// One entry of a tree object, exactly as it is stored.
struct TreeEntry: Hashable, Sendable {
    /// The mode as written, in octal: `100644`, `40000`.
    var mode: UInt32
    /// Any bytes but NUL; nothing fetched is trusted to be a name.
    var name: [UInt8]
    var key: ObjectKey

    init(mode: UInt32, name: [UInt8], key: ObjectKey) {
        self.mode = mode
        self.name = name
        self.key = key
    }

    static let treeMode: UInt32 = 0o040000
    static let fileMode: UInt32 = 0o100644
    static let executableMode: UInt32 = 0o100755
    static let linkMode: UInt32 = 0o120000
    static let submoduleMode: UInt32 = 0o160000

    var isTree: Bool { mode == TreeEntry.treeMode }
    var isFile: Bool { mode == TreeEntry.fileMode || mode == TreeEntry.executableMode }

    /// The place in a tree: by bytes, a folder as if its name ended in a slash.
    static func precedes(_ left: TreeEntry, _ right: TreeEntry) -> Bool {
        let common = min(left.name.count, right.name.count)
        for index in 0..<common where left.name[index] != right.name[index] {
            return left.name[index] < right.name[index]
        }
        func next(_ entry: TreeEntry) -> UInt8 {
            if entry.name.count > common { return entry.name[common] }
            return entry.isTree ? UInt8(ascii: "/") : 0
        }
        return next(left) < next(right)
    }
}

/// A tree object: the entries of one folder.
///
/// Read by ourselves, because libgit2 hands out modes it has normalised, and because no name in it is to be trusted.
struct TreeObject: Equatable, Sendable {
    var entries: [TreeEntry]

    init(entries: [TreeEntry]) { self.entries = entries }

    /// Reads the stored form: mode, space, name, NUL, twenty bytes, and again.
    init(reading bytes: [UInt8]) throws(GitProblem) {
        var entries: [TreeEntry] = []
        var position = 0
        while position < bytes.count {
            var mode: UInt32 = 0
            let modeStart = position
            while position < bytes.count, bytes[position] != UInt8(ascii: " ") {
                let digit = bytes[position]
                guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "7"), position - modeStart < 7 else {
                    throw .malformed("A tree holds a mode that is no octal number.")
                }
                mode = mode << 3 | UInt32(digit - UInt8(ascii: "0"))
                position += 1
            }
            let nameStart = position + 1
            guard nameStart < bytes.count, let nameEnd = bytes[nameStart...].firstIndex(of: 0),
                nameEnd + 20 < bytes.count
            else { throw .malformed("A tree ends in the middle of an entry.") }
            position = nameEnd + 21
            entries.append(
                TreeEntry(
                    mode: mode, name: Array(bytes[nameStart..<nameEnd]),
                    key: ObjectKey(bytes[(nameEnd + 1)..<position]),
                ),
            )
        }
        self.entries = entries
    }

    /// The stored form, in git's order.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for entry in entries.sorted(by: TreeEntry.precedes) {
            bytes += Array(String(entry.mode, radix: 8).utf8)
            bytes.append(UInt8(ascii: " "))
            bytes += entry.name
            bytes.append(0)
            bytes += entry.key.bytes
        }
        return bytes
    }

    /// Whether the entries stand in git's order, none of them twice.
    var isWellFormed: Bool {
        zip(entries, entries.dropFirst()).allSatisfy { TreeEntry.precedes($0, $1) }
    }
}
