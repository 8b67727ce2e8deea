import MooringHTTPTransport
import MooringPorts

/// One call to a target. Its address may itself be a secret, so that nothing here names it.
struct NotifierCall {
    let client: HTTPClient
    /// What is said of the target in its place: `the webhook of 'ops'`.
    let subject: String
    /// What is tried, as a phrase behind "Cannot".
    let tried: String

    /// Sends the request.
    ///
    /// - Parameter mayBeSentTwice: whether the target does nothing where it gets the same again.
    func send(
        _ request: HTTPRequest, credentials: HTTPOptions.Credentials = .none, mayBeSentTwice: Bool = false,
        answerBytes: Int = Limits.answerBytes, caFile: String?,
    ) async throws(Failure) -> HTTPResponse {
        var options = HTTPOptions()
        options.totalTimeout = Limits.callTimeout
        options.responseBodyBytes = answerBytes
        options.credentials = credentials
        options.mayBeSentTwice = mayBeSentTwice
        options.caFile = caFile
        do throws(HTTPError) {
            return try await client.send(request, options: options)
        } catch {
            let failure = error.failure(tried: tried)
            // An address that libcurl cannot use stays so until somebody corrects it, whatever is sent.
            let disposition: Failure.Disposition = error.kind == .invalidRequest ? .stalled : failure.disposition
            throw self.failure(failure.code, failure.cause, remedy: failure.remedy, disposition)
        }
    }

    func failure(
        _ code: Failure.Code, _ cause: String, remedy: String = "", _ disposition: Failure.Disposition,
    ) -> Failure {
        Failure(
            code: code, subject: subject, tried: tried, cause: cause, remedy: remedy, disposition: disposition,
        )
    }

    /// What an answer means that is no success, by its status alone: what it says may hold anything.
    func failure(status: Int, _ response: HTTPResponse) -> Failure {
        let cause = "It answered with status \(status)."
        switch status {
        case 429:
            return failure(.throttled, "It asks us to wait.", .retry(after: NotifierCall.retryAfter(response)))
        case 408, 425, 500...:
            return failure(.serverError, cause, .retry(after: NotifierCall.retryAfter(response)))
        case 401, 403:
            return failure(.accessDenied, cause, remedy: "Check the secret and the address of the target.", .stalled)
        case 404, 405, 410:
            return failure(.notFound, cause, remedy: "Check the address of the target.", .stalled)
        case ..<400:
            return failure(
                .malformedAnswer, cause, remedy: "Name the address that it redirects to; redirects are not followed.",
                .stalled)
        default:
            return failure(.invalidInput, cause, remedy: "The target does not take this message.", .invalidInput)
        }
    }

    /// How long the target wants us to wait, in seconds; dates are passed over.
    static func retryAfter(_ response: HTTPResponse) -> Duration? {
        response.header("Retry-After").flatMap(Int.init).flatMap { $0 >= 0 ? .seconds($0) : nil }
            .map { min($0, Limits.longestRetryAfter) }
    }
}
