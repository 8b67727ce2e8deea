import MooringModel
import MooringNames
import MooringShapes

/// Reads what stands under `mooring` in a manifest.
enum OptionsReader {
    /// Options as written; names of services are resolved when all manifests are known.
    struct Written {
        var options = MooringOptions()
        var dependsOn: [(text: String, position: SourcePosition?)] = []
        var findings: [Finding] = []
    }

    /// Planned for later issues; whoever writes them must not believe that they do something.
    private static let unsupported = ["approve", "autoscaling", "task", "variables"]

    /// Read and checked, and not acted on yet; whoever writes them must not count on them.
    private static let withoutEffect = [
        ("dependsOn", "services are updated independently of one another."),
        ("ignore", "every member that git names is compared."),
        ("redeploy", "force a deployment with 'aws ecs update-service --force-new-deployment'."),
        ("replace", "delete the service by hand, and it is created as git says."),
        ("timeout", "a rollout is watched until ECS ends it."),
    ]

    static func read(_ member: Value.Member?, kind: DocumentKind, file: TreePath) -> Written {
        guard let member else { return Written() }
        var map = OptionMap(member.value, owner: "mooring", file: file, rootPath: "mooring")
        var written = Written()
        written.options.adopt = map.flag("adopt")
        written.options.shared = map.flag("shared")
        written.dependsOn = map.texts("dependsOn")
        written.options.timeout = map.duration("timeout")
        written.options.ignore = map.texts("ignore").map(\.text)
        written.options.pause = map.pause()
        written.options.redeploy = map.text("redeploy")
        written.options.replace = map.flag("replace")
        // Has been followed already, and is taken out then.
        map.expect("base")
        map.refuseUnsupported(unsupported)
        map.refuseUnknown()
        if kind == .service { map.warnWithoutEffect(withoutEffect) }
        written.findings = map.findings
        if kind != .service, written.findings.isEmpty, written.options != MooringOptions() || !written.dependsOn.isEmpty
        {
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
}

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

    private static func settings(from root: Value, file: TreePath) -> Result {
        var map = OptionMap(root, owner: fileName, file: file, rootPath: "")
        var result = Result()
        result.options.adopt = map.flag("adopt")
        result.options.pause = map.pause()
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
        for window in map.values("freeze") { read(window, into: &result, map: &map) }
        result.variables = VariablesReader.read(&map)
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

    /// Settings of which nothing is known.
    private static func unreadable(_ findings: [Finding]) -> Result {
        var result = bad(findings)
        result.knowsVariables = false
        return result
    }

    /// Settings that cannot be read may have said pause, so they do.
    private static func bad(_ findings: [Finding]) -> Result {
        Result(
            options: EnvironmentOptions(pause: "\(fileName) cannot be used; see the findings."), findings: findings)
    }

    private static func read(_ window: Value, into result: inout Result, map: inout OptionMap) {
        let names = (window.members ?? []).map(\.name)
        let from = window["from"]?.text
        let start = from.flatMap(TimeText.timestamp)
        guard let until = window["until"]?.text, let end = TimeText.timestamp(until), from == nil || start != nil,
            start.map({ $0 < end }) ?? true, Set(names).isSubset(of: ["from", "until", "reason"])
        else {
            map.report(
                "freeze", "bad-freeze",
                "A freeze has 'until', and may have 'from' before it and 'reason'; times are written in UTC as "
                    + "2026-12-20T18:00:00Z or 2026-12-20.",
                position: window.position)
            return
        }
        result.options.freeze.append(
            FreezeWindow(from: start, until: end, reason: window["reason"]?.text ?? ""))
    }
}

/// Reads points in time.
enum TimeText {
    /// `2026-12-20T18:00:00Z`, `2026-12-20T18:00Z`, or `2026-12-20` for its first moment; all in UTC.
    static func timestamp(_ text: String) -> Timestamp? {
        let halves = text.split(separator: "T", maxSplits: 1, omittingEmptySubsequences: false)
        guard let date = numbers(halves.first ?? "", separator: "-", digits: [4, 2, 2]),
            (1...12).contains(date[1]), (1...daysIn(month: date[1], year: date[0])).contains(date[2])
        else { return nil }
        var seconds = daysSince1970(year: date[0], month: date[1], day: date[2]) * 86_400
        if halves.count == 2 {
            guard halves[1].hasSuffix("Z") else { return nil }
            let clock = halves[1].dropLast()
            guard
                let time = numbers(clock, separator: ":", digits: [2, 2, 2])
                    ?? numbers(clock, separator: ":", digits: [2, 2]).map({ $0 + [0] }),
                time[0] < 24, time[1] < 60, time[2] < 60
            else { return nil }
            seconds += time[0] * 3600 + time[1] * 60 + time[2]
        }
        return Timestamp(millisecondsSince1970: Int64(seconds) * 1000)
    }

    private static func numbers(_ text: Substring, separator: Character, digits: [Int]) -> [Int]? {
        let parts = text.split(separator: separator, omittingEmptySubsequences: false)
        guard parts.map(\.utf8.count) == digits else { return nil }
        let numbers = parts.compactMap { part in part.utf8.allSatisfy { $0 >= 48 && $0 <= 57 } ? Int(part) : nil }
        return numbers.count == digits.count ? numbers : nil
    }

    private static func daysIn(month: Int, year: Int) -> Int {
        let isLeap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0
        return month == 2 ? (isLeap ? 29 : 28) : [4, 6, 9, 11].contains(month) ? 30 : 31
    }

    /// Days of the Gregorian calendar, counted in years that begin in March, so that the leap day comes last.
    private static func daysSince1970(year: Int, month: Int, day: Int) -> Int {
        let shifted = month > 2 ? year : year - 1
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + dayOfYear - 719_468
    }
}
