package import MooringNames

/// A file of an environment's folder.
package struct ManifestInput: Hashable, Sendable {
    /// From the repository's root.
    package let path: TreePath
    package let bytes: [UInt8]

    package init(path: TreePath, bytes: [UInt8]) {
        self.path = path
        self.bytes = bytes
    }
}
