/// The name of a container image: `registry.example.com:5000/team/web:1.2@sha256:…`.
///
/// Source: the grammar in "distribution/reference" of the Open Container Initiative's registries.
package struct ImageReference: Hashable, Sendable, CustomStringConvertible {
    /// Registry and path, as they were given.
    package let repository: String
    package let tag: String?
    /// `sha256:` and 64 digits.
    package let digest: String?

    /// Why a text is no image.
    package struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
        package let description: String
    }

    package init(_ text: String) throws(Mistake) {
        var rest = text[...]
        if let at = rest.firstIndex(of: "@") {
            let digest = rest[rest.index(after: at)...]
            guard ImageReference.isDigest(digest) else {
                throw Mistake(description: "a digest is 'sha256:' and 64 digits of 0-9 and a-f.")
            }
            self.digest = String(digest)
            rest = rest[..<at]
        } else {
            digest = nil
        }
        if let colon = rest.lastIndex(of: ":"), !rest[colon...].contains("/") {
            let tag = rest[rest.index(after: colon)...]
            guard ImageReference.isTag(tag) else {
                throw Mistake(description: "a tag has 1 to 128 letters, digits, '.', '_' and '-'.")
            }
            self.tag = String(tag)
            rest = rest[..<colon]
        } else {
            tag = nil
        }
        guard ImageReference.isRepository(rest) else {
            throw Mistake(
                description:
                    "its name must be a path of lower-case letters, digits, '.', '_' and '-', behind a registry.")
        }
        repository = String(rest)
    }

    package var description: String { repository + (tag.map { ":\($0)" } ?? "") + (digest.map { "@\($0)" } ?? "") }

    /// A name that fits into the first line of a commit's message: the last part of the path, and the beginning of the digest.
    package static func short(_ text: String) -> String {
        guard let image = try? ImageReference(text) else { return text }
        let name = image.repository.split(separator: "/").last.map(String.init) ?? image.repository
        let digest = image.digest.map { "@" + $0.prefix("sha256:".count + 12) }
        return name + (image.tag.map { ":\($0)" } ?? "") + (digest ?? "")
    }

    private static func isDigest(_ text: Substring) -> Bool {
        guard text.hasPrefix("sha256:") else { return false }
        let digits = text.utf8.dropFirst(7)
        return digits.count == 64
            && digits.allSatisfy { byte in
                (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
                    || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f"))
            }
    }

    private static func isTag(_ text: Substring) -> Bool {
        guard (1...128).contains(text.utf8.count), let first = text.first, first != ".", first != "-" else {
            return false
        }
        return text.utf8.allSatisfy { isLetterOrDigit($0) || "._-".utf8.contains($0) }
    }

    private static func isRepository(_ text: Substring) -> Bool {
        var parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard let first = parts.first, text.utf8.count <= 255 else { return false }
        // The first part is a registry where it looks like a host; hosts may have capitals and a port.
        if parts.count > 1, first.contains(".") || first.contains(":") || first == "localhost" {
            let host = first.prefix { $0 != ":" }
            let port = first.dropFirst(host.count)
            guard !host.isEmpty, host.utf8.allSatisfy({ isLetterOrDigit($0) || ".-".utf8.contains($0) }),
                port.isEmpty || port.count > 1 && port.dropFirst().utf8.allSatisfy(isDigit)
            else { return false }
            parts.removeFirst()
        }
        return parts.allSatisfy { part in
            guard let first = part.utf8.first, let last = part.utf8.last, isLower(first), isLower(last) else {
                return false
            }
            return part.utf8.allSatisfy { isLower($0) || "._-".utf8.contains($0) }
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }
    private static func isLower(_ byte: UInt8) -> Bool {
        isDigit(byte) || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
    }
    private static func isLetterOrDigit(_ byte: UInt8) -> Bool { isDigit(byte) || isLower(byte | 0x20) }
}
