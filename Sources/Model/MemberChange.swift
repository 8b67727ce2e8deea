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
    /// Who made the difference.
    package let origin: Origin

    /// Who made a difference between git and ECS.
    package enum Origin: String, Hashable, Sendable, CaseIterable {
        /// Git says something else than when it was last reached.
        case git
        /// Git says what it said when it was last reached: ECS was changed by hand.
        case drift
        /// Git no longer says anything of a member that it set.
        case removed
        /// No version in git made it, but what was last reached reads otherwise today than it did then: a value from outside
        /// of git, a parameter's, has changed. What was changed by hand at the same time cannot be told from it.
        case parameter
        /// Nothing is known of when git was last reached.
        case unknown
    }

    package init(path: String, live: Value?, wanted: Value?, origin: Origin = .unknown) {
        self.path = path
        self.live = live
        self.wanted = wanted
        self.origin = origin
    }

    /// The same difference, made by somebody else.
    package func made(by origin: Origin) -> MemberChange {
        MemberChange(path: path, live: live, wanted: wanted, origin: origin)
    }

    /// The member of the API input that the change lies in: what an update has to send whole.
    package var topLevelMember: String {
        String(path.prefix { $0 != "." && $0 != "[" })
    }
}

extension Sequence<MemberChange> {
    /// Who made the differences, as an ending of a reason; empty where nobody knows.
    package var originSentence: String {
        let origins = Set(map(\.origin))
        let isByGit = origins.contains(.git) || origins.contains(.removed)
        if origins.contains(.parameter) {
            let rest = "a parameter's value, or by hand."
            return isByGit
                ? " Part of it was changed in git, part outside of it: \(rest)"
                : " It was changed outside of git: \(rest)"
        }
        return switch (isByGit, origins.contains(.drift)) {
        case (true, true): " Part of it was changed in git, part by hand."
        case (true, false): " It was changed in git."
        case (false, true): " It was changed by hand."
        case (false, false): ""
        }
    }
}
