import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringPresentation
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// A tag that moved under a running service is reported, not deployed: against a local ECS with a registry.
@Suite struct `Moved tags in the loop` {
    private static let host = "123456789012.dkr.ecr.eu-central-1.amazonaws.com"
    private static let image = "\(host)/web:v1"

    /// Pushes an image under a tag; the manifest's text is what tells it from others.
    private static func push(
        _ manifest: String, _ repository: String, _ tag: String, to ecs: inout LocalECS, at time: Int64,
    ) throws {
        let input: Value = [
            "repositoryName": .string(repository), "imageManifest": .string(manifest), "imageTag": .string(tag),
        ]
        _ = try ecs.perform(Operation(.ecr, "PutImage"), input, as: ServiceWorld.caller, at: time).get()
    }

    /// A local ECS with a registry that has one repository.
    private static func ecs(
        _ repository: String = "web", _ scenario: MooringSimulator.Scenario = Scenario(),
    ) throws -> LocalECS {
        var ecs = try SmallWorld.ecs(scenario)
        let input: Value = ["repositoryName": .string(repository)]
        _ = try ecs.perform(
            Operation(.ecr, "CreateRepository"), input, as: ServiceWorld.caller, at: ServiceWorld.before
        ).get()
        return ecs
    }

    /// The service `web` at rest on the first image.
    private static func simulation(
        image: String = image, _ scenario: MooringSimulator.Scenario = Scenario(),
    ) throws -> Simulation {
        var ecs = try Self.ecs("web", scenario)
        try push("one", "web", "v1", to: &ecs, at: ServiceWorld.before)
        var simulation = try SmallWorld.simulation(SmallWorld.files(image: image), ecs)
        try simulation.run()
        return simulation
    }

