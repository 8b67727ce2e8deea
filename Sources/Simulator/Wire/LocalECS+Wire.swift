import MooringShapes

/// The wire: JSON 1.1 for ECS and most neighbours, the query protocol and XML for STS, IAM and load balancing.
/// Source: reference/ecs-api.md section 7.
extension LocalECS {
    /// Answers one HTTP request at `time`.
    package mutating func handle(_ request: WireRequest, at time: Int64) -> WireResponse {
        advance(to: time)
        requestCount += 1
        let requestID = generator.uuid(.request, 0, requestCount)
        switch Wire.read(request) {
        case .failure(let error):
            return Wire.encode(error, api: .ecs, requestID: requestID)
        case .success(let call):
            if let error = objection(to: request, api: call.operation.api) {
                return Wire.encode(error, api: call.operation.api, requestID: requestID)
            }
            let caller: Caller
            switch authenticate(request, api: call.operation.api) {
            case .failure(let error): return Wire.encode(error, api: call.operation.api, requestID: requestID)
            case .success(let known): caller = known
            }
            let response = answer(call, caller, requestID: requestID, at: time)
            note(call.operation, caller, status: response.status)
            return response
        }
    }

    private mutating func answer(
        _ call: Wire.Call, _ caller: Caller, requestID: String, at time: Int64,
    ) -> WireResponse {
        let fault = fault(for: call.operation)
        var delay: Int64 = 0
        switch fault {
        case .droppedBefore:
            count(call.operation)
            return .dropped
        case .html(let status):
            count(call.operation)
            return Wire.html(status: status)
        case .lostResponse:
            _ = perform(call.operation, call.input, as: caller, at: time)
            return .dropped
        case .serverErrorAfterwards(let status):
            _ = perform(call.operation, call.input, as: caller, at: time)
            return Wire.encode(Wire.serverError(status), api: call.operation.api, requestID: requestID)
        case .slow(let milliseconds): delay = milliseconds
        case nil: break
        case let fault?:
            count(call.operation)
            return Wire.encode(
                Wire.error(for: fault, caller: caller, operation: call.operation, input: call.input),
                api: call.operation.api, requestID: requestID)
        }
        var response =
            switch perform(call.operation, call.input, as: caller, at: time) {
            case .success(let output): Wire.encode(output, operation: call.operation, requestID: requestID)
            case .failure(let error): Wire.encode(error, api: call.operation.api, requestID: requestID)
            }
        response.delayMilliseconds = delay
        return response
    }

    // MARK: Callers

    /// Who signed the request.
    private func authenticate(_ request: WireRequest, api: Operation.API) -> Result<Caller, APIError> {
        guard let authorization = request.header("authorization") else {
            return .success(Caller(account: configuration.account, region: configuration.region))
        }
        guard let credential = Wire.credential(authorization) else {
            return .failure(
                APIError(
                    code: "IncompleteSignatureException",
                    message: "Authorization header requires 'Credential' parameter.", status: 403))
        }
        // A region is a part of every ARN and makes a world of its own: nothing but the form that AWS's have.
        guard Caller.isRegion(credential.region) else {
            return .failure(
                APIError(
                    code: api.isQuery ? "SignatureDoesNotMatch" : "InvalidSignatureException",
                    message: "Credential should be scoped to a valid region.", status: api.isQuery ? 403 : 400))
        }
        if let session = sessions[credential.accessKey] {
            guard session.expiresAt > now || !configuration.credentialsExpire else {
                return .failure(
                    APIError(
                        code: api.isQuery ? "ExpiredToken" : "ExpiredTokenException",
                        message: "The security token included in the request is expired",
                        status: api.isQuery ? 403 : 400))
            }
            return .success(
                Caller(
                    account: session.account, region: credential.region, arn: session.arn, userID: session.userID))
        }
        let account = configuration.accounts[credential.accessKey] ?? configuration.account
        return .success(Caller(account: account, region: credential.region))
    }

    // MARK: Faults

    /// The fault that a rule of the scenario has for this call. The first rule that applies decides; all count.
    private mutating func fault(for operation: Operation) -> Fault? {
        var chosen: Fault?
        for (index, rule) in scenario.faults.enumerated() {
            guard
                Pattern.matches(rule.operation, operation.name)
                    || Pattern.matches(rule.operation, operation.description)
            else { continue }
            if let from = rule.from, now < from { continue }
            if let until = rule.until, now >= until { continue }
            faultCounts[index] += 1
            let ordinal = faultCounts[index]
            let applies =
                switch rule.occurrence {
                case .always: true
                case .ordinals(let ordinals): ordinals.contains(ordinal)
                case .perMille(let rate):
                    generator.bits(.fault, KeyedRandom.scope(rule.operation, String(index)), ordinal) % 1000
                        < UInt64(max(0, rate))
                }
            if applies, chosen == nil { chosen = rule.fault }
        }
        return chosen
    }
}
