import MooringModel
import MooringNames
import MooringReconciliation
import MooringRollouts
import MooringShapes

/// What people change by hand, and what git says must not, or only with a word, be changed.
extension RolloutTable {
    static let hands: [RolloutRow] = drift + noDrift + holds + words + removals

    // MARK: Drift

    private static let hotfix: [RolloutStep] = [
        .hand(
            "RegisterTaskDefinition",
            [
                "family": "web", "cpu": "256", "memory": "512",
                "containerDefinitions": [["name": "main", "image": "acme/web:hotfix"]],
            ]), .hand("UpdateService", ["cluster": "main", "service": "web", "taskDefinition": "web:2"]), .wait(900),
    ]
    private static func exec(_ mooring: String = "") -> [String: String] {
        RolloutFiles.web("v1", "enableECSManagedTags: false" + (mooring.isEmpty ? "" : "\nmooring: {\(mooring)}"))
    }
    private static let opened: [RolloutStep] = [
        .hand("UpdateService", ["cluster": "main", "service": "web", "enableECSManagedTags": true]), .wait(900),
    ]

    private static let drift: [RolloutRow] = [
        RolloutRow(
            "a member changed by hand is taken back", files: exec(),
            steps: opened + [
                .expect("is as git says") { $0.live("web")?["enableECSManagedTags"]?.boolean != true }
            ], end: .synced(), updates: 1),
        RolloutRow(
            "a member changed by hand stays and is told where drift is only reported", files: exec("drift: report"),
            steps: opened, end: .outOfSync(says: "enableECSManagedTags", "changed by hand"), updates: 0),
        RolloutRow(
            "a member changed by hand stays and nobody is told where drift is ignored", files: exec("drift: ignore"),
            steps: opened, end: .synced(), updates: 0, peers: [7]),
        RolloutRow(
            "a revision put there by hand stays and is told", steps: hotfix,
            end: .outOfSync(runs: "hotfix", says: "put there by hand"), updates: 0, peers: [44, 49]),
        RolloutRow(
            "a revision put there by hand gives way to the next commit",
            steps: hotfix + [.merge(RolloutFiles.web("v2"))], end: .synced(runs: "v2"), updates: 1),
        RolloutRow(
            "a revision put there by hand is taken back where git says so",
            files: RolloutFiles.web("v1", "mooring: {drift: {revision: correct}}"), steps: hotfix,
            end: .synced(), updates: 1),
        RolloutRow(
            "a revision put there by hand is never called Synced",
            files: RolloutFiles.web("v1", "mooring: {drift: {revision: ignore}}"), steps: hotfix,
            end: .outOfSync(runs: "hotfix", says: "by hand"), updates: 0, peers: [49]),
        RolloutRow(
            "a service deleted by hand is made again",
            steps: [.hand("DeleteService", ["cluster": "main", "service": "web", "force": true]), .wait(1_800)],
            end: .synced(), updates: 0),
        RolloutRow(
            "a count changed by hand is taken back",
            steps: [.hand("UpdateService", ["cluster": "main", "service": "web", "desiredCount": 3]), .wait(900)],
            end: .synced(), updates: 1),
    ]

