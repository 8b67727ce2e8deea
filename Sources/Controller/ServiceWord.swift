package import MooringModel
package import MooringNames
import MooringPlanning
package import MooringPorts
package import MooringReconciliation
import MooringRollouts
import MooringShapes

/// What a person says of one service beside git.
package enum ServiceWord: Sendable {
    /// What ECS rejected may be tried again.
    case retry
    /// The rollout that waits may go on.
    case approve
    /// The rollout under way is to be taken back.
    case abort

    /// What follows from it, for a service as ECS shows it now.
    ///
    /// - Parameter newest: the service's newest service deployment; nil where it has none.
    package func answer(
        for service: ObservedService, newest: DeploymentRecord?, policy: EnvironmentPolicy,
    ) -> ServiceAnswer {
        if let objection = ServiceWord.objection(to: service, policy) { return ServiceAnswer(objection, exitCode: 1) }
        let context = Context(service: service, newest: newest, policy: policy)
        return switch self {
        case .retry: context.retry
        case .approve: context.approval
        case .abort: context.abortion
        }
    }

    /// Whether the service says by itself that ECS rejected what git wants.
    package static func isRejected(_ service: ObservedService, of policy: EnvironmentPolicy) -> Bool {
        objection(to: service, policy) == nil && service.status == "ACTIVE"
            && (service.tag(OwnTag.rejected) != nil || service.primary?.rolloutState == "FAILED")
    }

    /// Why this environment has no say in it, nil where it has.
    private static func objection(to service: ObservedService, _ policy: EnvironmentPolicy) -> String? {
        switch service.tag(OwnTag.environment) {
        case policy.identity.text: nil
        case let owner?: "\(service.key): the service is managed by '\(owner)', not by '\(policy.identity)'."
        case nil:
            "\(service.key): no environment of Mooring manages the service; it does not carry the tag "
                + "\(OwnTag.environment)."
        }
    }

    /// The service that `text` means: `web`, or `cluster/web`.
    package static func key(_ text: String, in clusters: [ClusterName]) throws(Failure) -> ServiceKey {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        do throws(NameError) {
            switch parts.count {
            case 1:
                let service = try ServiceName(parts[0])
                guard clusters.count == 1, let cluster = clusters.first else {
                    throw .malformed(
                        kind: "service", text: text,
                        expected: "CLUSTER/SERVICE, where the environment has several clusters")
                }
                return ServiceKey(cluster: cluster, service: service)
            case 2:
                let key = ServiceKey(cluster: try ClusterName(parts[0]), service: try ServiceName(parts[1]))
                guard clusters.isEmpty || clusters.contains(key.cluster) else {
                    throw .malformed(
                        kind: "service", text: text,
                        expected: "one of a cluster of the environment: \(clusters.map(\.text).joined(separator: ", "))"
                    )
                }
                return key
            default: throw .malformed(kind: "service", text: text, expected: "SERVICE or CLUSTER/SERVICE")
            }
        } catch {
            throw Failure(
                code: .invalidInput, subject: "the service '\(text)'", tried: "find", cause: error.description,
                disposition: .invalidInput)
        }
    }
}

/// What is done about a service at a person's word, and what there is to say when it is done.
package struct ServiceAnswer: Hashable, Sendable {
    /// In this order.
    package var calls: [APICall] = []
    package var text: String
    package var exitCode: Int32

    package init(_ text: String, exitCode: Int32 = 0, calls: [APICall] = []) {
        self.calls = calls
        self.text = text
        self.exitCode = exitCode
    }

    /// When what may be tried again is tried again.
    package static func prospect(_ policy: EnvironmentPolicy) -> String {
        let when =
            "The controller tries what git says at its next look at every service, within "
            + "\(policy.sweepInterval.spoken); 'mooring sync' does so at once."
        return policy.act
            ? when : when + " By these settings the environment only observes: it tries nothing before 'act: true'."
    }
}

/// A service, its newest service deployment, and what may be done about them.
private struct Context {
    let service: ObservedService
    let newest: DeploymentRecord?
    let policy: EnvironmentPolicy

