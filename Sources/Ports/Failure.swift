/// What went wrong at a port: all that a person needs to act on it, and all that the loop needs to decide what is next.
package struct Failure: Error, Hashable, Sendable, CustomStringConvertible {
    /// Machine-readable; AWS's own code where AWS answered.
    package let code: Code
    /// On what: a service, a URL without credentials and query, a file.
    package let subject: String
    /// What was tried, as a phrase behind "Cannot": `register task definition`.
    package let tried: String
    /// Why it failed, one sentence.
    package let cause: String
    /// What to do about it, one sentence; empty where nothing can be advised.
    package let remedy: String
    package let disposition: Disposition

    /// An open set: AWS's codes stand beside ours.
    package struct Code: RawRepresentable, Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
        package let rawValue: String
        package init(rawValue: String) { self.rawValue = rawValue }
        package init(stringLiteral text: String) { rawValue = text }
        package var description: String { rawValue }

        /// No answer within the deadline. Whether the call took effect is not known.
        package static let timedOut: Code = "timed-out"
        /// The connection failed before the request was sent: the call took no effect.
        package static let unreachable: Code = "unreachable"
        /// The connection broke after the request was sent. Whether the call took effect is not known.
        package static let connectionLost: Code = "connection-lost"
        /// The other side does not accept our credentials.
        package static let unauthenticated: Code = "unauthenticated"
        /// The other side knows us and refuses.
        package static let accessDenied: Code = "access-denied"
        /// The host's key or certificate is not the one expected.
        package static let untrustedHost: Code = "untrusted-host"
        /// What was asked for does not exist.
        package static let notFound: Code = "not-found"
        /// The other side has not got so far yet: nothing is wrong, and asking again later may do.
        package static let notYet: Code = "not-yet"
        /// A named bound was reached.
        package static let limitExceeded: Code = "limit-exceeded"
        /// Someone else was faster; read again and repeat.
        package static let conflict: Code = "conflict"
        /// The other side asks us to slow down.
        package static let throttled: Code = "throttled"
        /// The other side failed by its own account (HTTP 5xx).
        package static let serverError: Code = "server-error"
        /// The answer cannot be understood.
        package static let malformedAnswer: Code = "malformed-answer"
        /// The call was given up because we are stopping.
        package static let cancelled: Code = "cancelled"
        /// The disk is full or not writable.
        package static let storage: Code = "storage"
        /// What we were told to do makes no sense.
        package static let invalidInput: Code = "invalid-input"
    }

    /// What the loop does next.
    package enum Disposition: Hashable, Sendable {
        /// Passing; try again, no sooner than after the duration if one is given.
        case retry(after: Duration?)
        /// A person must act; look again only with the next change or sweep.
        case stalled
        /// The input itself is wrong; nothing changes until it does.
        case invalidInput
    }

    package init(
        code: Code, subject: String, tried: String, cause: String, remedy: String = "", disposition: Disposition,
    ) {
        self.code = code
        self.subject = subject
        self.tried = tried
        self.cause = cause
        self.remedy = remedy
        self.disposition = disposition
    }

    /// Whether the call may have taken effect although it failed: look again before trying again.
    package var isAmbiguous: Bool {
        code == .timedOut || code == .connectionLost || code == .serverError || code == .malformedAnswer
            || code == .cancelled
    }

    package var description: String {
        let sentence = "Cannot \(tried) \(subject): \(cause)"
        return remedy.isEmpty ? sentence : sentence + " " + remedy
    }
}
