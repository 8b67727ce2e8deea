import MooringShapes
import MooringSimulator

/// Worlds in which roles and target groups must be there.
extension ScenarioTable {
    private static let role = "arn:aws:iam::123456789012:role/task"
    private static let unassumable =
        "ECS was unable to assume the role '\(role)' that was provided for this task. Please verify that the role being "
        + "passed has the proper trust relationship and permissions and that your IAM user has permissions to pass this role."

    static let strict: [ScenarioRow] = [
        ScenarioRow(
            "a service whose task role cannot be assumed launches nothing until it can",
            source: "aws-samples/aws-modern-application-workshop issue 88, the event; registering is accepted",
            world: { $0.strict = Strictness([.roles]) },
            [
                .register(image: "web:1", definition: #","taskRoleArn":"task""#), .create(desired: 2),
                .wait(seconds: 300),
                .expect(.says("failed to launch a task with (error \(unassumable)).", times: 1)),
                .expect(.counts(desired: 2, running: 0)), .expect(.primary("failedTasks", "0")),
                .expect(.rollout("IN_PROGRESS")), made(trusting: "ecs.amazonaws.com"), .wait(seconds: 700),
                .expect(.counts(desired: 2, running: 0)), trusted("ecs-tasks.amazonaws.com"), .until(.completed),
                .expect(.counts(desired: 2, running: 2)),
            ]),
        ScenarioRow(
            "an execution role that is gone holds up the next deployment, and the old one runs on",
            source: "telia-oss/terraform-aws-ecs-fargate pull request 58, the event for an execution role",
            Step.running(desired: 1) + [.world { $0.strict = Strictness([.roles]) }]
                + Step.deploy(image: "web:2", definition: #","executionRoleArn":"\#(role)""#) + [
                    .wait(seconds: 300), .expect(.says("failed to launch a task with (error \(unassumable)).")),
                    .expect(.counts(desired: 1, running: 1)),
                    .expect(.deployments(["PRIMARY IN_PROGRESS", "ACTIVE COMPLETED"])),
                ]),
        ScenarioRow(
            "RunTask is refused where a role cannot be assumed, and overrides count",
            source: "a public report of RunTask (index record 14896621379); API reference, TaskOverride `taskRoleArn`",
            world: { $0.strict = Strictness([.roles]) },
            [
                .register(image: "web:1", definition: #","taskRoleArn":"task""#), .create(desired: 0),
                .refused("RunTask", #"{"taskDefinition":"web"}"#, code: "ClientException", message: unassumable),
                made("other", trusting: "ecs-tasks.amazonaws.com"),
                .call("RunTask", #"{"taskDefinition":"web","overrides":{"taskRoleArn":"other"}}"#),
                .refused(
                    "RunTask",
                    #"{"taskDefinition":"web","overrides":{"taskRoleArn":"other","executionRoleArn":"task"}}"#,
                    code: "ClientException", message: unassumable),
            ]),
        ScenarioRow(
            "a service cannot be behind a target group that is not there",
            source: "public code that knows the answer (index record 19154431139)",
            world: { $0.strict = Strictness([.targetGroups]) },
            [
                .register(image: "web:1"),
                .refused(
                    "CreateService", #"{"serviceName":"web","taskDefinition":"web","desiredCount":1,\#(balancer)}"#,
                    code: "InvalidParameterException", message: "The target group \(Bench.group) does not exist."),
                .create(desired: 1),
                .refused(
                    "UpdateService", #"{"service":"web",\#(balancer)}"#, code: "InvalidParameterException",
                    message: "The target group \(Bench.group) does not exist."),
                .call(
                    "CreateService",
                    #"{"serviceName":"sets","desiredCount":1,"deploymentController":{"type":"EXTERNAL"}}"#),
                .refused(
                    "CreateTaskSet",
                    #"{"cluster":"default","service":"sets","taskDefinition":"web",\#(balancer)}"#,
                    code: "InvalidParameterException", message: "The target group \(Bench.group) does not exist."),
                .world { $0.strict = Strictness() }, .call("UpdateService", #"{"service":"web",\#(balancer)}"#),
            ]),
    ]

    private static let balancer =
        #""loadBalancers":[{"targetGroupArn":"\#(Bench.group)","containerName":"app","containerPort":80}]"#

    /// A policy as the text that a request holds.
    private static func policy(trusting service: String) -> String {
        let statement: Value = [
            "Effect": "Allow", "Principal": ["Service": [.string(service)]], "Action": "sts:AssumeRole",
        ]
        let document: Value = ["Version": "2012-10-17", "Statement": [statement]]
        return JSONWriter(.compact).text(of: document)
    }

    private static func made(_ name: String = "task", trusting service: String) -> Step {
        asked(
            "CreateRole",
            ["RoleName": .string(name), "AssumeRolePolicyDocument": .string(policy(trusting: service))])
    }

    private static func trusted(_ service: String) -> Step {
        asked(
            "UpdateAssumeRolePolicy",
            ["RoleName": "task", "PolicyDocument": .string(policy(trusting: service))])
    }

    private static func asked(_ operation: String, _ input: Value) -> Step {
        .expect(
            Expectation("\(operation) succeeds") { run in
                try run.bench.call(operation, JSONWriter(.compact).text(of: input), api: .iam)
                return nil
            })
    }
}
