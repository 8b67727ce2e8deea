import MooringAWS
import MooringPorts
import MooringShapes
import Testing

/// One call as a value: events in, actions out.
@Suite struct CallMachineTests {
    private let describe = APICall(.ecs, "DescribeServices", ["cluster": "p", "services": ["web"]])
    private let register = APICall(.ecs, "RegisterTaskDefinition", ["family": "web"])

    private func machine(_ call: APICall, number: UInt64 = 1) -> CallMachine {
        CallMachine(call, endpoint: "https://ecs.example", seed: 7, number: number)
    }

    private func reply(_ status: Int, _ code: String, _ message: String = "", retryAfter: Int? = nil) -> HTTPResponse {
        HTTPResponse(
            status: status, headers: retryAfter.map { [("Retry-After", String($0))] } ?? [],
            body: Array(#"{"__type":"\#(code)","message":"\#(message)"}"#.utf8),
        )
    }

    private func lost(_ code: Failure.Code, _ disposition: Failure.Disposition = .retry(after: nil)) -> Failure {
        Failure(code: code, subject: "https://ecs.example/", tried: "x", cause: "c", disposition: disposition)
    }

    /// Feeds the same event to every send until the call ends.
    ///
    /// - Returns: how often it was sent, the waits between, how often credentials were renewed, and the end.
    private func run(
        _ call: APICall, number: UInt64 = 1, _ event: (_ attempt: Int) -> CallMachine.Event,
    ) throws -> (sends: Int, waits: [Duration], refreshes: Int, result: Result<Value, Failure>) {
        var machine = machine(call, number: number)
        var pending = machine.handle(.started)
        var (sends, waits, refreshes) = (0, [Duration](), 0)
        for _ in 0..<100 {
            let action = try #require(pending.first)
            pending.removeFirst()
            switch action {
            case .takeToken: pending += machine.handle(.budgetGranted)
            case .send:
                sends += 1
                pending += machine.handle(event(sends))
            case .wait(let duration):
                waits.append(duration)
                pending += machine.handle(.timerFired)
            case .refreshCredentials: refreshes += 1
            case .finish(let result):
                #expect(pending.isEmpty)
                return (sends, waits, refreshes, result)
            }
        }
        throw Unending()
    }

    private struct Unending: Error {}

    private func failure(_ result: Result<Value, Failure>) throws -> Failure {
        try #require(throws: Failure.self) { try result.get() }
    }

    @Test func `a call takes a token, sends, and ends with the answer`() {
        var machine = machine(describe)
        #expect(machine.handle(.started) == [.takeToken(.readServices)])
        guard case .send(let request)? = machine.handle(.budgetGranted).first else {
            Issue.record("nothing was sent")
            return
        }
        #expect(request == AWSRequestEncoder.request(for: describe, endpoint: "https://ecs.example"))
        let answer = HTTPResponse(status: 200, body: Array(#"{"services":[]}"#.utf8))
        #expect(machine.handle(.response(answer)) == [.finish(.success(["services": []]))])
        #expect(machine.handle(.response(answer)).isEmpty)
        #expect(machine.handle(.timerFired).isEmpty)
    }

    @Test func `an event that does not fit changes nothing`() {
        var machine = machine(describe)
        #expect(machine.handle(.budgetGranted).isEmpty)
        #expect(machine.handle(.timerFired).isEmpty)
        #expect(machine.handle(.started) == [.takeToken(.readServices)])
        #expect(machine.handle(.started).isEmpty)
        #expect(machine.handle(.budgetGranted).count == 1)
        #expect(machine.handle(.timerFired).isEmpty)
    }

    @Test(arguments: ["ThrottlingException", "TooManyRequestsException", "RequestLimitExceeded", "Throttling"])
    func `a throttle is waited out with growing delays, for writes too`(_ code: String) throws {
        for call in [describe, register] {
            let end = try run(call) { _ in .response(reply(400, code, "Rate exceeded")) }
            #expect(end.sends == Limits.attempts)
            for (index, wait) in end.waits.enumerated() {
                let full = Limits.throttleDelay * (1 << index)
                #expect(wait >= full / 2 && wait <= full)
            }
            let failure = try failure(end.result)
            #expect(failure.code == Failure.Code(rawValue: code))
            #expect(failure.disposition == .retry(after: nil))
            #expect(!failure.isAmbiguous)
        }
    }

    @Test func `a throttle that ends lets the call succeed`() throws {
        let end = try run(register) {
            $0 < 3 ? .response(reply(400, "ThrottlingException")) : .response(HTTPResponse(status: 200))
        }
        #expect(end.sends == 3)
        #expect(try end.result.get() == [:])
    }

    @Test func `the server's own delay is kept, and a long one is left to the loop`() throws {
        let short = try run(describe) { _ in .response(reply(429, "X", retryAfter: 15)) }
        #expect(short.waits.allSatisfy { $0 >= .seconds(15) })
        let long = try run(describe) { _ in .response(reply(503, "X", retryAfter: 120)) }
        #expect(long.sends == 1)
        #expect(try failure(long.result).disposition == .retry(after: .seconds(120)))
    }

    @Test(arguments: [500, 502, 503, 504])
    func `a fault of the server is repeated for reads and left open for writes`(_ status: Int) throws {
        let read = try run(describe) { _ in .response(reply(status, "ServerException", "oops")) }
        #expect(read.sends == Limits.attempts)
        let write = try run(register) { _ in .response(reply(status, "ServerException", "oops")) }
        #expect(write.sends == 1)
        let failure = try failure(write.result)
        #expect(failure.isAmbiguous)
        #expect(failure.code == .serverError)
        #expect(failure.cause.contains("ServerException") && failure.cause.contains("oops"))
        #expect(failure.disposition == .retry(after: nil))
    }

    @Test(arguments: [Failure.Code.timedOut, .connectionLost, .malformedAnswer])
    func `a lost answer is repeated for reads and left open for writes`(_ code: Failure.Code) throws {
        #expect(try run(describe) { _ in .transportFailure(lost(code)) }.sends == Limits.attempts)
        let write = try run(register) { _ in .transportFailure(lost(code)) }
        #expect(write.sends == 1)
        #expect(try failure(write.result).isAmbiguous)
    }

    @Test func `an answer to a write that is too large or not understood leaves it open`() throws {
        let page = HTTPResponse(status: 200, body: Array("<html>".utf8))
        let unreadable = try run(register) { _ in .response(page) }
        #expect(unreadable.sends == 1)
        #expect(try failure(unreadable.result).isAmbiguous)
        #expect(try run(describe) { _ in .response(page) }.sends == Limits.attempts)
        let large = try run(register) { _ in .transportFailure(lost(.limitExceeded, .stalled)) }
        #expect(large.sends == 1)
        #expect(try failure(large.result).isAmbiguous)
        #expect(
            try failure(run(describe) { _ in .transportFailure(lost(.limitExceeded, .stalled)) }.result).code
                == .limitExceeded)
    }

    @Test func `what never went out is sent again, whatever it is`() throws {
        #expect(try run(register) { _ in .transportFailure(lost(.unreachable)) }.sends == Limits.attempts)
        #expect(try run(register) { _ in .transportFailure(lost(.unreachable, .stalled)) }.sends == 1)
        #expect(try run(register) { _ in .transportFailure(lost(.untrustedHost, .stalled)) }.sends == 1)
        #expect(try run(describe) { _ in .transportFailure(lost(.cancelled)) }.sends == 1)
    }

    @Test func `only calls that AWS would do twice are not repeated`() {
        let once: [(String, Value)] = [
            ("RegisterTaskDefinition", [:]), ("RunTask", [:]), ("CreateService", [:]),
            ("CreateService", ["clientToken": ""]),
            ("UpdateService", ["forceNewDeployment": true]),
        ]
        let often: [(String, Value)] = [
            ("DescribeServices", [:]), ("CreateService", ["clientToken": "t"]), ("RunTask", ["clientToken": "t"]),
            ("UpdateService", ["forceNewDeployment": false]), ("UpdateService", [:]), ("TagResource", [:]),
            ("DeleteService", [:]),
        ]
        for (operation, input) in once { #expect(!APICall(.ecs, operation, input).mayBeRepeated, "\(operation)") }
        for (operation, input) in often { #expect(APICall(.ecs, operation, input).mayBeRepeated, "\(operation)") }
    }

    @Test func `refused credentials are renewed once`() throws {
        for code in [
            "ExpiredTokenException", "UnrecognizedClientException", "InvalidSignatureException", "ExpiredToken",
        ] {
            let end = try run(register) { _ in .response(reply(400, code, "no")) }
            #expect(end.sends == 2)
            #expect(end.refreshes == 1)
            #expect(end.waits.isEmpty)
            let failure = try failure(end.result)
            #expect(failure.code == Failure.Code(rawValue: code))
            #expect(failure.disposition == .stalled)
        }
        let mended = try run(register) {
            $0 == 1 ? .response(reply(403, "ExpiredToken")) : .response(HTTPResponse(status: 200))
        }
        #expect(try mended.result.get() == [:])
    }

    @Test(arguments: [
        ("InvalidSignatureException", "Signature expired: 20260101T000000Z is now earlier than"),
        ("RequestExpired", ""),
    ])
    func `a wrong clock is said to be one`(_ code: String, _ message: String) throws {
        let end = try run(describe) { _ in .response(reply(403, code, message)) }
        #expect(end.sends == 1)
        #expect(try failure(end.result).remedy.contains("clock"))
    }

    @Test(arguments: [
        ("AccessDeniedException", "User: x is not authorized to perform: iam:PassRole", Failure.Disposition.stalled),
        ("LimitExceededException", "", .stalled), ("BlockedException", "", .stalled),
        ("ClusterNotFoundException", "Cluster not found.", .stalled), ("ResourceNotFoundException", "", .stalled),
        ("ServiceNotFoundException", "", .retry(after: nil)), ("ServiceNotActiveException", "", .retry(after: nil)),
        ("InvalidParameterException", "Creation of service was not idempotent.", .retry(after: nil)),
        (
            "InvalidParameterException", "Unable to Start a service that is still Draining.",
            .retry(after: Limits.drainingDelay)
        ),
        ("InvalidParameterException", "TaskDefinition is inactive", .invalidInput),
        ("ClientException", "Container name is required.", .invalidInput),
        ("PlatformUnknownException", "", .invalidInput), ("UnsupportedFeatureException", "", .invalidInput),
    ])
    func `a refusal ends the call at once and says what is next`(
        _ code: String, _ message: String, _ disposition: Failure.Disposition,
    ) throws {
        let end = try run(register) { _ in .response(reply(400, code, message)) }
        #expect(end.sends == 1)
        let failure = try failure(end.result)
        #expect(failure.code == Failure.Code(rawValue: code))
        #expect(failure.disposition == disposition)
        #expect(!failure.isAmbiguous)
        if !message.isEmpty { #expect(failure.cause.contains(message)) }
    }

    @Test(arguments: [
        "The target group with targetGroupArn x does not have an associated load balancer.",
        "Unable to assume the service linked role. Please verify that the ECS service linked role exists.",
        "Unable to assume role and validate the specified targetGroupArn. Please verify that the ECS service role being passed has the proper permissions.",
    ])
    func `what has not spread yet is tried for a while, then left to the loop`(_ message: String) throws {
        let create = APICall(.ecs, "CreateService", [:])
        let end = try run(create) { _ in .response(reply(400, "InvalidParameterException", message)) }
        #expect(end.sends == Limits.propagationAttempts)
        #expect(end.waits.reduce(.zero, +) >= .seconds(5))
        #expect(try failure(end.result).disposition == .retry(after: Limits.propagationPause))
    }

    @Test func `two registrations of one family wait for one another`() throws {
        let message = "Too many concurrent attempts to create a new revision of the specified family."
        #expect(try run(register) { _ in .response(reply(400, "ClientException", message)) }.sends == Limits.attempts)
    }

    @Test(arguments: [
        (401, Failure.Code.unauthenticated), (403, .accessDenied), (404, .malformedAnswer), (302, .malformedAnswer),
    ])
    func `an answer that is not AWS's is told from one that is`(_ status: Int, _ code: Failure.Code) throws {
        let page = HTTPResponse(status: status, body: Array("<html><b>Proxy</b> says no</html>".utf8))
        let end = try run(register) { _ in .response(page) }
        #expect(end.sends == 1)
        let failure = try failure(end.result)
        #expect(failure.code == code)
        #expect(failure.cause.contains("Proxy says no"))
        #expect(failure.disposition == .stalled)
    }

    @Test func `a failure reads as a sentence about the thing`() throws {
        let end = try run(APICall(.ecs, "UpdateService", ["cluster": "prod", "service": "web"])) { _ in
            .response(reply(400, "AccessDeniedException", "User: x is not authorized to perform: ecs:UpdateService"))
        }
        #expect(
            try failure(end.result).description
                == "Cannot update service 'prod/web': User: x is not authorized to perform: ecs:UpdateService. Allow ecs:UpdateService, or what the message names, to Mooring's role."
        )
        let many = APICall(.ecs, "DescribeServices", ["services": ["a", "b", "c"]])
        #expect(many.subject == "'a and 2 more'")
        #expect(APICall(.sts, "GetCallerIdentity", [:]).subject == "at AWS STS")
    }

    @Test func `the same key gives the same delays, another key others`() throws {
        func waits(_ number: UInt64) throws -> [Duration] {
            try run(describe, number: number) { _ in .response(reply(400, "ThrottlingException")) }.waits
        }
        #expect(try waits(3) == waits(3))
        #expect(try waits(3) != waits(4))
        let fractions = (0..<1000).map { KeyedJitter.fraction(seed: 1, call: UInt64($0), attempt: 1) }
        #expect(fractions.allSatisfy { $0 >= 0 && $0 < 1 })
        let mean: Double = fractions.reduce(0, +) / 1000
        #expect(abs(mean - 0.5) < 0.05)
        #expect(Set(fractions).count == 1000)
    }
}
