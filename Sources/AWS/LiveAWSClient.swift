package import MooringHTTPTransport
package import MooringNames
package import MooringPorts
package import MooringShapes
import Synchronization

/// AWS itself, over HTTP: drives a `CallMachine` for each call and adds what the machine leaves to a shell: time,
/// sockets, signatures, and the budget.
package final class LiveAWSClient: AWSClient {
    /// What a client is made of.
    package struct Parts: Sendable {
        package var region: Region
        package var endpoints: Endpoints
        /// Nil for calls that are not signed.
        package var credentials: CachingCredentials?
        package var http: HTTPClient
        package var clock: any Clock
        /// Of the account and region; shared with every other client there.
        package var budget: SharedBudget
        /// CA file, proxy, deadlines. Credentials and redirects are the client's own business.
        package var options: HTTPOptions
        package var policy = RetryPolicy()
        /// Of the process: decides the jitter.
        package var seed: UInt64

        package init(
            region: Region, endpoints: Endpoints, credentials: CachingCredentials?, http: HTTPClient, clock: any Clock,
            budget: SharedBudget, options: HTTPOptions = HTTPOptions(), seed: UInt64,
        ) {
            self.region = region
            self.endpoints = endpoints
            self.credentials = credentials
            self.http = http
            self.clock = clock
            self.budget = budget
            self.options = options
            self.seed = seed
        }
    }

    private let parts: Parts
    private let callCount = Atomic<UInt64>(0)

    package init(_ parts: Parts) { self.parts = parts }

    package func call(_ call: APICall) async throws(Failure) -> Value {
        let endpoint = try parts.endpoints.url(of: call.service, in: parts.region)
        let number = callCount.wrappingAdd(1, ordering: .relaxed).newValue
        var machine = CallMachine(call, endpoint: endpoint, policy: parts.policy, seed: parts.seed, number: number)
        var used: Credentials?
        var pending = machine.handle(.started)
        while !pending.isEmpty {
            switch pending.removeFirst() {
            case .takeToken(let category):
                try await pause(call) { try await parts.budget.spend(category, clock: parts.clock) }
                pending += machine.handle(.budgetGranted)
            case .wait(let duration):
                try await pause(call) { try await parts.clock.sleep(for: duration) }
                pending += machine.handle(.timerFired)
            case .refreshCredentials:
                if let used { parts.credentials?.invalidate(used) }
            case .send(let request):
                used = try await parts.credentials?.credentials()
                pending += machine.handle(await exchange(request, call, used))
            case .finish(let result):
                return try result.get()
            }
        }
        // The machine ends with `finish`, and every other action leads to an event that it answers with an action.
        preconditionFailure("the call \(call) came to no end")
    }

    /// One send.
    private func exchange(
        _ request: HTTPRequest, _ call: APICall, _ credentials: Credentials?,
    ) async -> CallMachine.Event {
        var options = parts.options
        options.followsRedirects = false
        options.mayBeSentTwice = call.mayBeRepeated
        options.credentials =
            credentials.map { credentials in
                .sigV4(
                    HTTPOptions.SigV4(
                        accessKey: credentials.accessKey, secretKey: credentials.secretKey,
                        sessionToken: credentials.sessionToken, region: parts.region.text,
                        service: call.service.descriptor.signingName,
                    ))
            } ?? .none
        do throws(HTTPError) {
            return .response(try await parts.http.send(request, options: options))
        } catch {
            return .transportFailure(error.failure(tried: call.phrase))
        }
    }

    /// A wait of any kind, whose only end but its own is that the task is cancelled.
    private func pause(_ call: APICall, _ work: () async throws -> Void) async throws(Failure) {
        do {
            try await work()
        } catch {
            throw Failure(
                code: .cancelled, subject: call.subject, tried: call.phrase, cause: "The call was given up.",
                disposition: .retry(after: nil),
            )
        }
    }
}
