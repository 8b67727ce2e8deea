/// The environment's own settings in git: `mooring.yaml` at the root of its folder.
package struct EnvironmentOptions: Hashable, Sendable {
    /// Existing services without an owner may be taken over.
    package var adopt: Bool
    /// Files below the folder that are not read, as globs relative to it: `drafts/**`, `*.local.json`.
    package var ignore: [String]
    /// Why the whole environment is left alone, nil where it is not. Empty where no reason is given.
    package var pause: String?
    /// Times in which nothing is changed. In the order they are written.
    package var freeze: [FreezeWindow]
    /// Both of the above. In the order they are written.
    package var holds: [HoldWindow] = []
    /// What is done about differences that no commit made, where a service's manifest says nothing.
    package var drift = DriftOptions()
    /// What follows a rollout that failed.
    package var onFailure: FailurePolicy = .breaker
    /// Services that left git are removed; nil where they stay.
    package var prune: PruneOptions?

    package init(
        adopt: Bool = false, ignore: [String] = [], pause: String? = nil, freeze: [FreezeWindow] = [],
    ) {
        self.adopt = adopt
        self.ignore = ignore
        self.pause = pause
        self.freeze = freeze
    }
}

/// What follows a rollout that failed: `onFailure` in `mooring.yaml`.
package enum FailurePolicy: String, Hashable, Sendable, CaseIterable {
    /// ECS's circuit breaker does what the service says; Mooring does nothing.
    case breaker
    /// Where ECS does not go back by itself, Mooring goes back to the revision that was last reached.
    case rollBack = "roll-back"
    /// What failed stays for people to look at, and nothing else of the environment is started.
    case hold
}

/// How services that left git are removed.
package struct PruneOptions: Hashable, Sendable {
    /// Most services that one pass may remove: `max`.
    package var maximum: Int

    package init(maximum: Int) { self.maximum = maximum }
}

/// A time in which an environment is not changed.
package struct FreezeWindow: Hashable, Sendable {
    /// First moment of the freeze; nil where it has begun already.
    package let from: Timestamp?
    /// First moment after the freeze.
    package let until: Timestamp
    /// For people; empty where none is given.
    package let reason: String

    package init(from: Timestamp?, until: Timestamp, reason: String) {
        self.from = from
        self.until = until
        self.reason = reason
    }
}

extension EnvironmentOptions {
    /// The freeze that `now` lies in, the one that ends last where there are several; nil where there is none.
    package func freeze(at now: Timestamp) -> FreezeWindow? {
        freeze.filter { now < $0.until && $0.from.map { $0 <= now } ?? true }.max { $0.until < $1.until }
    }
}
