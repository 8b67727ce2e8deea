import MooringShapes

/// What a document is that is no manifest, so that whoever keeps it there knows what to do.
extension DocumentKind {
    /// Why the document's shape tells no kind, and what to do about it.
    static func explanation(of root: Value) -> (rule: String, message: String) {
        guard let members = root.members else { return explanationOfNonObject(root) }
        let names = Set(members.map(\.name))
        func has(_ name: String) -> Bool { names.contains(name) }
        if has("serviceName") {
            return (
                "ambiguous-kind",
                "The document has members of a task definition and of a service. Write two documents, divided by '---'."
            )
        }
        if let tool = tools.first(where: { $0.members.isSubset(of: names) }) {
            return ("other-tool", "This is \(tool.phrase), not the input of the ECS API. \(ignoreRemedy)")
        }
        if isCloudFormation(root, names: names) {
            return (
                "cloudformation",
                "This looks like CloudFormation. Mooring takes the "
                    + "input of the ECS API, whose members begin with a small "
                    + "letter ('containerDefinitions'). \(ignoreRemedy)"
            )
        }
        if root["service"]?.scalar != nil {
            return (
                "update-service-input",
                "This looks like the input of UpdateService. Write it "
                    + "as a service: 'serviceName' in place of 'service', "
                    + "and all that CreateService needs."
            )
        }
        if has("taskDefinition"), names.isDisjoint(with: serviceMembers) || !names.isDisjoint(with: runTaskMembers) {
            return (
                "run-task-input",
                "This looks like the input of RunTask, which is not run because it lies here. Add 'mooring: {runs: {before: "
                    + "[SERVICE]}}' to have it run once, before those services, whenever it changes; or 'serviceName' if a "
                    + "service is meant. \(ignoreRemedy)"
            )
        }
        if !names.isDisjoint(with: serviceMembers.union(["taskDefinition", "networkConfiguration"])) {
            return (
                "partial-service",
                "This looks like a service whose name stands elsewhere. Add "
                    + "'serviceName'\(has("taskDefinition") ? "" : " and 'taskDefinition'"). "
                    + ignoreRemedy
            )
        }
        return (
            "unknown-kind",
            "The document is neither a task definition (it has no 'containerDefinitions'), nor a service (no "
                + "'serviceName'), nor a cluster (no 'clusterName'). \(ignoreRemedy)"
        )
    }

    private static let ignoreRemedy = "If it is no manifest, list the file under 'ignore' in mooring.yaml."

    private static func explanationOfNonObject(_ root: Value) -> (rule: String, message: String) {
        guard let elements = root.elements else {
            return ("unknown-kind", "The document is a single text, not an object. \(ignoreRemedy)")
        }
        if elements.contains(where: { $0["containerDefinitions"] != nil || $0["serviceName"] != nil }) {
            return (
                "list-of-manifests",
                "This is a list of manifests, and a document holds one. "
                    + "Write each as a document of its own: in YAML divided "
                    + "by '---', in JSON as a file each."
            )
        }
        if elements.contains(where: { $0["image"] != nil || $0["name"] != nil }) {
            return (
                "bare-list",
                "This looks like a bare list of containers. Write it as "
                    + "a task definition: an object with 'family' and the "
                    + "list as 'containerDefinitions'."
            )
        }
        return ("unknown-kind", "The document is a list, not an object. \(ignoreRemedy)")
    }

    private static func isCloudFormation(_ root: Value, names: Set<String>) -> Bool {
        let telling: Set = [
            "Resources", "AWSTemplateFormatVersion", "ContainerDefinitions", "ServiceName", "TaskDefinition",
            "NetworkConfiguration", "ClusterName",
        ]
        return !names.isDisjoint(with: telling) || root["Type"]?.text?.hasPrefix("AWS::") == true
    }

    /// What only CreateService takes, of the members by which people know a service.
    private static let serviceMembers: Set = [
        "desiredCount", "loadBalancers", "deploymentConfiguration", "deploymentController", "schedulingStrategy",
        "serviceRegistries", "healthCheckGracePeriodSeconds", "serviceConnectConfiguration",
        "availabilityZoneRebalancing",
    ]

    /// What only RunTask takes.
    private static let runTaskMembers: Set = ["count", "overrides", "startedBy", "group", "referenceId"]

    /// Files that lie beside manifests, by members that all of their kind have. The first that fits is named.
    private static let tools: [(phrase: String, members: Set<String>)] = [
        ("a Kubernetes object", ["apiVersion", "kind"]),
        ("an AppSpec of CodeDeploy", ["version", "Resources"]),
        ("an IAM policy", ["Version", "Statement"]),
        ("the settings of ecspresso", ["service_definition"]),
        ("the settings of ecspresso", ["task_definition", "region"]),
        ("the parameters of the ECS CLI", ["task_definition", "version"]),
        ("the settings of hako", ["scheduler", "app"]),
        ("a Compose file", ["services", "volumes"]),
        ("a Compose file", ["services", "version"]),
        ("a workflow of GitHub Actions", ["jobs", "on"]),
        ("the specification of a build of CodeBuild", ["phases", "version"]),
        ("a package of Node.js", ["name", "dependencies"]),
        ("a package of Node.js", ["name", "scripts"]),
        ("the settings of TypeScript", ["compilerOptions"]),
        ("a configuration of Terraform", ["resource"]),
        ("a state of Terraform", ["terraform_version"]),
        ("a specification of OpenAPI", ["openapi"]),
        ("a JSON Schema", ["$schema", "properties"]),
        ("a manifest of Copilot", ["name", "type", "image"]),
        ("an application of PipeCD", ["apiVersion", "spec"]),
    ]
}
