import MooringModel
import MooringShapes
import MooringTestSupport
import Testing

@testable import MooringPlanning

@Suite struct ServiceDifferenceTests {
    private func changes(_ wanted: Value, _ live: Value, _ primary: Value? = nil) -> [MemberChange] {
        ServiceDifference.changes(wanted: wanted, live: live, primary: primary)
    }

    private func paths(_ wanted: String, _ live: String, _ primary: String? = nil) throws -> [String] {
        changes(try Samples.value(wanted), try Samples.value(live), try primary.map(Samples.value)).map(\.path)
    }

    /// The full sample as either a launch type or a strategy, which exclude each other.
    private func sample(withStrategy: Bool) throws -> Value {
        var service = try Samples.fullService()
        service[withStrategy ? "launchType" : "capacityProviderStrategy"] = nil
        return service
    }

    // MARK: Properties

    @Test func `what ECS makes of an input differs in nothing from it`() throws {
        for seed in 0..<400 {
            var generator = SplitMix64(seed: UInt64(seed))
            let full = try sample(withStrategy: generator.chance(50))
            var wanted = seed < 2 ? full : Samples.part(of: full, using: &generator)
            if generator.chance(20) { wanted["schedulingStrategy"] = "DAEMON" }
            let (live, primary) = Echo.service(wanted, using: &generator)
            #expect(changes(wanted, live, primary) == [], "seed \(seed)")
        }
    }

    @Test func `every leaf that git changes is one change with the leaf's path`() throws {
        var generator = SplitMix64(seed: 1)
        for withStrategy in [true, false] {
            let full = try sample(withStrategy: withStrategy)
            let leaves = Leaves.service.all(of: full)
            #expect(leaves.count > 80)
            for leaf in leaves {
                let (live, primary) = Echo.service(full, using: &generator, showsNamespaceARN: false)
                #expect(changes(leaf.changed, live, primary).map(\.path) == [leaf.path])
            }
        }
    }

    @Test func `every leaf that a person changes in ECS is one change with the leaf's path`() throws {
        var generator = SplitMix64(seed: 2)
        for withStrategy in [true, false] {
            let full = try sample(withStrategy: withStrategy)
            for leaf in Leaves.service.all(of: full) where leaf.path != "deploymentController.type" {
                let (live, primary) = Echo.service(leaf.changed, using: &generator, showsNamespaceARN: false)
                #expect(changes(full, live, primary).map(\.path) == [leaf.path])
            }
        }
    }

    @Test func `what git does not declare is never a change`() throws {
        var generator = SplitMix64(seed: 3)
        let full = try sample(withStrategy: true)
        let (live, primary) = Echo.service(full, using: &generator)
        #expect(changes(.map([]), live, primary) == [])
        for member in full.members ?? [] {
            var wanted = full
            wanted[member.name] = nil
            #expect(changes(wanted, live, primary) == [])
        }
    }

    @Test func `the comparison never fails, whatever stands where`() throws {
        let full = try sample(withStrategy: true)
        let odd: [Value] = [.null, 1, "x", [], [1], .map([]), ["a": .null], [.map([]), .null]]
        for (index, member) in (full.members ?? []).enumerated() {
            var document = full
            document[member.name] = odd[index % odd.count]
            _ = changes(document, full, full)
            _ = changes(full, document, document)
            _ = ServiceDigest.digest(of: document)
        }
        for value in odd {
            _ = changes(value, full, value)
            _ = changes(full, value, value)
        }
    }

    // MARK: Declared members and defaults

    @Test func `a default that git writes out is compared with what a person made of it`() throws {
        let wanted = #"{"deploymentConfiguration": {"maximumPercent": 200}}"#
        #expect(try paths(wanted, #"{"deploymentConfiguration": {"minimumHealthyPercent": 50}}"#) == [])
        let change = try #require(
            changes(
                try Samples.value(wanted), try Samples.value(#"{"deploymentConfiguration": {"maximumPercent": 150}}"#)
            ).first)
        #expect(change == MemberChange(path: "deploymentConfiguration.maximumPercent", live: 150, wanted: 200))
    }

