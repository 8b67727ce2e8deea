import MooringModel
import MooringNames
import MooringReconciliation
import MooringRollouts
import MooringShapes

/// What commits do to each other, and what a process that ends in between does not.
extension RolloutTable {
    static let git: [RolloutRow] = rejected + superseded + once + order

    private static let bad = "images: [{image: '*:bad', cannotPull: true}]"

    // MARK: What was rejected

    private static let rejected: [RolloutRow] = [
        RolloutRow(
            "what ECS rolled back is not tried again for an hour", scenario: bad,
            steps: [.merge(RolloutFiles.web("bad")), .wait(3_700)],
            end: .failed(.imageCannotBePulled), updates: 1, peers: [13, 14, 15, 16, 25]),
        RolloutRow(
            "a mended manifest deploys at once", scenario: bad,
            steps: [.merge(RolloutFiles.web("bad")), .wait(600), .merge(RolloutFiles.web("v2"))],
            end: .synced(runs: "v2"), earlier: [1: .failed(nil, runs: "v2")], updates: 2, peers: [13]),
        RolloutRow(
            "a commit that only adds a comment does not try the rejected change again", scenario: bad,
            steps: [.merge(RolloutFiles.web("bad")), .merge(RolloutFiles.web("bad", "# the same")), .wait(700)],
            end: .failed(.imageCannotBePulled), earlier: [1: .failed(nil)], updates: 1, peers: [25]),
        RolloutRow(
            "a revert of what was rolled back has nothing left to do", scenario: bad,
            steps: [.merge(RolloutFiles.web("bad")), .merge(RolloutFiles.web("v1"))], end: .synced(),
            earlier: [1: .failed(nil)], updates: 1, peers: [25, 27]),
        RolloutRow(
            "a person's word lets the rejected change be tried again",
            scenario: "images: [{image: '*:bad', cannotPull: true, until: 2h}]",
            steps: [
                .merge(RolloutFiles.web("bad")), .wait(7_200),
                .expect("is still rejected") { $0.headReport?.sync == .failed && $0.calls["UpdateService"] == 1 },
                .handAfter("TagResource") { simulation in
                    let list = simulation.peek("ListServiceDeployments", ["cluster": "main", "service": "web"])
                    let arn = list?["serviceDeployments"]?[0]?["serviceDeploymentArn"]?.text ?? ""
                    return tag(&simulation, "mooring:retry", String(arn.split(separator: "/").last ?? ""))
                }, .wait(1_200),
            ], end: .synced(runs: "bad"), updates: 2, peers: [13]),
        RolloutRow(
            "what fails without a breaker is taken back where the environment says so",
            files: RolloutFiles.all(unguarded("v1"), settings: "onFailure: roll-back"),
            scenario: "images: [{image: '*:bad', crashes: {exitCode: 3, after: 2s}}]",
            steps: [
                .merge(RolloutFiles.all(unguarded("bad"), settings: "onFailure: roll-back")), .wait(3_600),
            ], end: .failed(.containerExits, says: "exited with code 3"), updates: 2, peers: [22]),
        RolloutRow(
            "what fails is held for people to look at, and nothing else is started, where the environment says so",
            files: held("v1", "v1"),
            scenario: "images: [{image: '*:bad', crashes: {exitCode: 3, after: 2s}}]",
            steps: [.merge(held("bad", "v2")), .wait(900)],
            end: RolloutEnd(
                sync: .failed,
                services: [
                    "web": .init(
                        sync: .failed, cause: .containerExits, runs: "bad", says: ["exited with code 3"]),
                    "zed": .init(sync: .outOfSync, runs: "v1", says: ["web"]),
                ]), updates: 1, peers: [22]),
        RolloutRow(
            "three failures stop the rest of the environment", files: fleet("v1"), scenario: bad,
            steps: [.merge(fleet("bad")), .wait(1_800)],
            end: RolloutEnd(sync: .failed, health: .degraded), updates: 3, peers: [22]),
    ]

    private static func unguarded(_ image: String) -> [String: String] {
        RolloutFiles.web(image, "mooring: {timeout: 10m}", deployment: "minimumHealthyPercent: 100")
    }

    private static func held(_ web: String, _ zed: String) -> [String: String] {
        RolloutFiles.all(unguarded(web), RolloutFiles.service("zed", zed), settings: "onFailure: hold")
    }

    private static func fleet(_ image: String) -> [String: String] {
        ["a", "b", "c", "d", "e", "f"].reduce(into: [:]) { files, name in
            files.merge(RolloutFiles.service("web-\(name)", image)) { _, new in new }
        }
    }

