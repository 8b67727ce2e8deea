package import MooringManifests
package import MooringModel
package import MooringNames
import MooringPlanning
import MooringPorts

/// How earlier versions of the manifests are asked for, and read: as today's are, so that what they extend and the variables
/// they use apply to them too.
package struct HistorySource: Sendable {
    /// Up to which commit; nil where there is no repository to ask.
    private let head: CommitID?
    /// Why there is none.
    private let absence: String
    private let folder: TreePath?
    private let defaultCluster: ClusterName?
    /// By cluster and name.
    private let services: [DesiredService]
    /// What today's parameters say: nobody remembers what they said when a version was written.
    private let parameters: [String: ParameterReading]

    /// - Parameters:
    ///   - head: the commit that `desired` is of, or that the working folder is at.
    ///   - absence: why there is no repository, one sentence.
    package init(
        desired: DesiredState, parameters: [String: ParameterReading] = [:], head: CommitID?, absence: String = "",
        folder: TreePath?, defaultCluster: ClusterName?,
    ) {
        self.parameters = parameters
        self.head = head
        self.absence = absence
        self.folder = folder
        self.defaultCluster = defaultCluster
        services = desired.services
    }

    /// What is asked to learn what git said of a service.
    func versions(of key: ServiceKey, since commit: CommitID) -> Observation {
        guard let head else { return .noHistory(key, since: commit, why: absence) }
        return .versions(key, files: service(key)?.files ?? [], since: commit, head: head)
    }

    /// The service as git has it today; the services are sorted.
    private func service(_ key: ServiceKey) -> DesiredService? {
        var range = services.indices
        while let first = range.first {
            let middle = first + range.count / 2
            if services[middle].key == key { return services[middle] }
            range = services[middle].key < key ? (middle + 1)..<range.upperBound : first..<middle
        }
        return nil
    }

    /// What the files said of a service, oldest first; what they say today is no earlier version.
    func read(_ versions: [SourceVersion], of key: ServiceKey) -> [ServiceVersion] {
        var read = versions.map { ServiceVersion(of: key, in: state(of: $0.files, refused: [])) }
        if read.count > 1, let last = read.last?.service, last.input == service(key)?.input { read.removeLast() }
        return read
    }

    func read(_ snapshot: SourceSnapshot) -> DesiredState { state(of: snapshot.files, refused: snapshot.refused) }

    private func state(of files: [SourceFile], refused: [SourceSnapshot.Refusal]) -> DesiredState {
        let inputs = files.map { ManifestInput(path: $0.path, bytes: $0.bytes) }
        var collection = ManifestCollection(
            of: inputs.filter { $0.path.isInside(folder) }, folder: folder,
            refused: refused.map { (path: $0.path, reason: $0.reason) }, defaultCluster: defaultCluster)
        while !collection.neededFiles.isEmpty {
            let needed = Set(collection.neededFiles)
            let found = inputs.filter { needed.contains($0.path) }
            let missing = needed.subtracting(found.map(\.path)).sorted()
            collection.add(found, unusable: missing.map { ($0, "it is not known what this version built upon.") })
        }
        return collection.desiredState(.asked(parameters))
    }
}
