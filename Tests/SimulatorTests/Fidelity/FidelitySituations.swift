import Foundation
import MooringShapes
import MooringSimulator
import Testing

/// Situations in which the local ECS says what AWS said.
enum Situations {
    /// Everything that was said in all of them.
    static func all() throws -> Said {
        var said = Said()
        try rollouts(&said)
        try failures(&said)
        try capacity(&said)
        try protection(&said)
        try hooks(&said)
        try networks(&said)
        try taskSets(&said)
        try hands(&said)
        try refusals(&said)
        try faults(&said)
        return said
    }

    // MARK: Rollouts

    private static func rollouts(_ said: inout Said) throws {
        // One task, and two behind a load balancer; the old ones do not end before they are killed.
        for desired in [1, 2] {
            var scenario = Scenario()
            scenario.images = [ImageRule("web:1", .slow(.init(stopping: 60_000)))]
            var bench = Bench(scenario)
            try bench.register(image: "web:1")
            try bench.create(desired: desired, balancer: true)
            try bench.wait(until: \.isCompleted, limit: 300)
            try bench.register(image: "web:2")
            try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
            try said.collect(&bench)
            try bench.wait(until: \.isCompleted, limit: 600)
            bench.wait(seconds: 200)
            try said.collect(&bench)
        }
    }

    /// A service at rest gets an image that cannot work.
    private static func replace(
        _ behaviour: ImageBehaviour, _ said: inout Said, targetReason: String? = nil, balancer: Bool = false,
        container: String = "", create: String = "", isFirst: Bool = false,
    ) throws {
        var scenario = Scenario()
        scenario.images = [ImageRule("*:bad", behaviour, targetReason: targetReason)]
        var bench = Bench(scenario)
        if !isFirst {
            try bench.register(image: "web:1", extra: container)
            try bench.create(desired: 1, balancer: balancer, extra: create)
            try bench.wait(until: \.isCompleted, limit: 400)
        }
        try bench.register(image: "web:bad", extra: container)
        if isFirst {
            try bench.create(desired: 1, balancer: balancer, extra: create)
        } else {
            try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        }
        for _ in 0..<60 {
            bench.wait(seconds: 60)
            try said.collect(&bench)
            if isFirst ? try bench.describe().rolloutState == "FAILED" : try bench.describe().isCompleted { break }
        }
    }

