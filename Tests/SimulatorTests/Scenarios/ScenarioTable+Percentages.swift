import MooringShapes
import MooringSimulator

/// Floor and ceiling of a rollout: floor = ceil(desired * minimum / 100), ceiling = floor(desired * maximum / 100).
extension ScenarioTable {
    private static let model = "API reference, DeploymentConfiguration"

    static let percentages: [ScenarioRow] = [
        window(desired: 4, minimum: 50, maximum: 100, floor: 2, ceiling: 4, source: model),
        window(desired: 4, minimum: 100, maximum: 200, floor: 4, ceiling: 8, source: model),
        window(desired: 4, minimum: 75, maximum: 125, floor: 3, ceiling: 5, source: model),
        // Rounded up below, rounded down above: 2.25 to 3, 3.75 to 3.
        window(desired: 3, minimum: 67, maximum: 134, floor: 3, ceiling: 4, source: model),
        window(desired: 10, minimum: 33, maximum: 119, floor: 4, ceiling: 11, source: model),
        window(desired: 1, minimum: 0, maximum: 100, floor: 0, ceiling: 1, source: model),
        window(desired: 1, minimum: 100, maximum: 200, floor: 1, ceiling: 2, source: model),
        deadlock(desired: 1, minimum: 100, maximum: 100),
        deadlock(desired: 3, minimum: 100, maximum: 125),
        deadlock(desired: 2, minimum: 75, maximum: 100),
    ]

    private static func window(
        desired: Int, minimum: Int, maximum: Int, floor: Int, ceiling: Int, source: String,
    ) -> ScenarioRow {
        ScenarioRow(
            "\(desired) tasks at \(minimum)/\(maximum) percent stay within \(floor) and \(ceiling)", source: source,
            Step.running(desired: desired, minimum: minimum, maximum: maximum) + Step.deploy(image: "web:2") + [
                .until(.completed),
                .expect(.kept(running: floor, active: ceiling)),
                .expect(.counts(desired: desired, running: desired)),
                .expect(.revision("web:2")),
                .expect(.says("deployment configuration", times: 0)),
            ])
    }

    /// No task may stop, none may start.
    private static func deadlock(desired: Int, minimum: Int, maximum: Int) -> ScenarioRow {
        ScenarioRow(
            "\(desired) tasks at \(minimum)/\(maximum) percent are stuck until the percentages change",
            source: "Developer Guide, service event messages: two tasks at 75 percent, three at 125 percent",
            Step.running(desired: desired, minimum: minimum, maximum: maximum) + Step.deploy(image: "web:2") + [
                .wait(seconds: 7200),
                .expect(.rollout("IN_PROGRESS")),
                .expect(.counts(desired: desired, running: desired)),
                .expect(
                    .events([
                        "was unable to stop or start tasks during a deployment because of the service deployment "
                            + "configuration. Update the minimumHealthyPercent or maximumPercent value and try again."
                    ])),
                .call(
                    "UpdateService", #"{"service":"web","deploymentConfiguration":{"maximumPercent":200}}"#),
                .until(.completed),
                .expect(.revision("web:2")),
            ])
    }
}
