import ArgumentParser
import MooringController
import MooringModel
import MooringNames

/// One pass for a person or CI.
struct SyncCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sync",
        abstract: "Brings environments to where git says, waits for the rollouts, and ends.",
        discussion: """
            Examples:
              mooring sync --settings mooring-settings.yaml --environment production
              mooring sync --settings mooring-settings.yaml --no-wait

            --no-wait starts what may start at once, writes the note and leaves the rest to the controller.

            Exit codes: 0 what git says runs (or, with --no-wait, is on its way), 1 failed, 3 a difference is withheld. What
            earlier commits left behind counts as well.
            """,
    )

    @OptionGroup var options: SettingsOptions

    @Flag(inversion: .prefixedNo, help: "Wait for the rollouts.")
    var wait = true

    @Option(help: "Give up after so long: 90s, 30m, 2h.")
    var timeout = "1h"

    func validate() throws {
        if Duration(setting: timeout) == nil {
            throw ValidationError("--timeout must be a time such as 90s, 30m or 2h.")
        }
    }

    func run() async throws {
        var input = options.input()
        input.staysOn = false
        let session = try Session(input)
        try session.prepareDataFolder()
        let (waits, timeout) = (wait, Duration(setting: timeout) ?? .seconds(3_600))
        let outcomes = await session.run { await session.controller.sync(waits: waits, timeout: timeout) }
        for outcome in outcomes {
            StandardStreams.output(session.redactor.redacted(SyncOutcome.line(for: outcome)))
        }
        let code = SyncOutcome.exitCode(of: outcomes, expected: session.settings.environments.count, waits: waits)
        if code != 0 { throw ExitCode(code) }
    }
}

/// What a sync says and ends with.
enum SyncOutcome {
    static func line(for outcome: Controller.Outcome) -> String {
        var parts: [String] = []
        if let report = outcome.report {
            parts.append("\(report.commit.short) \(report.sync.rawValue): \(report.summary)")
        } else if outcome.failure == nil {
            parts.append("stopped before a commit was read.")
        }
        if let failure = outcome.failure { parts.append("\(failure)") }
        // What ended well has nothing in its way; what was given up says why, and what was in the way then.
        if let problem = outcome.problem, problem != outcome.failure, outcome.report?.isFinal != true {
            parts.append("\(problem)")
        }
        return "\(outcome.environment): " + parts.joined(separator: " ")
    }

    static func exitCode(of outcomes: [Controller.Outcome], expected: Int, waits: Bool) -> Int32 {
        if outcomes.count < expected { return 1 }
        let codes = outcomes.map { outcome -> Int32 in
            guard outcome.failure == nil, let report = outcome.report else { return 1 }
            // What an earlier commit left behind is not what git says either.
            if report.isFinal, report.sync != .failed, outcome.others.contains(where: { $0.sync == .failed }) {
                return 1
            }
            switch report.sync {
            case .synced, .superseded: return outcome.others.isEmpty ? 0 : 3
            // Stopped before the end: nobody may take that for a deployment.
            case .progressing: return waits ? 1 : 0
            case .outOfSync: return 3
            case .failed: return 1
            }
        }
        return codes.contains(1) ? 1 : codes.max() ?? 0
    }
}
