import MooringHTTPTransport
import MooringPorts
import MooringShapes

/// Sends calls to one host: with the token in force, within the host's limits.
struct HostCaller: Sendable {
    let client: HTTPClient
    let repository: HostRepository
    let tokens: any TokenSource
    /// The name beside the token, nil to send the token alone.
    let user: String?
    let gate: HostGate
    let caFile: String?
    let timeout: Duration

    private var rules: HostRules { .rules(of: repository.kind) }

    /// Sends the call; a refused token is replaced once where there is another.
    ///
    /// - Returns: the answer, of any status but those of limits.
    /// - Throws: where no answer came, or the host wants silence.
    func response(to call: HostCall, tried: String, subject: String) async throws(Failure) -> HTTPResponse {
        let token = try await tokens.current()
        let first = try await response(to: call, as: token, tried: tried, subject: subject)
        guard HostAnswer.refusesToken(first, of: repository.kind), await tokens.renew(insteadOf: token) else {
            return first
        }
        return try await response(to: call, as: try await tokens.current(), tried: tried, subject: subject)
    }

    /// Sends the call and reads the answer.
    ///
    /// - Returns: nil for an answer without a body.
    /// - Throws: for every status that is no success.
    func value(of call: HostCall, tried: String, subject: String) async throws(Failure) -> (HTTPResponse, Value?) {
        let response = try await response(to: call, tried: tried, subject: subject)
        let answer = answer(response, to: call)
        guard (200..<300).contains(response.status), !HostAnswer.isSignInPage(response, of: repository.kind) else {
            throw answer.failure(tried: tried, subject: subject)
        }
        if response.body.isEmpty { return (response, nil) }
        guard let value = try? JSONReader.value(of: response.body) else {
            throw answer.malformed(tried: tried, subject: subject)
        }
        return (response, value)
    }

    /// Reads a list page by page.
    ///
    /// - Parameters:
    ///   - pages: how many are read at most; what comes behind is left.
    ///   - row: reads the rows of a page; nil where the answer is no page.
    ///   - isEnough: whether no more rows are wanted.
    ///   - isPending: whether an answer says that there will be rows later.
    func rows<Row>(
        of call: HostCall, tried: String, subject: String, pages: Int = Limits.pages,
        row: (Value) -> [Row]?, isEnough: ([Row]) -> Bool = { _ in false },
        isPending: (HTTPResponse) -> Bool = { _ in false },
    ) async throws(Failure) -> [Row] {
        var rows: [Row] = []
        var next: HostCall? = call
        for _ in 0..<pages {
            guard let call = next else { break }
            let (response, value) = try await value(of: call, tried: tried, subject: subject)
            if isPending(response) { break }
            guard let value, let page = row(value) else {
                throw answer(response, to: call).malformed(tried: tried, subject: subject)
            }
            rows += page
            if isEnough(rows) { break }
            next = rules.paging.call(after: call, response, value)
        }
        return rows
    }

    /// What an answer means.
    func answer(_ response: HTTPResponse, to call: HostCall) -> HostAnswer {
        HostAnswer(response, to: call, repository: repository, tokenOrigin: tokens.origin)
    }

    // MARK: Sending

    private func response(
        to call: HostCall, as token: Secret, tried: String, subject: String,
    ) async throws(Failure) -> HTTPResponse {
        if let silence = gate.silence {
            throw Failure(
                code: .throttled, subject: subject, tried: tried,
                cause: "\(repository.kind.title) has asked us to wait.", disposition: .retry(after: silence),
            )
        }
        let response = try await exchange(call, as: token, tried: tried, subject: subject)
        let answer = answer(response, to: call)
        let silence = RequestedSilence.duration(
            in: response, message: answer.message, secondsSince1970: gate.secondsSince1970)
        guard let silence else { return response }
        gate.fallSilent(for: silence)
        // What was done is done; only the next call waits.
        if response.status < 400 { return response }
        throw answer.throttled(for: silence, tried: tried, subject: subject)
    }

    private func exchange(
        _ call: HostCall, as token: Secret, tried: String, subject: String,
    ) async throws(Failure) -> HTTPResponse {
        var request = HTTPRequest(method: call.method.rawValue, url: call.url)
        request.headers = headers(as: token)
        if let body = call.body {
            request.headers.append(("Content-Type", "application/json"))
            request.body = Array(JSONWriter(.compact).text(of: body).utf8)
        }
        var options = HTTPOptions()
        options.credentials = credentials(as: token)
        options.totalTimeout = timeout
        options.responseBodyBytes = Limits.answerBytes
        options.caFile = caFile
        options.mayBeSentTwice = call.mayBeSentTwice
        do throws(HTTPError) {
            return try await client.send(request, options: options)
        } catch {
            let failure = error.failure(tried: tried)
            throw Failure(
                code: failure.code, subject: subject, tried: tried, cause: "\(failure.subject): \(failure.cause)",
                remedy: failure.remedy, disposition: failure.disposition,
            )
        }
    }

    /// What each host wants to hear, and for two of them the token under a header of the host's own.
    private func headers(as token: Secret) -> [(name: String, value: String)] {
        switch repository.kind {
        case .github: [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")]
        case .gitlab: [("Accept", "application/json"), ("PRIVATE-TOKEN", token.revealed)]
        case .gitea: [("Accept", "application/json"), ("Authorization", "token \(token.revealed)")]
        case .bitbucketCloud, .azureDevOps: [("Accept", "application/json")]
        // Answers to two of the calls are texts, and changes are refused to what may be a browser.
        case .bitbucketDataCenter: [("Accept", "application/json, text/plain"), ("X-Atlassian-Token", "no-check")]
        }
    }

    private func credentials(as token: Secret) -> HTTPOptions.Credentials {
        switch repository.kind {
        case .github: .bearer(token)
        case .gitlab, .gitea: .none
        case .bitbucketCloud, .bitbucketDataCenter: user.map { .basic(user: $0, password: token) } ?? .bearer(token)
        case .azureDevOps: .basic(user: user ?? "", password: token)
        }
    }
}
