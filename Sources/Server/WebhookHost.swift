/// A kind of git host, as far as its webhooks go.
package enum WebhookHost: String, Hashable, Sendable, CaseIterable {
    case gitHub = "github"
    case gitLab = "gitlab"
    /// Forgejo as well.
    case gitea
    case bitbucketCloud = "bitbucket-cloud"
    case bitbucketDataCenter = "bitbucket-dc"
    case azureDevOps = "azure-devops"

    /// - Parameter path: what stands in the place of `<host>` in `/hooks/<host>`.
    package init?(path: some StringProtocol) {
        if path == "forgejo" {
            self = .gitea
        } else {
            self.init(rawValue: String(path))
        }
    }

    /// What people call it.
    package var name: String {
        switch self {
        case .gitHub: "GitHub"
        case .gitLab: "GitLab"
        case .gitea: "Gitea"
        case .bitbucketCloud: "Bitbucket Cloud"
        case .bitbucketDataCenter: "Bitbucket Data Center"
        case .azureDevOps: "Azure DevOps"
        }
    }
}

extension RequestHead {
    /// The kind of event, as the host's header says; nil where the body says it instead.
    func eventName(_ host: WebhookHost) -> String? {
        switch host {
        case .gitHub: only("x-github-event")
        case .gitLab: only("x-gitlab-event")
        case .gitea: only("x-forgejo-event") ?? only("x-gitea-event") ?? only("x-gogs-event")
        case .bitbucketCloud, .bitbucketDataCenter: only("x-event-key")
        case .azureDevOps: nil
        }
    }

    /// What a delivery is called by, the same when it is sent again; nil where the host has none, or where it is in the body.
    func deliveryID(_ host: WebhookHost) -> String? {
        let id =
            switch host {
            case .gitHub: only("x-github-delivery")
            // `X-Gitlab-Event-UUID` is shared by the hooks that one event sets off, so that it is none.
            case .gitLab: only("webhook-id") ?? only("idempotency-key")
            case .gitea: only("x-forgejo-delivery") ?? only("x-gitea-delivery") ?? only("x-gogs-delivery")
            case .bitbucketCloud: only("x-request-uuid")
            case .bitbucketDataCenter: only("x-request-id")
            case .azureDevOps: String?.none
            }
        return id.flatMap { $0.isEmpty ? nil : $0 }
    }
}