    static func tag(_ simulation: inout Simulation, _ key: String, _ value: String) -> Value {
        let arn = simulation.live("web")?["serviceArn"] ?? ""
        return ["resourceArn": arn, "tags": [["key": .string(key), "value": .string(value)]]]
    }

    // MARK: Supersede

    private static let superseded: [RolloutRow] = [
        RolloutRow(
            "a newer commit takes a rollout over", scenario: "images: [{image: '*:v2', slow: {start: 10m}}]",
            steps: [.push(RolloutFiles.web("v2")), .wait(60), .merge(RolloutFiles.web("v3"))],
            end: .synced(runs: "v3"), earlier: [1: .superseded()], updates: 2, peers: [17]),
        RolloutRow(
            "a revert in the middle of a rollout is under way within twenty seconds",
            scenario: "images: [{image: '*:bad', crashes: {exitCode: 3, after: 2s}}]",
            steps: [
                .push(RolloutFiles.web("bad")), .wait(90),
                .expect("bad is deploying") { $0.running("web") == "acme/web:bad" }, .push(RolloutFiles.web("v1")),
                .wait(20), .expect("v1 is deploying") { $0.running("web") == "acme/web:v1" }, .wait(600),
            ], end: .synced(), earlier: [1: .superseded()], updates: 2, peers: [21, 27, 29]),
        RolloutRow(
            "a newer commit that does not touch the service awaits its rollout",
            files: RolloutFiles.all(RolloutFiles.web(), RolloutFiles.service("api")),
            scenario: "images: [{image: '*:v2', slow: {start: 3m}}]",
            steps: [
                .push(RolloutFiles.all(RolloutFiles.web("v2"), RolloutFiles.service("api"))), .wait(60),
                .merge(RolloutFiles.all(RolloutFiles.web("v2"), RolloutFiles.service("api", "v3"))), .wait(900),
            ],
            end: RolloutEnd(sync: .synced, services: ["api": .init(sync: .synced, runs: "v3")]),
            earlier: [1: .synced(runs: "v2")], updates: 2, peers: [17]),
        RolloutRow(
            "a revert returns to the revision that is there",
            steps: [
                .merge(RolloutFiles.web("v2")), .merge(RolloutFiles.web("v1")), .merge(RolloutFiles.web("v2")),
                .expect("two revisions are registered, none is taken away") {
                    $0.calls["RegisterTaskDefinition"] == 2 && $0.calls["DeregisterTaskDefinition"] == nil
                },
            ], end: .synced(runs: "v2"), updates: 3, peers: [27, 28, 29, 30, 32]),
        RolloutRow(
            "a revert to a revision that somebody has taken away registers it anew",
            steps: [
                .merge(RolloutFiles.web("v2")), .hand("DeregisterTaskDefinition", ["taskDefinition": "web:1"]),
                .merge(RolloutFiles.web("v1")),
                .expect("a third is registered") { $0.calls["RegisterTaskDefinition"] == 3 },
            ], end: .synced(), updates: 2, peers: [31]),
        RolloutRow(
            "a commit that changes nothing deploys nothing",
            steps: [.merge(RolloutFiles.all(RolloutFiles.web(), ["README.md": "Words."]))],
            end: RolloutEnd(sync: .synced), updates: 0, peers: [28]),
    ]

    // MARK: Once

    private static let all = "tags: [{key: team, value: shop}]\n"
    private static let network =
        "networkConfiguration: {awsvpcConfiguration: {subnets: [subnet-0f0f0f0f], assignPublicIp: DISABLED}}"

    private static func provided(_ providers: String...) -> [String: String] {
        let items = providers.map { "{capacityProvider: \($0), weight: 1}" }.joined(separator: ", ")
        return RolloutFiles.web(
            "v1", "capacityProviderStrategy: [\(items)]\n" + RolloutFiles.network, task: RolloutFiles.fargateTask)
    }

    private static func deployed(_ count: Int) -> RolloutStep {
        .expect("ECS has \(count) deployments") { $0.deployments("web") == count }
    }

