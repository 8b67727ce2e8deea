import MooringModel
import MooringNames
import MooringShapes

/// Rules between the members of one service that AWS documents only in prose. Each names its source.
enum ServiceRules {
    static func findings(about manifest: Manifest) -> [Finding] {
        guard manifest.kind == .service else { return [] }
        return rules.compactMap { $0(manifest) }
    }

    private static let rules: [@Sendable (Manifest) -> Finding?] = [
        desiredCount, daemonCount, launchTypeOrStrategy, taskDefinition,
    ]

    /// Source: API reference, CreateService `desiredCount`: required for REPLICA, not used for DAEMON.
    @Sendable private static func desiredCount(_ manifest: Manifest) -> Finding? {
        guard strategy(manifest) != "DAEMON", manifest.input["desiredCount"] == nil else { return nil }
        return manifest.finding(
            .warning, "no-desired-count", member: "",
            "The service has no 'desiredCount'. ECS creates no REPLICA service without it; leave it out only where "
                + "something else, such as autoscaling, sets the count of a service that exists.")
    }

    @Sendable private static func daemonCount(_ manifest: Manifest) -> Finding? {
        guard strategy(manifest) == "DAEMON", manifest.input["desiredCount"] != nil else { return nil }
        return manifest.finding(
            .warning, "daemon-count", member: "desiredCount",
            "A DAEMON service runs one task on every instance; 'desiredCount' is not sent. Remove it.")
    }

    /// Source: API reference, CreateService `capacityProviderStrategy`: "If a capacityProviderStrategy is specified, the
    /// launchType parameter must be omitted."
    @Sendable private static func launchTypeOrStrategy(_ manifest: Manifest) -> Finding? {
        guard manifest.input["launchType"] != nil,
            manifest.input["capacityProviderStrategy"]?.elements?.isEmpty == false
        else { return nil }
        return manifest.finding(
            .error, "launch-type-and-strategy", member: "launchType",
            "ECS takes either 'launchType' or 'capacityProviderStrategy', not both. Remove one of the two.")
    }

    /// Source: API reference, CreateService `taskDefinition`: required where the deployment controller is ECS or
    /// CODE_DEPLOY.
    @Sendable private static func taskDefinition(_ manifest: Manifest) -> Finding? {
        guard manifest.input["taskDefinition"] == nil,
            manifest.input["deploymentController"]?["type"]?.text != "EXTERNAL"
        else { return nil }
        return manifest.finding(
            .error, "missing-member", member: "",
            "The service has no 'taskDefinition'. Name a family of this environment, the path of its manifest, or a "
                + "revision such as 'web:12'.")
    }

    private static func strategy(_ manifest: Manifest) -> String? { manifest.input["schedulingStrategy"]?.text }

    /// The name of a cluster that is given by name or by ARN.
    static func clusterName(_ text: String) -> ClusterName? {
        if let arn = try? ARN(text) { return arn.resourceName(kind: "cluster").flatMap { try? ClusterName($0) } }
        return try? ClusterName(text)
    }
}
