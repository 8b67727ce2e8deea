import Foundation
import Logging
import MooringController
import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import MooringShapes
import MooringTestSupport
import Synchronization
import Testing

@Suite struct `Environments side by side` {
    private func settings(_ names: [String], poll: String = "100ms") throws -> Settings {
        var input = SettingsInput()
        let folder = try TemporaryFolder()
        input.settingsFile = folder.path + "/settings.yaml"
        let environments = names.map {
            "  - {name: \($0), repository: /srv/\($0).git, account: '123456789012', region: eu-central-1, pollInterval: \(poll)}\n"
        }
        try ("environments:\n" + environments.joined()).write(
            toFile: folder.path + "/settings.yaml", atomically: true, encoding: .utf8)
        return try SettingsReader.settings(from: input)
    }

    private struct NoAWS: AWSClient {
        func call(_ call: APICall) async throws(Failure) -> Value {
            throw Failure(
                code: "AccessDeniedException", subject: "\(call)", tried: "call", cause: "Not allowed.",
                disposition: .stalled)
        }
    }

    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])
        func take(_ line: String) { lines.withLock { $0.append(line) } }
        var all: [String] { lines.withLock { $0 } }
    }

    private func controller(
        _ settings: Settings, _ lines: Lines,
        ports: @escaping @Sendable (EnvironmentSettings) throws(Failure) -> EnvironmentPorts,
    ) -> Controller {
        let console = Console(isTerminal: false, redactor: Redactor(secrets: [])) { lines.take($0) }
        let logger = ConsoleLogHandler.logger(console: console, format: .text, level: .info)
        return Controller(
            settings: settings, logger: logger, console: console,
            secret: { (place, _) throws(Failure) in
                guard let secret = place.known else { throw Self.storage }
                return secret
            },
            parts: { (environment) throws(Failure) in EnvironmentParts(ports: try ports(environment)) })
    }

    private static let storage = Failure(
        code: .storage, subject: "/data", tried: "open", cause: "The disk is gone.", disposition: .retry(after: nil))

    @Test(.timeLimit(.minutes(1))) func `that cannot be set up stop no other`() async throws {
        let lines = Lines()
        let folder = try TemporaryFolder()
        let settings = try settings(["bad", "good"])
        let outcomes = await controller(settings, lines) { environment throws(Failure) in
            if environment.name.text == "bad" { throw Self.storage }
            return EnvironmentPorts(
                git: InMemoryGitRepository(), aws: NoAWS(), status: nil, outbox: FileOutbox(folder: folder.path + "/o"),
                clock: SystemClock())
        }.sync(waits: true, timeout: .seconds(40))
        #expect(outcomes.map(\.environment.text) == ["bad", "good"])
        #expect(outcomes.first?.failure == Self.storage)
        // The other one came as far as git, which is empty: a person must push first.
        #expect(outcomes.last?.failure?.code == .notFound)
        #expect(lines.all.contains { $0.contains("The disk is gone.") })
    }

    @Test(.timeLimit(.minutes(1))) func `say once what is wrong, and end when they are told to`() async throws {
        let lines = Lines()
        let folder = try TemporaryFolder()
        let clock = ManualClock()
        let git = InMemoryGitRepository()
        let settings = try settings(["quiet"])
        let controller = controller(settings, lines) { _ throws(Failure) in
            EnvironmentPorts(
                git: git, aws: NoAWS(), status: nil, outbox: FileOutbox(folder: folder.path + "/o"), clock: clock)
        }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await controller.run() }
            for _ in 0..<5 {
                await clock.sleepers()
                clock.advance(by: .seconds(3_600))
            }
            await clock.sleepers()
            group.cancelAll()
        }
        #expect(git.calls[.remoteHeads, default: 0] >= 5)
        #expect(lines.all.count { $0.contains("What runs stays as it is") } == 1)
    }

    @Test(.timeLimit(.minutes(1))) func `give up a sync whose time is over`() async throws {
        let settings = try settings(["slow"], poll: "1h")
        let folder = try TemporaryFolder()
        let outcomes = await controller(settings, Lines()) { _ throws(Failure) in
            EnvironmentPorts(
                git: InMemoryGitRepository(), aws: NoAWS(), status: nil, outbox: FileOutbox(folder: folder.path + "/o"),
                clock: SystemClock())
        }.sync(waits: true, timeout: .milliseconds(300))
        #expect(outcomes.first?.failure?.code == .timedOut)
    }
}
