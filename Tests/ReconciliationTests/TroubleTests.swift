import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// What the loop makes of calls that are refused, and of a disk that is full.
@Suite struct TroubleTests {
    private func refusing(_ operation: String) -> Scenario {
        var scenario = Scenario()
        scenario.faults = [FaultRule(operation, .always, .accessDenied)]
        return scenario
    }

    /// `DescribeServices` keeps every service from being planned, the others one.
    @Test(arguments: ["DescribeServices", "DescribeTaskDefinition", "RegisterTaskDefinition"])
    func `a refused call is a failure until it is permitted`(operation: String) throws {
        var simulation = try SmallWorld.simulation(SmallWorld.files(), try SmallWorld.ecs(refusing(operation)))
        try simulation.run()
        let failed = try #require(simulation.headReport)
        #expect(failed.sync == .failed, "\(simulation.history.joined(separator: "\n"))")
        #expect(failed.services.first?.cause?.contains("Allow ecs:\(operation)") == true, "\(failed)")
        #expect(simulation.headNote?.contains("sync: Failed") == true)
        #expect(simulation.headReport?.services.first?.newRevision == nil)

        try simulation.run(for: .seconds(1_200))
        if operation != "RegisterTaskDefinition" { #expect(simulation.count("problem") == 1) }
        simulation.ecs.scenario = Scenario()
        try simulation.run(for: .seconds(1_200))
        let synced = try #require(simulation.headReport)
        #expect(synced.sync == .synced, "\(simulation.history.suffix(40).joined(separator: "\n"))")
        // What was said of the failure is not said of the success.
        #expect(synced.services.first?.cause == nil && synced.services.first?.evidence == [])
        let note = try #require(simulation.headNote)
        #expect(note.contains("sync: Synced") && !note.contains("Allow ecs"), "\(note)")
        #expect(simulation.count("recovered") == simulation.count("problem"))
    }

    @Test func `a service that was withheld has no reason any more when it is adopted`() throws {
        var simulation = try SmallWorld.simulation(SmallWorld.files(), try SmallWorld.ecs(tags: []))
        try simulation.run()
        #expect(simulation.headReport?.sync == .outOfSync)
        #expect(simulation.headReport?.services.first?.cause?.contains("adopt") == true)
        // The tag that says so is put there by hand, so the commit and its report stay.
        let caller = Caller(account: "123456789012", region: "eu-central-1")
        let arn = try #require(simulation.described(try SmallWorld.key())?.arn)
        let tag: Value = [
            "resourceArn": .string(arn), "tags": [["key": "mooring:environment", "value": "production@a1b2c3"]],
        ]
        let answer = simulation.ecs.perform(
            Operation(.ecs, "TagResource"), tag, as: caller, at: simulation.time + 60_001)
        _ = try answer.get()
        try simulation.run(for: .seconds(900))
        let report = try #require(simulation.headReport)
        #expect(report.sync == .synced && report.services.first?.cause == nil, "\(report)")
        #expect(simulation.headNote?.contains("adopt") == false)
    }

    @Test func `a full disk is told once, keeps no report back, and is told when it is over`() throws {
        var simulation = try SmallWorld.simulation(SmallWorld.files(), try SmallWorld.ecs())
        simulation.diskFailure = Failure(
            code: .storage, subject: "/data/outbox/x.json", tried: "write", cause: "No space left on device.",
            remedy: "Make room.", disposition: .retry(after: nil))
        try simulation.run()
        #expect(simulation.headNote?.contains("sync: Synced") == true)
        try simulation.merge(SmallWorld.files(image: "acme/web:v2"), subject: "Second")
        #expect(simulation.headNote?.contains("sync: Synced") == true)
        #expect(simulation.count("problem of the disk") == 1 && simulation.count("problem") == 1)
        #expect(simulation.count("recovered") == 0)
        simulation.diskFailure = nil
        try simulation.merge(SmallWorld.files(image: "acme/web:v3"), subject: "Third")
        #expect(simulation.count("recovered: the disk") == 1)
    }
}

/// When a report may end, and what it quotes.
@Suite struct ReportEndTests {
    /// A commit that touches no manifest says nothing of a service that somebody changed while no process ran.
    @Test func `the first commit that a process sees has no end before everything was looked at`() throws {
        var simulation = try SmallWorld.simulation(SmallWorld.files(), try SmallWorld.ecs())
        try simulation.run()
        let caller = Caller(account: "123456789012", region: "eu-central-1")
        let change: Value = ["cluster": "main", "service": "web", "enableECSManagedTags": true, "desiredCount": 2]
        let answer = simulation.ecs.perform(
            Operation(.ecs, "UpdateService"), change, as: caller, at: simulation.time + 60_001)
        _ = try answer.get()
        try simulation.push(SmallWorld.files(), subject: "Elsewhere")
        try simulation.restart()
        let report = try #require(simulation.headReport)
        #expect(simulation.headSyncs.first == .progressing, "\(simulation.headSyncs)")
        #expect(report.sync == .synced)
        // It was brought back under this commit, so the commit's report says so.
        #expect(report.services.map(\.key) == [try SmallWorld.key()], "\(report)")
        #expect(simulation.calls["UpdateService"] == 1)
    }

