/// The bounds of this module, each with its reason.
package enum Limits {
    /// GitHub refuses a longer description of a status, with 422. It counts Unicode scalars.
    package static let descriptionScalars = 140

    /// GitHub refuses a longer context.
    package static let contextScalars = 255

    /// GitHub keeps 1,000 statuses per commit and context; links beyond this are cut by browsers and proxies.
    package static let linkCharacters = 2_000

    /// How long one call may take. GitHub itself gives up after ten seconds.
    package static let callTimeout: Duration = .seconds(20)

    /// Rows of one page; GitHub's most.
    package static let pageRows = 100

    /// Pages that are read to find one context: a commit with more than a thousand checks is none of ours.
    package static let pages = 10

    /// Largest answer: a page of a hundred statuses is about 200 KB.
    package static let answerBytes = 4 << 20

    /// Statuses that are remembered so that none is posted twice. Reports of 50 commits in each of 20 environments.
    package static let remembered = 1_000

    /// Statuses that may be posted at once after a pause; GitHub's secondary limit is about 80 a minute.
    package static let burst = 20

    /// Between two posts when the burst is used up: 30 a minute, so that people and other tools keep the greater part.
    package static let postInterval: Duration = .seconds(2)

    /// Longest wait for a post's turn before it is refused instead and left to the outbox.
    package static let longestTurn: Duration = .seconds(60)

    /// GitHub asks for at least a minute's silence after a secondary limit that does not say how long.
    package static let silence: Duration = .seconds(60)

    /// Longest silence that we let a host ask for: its window of an hour. Past it, a clock is wrong.
    package static let longestSilence: Duration = .seconds(3_600)

    /// Characters of a host's own words that are taken into an error.
    package static let hostWordsCharacters = 300
}
