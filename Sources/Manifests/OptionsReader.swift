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

    static func read(_ member: Value.Member?, kind: DocumentKind, file: TreePath) -> Written {
        guard let member else { return Written() }
        var map = OptionMap(member.value, owner: "mooring", file: file, rootPath: "mooring")
        var written = Written()
        readAll(&map, kind: kind, into: &written)
        map.refuse(OptionPlaces.misplaced(under: kind))
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

    /// The options that are read in a manifest of this kind.
    static func names(for kind: DocumentKind) -> Set<String> {
        OptionMap.asked { map in
            var written = Written()
            readAll(&map, kind: kind, into: &written)
        }
    }

    // MARK: By kind

    private static func readAll(_ map: inout OptionMap, kind: DocumentKind, into written: inout Written) {
        readCommon(&map, into: &written)
        if kind == .run { readRun(&map, into: &written) } else { readService(&map, into: &written) }
        // Has been followed already, and is taken out then.
        map.expect("base")
    }

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
}
