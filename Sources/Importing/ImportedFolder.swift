import MooringManifests
import MooringModel
package import MooringNames
package import MooringPlanning
import MooringShapes

/// The folder of manifests that says what a cluster runs. A function of what was read; whoever has it writes it.
package struct ImportedFolder: Sendable {
    /// A file, its path from the folder's root.
    package struct File: Hashable, Sendable {
        package let path: TreePath
        package let text: String
    }

    /// A service that is not in the folder, and why.
    package struct Skipped: Hashable, Sendable {
        package let key: ServiceKey
        package let why: String
    }

    /// In the order of their paths.
    package private(set) var files: [File] = []
    /// Services that have a manifest, in their order.
    package private(set) var services: [ServiceKey] = []
    /// In the order of the services.
    package private(set) var skipped: [Skipped] = []
    /// What a person should know about services that have a manifest, one sentence each.
    package private(set) var remarks: [String] = []

    /// Writes manifests of the services that `observed` holds.
    ///
    /// - Parameters:
    ///   - hasSettings: whether the folder has a `mooring.yaml` already. It stays as it is, and each service says by itself
    ///     that it may be taken over.
    package init(of observed: Observed, cluster: ClusterName, hasSettings: Bool = false) {
        var composer = ImportComposer(observed: observed, cluster: cluster, adoptsEach: hasSettings)
        composer.compose()
        // A text may mean something else when it is read: `${…}` is a variable. What does not read back as it was written
        // is written with such texts escaped, and left out if that does not help either. Each round does one or the other.
        while true {
            let strange = ImportedFolder.unequal(composer.parts, cluster: cluster)
            if strange.isEmpty { break }
            let unescaped = strange.map(\.key).filter { !composer.escaped.contains($0) }
            if unescaped.isEmpty { composer.leaveOut(strange) } else { composer.escape(unescaped) }
            composer.compose()
        }
        files = composer.files()
        if !hasSettings, !composer.parts.isEmpty, let path = try? TreePath("mooring.yaml") {
            files.append(File(path: path, text: ImportedFolder.settings(of: cluster)))
        }
        files.sort { $0.path < $1.path }
        services = composer.parts.map(\.key).sorted()
        skipped = composer.skipped.sorted { $0.key < $1.key }
        remarks = composer.remarks
    }

    /// Services whose files do not say, when they are read, what they were written from; and why.
    private static func unequal(_ parts: [ImportComposer.Part], cluster: ClusterName) -> [Skipped] {
        let inputs = parts.flatMap(\.files).map { ManifestInput(path: $0.path, bytes: Array($0.text.utf8)) }
        let state = Manifests.desiredState(of: inputs, defaultCluster: cluster)
        let services = Dictionary(state.services.map { ($0.key, $0.input) }, uniquingKeysWith: { first, _ in first })
        let definitions = Dictionary(
            state.taskDefinitions.map { ($0.family.text, $0.input) }, uniquingKeysWith: { first, _ in first })
        let errors = state.findings.filter { $0.severity == .error }
        return parts.compactMap { part in
            let definition = part.taskDefinition.map { definitions[$0["family"]?.text ?? ""] == $0 } ?? true
            if definition, services[part.key] == part.service { return nil }
            let files = Set(part.files.map(\.path))
            let error = errors.first { $0.file.map(files.contains) ?? false }
            let why = error.map { "Its manifest would be refused: \($0.message)" }
            return Skipped(
                key: part.key,
                why: why ?? "Its manifest would not read back as what ECS describes. Write it by hand.")
        }
    }

    private static func settings(of cluster: ClusterName) -> String {
        """
        # Settings of this environment: the services of the cluster '\(cluster)', as they ran when they were imported.

        # Mooring may take over services that exist and that no environment manages. It changes none of them by taking them
        # over; from then on, what is merged here is rolled out. Take the line out when all are taken over.
        adopt: true

        """
    }
}
