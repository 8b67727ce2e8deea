import MooringNames

/// The word of a manifest that lets a rollout pass its hooks: `mooring: {approve: …}`, a commit or a digest.
struct Approval {
    private let word: String

    init(_ word: String) { self.word = word.lowercased() }

    /// Whether the word is the digest of what is being rolled out, or at least twelve digits of it.
    func isOf(_ digest: Digest) -> Bool {
        let digits = digest.text.drop { $0 != ":" }.dropFirst()
        let said = word.contains(":") ? word.drop { $0 != ":" }.dropFirst() : Substring(word)
        return said.count >= 12 && digits.hasPrefix(said)
    }

    /// The commit that the word means, at least seven digits of it; nil where none of these is.
    func commit(among commits: [CommitID]) -> CommitID? {
        word.count >= 7 ? commits.first { $0.text.hasPrefix(word) } : nil
    }
}
