import MooringModel
import MooringNames
import MooringShapes

/// Services and one-off tasks, and the task definitions that they run.
extension Assembly {
    mutating func desiredService(_ key: ServiceKey, index: Int, resolver: ReferenceResolver) -> DesiredService? {
        checkScaling(of: key, index: index)
        guard let resolved = taskDefinition(of: index, resolver: resolver) else { return nil }
        var options = options(of: index)
        options.dependsOn = (places[index]?.dependsOn ?? []).compactMap { reference in
            if case .service(let other) = reference.node, services[other] != nil { other } else { nil }
        }
        options.adopt = options.adopt || settings.adopt
        options.drift = manifests[index].options.drift.over(settings.drift)
        return DesiredService(
            key: key, input: manifests[index].input, taskDefinition: resolved.reference, options: options,
            files: resolved.files, unresolved: resolved.unresolved)
    }

    mutating func desiredRun(_ key: RunKey, index: Int, resolver: ReferenceResolver) -> DesiredRun? {
        guard let resolved = taskDefinition(of: index, resolver: resolver) else { return nil }
        // What a variable will name is not known yet, and nothing is done until it is.
        let open = resolved.unresolved == nil ? nil : manifests[index].input["taskDefinition"]?.text
        guard let reference = resolved.reference ?? open.map(TaskDefinitionReference.pinned) else { return nil }
        var options = options(of: index)
        options.dependsOn = (places[index]?.dependsOn ?? []).compactMap { reference in
            if case .service(let other) = reference.node, services[other] != nil { other } else { nil }
        }
        return DesiredRun(
            cluster: key.cluster, name: key.name, input: manifests[index].input, taskDefinition: reference,
            options: options, files: resolved.files, unresolved: resolved.unresolved)
    }

    /// The manifest's options, under those that hold for the whole environment.
    private func options(of index: Int) -> MooringOptions {
        var options = manifests[index].options.options
        if options.pause == nil, let reason = settings.pause {
            options.pause = reason.isEmpty ? "\(SettingsReader.fileName) pauses the whole environment." : reason
        }
        return options
    }

    // MARK: Task definitions

    /// What a service or a one-off task runs, and what that depends on.
    private struct Resolved {
        var reference: TaskDefinitionReference?
        /// Sorted.
        var files: [TreePath]
        var unresolved: String?
    }

    /// - Returns: nil where the task definition cannot be used, which is then a finding.
    private mutating func taskDefinition(of index: Int, resolver: ReferenceResolver) -> Resolved? {
        let provenance = manifests[index].provenance
        var files = provenance.sources
        if let settingsPath { files.append(settingsPath) }
        var resolved = Resolved(files: [], unresolved: provenance.waits.first)
        if let value = manifests[index].input["taskDefinition"], let text = value.text {
            switch resolver.resolve(text, in: file(of: value, provenance)) {
            case .family(let family, let file):
                resolved.reference = .family(family)
                files.append(file)
            case .pinned(let text): resolved.reference = .pinned(text)
            case .bad where provenance.isOpen(value) && resolved.unresolved != nil: break
            case .bad(let rule, let message):
                if !hasOpenNames { manifests[index].report(.error, rule, member: "taskDefinition", message) }
                return nil
            }
        }
        if case .family(let family) = resolved.reference, let task = families[family]?.first {
            files += manifests[task].provenance.sources
            resolved.unresolved = resolved.unresolved ?? manifests[task].provenance.waits.first
            if !manifests[index].lacksBase, !manifests[task].lacksBase {
                manifests[index].findings += ProseRules.findings(about: manifests[index], running: manifests[task])
            }
        }
        resolved.files = Set(files).sorted()
        return resolved
    }

    /// The file in which a value is written: paths are relative to it, also where a base names them.
    private func file(of value: Value, _ provenance: Provenance) -> TreePath {
        let source = value.position?.source ?? 0
        return provenance.sources.indices.contains(source) ? provenance.sources[source] : provenance.sources[0]
    }

    // MARK: Scaling

    /// Refuses resources of Application Auto Scaling that are not the service.
    private mutating func checkScaling(of key: ServiceKey, index: Int) {
        let own = "service/\(key)"
        for (text, position) in manifests[index].options.scalingResources where text != own {
            manifests[index].findings.append(
                Finding(
                    severity: .error, rule: "scaling-target",
                    message:
                        "'ResourceId' follows from the service and is '\(own)', not '\(text.shortened)'. Remove it.",
                    file: manifests[index].file, position: position, memberPath: "mooring.autoscaling.ResourceId"))
        }
    }
}
