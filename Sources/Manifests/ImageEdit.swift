package import MooringNames
package import MooringShapes

/// The change of one scalar that gives a container another image.
package struct ImageEdit: Hashable, Sendable {
    package let file: TreePath
    /// Where the scalar stands in the file.
    package let position: SourcePosition
    /// What it shall say.
    package let text: String
    /// The container's image as it is now; nil where it depends on a parameter that is not known.
    package let previous: String?
    package let origin: Origin

    /// What kind of place it is: how far the change reaches.
    package enum Origin: Hashable, Sendable {
        /// The manifest of the task definition itself.
        case manifest
        /// A base under it, on which others may build as well.
        case base
        /// A variable of `mooring.yaml`, which others may use as well.
        case variable(String)
    }

    /// The file with the change made.
    package func applied(to input: ManifestInput) throws(EditProblem) -> [UInt8] {
        try ScalarEdit.replacing(scalarAt: position, with: text, in: input)
    }
}
