import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import MooringTestSupport
import Testing

/// A state of git, ECS and settings, grown from a seed: earlier commits are rolled out, ECS is disturbed, git moves on.
///
/// What can go wrong with a service is rare enough for each world to have services in different states, and common enough
/// for a few hundred worlds to have all of them.
struct World {
    var scenario: Scenario
    /// Services that nobody may touch, as they were.
    let untouchable: [ServiceKey: Value]
    /// Every version of the manifests there was before, oldest first.
    private let past: [DesiredState]

    /// What git says of a service, and ever said.
    func versions(of key: ServiceKey) -> [Value] {
        (past + [scenario.desired]).flatMap(\.services).filter { $0.key == key }.map(\.input)
    }

    init(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        scenario = try Scenario()
        let count = Int.random(in: 1...7, using: &random)
        try World.deployEarlierCommit(count, to: &scenario, &random)
        past = try World.moveOn(&scenario, &random)
        try World.disturb(&scenario, &random)
        try World.changeGit(&scenario, &random)
        try World.changeSettings(&scenario, &random)
        untouchable = World.untouchable(in: scenario)
    }

    /// Lets ECS complete every rollout under way of services that may be touched.
    ///
    /// - Returns: whether there was one.
    mutating func endRollouts() -> Bool {
        var found = false
        for (key, described) in scenario.ecs.services where untouchable[key] == nil {
            guard described["deployments"]?[0]?["rolloutState"]?.text == "IN_PROGRESS" else { continue }
            scenario.ecs.setRollout(key, "COMPLETED")
            found = true
        }
        return found
    }

    // MARK: Past

    private static func families(_ count: Int) -> [String] { (0..<count).map { "family-\($0)" } }

    private static func randomMembers(_ random: inout SplitMix64) -> [(String, Value)] {
        var members: [(String, Value)] = []
        if random.chance(40) { members.append(network("subnet-\(Int.random(in: 1...2, using: &random))")) }
        if random.chance(30) {
            members.append(("healthCheckGracePeriodSeconds", .integer(Int.random(in: 0...2, using: &random))))
        }
        if random.chance(20) { members.append(("launchType", random.chance(50) ? "EC2" : "FARGATE")) }
        if random.chance(10) {
            let provider: Value = random.chance(50) ? "FARGATE" : "FARGATE_SPOT"
            members.append(("capacityProviderStrategy", [["capacityProvider": provider]]))
        }
        if random.chance(10) { members.append(("schedulingStrategy", "DAEMON")) }
        if random.chance(20) { members.append(("tags", [tag("team", random.chance(50) ? "a" : "b")])) }
        if random.chance(20) { members.append(("enableExecuteCommand", true)) }
        if random.chance(20) { members.append(("placementConstraints", [["type": "distinctInstance"]])) }
        if random.chance(15) {
            members.append(("loadBalancers", [["targetGroupArn": "tg", "containerName": "app", "containerPort": 80]]))
        }
        if random.chance(15) { members.append(("serviceConnectConfiguration", ["enabled": true])) }
        if random.chance(8) { members.append(("cupboard", random.chance(50) ? "full" : "empty")) }
        if random.chance(30) {
            var configuration: Value = ["maximumPercent": random.chance(50) ? 150 : 200]
            if random.chance(50) {
                configuration["alarms"] = ["alarmNames": ["errors"], "enable": true, "rollback": true]
            }
            if random.chance(50) { configuration["deploymentCircuitBreaker"] = ["enable": true, "rollback": true] }
            members.append(("deploymentConfiguration", configuration))
        }
        return members
    }

    private static func randomTaskDefinition(
        _ family: String, _ random: inout SplitMix64,
    ) throws -> DesiredTaskDefinition {
        var more: [(String, Value)] = []
        if random.chance(10) { more.append(("cupboard", "full")) }
        if random.chance(20) { more.append(("cpu", random.chance(50) ? "256" : ".25 vCPU")) }
        let image = "shop:\(Int.random(in: 1...3, using: &random))"
        return try makeTaskDefinition(family, image: image, more)
    }

    private static func deployEarlierCommit(
        _ count: Int, to scenario: inout Scenario, _ random: inout SplitMix64,
    ) throws {
        let names = families(max(1, count - Int.random(in: 0...2, using: &random)))
        scenario.desired.taskDefinitions = try names.map { try randomTaskDefinition($0, &random) }
        for index in 0..<count where random.chance(75) {
            let cluster = random.chance(80) ? "default" : "other"
            let family = names[index % names.count]
            scenario.desired.services.append(
                try makeService(try key("s\(index)", in: cluster), family: family, randomMembers(&random)))
        }
        // A revision that nobody tagged, and that may have the content that git wants later.
        if random.chance(20) {
            try scenario.ecs.register(try randomTaskDefinition(names[0], &random).input)
        }
        try scenario.settle()
        if random.chance(20), let arn = scenario.ecs.revisions.values.flatMap({ $0 }).map(\.arn).min() {
            scenario.ecs.deregister(arn)
        }
    }