    @Test func `one that moves is told once and deploys nothing; one that moves back and on again is told anew`() throws
    {
        var simulation = try Self.simulation()
        try simulation.run(for: .seconds(3_700))
        #expect(simulation.count("remark") == 0 && (simulation.calls["DescribeImages"] ?? 0) >= 1)
        let (updates, note) = (simulation.calls["UpdateService"], try #require(simulation.headNote))

        try Self.push("two", "web", "v1", to: &simulation.ecs, at: simulation.time)
        try simulation.run(for: .seconds(2 * 3_600))
        #expect(simulation.count("remark main/web: tagsMoved") == 1, "\(simulation.events.map(\.label))")
        #expect(simulation.calls["UpdateService"] == updates && simulation.calls["RegisterTaskDefinition"] == 1)
        #expect(simulation.headNote == note && note.contains("sync: Synced"))
        #expect(simulation.headReport?.sync == .synced && simulation.count("problem") == 0)

        try Self.push("one", "web", "v1", to: &simulation.ecs, at: simulation.time)
        try simulation.run(for: .seconds(2 * 3_600))
        #expect(simulation.count("remark") == 1)
        try Self.push("two", "web", "v1", to: &simulation.ecs, at: simulation.time)
        try simulation.run(for: .seconds(2 * 3_600))
        #expect(simulation.count("remark") == 2)
        #expect(simulation.calls["UpdateService"] == updates)
        // Once an hour, in the seven that passed; what runs was asked for once.
        let asked = simulation.calls["DescribeImages"] ?? 0
        #expect((6...8).contains(asked), "\(asked) calls")
        #expect(simulation.asked("DescribeServiceRevisions") == 1)
    }

    @Test func `a commit deploys what the tag stands for now, and nothing is left to be told`() throws {
        var simulation = try Self.simulation()
        try Self.push("two", "web", "v1", to: &simulation.ecs, at: simulation.time)
        try simulation.run(for: .seconds(3_700))
        #expect(simulation.count("remark") == 1)
        try simulation.merge(SmallWorld.files(image: Self.image, "mooring: {redeploy: again}"), subject: "Deploy it")
        #expect(simulation.headReport?.sync == .synced)
        try simulation.run(for: .seconds(2 * 3_600))
        #expect(simulation.count("remark") == 1)
        // It was looked at again: a third image is news.
        try Self.push("three", "web", "v1", to: &simulation.ecs, at: simulation.time)
        try simulation.run(for: .seconds(3_700))
        #expect(simulation.count("remark") == 2)
    }

    @Test func `an image with its digest costs no call, nor does one of another registry`() throws {
        var ecs = try Self.ecs()
        try Self.push("one", "web", "v1", to: &ecs, at: ServiceWorld.before)
        let described = try ecs.perform(
            Operation(.ecr, "DescribeImages"), ["repositoryName": "web"], as: ServiceWorld.caller,
            at: ServiceWorld.before
        ).get()
        let digest = try #require(described["imageDetails"]?[0]?["imageDigest"]?.text)
        for image in ["\(Self.host)/web@\(digest)", "acme/web:v1"] {
            var simulation = try Self.simulation(image: image)
            try simulation.run(for: .seconds(3_700))
            #expect(simulation.headReport?.sync == .synced)
            #expect(simulation.calls["DescribeImages"] == nil && simulation.asked("DescribeServiceRevisions") == 0)
        }
    }

    @Test(arguments: ["DescribeImages", "DescribeServiceRevisions"])
    func `who may not ask is told nothing, and everything else goes on`(operation: String) throws {
        var scenario = Scenario()
        scenario.faults = [FaultRule(operation, .always, .accessDenied)]
        var simulation = try Self.simulation(scenario)
        try Self.push("two", "web", "v1", to: &simulation.ecs, at: simulation.time)
        try simulation.run(for: .seconds(3 * 3_600))
        #expect(simulation.count("problem") == 0 && simulation.count("remark") == 0)
        let calls = simulation.asked(operation)
        #expect((3...4).contains(calls), "\(calls) calls in three hours")
        try simulation.merge(SmallWorld.files(image: "acme/web:v2"), subject: "Another")
        #expect(simulation.headReport?.sync == .synced && simulation.count("problem") == 0)
    }

    @Test func `what is to be done does not wait for the registry`() throws {
        var ecs = try ServiceWorld.ecs(["s000"], image: Self.image)
        _ = try ecs.perform(
            Operation(.ecr, "CreateRepository"), ["repositoryName": "web"], as: ServiceWorld.caller,
            at: ServiceWorld.before
        ).get()
        try Self.push("one", "web", "v1", to: &ecs, at: ServiceWorld.before)
        var simulation = try ServiceWorld.simulation(ServiceWorld.files("s000", image: Self.image), ecs)
        simulation.begin()
        try simulation.run { $0.calls["TagResource"] != nil }
        #expect(simulation.calls["DescribeImages"] == nil)
        try simulation.run(for: .seconds(330))
        #expect(simulation.calls["DescribeImages"] == 1)
    }

    @Test func `500 services of one repository cost 5 calls of ECR and 25 of ECS, a sweep later none`() throws {
        let names = ServiceWorld.names(500)
        var ecs = try Self.ecs("app")
        var files: [String: String] = [:]
        for name in names {
            try Self.push("first of \(name)", "app", name, to: &ecs, at: ServiceWorld.before)
            let image = "\(Self.host)/app:\(name)"
            files.merge(ServiceWorld.files(name, image: image)) { _, new in new }
            let task = try JSONReader.value(of: ServiceWorld.task(name, image: image))
            _ = try ecs.perform(
                Operation(.ecs, "RegisterTaskDefinition"), task, as: ServiceWorld.caller, at: ServiceWorld.before
            ).get()
            let service: Value = [
                "serviceName": .string(name), "cluster": "main", "taskDefinition": .string(name), "desiredCount": 1,
                "deploymentConfiguration": ["deploymentCircuitBreaker": ["enable": true, "rollback": true]],
                "tags": [["key": "mooring:environment", "value": "production@a1b2c3"]],
            ]
            _ = try ecs.perform(
                Operation(.ecs, "CreateService"), service, as: ServiceWorld.caller, at: ServiceWorld.before
            ).get()
        }
        try Self.push("second", "app", names[7], to: &ecs, at: ServiceWorld.before + 1_000)
        var simulation = try ServiceWorld.simulation(files, ecs)
        try simulation.run()
        try simulation.run(for: .seconds(330))
        #expect(simulation.calls["DescribeImages"] == 5, "\(simulation.calls)")
        #expect(simulation.asked("DescribeServiceRevisions") == 25, "\(simulation.calls)")
        #expect(simulation.count("remark") == 1 && simulation.count("remark main/s007: tagsMoved") == 1)
        #expect(simulation.calls["UpdateService"] == nil)
        try simulation.run(for: .seconds(330))
        #expect(simulation.calls["DescribeImages"] == 5 && simulation.asked("DescribeServiceRevisions") == 25)
    }

    @Test func `a plan for a person tells of it as well, and of nothing that changes`() async throws {
        var ecs = try Self.ecs()
        try Self.push("one", "web", "v1", to: &ecs, at: ServiceWorld.before)
        let client = InProcessECS(ecs)
        let task = try JSONReader.value(of: ServiceWorld.task("web", image: Self.image))
        try client.perform("RegisterTaskDefinition", task)
        try client.perform(
            "CreateService",
            [
                "serviceName": "web", "cluster": "main", "taskDefinition": "web", "desiredCount": 1,
                "tags": [["key": "mooring:environment", "value": "production@a1b2c3"]],
            ])
        client.settle()
        _ = try await client.call(
            APICall(.ecr, "PutImage", ["repositoryName": "web", "imageManifest": "two", "imageTag": "v1"]))
        var desired = try LeafWorld.desired(taskDefinition: task)
        desired.services = [
            DesiredService(
                key: try SmallWorld.key(),
                input: ["serviceName": "web", "cluster": "main", "taskDefinition": "web", "desiredCount": 1],
                taskDefinition: .family(try Family("web")), files: [try TreePath("web.yaml")])
        ]
        var policy = try InProcessECS.policy()
        policy.registryCalls = Limits.registryCallsOfPlan
        let plan = try await Driver.plan(desired: desired, policy: policy, aws: client)
        #expect(plan.remarks.map(\.kind.code) == ["tags-moved"], "\(plan.standings)")
        #expect(plan.changes == [] && plan.withheld == [])
        let text = PlanText.text(of: plan, palette: .plain)
        #expect(text.contains("mooring set-image main/web main \(Self.host)/web@sha256:"), "\(text)")
    }

    @Test func `of many tags those that are gone are found apart, and the others are read all the same`() throws {
        let all = try ["a", "b", "c", "gone", "e"].map { try #require(RegistryTag(image: "\(Self.host)/web:\($0)")) }
        let history = HistorySource(
            desired: DesiredState(), head: nil, absence: "", folder: nil, defaultCluster: nil)
        var observed = Observed()
        var (open, calls) = ([Observation.registryTags(all)], 0)
        while let question = open.popLast() {
            guard case .registryTags(let tags) = question else { continue }
            calls += 1
            let answer: EffectResult =
                tags.contains { $0.tag == "gone" }
                ? .failed(
                    Failure(
                        code: Failure.Code(rawValue: "ImageNotFoundException"), subject: "", tried: "", cause: "",
                        disposition: .stalled))
                : .value([
                    "imageDetails": .list(
                        tags.map { ["imageDigest": .string("sha256:" + $0.tag), "imageTags": [.string($0.tag), "x"]] })
                ])
            open += question.apply(answer, to: &observed, history: history)
        }
        #expect(calls <= 2 * all.count)
        for tag in all {
            let expected: Reading<RegistryImage> =
                tag.tag == "gone"
                ? .missing : .known(RegistryImage(digest: "sha256:" + tag.tag, pushedAt: nil, isIndex: false))
            #expect(observed.images.tags[tag] == expected)
        }
    }
}
