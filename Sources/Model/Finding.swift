package import MooringNames
package import MooringShapes

/// What is to be said about one place of an environment's manifests.
package struct Finding: Hashable, Sendable {
    package let severity: Severity
    /// Stable, in kebab-case: `unknown-member`, `duplicate-service`. People and programs may rely on it.
    package let rule: String
    /// What, why, and what to do about it.
    package let message: String
    /// The file, from the repository's root; nil where its name is no path that may be used, in which case the message
    /// names it.
    package let file: TreePath?
    /// Where in the file; nil where the finding is about the whole of it.
    package let position: SourcePosition?
    /// From the root of the API input: `containerDefinitions[0].portMappings[1].hostPort`. Empty for the input itself.
    package let memberPath: String

    package init(
        severity: Severity, rule: String, message: String, file: TreePath?, position: SourcePosition? = nil,
        memberPath: String = "",
    ) {
        self.severity = severity
        self.rule = rule
        self.message = message
        self.file = file
        self.position = position
        self.memberPath = memberPath
    }

    /// `production/web.yaml:3:5`, as editors and terminals turn into a link; empty without a file.
    package var place: String {
        guard let file else { return "" }
        return position.map { "\(file):\($0)" } ?? file.text
    }

    /// One line for people: `production/web.yaml:3:5: error: … [unknown-member]`.
    package var line: String {
        let head = place.isEmpty ? "" : place + ": "
        return "\(head)\(severity.rawValue): \(message) [\(rule)]"
    }

    /// The element of the list that `validate --output json` prints.
    package var json: Value {
        .map(present: [
            ("file", file.map { .string($0.text) }),
            ("line", position.map { .integer($0.line) }),
            ("column", position.map { .integer($0.column) }),
            ("severity", .string(severity.rawValue)),
            ("rule", .string(rule)),
            ("member", memberPath.isEmpty ? nil : .string(memberPath)),
            ("message", .string(message)),
        ])
    }
}

extension Finding: Comparable {
    /// By place, and at one place the gravest first.
    package static func < (left: Finding, right: Finding) -> Bool {
        if left.file != right.file { return left.file?.text ?? "" < right.file?.text ?? "" }
        if left.position != right.position {
            let start = SourcePosition(line: 0, column: 0)
            return left.position ?? start < right.position ?? start
        }
        return (left.severity, left.rule, left.memberPath, left.message)
            < (right.severity, right.rule, right.memberPath, right.message)
    }
}
