import MooringCryptography
package import MooringGit
package import MooringNames

/// The id of a repository in an environment's identity, where the settings give none.
package enum RepositoryIdentity {
    /// A short digest of host, path and folder.
    ///
    /// The scheme, the user and the port take no part, so that changing from https to ssh keeps the id.
    package static func id(of address: GitAddress, folder: TreePath?) -> String {
        let (host, path) = hostAndPath(of: address)
        let name = host.lowercased() + "/" + trimmed(path) + "#" + (folder?.text ?? "")
        return String(SHA256.hex(of: name.utf8).prefix(Limits.repositoryIDCharacters))
    }

    /// Host (without port) and path of an address; the host of a local one is empty.
    static func hostAndPath(of address: GitAddress) -> (host: String, path: String) {
        switch address.place {
        case .local(let path): return ("", path)
        case .ssh(let place): return (place.host, place.path)
        case .http(let url):
            let (authority, path) = authorityAndPath(of: url)
            let host = authority.hasSuffix("]") ? authority[...] : authority.prefix { $0 != ":" }
            return (String(host), path)
        }
    }

    /// Host with its port, and path, of an http URL.
    static func authorityAndPath(of url: String) -> (authority: String, path: String) {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        let authority = rest.prefix { $0 != "/" }
        return (String(authority), String(rest.dropFirst(authority.count)))
    }

    private static func trimmed(_ path: String) -> String {
        var path = path[...]
        while path.hasPrefix("/") { path = path.dropFirst() }
        while path.hasSuffix("/") { path = path.dropLast() }
        if path.hasSuffix(".git") { path = path.dropLast(4) }
        return String(path)
    }
}
