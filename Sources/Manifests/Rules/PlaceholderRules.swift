import MooringShapes

/// Rules of what templates, other people's examples and the AWS CLI's skeletons leave in a document.
enum PlaceholderRules {
    /// The rule that tells a skeleton; where it speaks, hardly any other need.
    static let skeleton = "cli-skeleton"

    static let all: [ProseRule<DocumentInput>] = [
        ProseRule(skeleton, .error, source: "AWS CLI, --generate-cli-skeleton: every member with an empty value") {
            document, report in
            let name = document.kind.nameMember
            guard let value = document.value[name], value.text?.isEmpty == true else { return }
            let count = emptyTexts(in: document.value)
            guard count >= Limits.emptyTextsOfSkeleton else { return }
            report.add(
                "This is the skeleton that the AWS CLI generates, not yet "
                    + "filled in: '\(name)' and \(count - 1) other texts are "
                    + "empty. Fill in what is wanted and remove everything else.", at: value, name)
        },
        ProseRule("empty-texts", .warning, source: "AWS CLI, --generate-cli-skeleton: every member with an empty value")
        {
            document, report in
            guard document.value[document.kind.nameMember]?.text?.isEmpty == false else { return }
            let count = emptyTexts(in: document.value)
            guard count >= Limits.emptyTextsOfSkeleton else { return }
            report.add(
                "\(count) texts are empty, as the AWS CLI's skeletons "
                    + "leave them, and ECS reads some of them as wishes. Remove "
                    + "what is not wanted.", at: nil, "")
        },
        ProseRule("template-leftover", .error, source: "No name, id or ARN in AWS holds such characters") {
            document, report in
            for leftover in document.leftovers where leftover.isCertain {
                report.add(
                    leftover.isUnclosed
                        ? unclosed(leftover)
                        : "\(leftover.path) still holds the placeholder "
                            + "'\(leftover.placeholder.shortened)'. Mooring runs no other "
                            + "tool's templates: put in the value, or declare "
                            + "a variable in mooring.yaml and write ${name}.",
                    at: leftover.value, leftover.path)
            }
        },
        ProseRule("template-text", .warning, source: "Looks like a placeholder of another tool's templates") {
            document, report in
            for leftover in document.leftovers where !leftover.isCertain {
                report.add(
                    leftover.isUnclosed
                        ? unclosed(leftover)
                        : "\(leftover.path) holds '\(leftover.placeholder.shortened)', "
                            + "which looks like a template's placeholder and "
                            + "is sent as it is. Put in the value if it is one.", at: leftover.value, leftover.path)
            }
        },
    ]

    private static func unclosed(_ leftover: Leftover) -> String {
        "\(leftover.path) holds '\(leftover.placeholder.shortened)', which no '}' closes, so it is no variable. Write "
            + "'${name}' if one is meant."
    }

    /// How many texts are empty, variables' values not counted: those may well be.
    private static func emptyTexts(in value: Value) -> Int {
        switch value.node {
        case .scalar(let scalar): scalar.style == .string && scalar.text.isEmpty ? 1 : 0
        case .list(let elements): elements.reduce(0) { $0 + emptyTexts(in: $1) }
        case .map(let members):
            members.reduce(0) { $0 + ($1.name == "environment" ? 0 : emptyTexts(in: $1.value)) }
        }
    }
}
