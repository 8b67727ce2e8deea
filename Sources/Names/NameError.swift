/// Why a text was refused as a name.
///
/// Each case carries the text that was refused, so that a message can say what was tried on what.
package enum NameError: Error, Equatable, Sendable, CustomStringConvertible {
    /// The text is empty.
    case empty(kind: String)
    /// The text is longer than the API allows.
    case tooLong(kind: String, text: String, maximum: Int)
    /// The text holds something the API does not allow.
    case malformed(kind: String, text: String, expected: String)

    package var description: String {
        switch self {
        case .empty(let kind):
            "\(kind) is empty."
        case .tooLong(let kind, let text, let maximum):
            "\(kind) '\(text.prefix(40))…' has \(text.utf8.count) characters; at most \(maximum) are allowed."
        case .malformed(let kind, let text, let expected):
            "\(kind) '\(text.prefix(200))' is not valid: expected \(expected)."
        }
    }
}
