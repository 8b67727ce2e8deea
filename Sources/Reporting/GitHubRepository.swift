import MooringPorts

/// A repository on GitHub, and where the API of its host is.
package struct GitHubRepository: Hashable, Sendable, CustomStringConvertible {
    package let owner: String
    package let name: String
    /// Without a slash at its end: `https://api.github.com`.
    package let apiURL: String

    /// Reads host and path of a repository's address.
    ///
    /// - Parameters:
    ///   - host: of the clone URL, with its port if it has one: `github.com`.
    ///   - path: `/owner/name.git`, with or without slash and suffix.
    ///   - apiURL: where the API is, nil for the one that belongs to the host.
    /// - Returns: nil where the path is none of GitHub's.
    package init?(host: String, path: String, apiURL: String? = nil) {
        var path = path[...]
        while path.hasPrefix("/") { path = path.dropFirst() }
        while path.hasSuffix("/") { path = path.dropLast() }
        if path.hasSuffix(".git") { path = path.dropLast(4) }
        let parts = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2, parts.allSatisfy(GitHubRepository.isName), !host.isEmpty || apiURL != nil else {
            return nil
        }
        owner = parts[0]
        name = parts[1]
        var url = apiURL ?? GitHubRepository.apiURL(ofHost: host)
        while url.hasSuffix("/") { url.removeLast() }
        self.apiURL = url
    }

    package var description: String { "\(owner)/\(name)" }

    /// Where the API of a host is: GitHub's own, GitHub with data residency, GitHub Enterprise Server.
    package static func apiURL(ofHost host: String) -> String {
        let host = host.lowercased()
        switch host {
        case "github.com", "www.github.com", "ssh.github.com", "ssh.github.com:443": return "https://api.github.com"
        case _ where host.hasSuffix(".ghe.com"): return "https://api.\(host)"
        default: return "https://\(host)/api/v3"
        }
    }

    /// What GitHub allows in names of owners and repositories; the name becomes part of a URL.
    private static func isName(_ text: String) -> Bool {
        let isAllowed = text.utf8.allSatisfy { byte in
            (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || "-_.".utf8.contains(byte)
        }
        return isAllowed && !text.isEmpty && text.utf8.count <= 100 && text != "." && text != ".."
    }
}
