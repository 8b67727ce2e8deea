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

    /// The kind that settings and addresses name.
    ///
    /// - Parameter name: a raw value, or `forgejo`, which answers as Gitea does.
    package init?(named name: some StringProtocol) {
        if name == "forgejo" {
            self = .gitea
        } else {
            self.init(rawValue: String(name))
        }
    }
}
