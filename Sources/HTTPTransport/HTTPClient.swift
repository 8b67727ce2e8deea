import CCurl
package import MooringPorts
import Synchronization

/// HTTP for async code: any number of transfers at a time, driven by one thread of its own.
///
/// Connections are kept and used again. A cancelled task ends its transfer at once. Everything under way ends with
/// `.cancelled` when the client is closed or let go.
package final class HTTPClient: Sendable {
    private let engine: Engine

    package init() throws(HTTPError) { engine = try Engine.start() }

    deinit { engine.close() }

    /// Ends everything under way and refuses everything to come.
    package func close() { engine.close() }

    /// Sends the request and waits for the whole answer, whatever its status.
    ///
    /// Redirects are followed only for a GET without credentials, where the options ask for it.
    package func send(
        _ request: HTTPRequest, options: HTTPOptions = HTTPOptions(),
    ) async throws(HTTPError) -> HTTPResponse {
        let cancellation = CancelFlag()
        let result: Result<HTTPResponse, HTTPError> = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                engine.submit(
                    Engine.Job(
                        request: request, options: options, cancellation: cancellation, continuation: continuation,
                    ))
            }
        } onCancel: {
            // The flag may be up before the job is handed in; the engine looks at it when it takes the job as well.
            cancellation.raise()
            engine.wake()
        }
        return try result.get()
    }
}
