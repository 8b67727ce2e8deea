/// Where a repository is on its host, however its address is written.
struct RepositoryPath: Hashable, Sendable {
    /// In lower case; two at least, but for hosts that need only one.
    let components: [String]

    /// - Parameter address: a URL, `user@host:path`, or `group/app` alone.
    /// - Returns: nil where nothing is left of it.
    init?(_ address: String) {
        guard address.utf8.count <= Limits.addressCharacters else { return nil }
        var host = ""
        var path = address.prefix { $0 != "?" && $0 != "#" }
        if let scheme = path.firstRange(of: "://") {
            let rest = path[scheme.upperBound...]
            host = String(rest.prefix { $0 != "/" })
            path = rest.dropFirst(host.count)
        } else if let colon = path.firstIndex(of: ":"), !path[..<colon].contains("/") {
            host = String(path[..<colon])
            path = path[path.index(after: colon)...]
        }
        host = host.lowercased()
        if let at = host.lastIndex(of: "@") { host = String(host[host.index(after: at)...]) }
        if path.lowercased().hasSuffix(".git") { path = path.dropLast(4) }
        var components = path.lowercased().split(separator: "/").map(String.init)
        // Bitbucket Data Center's addresses for HTTP begin with `scm`, those for SSH do not.
        if components.first == "scm", components.count > 2 { components.removeFirst() }
        if host.hasSuffix("dev.azure.com") || host.hasSuffix(".visualstudio.com") {
            // https://dev.azure.com/org/project/_git/repo, git@ssh.dev.azure.com:v3/org/project/repo,
            // https://org.visualstudio.com/DefaultCollection/project/_git/repo
            components.removeAll { $0 == "_git" || $0 == "defaultcollection" }
            if components.first == "v3" { components.removeFirst() }
            if host.hasSuffix(".visualstudio.com"), !host.hasPrefix("vs-ssh.") {
                components.insert(String(host.prefix { $0 != "." }), at: 0)
            }
        }
        guard !components.isEmpty else { return nil }
        self.components = components
    }
}
