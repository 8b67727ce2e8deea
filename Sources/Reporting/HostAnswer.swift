import MooringPorts
import MooringShapes

/// An answer of a git host's that is not the one hoped for: what it means and what to do.
struct HostAnswer {
    private let response: HTTPResponse
    private let call: HostCall
    private let repository: HostRepository
    private let tokenOrigin: String
    /// The host's own words.
    let message: String

    init(_ response: HTTPResponse, to call: HostCall, repository: HostRepository, tokenOrigin: String) {
        self.response = response
        self.call = call
        self.repository = repository
        self.tokenOrigin = tokenOrigin
        message = HostAnswer.message(in: response)
    }

    private var host: String { repository.kind.title }
    private var rules: HostRules { .rules(of: repository.kind) }
    private var permission: String { rules.permissions[call.purpose] ?? "the right to do so" }

    /// Whether the host sent its page for signing in: Azure DevOps answers 203 or 302 with it where the token is bad.
    static func isSignInPage(_ response: HTTPResponse, of kind: HostKind) -> Bool {
        guard kind == .azureDevOps, response.status < 400 else { return false }
        let isPage = response.header("content-type")?.lowercased().hasPrefix("text/html") == true
        return response.status == 203 || response.status == 302 || isPage
    }

    /// Whether the token was not accepted, so that another one may be.
    static func refusesToken(_ response: HTTPResponse, of kind: HostKind) -> Bool {
        response.status == 401 || response.status == 403 || isSignInPage(response, of: kind)
    }

    /// Whether the status shows already although it was refused: older GitLab cannot go from a state to the same one.
    var isShownAlready: Bool {
        repository.kind == .gitlab && call.purpose == .status && response.status == 400
            && message.lowercased().contains("cannot transition")
    }

    /// What the answer means.
    func failure(tried: String, subject: String) -> Failure {
        let (code, cause, remedy, disposition) = meaning
        return Failure(
            code: code, subject: subject, tried: tried, cause: cause, remedy: remedy, disposition: disposition)
    }

    /// A limit was reached, and the host wants silence.
    func throttled(for wait: Duration, tried: String, subject: String) -> Failure {
        Failure(
            code: .throttled, subject: subject, tried: tried, cause: words("asks us to slow down"),
            disposition: .retry(after: min(wait, Limits.longestSilence)),
        )
    }

    /// The answer is none of the host's.
    func malformed(tried: String, subject: String) -> Failure {
        Failure(
            code: .malformedAnswer, subject: subject, tried: tried,
            cause: "The answer is not what \(host) documents.", remedy: checkURL, disposition: .retry(after: nil),
        )
    }

    // MARK: Meanings

    private typealias Meaning = (Failure.Code, cause: String, remedy: String, Failure.Disposition)

    private var checkURL: String { "Check that \(repository.apiURL) is the API of \(host) ('statuses.apiURL')." }

    private var meaning: Meaning {
        if HostAnswer.isSignInPage(response, of: repository.kind) { return unauthenticated }
        switch response.status {
        case 401: return unauthenticated
        case 403: return forbidden
        case 404 where isAboutCommit: return unknownCommit
        case 404, 410:
            // Hosts answer alike for what does not exist and for what the token may not see.
            return (
                .notFound, words("knows no such thing in '\(repository)', or does not let the token see it"),
                "Check the repository's name, and that the token has \(permission) for it.", .stalled
            )
        case 301, 302, 307, 308:
            return (
                .notFound, words("has moved '\(repository)'"), "Put the repository's new address into the settings.",
                .stalled
            )
        case 409:
            // GitLab makes a pipeline for a first status, and refuses a second that comes meanwhile.
            return (.conflict, words("says that someone else was faster"), "", .retry(after: nil))
        case 423:
            return (.accessDenied, words("has locked or archived this"), "Nothing can be written there.", .stalled)
        case 400, 422: return unprocessable
        case 500...: return (.serverError, words("failed (HTTP \(response.status))"), "", .retry(after: nil))
        default: return (.malformedAnswer, words("answers with HTTP \(response.status)"), checkURL, .stalled)
        }
    }

