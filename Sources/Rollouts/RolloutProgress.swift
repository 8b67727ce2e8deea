package import MooringModel
package import MooringNames
import MooringShapes

/// How far a rollout is.
package struct RolloutProgress: Hashable, Sendable, CustomStringConvertible {
    /// Tasks of this deployment that run.
    package let running: Int
    /// Tasks that it shall have.
    package let desired: Int
    /// Tasks that are being started.
    package let pending: Int
    /// Tasks of this deployment that ECS counts as failed.
    package let failed: Int
    /// The newest message of the service since the deployment was made, nil where there is none.
    package let newestEvent: String?
    /// Where in its life a deployment under BLUE_GREEN, LINEAR or CANARY is; nil where ECS does not say.
    package var stage: LifecycleStage?
    /// Percent of the production traffic that ECS sends to our revision; nil where no traffic is shifted, or ECS does not
    /// say. Source: API model, ServiceRevisionSummary, a snapshot from 0 to 100.
    package var productionWeight: Double?
    /// The hook that keeps the deployment where it is, nil where none waits for somebody.
    package var waitingHook: WaitingHook?

    package init(
        running: Int, desired: Int, pending: Int, failed: Int, newestEvent: String?, stage: LifecycleStage? = nil,
        productionWeight: Double? = nil, waitingHook: WaitingHook? = nil,
    ) {
        self.running = running
        self.desired = desired
        self.pending = pending
        self.failed = failed
        self.newestEvent = newestEvent
        self.stage = stage
        self.productionWeight = productionWeight
        self.waitingHook = waitingHook
    }

    /// `1 of 2 tasks running, 1 pending, 3 failed; PRODUCTION_TRAFFIC_SHIFT, 25 % of production traffic`.
    package var description: String {
        var tasks = ["\(running) of \(desired) tasks running"]
        if pending > 0 { tasks.append("\(pending) pending") }
        if failed > 0 { tasks.append("\(failed) failed") }
        return [tasks.joined(separator: ", "), traffic].filter { !$0.isEmpty }.joined(separator: "; ")
    }

    /// `PRODUCTION_TRAFFIC_SHIFT, 25 % of production traffic`, and the hook that waits; empty where no traffic is shifted.
    package var traffic: String {
        var parts: [String] = []
        if let stage { parts.append(stage.rawValue) }
        if let productionWeight { parts.append("\(RolloutProgress.percent(productionWeight)) of production traffic") }
        return [parts.joined(separator: ", "), waitingHook?.description ?? ""].filter { !$0.isEmpty }
            .joined(separator: "; ")
    }

    /// Whether all production traffic goes to our revision, as far as ECS says.
    ///
    /// The stage alone would do, but a weight that says otherwise is believed: nothing is called shifted that is not.
    package var isTrafficShifted: Bool {
        guard let stage, stage.isPastShift else { return false }
        return productionWeight.map { $0 >= 100 } ?? true
    }

    /// ECS takes steps of 0.1 percent. Source: API model, CanaryConfiguration `canaryPercent`.
    private static func percent(_ weight: Double) -> String {
        let tenths = Int((min(max(weight, 0), 100) * 10).rounded())
        return tenths % 10 == 0 ? "\(tenths / 10) %" : "\(tenths / 10).\(tenths % 10) %"
    }
}

/// A lifecycle hook that waits for somebody to let the deployment go on.
package struct WaitingHook: Hashable, Sendable, CustomStringConvertible {
    /// What ContinueServiceDeployment takes as `hookId`.
    package let id: String
    /// What ContinueServiceDeployment takes as `serviceDeploymentArn`; empty where ECS does not say.
    package let deploymentARN: String
    /// The stage at which it waits.
    package let stage: LifecycleStage?
    /// When ECS stops waiting.
    package let expires: Timestamp?
    /// CONTINUE or ROLLBACK: what ECS does then. Source: API model, DeploymentLifecycleHookTimeoutConfiguration, which
    /// rolls back where nothing is said.
    package let actionOnExpiry: String

    package init(
        id: String, deploymentARN: String, stage: LifecycleStage?, expires: Timestamp?, actionOnExpiry: String,
    ) {
        self.id = id
        self.deploymentARN = deploymentARN
        self.stage = stage
        self.expires = expires
        self.actionOnExpiry = actionOnExpiry
    }

    /// What `description` begins with.
    package static let waits = "waits for approval"

    /// What a person does about it.
    package static func remedy(for key: ServiceKey) -> String {
        "Let it go on with 'mooring approve \(key)' or 'approve' in the manifest, or take it back with 'mooring abort \(key)'."
    }

    /// `waits for approval at POST_SCALE_UP until 2026-11-26T10:00:00Z, then ECS rolls back`.
    package var description: String {
        let place = stage.map { " at \($0.rawValue)" } ?? ""
        let end = actionOnExpiry == "CONTINUE" ? "then ECS goes on" : "then ECS rolls back"
        let until = expires.map { " until \($0.iso8601), \(end)" } ?? ""
        return "\(WaitingHook.waits)\(place)\(until)"
    }
}

extension DeploymentRecord {
    /// The stage that the record shows, nil where it shows none or a new word.
    package var stage: LifecycleStage? { described["lifecycleStage"]?.text.flatMap(LifecycleStage.init(rawValue:)) }

    /// Percent of production traffic on the target revision.
    package var productionWeight: Double? {
        described["targetServiceRevision"]?["requestedProductionTrafficWeight"]?.double.flatMap {
            $0.isFinite ? $0 : nil
        }
    }

    /// The first hook that waits for somebody, nil where none does.
    ///
    /// Source: API model, DeploymentLifecycleHookDetail: status AWAITING_ACTION, and the `hookId` that
    /// ContinueServiceDeployment takes. A function that still runs (IN_PROGRESS) waits for nobody.
    package var waitingHook: WaitingHook? {
        for hook in (described["lifecycleHookDetails"]?.elements ?? []).prefix(Limits.hooks)
        where hook["status"]?.text == "AWAITING_ACTION" {
            guard let id = hook["hookId"]?.text, !id.isEmpty else { continue }
            return WaitingHook(
                id: id, deploymentARN: described["serviceDeploymentArn"]?.text ?? "", stage: stage,
                expires: hook["expiresAt"].flatMap(Timestamp.init(seconds:)),
                actionOnExpiry: hook["timeoutAction"]?.text ?? "ROLLBACK")
        }
        return nil
    }
}
