import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// What is said of a tag that was moved under a service, and what is asked for it.
@Suite struct `Tags of images that moved` {
    private static let address = "\(accountText).dkr.ecr.eu-central-1.amazonaws.com/shop"
    private static let old = "sha256:" + String(repeating: "a", count: 64)
    private static let new = "sha256:" + String(repeating: "b", count: 64)

    /// A service at rest on `image`, which ECS resolved to `old` at second 1,000.
    private static func scenario(
        _ image: String = "\(address):v1", _ name: String = "web",
    ) throws -> Scenario {
        var scenario = try Scenario.managed(service: name, image: image)
        scenario.policy.registryCalls = 10
        try show([name], image: { _ in image }, in: &scenario)
        return scenario
    }

    /// Has ECS show the service revisions, and what they run.
    private static func show(
        _ names: [String], image: (String) -> String, in scenario: inout Scenario,
    ) throws {
        for name in names {
            let service = try key(name)
            let arn = "\(arnPrefix)service-revision/default/\(name)/"
            var shown = ""
            scenario.ecs.change(service) { described in
                let number = described["deployments"]?[0]?["id"]?.text?.split(separator: "/").last ?? ""
                shown = arn + number
                described["currentServiceRevisions"] = [["arn": .string(shown)]]
            }
            scenario.ecs.images.running[shown] = RunningImages(
                createdAt: 1_000, images: [.init(container: "app", image: image(name), digest: old)])
        }
    }

    private static func push(
        _ digest: String, _ image: String = "\(address):v1", at pushedAt: Double? = 2_000, isIndex: Bool = false,
        in scenario: inout Scenario,
    ) throws {
        scenario.ecs.images.tags[try #require(RegistryTag(image: image))] = RegistryImage(
            digest: digest, pushedAt: pushedAt, isIndex: isIndex)
    }

    private func registryFacts(_ facts: [Fact]) -> [Fact] {
        facts.filter { fact in
            switch fact {
            case .registryTag, .runningImages: true
            default: false
            }
        }
    }

    @Test func `are told with both digests and the command, and nothing is done about them`() throws {
        var scenario = try Self.scenario()
        try Self.push(Self.new, in: &scenario)
        let outcome = try scenario.pass()
        #expect(outcome.steps == [] && outcome.plan.withheld == [])
        #expect(try outcome.state(try key("web")) == .synced)
        #expect(outcome.plan.remarks.map(\.kind.code) == ["tags-moved"])
        let sentence = try #require(outcome.plan.remarks.first).kind.sentence
        for part in [
            "The tag 'v1' of \(Self.address) has moved from sha256:aaaaaaaaaaaa to sha256:bbbbbbbbbbbb since",
            "What runs stays, and nothing is deployed because of it.",
            "mooring set-image default/web app \(Self.address)@\(Self.new)",
        ] {
            #expect(sentence.contains(part), "\(sentence)")
        }
    }

    @Test func `are not told when they have moved back, or never moved`() throws {
        var scenario = try Self.scenario()
        try Self.push(Self.old, in: &scenario)
        let outcome = try scenario.pass()
        #expect(outcome.plan.remarks == [])
        // It was looked at, though: both were asked for.
        #expect(registryFacts(outcome.asked).count == 2)
    }

    @Test(arguments: [
        "shop:1", "public.ecr.aws/shop/shop:1", "\(address)@\(old)",
        "210987654321.dkr.ecr.eu-central-1.amazonaws.com/shop:v1",
        "\(accountText).dkr.ecr.us-east-1.amazonaws.com/shop:v1",
    ])
    func `are not looked for where git names a digest or another registry`(image: String) throws {
        #expect(registryFacts(try Self.scenario(image).pass().asked) == [])
    }

    @Test func `are not looked for where nobody may ask, or where the service is not as git says`() throws {
        var scenario = try Self.scenario()
        try Self.push(Self.new, in: &scenario)
        scenario.policy.registryCalls = 0
        #expect(registryFacts(try scenario.pass().asked) == [])
        scenario.policy.registryCalls = 10
        scenario.desired.taskDefinitions = [try makeTaskDefinition("web", image: "\(Self.address):v2")]
        let changing = try scenario.pass()
        #expect(registryFacts(changing.asked) == [] && changing.steps.contains("update default/web"))
    }

    @Test func `are not looked for where every task resolves the tag anew`() throws {
        var scenario = try Self.scenario()
        try Self.push(Self.new, in: &scenario)
        let container: Value = [
            "name": "app", "image": .string("\(Self.address):v1"), "memory": 128, "versionConsistency": "disabled",
        ]
        scenario.desired.taskDefinitions = [
            DesiredTaskDefinition(
                family: try Family("web"), input: ["family": "web", "containerDefinitions": [container]],
                file: try TreePath("web.json"), documentIndex: 0, position: SourcePosition(line: 1, column: 1))
        ]
        scenario.policy.registryCalls = 0
        try scenario.settle()
        try Self.show(["web"], image: { _ in "\(Self.address):v1" }, in: &scenario)
        scenario.policy.registryCalls = 10
        let outcome = try scenario.pass()
        #expect(try outcome.state(try key("web")) == .synced)
        #expect(registryFacts(outcome.asked) == [] && outcome.plan.remarks == [])
    }

