import MooringShapes

/// Rules of images.
enum ImageRules {
    private static let reference = "API reference, ContainerDefinition, image"

    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule("image-missing", .error, source: "ECS refuses: 'Container.image should not be null or empty.'") {
            task, report in
            for container in task.containers {
                if let value = container.value["image"], value.text?.isEmpty != true { continue }
                report.add(
                    "\(container.phrase) has no 'image'. Add it, with a tag or a digest.",
                    at: container.value["image"] ?? container.value, container.path("image"))
            }
        },
        ProseRule("image-characters", .error, source: "ECS refuses: 'Container.image contains invalid characters.'") {
            task, report in
            for container in task.containers {
                guard let text = container.value["image"]?.settledText, let bad = text.utf8.first(where: isRefused),
                    Placeholder.found(in: text) == nil
                else { continue }
                let what = bad <= 0x20 ? "a space or line break" : "'\(Unicode.Scalar(bad))'"
                report.add(
                    "The image '\(text.shortened)' holds \(what), which ECS refuses there. Write it as "
                        + "'registry/name:tag'.", at: container.value["image"], container.path("image"))
            }
        },
        ProseRule("image-too-long", .error, source: "\(reference): 255 characters, a digest not counted") {
            task, report in
            for container in task.containers {
                guard let text = container.value["image"]?.text else { continue }
                let length = text.utf8.prefix { $0 != UInt8(ascii: "@") }.count
                guard length > 255 else { continue }
                report.add(
                    "The image's name has \(length) characters; ECS takes at most 255.", at: container.value["image"],
                    container.path("image"))
            }
        },
        ProseRule(
            "latest-tag", .warning, source: "Developer guide, image resolution: a tag is resolved once a deployment"
        ) {
            task, report in
            for container in task.containers {
                guard let text = container.value["image"]?.settledText, !text.isEmpty, isMovable(text) else { continue }
                report.add(
                    "The image '\(text.shortened)' "
                        + "\(tag(of: text) == nil ? "has no tag, which means 'latest'" : "is tagged 'latest'"): "
                        + "what runs is not what git says, and a newer image "
                        + "is not deployed by itself. Name a version, or "
                        + "a digest.", at: container.value["image"], container.path("image"))
            }
        },
    ]

    /// White space, and what belongs to no name or tag.
    private static func isRefused(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...0x20, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "{"), UInt8(ascii: "}"), UInt8(ascii: "\""),
            UInt8(ascii: "'"):
            true
        default: false
        }
    }

    private static func isMovable(_ image: String) -> Bool {
        if image.utf8.contains(UInt8(ascii: "@")) { return false }
        // Templates are another rule's to speak of.
        if image.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "{") }) { return false }
        return tag(of: image).map { $0 == "latest" } ?? true
    }

    /// What stands behind the last colon, unless that is a registry's port.
    private static func tag(of image: String) -> Substring? {
        guard let colon = image.lastIndex(of: ":"), !image[colon...].contains("/") else { return nil }
        return image[image.index(after: colon)...]
    }
}