    /// Commits that nobody deployed, up to two; then one that may have lost what lies before it.
    private static func moveOn(
        _ scenario: inout Scenario, _ random: inout SplitMix64,
    ) throws -> [DesiredState] {
        var past: [DesiredState] = []
        for letter in ["c", "d"].prefix(Int.random(in: 0...2, using: &random)) {
            past.append(scenario.desired)
            try scenario.advance(to: letter)
            scenario.desired.services = try scenario.desired.services.map { old in
                try makeService(
                    old.key, family: old.input["taskDefinition"]?.text, randomMembers(&random), options: old.options)
            }
        }
        past.append(scenario.desired)
        try scenario.advance(to: "b")
        // A forced push; or services that lay in other files then.
        if random.chance(15) { scenario.ecs.versions = [:] }
        if random.chance(15) {
            for (commit, states) in scenario.ecs.versions {
                scenario.ecs.folders[commit] = states.first
                scenario.ecs.versions[commit] = [DesiredState()] + states.dropFirst()
            }
        }
        return past
    }

    // MARK: What happens to ECS

    private static func disturb(_ scenario: inout Scenario, _ random: inout SplitMix64) throws {
        let stranger = try key("stranger")
        try scenario.ecs.create(stranger, ["desiredCount": 1], revision: try revisionARN("stranger:1"))
        for service in scenario.ecs.services.keys.sorted() where service != stranger && random.chance(50) {
            switch Int.random(in: 0..<29, using: &random) {
            case 0...2: scenario.ecs.services[service]?["tags"] = []
            case 3: scenario.ecs.setTag(service, OwnTag.environment, "production@elsewhere")
            case 4: scenario.ecs.setTag(service, "aws:cloudformation:stack-name", "stack")
            case 5: scenario.ecs.services[service]?["status"] = "DRAINING"
            case 6: scenario.ecs.services[service]?["status"] = "INACTIVE"
            case 7: scenario.ecs.services[service]?["resourceManagementType"] = "ECS"
            case 8: scenario.ecs.services[service]?["deploymentController"] = ["type": "CODE_DEPLOY"]
            case 9: scenario.ecs.services[service]?["serviceArn"] = .string("\(arnPrefix)service/short")
            case 10...12:
                scenario.ecs.setRollout(service, "IN_PROGRESS", failedTasks: Int.random(in: 0...1, using: &random))
            case 13: scenario.ecs.services[service]?["desiredCount"] = 5
            case 14: scenario.ecs.scalableTargets[service] = ScalableBand(minimum: 1, maximum: 9)
            case 15: scenario.ecs.unreadable[.scalableTarget(service)] = Unreadable(why: "denied", isPassing: false)
            case 16:
                scenario.ecs.unreadable[.records(service)] = Unreadable(why: "denied", isPassing: random.chance(50))
            case 17:
                scenario.ecs.unreadable[.service(service)] = Unreadable(why: "denied", isPassing: random.chance(50))
            case 18: scenario.ecs.removeTag(service, OwnTag.revision)
            case 19: scenario.ecs.services[service]?["enableExecuteCommand"] = true
            case 20: scenario.ecs.services[service]?["placementStrategy"] = [["type": "random"]]
            case 21: scenario.ecs.setTag(service, "owner", "somebody")
            case 22: scenario.ecs.services[service]?["healthCheckGracePeriodSeconds"] = 99
            case 23:
                scenario.ecs.scalableTargets[service] = ScalableBand(minimum: 1, maximum: 9)
                scenario.ecs.services[service]?["desiredCount"] = 12
            default: try rollBack(service, in: &scenario, &random)
            }
        }
    }

    /// A revision of another content was tried, and ECS went back.
    private static func rollBack(
        _ service: ServiceKey, in scenario: inout Scenario, _ random: inout SplitMix64,
    ) throws {
        guard let family = scenario.desired.services.first(where: { $0.key == service })?.input["taskDefinition"]?.text
        else { return }
        let status = ["ROLLBACK_SUCCESSFUL", "ROLLBACK_IN_PROGRESS", "STOPPED"].randomElement(using: &random)
        let arn = try scenario.ecs.register(try makeTaskDefinition(family, image: "shop:9").input)
        scenario.ecs.enterRecord(service, status: status ?? "", revision: arn)
    }

