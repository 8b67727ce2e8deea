import Foundation
import Glibc
import MooringShapes
import MooringSimulator
import MooringTestSupport
import Testing

/// `Tests/aws/record.py`, proved against the local ECS: what it records is read and compared as AWS's answers are.
@Suite(.serialized) struct RecordingTests {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("aws/record.py").path

    /// Runs the script to its end.
    private func record(_ arguments: [String], seconds: Int = 120) async throws -> (status: Int32, text: String) {
        let inherited = ProcessInfo.processInfo.environment
        let command = [inherited["MOORING_TEST_PYTHON"] ?? "python3", RecordingTests.script] + arguments
        return try await withProcess(command, environment: inherited) { process in
            guard case .exited(let status) = try await process.ending(within: .seconds(seconds)) else {
                return (-1, process.transcript)
            }
            return (status, process.transcript)
        }
    }

    /// A folder that is gone afterwards.
    private func withFolder(_ body: @Sendable (String) async throws -> Void) async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("recording-" + UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        try await body(folder.path)
    }

    @Test func `nothing is done without the word that somebody pays`() async throws {
        let (status, text) = try await record(["--subnets", "subnet-1"], seconds: 30)
        #expect(status == 2)
        #expect(text.contains("--i-pay") && text.contains("USD"))
    }

    @Test func `a recording of the local ECS is like the local ECS, and nothing is left behind`() async throws {
        var configuration = LocalECSServer.Configuration()
        configuration.engine.scenario.timing = .brisk
        // What is recorded right after a write is compared with what shows at that very moment; on a busy machine the call after
        // it comes a while later.
        configuration.engine.scenario.timing.schedulerDelay = 4_000
        configuration.engine.scenario.images = [ImageRule("*no-such-image:latest", .cannotPull())]
        configuration.engine.clusters = []
        let world = configuration
        try await withFolder { folder in
            try await withLocalECS(world) { url in
                let (status, text) = try await record([
                    "--endpoint", url, "--subnets", "subnet-1,subnet-2", "--pause", "0.1", "--output", folder,
                    "--with-failure",
                ])
                #expect(status == 0, "\(text.suffix(3000))")
                let (_, again) = try await record(["--endpoint", url, "--clean-only"], seconds: 30)
                #expect(!again.contains("left"), "\(again)")
            }
            var ledger = FidelityLedger()
            let recordings = try Recordings.all(in: folder)
            #expect(recordings.count >= 30)
            for recording in recordings {
                #expect(recording.request != nil, "\(recording.path)")
                #expect(recording.date.count == 10, "\(recording.path)")
                guard let (recorded, ours) = try FidelityTests.answer(recording) else { continue }
                ledger.note(recording, Comparison(recorded: recorded, ours: ours))
            }
            let unexplained = ledger.unexplained.joined(separator: "\n")
            #expect(unexplained.isEmpty)
            for kind in ["service-events", "stop-reasons", "status-reasons", "errors", "rollout-sequences"] {
                let text = try String(contentsOfFile: folder + "/strings/\(kind).tsv", encoding: .utf8)
                #expect(text.split(separator: "\n").count > 1, "\(kind)")
            }
        }
    }

    @Test func `an interrupted recording cleans up behind itself`() async throws {
        var configuration = LocalECSServer.Configuration()
        configuration.engine.scenario.timing = .brisk
        configuration.engine.clusters = []
        let world = configuration
        try await withFolder { folder in
            try await withLocalECS(world) { url in
                let inherited = ProcessInfo.processInfo.environment
                let command = [
                    inherited["MOORING_TEST_PYTHON"] ?? "python3", RecordingTests.script, "--endpoint", url,
                    "--subnets",
                    "subnet-1", "--pause", "0.1", "--output", folder,
                ]
                try await withProcess(command, environment: inherited) { process in
                    // The service exists once its description was written down.
                    let sign = folder + "/describe-services/recorded__describe-services.1.json"
                    _ = try await eventually("the first service", within: .seconds(60)) {
                        FileManager.default.fileExists(atPath: sign) ? true : nil
                    }
                    process.send(SIGTERM)
                    guard case .exited(let status) = try await process.ending(within: .seconds(60)) else {
                        Issue.record("the script did not end")
                        return
                    }
                    #expect(status == 1)
                    #expect(process.transcript.contains("deleted: mooring-rec-"))
                }
                let (_, again) = try await record(["--endpoint", url, "--clean-only"], seconds: 30)
                #expect(!again.contains("left"), "\(again)")
            }
        }
    }
}
