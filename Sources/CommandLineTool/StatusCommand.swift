import ArgumentParser
import Foundation
import MooringGit
import MooringModel
import MooringPresentation
import MooringShapes

/// How the newest reported commit stands, from the notes of a clone.
struct StatusCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "How each environment's newest reported commit stands, read from the notes of a clone.",
        discussion: """
            Examples:
              git fetch origin '+refs/notes/mooring/*:refs/notes/mooring/*'
              mooring status
              mooring status --environment production --output json

            It asks neither AWS nor the git server: it tells what Mooring wrote onto the newest commit that leads to HEAD.
            'mooring plan' compares with what runs now.

            What an earlier commit left failed or withheld, and no later one has told of, is named below and counts.

            Exit codes: 0 synced, 1 failed or no note, 2 under way, 3 a difference is withheld.
            """,
    )

    @Argument(help: "A folder in a clone of the repository.", completion: .directory)
    var path = "."

    @Option(name: .customLong("environment"), help: "An environment, may be repeated. (default: all)")
    var environments: [String] = []

    @Option(help: "text, or json: the notes as they are.")
    var output = NoteOutput.text

    func run() async throws {
        let history = try await NotedHistory.read(around: path, environments: environments, limit: Limits.notesOfStatus)
        let newest = history.entries.compactMap(\.entries.first)
        let left = history.entries.flatMap { NotedHistory.leftBehind($0.entries) }
        switch output {
        case .json: StandardStreams.output(JSONWriter(.indented).text(of: .list(newest.map(\.note))))
        case .text:
            let palette: Palette = StandardStreams.outputIsTerminal ? .terminal : .plain
            let texts = newest.map { entry in
                let own = left.filter { $0.entry.report.environment == entry.report.environment }
                return ReportText.text(
                    of: entry.report, subject: entry.commit.subject, author: entry.commit.author, palette: palette)
                    + own.map { ReportText.leftBehind($0.service, by: $0.entry.report.commit, palette: palette) }
                    .joined()
            }
            if !texts.isEmpty { StandardStreams.output(texts.joined(separator: "\n")) }
        }
        history.remark()
        let isMissing = history.entries.contains { $0.entries.isEmpty }
        let code = isMissing ? 1 : StatusCommand.exitCode(of: newest.map(\.report.sync) + left.map(\.service.sync))
        if code != 0 { throw ExitCode(code) }
    }

    /// The gravest decides.
    static func exitCode(of syncs: [Sync]) -> Int32 {
        if syncs.contains(.failed) { return 1 }
        if syncs.contains(.progressing) { return 2 }
        return syncs.contains(.outOfSync) ? 3 : 0
    }
}
