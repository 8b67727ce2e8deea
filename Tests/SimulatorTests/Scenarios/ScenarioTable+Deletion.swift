import MooringShapes
import MooringSimulator

/// The end of services, and the reuse of their names.
extension ScenarioTable {
    private static let reference = "reference/ecs-api.md section 10, deletion; section 5, error texts"

    static let deletion: [ScenarioRow] = [
        ScenarioRow(
            "a service with tasks is not deleted without force",
            source: "API reference, DeleteService `force`; captures/strings/errors.tsv",
            Step.running() + [
                .refused(
                    "DeleteService", #"{"service":"web"}"#, code: "InvalidParameterException",
                    message: "The service cannot be stopped while it is scaled above 0."),
                .call("UpdateService", #"{"service":"web","desiredCount":0}"#), .until(.running(0)),
                .call("DeleteService", #"{"service":"web"}"#), .until(.status("INACTIVE")),
            ]),
        ScenarioRow(
            "a service that drains takes no update and lends its name to nobody", source: reference,
            Step.running(balancer: true) + [
                .call("DeleteService", #"{"service":"web","force":true}"#),
                .expect(.equal("status", "DRAINING", { try $0.described()["status"]?.text })),
                .expect(.counts(desired: 0, running: 2)), .expect(.deployments(["PRIMARY COMPLETED"])),
                .refused("UpdateService", #"{"service":"web","desiredCount":1}"#, code: "ServiceNotActiveException"),
                .refused("DeleteService", #"{"service":"web"}"#, code: "ServiceNotActiveException"),
                .refused(
                    "CreateService", #"{"serviceName":"web","taskDefinition":"web","desiredCount":1}"#,
                    code: "InvalidParameterException", message: "Unable to Start a service that is still Draining."),
                .until(.status("INACTIVE")),
                .expect(
                    .events([
                        "has stopped 2 running tasks", "deregistered 2 targets in (target-group ARN",
                        "(service web, taskSet ecs-svc/N) has begun draining connections on 2 tasks.",
                    ])),
                .refused("UpdateService", #"{"service":"web"}"#, code: "ServiceNotActiveException"),
            ]),
        ScenarioRow(
            "a deleted service's name is free for another with a history of its own", source: reference,
            Step.running() + [
                .call("DeleteService", #"{"service":"web","force":true}"#), .until(.status("INACTIVE")), .mark,
                .create(desired: 1, balancer: true), .until(.completed), .expect(.counts(desired: 1, running: 1)),
                .expect(.records(["SUCCESSFUL"])), .expect(.says("has started 1 tasks", times: 1)),
            ]),
        ScenarioRow(
            "a deletion during a rollout ends it", source: "API reference, DeleteService: DRAINING, then INACTIVE",
            Step.running() + Step.deploy(image: "web:2") + [
                .wait(seconds: 30), .call("DeleteService", #"{"service":"web","force":true}"#),
                .until(.status("INACTIVE"), limit: 600), .expect(.says("has reached a steady state.", times: 0)),
                .expect(.counts(desired: 0, running: 0)),
            ]),
        ScenarioRow(
            "a deleted service can be described for a while and then is missing", source: reference,
            Step.running() + [
                .call("DeleteService", #"{"service":"web","force":true}"#), .until(.status("INACTIVE")),
                .expect(
                    .equal(
                        "ListServices", "[]",
                        { "\(try $0.bench.call("ListServices", "{}")["serviceArns"]?.elements ?? [])" })),
                .wait(seconds: 4000),
                .expect(
                    .equal(
                        "failure", "MISSING",
                        {
                            try $0.bench.call("DescribeServices", #"{"services":["web"]}"#)["failures"]?[0]?["reason"]?
                                .text
                        })),
            ]),
    ]
}
