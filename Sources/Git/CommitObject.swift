import MooringNames

/// What Mooring reads of a commit object, and writes into one.
struct CommitObject: Equatable, Sendable {
    var tree: ObjectKey
    var parents: [ObjectKey]
    /// As stored: `Name <address> seconds zone`, bytes made text as far as they are.
    var author: String
    var committer: String
    var message: String

    init(tree: ObjectKey, parents: [ObjectKey], author: String, committer: String, message: String) {
        self.tree = tree
        self.parents = parents
        self.author = author
        self.committer = committer
        self.message = message
    }

    /// Reads the stored form: header lines, an empty line, the message. Headers that are not ours (signatures,
    /// encodings, merged tags) are passed over.
    init(reading bytes: [UInt8]) throws(GitProblem) {
        var tree: ObjectKey?
        var parents: [ObjectKey] = []
        var author = ""
        var committer = ""
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")), end > rest.startIndex {
            let line = String(decoding: rest[..<end], as: UTF8.self)
            rest = rest[(end + 1)...]
            // A line that starts with a space continues the header before it.
            guard let space = line.firstIndex(of: " "), space > line.startIndex else { continue }
            let value = String(line[line.index(after: space)...])
            switch line[..<space] {
            case "tree": tree = tree ?? CommitObject.key(value)
            case "parent":
                guard let parent = CommitObject.key(value) else { throw .malformed("A commit names no valid parent.") }
                parents.append(parent)
            case "author": author = value
            case "committer": committer = value
            default: continue
            }
        }
        guard let tree else { throw .malformed("A commit names no tree.") }
        self.tree = tree
        self.parents = parents
        self.author = author
        self.committer = committer
        message = String(decoding: rest.dropFirst(), as: UTF8.self)
    }

    /// The stored form.
    var bytes: [UInt8] {
        var text = "tree \(tree.hex)\n"
        for parent in parents { text += "parent \(parent.hex)\n" }
        text += "author \(author)\ncommitter \(committer)\n\n\(message)"
        return Array(text.utf8)
    }

    /// The name of the author without the address, or the address where there is no name.
    var authorName: String {
        let name = author.prefix { $0 != "<" }
        if name.contains(where: { $0 != " " }) { return Words.printable(String(name), maximum: 200) }
        let address = author.drop { $0 != "<" }.dropFirst().prefix { $0 != ">" }
        return Words.printable(String(address), maximum: 200)
    }

    /// The first line of the message that is not empty.
    var subject: String {
        for line in message.split(whereSeparator: \.isNewline) {
            let shown = Words.printable(String(line), maximum: Limits.subjectCharacters)
            if !shown.isEmpty { return shown }
        }
        return ""
    }

    /// When it was committed, in seconds since 1970; 0 where the commit does not say.
    var committedAtSeconds: Int64 {
        let words = committer[(committer.lastIndex(of: ">") ?? committer.startIndex)...].split(separator: " ")
        return words.dropFirst().first.flatMap { Int64($0) } ?? 0
    }

    private static func key(_ hex: String) -> ObjectKey? { (try? ObjectID(hex)).map { ObjectKey($0) } }
}
