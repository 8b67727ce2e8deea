import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// A person lets what ECS rejected be tried again, while the loop runs.
@Suite struct RetryTests {
    private func files(image: String, settings: String = "") -> [String: String] {
        let breaker = "deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}"
        var files = SmallWorld.files(image: image, breaker)
        let other = image.replacing("web:v2", with: "other:v2")
        files["production/zoo.task.json"] = """
            {"family": "zoo", "memory": "512", "containerDefinitions": [{"name": "main", "image": "\(other)"}]}
            """
        files["production/zoo.yaml"] =
            "serviceName: zoo\ntaskDefinition: zoo.task.json\ndesiredCount: 1\n\(breaker)\n"
        files["production/mooring.yaml"] = settings.isEmpty ? nil : settings
        return files
    }

    /// What `mooring retry` does.
    private func retry(_ simulation: inout Simulation) throws {
        let caller = Caller(account: "123456789012", region: "eu-central-1")
        let live = simulation.described(try SmallWorld.key())
        let arn = try #require(live?.arn)
        let records = try simulation.ecs.perform(
            Operation(.ecs, "ListServiceDeployments"), ["cluster": "main", "service": "web"], as: caller,
            at: simulation.time
        ).get()
        let newest = try #require(records["serviceDeployments"]?[0]?["serviceDeploymentArn"]?.text)
        let id = newest.split(separator: "/").last.map(String.init) ?? ""
        for (operation, input) in [
            (
                "TagResource",
                [
                    "resourceArn": .string(arn),
                    "tags": [["key": .string(OwnTag.retry), "value": .string(id)]],
                ] as Value
            ),
            ("UntagResource", ["resourceArn": .string(arn), "tagKeys": [.string(OwnTag.rejected)]]),
        ] {
            _ = try simulation.ecs.perform(
                Operation(.ecs, operation), input, as: caller, at: simulation.time
            ).get()
        }
    }

    private func revision(of key: ServiceKey, _ simulation: inout Simulation) -> String? {
        simulation.described(key)?.taskDefinition?.revision.description
    }

    /// Under `hold`, one rejection stops everything else, the service itself included.
    @Test(arguments: ["", "onFailure: hold\n"])
    func `what was rejected is tried again, and what it stopped goes on`(settings: String) throws {
        var scenario = Scenario()
        scenario.images = [ImageRule("*web:v2", .cannotPull())]
        var simulation = try SmallWorld.simulation(
            files(image: "acme/web:v1", settings: settings), try SmallWorld.ecs(scenario))
        try simulation.run()
        try simulation.merge(files(image: "acme/web:v2", settings: settings), subject: "v2")
        let web = try SmallWorld.key()
        let zoo = ServiceKey(cluster: web.cluster, service: try ServiceName("zoo"))
        #expect(simulation.headReport?.sync == .failed)
        let before = (revision(of: web, &simulation), revision(of: zoo, &simulation))
        #expect(before.0 == "web:1", "\(before)")
        let updates = simulation.calls["UpdateService", default: 0]

        // Without a word nothing is tried again, though it would work now.
        simulation.ecs.scenario.images = []
        try simulation.run(for: .seconds(1_800))
        #expect(simulation.calls["UpdateService"] == updates)

        try retry(&simulation)
        try simulation.run(for: .seconds(1_800))
        let history = simulation.history.suffix(60).joined(separator: "\n")
        let live = simulation.described(web)
        let after = (revision(of: web, &simulation), revision(of: zoo, &simulation))
        #expect(after.0 == "web:2" && after.1 == "zoo:2", "\(after) \(history)")
        #expect(live?.tag(OwnTag.rejected) == nil && live?.tag(OwnTag.retry) == nil, "\(history)")
        #expect(simulation.headReport?.sync == .synced, "\(history)")
        #expect(simulation.headNote?.contains("\nsync: Synced\n") == true, "\(simulation.headNote ?? "")")
    }

    /// The report of the commit that failed has ended when another one is the head.
    @Test func `a retry under a later commit is told there, and what is still rejected is named until then`() throws {
        var scenario = Scenario()
        scenario.images = [ImageRule("*web:v2", .cannotPull())]
        var simulation = try SmallWorld.simulation(files(image: "acme/web:v1"), try SmallWorld.ecs(scenario))
        try simulation.run()
        try simulation.merge(files(image: "acme/web:v2"), subject: "v2")
        var later = files(image: "acme/web:v2")
        later["README.md"] = "Something else."
        try simulation.merge(later, subject: "Elsewhere")
        #expect(simulation.headReport?.sync == .synced)
        let summary = simulation.headReport?.summary
        #expect(summary == "No service is affected. Elsewhere: main/web failed.")
        #expect(simulation.headNote?.contains("main/web failed") == true)

        simulation.ecs.scenario.images = []
        try retry(&simulation)
        try simulation.run(for: .seconds(1_800))
        let report = try #require(simulation.headReport)
        #expect(report.sync == .synced && report.services.map(\.key.description) == ["main/web"], "\(report)")
        #expect(simulation.headNote?.contains("main/web:") == true, "\(simulation.headNote ?? "")")
        #expect(report.summary == "web runs web:2.")
    }

    @Test func `what fails again is rejected again`() throws {
        var scenario = Scenario()
        scenario.images = [ImageRule("*web:v2", .cannotPull())]
        var simulation = try SmallWorld.simulation(files(image: "acme/web:v1"), try SmallWorld.ecs(scenario))
        try simulation.run()
        try simulation.merge(files(image: "acme/web:v2"), subject: "v2")
        let updates = simulation.calls["UpdateService", default: 0]
        try retry(&simulation)
        try simulation.run(for: .seconds(7_200))
        #expect(simulation.calls["UpdateService"] == updates + 1)
        #expect(simulation.headReport?.sync == .failed)
        let live = simulation.described(try SmallWorld.key())
        #expect(live?.tag(OwnTag.rejected) != nil)
    }
}