    /// ECS may show the digest of one platform's image, which is never that of the list of all.
    @Test func `are told of a list of platforms only where it was pushed after the deployment`() throws {
        for (pushedAt, isTold) in [(999, false), (1_001, true), (nil, false)] as [(Double?, Bool)] {
            var scenario = try Self.scenario()
            try Self.push(Self.new, at: pushedAt, isIndex: true, in: &scenario)
            #expect(try scenario.pass().plan.remarks.isEmpty == !isTold, "\(String(describing: pushedAt))")
        }
    }

    @Test func `that cannot be read keep nothing from being synced and are not told`() throws {
        var scenario = try Self.scenario()
        let fact = Fact.registryTag(try #require(RegistryTag(image: "\(Self.address):v1")))
        scenario.ecs.unreadable[fact] = Unreadable(why: "denied", isPassing: false)
        let outcome = try scenario.pass()
        #expect(try outcome.state(try key("web")) == .synced)
        // What runs is not asked for: there is nothing to compare it with.
        #expect(registryFacts(outcome.asked) == [fact] && outcome.plan.remarks == [] && outcome.steps == [])
    }

    @Test func `are asked for once an hour, and what runs once`() throws {
        var scenario = try Self.scenario()
        let tag = try #require(RegistryTag(image: "\(Self.address):v1"))
        try Self.push(Self.old, in: &scenario)
        scenario.memory.images = try scenario.pass().observed.images
        scenario.memory.images.askedTags[tag] = scenario.policy.uptime
        scenario.policy.uptime += .seconds(3_599)
        try Self.push(Self.new, in: &scenario)
        let early = try scenario.pass()
        #expect(registryFacts(early.asked) == [] && early.plan.remarks == [])
        scenario.policy.uptime += .seconds(1)
        var observed = scenario.memory
        observed.services = early.observed.services
        let late = Planner.plan(desired: scenario.desired, observed: observed, policy: scenario.policy)
        #expect(late.needs == [.registryTag(tag)])
        #expect(late.plan.remarks == [] && late.plan.steps == [])
    }

    @Test func `of 500 services in one repository cost a call for every hundred tags, and one for every 20 that run`()
        throws
    {
        let names = (0..<500).map { "s\(1_000 + $0)" }
        let (scenario, needs) = try Self.firstQuestions(names) { "\(Self.address):\($0)" }
        #expect(needs.count == 500 && scenario.policy.registryCalls == 10)
        // As many as may be asked with what is left: five calls of ten.
        var observed = scenario.memory
        for need in needs { scenario.ecs.answer(need, into: &observed) }
        let next = Planner.plan(desired: scenario.desired, observed: observed, policy: scenario.policy).needs
        #expect(next.count == 10 * 20)
        #expect(next.allSatisfy { if case .runningImages = $0 { true } else { false } })
    }

    @Test func `of more repositories than may be asked have their turn, whoever waited longest first`() throws {
        let names = (0..<30).map { "s\(10 + $0)" }
        var (scenario, needs) = try Self.firstQuestions(names) { "\(Self.address)/\($0):v1" }
        #expect(needs.count == 10)
        var observed = scenario.memory
        for name in names.prefix(20) {
            let tag = try #require(RegistryTag(image: "\(Self.address)/\(name):v1"))
            observed.images.tags[tag] = .missing
            observed.images.askedTags[tag] = .seconds(name == "s15" ? 1 : 2)
        }
        scenario.policy.uptime = .seconds(7_200)
        scenario.policy.registryCalls = 11
        needs = Planner.plan(desired: scenario.desired, observed: observed, policy: scenario.policy).needs
        let expected = (names.suffix(10) + ["s15"]).compactMap { RegistryTag(image: "\(Self.address)/\($0):v1") }
        #expect(Set(needs) == Set(expected.map(Fact.registryTag)))
    }

    /// Services at rest with images of their own, and what is asked first about these.
    private static func firstQuestions(
        _ names: [String], image: (String) -> String,
    ) throws -> (Scenario, [Fact]) {
        var scenario = try Scenario()
        scenario.policy.maximumCreations = names.count
        scenario.policy.maximumInFlight = names.count
        scenario.policy.completedRollouts = names.count
        scenario.desired.taskDefinitions = try names.map { try makeTaskDefinition($0, image: image($0)) }
        scenario.desired.services = try names.map { try makeService(try key($0)) }
        try scenario.settle()
        try show(names, image: image, in: &scenario)
        for name in names { try push(old, image(name), in: &scenario) }
        let outcome = try scenario.pass()
        #expect(outcome.plan.standings.allSatisfy { $0.state == .synced })
        scenario.memory = outcome.observed
        scenario.policy.registryCalls = 10
        let result = Planner.plan(desired: scenario.desired, observed: scenario.memory, policy: scenario.policy)
        return (scenario, result.needs)
    }
}
