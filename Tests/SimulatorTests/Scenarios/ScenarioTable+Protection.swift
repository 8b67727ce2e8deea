import MooringSimulator

/// Task scale-in protection.
extension ScenarioTable {
    private static let source = "API reference, UpdateTaskProtection: not terminated by scale-in or deployments"

    static let protection: [ScenarioRow] = [
        ScenarioRow(
            "protected tasks outlive a rollout until their protection ends", source: source,
            Step.running() + [
                .call(
                    "UpdateTaskProtection",
                    #"{"cluster":"default","tasks":$TASKS,"protectionEnabled":true,"expiresInMinutes":30}"#)
            ] + Step.deploy(image: "web:2") + [
                .wait(seconds: 1200), .expect(.rollout("IN_PROGRESS")), .expect(.counts(desired: 2, running: 4)),
                .expect(.says("was unable to scale in due to (reason 2 tasks under protection)", times: 1)),
                .expect(.says("has stopped", times: 0)),
                .until(.completed, limit: 1200), .expect(.counts(desired: 2, running: 2)), .expect(.revision("web:2")),
            ]),
        ScenarioRow(
            "scaling in stops what is not protected and waits for the rest", source: source,
            Step.running() + [
                .call("UpdateTaskProtection", #"{"cluster":"default","tasks":$TASKS,"protectionEnabled":true}"#),
                .call("UpdateService", #"{"service":"web","desiredCount":4}"#), .until(.running(4)),
                .call("UpdateService", #"{"service":"web","desiredCount":1}"#), .until(.running(2)),
                .wait(seconds: 300),
                .expect(.counts(desired: 1, running: 2)), .expect(.says("2 tasks under protection", times: 1)),
                .call("UpdateTaskProtection", #"{"cluster":"default","tasks":$TASKS,"protectionEnabled":false}"#),
                .until(.running(1)),
            ]),
        ScenarioRow(
            "protection does not save a task that somebody stops", source: source + "; StopTask is neither",
            Step.running() + [
                .call("UpdateTaskProtection", #"{"cluster":"default","tasks":$TASKS,"protectionEnabled":true}"#),
                .call("StopTask", #"{"task":"$TASK"}"#), .wait(seconds: 60),
                .expect(.stopped(code: "UserInitiated", reason: "Task stopped by user")), .until(.running(2)),
            ]),
    ]
}
