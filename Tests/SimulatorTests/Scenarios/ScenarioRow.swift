import MooringShapes
import MooringSimulator
import Testing

/// One row of the scenario table: something that AWS documents or that was recorded, and a world in which it shows.
///
/// The table is `ScenarioTable`; each part has a file of its own (`ScenarioTable+Rolling.swift` and so on) and is listed in
/// `ScenarioTable.all`. Expectations are written from the source, not from what the local ECS answers.
struct ScenarioRow: Sendable, CustomTestStringConvertible {
    /// What happens, as a sentence.
    let name: String
    /// Where AWS says so, or who recorded it.
    let source: String
    /// The service that conditions and expectations are about.
    let service: String
    let scenario: Scenario
    let steps: [Step]

    init(
        _ name: String, source: String, service: String = "web", world: (inout Scenario) -> Void = { _ in },
        _ steps: [Step],
    ) {
        self.name = name
        self.source = source
        self.service = service
        var scenario = Scenario()
        // A reminder every six hours only fills the history.
        scenario.timing.steadyReminder = nil
        world(&scenario)
        self.scenario = scenario
        self.steps = steps
    }

    var testDescription: String { name }
}

/// What is done in a row, in order.
enum Step: Sendable {
    /// Registers the next revision of a family with one container named `app` on port 80; `container` and `definition` are
    /// members to add, each behind a comma.
    case register(image: String, family: String = "web", container: String = "", definition: String = "")
    /// Performs a call that must succeed. In the input `$GROUP` is a target group's ARN, `$RECORD` the newest service
    /// deployment's ARN, `$HOOK` the id of its first hook, `$PRIMARY` the PRIMARY's id, `$TASK` the oldest task that runs and
    /// `$TASKS` the list of all.
    case call(String, String)
    /// Performs a call that must be refused with this code, and this message where one is given.
    case refused(String, String, code: String, message: String? = nil)
    /// Lets time pass.
    case wait(seconds: Int)
    /// Lets time pass until the condition holds; fails after `limit` seconds of the world.
    case until(Condition, limit: Int = 7200)
    /// The world changes from now on.
    case world(@Sendable (inout Scenario) -> Void)
    /// Something happens so many seconds from now.
    case happens(after: Int, Happening.Action)
    /// An alarm is in ALARM from so many seconds on, for so many seconds; nil is for ever.
    case alarm(String, after: Int, seconds: Int? = nil)
    /// Forgets the events and extremes so far: what follows is about what comes now.
    case mark
    case expect(Expectation)
}

extension Step {
    /// Creates the row's service of family `web`.
    static func create(
        _ name: String = "web", desired: Int = 2, balancer: Bool = false, breaker: Bool = true, minimum: Int = 100,
        maximum: Int = 200, deployment: String = "", extra: String = "",
    ) -> Step {
        let balancers =
            balancer ? #","loadBalancers":[{"targetGroupArn":"$GROUP","containerName":"app","containerPort":80}]"# : ""
        return .call(
            "CreateService",
            """
            {"serviceName":"\(name)","taskDefinition":"web","desiredCount":\(desired),"deploymentConfiguration":{
            "minimumHealthyPercent":\(minimum),"maximumPercent":\(maximum),
            "deploymentCircuitBreaker":{"enable":\(breaker),"rollback":\(breaker)}\(deployment)}\(balancers)\(extra)}
            """)
    }

