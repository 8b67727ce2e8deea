/// URLs as they may be shown: without user information, query and fragment, where secrets live.
package enum SafeURL {
    /// What may be shown of `url`. Works on texts that are no valid URL too.
    package static func text(of url: String) -> String {
        let shown = url.prefix { $0 != "?" && $0 != "#" }
        guard let separator = shown.firstRange(of: "://") else {
            // `user:password@host/path` without a scheme still holds a password.
            return withoutUser(shown)
        }
        return shown[..<separator.upperBound] + withoutUser(shown[separator.upperBound...])
    }

    /// Whether `url` is one that we send: http or https, a host, no user information, nothing unprintable.
    static func isPlain(_ url: String) -> Bool {
        guard let separator = url.firstRange(of: "://") else { return false }
        let scheme = url[..<separator.lowerBound].lowercased()
        let authority = url[separator.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
        let isPrintable = url.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7F }
        return (scheme == "http" || scheme == "https") && !authority.isEmpty && !authority.contains("@") && isPrintable
    }

    private static func withoutUser(_ text: Substring) -> String {
        let authorityEnd = text.firstIndex(of: "/") ?? text.endIndex
        guard let at = text[..<authorityEnd].lastIndex(of: "@") else { return String(text) }
        return String(text[text.index(after: at)...])
    }
}
