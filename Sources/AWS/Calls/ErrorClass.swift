package import MooringPorts

/// What an error answer means for the call. Source: `ecs-api.md` section 5 of the project's reference, which cites AWS's
/// pages; code lists after botocore's `standard` retry mode.
package enum ErrorClass: Hashable, Sendable, CaseIterable {
    /// Too many calls; this one was not carried out.
    case throttled
    /// AWS failed by its own account; whether the call took effect is not known.
    case serverFault
    /// Passing, and the call was not carried out: another change of the same thing is under way.
    case contended
    /// Something the call depends on has not spread through AWS yet.
    case propagating
    /// The service still drains.
    case draining
    /// The credentials have expired or are not known: fresh ones may do.
    case badCredentials
    /// The machine's clock is wrong.
    case clockSkew
    /// The caller may not.
    case denied
    /// A quota of the account is used up.
    case quota
    /// Someone else was faster: read again.
    case conflict
    /// What the loop believed to exist has gone: read again.
    case vanished
    /// Something that a person must create is missing.
    case missing
    /// The input is wrong.
    case invalidInput
    /// An answer that is not AWS's: a proxy's, a portal's.
    case foreign

    /// The class of `reply` to `call`.
    package init(_ reply: AWSErrorReply, for call: APICall) {
        guard let code = reply.code else {
            self = ErrorClass.classOfForeign(status: reply.status)
            return
        }
        if let known = ErrorClass.classOf(code: code, message: reply.message) {
            self = known
        } else if reply.status == 429 {
            self = .throttled
        } else if reply.status >= 500 {
            self = .serverFault
        } else if code.hasSuffix("NotFoundException") || code.hasSuffix("NotFound") || code.hasPrefix("NoSuch") {
            self = .missing
        } else if code.hasPrefix("AccessDenied") || code.hasPrefix("NotAuthorized") || code.hasPrefix("Unauthorized") {
            self = .denied
        } else {
            self = .invalidInput
        }
    }

    private static func classOfForeign(status: Int) -> ErrorClass {
        switch status {
        case 429: .throttled
        // A proxy that waited in vain for the rest of the request, or of the answer.
        case 408, 500...: .serverFault
        default: .foreign
        }
    }

    private static func classOf(code: String, message: String) -> ErrorClass? {
        switch code {
        case "Throttling", "ThrottlingException", "ThrottledException", "RequestThrottled", "RequestThrottledException",
            "RequestLimitExceeded", "TooManyRequestsException", "SlowDown", "BandwidthLimitExceeded",
            "ProvisionedThroughputExceededException", "EC2ThrottledException":
            .throttled
        case "ServerException", "InternalFailure", "InternalError", "InternalServerError", "InternalServiceError",
            "ServiceUnavailable", "ServiceUnavailableException", "RequestTimeout", "RequestTimeoutException",
            "IDPCommunicationError":
            .serverFault
        case "ConcurrentUpdateException", "PriorRequestNotComplete", "OperationAbortedException": .contended
        case "ExpiredToken", "ExpiredTokenException", "TokenRefreshRequired", "UnrecognizedClientException",
            "InvalidClientTokenId", "InvalidAccessKeyId", "MissingAuthenticationToken", "AuthFailure",
            "MissingAuthenticationTokenException", "IncompleteSignature":
            .badCredentials
        case "RequestTimeTooSkewed", "RequestInTheFuture", "RequestExpired": .clockSkew
        case "InvalidSignatureException", "SignatureDoesNotMatch":
            // The same code says that the clock is off and that the secret is wrong.
            message.contains("Signature expired") || message.contains("not yet current") ? .clockSkew : .badCredentials
        case "LimitExceededException", "ServiceQuotaExceededException": .quota
        case "ServiceNotFoundException", "ServiceNotActiveException", "TaskSetNotFoundException": .vanished
        case "ConflictException", "UpdateInProgressException": .conflict
        case "BlockedException", "OptInRequired": .denied
        case "ClientException", "InvalidParameterException": classOf(ecsMessage: message)
        default: nil
        }
    }

    /// ECS says many things under two codes; only the text tells them apart.
    private static func classOf(ecsMessage message: String) -> ErrorClass {
        let propagation = [
            "does not have an associated load balancer", "Unable to assume the service linked role",
            "verify that the ECS service role", "Unable to assume role and validate",
        ]
        if propagation.contains(where: message.contains) { return .propagating }
        if message.contains("Too many concurrent attempts") { return .contended }
        if message.contains("Rate exceeded") { return .throttled }
        if message.contains("still Draining") { return .draining }
        if message.contains("was not idempotent") { return .conflict }
        return .invalidInput
    }
}
