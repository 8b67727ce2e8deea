import MooringShapes
import MooringSimulator
import Testing

/// What the table cannot say: whole sequences, records and filters.
@Suite struct TrafficShiftTests {
    private func shifting(_ strategy: String, deployment: String = "", bake: Int = 0) throws -> Bench {
        var bench = Bench()
        try bench.register(image: "web:1")
        try create(&bench, strategy, deployment: deployment, bake: bake)
        try bench.wait(until: \.isCompleted, limit: 4000)
        try bench.register(image: "web:2")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        return bench
    }

    private func create(_ bench: inout Bench, _ strategy: String, deployment: String, bake: Int) throws {
        let balancers = Shift.balancers().replacing("$GROUP", with: Bench.group)
        try bench.call(
            "CreateService",
            """
            {"serviceName":"web","taskDefinition":"web","desiredCount":2,"deploymentConfiguration":{
            "strategy":"\(strategy)","bakeTimeInMinutes":\(bake)\(deployment)},\(balancers)}
            """)
    }

    /// Every stage and weight of green that a watcher sees who looks each second.
    private func watched(_ bench: inout Bench) throws -> [String] {
        var seen: [String] = []
        for _ in 0..<7200 {
            let record = try bench.record()
            if let stage = record["lifecycleStage"]?.text {
                let weight = record["targetServiceRevision"]?["requestedProductionTrafficWeight"]?.text ?? "none"
                let line = stage + " " + weight
                if seen.last != line { seen.append(line) }
            }
            if record["finishedAt"] != nil { return seen }
            bench.wait(seconds: 1)
        }
        throw Bench.Unexpected("never over: \(seen)")
    }

