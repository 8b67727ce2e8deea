import MooringHTTPTransport
import MooringPorts

/// Asks the credential endpoints of the machine itself: never through a proxy, quickly, a few times.
struct LocalEndpoint: Sendable {
    let http: HTTPClient
    let clock: any Clock
    /// For messages: `the task role's endpoint`.
    let source: String

    /// Sends the request until it is answered with less than 500.
    ///
    /// - Parameter attempts: sends in all.
    func send(_ request: HTTPRequest, attempts: Int = Limits.metadataAttempts) async throws(Failure) -> HTTPResponse {
        var options = HTTPOptions()
        options.proxy = .direct
        options.connectTimeout = Limits.metadataTimeout
        options.totalTimeout = Limits.metadataTimeout
        options.responseBodyBytes = Limits.metadataBytes
        var attempt = 1
        while true {
            let failure: Failure
            do throws(HTTPError) {
                let response = try await http.send(request, options: options)
                if response.status < 500 || attempt == attempts { return response }
                failure = Failure.credentials(
                    from: source, "HTTP \(response.status).", code: .serverError, disposition: .retry(after: nil),
                )
            } catch {
                failure = error.failure(tried: "get AWS credentials from")
            }
            guard attempt < attempts, case .retry = failure.disposition, failure.code != .cancelled else {
                throw failure
            }
            attempt += 1
            do {
                try await clock.sleep(for: Limits.metadataDelay)
            } catch {
                throw Failure.credentials(
                    from: source, "the request was given up.", code: .cancelled, disposition: .retry(after: nil),
                )
            }
        }
    }

    /// The body of a good answer.
    func body(_ request: HTTPRequest) async throws(Failure) -> [UInt8] {
        let response = try await send(request)
        guard response.status == 200 else { throw failure(response) }
        return response.body
    }

    func failure(_ response: HTTPResponse) -> Failure {
        let reply = AWSErrorReply(response)
        return Failure.credentials(
            from: source, "HTTP \(reply.status) \(reply.code ?? "") \(reply.message).",
            remedy: "Check that the role exists and is attached.", disposition: .retry(after: nil),
        )
    }
}
