import ArgumentParser
import MooringManifests
import MooringModel
import MooringNames
import MooringPresentation
import MooringShapes

/// How a result is written.
enum OutputFormat: String, CaseIterable, ExpressibleByArgument {
    case text, json
}

/// The manifests, offline.
struct ValidateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "validate",
        abstract: "Checks manifests, offline: what ECS would refuse, what is misspelt, what refers to nothing.",
        discussion: """
            Each PATH is an environment's folder, or a file of one; of files, only what is about them is told. Bases elsewhere in \
            the repository are read; SSM parameters are not asked for, and nothing is said about what depends on them. Each \
            finding is one line: file, line, column, what is \
            wrong and what to do; --output json prints a list of {file, line, column, severity, rule, member, message}.

            Examples:
              mooring validate production
              mooring validate production/web.yaml production/task.json --strict
              mooring validate production --output json \\
                | jq '.[] | select(.severity == "error")'

            Exit codes: 0 no errors, 1 errors (with --strict: warnings too), 2 nothing could be read.
            """,
    )

    @Argument(
        help: "Folders of environments, or files in them.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var paths: [String]

    @Option(help: "text or json.")
    var output = OutputFormat.text

    @Flag(help: "Warnings are errors.")
    var strict = false

    @Option(name: .customLong("cluster"), help: "The cluster of services that name none.")
    var cluster: String?

    func validate() throws { _ = try clusterName() }

    /// The cluster that was named, nil where none was.
    private func clusterName() throws -> ClusterName? {
        do throws(NameError) {
            return try cluster.map { (text) throws(NameError) in try ClusterName(text) }
        } catch {
            throw ValidationError("--cluster: \(error)")
        }
    }

    func run() async throws {
        var folders: [ManifestFolder] = []
        do throws(ManifestFolder.Unreadable) {
            for path in paths {
                let folder = try ManifestFolder(at: path)
                if folder.files.isEmpty {
                    throw ManifestFolder.Unreadable(description: ManifestFolder.emptiness(of: path))
                }
                if let index = folders.firstIndex(where: { $0.isSame(as: folder) }) {
                    folders[index].only = folders[index].only.flatMap { old in folder.only.map { old.union($0) } }
                } else {
                    folders.append(folder)
                }
            }
        } catch {
            StandardStreams.error(error.description)
            throw ExitCode(2)
        }
        let result = Validation(states: try folders.map(state), isStrict: strict)
        switch output {
        case .text:
            StandardStreams.output(result.text(palette: StandardStreams.outputIsTerminal ? .terminal : .plain))
        case .json: StandardStreams.output(result.json)
        }
        if result.hasFailed { throw ExitCode(1) }
    }

    private func state(of folder: ManifestFolder) throws -> DesiredState {
        var state = folder.collection(defaultCluster: try clusterName()).desiredState(.offline)
        if let only = folder.only {
            state.findings = state.findings.filter { $0.file.map(only.contains) ?? false }
            // What is counted is what the files have a part in, not the folder around them.
            state.services = state.services.filter { !only.isDisjoint(with: $0.files) }
            state.badServices = state.badServices.filter { only.contains($0.file) }
            state.runs = state.runs.filter { !only.isDisjoint(with: $0.files) }
            state.badRuns = state.badRuns.filter { only.contains($0.file) }
            state.taskDefinitions = state.taskDefinitions.filter { only.contains($0.file) }
        }
        if let finding = severalEnvironments(in: folder) { return DesiredState(findings: [finding]) }
        return state
    }

    /// The one thing to say of a folder whose environments are in folders of their own.
    private func severalEnvironments(in folder: ManifestFolder) -> Finding? {
        let settings = folder.files.map(\.path).filter { $0.fileName == "mooring.yaml" }.sorted()
        let prefix = folder.folder.map { $0.text + "/" } ?? ""
        guard folder.only == nil, settings.count > 1, !settings.contains(where: { $0.text == prefix + "mooring.yaml" })
        else { return nil }
        let environments = settings.map { String($0.text.dropLast("/mooring.yaml".count)) }
        let more = environments.count > Limits.namedEnvironments ? " ..." : ""
        return Finding(
            severity: .error, rule: "several-environments",
            message:
                "The folder holds \(environments.count) environments, each with a mooring.yaml. Validate their folders: "
                + environments.prefix(Limits.namedEnvironments).joined(separator: " ") + more,
            file: settings[0], position: SourcePosition(line: 1, column: 1))
    }
}

/// What came of a validation.
struct Validation {
    /// One for each environment.
    let states: [DesiredState]
    let findings: [Finding]
    let isStrict: Bool

    init(states: [DesiredState], isStrict: Bool) {
        self.states = states
        findings = states.flatMap(\.findings).sorted()
        self.isStrict = isStrict
    }

    var hasFailed: Bool {
        findings.contains { $0.severity == .error || (isStrict && $0.severity == .warning) }
    }

    /// A list of `{file, line, column, severity, rule, member, message}`.
    var json: String {
        let rows = findings.map { finding in
            var row = finding.json
            row["message"] = .string(Masking.masked(finding.message))
            return row
        }
        return JSONWriter(.indented).text(of: .list(rows))
    }

    func text(palette: Palette) -> String {
        let lines = findings.map { finding -> String in
            let colour: Palette.Colour =
                switch finding.severity {
                case .error: .red
                case .warning: .yellow
                case .remark: .dim
                }
            return palette.paint(Masking.masked(finding.line).safeLine, colour)
        }
        let counts = [
            (findings.count { $0.severity == .error }, "error"),
            (findings.count { $0.severity == .warning }, "warning"),
            (findings.count { $0.severity == .remark }, "remark"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
        let found = counts.isEmpty ? "nothing to remark" : counts.joined(separator: ", ")
        let services = states.reduce(0) { $0 + $1.services.count + $1.badServices.count }
        let definitions = states.reduce(0) { $0 + $1.taskDefinitions.count }
        let runs = states.reduce(0) { $0 + $1.runs.count + $1.badRuns.count }
        let tasks = runs == 0 ? "" : "\(runs) one-off task\(runs == 1 ? "" : "s"), "
        let summary =
            tasks + "\(services) service\(services == 1 ? "" : "s"), "
            + "\(definitions) task definition\(definitions == 1 ? "" : "s"): \(found)."
        return (lines + [palette.paint(summary, .bold)]).joined(separator: "\n")
    }
}
