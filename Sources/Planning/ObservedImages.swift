package import MooringNames

/// What stands behind images that are named by tags: what runs, and what the registry has. Reports only: nothing is deployed
/// because of it.
package struct ObservedImages: Hashable, Sendable {
    /// By the ARN of the service revision. What ECS resolved once never changes, so these outlive a pass.
    package var running: [String: Reading<RunningImages>] = [:]
    /// What a tag stood for when it was last asked for; these outlive a pass.
    package var tags: [RegistryTag: Reading<RegistryImage>] = [:]
    /// Uptime at which service revisions were asked for.
    package var askedRunning: [String: Duration] = [:]
    /// Uptime at which tags were asked for.
    package var askedTags: [RegistryTag: Duration] = [:]

    /// Service revisions that one call is asked for.
    package static let revisionsPerCall = Limits.serviceRevisionsPerDescribe
    /// Tags of one repository that one call is asked for.
    package static let tagsPerCall = Limits.tagsPerDescribe

    package init() {}

    /// Forgets the service revisions that nothing runs any more, and tags that nobody has asked for since.
    package mutating func forget(revisionsExcept current: Set<String>, tagsAskedBefore moment: Duration) {
        running = running.filter { current.contains($0.key) }
        askedRunning = askedRunning.filter { current.contains($0.key) }
        askedTags = askedTags.filter { $0.value >= moment }
        tags = tags.filter { askedTags[$0.key] != nil }
    }
}

/// The images of a service revision as ECS resolved them.
package struct RunningImages: Hashable, Sendable {
    /// When the service revision was made, in seconds since 1970; nil where ECS does not say.
    package let createdAt: Double?
    package let images: [Image]

    package init(createdAt: Double?, images: [Image]) {
        self.createdAt = createdAt
        self.images = images
    }

    /// An element of `containerImages`.
    package struct Image: Hashable, Sendable {
        package let container: String
        /// As the task definition names it.
        package let image: String
        /// `sha256:` and its digits.
        package let digest: String

        package init(container: String, image: String, digest: String) {
            self.container = container
            self.image = image
            self.digest = digest
        }
    }
}

/// The image that a registry has behind a tag.
package struct RegistryImage: Hashable, Sendable {
    /// `sha256:` and its digits.
    package let digest: String
    /// When it was pushed, in seconds since 1970; nil where the registry does not say.
    package let pushedAt: Double?
    /// Whether it is a list of images, one a platform, and not one image.
    package let isIndex: Bool

    package init(digest: String, pushedAt: Double?, isIndex: Bool) {
        self.digest = digest
        self.pushedAt = pushedAt
        self.isIndex = isIndex
    }

    /// Whether a deployment made now would run another image than this one.
    ///
    /// Of an index, ECS may show the digest of the one platform's image, which is never the index's own: there only a push
    /// after the deployment tells.
    func isOther(than running: RunningImages.Image, deployedAt: Double?) -> Bool {
        guard digest != running.digest else { return false }
        guard isIndex else { return true }
        guard let pushedAt, let deployedAt else { return false }
        return pushedAt > deployedAt
    }
}
