import MooringNames
import MooringShapes
import MooringTestSupport
import Testing

@testable import MooringPlanning

@Suite struct DigestTests {
    @Test func `an input and what ECS makes of it have one digest`() throws {
        let full = try Samples.fullTaskDefinition()
        for seed in 0..<200 {
            var generator = SplitMix64(seed: UInt64(seed))
            var wanted = Samples.part(of: full, using: &generator)
            var live = Echo.taskDefinition(wanted, using: &generator)
            live["memberOfNextYear"] = nil
            #expect(TaskDefinitionDigest.digest(of: wanted) == TaskDefinitionDigest.digest(of: live), "seed \(seed)")
            wanted = Samples.shuffled(wanted, using: &generator)
            #expect(TaskDefinitionDigest.digest(of: wanted) == TaskDefinitionDigest.digest(of: live), "seed \(seed)")
        }
    }

    @Test func `every changed leaf changes the digest`() throws {
        let taskDefinition = try Samples.fullTaskDefinition()
        var seen = [TaskDefinitionDigest.digest(of: taskDefinition)]
        for leaf in Leaves.taskDefinition.all(of: taskDefinition) where !leaf.path.hasPrefix("tags") {
            seen.append(TaskDefinitionDigest.digest(of: leaf.changed))
        }
        #expect(Set(seen).count == seen.count)
        let service = try Samples.fullService()
        var services = [ServiceDigest.digest(of: service)]
        for leaf in Leaves.service.all(of: service) { services.append(ServiceDigest.digest(of: leaf.changed)) }
        #expect(Set(services).count == services.count)
    }

    @Test func `the canonical form of a canonical form is itself`() throws {
        let taskDefinition = try Samples.fullTaskDefinition()
        let service = try Samples.fullService()
        for seed in 0..<200 {
            var generator = SplitMix64(seed: UInt64(seed))
            let form = TaskDefinitionDigest.form(of: Samples.part(of: taskDefinition, using: &generator))
            #expect(TaskDefinitionDigest.form(of: form) == form)
            let serviceForm = ServiceDigest.form(of: Samples.part(of: service, using: &generator))
            #expect(ServiceDigest.form(of: serviceForm) == serviceForm)
        }
    }

    @Test func `written-out defaults of a service do not change its digest`() throws {
        let short = try Samples.value(#"{"serviceName": "web", "loadBalancers": []}"#)
        let long = try Samples.value(
            #"""
            {"serviceName": "web", "schedulingStrategy": "REPLICA", "clientToken": "x",
             "deploymentConfiguration": {"maximumPercent": 200, "minimumHealthyPercent": 100, "alarms": {}},
             "enableExecuteCommand": false, "propagateTags": "NONE", "platformVersion": "LATEST"}
            """#)
        #expect(ServiceDigest.digest(of: short) == ServiceDigest.digest(of: long))
        let daemon = #"{"schedulingStrategy": "DAEMON", "deploymentConfiguration": {"maximumPercent": "#
        #expect(
            ServiceDigest.digest(of: try Samples.value(daemon + "100}}"))
                != ServiceDigest.digest(of: try Samples.value(daemon + "200}}")))
    }

    @Test func `a digest stays what it was`() throws {
        // Golden: whoever changes these gives version 1 another meaning, and should introduce version 2 instead.
        #expect(
            TaskDefinitionDigest.digest(of: try Samples.fullTaskDefinition()).text
                == "v1:51befbb55cf5de6d55125d7c755f97d485f6dbeb8bd13cab8a28cf346b219f4d")
        #expect(
            ServiceDigest.digest(of: try Samples.fullService()).text
                == "v1:36dd85875b54665561f9e6c9c6bc611ef3cca852a0089fb7b5c85aba7bcb2750")
        #expect(
            TaskDefinitionDigest.digest(of: .map([])).text
                == "v1:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a")
    }
}
