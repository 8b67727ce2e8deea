import MooringModel
import MooringShapes

/// Rules of tags, which every kind of document may have. Their count, lengths and characters are the API model's.
enum TagRules {
    private static let reference = "API reference, Tag"

    static let all: [ProseRule<DocumentInput>] = [
        ProseRule("tag-key", .error, source: "\(reference): each tag has a key") { document, report in
            for tag in document.value.items("tags") where tag.value["key"]?.text == nil {
                guard tag.value.members != nil else { continue }
                report.add("The tag has no 'key'. Add one.", at: tag.value, "tags[\(tag.index)].key")
            }
        },
        ProseRule("duplicate-tag", .error, source: "\(reference): each tag key must be unique") { document, report in
            var seen: Set<String> = []
            for tag in document.value.items("tags") {
                guard let value = tag.value["key"], let key = value.text, !seen.insert(key).inserted else { continue }
                report.add(
                    "The tag '\(key.shortened)' is given twice. Remove one.", at: value, "tags[\(tag.index)].key")
            }
        },
        ProseRule(
            "reserved-tag-prefix", .error,
            source: "\(reference): no upper or lower case combination of aws: as a prefix"
        ) {
            document, report in
            for tag in document.value.items("tags") {
                guard let value = tag.value["key"], let key = value.text, key.prefix(4).lowercased() == "aws:" else {
                    continue
                }
                report.add(
                    "Keys that begin with 'aws:', in whatever case, are AWS's own. Rename the tag '\(key.shortened)'.",
                    at: value, "tags[\(tag.index)].key")
            }
        },
        ProseRule("no-room-for-tags", .error, source: "\(reference): at most 50 tags, and Mooring sets its own") {
            document, report in
            let own =
                switch document.kind {
                case .taskDefinition: OwnTag.onRevisions.count
                case .service: OwnTag.onServices.count
                case .cluster, .run: 0
                }
            guard let value = document.value["tags"], let count = value.elements?.count, count <= 50, count + own > 50
            else { return }
            report.add(
                "There are \(count) tags; AWS takes 50, and Mooring sets up to \(own) of its own. Remove "
                    + "\(count + own - 50).", at: value, "tags")
        },
    ]
}
