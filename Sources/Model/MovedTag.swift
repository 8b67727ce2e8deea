import MooringNames

/// A tag behind which another image stands than when the service was deployed.
package struct MovedTag: Hashable, Sendable {
    /// The container whose image it is.
    package let container: String
    /// Registry and repository.
    package let address: String
    package let tag: String
    /// What runs: `sha256:` and its digits.
    package let running: String
    /// What a new deployment would run.
    package let pushed: String

    package init(container: String, address: String, tag: String, running: String, pushed: String) {
        self.container = container
        self.address = address
        self.tag = tag
        self.running = running
        self.pushed = pushed
    }

    /// The image as a manifest names it so that no push changes it.
    package var pinned: String { "\(address)@\(pushed)" }

    /// Enough of a digest to tell it from others by eye, as registries show it.
    static func short(_ digest: String) -> String { String(digest.prefix(7 + 12)) }
}
