import ArgumentParser
import MooringManifests
import MooringModel
import MooringNames
import MooringPresentation
import MooringShapes

/// What manifests come to, offline.
struct RenderCommand: AsyncParsableCommand {
    /// How the inputs are written.
    enum Output: String, CaseIterable, ExpressibleByArgument {
        case yaml, json
    }

    static let configuration = CommandConfiguration(
        commandName: "render",
        abstract: "Prints what would be sent to ECS: bases merged, variables replaced, types decided. Offline.",
        discussion: """
            PATH is an environment's folder, or one file of it. For every service the input of RegisterTaskDefinition and that \
            of CreateService are printed, as a stream of YAML documents or a list of {operation, name, input}. Mooring's own \
            tags are added only when it acts. SSM parameters are not asked for: '${name}' stands in the place of their values. \
            Nothing is hidden; what is printed is what git holds.

            Examples:
              mooring render production
              mooring render production --service web
              mooring render production --output json | jq '.[].input'

            Findings go to standard error. Exit codes: 0 no errors, 1 errors (what can be used is printed all the same), 2 \
            nothing could be read.
            """,
    )

    @Argument(
        help: "The folder of an environment, or a file in it.", completion: .file(extensions: ["json", "yaml", "yml"]))
    var path: String

    @Option(help: "Only the service of this name, and its task definition.")
    var service: String?

    @Option(help: "yaml or json.")
    var output = Output.yaml

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
        if let only = folder.only {
            // A base is part of a file's manifests too, so all files that a service depends on are its own.
            state.services = state.services.filter { !only.isDisjoint(with: $0.files) }
            state.runs = state.runs.filter { !only.isDisjoint(with: $0.files) }
            let references = state.services.map(\.taskDefinition) + state.runs.map(\.taskDefinition)
            let families = Set(
                references.compactMap { reference in
                    if case .family(let family) = reference { return family }
                    return nil
                })
            state.taskDefinitions = state.taskDefinitions.filter {
                only.contains($0.file) || families.contains($0.family)
            }
            state.findings = state.findings.filter { $0.file.map(only.contains) ?? false }
        }
        let findings = state.findings.filter { $0.severity != .remark }.sorted()
        for finding in findings { StandardStreams.error(Masking.masked(finding.line).safeLine) }
        let rendered = RenderedInputs(of: state, service: service)
        if let service, rendered.inputs.isEmpty {
            StandardStreams.error("There is no service '\(service.safeLine)' below \(path) that can be rendered.")
            throw ExitCode(1)
        }
        switch output {
        case .yaml: StandardStreams.output(rendered.yaml)
        case .json: StandardStreams.output(JSONWriter(.indented).text(of: rendered.json))
        }
        if findings.contains(where: { $0.severity == .error }) { throw ExitCode(1) }
    }
}
