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
        // is written with such texts escaped, and left out if that does not help either.
        let strange = ImportedFolder.unequal(composer.parts, cluster: cluster)
        if !strange.isEmpty {
            composer.escape(strange)
            for key in ImportedFolder.unequal(composer.parts, cluster: cluster) {
                composer.drop(key, why: "Its manifest would not read back as what ECS describes. Import it by hand.")
            }
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

    /// Services whose files do not say, when they are read, what they were written from.
    private static func unequal(_ parts: [ImportComposer.Part], cluster: ClusterName) -> [ServiceKey] {
        let inputs = parts.flatMap(\.files).map { ManifestInput(path: $0.path, bytes: Array($0.text.utf8)) }
        let state = Manifests.desiredState(of: inputs, defaultCluster: cluster)
        let services = Dictionary(state.services.map { ($0.key, $0.input) }, uniquingKeysWith: { first, _ in first })
        let definitions = Dictionary(
            state.taskDefinitions.map { ($0.family.text, $0.input) }, uniquingKeysWith: { first, _ in first })
        return parts.filter { part in
            let definition = part.taskDefinition.map { definitions[$0["family"]?.text ?? ""] == $0 } ?? true
            return !definition || services[part.key] != part.service
        }.map(\.key)
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
