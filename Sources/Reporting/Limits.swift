/// The bounds of this module, each with its reason. What a host itself sets is in `HostRules` and `HostPace`.
package enum Limits {
    /// Longest link: browsers and proxies cut beyond it.
    static let linkCharacters = 2_000

    /// Hexadecimal digits of a hash behind a shortened key: 48 bits, so that among a million contexts of one commit two
    /// would meet once in five hundred commits.
    static let keyHashDigits = 12

    /// Digits that a host must give of a commit's id before it is taken for that commit; Bitbucket gives twelve.
    static let shortestHash = 12

    /// How long one call may take. GitHub itself gives up after ten seconds.
    package static let callTimeout: Duration = .seconds(20)

    /// Rows of one page; the most of GitHub, GitLab and Bitbucket.
    static let pageRows = 100

    /// Rows of one page of Gitea's, whose server is set to no more.
    static let giteaPageRows = 50

    /// Rows of one page of Bitbucket Cloud's pull requests, its most.
    static let bitbucketPageRows = 50

    /// Pages that are read of one list: a commit with more than a thousand checks, a pull request with more than a thousand
    /// comments is none of ours.
    static let pages = 10

    /// Pages of merged pull requests that are looked through for the one that made a commit. It was merged lately, so it is on
    /// the first; the second is for days on which much is touched.
    static let mergedPages = 2

    /// Largest answer: a page of a hundred comments of 65,536 characters.
    static let answerBytes = 16 << 20

    /// Largest answer that is taken for a user's name.
    static let identityBytes = 256

    /// Statuses that are remembered so that none is posted twice. Reports of 50 commits in each of 20 environments.
    static let rememberedStatuses = 1_000

    /// Commits, pull requests, comments and deployments that are remembered, each.
    static let remembered = 500

    /// How long an empty answer to "which pull request brought this commit" may mean that the host has not looked yet. GitHub
    /// needs a second or two; a report that ends at once waits as long.
    static let indexLag: Duration = .seconds(9)

    /// The same where the host says that it is at it: Bitbucket Cloud needs minutes for the first commit of a repository.
    static let longIndexLag: Duration = .seconds(600)

    /// Between the first question and the second; each later pause is twice as long as the one before.
    static let indexPause: Duration = .seconds(3)

    /// Longest wait for a post's turn before it is refused instead and left to the outbox.
    static let longestTurn: Duration = .seconds(60)

    /// Longest wait for a turn where others wait behind the one who asks.
    static let promptTurn: Duration = .seconds(2)

    /// GitHub asks for at least a minute's silence after a secondary limit that does not say how long.
    static let silence: Duration = .seconds(60)

    /// Longest silence that we let a host ask for: GitHub's window of an hour. Past it, a clock is wrong.
    static let longestSilence: Duration = .seconds(3_600)

    /// Characters of a host's own words that are taken into an error.
    static let hostWordsCharacters = 300

    /// Annotations of one call to GitHub's checks; it refuses more.
    static let annotations = 50

    /// Annotations of one check run in all: what nobody reads need not be sent.
    static let allAnnotations = 200

    /// Longest summary of a check run, in bytes, which are never fewer than the characters that GitHub counts.
    static let checkSummaryBytes = 65_535

    /// Longest name and longest title of a check run: a line of its page.
    static let checkTitleCharacters = 255

    /// Longest message of an annotation, in bytes. GitHub takes 64 KB; nobody reads them beside a line.
    static let annotationBytes = 4_000

    /// GitHub refuses a deployment status with a longer description.
    static let deploymentCharacters = 140

    /// How far an App's own token is dated back, for clocks that differ; GitHub's advice.
    static let appTokenBackdate: Duration = .seconds(60)

    /// How long an App's own token lasts from now; GitHub refuses one that ends in more than ten minutes.
    static let appTokenLifetime: Duration = .seconds(540)

    /// How long before its end an installation's token, which lasts an hour, is replaced.
    static let tokenReserve: Duration = .seconds(300)

    /// A token that is younger is not replaced when it is refused: then something else is wrong, and each refused call would
    /// ask for another one.
    static let youngToken: Duration = .seconds(60)
}
