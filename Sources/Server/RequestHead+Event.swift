import MooringPorts

extension RequestHead {
    /// The kind of event, as the host's header says; nil where the body says it instead.
    func eventName(_ host: HostKind) -> String? {
        switch host {
        case .github: only("x-github-event")
        case .gitlab: only("x-gitlab-event")
        case .gitea: only("x-forgejo-event") ?? only("x-gitea-event") ?? only("x-gogs-event")
        case .bitbucketCloud, .bitbucketDataCenter: only("x-event-key")
        case .azureDevOps: nil
        }
    }

    /// What a delivery is called by, the same when it is sent again; nil where the host has none, or where it is in the body.
    func deliveryID(_ host: HostKind) -> String? {
        let id =
            switch host {
            case .github: only("x-github-delivery")
            // `X-Gitlab-Event-UUID` is shared by the hooks that one event sets off, so that it is none.
            case .gitlab: only("webhook-id") ?? only("idempotency-key")
            case .gitea: only("x-forgejo-delivery") ?? only("x-gitea-delivery") ?? only("x-gogs-delivery")
            case .bitbucketCloud: only("x-request-uuid")
            case .bitbucketDataCenter: only("x-request-id")
            case .azureDevOps: String?.none
            }
        return id.flatMap { $0.isEmpty ? nil : $0 }
    }
}
