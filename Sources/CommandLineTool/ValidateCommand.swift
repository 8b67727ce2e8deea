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
            PATH is an environment's folder, or one file of it. Bases elsewhere in the repository are read; SSM parameters are \
            not asked for, and nothing is said about what depends on them. Each finding is one line: file, line, column, what is \
            wrong and what to do; --output json prints a list of {file, line, column, severity, rule, member, message}.

            Examples:
              mooring validate production
              mooring validate production/web.service.yaml --strict
              mooring validate production --output json | jq '.[] | select(.severity == "error")'

            Exit codes: 0 no errors, 1 errors (with --strict: warnings too), 2 nothing could be read.
            """,
    )

    @Argument(
        help: "The folder of an environment, or a file in it.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var path: String

    @Option(help: "text or json.")
    var output = OutputFormat.text

    @Flag(help: "Warnings are errors.")
    var strict = false

    @Option(name: .customLong("cluster"), help: "The cluster of services that name none.")
    var cluster: String?

    func run() async throws {
        let folder: ManifestFolder
        do throws(ManifestFolder.Unreadable) {
            folder = try ManifestFolder(at: path)
        } catch {
            StandardStreams.error(error.description)
            throw ExitCode(2)
        }
        if folder.files.isEmpty {
            StandardStreams.error("There is no *.json, *.yaml or *.yml below \(path).")
            throw ExitCode(2)
        }
        var state = folder.collection(defaultCluster: cluster.flatMap { try? ClusterName($0) })
            .desiredState(.offline)
        if let only = folder.only { state.findings = state.findings.filter { $0.file == only } }
        let result = Validation(state: state, isStrict: strict)
        switch output {
        case .text:
            StandardStreams.output(result.text(palette: StandardStreams.outputIsTerminal ? .terminal : .plain))
        case .json: StandardStreams.output(JSONWriter(.indented).text(of: .list(state.findings.sorted().map(\.json))))
        }
        if result.hasFailed { throw ExitCode(1) }
    }
}

/// What came of a validation.
struct Validation {
    let state: DesiredState
    let isStrict: Bool

    var hasFailed: Bool {
        state.findings.contains { $0.severity == .error || (isStrict && $0.severity == .warning) }
    }

    func text(palette: Palette) -> String {
        let lines = state.findings.sorted().map { finding -> String in
            let colour: Palette.Colour =
                switch finding.severity {
                case .error: .red
                case .warning: .yellow
                case .remark: .dim
                }
            return palette.paint(Masking.masked(finding.line).safeLine, colour)
        }
        let counts = [
            (state.findings.count { $0.severity == .error }, "error"),
            (state.findings.count { $0.severity == .warning }, "warning"),
            (state.findings.count { $0.severity == .remark }, "remark"),
        ].filter { $0.0 > 0 }.map { "\($0.0) \($0.1)\($0.0 == 1 ? "" : "s")" }
        let found = counts.isEmpty ? "nothing to remark" : counts.joined(separator: ", ")
        let services = state.services.count + state.badServices.count
        let summary =
            "\(services) service\(services == 1 ? "" : "s"), "
            + "\(state.taskDefinitions.count) task definition\(state.taskDefinitions.count == 1 ? "" : "s"): \(found)."
        return (lines + [palette.paint(summary, .bold)]).joined(separator: "\n")
    }
}
