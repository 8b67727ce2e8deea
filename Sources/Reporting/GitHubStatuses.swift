package import MooringHTTPTransport
import MooringModel
package import MooringNames
package import MooringPorts
import MooringShapes
import Synchronization

/// Commit statuses of one repository on GitHub or GitHub Enterprise Server.
///
/// GitHub only ever appends statuses, a thousand per commit and context, so none is posted that already shows.
package final class GitHubStatuses: StatusHost {
    private let client: HTTPClient
    private let repository: GitHubRepository
    private let token: RenewableSecret
    private let tokenOrigin: String
    private let caFile: String?
    private let gate: HostGate
    private let callTimeout: Duration
    private let shown = Mutex(Shown())

    /// - Parameters:
    ///   - tokenOrigin: where the token comes from, for advice: `statuses.tokenFile`.
    ///   - caFile: certificates in PEM that replace the system's, nil for the system's.
    ///   - gate: shared by all who use this token.
    package init(
        client: HTTPClient, repository: GitHubRepository, token: RenewableSecret, tokenOrigin: String,
        caFile: String? = nil,
        gate: HostGate, callTimeout: Duration = Limits.callTimeout,
    ) {
        self.client = client
        self.repository = repository
        self.token = token
        self.tokenOrigin = tokenOrigin
        self.caFile = caFile
        self.gate = gate
        self.callTimeout = callTimeout
    }

    package func post(_ status: CommitStatus) async throws(Failure) {
        let wire = WireStatus(status)
        let place = Place(commit: status.commit, context: wire.context)
        if shown.withLock({ $0.status(at: place) }) == wire { return }
        let tried = "set the status '\(wire.context)' of"
        let subject = "\(repository)@\(status.commit.short)"
        guard let wait = gate.takeTurn() else {
            throw Failure(
                code: .throttled, subject: subject, tried: tried, cause: "Too many statuses wait for their turn.",
                disposition: .retry(after: Limits.longestTurn),
            )
        }
        try await gate.wait(wait, subject: subject)
        let request = HTTPRequest(
            method: "POST", url: "\(url)/statuses/\(status.commit)",
            headers: headers + [("Content-Type", "application/json")], body: Array(wire.body.utf8),
        )
        let response = try await send(request, tried: tried, subject: subject)
        guard response.status == 201 || response.status == 200 else {
            throw Answer(response, repository: repository, tokenOrigin: tokenOrigin, gate: gate)
                .failure(tried: tried, subject: subject)
        }
        shown.withLock { $0.remember(wire, at: place) }
    }

    package func states(of context: String, on commit: CommitID) async throws(Failure) -> [String: CommitStatus.State] {
        let tried = "read the statuses '\(context)' of"
        let subject = "\(repository)@\(commit.short)"
        var states: [String: CommitStatus.State] = [:]
        for page in 1...Limits.pages {
            let request = HTTPRequest(
                // The combined status lists the newest of each context only.
                method: "GET", url: "\(url)/commits/\(commit)/status?per_page=\(Limits.pageRows)&page=\(page)",
                headers: headers,
            )
            let response = try await send(request, tried: tried, subject: subject)
            // A commit that the host does not know carries no status.
            if response.status == 422 { return [:] }
            guard response.status == 200 else {
                throw Answer(response, repository: repository, tokenOrigin: tokenOrigin, gate: gate)
                    .failure(tried: tried, subject: subject)
            }
            guard let answer = try? JSONReader.value(of: response.body), let rows = answer["statuses"]?.elements else {
                throw Failure(
                    code: .malformedAnswer, subject: subject, tried: tried,
                    cause: "The answer is not what GitHub documents. Is \(repository.apiURL) the API of a GitHub host?",
                    remedy: "Check 'statuses.apiURL'.", disposition: .retry(after: nil),
                )
            }
            for row in rows {
                let wire = WireStatus(row)
                guard wire.context.isContext(of: context) else { continue }
                shown.withLock { $0.remember(wire, at: Place(commit: commit, context: wire.context)) }
                states[wire.context] = wire.state
            }
            if rows.count < Limits.pageRows { return states }
        }
        return states
    }

    // MARK: Sending

    private var url: String { "\(repository.apiURL)/repos/\(repository.owner)/\(repository.name)" }

    private var headers: [(name: String, value: String)] {
        [("Accept", "application/vnd.github+json"), ("X-GitHub-Api-Version", "2022-11-28")]
    }

    private func send(
        _ request: HTTPRequest, tried: String, subject: String,
    ) async throws(Failure) -> HTTPResponse {
        let sent = token.current
        let response = try await send(request, as: sent, tried: tried, subject: subject)
        // A token that was replaced since it was read is refused; the one in its place may not be.
        guard response.status == 401 || response.status == 403, token.renew(insteadOf: sent) else { return response }
        return try await send(request, as: token.current, tried: tried, subject: subject)
    }

    private func send(
        _ request: HTTPRequest, as token: Secret, tried: String, subject: String,
    ) async throws(Failure) -> HTTPResponse {
        if let silence = gate.silence {
            throw Failure(
                code: .throttled, subject: subject, tried: tried, cause: "GitHub has asked us to wait.",
                disposition: .retry(after: silence),
            )
        }
        var options = HTTPOptions()
        options.credentials = .bearer(token)
        options.totalTimeout = callTimeout
        options.responseBodyBytes = Limits.answerBytes
        options.caFile = caFile
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
}

/// One check on one commit.
private struct Place: Hashable {
    let commit: CommitID
    let context: String
}

/// What shows on the host as far as we know, bounded.
private struct Shown {
    private var statuses: [Place: WireStatus] = [:]
    /// The places in the order in which they came.
    private var order: [Place] = []

    func status(at place: Place) -> WireStatus? { statuses[place] }

    mutating func remember(_ status: WireStatus, at place: Place) {
        if statuses.updateValue(status, forKey: place) == nil { order.append(place) }
        while order.count > Limits.remembered { statuses[order.removeFirst()] = nil }
    }
}

/// A status as GitHub takes it and gives it back.
private struct WireStatus: Equatable {
    let state: CommitStatus.State?
    let context: String
    let description: String
    let link: String?

    init(_ status: CommitStatus) {
        state = status.state
        context = status.context.cut(toScalars: Limits.contextScalars)
        description = status.summary.cut(toScalars: Limits.descriptionScalars)
        // GitHub refuses the whole status for a link that is none.
        let isLink = status.link.map { $0.hasPrefix("https://") || $0.hasPrefix("http://") } ?? false
        link = isLink ? status.link.flatMap { $0.count <= Limits.linkCharacters ? $0 : nil } : nil
    }

    init(_ row: Value) {
        state = row["state"]?.text.flatMap(CommitStatus.State.init(rawValue:))
        context = row["context"]?.text ?? ""
        description = row["description"]?.text ?? ""
        link = row["target_url"]?.text
    }

    var body: String {
        JSONWriter(.compact).text(
            of: .map(present: [
                ("state", .string(state == .neutral ? "success" : state?.rawValue ?? "")),
                ("context", .string(context)),
                ("description", .string(description)), ("target_url", link.map(Value.string)),
            ]))
    }
}

extension String {
    /// Whether this is the context, or one below it.
    func isContext(of context: String) -> Bool {
        guard hasPrefix(context) else { return false }
        let rest = dropFirst(context.count)
        return rest.isEmpty || rest.hasPrefix("/") || rest.hasPrefix(" ")
    }

    /// At most `count` Unicode scalars, cut between characters, with an ellipsis where something was cut.
    func cut(toScalars count: Int) -> String {
        guard unicodeScalars.count > count else { return self }
        var result = ""
        var left = count - 1
        for character in self {
            left -= character.unicodeScalars.count
            if left < 0 { break }
            result.append(character)
        }
        return result + "…"
    }
}
