package import MooringPorts

extension AWSErrorReply {
    /// The failure that the loop gets, with AWS's own code where AWS spoke.
    ///
    /// The exception is a fault of the server's: it is `.serverError`, so that it counts as ambiguous, and AWS's code
    /// stands in the cause.
    package func failure(of call: APICall) -> Failure {
        let errorClass = ErrorClass(self, for: call)
        let (disposition, remedy) = consequence(errorClass, call)
        return Failure(
            code: failureCode(errorClass), subject: call.subject, tried: call.phrase, cause: cause, remedy: remedy,
            disposition: disposition,
        )
    }

    private func failureCode(_ errorClass: ErrorClass) -> Failure.Code {
        switch errorClass {
        case .serverFault: return .serverError
        case .foreign:
            switch status {
            case 401: return .unauthenticated
            case 403, 407: return .accessDenied
            // Whatever answered, it was not AWS; what became of the call is not known.
            default: return .malformedAnswer
            }
        default: return code.map(Failure.Code.init(rawValue:)) ?? .throttled
        }
    }

    private var cause: String {
        let said = message.isEmpty ? "" : message.hasSuffix(".") ? message : message + "."
        switch (code, status) {
        case (let code?, 500...): return "AWS failed (HTTP \(status), \(code))" + (said.isEmpty ? "." : ": \(said)")
        case (let code?, _): return said.isEmpty ? "\(code)." : said
        case (nil, _): return "HTTP \(status), and not in AWS's words" + (said.isEmpty ? "." : ": \(said)")
        }
    }

    private func consequence(_ errorClass: ErrorClass, _ call: APICall) -> (Failure.Disposition, remedy: String) {
        switch errorClass {
        case .throttled, .serverFault, .contended, .conflict, .vanished: (.retry(after: retryAfter), "")
        case .propagating: (.retry(after: Limits.propagationPause), "")
        case .draining: (.retry(after: Limits.drainingDelay), "")
        case .badCredentials: (.stalled, "Check the credentials that Mooring runs with.")
        case .clockSkew: (.stalled, "Set this machine's clock.")
        case .denied:
            (
                .stalled,
                "Allow \(call.service.rawValue):\(call.operation), or what the message names, to Mooring's role."
            )
        case .quota: (.stalled, "Raise the quota of the account, or remove what is no longer needed.")
        case .missing: (.stalled, "Create it, or correct its name.")
        case .foreign: (.stalled, "Check the endpoint and the proxies on the way to it.")
        case .invalidInput: (.invalidInput, "")
        }
    }
}
