import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Synchronization

/// A local ECS as a client of AWS, without a wire and without time passing.
final class InProcessECS: AWSClient {
    private let ecs: Mutex<LocalECS>

    static let account = "123456789012"
    static let region = "eu-central-1"
    static let identity = "production@a1b2c3"

    init(_ ecs: LocalECS) { self.ecs = Mutex(ecs) }

    convenience init() {
        var configuration = LocalECS.Configuration()
        configuration.clusters = ["main"]
        configuration.region = InProcessECS.region
        self.init(LocalECS(configuration: configuration, seed: 1))
    }

    func call(_ call: APICall) async throws(Failure) -> Value {
        let api: Operation.API =
            switch call.service {
            case .applicationAutoscaling: .applicationAutoScaling
            case .sts: .sts
            case .ecr: .ecr
            default: .ecs
            }
        do throws(APIError) {
            return try perform(Operation(api, call.operation), call.input)
        } catch {
            throw Failure(
                code: Failure.Code(rawValue: error.code), subject: "the local ECS", tried: call.operation,
                cause: error.message, disposition: .invalidInput)
        }
    }

    /// Performs a call that the test makes by hand.
    @discardableResult
    func perform(_ name: String, _ input: Value) throws -> Value { try perform(Operation(.ecs, name), input) }

    private func perform(_ operation: Operation, _ input: Value) throws(APIError) -> Value {
        let caller = Caller(account: InProcessECS.account, region: InProcessECS.region)
        let answer = ecs.withLock { $0.perform(operation, input, as: caller, at: $0.now) }
        return try answer.get()
    }

    /// Lets ten minutes pass: rollouts complete.
    func settle() { ecs.withLock { $0.advance(to: $0.now + 600_000) } }

    /// The policy of an environment that may do everything.
    static func policy() throws -> PlanningPolicy {
        let account = try AccountID(account)
        return PlanningPolicy(
            identity: try EnvironmentIdentity(identity), commit: try CommitID(String(repeating: "a", count: 40)),
            region: try Region(region), account: account, callerAccount: account, clusters: [try ClusterName("main")],
            act: true)
    }

    /// The plan for `desired`, by the product's own reading.
    func plan(_ desired: DesiredState) async throws -> Plan {
        try await Driver.plan(desired: desired, policy: try InProcessECS.policy(), aws: self)
    }
}

extension Plan {
    /// The paths of everything the plan would change or withholds, sorted, each once.
    var paths: [String] { Set(steps.flatMap(\.changes).map(\.path) + withheld.flatMap(\.changes).map(\.path)).sorted() }
}
