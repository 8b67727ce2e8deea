import ArgumentParser
import Foundation
import MooringGit
import MooringPresentation
import MooringShapes

/// What became of the newest commits, from the notes of a clone.
struct HistoryCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "history",
        abstract: "What became of the newest commits, read from the notes of a clone.",
        discussion: """
            Examples:
              git fetch origin '+refs/notes/mooring/*:refs/notes/mooring/*'
              mooring history
              mooring history --environment production --limit 50 --output json

            It asks neither AWS nor the git server: it tells what Mooring wrote onto the commits that lead to HEAD.

            Exit codes: 0 success, 1 there is no note to tell of.
            """,
    )

    @Argument(help: "A folder in a clone of the repository.", completion: .directory)
    var path = "."

    @Option(name: .customLong("environment"), help: "An environment, may be repeated. (default: all)")
    var environments: [String] = []

    @Option(help: "Commits to tell of, for each environment.")
    var limit = 20

    @Option(help: "text, or json: the notes as they are.")
    var output = NoteOutput.text

    func validate() throws {
        guard (1...10_000).contains(limit) else { throw ValidationError("--limit must be from 1 to 10000.") }
    }

    func run() async throws {
        let history = try await NotedHistory.read(around: path, environments: environments, limit: limit)
        let all = history.entries.flatMap(\.entries)
        switch output {
        case .json: StandardStreams.output(JSONWriter(.indented).text(of: .list(all.map(\.note))))
        case .text:
            let palette: Palette = StandardStreams.outputIsTerminal ? .terminal : .plain
            for entry in all {
                StandardStreams.output(
                    ReportText.line(
                        of: entry.report, subject: entry.commit.subject, showsEnvironment: history.entries.count > 1,
                        palette: palette))
            }
        }
        history.remark()
        if all.isEmpty { throw ExitCode(1) }
    }
}
