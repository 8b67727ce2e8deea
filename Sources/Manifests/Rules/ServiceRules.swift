import MooringModel
import MooringNames
import MooringShapes

/// Rules of what a service must have, and of how many tasks it asks for.
enum ServiceRules {
    private static let reference = "API reference, CreateService"

    static let all: [ProseRule<ServiceInput>] = [
        ProseRule("no-desired-count", .warning, source: "\(reference), desiredCount: required for REPLICA") {
            service, report in
            guard !service.isDaemon, !service.isScaled, service.value["desiredCount"] == nil else { return }
            report.add(
                "The service has no 'desiredCount'. ECS creates no REPLICA service without it; leave it out only where "
                    + "something else sets the count, such as 'mooring: {autoscaling: …}'.", at: nil, "")
        },
        ProseRule(
            "daemon-count", .warning, source: "\(reference), desiredCount: not for DAEMON; Mooring never sends it then"
        ) {
            service, report in
            guard service.isDaemon, let value = service.value["desiredCount"] else { return }
            report.add(
                "A DAEMON service runs one task on every instance; 'desiredCount' is not sent. Remove it.", at: value,
                "desiredCount")
        },
        ProseRule("negative-count", .error, source: "\(reference), desiredCount; ECS refuses negative numbers") {
            service, report in
            guard let value = service.value["desiredCount"], let count = value.integer, count < 0 else { return }
            report.add("desiredCount is \(count); a service runs 0 tasks or more.", at: value, "desiredCount")
        },
        ProseRule(
            "missing-task-definition", .error,
            source: "\(reference), taskDefinition: required under ECS and CODE_DEPLOY"
        ) {
            service, report in
            guard service.value["taskDefinition"] == nil, let controller = service.controller, controller != "EXTERNAL"
            else { return }
            report.add(
                "The service has no 'taskDefinition'. Name a family "
                    + "of this environment, the path of its manifest, or a "
                    + "revision such as 'web:12'.", at: nil, "")
        },
        ProseRule(
            "external-controller", .warning,
            source: "\(reference): under EXTERNAL, task sets carry these; ECS refuses them on the service"
        ) {
            service, report in
            guard service.controller == "EXTERNAL" else { return }
            for member in ["taskDefinition", "loadBalancers"] where service.value.holds(member) {
                report.add(
                    "Under the deployment controller EXTERNAL, task sets "
                        + "carry '\(member)', and ECS refuses it on the service. "
                        + "Remove it.", at: service.value[member], member)
            }
        },
        ProseRule(
            "daemon-controller", .error,
            source: "\(reference), schedulingStrategy: DAEMON only under the controller ECS"
        ) {
            service, report in
            guard service.isDaemon, let controller = service.controller, controller != "ECS" else { return }
            report.add(
                "DAEMON services have the deployment controller ECS, not \(controller.shortened).",
                at: service.value["deploymentController"], "deploymentController.type")
        },
        ProseRule("code-deploy-balancer", .error, source: "\(reference), loadBalancers: required under CODE_DEPLOY") {
            service, report in
            guard service.controller == "CODE_DEPLOY", service.loadBalancers.isEmpty else { return }
            report.add(
                "The deployment controller CODE_DEPLOY needs a load balancer. Add 'loadBalancers' with a target group.",
                at: service.value["deploymentController"], "loadBalancers")
        },
    ]

    /// The name of a cluster that is given by name or by ARN.
    static func clusterName(_ text: String) -> ClusterName? {
        if let arn = try? ARN(text) { return arn.resourceName(kind: "cluster").flatMap { try? ClusterName($0) } }
        return try? ClusterName(text)
    }
}
