package import MooringModel

/// Whether a rollout has had its time.
package enum RolloutDeadline: Hashable, Sendable {
    /// It may go on; look again after that.
    case within(remaining: Duration)
    /// It has had its time and waits for a person, which is no failure: ECS ends the wait itself.
    case waitsForPerson(WaitingHook)
    /// It has had its time. `sentence` says what that means, `remedy` what to do.
    case overdue(by: Duration, sentence: String, remedy: String)

    /// Judges a rollout.
    ///
    /// - Parameters:
    ///   - outcome: what became of it so far. What has ended, or has shifted its traffic where that is waited for, is
    ///     never overdue.
    ///   - began: when ECS made the deployment.
    ///   - timeout: how long it may take.
    ///   - now: a clock that is behind counts as no time.
    ///   - watched: for how long this process has seen it: what counts where the clocks disagree, or ECS's goes faster.
    package static func deadline(
        of outcome: RolloutOutcome, began: Timestamp, timeout: RolloutTimeout, now: Timestamp,
        watched: Duration = .zero,
    ) -> RolloutDeadline {
        let passed = max(now - began, watched, .zero)
        guard passed >= timeout.duration, !outcome.isEnd, !outcome.isSuccess else {
            return .within(remaining: max(timeout.duration - passed, .zero))
        }
        if let hook = outcome.progress?.waitingHook { return .waitsForPerson(hook) }
        let words = DeadlineWords(outcome: outcome, passed: passed, timeout: timeout)
        return .overdue(by: passed - timeout.duration, sentence: words.sentence, remedy: words.remedy)
    }

    /// Whether it has had its time and nothing excuses it.
    package var isOverdue: Bool {
        if case .overdue = self { true } else { false }
    }
}

/// What is said of a rollout that takes too long.
private struct DeadlineWords {
    let outcome: RolloutOutcome
    let passed: Duration
    let timeout: RolloutTimeout

    var sentence: String {
        let source = timeout.isFromManifest ? "the manifest allows" : "its settings let expect"
        return "The rollout is not over after \(passed.spoken), more than the \(timeout.duration.spoken) that \(source)"
            + "\(state). \(prospect)"
    }

    private var state: String {
        switch outcome {
        case .inProgress(let progress), .trafficShifted(let progress): ": \(progress)"
        case .rollingBack: ": ECS is rolling it back"
        case .unknown: ": ECS does not show it"
        case .completed, .failed, .superseded: ""
        }
    }

    private var prospect: String {
        if case .rollingBack = outcome { return "The rollback goes on." }
        return timeout.isGuarded
            ? "ECS goes on trying until its circuit breaker trips or an alarm fires."
            : "Without a circuit breaker ECS goes on trying without end."
    }

    var remedy: String {
        let more = "allow more with 'mooring: {timeout: …}' where it only needs longer."
        return timeout.isGuarded
            ? "Mend or revert the change, or \(more)"
            : "Mend or revert the change, turn on deploymentCircuitBreaker with rollback, or \(more)"
    }
}

extension Duration {
    /// `45s`, `30m`, `1h 30m`, `26h`: what a person needs of it, rounded down.
    package var spoken: String {
        let seconds = wholeMilliseconds / 1000
        if seconds < 120 { return "\(seconds)s" }
        let minutes = seconds / 60
        if minutes < 120 { return "\(minutes)m" }
        return minutes % 60 == 0 ? "\(minutes / 60)h" : "\(minutes / 60)h \(minutes % 60)m"
    }
}
