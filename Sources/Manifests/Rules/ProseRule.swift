import MooringModel
package import MooringShapes

/// A rule that the API model does not hold: AWS documents it in prose, or says it only in its refusals.
///
/// An error is what AWS certainly refuses; what may go well, or only hurts later, is a warning.
struct ProseRule<Subject>: Sendable {
    /// What findings name it by.
    let id: String
    let severity: Severity
    /// Where AWS says so, or whose answer it is.
    let source: String
    let check: @Sendable (Subject, inout RuleReport) -> Void

    init(
        _ id: String, _ severity: Severity, source: String,
        check: @escaping @Sendable (Subject, inout RuleReport) -> Void,
    ) {
        self.id = id
        self.severity = severity
        self.source = source
        self.check = check
    }
}

/// What one rule finds in one document.
struct RuleReport {
    struct Entry {
        let message: String
        let position: SourcePosition?
        let path: String
    }

    private(set) var entries: [Entry] = []

    /// Adds a finding.
    ///
    /// - Parameters:
    ///   - value: where it stands; where it has no position, the document's beginning is named.
    ///   - path: of the member that it is about, from the input's root.
    mutating func add(_ message: @autoclosure () -> String, at value: Value?, _ path: String) {
        guard entries.count < Limits.findingsPerRule else { return }
        entries.append(Entry(message: message(), position: value?.position, path: path))
    }
}

/// All rules, and what runs them.
enum ProseRules {
    static let taskDefinition: [ProseRule<TaskDefinitionInput>] =
        ContainerRules.all + ImageRules.all + ResourceRules.all + FargateRules.all + NetworkRules.all + PortRules.all
        + DependencyRules.all + VolumeRules.all + HealthCheckRules.all + LoggingRules.all + SecretRules.all
        + PlatformRules.all + SizeRules.all

    static let service: [ProseRule<ServiceInput>] =
        ServiceRules.all + CapacityRules.all + ServiceNetworkRules.all + DeploymentRules.all + StrategyRules.all
        + TrafficRules.all

    /// Rules of what RunTask takes. What it shares with CreateService obeys the same rules.
    static let oneOffTask: [ProseRule<ServiceInput>] = CapacityRules.all + ServiceNetworkRules.all + RunRules.all

    /// Rules of every kind of document.
    static let anyDocument: [ProseRule<DocumentInput>] = TagRules.all + PlaceholderRules.all

    /// Rules between a service and the task definition that it runs.
    static let pairing: [ProseRule<Pairing>] = PairingRules.all

    /// Rules between a one-off task and the task definition that it runs.
    static let runPairing: [ProseRule<Pairing>] =
        PairingRules.all.filter { RunRules.sharedPairings.contains($0.id) } + RunRules.pairing

    static func findings(about manifest: Manifest) -> [Finding] {
        var findings = run(anyDocument, on: DocumentInput(manifest), of: manifest)
        // Whoever has yet to fill in a skeleton need not be told what else is missing.
        if findings.contains(where: { $0.rule == PlaceholderRules.skeleton }) { return findings }
        switch manifest.kind {
        case .taskDefinition:
            findings += run(
                taskDefinition,
                on:
                    TaskDefinitionInput(manifest.input, open: manifest.provenance.silenced), of: manifest)
        case .service:
            findings += run(service, on: ServiceInput(manifest), of: manifest)
            findings += ScalingFit.findings(about: manifest)
        case .run: findings += run(oneOffTask, on: ServiceInput(manifest), of: manifest)
        case .cluster: break
        }
        return findings
    }

    /// What is wrong between a service or one-off task and the task definition that it runs, told at the former.
    static func findings(about service: Manifest, running taskDefinition: Manifest) -> [Finding] {
        let pair = Pairing(
            service: ServiceInput(service), taskDefinition: TaskDefinitionInput(taskDefinition.input),
            place: "\(taskDefinition.file):\(taskDefinition.position)")
        return run(service.kind == .run ? runPairing : pairing, on: pair, of: service)
    }

    private static func run<Subject>(
        _ rules: [ProseRule<Subject>], on subject: Subject, of manifest: Manifest,
    ) -> [Finding] {
        var findings: [Finding] = []
        for rule in rules {
            var report = RuleReport()
            rule.check(subject, &report)
            for entry in report.entries {
                findings.append(
                    Finding(
                        severity: rule.severity, rule: rule.id, message: entry.message, file: manifest.file,
                        position: entry.position ?? manifest.position, memberPath: entry.path))
            }
        }
        return findings
    }
}

extension Manifests {
    /// A rule that AWS documents only in prose.
    package struct DocumentedRule: Hashable, Sendable {
        package let id: String
        package let severity: Severity
        /// Where AWS says so.
        package let source: String
    }

    /// Every rule that AWS documents only in prose, in the order in which they are tried.
    package static var documentedRules: [DocumentedRule] {
        documented(ProseRules.anyDocument) + documented(ProseRules.taskDefinition) + documented(ProseRules.service)
            + documented(RunRules.all) + documented(ProseRules.pairing) + documented(RunRules.pairing)
    }

    private static func documented<Subject>(_ rules: [ProseRule<Subject>]) -> [DocumentedRule] {
        rules.map { DocumentedRule(id: $0.id, severity: $0.severity, source: $0.source) }
    }
}
