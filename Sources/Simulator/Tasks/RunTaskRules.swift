import MooringShapes

/// What RunTask refuses beyond what it shares with services.
enum RunTaskRules {
    static func check(
        _ settings: ServiceSettings, with definition: TaskDefinitionSummary, overrides: Value,
    ) throws(APIError) {
        for container in overrides["containerOverrides"]?.elements ?? [] {
            // One without a name is taken where it is empty. Source: API reference, ContainerOverride.
            guard let name = container["name"]?.text, !definition.containers.contains(where: { $0.name == name }) else {
                continue
            }
            // Source: azavea/django-ecsmanage issue 21.
            throw .invalidParameter(
                "Override for container named \(name) is not a container in the TaskDefinition.")
        }
        let role = overrides["taskRoleArn"]?.text ?? definition.needs.taskRole
        if settings.enableExecuteCommand, role?.isEmpty != false {
            // Source: boto/boto3 issue 3173.
            throw .invalidParameter(
                "The execute command failed because a valid task role is not being used. Specify a valid task role in your "
                    + "task definition or as a task override and try again.")
        }
    }
}
