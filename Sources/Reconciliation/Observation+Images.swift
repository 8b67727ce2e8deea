import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringShapes

/// What the registry and ECS say of images.
extension Observation {
    /// Whether it is only asked to tell of tags that moved.
    var isAboutImages: Bool {
        switch self {
        case .registryTags, .runningImages: true
        default: false
        }
    }

    /// Whether one of the images that were asked for is not there: then ECR answers for none of them.
    /// Source: API reference of Amazon ECR, DescribeImages.
    static func isOfMissingImage(_ failure: Failure) -> Bool { failure.code.rawValue == "ImageNotFoundException" }

    /// Asks for each half by itself, until the one that is missing stands alone: at most twice as many calls as tags.
    func lookedForApart(_ tags: [RegistryTag], in observed: inout Observed) -> [Observation] {
        guard tags.count > 1 else {
            for tag in tags { observed.images.tags[tag] = .missing }
            return []
        }
        return tags.chunked(by: (tags.count + 1) / 2).map(Observation.registryTags)
    }

    /// Enters an answer of DescribeImages.
    static func enter(_ answer: Value, about tags: [RegistryTag], in observed: inout Observed) {
        var found: [String: RegistryImage] = [:]
        for detail in answer["imageDetails"]?.elements ?? [] {
            guard let digest = detail["imageDigest"]?.text else { continue }
            let image = RegistryImage(
                digest: digest, pushedAt: detail["imagePushedAt"]?.double,
                isIndex: isIndex(detail["imageManifestMediaType"]?.text ?? ""))
            for tag in detail["imageTags"]?.elements ?? [] { if let tag = tag.text { found[tag] = image } }
        }
        for tag in tags { observed.images.tags[tag] = found[tag.tag].map(Reading.known) ?? .missing }
    }

    /// Source: the image specification of the Open Container Initiative, and Docker's manifest list, schema 2.
    private static func isIndex(_ mediaType: String) -> Bool {
        mediaType.hasPrefix("application/vnd.oci.image.index.")
            || mediaType.hasPrefix("application/vnd.docker.distribution.manifest.list.")
    }

    /// Enters an answer of DescribeServiceRevisions.
    static func enter(_ answer: Value, about arns: [String], in observed: inout Observed) {
        for arn in arns { observed.images.running[arn] = .missing }
        for revision in answer["serviceRevisions"]?.elements ?? [] {
            guard let arn = revision["serviceRevisionArn"]?.text, arns.contains(arn) else { continue }
            let images = (revision["containerImages"]?.elements ?? []).compactMap { image -> RunningImages.Image? in
                guard let container = image["containerName"]?.text, let name = image["image"]?.text,
                    let digest = image["imageDigest"]?.text
                else { return nil }
                return RunningImages.Image(container: container, image: name, digest: digest)
            }
            observed.images.running[arn] = .known(
                RunningImages(createdAt: revision["createdAt"]?.double, images: images))
        }
    }
}
