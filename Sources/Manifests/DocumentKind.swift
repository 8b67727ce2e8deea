import MooringModel
import MooringNames
import MooringShapes

/// What a document is the input of.
enum DocumentKind: Hashable {
    case taskDefinition
    case service
    case cluster
    /// A one-off task.
    case run

    /// The input shape in the API model.
    var shapeName: String {
        switch self {
        case .taskDefinition: "RegisterTaskDefinitionRequest"
        case .service: "CreateServiceRequest"
        case .cluster: "CreateClusterRequest"
        case .run: "RunTaskRequest"
        }
    }

    var phrase: String {
        switch self {
        case .taskDefinition: "a task definition"
        case .service: "a service"
        case .cluster: "a cluster"
        case .run: "a one-off task"
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
        case .run: []
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
    ///
    /// What RunTask takes is a one-off task only by the word `runs` under `mooring`: people keep such files to run them by
    /// hand, and a file must not begin to run by itself because it lies in a folder.
    static func recognised(in root: Value, options: Value.Member?) -> DocumentKind? {
        let kinds: [DocumentKind] = [
            root["containerDefinitions"] != nil || root["family"] != nil ? .taskDefinition : nil,
            root["serviceName"] != nil ? .service : nil,
            root["clusterName"] != nil && root["serviceName"] == nil ? .cluster : nil,
        ].compactMap { $0 }
        if kinds.isEmpty, let runs = options?.value["runs"], !runs.isNull { return .run }
        return kinds.count == 1 ? kinds.first : nil
    }
}

extension Unwrapped {
    /// The kind of the input.
    var kind: DocumentKind? { DocumentKind.recognised(in: input, options: options) }
}
