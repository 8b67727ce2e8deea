import MooringModel
import MooringNames
import MooringReconciliation
import MooringShapes
import MooringSimulator
import Testing

/// What watches over all simulations sees a lie, and the fastest way out of a bad deploy is fast.
@Suite struct TruthTests {
    @Test func `a report that says Synced of another revision is a lie`() throws {
        var simulation = try SmallWorld.simulation(RolloutFiles.web(), try SmallWorld.ecs())
        try simulation.run()
        #expect(simulation.truth.looks > 0 && simulation.truth.lies.isEmpty)
        try simulation.byHand(
            "RegisterTaskDefinition",
            ["family": "web", "memory": "512", "containerDefinitions": [["name": "main", "image": "acme/web:other"]]])
        try simulation.byHand(
            "UpdateService", ["cluster": "main", "service": "web", "taskDefinition": "web:2"])
        // As if it were said now.
        simulation.truth = TruthCheck()
        simulation.checkTruth()
        #expect(simulation.truth.lies.count == 1, "\(simulation.truth.lies)")
        #expect(simulation.truth.lies.first?.contains("not web:1") == true, "\(simulation.truth.lies)")
    }

    @Test func `a report that goes on saying Synced of another revision is a lie`() throws {
        var simulation = try SmallWorld.simulation(RolloutFiles.web(), try SmallWorld.ecs())
        try simulation.run()
        try simulation.byHand(
            "RegisterTaskDefinition",
            ["family": "web", "memory": "512", "containerDefinitions": [["name": "main", "image": "acme/web:other"]]])
        try simulation.byHand(
            "UpdateService", ["cluster": "main", "service": "web", "taskDefinition": "web:2"])
        // It may be unknown until the next look at everything, and no longer.
        simulation.checkTruth()
        #expect(simulation.truth.lies.isEmpty)
        try simulation.run(for: .seconds(900))
        #expect(simulation.truth.lies.isEmpty && simulation.headReport?.sync == .outOfSync)
    }

    @Test func `a revert in the middle of a rollout is the fastest way out of a bad deploy`() throws {
        let scenario = try RolloutRow.scenario(
            "images: [{image: '*:bad', crashes: {exitCode: 3, after: 2s}}]", start: 1_790_000_000_000)
        var simulation = try SmallWorld.simulation(RolloutFiles.web(), try SmallWorld.ecs(scenario))
        try simulation.run()
        try simulation.push(RolloutFiles.web("bad"), subject: "Bad")
        try simulation.run(for: .seconds(90))
        #expect(simulation.running("web") == "acme/web:bad")
        try simulation.push(RolloutFiles.web("v1"), subject: "Revert")
        var seconds = 0
        while simulation.running("web") != "acme/web:v1", seconds < 600 {
            try simulation.run(for: .seconds(1))
            seconds += 1
        }
        // ECS's own breaker takes minutes.
        #expect(seconds <= 15, "the good revision is deploying after \(seconds) s")
        print("the good revision is deploying \(seconds) s after the revert")
    }
}
