/// The bounds of this module, each with its reason.
package enum Limits {
    // MARK: What is said

    /// Failed services that a message names. Whoever has more of them opens the link; a message is read on a telephone.
    static let services = 5

    /// Findings about manifests that a message names; `mooring validate` tells all of them.
    static let findings = 3

    /// Characters of a commit's subject; git's own advice is 50, and hosts cut at 72.
    static let subjectCharacters = 120

    /// Characters of an author's name.
    static let authorCharacters = 60

    /// Characters of a repository's name.
    static let repositoryCharacters = 100

    /// Characters of a cause, a remedy or a finding. ECS's longest reasons have some 600, of which the beginning tells most.
    static let causeCharacters = 500

    /// Characters of a link, with each `&` counted as the five that it is in Slack: it shares a block with subject and author.
    static let linkCharacters = 1_000

    /// UTF-16 units in the text of a block. Slack takes 3,000; what it counts it does not say.
    static let blockUnits = 2_900

    /// UTF-16 units of a cause with everything escaped: an `&` becomes five. Two of them and a name fit into a block.
    static let escapedUnits = 1_100

    /// UTF-16 units of a subject and of an author with everything escaped. Both, a link and a repository fit into a block.
    static let escapedHeadUnits = 800

    /// UTF-16 units of a repository's name with everything escaped.
    static let escapedRepositoryUnits = 150

    // MARK: What is remembered

    /// Commits of one environment whose message may still change: those of a busy day.
    static let commits = 200

    /// Services of one environment that are known to have failed; a cluster holds 5,000.
    static let failing = 5_000

    /// Messages whose place is remembered so that they are updated there: those of a busy week of ten environments.
    static let messages = 1_000

    /// Messages that wait for one target. A day's outage of a chat is outlived by the failures of every environment; what is
    /// older gives way.
    package static let queued = 500

    /// How long a message waits before it is given up: a failure of yesterday is told by the status, not by a call at night.
    package static let longestWait: Duration = .seconds(86_400)

    // MARK: When it is sent

    /// Between two updates of a message whose verdict stays the same: people look at a rollout every half minute at most, and
    /// chats allow about one change a second to everybody together.
    package static let updateInterval: Duration = .seconds(30)

    /// The first wait after a failed delivery; it doubles up to the longest. Both are shortened by up to a half, at random, so that
    /// targets that went down together are not asked together.
    package static let firstPause: Duration = .seconds(2)
    package static let longestPause: Duration = .seconds(300)

    /// The wait where a person must act first, as with a revoked token: the target is tried again all the same, because nobody
    /// tells us when they have.
    package static let stalledPause: Duration = .seconds(600)

    /// The longest wait that a target may ask for.
    static let longestRetryAfter: Duration = .seconds(3_600)

    /// How long one call may take. Slack answers within three seconds.
    package static let callTimeout: Duration = .seconds(15)

    /// Largest answer that is read: what a receiver says to a message is passed over.
    static let answerBytes = 64 << 10

    // MARK: Slack

    /// Messages of a channel's history that are asked for at a time; Slack advises no more than 200.
    static let historyRows = 100

    /// Pages of history that are searched for a message of ours after a restart. Channels that get more than 300 messages
    /// between the start of a rollout and the restart get a second message instead.
    static let historyPages = 3

    /// A page of a hundred messages with their blocks, of a few KB each.
    static let historyBytes = 4 << 20
}