    private static let rich = RolloutFiles.web(
        "v1",
        """
        tags: [{key: team, value: shop}, {key: app, value: web}]
        placementStrategy: [{type: spread, field: host}]
        """, deployment: "minimumHealthyPercent: 100",
        container: #"""
            , "environment": [{"name": "Z", "value": "1"}, {"name": "A", "value": ""}],
             "portMappings": [{"containerPort": 80}, {"containerPort": 8080}],
             "healthCheck": {"command": ["CMD", "true"]}, "essential": true, "mountPoints": []
            """#)

    private static let noDrift: [RolloutRow] = [
        RolloutRow(
            "what ECS fills in and reorders is no difference for hours", files: rich,
            steps: [
                .wait(3_600), .expect("one revision") { $0.calls["RegisterTaskDefinition"] == 1 },
            ], end: .synced(), updates: 0, peers: [1, 2, 8, 9, 10]),
        RolloutRow(
            "a platform version that ECS chooses is no difference",
            files: RolloutFiles.web("v1", RolloutFiles.fargate, task: RolloutFiles.fargateTask), steps: [.wait(3_600)],
            end: .synced(), updates: 0, peers: [11, 12]),
        RolloutRow(
            "tags that others set stay",
            steps: [.handAfter("TagResource") { tag(&$0, "costs", "42") }, .wait(900)], end: .synced(), updates: 0,
            peers: [5]),
        RolloutRow(
            "a count inside the band of automatic scaling is left alone",
            steps: [
                .hand(
                    "application-autoscaling:RegisterScalableTarget",
                    [
                        "ServiceNamespace": "ecs", "ResourceId": "service/main/web",
                        "ScalableDimension": "ecs:service:DesiredCount", "MinCapacity": 1, "MaxCapacity": 10,
                    ]), .hand("UpdateService", ["cluster": "main", "service": "web", "desiredCount": 4]), .wait(3_600),
                .merge(RolloutFiles.web("v2")),
                .expect("four tasks are wanted") { $0.live("web")?["desiredCount"]?.integer == 4 },
            ], end: .synced(runs: "v2"), updates: 1, peers: [12, 44]),
        RolloutRow(
            "an ignored count is others' business", files: RolloutFiles.web("v1", "mooring: {ignore: [desiredCount]}"),
            steps: [.hand("UpdateService", ["cluster": "main", "service": "web", "desiredCount": 3]), .wait(900)],
            end: .synced(), updates: 0, peers: [7, 44]),
        RolloutRow(
            "an ignored image is CI's business",
            files: RolloutFiles.web("v1", "mooring: {ignore: ['containerDefinitions[main].image']}"), steps: hotfix,
            end: .synced(runs: "hotfix"), updates: 0, peers: [7, 44, 49]),
    ]

    // MARK: Holds

    private static let evening = "2026-09-21T16:00:00Z"

    private static let holds: [RolloutRow] = [
        RolloutRow(
            "a tag on the service pauses it until its time is over",
            steps: [
                .handAfter("TagResource") { tag(&$0, "mooring:pause", "\(evening) incident 7") },
                .merge(RolloutFiles.web("v2")),
                .expect("it is told until when and why") { simulation in
                    let said = simulation.headReport?.services.first?.cause ?? ""
                    return simulation.headReport?.sync == .outOfSync && said.contains("incident 7")
                        && said.contains("16:00")
                }, .wait(9_500),
            ], end: .synced(runs: "v2"), updates: 1),
        RolloutRow(
            "a tag on the cluster pauses all of its services",
            steps: [
                .handAfter("TagResource") { simulation in
                    let arn = simulation.peek("DescribeClusters", ["clusters": ["main"]])?["clusters"]?[0]?[
                        "clusterArn"]
                    return ["resourceArn": arn ?? "", "tags": [["key": "mooring:pause", "value": "true"]]]
                    // Clusters are read with every look at everything, which comes every five minutes.
                }, .wait(360), .merge(RolloutFiles.web("v2")), .wait(900),
            ], end: .outOfSync(says: "pause"), updates: 0),
        RolloutRow(
            "a freeze in git holds everything until it is over",
            files: RolloutFiles.all(RolloutFiles.web(), settings: "{}"),
            steps: [
                .merge(
                    RolloutFiles.all(
                        RolloutFiles.web("v2"), settings: "freeze: {until: '\(evening)', reason: Season}")),
                .expect("it is told until when and why") { simulation in
                    let said = simulation.headReport?.services.first?.cause ?? ""
                    return simulation.headReport?.sync == .outOfSync && said.contains("Season")
                }, .wait(9_500),
            ], end: .synced(runs: "v2"), updates: 1),
        RolloutRow(
            "a pause in the manifest holds one service",
            files: RolloutFiles.all(RolloutFiles.web(), RolloutFiles.service("api")),
            steps: [
                .merge(
                    RolloutFiles.all(
                        RolloutFiles.web("v2", "mooring: {pause: 'waits for the fair'}"),
                        RolloutFiles.service("api", "v2"))), .wait(900),
            ],
            end: RolloutEnd(
                sync: .outOfSync, health: .healthy,
                services: [
                    "web": .init(sync: .outOfSync, runs: "v1", says: ["waits for the fair"]),
                    "api": .init(sync: .synced, runs: "v2"),
                ]), updates: 1),
        RolloutRow(
            "a freeze does not keep a failure secret", scenario: "images: [{image: '*:bad', cannotPull: true}]",
            steps: [
                .merge(RolloutFiles.web("bad")),
                .merge(
                    RolloutFiles.all(
                        RolloutFiles.web("v2"), settings: "freeze: {until: '\(evening)', reason: Season}")),
            ], end: .outOfSync(says: "Season"), earlier: [1: .failed(nil)], updates: 1),
    ]

    // MARK: Words

    private static let existing = """
        setup:
          - {call: RegisterTaskDefinition, input: {family: web, cpu: '256', memory: '512', containerDefinitions: [{name: main, image: 'acme/web:v0'}]}}
          - {call: CreateService, input: {cluster: main, serviceName: web, taskDefinition: web, desiredCount: 1}}
        """

    private static let words: [RolloutRow] = [
        RolloutRow(
            "a deployment that a token forced and that is rolled back is not forced again",
            scenario: "images: [{image: '*:v1', cannotPull: true, from: 20m}]",
            steps: [
                .wait(1_200), .merge(RolloutFiles.web("v1", "mooring: {redeploy: one}")), .wait(1_800), .kill,
                .wait(1_800),
            ],
            end: .failed(.imageCannotBePulled, runs: "v1"), updates: 1, peers: [13]),
        RolloutRow(
            "the same where records cannot be read",
            scenario: """
                images: [{image: '*:v1', cannotPull: true, from: 20m}]
                faults: [{operation: ListServiceDeployments, fault: accessDenied}]
                """,
            steps: [
                .wait(1_200), .merge(RolloutFiles.web("v1", "mooring: {redeploy: one}")), .wait(1_800), .kill,
                .wait(1_800),
            ],
            end: .failed(.imageCannotBePulled, runs: "v1"), updates: 1, peers: [13]),
        RolloutRow(
            "a change with a token that is rolled back is not tried again",
            scenario: "images: [{image: '*:bad', cannotPull: true}]",
            steps: [
                .merge(RolloutFiles.web("bad", "mooring: {redeploy: one}")), .wait(1_800), .kill, .wait(1_800),
            ],
            end: .failed(.imageCannotBePulled, runs: "v1"), updates: 1, peers: [13]),
        RolloutRow(
            "a token forces one deployment",
            steps: [
                .merge(RolloutFiles.web("v1", "mooring: {redeploy: one}")), .wait(900),
                .merge(RolloutFiles.web("v1", "mooring: {redeploy: one}\n# a comment")), .wait(900),
                .expect("ECS has two deployments") { $0.deployments("web") == 2 },
            ], end: .synced(), updates: 1, peers: [47, 48]),
        RolloutRow(
            "a change that only tasks started later have says so, until a deployment replaces those that run",
            files: exec(),
            steps: [
                .merge(RolloutFiles.web("v1", "enableECSManagedTags: true")), .wait(900),
                .expect("it says so") { simulation in
                    simulation.headReport?.summary.contains("Tasks that run keep their enableECSManagedTags") == true
                        && simulation.headNote?.contains("Tasks that run keep their enableECSManagedTags") == true
                },
                .merge(RolloutFiles.web("v1", "enableECSManagedTags: true\npropagateTags: SERVICE")), .wait(900),
                .expect("it says so of both") { simulation in
                    simulation.headNote?.contains("keep their enableECSManagedTags, propagateTags until") == true
                },
                .merge(RolloutFiles.web("v2", "enableECSManagedTags: false\npropagateTags: SERVICE")), .wait(900),
            ],
            end: .synced(runs: "v2"), earlier: [1: .synced(runs: "v2", says: "Tasks that run keep their")], updates: 3),
        RolloutRow(
            "a change that needs the service anew waits for the word",
            steps: [.merge(RolloutFiles.web("v1", "schedulingStrategy: DAEMON", desired: nil))],
            end: .outOfSync(says: "replace: true"), updates: 0, peers: [45]),
        RolloutRow(
            "with the word the service is made anew",
            steps: [
                .merge(
                    RolloutFiles.web("v2", "schedulingStrategy: DAEMON\nmooring: {replace: true}", desired: nil)),
                .expect("is a daemon") { $0.live("web")?["schedulingStrategy"]?.text == "DAEMON" },
            ], end: RolloutEnd(sync: .synced, services: ["web": .init(sync: .synced, runs: "v2")]), updates: 0),
        RolloutRow(
            "a service that is there already waits for the word", scenario: existing,
            end: .outOfSync(runs: "v0", says: "adopt: true", health: nil), updates: 0, peers: [51]),
        RolloutRow(
            "with the word a service is taken over, in one call",
            files: RolloutFiles.web("v1", "mooring: {adopt: true}"), scenario: existing, end: .synced(), updates: 1,
            peers: [51, 25]),
    ]

    // MARK: Removals

    private static func pruned(_ services: [String], _ settings: String?, bad: String? = nil) -> [String: String] {
        var files = settings.map { ["production/mooring.yaml": $0 + "\n"] } ?? [:]
        for service in services { files.merge(RolloutFiles.service(service)) { _, new in new } }
        if let bad { files["production/broken.yaml"] = bad }
        return files
    }

    private static func remaining(_ count: Int) -> RolloutStep {
        .expect("\(count) services are left") { simulation in
            simulation.services().filter { simulation.live($0.service.text)?["status"]?.text == "ACTIVE" }.count
                == count
        }
    }

    private static let removals: [RolloutRow] = [
        RolloutRow(
            "what leaves git stays where nothing says prune", files: pruned(["web", "api"], nil),
            steps: [.merge(pruned(["web"], nil)), .wait(900), remaining(2)],
            end: RolloutEnd(sync: .outOfSync, services: ["api": .init(sync: .outOfSync, says: ["left git", "prune"])]),
            updates: 0),
        RolloutRow(
            "what leaves git is emptied and deleted where git says prune",
            files: pruned(["web", "api"], "prune: true"),
            steps: [.merge(pruned(["web"], "prune: true")), .wait(900), remaining(1)],
            end: RolloutEnd(sync: .synced, services: ["api": .init(sync: .synced, says: ["removed"])])),
        RolloutRow(
            "an empty environment is taken for a mistake", files: pruned(["web", "api"], "prune: true"),
            steps: [.merge(pruned([], "prune: true")), .wait(900), remaining(2)],
            end: RolloutEnd(
                sync: .outOfSync, services: ["api": .init(sync: .outOfSync, says: ["put the folder back"])])),
        RolloutRow(
            "a folder that is gone deletes nothing", files: pruned(["web", "api"], "prune: true"),
            steps: [.push(["README.md": "Words."]), .wait(1_800), remaining(2)], end: RolloutEnd(sync: .synced)),
        RolloutRow(
            "nothing is removed beside a bad file", files: pruned(["web", "api"], "prune: true"),
            steps: [
                .merge(pruned(["web"], "prune: true", bad: "serviceName: [\n")), .wait(900), remaining(2),
            ], end: RolloutEnd(sync: .failed, services: ["api": .init(sync: .outOfSync, says: ["bad"])])),
        RolloutRow(
            "more than the fuse lets pass is not removed", files: pruned(["web", "a", "b", "c"], "prune: {max: 2}"),
            steps: [.merge(pruned(["web"], "prune: {max: 2}")), .wait(900), remaining(4)],
            end: RolloutEnd(sync: .outOfSync, services: ["a": .init(sync: .outOfSync, says: ["max"])])),
        RolloutRow(
            "a bad file fails alone", files: pruned(["web", "api"], nil),
            steps: [
                .merge(
                    RolloutFiles.all(
                        RolloutFiles.service("api", "v2"), RolloutFiles.web(),
                        ["production/web.yaml": "serviceName: web\ntaskDefinition: web.task.json\ndesiredCount: many\n"]
                    )),
                .wait(600), .expect("web still runs v1") { $0.running("web") == "acme/web:v1" },
            ],
            end: RolloutEnd(
                sync: .failed,
                services: ["api": .init(sync: .synced, runs: "v2")]),
            updates: 1),
    ]
}
