package import MooringModel
import MooringNames
package import MooringShapes

/// Manifests of what ECS runs: the inverse of a plan. Planned right away, they make no difference.
package enum ImportedManifest {
    /// The input that would register this revision.
    package static func taskDefinition(_ observed: ObservedTaskDefinition) -> Value {
        var content = TaskDefinitionDifference.content(of: observed.described)
        content["tags"] = tags(Value.map([("tags", .list(observed.tags))]))
        content["containerDefinitions"] = content["containerDefinitions"]?.elements.map { containers in
            .list(containers.map(withSortedEnvironment))
        }
        return typed(
            ManifestForm(of: content).document(
                content, by: TaskDefinitionRules.root.merging(["tags": tagRule]) { first, _ in first },
                as: "RegisterTaskDefinitionRequest"), as: "RegisterTaskDefinitionRequest")
    }

    /// The input that would create this service.
    ///
    /// - Parameters:
    ///   - taskDefinition: what the manifest calls its task definition.
    ///   - hasCount: whether git sets the count; nothing else may.
    package static func service(_ live: ObservedService, taskDefinition: String?, hasCount: Bool) -> Value {
        var settings = ServiceView(of: live.described, primary: live.primary?.described, wanted: .map([])).settings
        settings["cluster"] = .string(live.key.cluster.text)
        settings["serviceName"] = .string(live.key.service.text)
        settings["taskDefinition"] = taskDefinition.map(Value.string)
        let isDaemon = settings["schedulingStrategy"]?.text == "DAEMON"
        settings["desiredCount"] = hasCount && !isDaemon ? .integer(live.desiredCount) : nil
        settings["tags"] = tags(live.described)
        // ECS shows the role it made itself, which no input can name.
        // Source: API reference, CreateService `role`: not to be given where the account has the service-linked role.
        if settings["role"]?.text?.contains("/aws-service-role/") == true { settings["role"] = nil }
        // Source: API reference, CreateService `capacityProviderStrategy`: `launchType` must then be omitted.
        if settings["capacityProviderStrategy"]?.elements?.isEmpty == false { settings["launchType"] = nil }
        let form = ManifestForm(of: settings).document(
            settings, by: ServiceRules.root, as: "CreateServiceRequest")
        return typed(form, as: "CreateServiceRequest")
    }

    /// Why an environment could not manage this service as it is, nil where it can.
    package static func objection(to live: ObservedService) -> Withheld.Reason? {
        if live.described["resourceManagementType"]?.text == "ECS" { return .ownedByECS }
        if live.deploymentController != "ECS" { return .deploymentController(live.deploymentController) }
        if !Ownership.hasLongARN(live) { return .cannotBeTagged }
        if let owner = live.tag(OwnTag.environment) { return .ownedByEnvironment(owner) }
        if let stack = live.tag("aws:cloudformation:stack-name") { return .ownedByCloudFormation(stack: stack) }
        return nil
    }

    /// Tags that a person gave. Those of AWS cannot be sent, Mooring's own are set anew.
    private static func tags(_ document: Value) -> Value? {
        let tags = document.manifestTags.filter { !$0.key.hasPrefix("aws:") }
        return tags.isEmpty ? nil : .list(tags.map(\.input))
    }

    private static let tagRule = Rule.keyed(name: "key", value: "value")

    /// ECS returns variables in the order of a hash table (captures/findings.md, item 1), which nobody wants to read.
    private static func withSortedEnvironment(_ container: Value) -> Value {
        guard let variables = container["environment"]?.elements else { return container }
        var container = container
        let named = variables.enumerated().map { (name: $1["name"]?.text ?? "", place: $0, element: $1) }
        container["environment"] = .list(
            named.sorted { ($0.name, $0.place) < ($1.name, $1.place) }.map(\.element))
        return container
    }

    /// Every scalar of the type that its member has, as after reading a manifest.
    private static func typed(_ value: Value, as shape: String) -> Value {
        ShapeTable.ecs.coerce(value, to: shape)?.value ?? value
    }
}
