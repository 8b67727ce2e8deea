import MooringModel
import MooringNames
import MooringReconciliation
import MooringRollouts
import MooringShapes

/// Traffic that is shifted: stages, weights, bakes, hooks and their words from git.
extension RolloutTable {
    static let strategies: [RolloutRow] = shifting + refused + paused

    private static let rule =
        "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/web/0123456789abcdef/01/02"
    private static let infrastructure = "arn:aws:iam::123456789012:role/ecsInfrastructureRole"
    private static let function = "arn:aws:lambda:eu-central-1:123456789012:function:check"

    /// A service whose traffic is shifted.
    private static func shift(
        _ image: String, _ strategy: String, hooks: String = "", mooring: String = "", more: String = "",
    ) -> [String: String] {
        let pair =
            "{alternateTargetGroupArn: '\(RolloutFiles.green)', productionListenerRule: '\(rule)', roleArn: '\(infrastructure)'}"
        let balancer =
            "loadBalancers: [{targetGroupArn: '\(RolloutFiles.group)', containerName: main, containerPort: 80, advancedConfiguration: \(pair)}]"
        let hooks = hooks.isEmpty ? "" : ", lifecycleHooks: [\(hooks)]"
        return RolloutFiles.web(
            image,
            "healthCheckGracePeriodSeconds: 60\n" + balancer + (mooring.isEmpty ? "" : "\nmooring: {\(mooring)}"),
            deployment: "strategy: \(strategy), \(RolloutFiles.breaker)\(hooks)\(more)",
            container: RolloutFiles.port, desired: 2)
    }

    private static func hook(_ stage: String) -> String {
        "{hookTargetArn: '\(function)', roleArn: '\(infrastructure)', lifecycleStages: [\(stage)]}"
    }
    private static func pause(_ stage: String, action: String = "ROLLBACK", minutes: Int = 60) -> String {
        "{targetType: PAUSE, lifecycleStages: [\(stage)], timeoutConfiguration: {timeoutInMinutes: \(minutes), action: \(action)}}"
    }

    private static let linear = ", linearConfiguration: {stepPercent: 25, stepBakeTimeInMinutes: 5}"
    private static let canary = ", canaryConfiguration: {canaryPercent: 10, canaryBakeTimeInMinutes: 10}"

    /// Whether something was said of the service's progress while its report was open.
    private static func told(_ words: String) -> @Sendable (inout Simulation) throws -> Bool {
        { simulation in simulation.history.contains { $0.contains("rolling") && $0.contains(words) } }
    }

    private static let shifting: [RolloutRow] = [
        RolloutRow(
            "blue/green: the report is open until the bake is over",
            files: shift("v1", "BLUE_GREEN", more: ", bakeTimeInMinutes: 10"),
            steps: [
                .push(shift("v2", "BLUE_GREEN", more: ", bakeTimeInMinutes: 10")), .wait(400),
                .expect("is not synced while it bakes") { $0.headReport?.sync == .progressing },
                .expect("the stage is told", told("BAKE")), .wait(1200),
            ], end: .synced(runs: "v2"), updates: 1, peers: [17, 23, 35, 36, 37, 3]),
        RolloutRow(
            "blue/green that waits for traffic only is synced before the bake is over",
            files: shift("v1", "BLUE_GREEN", mooring: "waitFor: traffic-shifted", more: ", bakeTimeInMinutes: 60"),
            steps: [
                .merge(shift("v2", "BLUE_GREEN", mooring: "waitFor: traffic-shifted", more: ", bakeTimeInMinutes: 60")),
                .expect("ECS still bakes") { simulation in
                    simulation.live("web")?["deployments"]?[0]?["rolloutState"]?.text == "IN_PROGRESS"
                },
            ], end: .synced(runs: "v2"), updates: 1, peers: [23]),
        RolloutRow(
            "linear: the share of traffic is told at each step", files: shift("v1", "LINEAR", more: linear),
            steps: [
                .push(shift("v2", "LINEAR", more: linear)), .wait(600), .expect("25 percent are told", told("25")),
                .wait(3600), .expect("75 percent are told", told("75")),
            ], end: .synced(runs: "v2"), updates: 1, peers: [23, 35]),
        RolloutRow(
            "canary: the small share bakes, then all follows", files: shift("v1", "CANARY", more: canary),
            steps: [
                .push(shift("v2", "CANARY", more: canary)), .wait(500), .expect("10 percent are told", told("10")),
                .wait(2400),
            ], end: .synced(runs: "v2"), updates: 1, peers: [23, 35, 38]),
        RolloutRow(
            "blue/green: the swapped target groups are no difference for hours", files: shift("v1", "BLUE_GREEN"),
            steps: [.merge(shift("v2", "BLUE_GREEN")), .wait(2_400)], end: .synced(runs: "v2"), updates: 1,
            peers: [3, 37]),
        RolloutRow(
            "a newer commit takes a canary over", files: shift("v1", "CANARY", more: canary),
            steps: [
                .push(shift("v2", "CANARY", more: canary)), .wait(400), .merge(shift("v3", "CANARY", more: canary)),
            ], end: .synced(runs: "v3"), earlier: [1: .superseded()], updates: 2, peers: [23]),
        RolloutRow(
            "a revert takes a canary back while it bakes", files: shift("v1", "CANARY", more: canary),
            steps: [
                .push(shift("v2", "CANARY", more: canary)), .wait(400), .merge(shift("v1", "CANARY", more: canary)),
            ], end: .synced(runs: "v1"), earlier: [1: .superseded()], updates: 2, peers: [23]),
    ]

