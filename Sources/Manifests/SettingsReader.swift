import MooringModel
import MooringNames
import MooringShapes

/// Reads `mooring.yaml`, the environment's own settings in git.
enum SettingsReader {
    static let fileName = "mooring.yaml"

    struct Result {
        var options = EnvironmentOptions()
        var globs: [Glob] = []
        var variables: [String: Variable] = [:]
        /// Whether all variables that are declared are here.
        var knowsVariables = true
        var findings: [Finding] = []
    }

    static func read(_ input: ManifestInput) -> Result {
        let read = DocumentReader.read(input)
        if let finding = read.finding {
            // A file of comments only says nothing, which is allowed of settings.
            return finding.rule == "empty-file" ? Result() : unreadable([finding])
        }
        guard read.documents.count == 1, let document = read.documents.first else {
            return unreadable([
                Finding(
                    severity: .error, rule: "too-many-documents",
                    message: "\(fileName) holds one document of settings, not \(read.documents.count).",
                    file: input.path, position: read.documents.dropFirst().first?.root.position)
            ])
        }
        return settings(from: document.root, file: input.path)
    }

    /// The options that are read.
    static let names = OptionMap.asked { map in _ = readAll(&map) }

    private static func settings(from root: Value, file: TreePath) -> Result {
        var map = OptionMap(root, owner: fileName, file: file, rootPath: "")
        var result = readAll(&map)
        map.refuse(OptionPlaces.misplacedInSettings)
        map.refuseUnknown()
        result.findings = map.findings
        if result.findings.contains(where: { $0.severity == .error }) {
            let (globs, variables) = (result.globs, result.variables)
            result = bad(result.findings)
            (result.globs, result.variables) = (globs, variables)
            result.knowsVariables = root.members != nil && !result.findings.contains { $0.rule == "bad-variable" }
        }
        return result
    }

    private static func readAll(_ map: inout OptionMap) -> Result {
        var result = Result()
        result.options.adopt = map.flag("adopt")
        result.options.holds = map.holds(.environment)
        result.options.drift = map.drift().over(DriftOptions()) ?? DriftOptions()
        result.options.onFailure = map.word("onFailure", as: FailurePolicy.self) ?? .breaker
        result.options.prune = prune(&map)
        for (text, position) in map.texts("ignore") {
            if result.globs.count == Limits.ignoreGlobs {
                map.report(
                    "ignore", "too-many-globs", "'ignore' takes at most \(Limits.ignoreGlobs) patterns.",
                    position: position)
                break
            }
            guard let glob = Glob(text) else {
                map.report(
                    "ignore", "bad-glob",
                    "'\(text.shortened)' is no pattern of paths below the folder, such as 'drafts/**' or '*.local.json'.",
                    position: position)
                continue
            }
            result.options.ignore.append(text)
            result.globs.append(glob)
        }
        result.options.pause = result.options.holds.openEndedPause
        result.options.freeze = result.options.holds.freezes
        result.variables = VariablesReader.read(&map)
        return result
    }

    /// Settings of which nothing is known.
    private static func unreadable(_ findings: [Finding]) -> Result {
        var result = bad(findings)
        result.knowsVariables = false
        return result
    }

    /// Settings that cannot be read may have said pause, so they do.
    private static func bad(_ findings: [Finding]) -> Result {
        let why = "\(fileName) cannot be used; see the findings."
        var options = EnvironmentOptions(pause: why)
        options.holds = [HoldWindow(kind: .pause, source: .environment, until: nil, reason: why)]
        return Result(options: options, findings: findings)
    }

    /// `true`, or an object with a bound.
    private static func prune(_ map: inout OptionMap) -> PruneOptions? {
        guard map.member("prune")?.value.members != nil, var inner = map.inside("prune") else {
            return map.flag("prune", expecting: "true, false, or '{max: N}'")
                ? PruneOptions(maximum: Limits.prunedServices) : nil
        }
        let maximum = inner.number("max", in: 1...Limits.mostPrunedServices)
        map.close(inner)
        return PruneOptions(maximum: maximum ?? Limits.prunedServices)
    }
}

extension [HoldWindow] {
    /// The reason of the first pause that holds always, nil where there is none.
    var openEndedPause: String? { first { $0.kind == .pause && $0.from == nil && $0.until == nil }?.reason }

    /// The windows that end by themselves, as freezes.
    fileprivate var freezes: [FreezeWindow] {
        compactMap { hold in hold.until.map { FreezeWindow(from: hold.from, until: $0, reason: hold.reason) } }
    }
}
