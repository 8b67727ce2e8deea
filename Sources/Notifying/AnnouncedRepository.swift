package import MooringNames

/// The repository that messages are about, as people know it on its host.
package struct AnnouncedRepository: Sendable {
    /// `acme/app`; one line.
    package let name: String
    /// The page about a commit, nil where there is none. Only http and https are shown.
    package let commitPage: @Sendable (CommitID) -> String?

    package init(name: String, commitPage: @escaping @Sendable (CommitID) -> String?) {
        self.name = name
        self.commitPage = commitPage
    }
}
