package import MooringPorts

extension HostKind {
    /// Which host listens under a public name, nil where the name does not tell.
    ///
    /// - Parameter host: in any case, with or without a port: `github.com`.
    package static func guessed(fromHost host: String) -> HostKind? {
        let name = host.lowercased().prefix { $0 != ":" }
        switch name {
        case "github.com", "www.github.com", "ssh.github.com": return .github
        case "gitlab.com", "altssh.gitlab.com": return .gitlab
        case "codeberg.org", "gitea.com": return .gitea
        case "bitbucket.org", "altssh.bitbucket.org": return .bitbucketCloud
        case "dev.azure.com", "ssh.dev.azure.com": return .azureDevOps
        case _ where name.hasSuffix(".ghe.com"): return .github
        case _ where name.hasSuffix(".visualstudio.com"): return .azureDevOps
        default: return nil
        }
    }
}
