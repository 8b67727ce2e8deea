/// How much a finding matters.
package enum Severity: String, Codable, Hashable, Comparable, Sendable, CaseIterable {
    /// ECS would refuse the input, or what it means cannot be told: the document is not used.
    case error
    /// The input is used as it is; it may not do what its author wants.
    case warning
    /// The input was read in another way than it was written, without loss.
    case remark

    /// The gravest first.
    package static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .error: 0
        case .warning: 1
        case .remark: 2
        }
    }
}

/// What the shape engine has to say about one place of a tree. It knows no file: whoever read the tree does.
package struct ShapeFinding: Hashable, Sendable {
    package var severity: Severity
    /// Stable, in kebab-case: `unknown-member`, `wrong-type`.
    package var rule: String
    /// What, why, and what to do about it.
    package var message: String
    /// Where the value or the member's name stands; nil for values that no document holds.
    package var position: SourcePosition?
    /// From the root of the input: `containerDefinitions[0].portMappings[1].hostPort`. Empty for the root itself.
    package var memberPath: String

    package init(severity: Severity, rule: String, message: String, position: SourcePosition?, memberPath: String) {
        self.severity = severity
        self.rule = rule
        self.message = message
        self.position = position
        self.memberPath = memberPath
    }
}
