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
    /// What else the repository holds.
    var others: [String: String] = [:]
    var readings = ParameterReadings.offline

    /// The folder with everything outside of it that it builds upon, asked for as a loop does.
    func collection() throws -> ManifestCollection {
        func input(_ path: String, _ text: String) throws -> ManifestInput {
            ManifestInput(path: try TreePath(path), bytes: Array(text.utf8))
        }
        var collection = ManifestCollection(
            of: try files.map { try input($0.key, $0.value) }, folder: try folder.map { try TreePath($0) },
            refused: refused, defaultCluster: try defaultCluster.map { try ClusterName($0) })
        while !collection.neededFiles.isEmpty {
            let needed = collection.neededFiles
            let there = needed.filter { others[$0.text] != nil }
            collection.add(
                try there.map { try input($0.text, others[$0.text] ?? "") },
                unusable: needed.filter { !there.contains($0) }.map { ($0, "there is no such file.") })
        }
        return collection
    }

    func state() throws -> DesiredState { try collection().desiredState(readings) }

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
        heeded.map(\.told)
    }

    /// All findings, but for advice that short samples do not heed.
    var heeded: [Finding] {
        findings.filter { !["no-circuit-breaker", "no-log-configuration", "latest-tag"].contains($0.rule) }
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
    static let run = """
        taskDefinition: web
        mooring:
          runs: {before: web}
        overrides: {containerOverrides: [{name: app, command: [migrate]}]}
        """
    static let scaled = """
        serviceName: web
        taskDefinition: web
        deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}
        mooring:
          autoscaling:
            MinCapacity: 2
            MaxCapacity: 10
            policies:
              - PolicyName: cpu
                PolicyType: TargetTrackingScaling
                TargetTrackingScalingPolicyConfiguration:
                  TargetValue: 60
                  PredefinedMetricSpecification: {PredefinedMetricType: ECSServiceAverageCPUUtilization}
            scheduledActions:
              - ScheduledActionName: night
                Schedule: cron(0 22 * * ? *)
                ScalableTargetAction: {MinCapacity: 1, MaxCapacity: 4}
        """
}