    private var key: ServiceKey { service.key }
    private var name: String { newest?.id.map { "service deployment \($0)" } ?? "the service deployment" }
    private var status: String { newest?.status ?? "" }
    private var isGoing: Bool { ["PENDING", "IN_PROGRESS"].contains(status) }
    private var isGoingBack: Bool {
        ["ROLLBACK_REQUESTED", "ROLLBACK_IN_PROGRESS", "STOP_REQUESTED"].contains(status)
    }

    // MARK: Retry

    var retry: ServiceAnswer {
        if isGoingBack {
            return ServiceAnswer(
                "\(key): \(name) is still being rolled back (\(status)). Say it again when that is over.", exitCode: 1)
        }
        let mark = service.tag(OwnTag.rejected)
        let failed = newest?.hasFailed == true ? newest?.id : nil
        guard mark != nil || failed != nil else {
            if newest == nil { return ServiceAnswer("\(key): nothing to retry. The service has no deployment.") }
            return ServiceAnswer("\(key): nothing to retry. Its newest \(name) is \(status).")
        }
        if mark == nil, failed == service.tag(OwnTag.retry) {
            return ServiceAnswer("\(key): what failed with \(name) may be tried again already. \(prospect)")
        }
        // The word first, then the mark: dying in between leaves one that counts and one that the next try takes off.
        var calls: [APICall] = []
        if let failed {
            calls.append(
                call(
                    "TagResource",
                    ["resourceArn": .string(service.arn), "tags": [Tag(OwnTag.retry, failed).input]]))
        }
        if mark != nil {
            calls.append(
                call(
                    "UntagResource",
                    ["resourceArn": .string(service.arn), "tagKeys": [.string(OwnTag.rejected)]]))
        }
        let what = failed == nil ? "what was rejected" : "what failed with \(name)"
        return ServiceAnswer("\(key): \(what) may be tried again. \(prospect)", calls: calls)
    }

    private var prospect: String { ServiceAnswer.prospect(policy) }

    // MARK: Approve and abort

    var approval: ServiceAnswer {
        guard let hook = newest?.waitingHook, isGoing else {
            return ServiceAnswer("\(key): nothing waits for approval. \(state)", exitCode: 1)
        }
        let others = waitingHooks - 1
        let more = others > 0 ? " \(others) more wait\(others == 1 ? "s" : "") there: approve again." : ""
        return ServiceAnswer(
            "\(key): approved. \(name.capitalisedFirst) goes on\(place(hook)).\(more)",
            calls: [proceed(hook, "CONTINUE")])
    }

    var abortion: ServiceAnswer {
        let after =
            "It counts as rejected: it is not tried again until the manifest changes or somebody says 'mooring retry'."
        if let hook = newest?.waitingHook, isGoing {
            return ServiceAnswer(
                "\(key): \(name) is taken back\(place(hook)). \(after)", calls: [proceed(hook, "ROLLBACK")])
        }
        if isGoing, let arn = newest?.described["serviceDeploymentArn"] {
            return ServiceAnswer(
                "\(key): \(name) is taken back. \(after)",
                calls: [call("StopServiceDeployment", ["serviceDeploymentArn": arn, "stopType": "ROLLBACK"])])
        }
        if isGoingBack { return ServiceAnswer("\(key): \(name) is being rolled back already (\(status)).") }
        return ServiceAnswer("\(key): nothing to abort. \(state)", exitCode: 1)
    }

    private var state: String {
        guard let newest else { return "The service has no deployment." }
        let stage = newest.stage.map { " at the stage \($0.rawValue)" } ?? ""
        return "Its newest \(name) is \(newest.status)\(isGoing || isGoingBack ? stage : "")."
    }

    private var waitingHooks: Int {
        (newest?.described["lifecycleHookDetails"]?.elements ?? []).count { $0["status"]?.text == "AWAITING_ACTION" }
    }

    private func place(_ hook: WaitingHook) -> String { hook.stage.map { " from \($0.rawValue)" } ?? "" }

    private func proceed(_ hook: WaitingHook, _ action: String) -> APICall {
        call(
            "ContinueServiceDeployment",
            [
                "serviceDeploymentArn": .string(hook.deploymentARN), "hookId": .string(hook.id),
                "action": .string(action),
            ])
    }

    private func call(_ operation: String, _ input: Value) -> APICall { APICall(.ecs, operation, input) }
}

extension String {
    fileprivate var capitalisedFirst: String { prefix(1).uppercased() + dropFirst() }
}
