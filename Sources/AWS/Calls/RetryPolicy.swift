import MooringModel
package import MooringPorts

/// When a failed call is sent again, and what its failure means to the loop. A value without clock or randomness.
package struct RetryPolicy: Equatable, Sendable {
    /// Sends of one call in all.
    package var attempts = Limits.attempts

    package init() {}

    /// What follows an error.
    package enum Verdict: Equatable, Sendable {
        /// Send again after the wait.
        case resend(after: Duration)
        /// Send again with fresh credentials; once per call.
        case resendWithFreshCredentials
        /// Enough: the failure goes to the caller.
        case giveUp
    }

    /// What follows an error answer.
    ///
    /// - Parameters:
    ///   - attempt: which send was answered, counted from 1.
    ///   - jitter: from 0 to below 1, different for every attempt.
    ///   - hasRefreshed: whether fresh credentials were asked for before.
    package func verdict(
        on reply: AWSErrorReply, to call: APICall, attempt: Int, jitter: Double, hasRefreshed: Bool,
    ) -> Verdict {
        switch ErrorClass(reply, for: call) {
        case .throttled, .contended:
            return resend(attempt, of: attempts, Limits.throttleDelay, jitter, reply.retryAfter)
        case .serverFault where call.mayBeRepeated:
            return resend(attempt, of: attempts, Limits.transientDelay, jitter, reply.retryAfter)
        case .propagating:
            return resend(attempt, of: min(attempts, Limits.propagationAttempts), Limits.propagationDelay, jitter, nil)
        case .badCredentials where !hasRefreshed && attempt < attempts: return .resendWithFreshCredentials
        default: return .giveUp
        }
    }

    /// What follows an exchange without an answer, or with one that cannot be understood.
    package func verdict(on failure: Failure, to call: APICall, attempt: Int, jitter: Double) -> Verdict {
        switch failure.code {
        case .unreachable:
            // Nothing went out. What a person must mend does not mend itself in seconds.
            guard case .retry = failure.disposition else { return .giveUp }
            return resend(attempt, of: attempts, Limits.transientDelay, jitter, nil)
        case .timedOut, .connectionLost, .malformedAnswer:
            guard call.mayBeRepeated, case .retry = failure.disposition else { return .giveUp }
            return resend(attempt, of: attempts, Limits.transientDelay, jitter, nil)
        default: return .giveUp
        }
    }

    /// Exponential, between half of the delay and all of it, and never sooner than the server asks.
    private func resend(
        _ attempt: Int, of attempts: Int, _ first: Duration, _ jitter: Double, _ asked: Duration?,
    ) -> Verdict {
        guard attempt < attempts else { return .giveUp }
        if let asked, asked > Limits.longestDelay { return .giveUp }
        let doubled = min(first * (1 << min(attempt - 1, 16)), Limits.longestDelay)
        let milliseconds = Double(doubled.wholeMilliseconds) * (0.5 + jitter / 2)
        return .resend(after: max(.milliseconds(Int64(milliseconds)), asked ?? .zero))
    }
}
