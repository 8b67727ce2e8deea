package import MooringModel
package import MooringNames
import MooringShapes

/// Reads an environment's folder.
package enum Manifests {
    /// What the files of a folder say the environment should be.
    ///
    /// A function of its arguments; the order of the files does not matter. A bad document fails alone: the others are in
    /// the answer, and services that cannot be used are named in `badServices` where they can be recognised.
    ///
    /// - Parameters:
    ///   - files: every `*.json`, `*.yaml` and `*.yml` below the folder.
    ///   - folder: the environment's folder, nil for the repository's root.
    ///   - refused: entries that whoever listed the folder would not read, and why. Paths are for display.
    ///   - defaultCluster: the cluster of services that name none; ECS's own `default` where nil.
    package static func desiredState(
        of files: [ManifestInput], folder: TreePath? = nil, refused: [(path: String, reason: String)] = [],
        defaultCluster: ClusterName? = nil,
    ) -> DesiredState {
        let folder = Folder(path: folder)
        let files = files.sorted { $0.path < $1.path }
        let settings =
            files.first { $0.path == folder.settingsPath }.map(SettingsReader.read) ?? SettingsReader.Result()
        var assembly = Assembly(
            settings: settings.options, settingsPath: folder.settingsPath, defaultCluster: defaultCluster ?? .standard)
        assembly.findings += settings.findings
        var ignored: [TreePath] = []
        let reader = ManifestReader(table: .ecs)
        for file in files where file.path != folder.settingsPath {
            if settings.globs.contains(where: { $0.matches(folder.relative(file.path.text)) }) {
                ignored.append(file.path)
            } else if folder.isMisnamedSettings(file.path) {
                assembly.findings.append(misnamed(file.path))
            } else {
                read(file, with: reader, into: &assembly)
            }
        }
        for entry in refused where !settings.globs.contains(where: { $0.matches(folder.relative(entry.path)) }) {
            assembly.findings.append(refusal(of: entry.path, reason: entry.reason))
        }
        var state = assembly.state()
        state.ignoredFiles = ignored
        return state
    }

    private static func read(_ file: ManifestInput, with reader: ManifestReader, into assembly: inout Assembly) {
        let result = DocumentReader.read(file)
        for document in result.documents {
            var read = reader.read(document)
            assembly.findings += read.findings
            if let finding = result.finding {
                // The rest of the file cannot be read, so nothing in it can be relied on.
                for index in read.manifests.indices { read.manifests[index].findings.append(finding) }
            }
            assembly.manifests += read.manifests
        }
        guard let finding = result.finding else { return }
        assembly.findings.append(finding)
        assembly.suspect(result.suspected, in: file.path, why: finding.message)
    }

    private static func misnamed(_ path: TreePath) -> Finding {
        Finding(
            severity: .error, rule: "misplaced-settings",
            message:
                "The environment's settings are read from '\(SettingsReader.fileName)' at the root of its folder, and "
                + "from no other file. Rename or move this one.",
            file: path)
    }

    private static func refusal(of path: String, reason: String) -> Finding {
        let file = try? TreePath(path)
        let subject = file == nil ? "The entry '\(path.shortened)'" : "The entry"
        return Finding(
            severity: .error, rule: "refused-file",
            message: "\(subject) is not read: \(reason). Remove it, or list it under 'ignore' in "
                + "\(SettingsReader.fileName).",
            file: file)
    }
}

/// The environment's folder in the repository.
private struct Folder {
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
