import MooringModel
import MooringNames
import MooringShapes

/// What a document is the input of.
enum DocumentKind: Hashable {
    case taskDefinition
    case service
    case cluster

    /// The input shape in the API model.
    var shapeName: String {
        switch self {
        case .taskDefinition: "RegisterTaskDefinitionRequest"
        case .service: "CreateServiceRequest"
        case .cluster: "CreateClusterRequest"
        }
    }

    var phrase: String {
        switch self {
        case .taskDefinition: "a task definition"
        case .service: "a service"
        case .cluster: "a cluster"
        }
    }

    /// Members that only Describe returns. People commit the output of describe calls.
    /// Source: ecs-api.md sections 3 and 4, from botocore's output shapes.
    var describeOnly: Set<String> {
        switch self {
        case .taskDefinition:
            [
                "taskDefinitionArn", "revision", "status", "requiresAttributes", "compatibilities", "registeredAt",
                "deregisteredAt", "deleteRequestedAt", "registeredBy",
            ]
        case .service:
            [
                "serviceArn", "clusterArn", "status", "runningCount", "pendingCount", "platformFamily", "taskSets",
                "deployments", "roleArn", "events", "createdAt", "createdBy", "currentServiceDeployment",
                "currentServiceRevisions", "resourceManagementType",
            ]
        case .cluster:
            [
                "clusterArn", "status", "registeredContainerInstancesCount", "runningTasksCount", "pendingTasksCount",
                "activeServicesCount", "statistics", "attachments", "attachmentsStatus",
            ]
        }
    }

    /// Members that belong to one call and not to what is wanted; as wishes they would never be fulfilled.
    var callOnly: [String: String] {
        guard self == .service else { return [:] }
        return [
            "clientToken": "Mooring makes its own.",
            "forceNewDeployment": "Write 'mooring: {redeploy: TOKEN}' and change the token to force a deployment.",
        ]
    }

    /// The kind of the input whose members these are; nil where the shape tells none.
    static func recognised(in root: Value) -> DocumentKind? {
        let kinds: [DocumentKind] = [
            root["containerDefinitions"] != nil || root["family"] != nil ? .taskDefinition : nil,
            root["serviceName"] != nil ? .service : nil,
            root["clusterName"] != nil && root["serviceName"] == nil ? .cluster : nil,
        ].compactMap { $0 }
        return kinds.count == 1 ? kinds.first : nil
    }

    /// Why the document's shape tells no kind, and what to do about it.
    static func explanation(of root: Value) -> (rule: String, message: String) {
        let remedy = "If it is no manifest, list the file under 'ignore' in mooring.yaml."
        guard let members = root.members else { return explanationOfNonObject(root, remedy: remedy) }
        let names = Set(members.map(\.name))
        func has(_ name: String) -> Bool { names.contains(name) }
        if has("serviceName") {
            return (
                "ambiguous-kind",
                "The document has members of a task definition and of a service. Write two documents, divided by '---'."
            )
        }
        if has("Resources") || has("AWSTemplateFormatVersion") || has("ContainerDefinitions") || has("ServiceName") {
            return (
                "cloudformation",
                "This looks like CloudFormation. Mooring takes the input of the ECS API, whose members begin with a small "
                    + "letter ('containerDefinitions'). \(remedy)"
            )
        }
        if has("apiVersion"), has("kind") {
            return ("other-tool", "This is a Kubernetes object, not the input of the ECS API. \(remedy)")
        }
        if root["service"]?.scalar != nil {
            return (
                "update-service-input",
                "This looks like the input of UpdateService. Write it as a service: 'serviceName' in place of 'service', "
                    + "and all that CreateService needs."
            )
        }
        if has("taskDefinition"), !names.isDisjoint(with: ["count", "overrides", "startedBy", "group"]) {
            return ("run-task-input", "This looks like the input of RunTask, which is no manifest. \(remedy)")
        }
        if !names.isDisjoint(with: ["taskDefinition", "desiredCount", "loadBalancers", "deploymentConfiguration"]) {
            return (
                "missing-member",
                "This looks like a service without a name. Add 'serviceName'. \(remedy)"
            )
        }
        return (
            "unknown-kind",
            "The document is neither a task definition (it has no 'containerDefinitions'), nor a service (no "
                + "'serviceName'), nor a cluster (no 'clusterName'). \(remedy)"
        )
    }

    private static func explanationOfNonObject(_ root: Value, remedy: String) -> (rule: String, message: String) {
        guard let elements = root.elements else {
            return ("unknown-kind", "The document is a single text, not an object. \(remedy)")
        }
        if elements.contains(where: { $0["image"] != nil || $0["name"] != nil }) {
            return (
                "bare-list",
                "This looks like a bare list of containers. Write it as a task definition: an object with 'family' and the "
                    + "list as 'containerDefinitions'."
            )
        }
        return ("unknown-kind", "The document is a list, not an object. \(remedy)")
    }
}
