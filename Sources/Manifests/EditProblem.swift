package import MooringNames
package import MooringShapes

/// Why a manifest is not changed.
package struct EditProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// Where; nil where no file is to blame.
    package let file: TreePath?
    package let position: SourcePosition?
    /// What is wrong and what to do, in sentences.
    package let message: String

    package init(_ message: String, file: TreePath? = nil, position: SourcePosition? = nil) {
        self.message = message
        self.file = file
        self.position = position
    }

    package var description: String {
        guard let file else { return message }
        return "\(file)\(position.map { ":\($0)" } ?? ""): \(message)"
    }
}
