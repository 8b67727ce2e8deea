import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// A folder of manifests, and what is made of it.
struct TestFolder {
    var files: [String: String] = [:]
    var folder: String?
    var refused: [(path: String, reason: String)] = []
    var defaultCluster: String?

    func state() throws -> DesiredState {
        Manifests.desiredState(
            of: try files.map { ManifestInput(path: try TreePath($0.key), bytes: Array($0.value.utf8)) },
            folder: try folder.map { try TreePath($0) }, refused: refused,
            defaultCluster: try defaultCluster.map { try ClusterName($0) })
    }

    /// The lines of all findings, without their messages: `web.json:3:5 error unknown-member path`.
    func told() throws -> [String] { try state().told }
}

extension Finding {
    var told: String {
        let path = memberPath.isEmpty ? "" : " " + memberPath
        return "\(place) \(severity.rawValue) \(rule)\(path)"
    }
}

extension DesiredState {
    /// The lines of all findings without their messages, but for advice that short samples do not heed.
    var told: [String] {
        findings.filter { !["no-circuit-breaker", "no-log-configuration", "latest-tag"].contains($0.rule) }.map(\.told)
    }

    /// The only finding of this rule.
    func finding(_ rule: String) throws -> Finding {
        let found = findings.filter { $0.rule == rule }
        try #require(found.count == 1, "\(findings.map(\.line))")
        return found[0]
    }
}

/// A task definition and a service that nothing is wrong with.
enum Sample {
    static let taskDefinition = """
        family: web
        containerDefinitions:
          - name: app
            image: nginx:1.27
            memory: 256
            logConfiguration: {logDriver: json-file}
        """
    static let service = """
        serviceName: web
        taskDefinition: web
        desiredCount: 2
        deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}
        """
}
