import ArgumentParser
import MooringController
import MooringManifests
import MooringShapes

/// JSON Schema for editors.
struct SchemaCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "schema",
        abstract: "Prints the JSON Schema of manifests, or of settings: completion and red lines in an editor.",
        discussion: """
            An editor with a YAML language server reads the schema that the first line of a file names; for JSON, name it in \
            the editor's settings.

            Examples:
              mooring schema > mooring.schema.json
              # yaml-language-server: $schema=../mooring.schema.json
              mooring schema --settings > settings.schema.json

            Exit codes: 0 success.
            """,
    )

    @Flag(help: "The schema of mooring.yaml and of the settings file.")
    var settings = false

    func run() throws {
        let schema = settings ? SettingsSchema.schema : ManifestSchema.manifest
        StandardStreams.output(JSONWriter(.indented).text(of: schema))
    }
}
