package import MooringShapes

/// One member that differs between what git says and what ECS says.
package struct MemberChange: Hashable, Sendable {
    /// From the root of the API input, elements of named lists by their name:
    /// `containerDefinitions[web].image`, `deploymentConfiguration.maximumPercent`.
    package let path: String
    /// What ECS says; nil where it says nothing.
    package let live: Value?
    /// What git says; nil where git no longer says anything.
    package let wanted: Value?

    package init(path: String, live: Value?, wanted: Value?) {
        self.path = path
        self.live = live
        self.wanted = wanted
    }

    /// The member of the API input that the change lies in: what an update has to send whole.
    package var topLevelMember: String {
        String(path.prefix { $0 != "." && $0 != "[" })
    }
}