    /// Updates the row's service to the newest revision of `web`.
    static let updated = Step.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)

    /// A new revision with this image, and an update of `web` to it.
    static func deploy(image: String, container: String = "", definition: String = "") -> [Step] {
        [.register(image: image, container: container, definition: definition), .updated]
    }

    /// What a task definition and a service say beside the rest to run on Fargate.
    static let fargateDefinition =
        #","networkMode":"awsvpc","cpu":"256","memory":"512","requiresCompatibilities":["FARGATE"]"#
    static let network = #","networkConfiguration":{"awsvpcConfiguration":{"subnets":["subnet-1"]}}"#
    static let fargate = network + #","launchType":"FARGATE""#

    /// A member of a container definition: a health check that condemns after 30 s.
    static let check = #","healthCheck":{"command":["CMD","true"],"interval":10,"retries":3}"#

    /// A service `web` that is completely rolled out with image `web:1`; events and extremes start behind it.
    static func running(
        desired: Int = 2, balancer: Bool = false, breaker: Bool = true, minimum: Int = 100, maximum: Int = 200,
        container: String = "", definition: String = "", deployment: String = "", extra: String = "",
    ) -> [Step] {
        [
            .register(image: "web:1", container: container, definition: definition),
            .create(
                desired: desired, balancer: balancer, breaker: breaker, minimum: minimum, maximum: maximum,
                deployment: deployment, extra: extra),
            .until(.completed), .mark,
        ]
    }
}

/// Something to wait for.
struct Condition: Sendable {
    let label: String
    let holds: @Sendable (inout ScenarioRun) throws -> Bool

    init(_ label: String, _ holds: @escaping @Sendable (inout ScenarioRun) throws -> Bool) {
        self.label = label
        self.holds = holds
    }

    /// The PRIMARY's rollout state.
    static func rollout(_ state: String) -> Condition {
        Condition("rolloutState is \(state)") { try $0.described().rolloutState == state }
    }

    static let completed = rollout("COMPLETED")

    /// So many tasks of the PRIMARY deployment have failed.
    static func failedTasks(_ count: Int) -> Condition {
        Condition("\(count) tasks have failed") { run in
            try (run.described().primary?["failedTasks"]?.integer ?? 0) >= count
        }
    }

    /// So many events since the mark contain the text.
    static func said(_ text: String, times: Int) -> Condition {
        Condition("'\(text)' is said \(times) times") { run in run.events.count { $0.contains(text) } >= times }
    }

    /// The status of the newest service deployment.
    static func record(_ status: String) -> Condition {
        Condition("the record is \(status)") { run in
            try run.bench.record(run.row.service)["status"]?.text == status
        }
    }

    static func status(_ status: String) -> Condition {
        Condition("status is \(status)") { try $0.described()["status"]?.text == status }
    }

    static func running(_ count: Int) -> Condition {
        Condition("\(count) tasks run") { try $0.described()["runningCount"]?.integer == count }
    }

    /// An event since the mark contains the text.
    static func said(_ text: String) -> Condition {
        Condition("'\(text)' is said") { run in run.events.contains { $0.contains(text) } }
    }
}

/// Something that must hold at this point of a row.
struct Expectation: Sendable {
    let label: String
    /// nil where it holds, otherwise what was found instead.
    let objection: @Sendable (inout ScenarioRun) throws -> String?

    init(_ label: String, _ objection: @escaping @Sendable (inout ScenarioRun) throws -> String?) {
        self.label = label
        self.objection = objection
    }

    /// Compares a text that is found with the expected one.
    static func equal(
        _ label: String, _ expected: String?, _ found: @escaping @Sendable (inout ScenarioRun) throws -> String?,
    ) -> Expectation {
        Expectation("\(label) is \(expected ?? "absent")") { run in
            let text = try found(&run)
            return text == expected ? nil : text ?? "absent"
        }
    }

    // MARK: Events

    /// All events since the mark, in order. Ids and ARNs are replaced (`ecs-svc/N`, `ARN`), lists of tasks cut with their
    /// colon; an entry that ends in `…` matches what begins so. The events count as read.
    static func events(_ expected: [String]) -> Expectation {
        Expectation("events \(expected)") { run in
            let shapes = run.events.map(shape)
            run.forgetEvents()
            let agrees =
                shapes.count == expected.count
                && zip(shapes, expected).allSatisfy { said, text in
                    text.hasSuffix("…") ? said.hasPrefix(text.dropLast()) : said == text
                }
            return agrees ? nil : "\(shapes)"
        }
    }

    /// Events since the mark that contain the text: so many, or at least one where no number is given.
    static func says(_ text: String, times: Int? = nil) -> Expectation {
        Expectation("'\(text)' is said \(times.map { "\($0) times" } ?? "")") { run in
            let count = run.events.count { $0.contains(text) }
            return (times.map { $0 == count } ?? (count > 0)) ? nil : "\(count) of \(run.events.map(shape))"
        }
    }