    @Test func `the head of a forced branch has no end before everything was looked at`() throws {
        var simulation = try SmallWorld.simulation(SmallWorld.files(), try SmallWorld.ecs())
        try simulation.run()
        try simulation.push(SmallWorld.files(), subject: "Forced", isForced: true)
        try simulation.run(for: .seconds(120))
        #expect(simulation.headSyncs == [.progressing, .synced])
        // An ordinary one that touches nothing ends at once.
        try simulation.push(SmallWorld.files(), subject: "Elsewhere")
        try simulation.run(for: .seconds(120))
        #expect(simulation.headSyncs == [.synced])
    }

    /// Stopped tasks are shown for an hour, in no order, so those of the failures before are among them.
    @Test(arguments: [1, 4]) func `a failure after others is told with its own cause`(failures: Int) throws {
        var scenario = Scenario()
        scenario.images = (0..<failures).map { ImageRule("*:absent\($0)", .cannotPull()) }
        scenario.images.append(ImageRule("*:crashing", .crashes(exitCode: 3, afterMilliseconds: 1_000)))
        let breaker = "deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}"
        var simulation = try SmallWorld.simulation(SmallWorld.files(breaker), try SmallWorld.ecs(scenario))
        try simulation.run()
        for number in 0..<failures {
            try simulation.merge(
                SmallWorld.files(image: "acme/web:absent\(number)", breaker), subject: "Absent \(number)")
            #expect(simulation.headReport?.services.first?.cause?.contains("absent\(number)") == true)
        }
        try simulation.merge(SmallWorld.files(image: "acme/web:crashing", breaker), subject: "Crashing")
        let service = try #require(simulation.headReport?.services.first)
        #expect(service.cause?.contains("exit") == true, "\(service)")
    }

    /// ECS's clock need not be ours: the local ECS runs as fast as it is told to.
    @Test func `a failure quotes no event of an earlier deployment, whatever our clock says`() throws {
        var scenario = Scenario()
        scenario.images = [
            ImageRule("*:absent", .cannotPull()),
            ImageRule("*:crashing", .crashes(exitCode: 3, afterMilliseconds: 1_000)),
        ]
        let breaker = "deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}"
        var simulation = try SmallWorld.simulation(SmallWorld.files(breaker), try SmallWorld.ecs(scenario)) { plan in
            plan.clockLag = 48 * 3_600_000
        }
        try simulation.run()
        try simulation.merge(SmallWorld.files(image: "acme/web:absent", breaker), subject: "Absent")
        #expect(simulation.headReport?.sync == .failed)
        try simulation.merge(SmallWorld.files(image: "acme/web:crashing", breaker), subject: "Crashing")
        let service = try #require(simulation.headReport?.services.first)
        #expect(service.sync == .failed)
        let said = [service.cause ?? "", service.remedy ?? ""] + service.evidence
        #expect(!said.contains { $0.contains("absent") || $0.contains("pull") }, "\(said)")
        // Where ECS goes back to is told of this deployment.
        let deployments = said.filter { !$0.contains("rolling back to deployment") }.flatMap {
            $0.matches(of: /ecs-svc\/[0-9]+/).map { String($0.output) }
        }
        #expect(Set(deployments).subtracting([service.deployment ?? ""]).isEmpty, "\(said)")
    }
}