    // MARK: What git says now

    private static func changeGit(_ scenario: inout Scenario, _ random: inout SplitMix64) throws {
        var desired = scenario.desired
        desired.taskDefinitions = try desired.taskDefinitions.map { old in
            if random.chance(25) { return try makeTaskDefinition(old.family.text, image: "shop:9") }
            return random.chance(35) ? try randomTaskDefinition(old.family.text, &random) : old
        }
        let families = desired.taskDefinitions.map(\.family.text)
        desired.services = try desired.services.map { old in
            let family = old.input["taskDefinition"]?.text
            var options = old.options
            options.adopt = random.chance(40)
            options.shared = random.chance(40)
            options.pause = random.chance(5) ? "by hand" : nil
            if random.chance(8) { return try makeService(old.key, pinned: "\(family ?? "x"):1", options: options) }
            let more =
                random.chance(40)
                ? randomMembers(&random)
                : (old.input.members ?? []).filter { $0.name != "desiredCount" }.map { ($0.name, $0.value) }
            return try makeService(
                old.key, family: family, count: random.chance(10) ? 3 : 2, more, options: options)
        }
        for index in 0..<Int.random(in: 0...4, using: &random) {
            desired.services.append(
                try makeService(
                    try key("new\(index)"), family: families.randomElement(using: &random),
                    count: random.chance(95) ? 1 : nil, randomMembers(&random)))
        }
        if random.chance(15), !desired.services.isEmpty { desired.services.removeLast() }
        if random.chance(10) {
            desired.badServices = [BadService(key: try key("bad"), file: try TreePath("bad.json"), why: "no name")]
        }
        scenario.desired = desired
    }

    private static func changeSettings(_ scenario: inout Scenario, _ random: inout SplitMix64) throws {
        var policy = try makePolicy(act: random.chance(93), completed: Int.random(in: 0...4, using: &random))
        if random.chance(3) { policy.callerAccount = try AccountID("999999999999") }
        if random.chance(2) { policy.callerAccount = nil }
        if random.chance(10) { policy.clusters = [try ClusterName("default")] }
        if random.chance(3) { policy.holds = [freeze(until: policy.wall + .seconds(9))] }
        if random.chance(10) {
            policy.failures = try (0..<Int.random(in: 1...4, using: &random)).map { try key("failed\($0)") }
        }
        if random.chance(15) { policy.maximumCreations = Int.random(in: 0...4, using: &random) }
        if random.chance(15) { policy.otherInFlight = Int.random(in: 0...3, using: &random) }
        policy.adopt = random.chance(10)
        policy.commit = scenario.policy.commit
        scenario.policy = policy
        let digests = Planner.digests(of: scenario.desired)
        for (service, digest) in digests.sorted(by: { $0.key < $1.key }) {
            if random.chance(4) { scenario.memory.holds[service] = policy.uptime + .seconds(1) }
            if random.chance(4) { scenario.memory.refusals[service] = Refusal(digest: digest, why: "denied") }
            if random.chance(4) {
                scenario.memory.watches[service] = Watch(
                    digest: digest, deployment: "ecs-svc/unseen", revision: nil, previousRevision: nil,
                    since: policy.uptime - .seconds(random.chance(50) ? 1 : 100))
            }
        }
    }

    // MARK: Who may not be touched

    /// Written from what users are promised, not from the planner.
    private static func untouchable(in scenario: Scenario) -> [ServiceKey: Value] {
        let (policy, desired) = (scenario.policy, scenario.desired)
        let isShut = !policy.act || policy.callerAccount != policy.account || !policy.holds.isEmpty
        return scenario.ecs.services.filter { key, described in
            guard let service = desired.services.first(where: { $0.key == key }) else { return true }
            if isShut || service.options.pause != nil { return true }
            if !policy.clusters.isEmpty, !policy.clusters.contains(key.cluster) { return true }
            if described["status"]?.text == "INACTIVE" { return false }
            if described["status"]?.text == "DRAINING" || described["resourceManagementType"] != nil { return true }
            if described["deploymentController"]?["type"]?.text != "ECS" { return true }
            if described["serviceArn"]?.text?.hasSuffix("service/short") == true { return true }
            let tags = described["tags"]?.elements ?? []
            let owner = tags.first { $0["key"]?.text == OwnTag.environment }?["value"]?.text
            if let owner, owner != identityText { return true }
            let isStack = tags.contains { $0["key"]?.text == "aws:cloudformation:stack-name" }
            if isStack, !service.options.shared { return true }
            return owner == nil && !service.options.adopt && !policy.adopt
        }
    }
}
