package import MooringModel
package import MooringNames
import MooringShapes

/// What a one-off task is made of, as one digest: it runs once for each.
package enum RunDigest {
    /// The digest of environment, place, revision, settings and the token `redeploy`. Labels (tags) take no part: who adds
    /// one does not want a migration to run again.
    ///
    /// - Parameter taskDefinition: what git wants of the family; nil for a pinned revision.
    package static func digest(
        of run: DesiredRun, taskDefinition: DesiredTaskDefinition?, identity: EnvironmentIdentity,
    ) -> Digest {
        let content = run.input.removing(notContent)
        var form = CanonicalForm(of: content).form(of: content, by: .structure(rules)) ?? .map([])
        form["environment"] = .string(identity.text)
        form["run"] = .string("\(run.cluster)/\(run.name)")
        form["revision"] = .string(
            taskDefinition.map { TaskDefinitionDigest.digest(of: $0.input).text } ?? run.pinnedRevision ?? "")
        form["redeploy"] = run.options.redeploy.map(Value.string)
        return DigestVersion1.digest(of: form)
    }

    /// Members that say where, how the call is made, or only label.
    private static let notContent: Set<String> = [
        "cluster", "taskDefinition", "clientToken", "startedBy", "referenceId", "tags", "propagateTags",
        "enableECSManagedTags",
    ]

    /// As services have them; source: API reference, RunTask. What the table does not name is taken as it is written.
    private static let rules: [String: Rule] = {
        let shared = [
            "capacityProviderStrategy", "launchType", "platformVersion", "placementConstraints", "placementStrategy",
            "networkConfiguration", "enableExecuteCommand", "volumeConfigurations",
        ]
        var rules: [String: Rule] = [:]
        for name in shared { rules[name] = ServiceRules.root[name] }
        rules["count"] = .number(1)
        rules["overrides"] = .structure([
            "containerOverrides": .list(
                .structure([
                    "name": .text, "command": .strings, "environment": .keyed(name: "name", value: "value"),
                    "environmentFiles": .ordered(.unknown, nil), "cpu": .number, "memory": .number,
                    "memoryReservation": .number, "resourceRequirements": .unordered(.unknown),
                ]), by: Identity("name"))
        ])
        return rules
    }()
}

/// The names that a run has with ECS, all of its digest.
package struct RunNames: Hashable, Sendable {
    private let hex: String

    package init(_ digest: Digest) { hex = String(digest.text.drop { $0 != ":" }.dropFirst()) }

    /// Key of the tag on the revision that says how far the run is: 36 of at most 128 characters.
    package var tagKey: String { OwnTag.run + hex.prefix(24) }

    /// By which the tasks of one attempt are found. At most 36 characters of letters, digits and hyphens: what ECS has always
    /// taken (128 today). Source: API reference, RunTask `startedBy`.
    package func startedBy(attempt: Int) -> String { "mooring-\(hex.prefix(23))-\(attempt)" }

    /// For which ECS starts tasks once within 24 hours. At most 36 characters, as ECS has always taken (64 today). Source: API
    /// reference, RunTask `clientToken`; Developer Guide, "Ensuring idempotency".
    package func clientToken(attempt: Int) -> String { "mooring-\(hex.prefix(23))-\(attempt)" }
}

extension DesiredRun {
    /// The revision that the manifest names outright, nil where a family of this environment is meant.
    var pinnedRevision: String? {
        guard case .pinned(let text) = taskDefinition else { return nil }
        return text
    }

    /// How many tasks are wanted. Source: API reference, RunTask `count`, whose default is 1.
    var count: Int { max(1, input["count"]?.integer ?? 1) }

    /// What RunTask is sent, cluster and revision excepted. The same for the same attempt, or ECS would refuse its token.
    func startInput(_ names: RunNames, attempt: Int) -> Value {
        var input = input.removing(["cluster", "taskDefinition", "referenceId"])
        input["startedBy"] = .string(names.startedBy(attempt: attempt))
        input["clientToken"] = .string(names.clientToken(attempt: attempt))
        return input
    }
}
