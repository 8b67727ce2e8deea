package import MooringModel
package import MooringShapes

/// All that is known of a failed rollout, or of a one-off task that failed. What may not be read is left empty; a diagnosis is made of what there is.
package struct Symptoms: Sendable {
    /// Why ECS says that the rollout ended; may be empty.
    package var reason: String
    /// ECS's record of the deployment, for the alarms that fired and a rollback that found nothing.
    package var record: DeploymentRecord?
    /// Elements of the service's `events`, newest first.
    package var events: [Value]
    /// Tasks of the failed revision as DescribeTasks shows them, newest first.
    package var stoppedTasks: [Value]
    /// The service's targets, as DescribeTargetHealth shows them.
    package var targets: [TargetHealth]
    /// The ends of the failed containers' logs.
    package var logs: [LogTail]
    /// The service as described.
    package var service: Value
    /// The revision as described, or its input.
    package var taskDefinition: Value?
    /// When the rollout began, by ECS's clock; earlier events are left out.
    package var since: Timestamp?
    /// Whether this is about a one-off task, which is meant to end, and not about a service.
    package var isOneOffTask = false

    package init(
        reason: String = "", record: DeploymentRecord? = nil, events: [Value] = [], stoppedTasks: [Value] = [],
        targets: [TargetHealth] = [], logs: [LogTail] = [], service: Value = .map([]), taskDefinition: Value? = nil,
        since: Timestamp? = nil,
    ) {
        self.reason = reason
        self.record = record
        self.events = events
        self.stoppedTasks = stoppedTasks
        self.targets = targets
        self.logs = logs
        self.service = service
        self.taskDefinition = taskDefinition
        self.since = since
    }
}

/// A target of a load balancer, as far as it says how it is.
package struct TargetHealth: Hashable, Sendable {
    /// `healthy`, `unhealthy`, `initial`, `draining` …
    package let state: String
    /// `Target.ResponseCodeMismatch`, `Target.Timeout` … Source: Elastic Load Balancing API reference, TargetHealth.
    package let reason: String
    /// The load balancer's own words.
    package let text: String

    package init(state: String, reason: String = "", text: String = "") {
        self.state = state
        self.reason = reason
        self.text = text
    }

    /// What the reason says of the check: the cause lies with the program, its address, or its place.
    var remedy: String? {
        switch reason {
        case "Target.ResponseCodeMismatch":
            "Make the health check's path answer with a code that the target group takes, or correct path and codes."
        case "Target.Timeout":
            "Let the program answer within the health check's timeout: give the task more cpu, or the check more time; "
                + "check that the security group lets the load balancer in."
        case "Target.FailedHealthChecks":
            "Check that the program listens on the target group's port, on all addresses, and that the security group "
                + "lets the load balancer in."
        case "Target.NotInUse":
            "Attach the target group to a listener, and enable the task's zone on the load balancer."
        case "Target.IpUnusable": "Use subnets whose addresses the load balancer can reach."
        default: nil
        }
    }
}

/// The last lines that a container wrote.
package struct LogTail: Hashable, Sendable {
    /// The container's name.
    package let container: String
    /// Oldest first.
    package let lines: [String]

    package init(container: String, lines: [String]) {
        self.container = container
        self.lines = lines
    }

    /// The newest lines that are looked at, each cut.
    var bounded: [String] { lines.suffix(Limits.logLines).map { String($0.prefix(Limits.textLength)) } }

    /// The newest lines as they may be shown, newest last; what may hold a secret is not among them.
    var shown: [String] { harmless.suffix(Limits.shownLogLines).map { "\(container): \($0)" } }

    /// The newest line that may be shown.
    var lastShown: String? { harmless.last }

    private var harmless: [String] {
        bounded.filter { line in line.contains { !$0.isWhitespace } && !LogTail.mayHoldSecret(line) }
    }

    /// Whether a line gives a value to something that is called like a secret, or looks like a key.
    static func mayHoldSecret(_ line: String) -> Bool {
        if SecretSigns.isExposed(name: "", value: line) { return true }
        let words = line.split { $0.isWhitespace || $0 == "," || $0 == "&" || $0 == "?" || $0 == ";" }
        var namedSecret = false
        for word in words {
            if namedSecret { return true }
            guard let separator = word.firstIndex(where: { $0 == "=" || $0 == ":" }) else { continue }
            guard SecretSigns.isSecretName(String(word[..<separator])) else { continue }
            if word.index(after: separator) < word.endIndex { return true }
            namedSecret = true
        }
        return false
    }
}
