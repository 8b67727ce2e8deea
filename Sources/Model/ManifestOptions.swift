package import MooringNames

/// What a manifest says to Mooring under its top-level key `mooring`. Never reaches AWS.
package struct MooringOptions: Hashable, Sendable {
    /// An existing service without an owner may be taken over.
    package var adopt: Bool
    /// A service that CloudFormation also manages may be changed.
    package var shared: Bool
    /// Services that must stand as git says before this one is touched. In the order they are written.
    package var dependsOn: [ServiceKey]
    /// How long a rollout may take before it is reported as failed; nil for the environment's own bound.
    package var timeout: Duration?
    /// Members that are not compared, as paths: `desiredCount`, `containerDefinitions[web].image`.
    package var ignore: [String]
    /// Why the service is left alone, nil where it is not. Empty where the manifest gives no reason.
    package var pause: String?
    /// A deployment is forced when this token changes.
    package var redeploy: String?
    /// The service may be made anew where a change needs that.
    package var replace: Bool

    package init(
        adopt: Bool = false, shared: Bool = false, dependsOn: [ServiceKey] = [], timeout: Duration? = nil,
        ignore: [String] = [], pause: String? = nil, redeploy: String? = nil, replace: Bool = false,
    ) {
        self.adopt = adopt
        self.shared = shared
        self.dependsOn = dependsOn
        self.timeout = timeout
        self.ignore = ignore
        self.pause = pause
        self.redeploy = redeploy
        self.replace = replace
    }
}

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

    package init(
        adopt: Bool = false, ignore: [String] = [], pause: String? = nil, freeze: [FreezeWindow] = [],
    ) {
        self.adopt = adopt
        self.ignore = ignore
        self.pause = pause
        self.freeze = freeze
    }
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