    /// Whether it is the commit that is not there, and not the repository: each host has words of its own.
    private var isAboutCommit: Bool {
        let said = message.lowercased()
        guard call.purpose == .status || call.purpose == .readStatus else { return false }
        return said.contains("commit") && (said.contains("not found") || said.contains("does not exist"))
            || said.contains("object does not exist") || said.contains("tf401175")
    }

    /// A force-push may have removed it, or a mirror has not received it yet.
    private var unknownCommit: Meaning {
        (
            .notFound, words("does not have the commit"),
            "If the repository is a mirror, show results where commits are pushed to.", .invalidInput
        )
    }

    private var unauthenticated: Meaning {
        (
            .unauthenticated, words("does not accept the token"),
            "Make a new token and put it where it is read from: \(tokenOrigin).", .stalled
        )
    }

    private var forbidden: Meaning {
        if response.header("x-github-sso") != nil {
            return (
                .accessDenied, words("wants the token to be authorised for single sign-on"),
                "Authorise the token for the organisation '\(repository.parts[0])' in GitHub's settings.", .stalled
            )
        }
        if message.lowercased().contains("archived") {
            return (.accessDenied, words("has archived the repository"), "Nothing can be written there.", .stalled)
        }
        return (
            .accessDenied, words("refuses the token"), "Give it \(permission) for '\(repository)'.", .stalled
        )
    }

    private var unprocessable: Meaning {
        let said = message.lowercased()
        if said.contains("no commit found") || isAboutCommit { return unknownCommit }
        if said.contains("maximum number of statuses") || said.contains("pipeline") && said.contains("limit")
            || said.contains("maximum number of jobs") || said.contains("size limit")
        {
            return (
                .limitExceeded, words("keeps no more statuses of this commit"),
                "The state shown there stays; the note on the commit is up to date.", .invalidInput
            )
        }
        return (.invalidInput, words("refuses what was sent"), "", .invalidInput)
    }

    private func words(_ verb: String) -> String {
        if message.isEmpty { return "\(host) \(verb)." }
        // Something to do may follow, as a sentence of its own.
        let ending = message.last.map { ".!?…".contains($0) } == true ? "" : "."
        return "\(host) \(verb): \(message)\(ending)"
    }

    // MARK: The host's words

    /// What the host says, on one line: each host has a member of its own for it.
    private static func message(in response: HTTPResponse) -> String {
        guard response.status >= 400, let answer = try? JSONReader.value(of: response.body) else { return "" }
        var parts: [String] = []
        for member in ["message", "error_description", "error"] { parts += texts(answer[member]) }
        for problem in answer["errors"]?.elements ?? [] {
            let member = problem["field"]?.text ?? problem["context"]?.text
            let text = problem.text ?? problem["message"]?.text ?? problem["code"]?.text ?? ""
            parts.append((member.map { "\($0): " } ?? "") + text)
        }
        var seen: Set<String> = []
        let text = parts.filter { !$0.isEmpty && seen.insert($0).inserted }.joined(separator: "; ")
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        return line.count > Limits.hostWordsCharacters ? line.prefix(Limits.hostWordsCharacters) + "…" : line
    }

    /// The texts within a value: GitLab's `message` may be a text, a list, or a map from members to lists; Bitbucket Cloud's
    /// `error` is a map.
    private static func texts(_ value: Value?) -> [String] {
        guard let value else { return [] }
        if let text = value.text { return [text] }
        if let elements = value.elements { return elements.flatMap { texts($0) } }
        return (value.members ?? []).flatMap { member in
            texts(member.value).map { member.name == "message" ? $0 : "\(member.name): \($0)" }
        }
    }
}
