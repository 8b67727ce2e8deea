import MooringAWS
import MooringHTTPTransport
import MooringManifests
import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringTestSupport
import Testing

/// What other people wrote, applied with signed requests to an ECS that others wrote: what it stores leaves nothing to plan.
@Suite(.timeLimit(.minutes(4))) struct CorpusOnMotoTests {
    private static let cluster = "main"

    @Test(.enabled(if: ManifestCorpus.root != nil, "skipped: no corpus"))
    func `what moto stores of the corpus, applied, leaves nothing to plan`() async throws {
        try await withMoto(clusters: [Self.cluster], runningTasks: 10) { moto in
            let aws = try Self.client(of: moto)
            var (whole, partly, services) = (0, 0, 0)
            var reasons: [String] = []
            for (number, entry) in try ManifestCorpus.entries().enumerated() {
                let name = "doc\(number)"
                guard let manifest = AppliedManifest(entry, name: name, family: name), try manifest.errors().isEmpty
                else {
                    // Whether that is right is what the same corpus on the local ECS says.
                    continue
                }
                guard let document = try MotoManifest(manifest, cluster: Self.cluster, on: moto) else {
                    reasons.append("not applied, a service under another controller: \(entry.file)")
                    continue
                }
                let desired = try Self.desired(document)
                let policy = try Self.policy()
                do {
                    try await Self.apply(try await Driver.plan(desired: desired, policy: policy, aws: aws), aws)
                } catch {
                    let listed = CorpusAppliedTests.notApplied[entry.file]
                    #expect(listed != nil, "\(entry.file): \(error)")
                    reasons.append("not applied, \(listed ?? ""): \(entry.file)")
                    continue
                }
                let second = try await Driver.plan(desired: desired, policy: policy, aws: aws)
                #expect(second.changes == [] && second.withheld == [], "\(entry.file): \(second.paths)")
                if document.changed.isEmpty { whole += 1 } else { partly += 1 }
                services += entry.isService ? 1 : 0
                reasons += document.changed
            }
            print(
                """
                moto: \(whole + partly - services) task definitions and \(services) services of the corpus applied with \
                signed requests, second plan empty for all: \(whole) whole, \(partly) without members that moto does not keep:
                """)
            let counts = Dictionary(grouping: reasons) { $0 }.mapValues(\.count)
            for (reason, count) in counts.sorted(by: { $0.key < $1.key }) { print("    \(count) times: \(reason)") }
            #expect(whole + partly >= 90)
        }
    }

    // MARK: Applying

    /// A client with keys of its own; its waits take no time.
    static func client(of moto: MotoServer) throws -> LiveAWSClient {
        let clock = ManualClock(runsAhead: true)
        let keys = EnvironmentProvider(environment: [
            "AWS_ACCESS_KEY_ID": moto.user.AccessKeyId, "AWS_SECRET_ACCESS_KEY": moto.user.SecretAccessKey,
        ])
        var options = HTTPOptions()
        options.proxy = .direct
        return LiveAWSClient(
            LiveAWSClient.Parts(
                region: try Region("us-east-1"), endpoints: Endpoints(environment: ["AWS_ENDPOINT_URL": moto.url]),
                credentials: CachingCredentials(provider: keys, clock: clock), http: try HTTPClient(), clock: clock,
                budget: SharedBudget(), options: options, seed: 1,
            ))
    }

    static func policy() throws -> PlanningPolicy {
        var policy = try InProcessECS.policy()
        policy.region = try Region("us-east-1")
        return policy
    }

    private static func desired(_ document: MotoManifest) throws -> DesiredState {
        Manifests.desiredState(
            of: try document.files.map { ManifestInput(path: try TreePath($0.key), bytes: Array($0.value.utf8)) })
    }

    /// Performs the steps of a plan in their order.
    static func apply(_ plan: Plan, _ aws: any AWSClient) async throws {
        var registered: [Digest: Value] = [:]
        func arn(_ reference: RevisionReference?) -> Value? {
            switch reference {
            case .existing(let arn): .string(arn.text)
            case .registered(let digest): registered[digest]
            case nil: nil
            }
        }
        for step in plan.steps {
            switch step.action {
            case .registerTaskDefinition(_, let digest, let input):
                let answer = try await aws.call(APICall(.ecs, "RegisterTaskDefinition", input))
                registered[digest] = answer["taskDefinition"]?["taskDefinitionArn"]
            case .createService(let key, var input, let reference):
                input["cluster"] = .string(key.cluster.text)
                input["serviceName"] = .string(key.service.text)
                input["taskDefinition"] = arn(reference)
                _ = try await aws.call(APICall(.ecs, "CreateService", input))
            default: Issue.record("a first plan has no other steps: \(step.id)")
            }
        }
        #expect(plan.steps.contains { $0.id.text.hasPrefix("create ") })
    }
}
