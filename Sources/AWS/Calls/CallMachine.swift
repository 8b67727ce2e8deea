package import MooringPorts
package import MooringShapes

/// One call of AWS from its first send to its end, as a value: events in, actions out.
///
/// It encodes the call, judges what comes back, decides on waits and repeats, and decodes the result. Time, sockets and
/// signatures are the driver's; jitter is a function of the key. So the same code runs live and in simulation.
///
/// A call that AWS would carry out a second time is not sent again after a failure that leaves open whether it took
/// effect: it ends with a failure whose `isAmbiguous` says so, and the loop looks before it tries again.
package struct CallMachine: Sendable {
    /// What has happened, as the driver tells it.
    package enum Event: Sendable {
        case started
        /// The budget has a token for the category that was asked for.
        case budgetGranted
        case response(HTTPResponse)
        /// No answer; the transport's code says what may have become of the request.
        case transportFailure(Failure)
        /// The wait that was asked for is over.
        case timerFired
    }

    /// What the driver has to do, in order.
    package enum Action: Equatable, Sendable {
        /// Wait for a token of the category, then report `budgetGranted`.
        case takeToken(TokenCategory)
        /// Sign and send, then report `response` or `transportFailure`.
        case send(HTTPRequest)
        /// Report `timerFired` after the duration.
        case wait(Duration)
        /// The credentials used last were refused: get others for the next send. Nothing is reported back.
        case refreshCredentials
        /// The call has ended. No action follows.
        case finish(Result<Value, Failure>)
    }

    /// Where the call stands.
    private enum State: Sendable {
        /// Made; `started` leads to `awaitingBudget`.
        case new
        /// A token was asked for; `budgetGranted` leads to `inFlight`.
        case awaitingBudget
        /// The request is out; leads to `pausing`, `awaitingBudget` or `ended`.
        case inFlight
        /// Between two sends; `timerFired` leads to `awaitingBudget`.
        case pausing
        /// The result is out; nothing leads on.
        case ended
    }

    package let call: APICall
    private let request: HTTPRequest
    private let policy: RetryPolicy
    private let seed: UInt64
    private let number: UInt64
    private var state = State.new
    private var attempt = 0
    private var hasRefreshed = false

    /// - Parameters:
    ///   - endpoint: scheme, host and port: `https://ecs.eu-central-1.amazonaws.com`.
    ///   - seed: of the process or the simulation.
    ///   - number: of the call; with the seed it decides the jitter.
    package init(_ call: APICall, endpoint: String, policy: RetryPolicy = RetryPolicy(), seed: UInt64, number: UInt64) {
        self.call = call
        self.policy = policy
        self.seed = seed
        self.number = number
        request = AWSRequestEncoder.request(for: call, endpoint: endpoint)
    }

    /// Takes an event in. One that does not fit the state changes nothing: a late timer, an answer after the end.
    package mutating func handle(_ event: Event) -> [Action] {
        switch (state, event) {
        case (.new, .started), (.pausing, .timerFired): return askForBudget()
        case (.awaitingBudget, .budgetGranted):
            state = .inFlight
            attempt += 1
            return [.send(request)]
        case (.inFlight, .response(let response)): return judge(response)
        case (.inFlight, .transportFailure(let failure)): return judge(failure)
        default: return []
        }
    }

    private mutating func askForBudget() -> [Action] {
        state = .awaitingBudget
        return [.takeToken(TokenCategory(call))]
    }

    private mutating func judge(_ response: HTTPResponse) -> [Action] {
        switch AWSResponseDecoder.answer(to: call, response) {
        case .success(let value): return finish(.success(value))
        case .malformed(let why):
            return judge(
                Failure(
                    code: .malformedAnswer, subject: call.subject, tried: call.phrase, cause: "\(why).",
                    disposition: .retry(after: nil),
                ))
        case .error(let reply):
            let verdict = policy.verdict(
                on: reply, to: call, attempt: attempt, jitter: jitter, hasRefreshed: hasRefreshed,
            )
            return follow(verdict, reply.failure(of: call))
        }
    }

    private mutating func judge(_ failure: Failure) -> [Action] {
        // An answer past its limit: the call was carried out, only what came of it is not known.
        let isLost = failure.code == .limitExceeded && !call.isRead
        let told = Failure(
            code: isLost ? .malformedAnswer : failure.code, subject: call.subject, tried: call.phrase,
            cause: failure.subject == call.subject ? failure.cause : "\(failure.subject): \(failure.cause)",
            remedy: failure.remedy, disposition: failure.disposition,
        )
        return follow(policy.verdict(on: told, to: call, attempt: attempt, jitter: jitter), told)
    }

    private mutating func follow(_ verdict: RetryPolicy.Verdict, _ failure: Failure) -> [Action] {
        switch verdict {
        case .giveUp: return finish(.failure(failure))
        case .resend(let delay):
            state = .pausing
            return [.wait(delay)]
        case .resendWithFreshCredentials:
            hasRefreshed = true
            return [.refreshCredentials] + askForBudget()
        }
    }

    private mutating func finish(_ result: Result<Value, Failure>) -> [Action] {
        state = .ended
        return [.finish(result)]
    }

    private var jitter: Double { KeyedJitter.fraction(seed: seed, call: number, attempt: attempt) }
}
