/// What is planned of open pull requests.
package struct ProposalPolicy: Hashable, Sendable {
    /// Whether those from other repositories are planned. Off by default: whoever may open a pull request would see what runs.
    package var plansForks = false
    /// Whether the whole plan is put below the pull request.
    package var comments = true
    /// Between two looks at the pull requests while nobody says that they changed.
    package var interval: Duration = .seconds(60)
    /// Whether the host has merge queues, as branches called `gh-readonly-queue/<branch>/…`.
    package var hasMergeQueue = false
    /// Whether the host has merge trains, as refs called `refs/merge-requests/<number>/train`.
    package var hasMergeTrains = false

    package init() {}
}