    private static let once: [RolloutRow] = [
        RolloutRow(
            "one call and one deployment for a change of everything",
            files: RolloutFiles.web("v1", RolloutFiles.fargate, task: RolloutFiles.fargateTask),
            steps: [
                .merge(
                    RolloutFiles.web(
                        "v2", "launchType: FARGATE\n" + all + network, task: RolloutFiles.fargateTask, desired: 3)),
                deployed(2),
                .expect("one call sets the tags") {
                    ($0.live("web")?["tags"]?.elements ?? []).contains {
                        $0["key"]?.text == "team"
                    }
                },
            ], end: .synced(runs: "v2"), updates: 1, peers: [25]),
        RolloutRow(
            "another capacity provider is forced, once", files: provided("FARGATE"),
            steps: [.merge(provided("FARGATE", "FARGATE_SPOT")), .wait(700), deployed(2)], end: .synced(), updates: 1,
            peers: [26, 39, 45]),
        RolloutRow(
            "another capacity provider is forced once, also when the answer is lost", files: provided("FARGATE"),
            scenario: "faults: [{operation: UpdateService, ordinals: [1], fault: lostResponse}]",
            steps: [.merge(provided("FARGATE", "FARGATE_SPOT")), .wait(700), deployed(2)], end: .synced(),
            peers: [26]),
        RolloutRow(
            "a lost answer makes no second deployment",
            scenario: "faults: [{operation: UpdateService, ordinals: [1], fault: lostResponse}]",
            steps: [.merge(RolloutFiles.web("v2")), .wait(700), deployed(2)], end: .synced(runs: "v2"), peers: [25]),
        RolloutRow(
            "a process that ends in a rollout finds it again",
            steps: [.push(RolloutFiles.web("v2")), .wait(45), .kill, .wait(700), deployed(2)],
            end: .synced(runs: "v2"), updates: 1, peers: [25]),
        RolloutRow(
            "a process that ends in a failing rollout learns of the failure from ECS", scenario: bad,
            steps: [.push(RolloutFiles.web("bad")), .wait(120), .kill, .wait(1_800)],
            end: .failed(.imageCannotBePulled), updates: 1, peers: [13]),
        RolloutRow(
            "a forgotten rejection is found in ECS's records", scenario: bad,
            steps: [.merge(RolloutFiles.web("bad")), .kill, .wait(1_800)], end: .failed(.imageCannotBePulled),
            updates: 1, peers: [13, 25]),
        RolloutRow(
            "another count starts no deployment",
            steps: [.merge(RolloutFiles.web("v1", desired: 3)), deployed(1), .wait(300)],
            end: .synced(), updates: 1, peers: [44]),
        RolloutRow(
            "what may not be written is a failure that names the permission",
            scenario: "faults: [{operation: UpdateService, fault: accessDenied}]",
            steps: [.push(RolloutFiles.web("v2")), .wait(300)],
            end: .failed(nil, says: "Allow ecs:UpdateService", health: nil), peers: [18]),
    ]

    // MARK: Order

    private static func chain(_ web: String, _ others: String) -> [String: String] {
        RolloutFiles.all(
            RolloutFiles.service("web", web), RolloutFiles.service("api", others, "mooring: {dependsOn: [web]}"),
            RolloutFiles.service("edge", others, "mooring: {dependsOn: [api]}"), RolloutFiles.service("other", others))
    }

    private static let order: [RolloutRow] = [
        RolloutRow(
            "what depends on a failure waits and says so; the rest is done", files: chain("v1", "v1"), scenario: bad,
            steps: [.merge(chain("bad", "v2")), .wait(1_800)],
            end: RolloutEnd(
                sync: .failed, health: .degraded,
                services: [
                    "web": .init(sync: .failed, cause: .imageCannotBePulled, runs: "v1"),
                    "api": .init(sync: .outOfSync, runs: "v1", says: ["web"]),
                    "edge": .init(sync: .outOfSync, runs: "v1", says: ["web"]),
                    "other": .init(sync: .synced, runs: "v2"),
                ]), updates: 2, peers: [46]),
        RolloutRow(
            "the mended commit finishes all in order", files: chain("v1", "v1"), scenario: bad,
            steps: [.merge(chain("bad", "v2")), .merge(chain("v2", "v2")), .wait(300)],
            end: RolloutEnd(
                sync: .synced, health: .healthy,
                services: [
                    "web": .init(sync: .synced, runs: "v2"), "api": .init(sync: .synced, runs: "v2"),
                    "edge": .init(sync: .synced, runs: "v2"),
                ]), updates: 5, peers: [46]),
        RolloutRow(
            "services that wait for each other are a mistake that is told",
            files: RolloutFiles.all(
                RolloutFiles.service("web", "v1", "mooring: {dependsOn: [api]}"),
                RolloutFiles.service("api", "v1", "mooring: {dependsOn: [web]}")),
            end: RolloutEnd(sync: .failed), peers: [46]),
    ]
}