    private static let refused: [RolloutRow] = [
        RolloutRow(
            "a hook says no", files: shift("v1", "BLUE_GREEN"),
            scenario: "hooks: [{function: check, answer: FAILED}]",
            steps: [.merge(shift("v2", "BLUE_GREEN", hooks: hook("POST_SCALE_UP")))],
            end: .failed(.hookFailed, says: "hook"), updates: 1, peers: [13, 18]),
        RolloutRow(
            "a hook's function does not exist", files: shift("v1", "CANARY", more: canary),
            scenario: "hooks: [{function: check, answer: error, reason: 'Function not found'}]",
            steps: [.merge(shift("v2", "CANARY", hooks: hook("PRE_SCALE_UP"), more: canary))],
            end: .failed(.hookFailed, says: "unable to invoke"), peers: [18]),
        RolloutRow(
            "a hook that says yes is waited for", files: shift("v1", "BLUE_GREEN"),
            scenario: "hooks: [{function: check, inProgress: 4}]",
            steps: [.merge(shift("v2", "BLUE_GREEN", hooks: hook("POST_SCALE_UP")))], end: .synced(runs: "v2"),
            updates: 1, peers: [24]),
        RolloutRow(
            "blue/green whose image is not there", files: shift("v1", "BLUE_GREEN"),
            scenario: "images: [{image: '*:bad', cannotPull: true}]", steps: [.merge(shift("bad", "BLUE_GREEN"))],
            end: .failed(.imageCannotBePulled, says: "acme/web:bad"), updates: 1, peers: [13, 18]),
        RolloutRow(
            "linear whose targets answer with 500", files: shift("v1", "LINEAR", more: linear),
            scenario: "images: [{image: '*:bad', neverHealthy: 'Health checks failed with these codes: [500]'}]",
            steps: [.merge(shift("bad", "LINEAR", more: linear))],
            end: .failed(.loadBalancerHealthCheck, says: "[500]"), updates: 1, peers: [13, 18]),
        RolloutRow(
            "an alarm during a canary's bake takes it back", files: alarmed("v1"),
            steps: [.push(alarmed("v2")), .wait(400), .scenario("alarms: [{name: web-5xx}]"), .wait(2400)],
            end: .failed(.alarm, says: "web-5xx"), updates: 1, peers: [13]),
        RolloutRow(
            "somebody stops the deployment", files: shift("v1", "CANARY", more: canary),
            steps: [
                .push(shift("v2", "CANARY", more: canary)), .wait(400),
                .handAfter("StopServiceDeployment") { simulation in
                    let list = simulation.peek("ListServiceDeployments", ["cluster": "main", "service": "web"])
                    let arn = list?["serviceDeployments"]?[0]?["serviceDeploymentArn"] ?? ""
                    return ["serviceDeploymentArn": arn, "stopType": "ROLLBACK"]
                }, .wait(2400),
            ], end: .failed(.stoppedByPerson, says: "stopped the rollout", "mooring retry main/web"), updates: 1,
            peers: [13]),
        RolloutRow(
            "listener rules that are not there", files: shift("v1", "BLUE_GREEN"),
            steps: [.scenario("strict: [targetGroups]"), .merge(shift("v2", "BLUE_GREEN"))],
            end: .failed(.invalidNetworking, says: "rules"), peers: [18]),
    ]

