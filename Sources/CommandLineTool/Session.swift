import ArgumentParser
import Foundation
import Logging
import MooringController
import MooringPorts

/// What every command that reads settings needs: the settings, where messages go, and the outside.
struct Session: Sendable {
    let settings: Settings
    let console: Console
    let logger: Logger
    let assembly: Assembly
    let redactor: Redactor

    /// Reads the settings. What is wrong with them is said on standard error, all of it.
    ///
    /// - Throws: the exit code of a failure.
    init(_ input: SettingsInput) throws {
        let settings: Settings
        do throws(SettingsMistakes) {
            settings = try SettingsReader.settings(from: input)
        } catch {
            StandardStreams.error("\(error)")
            throw ExitCode(1)
        }
        self.settings = settings
        let late = LateSecrets()
        redactor = Redactor(secrets: settings.secrets, tokens: settings.tokens, late: late)
        console = Console.standardError(redactor: redactor, variables: input.variables)
        let logger = ConsoleLogHandler.logger(
            console: console, format: settings.logFormat, level: settings.logLevel)
        self.logger = logger
        for remark in settings.remarks { logger.warning("\(remark)") }
        do throws(Failure) {
            assembly = try Assembly(dataFolder: settings.dataFolder, variables: input.variables, late: late) {
                message in
                logger.warning("\(message)")
            }
        } catch {
            logger.error("\(error)")
            throw ExitCode(1)
        }
    }

    /// Makes sure that the data folder can be written to, before anything begins.
    ///
    /// - Throws: the exit code of a failure; what is wrong has been said.
    func prepareDataFolder() throws {
        do throws(Failure) {
            try DataFolder.prepare(settings.dataFolder)
        } catch {
            logger.error("\(error)", metadata: ["code": "\(error.code)"])
            throw ExitCode(1)
        }
    }

    var controller: Controller {
        Controller(
            settings: settings, logger: logger, console: console,
            ownTask: { [assembly] () async throws(Failure) in try await assembly.ownTask() },
            secret: { [assembly] (place, environment) async throws(Failure) in
                try await assembly.secret(place, of: environment)
            },
            parts: { [assembly] (environment) async throws(Failure) in try await assembly.parts(of: environment) })
    }

    /// Runs `body` until it ends or the process is asked to stop.
    func run<Result: Sendable>(_ body: @escaping @Sendable () async -> Result) async -> Result {
        await Lifecycle.run(onStop: { [logger] message in logger.info("\(message)") }, body)
    }

    /// What `work` gives, run like `run(_:)`.
    ///
    /// - Throws: the exit code of a failure; what is wrong has been said.
    func value<Value: Sendable>(
        of work: @escaping @Sendable () async throws(Failure) -> Value,
    ) async throws -> Value {
        let result = await run { () async -> Result<Value, Failure> in
            do throws(Failure) {
                return .success(try await work())
            } catch {
                return .failure(error)
            }
        }
        switch result {
        case .success(let value): return value
        case .failure(let failure):
            logger.error("\(failure)", metadata: ["code": "\(failure.code)"])
            throw ExitCode(1)
        }
    }
}

/// Standard output for results, standard error for what is said beside them.
enum StandardStreams {
    static func output(_ text: String) {
        // A reader that went away has seen enough.
        try? FileHandle.standardOutput.write(contentsOf: Data((text.hasSuffix("\n") ? text : text + "\n").utf8))
    }

    static func error(_ text: String) {
        let line = Redactor(secrets: []).redacted(text)
        try? FileHandle.standardError.write(contentsOf: Data((line + "\n").utf8))
    }

    /// Whether results go to a terminal that wants colour.
    static var outputIsTerminal: Bool {
        Console.isTerminal(STDOUT_FILENO, ProcessInfo.processInfo.environment)
    }
}