    @Test func `a watcher sees the stages in AWS's order`() throws {
        var bench = try shifting("BLUE_GREEN", bake: 1)
        #expect(
            try watched(&bench) == [
                "PRE_SCALE_UP 0.0", "SCALE_UP 0.0", "POST_SCALE_UP 0.0", "TEST_TRAFFIC_SHIFT 0.0",
                "POST_TEST_TRAFFIC_SHIFT 0.0", "PRODUCTION_TRAFFIC_SHIFT 100.0",
                "POST_PRODUCTION_TRAFFIC_SHIFT 100.0", "BAKE_TIME 100.0", "CLEAN_UP 100.0",
            ])
    }

    @Test func `weights in tenths of a percent add up`() throws {
        var bench = try shifting(
            "LINEAR", deployment: #","linearConfiguration":{"stepPercent":33.3,"stepBakeTimeInMinutes":1}"#)
        let weights = try watched(&bench).filter { $0.hasPrefix("PRODUCTION_TRAFFIC_SHIFT") }
            .compactMap { $0.split(separator: " ").last }
        #expect(weights == ["33.3", "66.6", "99.9", "100.0"])
    }

    @Test func `hooks may be where the model says`() throws {
        let shape = try #require(ShapeTable.ecs.shape("DeploymentLifecycleHookStage"))
        guard case .string(let rule) = shape.kind else { throw Bench.Unexpected("no enumeration") }
        #expect(rule.values.count == 8)
        for stage in rule.values + ["SCALE_UP", "BAKE_TIME", "CLEAN_UP"] {
            var bench = Bench()
            try bench.register(image: "web:1")
            let hooks = #","lifecycleHooks":[\#(Shift.lambda(stage))]"#
            let isRefused: Bool
            do {
                try create(&bench, "BLUE_GREEN", deployment: hooks, bake: 0)
                isRefused = false
            } catch is APIError {
                isRefused = true
            }
            #expect(isRefused == !rule.values.contains(stage), "\(stage)")
        }
    }

    @Test func `records are listed by status and time, and for ninety days`() throws {
        var bench = try shifting("BLUE_GREEN")
        let start = bench.now / 1000
        try bench.wait(until: \.isCompleted, limit: 900)
        func listed(_ filter: String) throws -> [String] {
            let list = try bench.call("ListServiceDeployments", #"{"service":"web"\#(filter)}"#)
            return list["serviceDeployments"]?.elements?.compactMap(\.["status"]?.text) ?? []
        }
        #expect(try listed("") == ["SUCCESSFUL", "SUCCESSFUL"])
        #expect(try listed(#","status":["SUCCESSFUL"]"#).count == 2)
        #expect(try listed(#","status":["STOPPED","PENDING"]"#).isEmpty)
        #expect(try listed(#","createdAt":{"after":\#(start)}"#).count == 1)
        #expect(try listed(#","createdAt":{"before":\#(start - 1)}"#).count == 1)
        let arn = try #require(try bench.record()["serviceDeploymentArn"]?.text)
        bench.wait(seconds: 91 * 86_400)
        #expect(try listed("").isEmpty)
        let answer = try bench.call("DescribeServiceDeployments", #"{"serviceDeploymentArns":["\#(arn)"]}"#)
        #expect(answer["failures"]?[0]?["reason"]?.text == "MISSING")
    }

    @Test func `hooks and times are read from a scenario`() throws {
        let text = """
            {"hooks":[{"function":"*:check","stage":"POST_SCALE_UP","inProgress":3,"callBackDelay":60,
            "answer":"FAILED"},{"function":"arn:x*","answer":"error","reason":"no"},
            {"function":"*","answer":"IN_PROGRESS","fromSeconds":5,"untilSeconds":9}],
            "timing":{"preset":"brisk","shift":{"minute":500}}}
            """
        let scenario = try ScenarioReader.scenario(of: JSONReader.value(of: text), start: 1000)
        #expect(
            scenario.hooks == [
                HookRule("*:check", .failed, stage: "POST_SCALE_UP", inProgressTimes: 3, callBackDelaySeconds: 60),
                HookRule("arn:x*", .cannotBeInvoked(reason: "no")),
                HookRule("*", .neverFinishes, from: 6000, until: 10_000),
            ])
        #expect(scenario.timing.shift.minute == 500)
        #expect(scenario.timing.shift.stage == ShiftTiming.brisk.stage)
        for wrong in [#"{"hooks":[{"function":"x","stage":"BAKE_TIME"}]}"#, #"{"hooks":[{"answer":"FAILED"}]}"#] {
            #expect(throws: ScenarioError.self) {
                try ScenarioReader.scenario(of: JSONReader.value(of: wrong), start: 0)
            }
        }
    }

    @Test func `while a deployment is overtaken its traffic stays until the stage that reconciles`() throws {
        var bench = try shifting("BLUE_GREEN", bake: 30)
        for _ in 0..<900 where try bench.record()["lifecycleStage"]?.text != "BAKE_TIME" { bench.wait(seconds: 1) }
        try bench.register(image: "web:3")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        func weights() throws -> [String?] {
            let record = try bench.record()
            return (record["sourceServiceRevisions"]?.elements ?? []).map {
                $0["requestedProductionTrafficWeight"]?.text
            }
        }
        #expect(try weights() == ["100.0", "0.0"])
        for _ in 0..<100 where try bench.record()["lifecycleStage"]?.text != "RECONCILE_SERVICE" {
            bench.wait(seconds: 1)
        }
        #expect(try weights() == ["0.0", "100.0"])
        try bench.wait(until: \.isCompleted, limit: 3600)
        #expect(try weights() == ["0.0", "0.0"])
    }

    @Test func `one seed gives one history`() throws {
        func history(seed: UInt64) throws -> [Value] {
            var scenario = Scenario()
            scenario.hooks = [HookRule("*:check", .failed, stage: "POST_PRODUCTION_TRAFFIC_SHIFT", inProgressTimes: 2)]
            scenario.timing.startJitter = 3000
            var bench = Bench(scenario, seed: seed)
            try bench.register(image: "web:1")
            try create(&bench, "CANARY", deployment: "", bake: 2)
            bench.wait(seconds: 1200)
            try bench.register(image: "web:2")
            try bench.call(
                "UpdateService",
                """
                {"service":"web","taskDefinition":"web","deploymentConfiguration":{"lifecycleHooks":[
                \(Shift.lambda("POST_PRODUCTION_TRAFFIC_SHIFT")),\(Shift.lambda("POST_SCALE_UP"))]}}
                """)
            bench.wait(seconds: 1800)
            return [bench.ecs.state, try bench.record()]
        }
        let first = try history(seed: 7)
        #expect(first[1]["status"]?.text == "ROLLBACK_SUCCESSFUL")
        #expect(try history(seed: 7) == first)
        #expect(try history(seed: 8) != first)
    }
}
