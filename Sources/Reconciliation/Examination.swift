import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringRollouts
import MooringShapes

/// One question that helps to find out why a rollout failed.
enum DiagnosisQuestion: Hashable, Sendable {
    case stoppedTasks(page: Int, token: String?)
    case describedTasks([String], page: Int, next: String?)
    case deployments
    case deploymentDetails(arn: String)
    case targetHealth(targetGroup: String)
    case log(container: String, group: String, stream: String)

    func call(about key: ServiceKey) -> APICall {
        switch self {
        case .stoppedTasks(_, let token):
            APICall(
                .ecs, "ListTasks",
                .map(present: [
                    ("cluster", .string(key.cluster.text)), ("serviceName", .string(key.service.text)),
                    ("desiredStatus", "STOPPED"), ("maxResults", .integer(Limits.stoppedTasks)),
                    ("nextToken", token.map(Value.string)),
                ]))
        case .describedTasks(let arns, _, _):
            APICall(
                .ecs, "DescribeTasks",
                ["cluster": .string(key.cluster.text), "tasks": .list(arns.map(Value.string))])
        case .deployments:
            APICall(
                .ecs, "ListServiceDeployments",
                ["cluster": .string(key.cluster.text), "service": .string(key.service.text), "maxResults": 1])
        case .deploymentDetails(let arn):
            APICall(.ecs, "DescribeServiceDeployments", ["serviceDeploymentArns": [.string(arn)]])
        case .targetHealth(let group):
            APICall(.elasticLoadBalancing, "DescribeTargetHealth", ["TargetGroupArn": .string(group)])
        case .log(_, let group, let stream):
            APICall(
                .logs, "GetLogEvents",
                [
                    "logGroupName": .string(group), "logStreamName": .string(stream),
                    "limit": .integer(Limits.logLines), "startFromHead": false,
                ])
        }
    }
}

/// What has been found out so far about one failed rollout, as a value: answers in, further questions out. What may not be
/// read is left out; a diagnosis is made of what there is.
struct Examination: Sendable {
    /// The revision that is being rolled out; nil where that is not known.
    let revision: Revision?
    private(set) var service: Value
    private let taskDefinition: Value?
    private(set) var tasks: [Value] = []
    private(set) var record: DeploymentRecord?
    private(set) var targets: [TargetHealth] = []
    private(set) var logs: [LogTail] = []
    /// Questions that are still to be answered.
    private(set) var open = 0

    init(revision: Revision?, service: Value, taskDefinition: Value?) {
        self.revision = revision
        self.service = service
        self.taskDefinition = taskDefinition
    }

    /// What is asked first.
    ///
    /// - Parameters:
    ///   - isOver: whether the rollout has failed; while it goes on only tasks are looked at.
    mutating func begin(isOver: Bool) -> [DiagnosisQuestion] {
        var questions: [DiagnosisQuestion] = [.stoppedTasks(page: 1, token: nil)]
        if isOver {
            questions.append(.deployments)
            questions += targetGroups.map { .targetHealth(targetGroup: $0) }
        }
        open += questions.count
        return questions
    }

    /// Enters an answer, or that there was none.
    ///
    /// - Returns: what is asked because of it.
    mutating func take(_ question: DiagnosisQuestion, _ result: EffectResult) -> [DiagnosisQuestion] {
        open -= 1
        guard case .value(let answer) = result else { return [] }
        var questions: [DiagnosisQuestion] = []
        switch question {
        case .stoppedTasks(let page, _):
            let arns = (answer["taskArns"]?.elements ?? []).compactMap(\.text)
            if !arns.isEmpty {
                questions = [.describedTasks(arns, page: page, next: answer["nextToken"]?.text)]
            }
        case .describedTasks(_, let page, let next):
            tasks = relevant(answer["tasks"]?.elements ?? [])
            if !tasks.isEmpty {
                questions = logQuestions
            } else if let next, page < Limits.stoppedTaskPages {
                questions = [.stoppedTasks(page: page + 1, token: next)]
            }
        case .deployments:
            if let arn = answer["serviceDeployments"]?[0]?["serviceDeploymentArn"]?.text {
                questions = [.deploymentDetails(arn: arn)]
            }
        case .deploymentDetails:
            record = answer["serviceDeployments"]?[0].map { DeploymentRecord(described: $0, target: nil) }
        case .targetHealth:
            targets += (answer["TargetHealthDescriptions"]?.elements ?? []).prefix(Limits.examinedTargets).map {
                target in
                TargetHealth(
                    state: target["TargetHealth"]?["State"]?.text ?? "",
                    reason: target["TargetHealth"]?["Reason"]?.text ?? "",
                    text: target["TargetHealth"]?["Description"]?.text ?? "")
            }
        case .log(let container, _, _):
            let lines = (answer["events"]?.elements ?? []).compactMap { $0["message"]?.text }
            if !lines.isEmpty { logs.append(LogTail(container: container, lines: lines)) }
        }
        open += questions.count
        return questions
    }

    /// All that is known.
    func symptoms(reason: String, since: Timestamp?) -> Symptoms {
        Symptoms(
            reason: reason, record: record, events: service["events"]?.elements ?? [], stoppedTasks: tasks,
            targets: targets, logs: logs, service: service, taskDefinition: taskDefinition, since: since)
    }

    // MARK: Parts

    private var targetGroups: [String] {
        (service["loadBalancers"]?.elements ?? []).compactMap { $0["targetGroupArn"]?.text }.uniqued()
            .prefix(Limits.examinedTargetGroups).map { $0 }
    }

    /// The tasks of the revision that is being rolled out, newest first.
    private func relevant(_ tasks: [Value]) -> [Value] {
        let relevant = tasks.filter { task in
            guard let revision, let text = task["taskDefinitionArn"]?.text else { return true }
            return (try? TaskDefinitionARN(text))?.revision == revision
        }
        func stopped(_ task: Value) -> Double { task["stoppedAt"]?.double ?? task["stoppingAt"]?.double ?? 0 }
        return relevant.sorted { stopped($0) > stopped($1) }
    }

    /// The logs of the newest stopped task's containers that ended badly.
    ///
    /// The awslogs driver names a stream `prefix/container/task id`. Source: Developer Guide, "Send Amazon ECS logs to
    /// CloudWatch", `awslogs-stream-prefix`.
    private var logQuestions: [DiagnosisQuestion] {
        guard let task = tasks.first, let id = task["taskArn"]?.text?.split(separator: "/").last else { return [] }
        let failed = (task["containers"]?.elements ?? []).filter { container in
            container["exitCode"]?.integer.map { $0 != 0 } ?? (container["healthStatus"]?.text == "UNHEALTHY")
        }
        let definitions = taskDefinition?["containerDefinitions"]?.elements ?? []
        return failed.prefix(Limits.examinedLogs).compactMap { container in
            guard let name = container["name"]?.text,
                let log = definitions.first(where: { $0["name"]?.text == name })?["logConfiguration"],
                log["logDriver"]?.text == "awslogs", let group = log["options"]?["awslogs-group"]?.text,
                let prefix = log["options"]?["awslogs-stream-prefix"]?.text
            else { return nil }
            return .log(container: name, group: group, stream: "\(prefix)/\(name)/\(id)")
        }
    }
}
