/// The services around ECS, as far as a deploy tool needs them: each keeps its own records.
struct Neighbours: Sendable {
    var logs = LogStore()
    var registry = RegistryStore()
    var secrets = SecretStore()
    var balancers = BalancerStore()
    /// Of the whole account: kept equal in the account's worlds.
    var roles = RoleStore()
    var scaling = ScalingStore()
}

extension World {
    /// Whether something outside ECS that a task or service refers to is there.
    ///
    /// - Parameter name: as the referrer spells it: a log group's name; the ARN or name of a secret, parameter or role; a
    ///   target group's ARN; an image.
    /// - Returns: nil where the scenario does not say that things of this kind must exist: take it for there.
    func exists(_ kind: Strictness.Kind, _ name: String) -> Bool? {
        guard scenario.strict[kind] else { return nil }
        switch kind {
        case .logGroups: return neighbours.logs.position(of: name) != nil
        case .secrets: return neighbours.secrets.position(of: name) != nil
        case .parameters: return hasParameter(name)
        case .roles: return neighbours.roles.position(of: name) != nil
        case .targetGroups: return neighbours.balancers.groups.contains { $0.arn == name }
        case .capacityProviders:
            return capacityProviders.contains { $0.name == name && $0.status == "ACTIVE" }
        case .images: return neighbours.registry.has(image: name, account: account, region: region)
        }
    }

    private func hasParameter(_ name: String) -> Bool {
        guard name.hasPrefix("arn:") else { return parameterPositions[name] != nil }
        return parameters.first { $0.arn == name }.map { parameterPositions[$0.name] != nil } ?? false
    }
}