    private static func alarmed(_ image: String) -> [String: String] {
        shift(image, "CANARY", more: canary + ", alarms: {alarmNames: [web-5xx], enable: true, rollback: true}")
    }

    private static let paused: [RolloutRow] = [
        RolloutRow(
            "a pause that git approves by the commit", files: shift("v1", "BLUE_GREEN"),
            steps: [
                .push(shift("v2", "BLUE_GREEN", hooks: pause("POST_SCALE_UP"))), .wait(600),
                .expect("it waits and says so") { simulation in
                    simulation.headReport?.sync == .progressing
                        && simulation.headReport?.services.first?.cause?.contains("waits for approval") == true
                        && simulation.headNote?.contains("waits for approval at POST_SCALE_UP until") == true
                        && simulation.headNote?.contains("mooring approve main/web") == true
                },
                .mergeAfter { simulation in
                    let commit = simulation.repository.head?.text ?? ""
                    return shift(
                        "v2", "BLUE_GREEN", hooks: pause("POST_SCALE_UP"), mooring: "approve: '\(commit.prefix(12))'")
                },
            ], end: .synced(runs: "v2"), updates: 1, peers: [24]),
        RolloutRow(
            "a pause that nobody ends is taken back when its time is up", files: shift("v1", "BLUE_GREEN"),
            steps: [.merge(shift("v2", "BLUE_GREEN", hooks: pause("POST_SCALE_UP", minutes: 30)))],
            end: .failed(.hookFailed, says: "timed out"), updates: 1, peers: [24, 13]),
        RolloutRow(
            "a pause that goes on by itself when its time is up", files: shift("v1", "BLUE_GREEN"),
            steps: [
                .merge(shift("v2", "BLUE_GREEN", hooks: pause("POST_SCALE_UP", action: "CONTINUE", minutes: 30)))
            ], end: .synced(runs: "v2"), updates: 1, peers: [24]),
        RolloutRow(
            "an approval of an earlier change does not count for the next", files: shift("v1", "BLUE_GREEN"),
            steps: [
                .push(shift("v2", "BLUE_GREEN", hooks: pause("POST_SCALE_UP"))), .wait(600),
                .mergeAfter { simulation in
                    let commit = simulation.repository.head?.text ?? ""
                    return shift(
                        "v2", "BLUE_GREEN", hooks: pause("POST_SCALE_UP"), mooring: "approve: '\(commit.prefix(12))'")
                },
                .mergeAfter { simulation in
                    let commit = simulation.repository.branch[1].text
                    return shift(
                        "v3", "BLUE_GREEN", hooks: pause("POST_SCALE_UP", minutes: 30),
                        mooring: "approve: '\(commit.prefix(12))'")
                },
            ], end: .failed(.hookFailed, runs: "v2", says: "timed out"), updates: 2, peers: [24]),
        RolloutRow(
            "a pause that a person takes back", files: shift("v1", "BLUE_GREEN"),
            steps: [
                .push(shift("v2", "BLUE_GREEN", hooks: pause("POST_SCALE_UP"))), .wait(600),
                .handAfter("ContinueServiceDeployment") { simulation in
                    let list = simulation.peek("ListServiceDeployments", ["cluster": "main", "service": "web"])
                    let arn = list?["serviceDeployments"]?[0]?["serviceDeploymentArn"] ?? ""
                    let details = simulation.peek("DescribeServiceDeployments", ["serviceDeploymentArns": [arn]])
                    let hook = details?["serviceDeployments"]?[0]?["lifecycleHookDetails"]?[0]?["hookId"] ?? ""
                    return ["serviceDeploymentArn": arn, "hookId": hook, "action": "ROLLBACK"]
                }, .wait(1200),
            ], end: .failed(.hookFailed, says: "rolled back"), updates: 1, peers: [24]),
    ]
}
