import MooringPorts
import MooringShapes

/// An answer of GitHub's that is not the one hoped for: what it means and what to do.
struct Answer {
    private let response: HTTPResponse
    private let repository: GitHubRepository
    private let tokenOrigin: String
    private let gate: HostGate
    /// GitHub's own words.
    private let message: String

    init(_ response: HTTPResponse, repository: GitHubRepository, tokenOrigin: String, gate: HostGate) {
        self.response = response
        self.repository = repository
        self.tokenOrigin = tokenOrigin
        self.gate = gate
        message = Answer.message(in: response)
    }

    /// What the answer means. Where the host wants silence, the gate learns of it.
    func failure(tried: String, subject: String) -> Failure {
        if let wait = requestedSilence {
            gate.fallSilent(for: wait)
            return Failure(
                code: .throttled, subject: subject, tried: tried, cause: words("asks us to slow down"),
                disposition: .retry(after: min(wait, Limits.longestSilence)),
            )
        }
        let (code, cause, remedy, disposition) = meaning
        return Failure(
            code: code, subject: subject, tried: tried, cause: cause, remedy: remedy, disposition: disposition)
    }

    // MARK: Limits

    /// How long GitHub wants no call: the primary limit names its next window, the secondary one a wait or nothing.
    ///
    /// Source: "Rate limits for the REST API": wait for `retry-after`, else until `x-ratelimit-reset` where nothing is
    /// left, else a minute at least.
    private var requestedSilence: Duration? {
        guard response.status == 403 || response.status == 429 else { return nil }
        if let seconds = response.header("retry-after").flatMap({ Int($0) }), seconds >= 0 {
            return .seconds(max(1, seconds))
        }
        if response.header("x-ratelimit-remaining") == "0",
            let reset = response.header("x-ratelimit-reset").flatMap({ Int64($0) })
        {
            return .seconds(max(1, reset - gate.secondsSince1970))
        }
        let isSecondary = message.lowercased().contains("rate limit") || message.lowercased().contains("abuse")
        return response.status == 429 || isSecondary ? Limits.silence : nil
    }

    // MARK: Meanings

    private var meaning: (Failure.Code, cause: String, remedy: String, Failure.Disposition) {
        switch response.status {
        case 401:
            (
                .unauthenticated, words("does not accept the token"),
                "Make a new token and put it where it is read from: \(tokenOrigin).", .stalled
            )
        case 403: forbidden
        case 404:
            (
                // GitHub answers alike for what does not exist and for what the token may not see.
                .notFound, words("knows no repository '\(repository)' that the token may write statuses to"),
                "Check the repository's name, and that the token has the permission 'Commit statuses: read and write' "
                    + "(a classic token: the scope 'repo:status') for it.", .stalled
            )
        case 301, 302, 307, 308:
            (
                .notFound, words("has moved '\(repository)'"), "Put the repository's new address into the settings.",
                .stalled
            )
        case 422: unprocessable
        case 500...: (.serverError, words("failed (HTTP \(response.status))"), "", .retry(after: nil))
        default:
            (
                .malformedAnswer, words("answers with HTTP \(response.status)"),
                "Check that \(repository.apiURL) is the API of a GitHub host ('statuses.apiURL').", .stalled
            )
        }
    }

    private var forbidden: (Failure.Code, cause: String, remedy: String, Failure.Disposition) {
        if response.header("x-github-sso") != nil {
            return (
                .accessDenied, words("wants the token to be authorised for single sign-on"),
                "Authorise the token for the organisation '\(repository.owner)' in GitHub's settings.", .stalled
            )
        }
        if message.contains("archived") {
            return (.accessDenied, words("has archived the repository"), "Statuses cannot be set there.", .stalled)
        }
        return (
            .accessDenied, words("refuses the token"),
            "Give it the permission 'Commit statuses: read and write' (a classic token: 'repo:status') "
                + "for '\(repository)'.", .stalled
        )
    }

    private var unprocessable: (Failure.Code, cause: String, remedy: String, Failure.Disposition) {
        if message.lowercased().contains("no commit found") {
            // A force-push may have removed it, or a mirror has not received it yet.
            return (
                .notFound, words("does not have the commit"),
                "If the repository is a mirror, set statuses where commits are pushed to.", .invalidInput
            )
        }
        if message.lowercased().contains("maximum number of statuses") {
            return (
                .limitExceeded, words("keeps no more statuses of this check on this commit"),
                "The state shown there stays; the note on the commit is up to date.", .invalidInput
            )
        }
        return (.invalidInput, words("refuses the status"), "", .invalidInput)
    }

    private func words(_ verb: String) -> String {
        message.isEmpty ? "GitHub \(verb)." : "GitHub \(verb): \(message)"
    }

    /// `message`, and what is said about single members.
    private static func message(in response: HTTPResponse) -> String {
        guard let answer = try? JSONReader.value(of: response.body) else { return "" }
        var parts = [answer["message"]?.text ?? ""]
        for problem in answer["errors"]?.elements ?? [] {
            let member = problem["field"]?.text.map { "\($0): " } ?? ""
            parts.append(problem.text ?? member + (problem["message"]?.text ?? problem["code"]?.text ?? ""))
        }
        let text = parts.filter { !$0.isEmpty }.joined(separator: "; ")
        let line = text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        guard !line.isEmpty else { return "" }
        return line.count > Limits.hostWordsCharacters ? line.prefix(Limits.hostWordsCharacters) + "…" : line
    }
}
