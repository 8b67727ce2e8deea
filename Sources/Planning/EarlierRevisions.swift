import MooringModel
import MooringNames

/// The revisions a service ran or was offered before, as its tag `mooring:earlier` remembers them.
///
/// The tag only finds a revision; its described content decides whether it is the wanted one.
struct EarlierRevisions: Equatable {
    /// Longest tag value. Source: API reference, Tag: 256 characters.
    static let maximumTagLength = 256

    struct Entry: Equatable {
        let number: Int
        /// The first digits of the digest it was registered from.
        let digest: String
    }

    /// Newest first, without repetitions.
    private(set) var entries: [Entry]

    init(tag: String?) {
        entries = (tag ?? "").split(separator: " ").compactMap { text in
            let parts = text.split(separator: "@")
            guard parts.count == 2, let number = Int(parts[0]), number > 0 else { return nil }
            return Entry(number: number, digest: String(parts[1]))
        }
    }

    /// Puts a revision first.
    mutating func add(_ revision: Revision, digest: Digest) {
        let entry = Entry(number: revision.number, digest: digest.short)
        entries.removeAll { $0.number == entry.number }
        entries.insert(entry, at: 0)
    }

    /// Numbers of the revisions that were registered from the digest, newest first.
    func numbers(of digest: Digest) -> [Int] { entries.filter { $0.digest == digest.short }.map(\.number) }

    /// As many entries as the tag holds.
    var tag: String {
        var text = ""
        for entry in entries {
            let addition = (text.isEmpty ? "" : " ") + "\(entry.number)@\(entry.digest)"
            if text.utf8.count + addition.utf8.count > EarlierRevisions.maximumTagLength { break }
            text += addition
        }
        return text
    }
}
