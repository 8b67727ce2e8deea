import MooringPorts

/// The numbers and words of a host.
struct HostRules: Sendable {
    /// Longest context, in `unit`.
    let contextLength: Int
    /// Longest key, where it is not the context.
    var keyLength: Int?
    /// Longest text of a status, in `unit`.
    let textLength: Int
    /// Longest link, in characters.
    let linkLength: Int
    let unit: TextUnit
    /// Whether a status without a link is refused.
    var needsLink = false
    /// Whether a link must lead to a name that could be public.
    var needsPublicLink = false
    /// Whether every post is kept, so that what shows is read before the first one.
    let keepsEveryPost: Bool
    /// Longest comment, in `unit`.
    let commentLength: Int
    /// How a comment hides what people need not see.
    let marker: Marker
    let paging: Paging
    /// The permission for each purpose, as behind "needs".
    let permissions: [HostCall.Purpose: String]

    enum Marker: Sendable {
        /// `<!-- … -->`
        case comment
        /// A definition of a link that nobody refers to, for hosts that show comments of HTML as text.
        case reference

        /// The line that marks a comment.
        func line(_ marker: String) -> String {
            switch self {
            case .comment: "<!-- mooring: \(marker) -->"
            case .reference: "[//]: # (mooring: \(marker))"
            }
        }
    }
}

extension HostRules {
    /// The rules of a host, each number with its source.
    static func rules(of kind: HostKind) -> HostRules {
        switch kind {
        case .github: .github
        case .gitlab: .gitlab
        case .gitea: .gitea
        case .bitbucketCloud: .bitbucketCloud
        case .bitbucketDataCenter: .bitbucketDataCenter
        case .azureDevOps: .azureDevOps
        }
    }

    /// GitHub refuses a description of more than 140 and a context of more than 255 characters with 422; comments end at
    /// 65,536 (its REST description).
    private static let github = HostRules(
        contextLength: 255, textLength: 140, linkLength: Limits.linkCharacters, unit: .scalars, keepsEveryPost: true,
        commentLength: 65_536, marker: .comment, paging: .link,
        permissions: [
            .status: "the permission 'Commit statuses: read and write' (a classic token: the scope 'repo:status')",
            .readStatus: "the permission 'Commit statuses: read' (a classic token: the scope 'repo:status')",
            .check: "the App's permission 'Checks: read and write'",
            .deployment: "the permission 'Deployments: read and write' (a classic token: the scope 'repo_deployment')",
            .readPullRequest: "the permission 'Pull requests: read' (a classic token: the scope 'repo')",
            .comment: "the permission 'Pull requests: read and write' (a classic token: the scope 'repo')",
            .token: "an installation of the App that has the repository",
        ])

    /// 255 for context, description and link, a million for notes (GitLab's documentation of the calls).
    private static let gitlab = HostRules(
        contextLength: 255, textLength: 255, linkLength: 255, unit: .scalars, keepsEveryPost: true,
        commentLength: 1_000_000, marker: .comment, paging: .link,
        permissions: [
            .status: "the scope 'api' and the role Developer (on a protected branch: the right to push or to merge)",
            .readStatus: "the scope 'api' and the role Reporter",
            .readPullRequest: "the scope 'api' and the role Reporter",
            .comment: "the scope 'api' and the role Reporter",
        ])

    /// Gitea names no lengths; its columns hold 255 characters of a context, and texts. What reads well elsewhere will do.
    private static let gitea = HostRules(
        contextLength: 255, textLength: 255, linkLength: Limits.linkCharacters, unit: .scalars, keepsEveryPost: true,
        commentLength: 65_536, marker: .comment, paging: .link,
        permissions: [
            .status: "the scope 'write:repository', and its user write access",
            .readStatus: "the scope 'read:repository'",
            .readPullRequest: "the scope 'read:repository'",
            .comment: "the scope 'write:issue'",
        ])

    /// A key has at most 40 characters and a link is wanted (Bitbucket's answers); 255 for what its columns hold. The same
    /// key writes over what was there.
    private static let bitbucketCloud = HostRules(
        contextLength: 255, keyLength: 40, textLength: 255, linkLength: Limits.linkCharacters, unit: .utf16,
        needsLink: true, needsPublicLink: true, keepsEveryPost: false, commentLength: 32_768, marker: .reference,
        paging: .nextMember,
        permissions: [
            .status: "the scope 'repository'", .readStatus: "the scope 'repository'",
            .readPullRequest: "the scope 'pullrequest'", .comment: "the scope 'pullrequest:write'",
        ])

    /// Key and name 255, link 450 characters, comments 32,768 (Atlassian's description of 9.4).
    private static let bitbucketDataCenter = HostRules(
        contextLength: 255, textLength: 255, linkLength: 450, unit: .utf16, needsLink: true, keepsEveryPost: false,
        commentLength: 32_768, marker: .reference, paging: .start,
        permissions: [
            .status: "the permission 'Repository read'", .readStatus: "the permission 'Repository read'",
            .readPullRequest: "the permission 'Repository read'", .comment: "the permission 'Repository read'",
        ])

    /// Azure DevOps names no lengths; 255 and 150,000 are below what it is known to take.
    private static let azureDevOps = HostRules(
        contextLength: 255, textLength: 255, linkLength: Limits.linkCharacters, unit: .utf16, keepsEveryPost: true,
        commentLength: 150_000, marker: .reference, paging: .skip,
        permissions: [
            .status: "the scope 'Code (status)'", .readStatus: "the scope 'Code (status)'",
            .readPullRequest: "the scope 'Code (read)'",
            .comment: "the scope 'Pull Request Threads (read & write)' and the right to contribute to pull requests",
        ])
}
