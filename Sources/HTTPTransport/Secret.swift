/// A text that must not be seen: a token, a password, a secret key.
///
/// However it is printed, logged, dumped or interpolated, only the word `redacted` shows.
package struct Secret: Hashable, Sendable, CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    private let text: String

    package init(_ text: String) { self.text = text }

    /// The text itself, for the one place that sends it. Never put it into a message.
    package var revealed: String { text }

    package var isEmpty: Bool { text.isEmpty }

    package var description: String { "redacted" }
    package var debugDescription: String { "redacted" }
    package var customMirror: Mirror { Mirror(self, children: [:]) }
}
