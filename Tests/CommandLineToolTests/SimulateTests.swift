import Foundation
import MooringTestSupport
import Testing

/// `mooring simulate` and its scenarios.
@Suite struct SimulateTests {
    /// A scenario, and what is said of it behind the file's name.
    @Test(
        .timeLimit(.minutes(1)),
        arguments: [
            (
                "images:\n  - {image: \"*:bad\", canotPull: true}\n",
                ":2:22: There is no 'canotPull' in an image. Did you mean 'cannotPull'? Allowed are image, cannotPull,"
            ),
            (
                "timeline:\n- at: 9s\n  scale: web\n",
                ":2:3: An entry of the timeline needs the member 'to': a count of tasks.\n"
            ),
            (
                #"{"timeline": [{"at": "soon", "delete": "web"}]}"#,
                ":1:22: 'at' in an entry of the timeline must be a time such as 90s, 2m, 1h30m or 250ms;"
            ),
            ("images: []\n---\nimages: []\n", ":3:1: A scenario is one document. Remove what follows the first.\n"),
            ("images: [\n", ":2:1: This is not YAML:"),
            ("- images\n", ":1:1: A scenario must be a map of clusters, setup, images,"),
        ])
    func `a scenario that cannot be used is refused with file, line and column`(
        text: String, says: String,
    ) async throws {
        let folder = try TemporaryFolder()
        try Data(text.utf8).write(to: URL(fileURLWithPath: folder.path + "/scenario.yaml"))
        // Named from within its folder: what looks like a secret in a path, as a random name does, is hidden in errors.
        let ended = try await Tool.run(
            ["simulate", "--port", "0", "--scenario", "scenario.yaml"], folder: folder.path)
        #expect(ended.code == 1)
        #expect(ended.output.isEmpty)
        #expect(ended.errors.hasPrefix("scenario.yaml" + says), "\(ended.errors)")
    }

    @Test(.timeLimit(.minutes(1))) func `a world that cannot be made as the scenario wants it is refused`() async throws
    {
        let folder = try TemporaryFolder()
        let scenario = """
            setup:
            - {call: CreateService, input: {serviceName: web, taskDefinition: web, desiredCount: 1}}
            """
        try Data(scenario.utf8).write(to: URL(fileURLWithPath: folder.path + "/scenario.yaml"))
        let ended = try await Tool.run(
            ["simulate", "--port", "0", "--scenario", "scenario.yaml"], folder: folder.path)
        #expect(ended.code == 1)
        #expect(ended.output.isEmpty)
        #expect(
            ended.errors.contains("setup fails")
                && ended.errors.contains("CreateService of web in the cluster default"),
            "\(ended.errors)")
    }

    @Test(.timeLimit(.minutes(1))) func `what the timeline cannot do is told`() async throws {
        let folder = try TemporaryFolder()
        try Data("timeline: [{at: 1s, scale: nosuch, to: 3}]\n".utf8).write(
            to: URL(fileURLWithPath: folder.path + "/scenario.yaml"))
        let process = try await RunningProcess.start([
            Tool.path, "simulate", "--port", "0", "--stepped", "--scenario", folder.path + "/scenario.yaml",
        ])
        do {
            let line = try await process.line(containing: "http://127.0.0.1:").text
            let digits = line.components(separatedBy: "http://127.0.0.1:").last?.prefix { $0.isNumber } ?? ""
            let port = try #require(UInt16(digits))
            let answer = try LoopbackExchange.send(
                "POST", "/_mooring/advance", headers: [], body: #"{"milliseconds": 5000}"#, port: port)
            #expect(answer.status == 200)
            let told = try await process.line(containing: "nosuch").text
            #expect(
                told.contains("UpdateService of nosuch in the cluster default, which fails: ServiceNotFoundException."))
            await process.stop()
        } catch {
            await process.kill()
            throw error
        }
    }

    @Test(.timeLimit(.minutes(1))) func `the scenario of the demo can be used`() async throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let path = root.appendingPathComponent("examples/rehearsal.yaml").path
        try await Tool.withLocalECS(["--scenario", path]) { aws in
            #expect(aws["AWS_ENDPOINT_URL"] != nil)
        }
    }

    @Test(.timeLimit(.minutes(1))) func `a stepped clock has no speed`() async throws {
        let ended = try await Tool.run(["simulate", "--stepped", "--speed", "3"])
        #expect(ended.code == 64)
        #expect(ended.errors.contains("--stepped and --speed exclude each other."), "\(ended.errors)")
    }
}
