import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// What becomes of what was changed by hand.
@Suite struct DriftTests {
    private func web() throws -> ServiceKey { try key("web") }

    /// At rest on `shop:2`, with `shop:1` deployed before.
    private func settled(options: MooringOptions = MooringOptions()) throws -> Scenario {
        var scenario = try Scenario.managed([("healthCheckGracePeriodSeconds", 30)], options: options)
        try scenario.change(image: "shop:2")
        try scenario.settle()
        return scenario
    }

    private func options(_ drift: DriftOptions) -> MooringOptions {
        var options = MooringOptions()
        options.drift = drift
        return options
    }

    @Test func `a revision put there by hand stays until a commit changes the service`() throws {
        var scenario = try settled()
        scenario.ecs.startDeployment(try web(), revision: try revisionARN("web:1"))
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        let revision = try Revision("web:1")
        #expect(try outcome.state(web()) == .withheld(.revisionByHand(revision, by: nil)))
        #expect(outcome.plan.withheld.flatMap(\.changes).map(\.path) == ["containerDefinitions[app].image"])

        // A commit that changes another member ends the hold as well: git speaks for the whole service again.
        try scenario.advance(to: "b")
        try scenario.change([("healthCheckGracePeriodSeconds", 60)])
        #expect(try scenario.pass().update(web()).revision == .existing(try revisionARN("web:2")))
    }

    @Test func `who registered it is told`() throws {
        var scenario = try settled()
        var input = try makeTaskDefinition("web", image: "shop:hot").input
        input["registeredBy"] = "arn:aws:iam::123456789012:user/ada"
        scenario.ecs.startDeployment(try web(), revision: try scenario.ecs.register(input))
        #expect(
            try scenario.pass().reasons(web())
                == [.revisionByHand(try Revision("web:3"), by: "arn:aws:iam::123456789012:user/ada")])
    }

    @Test func `where the manifest says ignore it stays and is told with that word`() throws {
        let ignore = DriftOptions(members: .ignore, revision: .ignore)
        var scenario = try settled(options: options(ignore))
        scenario.ecs.startDeployment(try web(), revision: try revisionARN("web:1"))
        let outcome = try scenario.pass()
        #expect(outcome.steps == [])
        #expect(try outcome.state(web()) == .withheld(.revisionByHand(Revision("web:1"), by: nil, drift: ignore)))
    }

    @Test func `where the manifest says correct it is taken back`() throws {
        var scenario = try settled(options: options(DriftOptions(members: .correct, revision: .correct)))
        scenario.ecs.startDeployment(try web(), revision: try revisionARN("web:1"))
        #expect(try scenario.pass().update(web()).revision == .existing(try revisionARN("web:2")))
    }

    @Test func `a rollout of ours that was taken back by a forced push is not somebody's`() throws {
        var scenario = try settled()
        try scenario.change(image: "shop:3")
        for step in try scenario.pass().plan.steps { try scenario.ecs.perform(step) }
        scenario.ecs.setRollout(try web(), "IN_PROGRESS")
        try scenario.change(image: "shop:2")
        #expect(try scenario.pass().update(web()).revision == .existing(try revisionARN("web:2")))
    }

    @Test func `members are corrected, reported or left as the manifest says`() throws {
        for policy in DriftPolicy.allCases {
            var scenario = try settled(options: options(DriftOptions(members: policy)))
            scenario.ecs.change(try web()) { $0["healthCheckGracePeriodSeconds"] = 5 }
            let outcome = try scenario.pass()
            let reason = Withheld.Reason.changedByHand(members: ["healthCheckGracePeriodSeconds"])
            switch policy {
            case .correct: #expect(try outcome.update(web()).input == ["healthCheckGracePeriodSeconds": 30])
            case .report:
                #expect(outcome.steps == [])
                #expect(try outcome.state(web()) == .withheld(reason))
            case .ignore:
                #expect(outcome.steps == [])
                #expect(try outcome.state(web()) == .synced)
            }
        }
    }

    @Test func `the environment speaks where the manifest does not`() throws {
        var scenario = try settled()
        scenario.policy.drift.members = .report
        scenario.ecs.change(try web()) { $0["healthCheckGracePeriodSeconds"] = 5 }
        #expect(try scenario.pass().steps == [])
    }

    @Test func `what git changes is done, whoever else changed something`() throws {
        var scenario = try settled(options: options(DriftOptions(members: .report, revision: .report)))
        scenario.ecs.change(try web()) { $0["healthCheckGracePeriodSeconds"] = 5 }
        try scenario.advance(to: "b")
        try scenario.change(image: "shop:9")
        let outcome = try scenario.pass()
        #expect(outcome.steps == ["register web", "update default/web"])
        #expect(try outcome.update(web()).input == .map([]))
        #expect(outcome.reasons(try web()) == [.changedByHand(members: ["healthCheckGracePeriodSeconds"])])
    }
}
