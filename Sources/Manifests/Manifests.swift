package import MooringModel
package import MooringNames

/// Reads an environment's folder.
package enum Manifests {
    /// Where the settings of an environment in this folder are.
    package static func settingsPath(in folder: TreePath?) -> TreePath? {
        ManifestFolderPath(path: folder).settingsPath
    }

    /// What the files of a folder say the environment should be.
    ///
    /// A function of its arguments; the order of the files does not matter. A bad document fails alone: the others are in
    /// the answer, and services that cannot be used are named in `badServices` where they can be recognised. For manifests
    /// whose bases lie outside of the folder, or whose variables are parameters, see `ManifestCollection`.
    ///
    /// - Parameters:
    ///   - files: every `*.json`, `*.yaml` and `*.yml` below the folder; what its manifests build upon may be among them.
    ///   - folder: the environment's folder, nil for the repository's root.
    ///   - refused: entries that whoever listed the folder would not read, and why. Paths are for display.
    ///   - defaultCluster: the cluster of services that name none; ECS's own `default` where nil.
    package static func desiredState(
        of files: [ManifestInput], folder: TreePath? = nil, refused: [(path: String, reason: String)] = [],
        defaultCluster: ClusterName? = nil,
    ) -> DesiredState {
        ManifestCollection(of: files, folder: folder, refused: refused, defaultCluster: defaultCluster)
            .desiredState(.offline)
    }
}

/// The environment's folder in the repository.
struct ManifestFolderPath {
    let path: TreePath?
    let settingsPath: TreePath?

    init(path: TreePath?) {
        self.path = path
        let text = path.map { "\($0)/\(SettingsReader.fileName)" } ?? SettingsReader.fileName
        // Only a folder whose path is nearly as long as a path can be makes this fail; it can hold no settings then.
        settingsPath = try? TreePath(text)
    }

    /// A path below the folder, seen from it.
    func relative(_ text: String) -> String {
        guard let path, text.hasPrefix(path.text + "/") else { return text }
        return String(text.dropFirst(path.text.count + 1))
    }

    /// Whether a file has the name of the settings, or nearly, and is not where they are read.
    func isMisnamedSettings(_ path: TreePath) -> Bool {
        ["mooring.yaml", "mooring.yml", "mooring.json"].contains(path.fileName.lowercased())
    }
}
