/// How the tasks of an image end.
package struct ImageRule: Equatable, Sendable {
    /// The whole image, with `*` for any text: `*:bad`, `acme/*:v4`.
    package var pattern: String
    package var behaviour: ImageBehaviour
    /// What a load balancer says of a target that is never healthy: `Health checks failed with these codes: [503]`.
    package var targetReason: String?
    /// The rule holds for tasks started in this stretch of time; nil is open.
    package var from: Int64?
    package var until: Int64?

    package init(
        _ pattern: String, _ behaviour: ImageBehaviour, targetReason: String? = nil, from: Int64? = nil,
        until: Int64? = nil,
    ) {
        self.pattern = pattern
        self.behaviour = behaviour
        self.targetReason = targetReason
        self.from = from
        self.until = until
    }

    func matches(_ image: String, at now: Int64) -> Bool {
        if let from, now < from { return false }
        if let until, now >= until { return false }
        return Pattern.matches(pattern, image)
    }
}

package enum ImageBehaviour: Equatable, Sendable {
    /// The image is not there or may not be read: the task never starts. The text is AWS's for a missing image if nil.
    case cannotPull(reason: String? = nil)
    /// The task's resources cannot be set up: `ResourceInitializationError: …`, the whole text. It is AWS's for a task that
    /// does not reach the registry if nil.
    case cannotInitialize(reason: String? = nil)
    /// The process exits after it ran for a while.
    case crashes(exitCode: Int = 1, afterMilliseconds: Int64 = 5_000)
    /// The kernel kills the process for its use of memory after it ran for a while.
    case runsOutOfMemory(afterMilliseconds: Int64 = 5_000)
    /// The container runs and its health check, or the load balancer's, never passes. Without either nothing notices.
    case neverHealthy
    /// Everything goes well, only later.
    case slow(Delays)

    /// Additional milliseconds of a task's life.
    package struct Delays: Equatable, Sendable {
        /// From PENDING to RUNNING.
        package var starting: Int64
        /// From RUNNING to healthy. A load balancer without a grace period that covers it condemns the task before.
        package var healthy: Int64
        /// From SIGTERM to the end of the process.
        package var stopping: Int64

        package init(starting: Int64 = 0, healthy: Int64 = 0, stopping: Int64 = 0) {
            self.starting = starting
            self.healthy = healthy
            self.stopping = stopping
        }
    }
}

/// Names with stars.
enum Pattern {
    /// Whether a text is the pattern; a `*`, wherever it stands and however often, is any text, none too.
    static func matches(_ pattern: String, _ text: String) -> Bool {
        guard pattern.utf8.contains(UInt8(ascii: "*")) else { return text == pattern }
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false)
        guard let first = parts.first, let last = parts.last, text.hasPrefix(first) else { return false }
        var rest = text.dropFirst(first.count)
        // The first place where a part fits leaves the most for those behind it.
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.firstRange(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        return rest.hasSuffix(last)
    }
}
