package import MooringModel
package import MooringNames

extension ObservedService {
    /// The revision that the newest deployment replaces, nil where none is left.
    var previousRevision: Revision? {
        deployments.first { $0.status == "ACTIVE" }?.taskDefinition?.revision
    }
}

extension RevisionReference {
    /// The revision where it is known already.
    package var revision: Revision? {
        guard case .existing(let arn) = self else { return nil }
        return arn.revision
    }
}

extension DesiredService {
    /// The revision that the manifest names outright, nil where a family of this environment is meant.
    var pinnedRevision: String? {
        guard case .pinned(let text) = taskDefinition else { return nil }
        return text
    }
}
