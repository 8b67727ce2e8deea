/// What a message is about, and what people can choose to hear of.
package enum NotificationOccasion: String, Hashable, Sendable, CaseIterable {
    /// A commit is being deployed. Who asks for it hears the end as well, whatever it is.
    case started
    /// ECS rejected a commit, or its manifests cannot be used.
    case failure
    /// Everything that had failed in the environment runs as git says again.
    case recovery
    /// A commit runs, and nothing had failed before it.
    case success

    /// What is told where nobody says otherwise: what a person must act on, and that they need not any more.
    package static let byDefault: Set<NotificationOccasion> = [.failure, .recovery]
}