    private static func failures(_ said: inout Said) throws {
        // The engine's own text for an image that is not there; the others come from the network and are the scenario's.
        try replace(.cannotPull(), &said)
        try replace(.cannotPull(), &said, isFirst: true)
        try replace(.crashes(), &said)
        for text in try RecordedText.all() where text.kind == .stop {
            guard
                let range = text.text.range(
                    of: "ResourceInitializationError: unable to pull secrets or registry auth: "),
                !text.text.contains("from asm")
            else { continue }
            try replace(.cannotInitialize(reason: String(text.text[range.lowerBound...])), &said)
        }
        for text in try RecordedText.all() where text.kind == .stop && text.text.contains("ref pull has been retried") {
            try replace(.cannotPull(reason: text.text), &said)
        }
        let check = #","healthCheck":{"command":["CMD","true"],"interval":10,"retries":2}"#
        try replace(.neverHealthy, &said, container: check)
        try replace(.neverHealthy, &said, container: check, isFirst: true)
        try replace(.neverHealthy, &said, targetReason: "Request timed out", balancer: true)
        // A secret that is not there.
        var scenario = Scenario()
        scenario.missing = MissingThings(secrets: ["gone*"])
        var bench = Bench(scenario)
        try bench.register(
            image: "web:1",
            extra: """
                ,"secrets":[{"name":"A","valueFrom":"arn:aws:secretsmanager:eu-central-1:123456789012:secret:gone-AbCdEf"}]
                """, definition: #","executionRoleArn":"run""#)
        try bench.create(desired: 1)
        bench.wait(seconds: 300)
        try said.collect(&bench)
    }

    private static func capacity(_ said: inout Said) throws {
        var scenario = Scenario()
        scenario.containerInstances = 0
        var bench = Bench(scenario)
        try bench.register(image: "web:1")
        try bench.create(desired: 1)
        bench.wait(seconds: 60)
        try said.collect(&bench)
        scenario.containerInstances = 1
        scenario.capacity = [CapacityRule("*", .blocked)]
        bench = Bench(scenario)
        try bench.register(image: "web:1")
        try bench.create(desired: 1)
        bench.wait(seconds: 60)
        try said.collect(&bench)
    }

    private static func protection(_ said: inout Said) throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: 2)
        try bench.wait(until: \.isCompleted, limit: 300)
        let tasks = try bench.call("ListTasks", #"{"serviceName":"web"}"#)["taskArns"] ?? []
        let list = JSONWriter(.compact).text(of: tasks)
        let answer = bench.ecs.perform(
            Operation(.ecs, "UpdateTaskProtection"),
            try JSONReader.value(of: #"{"cluster":"default","tasks":\#(list),"protectionEnabled":true}"#),
            as: bench.caller, at: bench.now)
        guard case .success = answer else { return }
        try bench.call("UpdateService", #"{"service":"web","desiredCount":0}"#)
        bench.wait(seconds: 120)
        try said.collect(&bench)
    }

    // MARK: Hooks and alarms

    private static func hooks(_ said: inout Said) throws {
        for (outcome, name) in [(HookOutcome.failed, "no"), (.invalidAnswer, "null")] {
            var scenario = Scenario()
            scenario.hooks = [HookRule("*:\(name)", outcome)]
            var bench = Bench(scenario)
            try bench.register(image: "web:1")
            try bench.createShifting(
                "BLUE_GREEN",
                more: """
                    ,"lifecycleHooks":[{"hookTargetArn":"arn:aws:lambda:eu-central-1:123456789012:function:\(name)",
                    "roleArn":"arn:aws:iam::123456789012:role/hooks","lifecycleStages":["PRE_SCALE_UP"]}]
                    """)
            bench.wait(seconds: 300)
            try said.collect(&bench)
            try bench.call(
                "UpdateService", #"{"service":"web","deploymentConfiguration":{"lifecycleHooks":[]}}"#)
            try bench.call("UpdateService", #"{"service":"web","forceNewDeployment":true}"#)
            bench.wait(seconds: 600)
            let hook = """
                [{"hookTargetArn":"arn:aws:lambda:eu-central-1:123456789012:function:\(name)",
                "roleArn":"arn:aws:iam::123456789012:role/hooks","lifecycleStages":["PRE_SCALE_UP"]}]
                """
            try bench.call(
                "UpdateService",
                #"{"service":"web","forceNewDeployment":true,"deploymentConfiguration":{"lifecycleHooks":\#(hook)}}"#)
            bench.wait(seconds: 600)
            try said.collect(&bench)
        }
        var scenario = Scenario()
        scenario.alarms = [AlarmRule("errors", from: 1_767_225_600_000 + 2_000_000)]
        var bench = Bench(scenario)
        try bench.register(image: "web:1")
        try bench.createCanary(alarm: "errors")
        bench.wait(seconds: 1_950)
        try bench.call("UpdateService", #"{"service":"web","forceNewDeployment":true}"#)
        bench.wait(seconds: 600)
        try said.collect(&bench)
    }

    // MARK: People

    private static func hands(_ said: inout Said) throws {
        // A task is stopped, with a reason and without.
        for reason in ["", #","reason":"drill""#, #","reason":"custodian policy""#] {
            var bench = Bench()
            try bench.register(image: "web:1")
            let answer = try bench.call("RunTask", #"{"taskDefinition":"web"}"#)
            bench.wait(seconds: 60)
            let arn = answer["tasks"]?[0]?["taskArn"]?.text ?? ""
            try bench.call("StopTask", #"{"task":"\#(arn)"\#(reason)}"#)
            bench.wait(seconds: 200)
            try said.collectTasks(&bench)
        }
        // A deployment is stopped.
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: 1)
        try bench.wait(until: \.isCompleted, limit: 300)
        try bench.call("UpdateService", #"{"service":"web","forceNewDeployment":true}"#)
        bench.wait(seconds: 20)
        let record = try bench.record()["serviceDeploymentArn"]?.text ?? ""
        try bench.call("StopServiceDeployment", #"{"serviceDeploymentArn":"\#(record)"}"#)
        bench.wait(seconds: 20)
        try said.collect(&bench)
    }
}