    @Test func `leaves that AWS adds to a declared map are left alone`() throws {
        #expect(
            try paths(
                #"{"deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true, "rollback": true}}}"#,
                #"""
                {"deploymentConfiguration": {"deploymentCircuitBreaker": {"enable": true, "rollback": true,
                 "resetOnHealthyTask": true, "leafOfNextYear": 1}}}
                """#) == [])
    }

    @Test func `a declared empty list takes away what is there`() throws {
        let change = try #require(
            changes(["loadBalancers": []], try Samples.value(#"{"loadBalancers": [{"targetGroupArn": "a"}]}"#)).first)
        #expect(change.topLevelMember == "loadBalancers")
        #expect(change.wanted == nil)
        #expect(changes(["loadBalancers": []], .map([])) == [])
        #expect(
            changes(["placementConstraints": []], ["placementConstraints": [["type": "distinctInstance"]]]).count == 1)
    }

    @Test func `daemons have their own percentages`() throws {
        let wanted = #"{"schedulingStrategy": "DAEMON", "deploymentConfiguration": {"maximumPercent": 100}}"#
        #expect(try paths(wanted, #"{"schedulingStrategy": "DAEMON"}"#) == [])
        #expect(
            try paths(#"{"deploymentConfiguration": {"maximumPercent": 100}}"#, "{}")
                == ["deploymentConfiguration.maximumPercent"])
    }

    @Test func `launch type and strategy are not the same thing`() throws {
        let strategy = #"{"capacityProviderStrategy": [{"capacityProvider": "FARGATE", "weight": 1, "base": 0}]}"#
        #expect(try paths(#"{"launchType": "FARGATE"}"#, strategy) == ["launchType"])
        #expect(try paths(strategy, #"{"launchType": "FARGATE"}"#) == ["capacityProviderStrategy[FARGATE]"])
        // The default strategy of the cluster shows on the service although nobody declared it.
        #expect(try paths("{}", strategy) == [])
    }

    @Test func `placement strategies keep their order and know two words for a host`() throws {
        let wanted =
            #"{"placementStrategy": [{"type": "spread", "field": "host"}, {"type": "binpack", "field": "CPU"}]}"#
        let same =
            #"{"placementStrategy": [{"type": "spread", "field": "instanceId"}, {"type": "binpack", "field": "cpu"}]}"#
        let turned =
            #"{"placementStrategy": [{"type": "binpack", "field": "cpu"}, {"type": "spread", "field": "instanceId"}]}"#
        #expect(try paths(wanted, same) == [])
        #expect(try paths(wanted, turned) == ["placementStrategy"])
    }

    @Test func `the newest platform is a word on services and a number on what they started`() throws {
        let wanted = #"{"platformVersion": "LATEST"}"#
        #expect(try paths(wanted, #"{"platformVersion": "LATEST"}"#) == [])
        #expect(try paths(wanted, "{}") == [])
        #expect(try paths(wanted, #"{"platformVersion": "1.3.0"}"#) == ["platformVersion"])
        #expect(try paths(wanted, #"{"serviceRevisionArn": "arn", "platformVersion": "1.4.0"}"#) == [])
        #expect(
            try paths(#"{"platformVersion": "1.3.0"}"#, #"{"serviceRevisionArn": "arn", "platformVersion": "1.4.0"}"#)
                == ["platformVersion"])
    }

    @Test func `gateways and monitoring are compared where a service revision shows them`() throws {
        let wanted = #"{"monitoring": {"metricConfigurations": [{"metricNames": ["a"], "resolutionSeconds": 20}]}}"#
        #expect(try paths(wanted, "{}", "{}") == [])
        #expect(try paths(wanted, #"{"serviceRevisionArn": "arn"}"#, "{}") == ["monitoring.metricConfigurations"])
        #expect(try paths(wanted, wanted, "{}") == [])
    }

    @Test func `an unknown member is compared where ECS shows it`() throws {
        #expect(try paths(#"{"newest": {"level": 1}}"#, "{}") == [])
        #expect(try paths(#"{"newest": {"level": 1}}"#, #"{"newest": {"level": 2}}"#) == ["newest.level"])
        #expect(
            try paths(#"{"newest": {"level": 1}}"#, "{}", #"{"newest": {"level": 2}}"#) == ["newest.level"])
    }

    // MARK: Where ECS shows what

    @Test func `Service Connect, volumes and Lattice are read from the primary deployment`() throws {
        let wanted = #"{"serviceConnectConfiguration": {"enabled": true}, "volumeConfigurations": [{"name": "v"}]}"#
        #expect(
            try paths(
                wanted, "{}",
                #"{"serviceConnectConfiguration": {"enabled": true}, "volumeConfigurations": [{"name": "v"}]}"#) == [])
        #expect(try paths(wanted, "{}", "{}") == ["serviceConnectConfiguration.enabled", "volumeConfigurations[v]"])
        #expect(try paths(#"{"serviceConnectConfiguration": {"enabled": false}}"#, "{}", "{}") == [])
    }

    @Test func `without a primary deployment they are unknown, which is no difference`() throws {
        #expect(
            try paths(
                #"{"serviceConnectConfiguration": {"enabled": true}, "volumeConfigurations": [{"name": "v"}]}"#, "{}")
                == [])
    }

    @Test func `a service revision is compared in what it shows`() throws {
        let revision = #"""
            {"serviceRevisionArn": "arn", "loadBalancers": [{"targetGroupArn": "a", "containerName": "w",
             "containerPort": 1}], "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["s1", "s2"]}}}
            """#
        let wanted = #"""
            {"loadBalancers": [{"targetGroupArn": "a", "containerName": "w", "containerPort": 1}],
             "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["s2", "s1"]}},
             "deploymentConfiguration": {"maximumPercent": 110}, "enableExecuteCommand": true}
            """#
        #expect(try paths(wanted, revision, revision) == [])
        #expect(
            try paths(wanted.replacing("s1", with: "s3"), revision, revision)
                == ["networkConfiguration.awsvpcConfiguration.subnets"])
    }

    @Test func `a namespace is the same by name and by ARN`() throws {
        func namespace(_ text: String) -> String { #"{"serviceConnectConfiguration": {"namespace": "\#(text)"}}"# }
        let arn = "arn:aws:servicediscovery:eu-west-1:123456789012:namespace/ns-abc"
        #expect(try paths(namespace("internal"), "{}", namespace(arn)) == [])
        #expect(try paths(namespace(arn), "{}", namespace("internal")) == [])
        #expect(try paths(namespace("ns-abc"), "{}", namespace(arn)) == [])
        #expect(try paths(namespace("ns-abd"), "{}", namespace(arn)) == ["serviceConnectConfiguration.namespace"])
        #expect(try paths(namespace("a"), "{}", namespace("b")) == ["serviceConnectConfiguration.namespace"])
    }

    @Test func `the discovery name is the port name unless it is given`() throws {
        func services(_ text: String) -> String { #"{"serviceConnectConfiguration": {"services": [{\#(text)}]}}"# }
        let live = services(#""portName": "http", "discoveryName": "http""#)
        #expect(try paths(services(#""portName": "http""#), "{}", live) == [])
        #expect(try paths(live, "{}", services(#""portName": "http""#)) == [])
        #expect(
            try paths(services(#""portName": "http", "discoveryName": "web""#), "{}", live)
                == ["serviceConnectConfiguration.services[http].discoveryName"])
    }

    // MARK: Target groups

    private func balanced(_ group: String, _ alternate: String, controller: String? = nil) -> Value {
        var service: Value = [
            "loadBalancers": [
                [
                    "targetGroupArn": .string(group), "containerName": "web", "containerPort": 80,
                    "advancedConfiguration": ["alternateTargetGroupArn": .string(alternate), "roleArn": "r"],
                ]
            ]
        ]
        if let controller { service["deploymentController"] = ["type": .string(controller)] }
        return service
    }

    @Test func `the two target groups of a blue-green service may stand either way`() {
        #expect(changes(balanced("blue", "green"), balanced("blue", "green")) == [])
        #expect(changes(balanced("blue", "green"), balanced("green", "blue")) == [])
        #expect(
            changes(balanced("blue", "red"), balanced("green", "blue")).map(\.path) == [
                "loadBalancers[web:80].advancedConfiguration.alternateTargetGroupArn",
                "loadBalancers[web:80].targetGroupArn",
            ])
    }

    @Test func `two pairs on one container may each stand either way`() {
        func service(_ pairs: [(String, String)]) -> Value {
            .map([
                ("loadBalancers", .list(pairs.flatMap { balanced($0.0, $0.1)["loadBalancers"]?.elements ?? [] }))
            ])
        }
        let wanted = service([("blue1", "green1"), ("blue2", "green2")])
        #expect(changes(wanted, service([("green2", "blue2"), ("blue1", "green1")])) == [])
        #expect(changes(wanted, service([("green2", "blue2"), ("green1", "blue1")])) == [])
        #expect(changes(wanted, service([("green2", "blue1"), ("green1", "blue2")])).count == 4)
    }

    @Test func `under CodeDeploy the target group is CodeDeploy's business`() {
        #expect(changes(balanced("blue", "x"), balanced("green", "x", controller: "CODE_DEPLOY")) == [])
        #expect(
            changes(["loadBalancers": []], balanced("green", "x", controller: "CODE_DEPLOY")).map(\.path)
                == ["loadBalancers[web:80]"])
    }

    @Test func `under CodeDeploy the network is read from the primary task set`() throws {
        let live = #"""
            {"deploymentController": {"type": "CODE_DEPLOY"}, "taskSets": [
             {"status": "ACTIVE", "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["old"]}}},
             {"status": "PRIMARY", "networkConfiguration": {"awsvpcConfiguration": {"subnets": ["new"]}}}]}
            """#
        #expect(try paths(#"{"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["new"]}}}"#, live) == [])
        #expect(
            try paths(#"{"networkConfiguration": {"awsvpcConfiguration": {"subnets": ["old"]}}}"#, live)
                == ["networkConfiguration.awsvpcConfiguration.subnets"])
    }

    @Test func `under an external controller task sets hold what is started`() throws {
        #expect(
            try paths(
                #"{"launchType": "FARGATE", "loadBalancers": [{"containerName": "w"}], "propagateTags": "SERVICE"}"#,
                #"{"deploymentController": {"type": "EXTERNAL"}}"#) == ["propagateTags"])
    }

    // MARK: Members

    @Test func `every member that is compared has its class`() {
        for member in ServiceRules.root.keys {
            #expect(ServiceMembers.entry(of: member) != nil, "\(member)")
        }
    }

    @Test func `members say what a change of them does`() {
        #expect(ServiceMembers.startsDeployment("networkConfiguration"))
        #expect(ServiceMembers.startsDeployment("capacityProviderStrategy"))
        #expect(ServiceMembers.needsForce("capacityProviderStrategy"))
        #expect(!ServiceMembers.startsDeployment("desiredCount"))
        #expect(ServiceMembers.waitsForNextTasks("propagateTags"))
        #expect(ServiceMembers.isCreateOnly("schedulingStrategy"))
        #expect(ServiceMembers.startsDeployment("memberOfNextYear"))
        #expect(!ServiceMembers.isAccepted("networkConfiguration", under: "CODE_DEPLOY"))
        #expect(ServiceMembers.isAccepted("deploymentConfiguration", under: "CODE_DEPLOY"))
        #expect(!ServiceMembers.isAccepted("deploymentConfiguration", under: "EXTERNAL"))
    }
}
