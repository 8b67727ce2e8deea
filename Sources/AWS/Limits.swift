/// The bounds of this module, each with its reason.
package enum Limits {
    // MARK: Answers

    /// Deepest XML read. The deepest answer of STS and of the load balancers has nine levels.
    package static let xmlDepth = 32
    /// Largest XML read: below the transport's bound, and far above any page of load balancers.
    package static let xmlBytes = 8 << 20
    /// Longest text of a server's that is taken into a failure; ECS's longest messages have some 500 characters.
    package static let messageCharacters = 1000

    // MARK: Retries

    /// Sends of one call in all. With the delays below the last one follows some 15 seconds after the first: longer
    /// troubles are the loop's to sit out, with its own view of what is worth repeating.
    package static let attempts = 5
    /// Sends of one call that waits for something else to spread through AWS; four are 14 seconds apart.
    package static let propagationAttempts = 4
    /// First delay after trouble that passes in a moment; doubled from attempt to attempt.
    package static let transientDelay: Duration = .milliseconds(500)
    /// First delay after a throttle: AWS's slowest bucket refills once a second.
    package static let throttleDelay: Duration = .seconds(1)
    /// First delay while waiting for propagation.
    package static let propagationDelay: Duration = .seconds(2)
    /// Longest single delay inside a call; a server that asks for more is asked again by the loop.
    package static let longestDelay: Duration = .seconds(20)
    /// What the loop should leave between looks at a service that drains. ECS takes one to three minutes.
    package static let drainingDelay: Duration = .seconds(60)
    /// What the loop should leave before it tries again what had not spread yet; "up to two minutes" in all.
    package static let propagationPause: Duration = .seconds(30)

    // MARK: Request budget

    /// How much of AWS's buckets we take by default. The other half is for people and other tools.
    package static let budgetShare = 0.5

    // MARK: Credentials

    /// With less left than this, the next use refreshes, and others go on with what they have. Botocore's number.
    package static let refreshAhead: Duration = .seconds(15 * 60)
    /// With less left than this, every use waits for the refresh. Botocore's number.
    package static let refreshAtLatest: Duration = .seconds(10 * 60)
    /// Pause after a failed refresh while the old credentials are still good.
    package static let refreshRetry: Duration = .seconds(30)
    /// How long expired credentials of the instance's metadata are used before asking again: AWS's services accept them
    /// while the metadata service is in trouble, which is why it still hands them out.
    package static let expiredExtension: Duration = .seconds(20 * 60)
    /// How many roles may stand between a profile and its first credentials.
    package static let profileChain = 5
    /// Largest credentials or configuration file read; people keep hundreds of profiles, some 100 KB.
    package static let fileBytes = 1 << 20
    /// Answers of the metadata and container endpoints are below 4 KB.
    package static let metadataBytes = 64 << 10
    /// They answer from the same host within milliseconds; off EC2 nobody answers at all.
    package static let metadataTimeout: Duration = .seconds(2)
    /// Tries at those endpoints, as AWS's own clients make.
    package static let metadataAttempts = 3
    /// Pause between those tries.
    package static let metadataDelay: Duration = .milliseconds(500)
    /// Lifetime asked for the metadata token, the longest there is.
    package static let metadataTokenSeconds = 21_600
    /// Lifetime asked of assumed roles: the longest that AWS allows a role assumed from a role.
    package static let assumedRoleSeconds = 3600
}
