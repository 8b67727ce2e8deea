import MooringModel
import MooringNames
import MooringShapes

/// Reads what stands under `mooring` in a manifest.
enum OptionsReader {
    /// A text as it is written.
    typealias Text = (text: String, position: SourcePosition?)

    /// Options as written; names of services and one-off tasks are resolved when all manifests are known.
    struct Written {
        var options = MooringOptions()
        var dependsOn: [Text] = []
        var wave = 0
        var drift = WrittenDrift()
        /// What `runs` says.
        var run = Run()
        /// Whether there is an `autoscaling`, be it wrong.
        var isScaled = false
        /// The resources that `autoscaling` names, which only the assembly can hold against the service.
        var scalingResources: [Text] = []
        var findings: [Finding] = []
    }

    /// What the manifest of a one-off task says under `runs`.
    struct Run {
        /// nil for the file's name.
        var name: Text?
        var before: [Text] = []
        var after: [Text] = []
    }

    /// Planned for later; whoever writes them must not believe that they do something.
    private static let unsupported = ["variables"]

    static func read(_ member: Value.Member?, kind: DocumentKind, file: TreePath) -> Written {
        guard let member else { return Written() }
        var map = OptionMap(member.value, owner: "mooring", file: file, rootPath: "mooring")
        var written = Written()
        readCommon(&map, into: &written)
        if kind == .run {
            readRun(&map, into: &written)
            map.refuse(meaninglessForRuns)
        } else {
            readService(&map, into: &written)
            let reason =
                "'runs' makes a one-off task of a manifest in RunTask's shape, and this is \(kind.phrase)."
            map.refuse([("runs", reason)])
        }
        // Has been followed already, and is taken out then.
        map.expect("base")
        map.refuseUnsupported(unsupported)
        map.refuseUnknown()
        written.findings = map.findings
        let isSilent = map.members.allSatisfy { $0.name == "base" || $0.value.isNull }
        if kind == .taskDefinition || kind == .cluster, written.findings.isEmpty, !isSilent {
            written.findings = [
                Finding(
                    severity: .warning, rule: "option-without-effect",
                    message: "Options under 'mooring' have no effect on \(kind.phrase). Write them into the service's "
                        + "manifest.",
                    file: file, position: member.position, memberPath: "mooring")
            ]
        }
        return written
    }

    // MARK: By kind

    private static func readCommon(_ map: inout OptionMap, into written: inout Written) {
        written.dependsOn = map.texts("dependsOn")
        written.wave = map.number("wave", in: 0...Limits.wave) ?? 0
        written.options.timeout = map.duration("timeout")
        written.options.redeploy = map.text("redeploy")
        written.options.holds = map.holds(.manifest)
        written.options.pause = written.options.holds.openEndedPause
    }

    private static func readService(_ map: inout OptionMap, into written: inout Written) {
        written.options.adopt = map.flag("adopt")
        written.options.shared = map.flag("shared")
        written.options.waitFor = map.word("waitFor", as: RolloutGoal.self) ?? .steady
        written.options.replace = map.flag("replace")
        written.options.approve = map.approval()
        written.drift = map.drift()
        var told = 0
        for (text, position) in map.texts("ignore") {
            written.options.ignore.append(text)
            guard let problem = IgnoredPath.problem(with: text), told < Limits.findingsPerRule else { continue }
            told += 1
            map.report("ignore", "unknown-path", problem, position: position)
        }
        guard let member = map.member("autoscaling") else { return }
        let scaling = ScalingReader.read(member, file: map.file, path: map.path("autoscaling"))
        written.isScaled = true
        written.options.autoscaling = scaling.options
        written.scalingResources = scaling.resources
        map.add(scaling.findings)
    }

    private static func readRun(_ map: inout OptionMap, into written: inout Written) {
        guard var runs = map.inside("runs") else { return }
        if let member = runs.member("name"), let text = runs.text("name") {
            written.run.name = (text, member.value.position)
        }
        written.run.before = runs.texts("before")
        written.run.after = runs.texts("after")
        map.close(runs)
    }

    /// What only services have, and why one-off tasks have not.
    private static let meaninglessForRuns: [(name: String, why: String)] = [
        (
            "adopt",
            "'adopt' is a service's: a one-off task is started by Mooring itself, there is nothing to take over."
        ),
        ("approve", "'approve' is a service's: nothing waits for approval while a one-off task runs."),
        ("autoscaling", "'autoscaling' is a service's: how many tasks are started at once, 'count' says."),
        ("drift", "'drift' is a service's: a one-off task that has run is over, and nothing of it is corrected."),
        ("ignore", "'ignore' is a service's: a one-off task runs once for all of its inputs."),
        ("replace", "'replace' is a service's: every run is a new task."),
        ("shared", "'shared' is a service's: CloudFormation runs no one-off tasks."),
        ("waitFor", "'waitFor' is a service's: a one-off task is done when it has stopped."),
    ]
}