    // MARK: States

    /// The PRIMARY deployment's member.
    static func primary(_ member: String, _ expected: String?) -> Expectation {
        equal("primary.\(member)", expected) { try $0.described().primary?[member]?.text }
    }

    static func rollout(_ state: String) -> Expectation { primary("rolloutState", state) }

    /// The last part of the PRIMARY's task definition: `web:2`.
    static func revision(_ expected: String) -> Expectation {
        equal("the revision", expected) { run in
            try run.described().primary?["taskDefinition"]?.text?.split(separator: "/").last.map(String.init)
        }
    }

    static func counts(desired: Int, running: Int, pending: Int = 0) -> Expectation {
        equal("desired/running/pending", "\(desired)/\(running)/\(pending)") { run in
            let service = try run.described()
            return ["desiredCount", "runningCount", "pendingCount"].map { service[$0]?.text ?? "?" }
                .joined(separator: "/")
        }
    }

    /// Status and rollout state of every deployment, PRIMARY first: `PRIMARY IN_PROGRESS`.
    static func deployments(_ expected: [String]) -> Expectation {
        equal("deployments", "\(expected)") { run in
            let deployments = try run.described()["deployments"]?.elements ?? []
            return "\(deployments.map { "\($0["status"]?.text ?? "?") \($0["rolloutState"]?.text ?? "?")" })"
        }
    }

    // MARK: Records

    /// A member of the newest service deployment; dots lead inwards (`deploymentCircuitBreaker.status`).
    static func record(_ path: String, _ expected: String?) -> Expectation {
        equal("record.\(path)", expected) { run in
            let record: Value? = try run.bench.record(run.row.service)
            return path.split(separator: ".").reduce(record) { $0?[String($1)] }?.text
        }
    }

    /// The statuses of all service deployments, newest first.
    static func records(_ expected: [String]) -> Expectation {
        equal("records", "\(expected)") { run in
            let list = try run.bench.call("ListServiceDeployments", #"{"service":"\#(run.row.service)"}"#)
            return "\(list["serviceDeployments"]?.elements?.compactMap(\.["status"]?.text) ?? [])"
        }
    }

    // MARK: Extremes

    /// Since the mark never fewer RUNNING tasks, and never more RUNNING and PENDING ones. Checked at every change, a second
    /// apart at the finest.
    static func kept(running least: Int, active most: Int) -> Expectation {
        Expectation("at least \(least) running, at most \(most) in all") { run in
            run.leastRunning >= least && run.mostActive <= most ? nil : "\(run.leastRunning), \(run.mostActive)"
        }
    }

    // MARK: Tasks

    /// A task that has stopped, or is stopping, with this code and a reason that begins so.
    static func stopped(code: String?, reason: String, exitCode: Int? = nil, times: Int? = nil) -> Expectation {
        Expectation("a task stopped: \(code ?? "no code") \(reason) \(exitCode.map(String.init) ?? "")") { run in
            let tasks = try run.stoppedTasks()
            let matching = tasks.filter { task in
                task["stopCode"]?.text == code && task["stoppedReason"]?.text?.hasPrefix(reason) == true
                    && (exitCode == nil || task["containers"]?[0]?["exitCode"]?.integer == exitCode)
            }
            if times.map({ $0 == matching.count }) ?? !matching.isEmpty { return nil }
            return "\(tasks.map { "\($0["stopCode"]?.text ?? "?"): \($0["stoppedReason"]?.text ?? "?")" })"
        }
    }

    /// Tasks that are to run, by a member (`capacityProviderName`, `launchType`): `["FARGATE": 2]`.
    static func tasks(by member: String, _ expected: [String: Int]) -> Expectation {
        Expectation("tasks by \(member): \(expected)") { run in
            var found: [String: Int] = [:]
            for task in try run.tasks(desiredStatus: "RUNNING") { found[task[member]?.text ?? "", default: 0] += 1 }
            return found == expected ? nil : "\(found)"
        }
    }
}
