/// The git hosts that results can be shown on.
package enum HostKind: String, Hashable, Sendable, CaseIterable {
    /// GitHub, GitHub with data residency, GitHub Enterprise Server.
    case github
    /// GitLab.com and GitLab of one's own.
    case gitlab
    /// Gitea and Forgejo, which answers the same calls.
    case gitea
    case bitbucketCloud = "bitbucket-cloud"
    case bitbucketDataCenter = "bitbucket-dc"
    /// Azure DevOps Services and Server.
    case azureDevOps = "azure-devops"

    /// What the host calls itself.
    package var title: String {
        switch self {
        case .github: "GitHub"
        case .gitlab: "GitLab"
        case .gitea: "Gitea"
        case .bitbucketCloud: "Bitbucket Cloud"
        case .bitbucketDataCenter: "Bitbucket Data Center"
        case .azureDevOps: "Azure DevOps"
        }
    }

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
