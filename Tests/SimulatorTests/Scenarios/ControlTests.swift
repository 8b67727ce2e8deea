import MooringShapes
import Testing

@testable import MooringSimulator

/// What the control endpoint takes.
@Suite struct ControlTests {
    @Test(arguments: [
        ("containerInstances: 2\n", "", "looks like YAML"),
        ("{containerInstances: 2}", "application/yaml", "looks like YAML"),
        (#"{"containerInstances":"#, "", "The body is no JSON"), ("", "", "The body is no JSON"),
        (#"{"containerInstance":2}"#, "", "1:2: There is no 'containerInstance' in a scenario."),
    ])
    func `a scenario that is none is refused with what would be right`(
        body: String, type: String, says: String,
    ) async throws {
        let host = LocalECSHost(LocalECSServer.Configuration())
        let response = await host.answer(
            WireRequest(
                method: "PUT", path: "/_mooring/scenario", headers: [("Content-Type", type)], body: Array(body.utf8)))
        #expect(response.status == 400)
        let error = try JSONReader.value(of: response.body)["error"]?.text ?? ""
        #expect(error.contains(says), "\(error)")
    }

    @Test func `the state shows the configured account and region before anybody calls`() async throws {
        var configuration = LocalECSServer.Configuration()
        configuration.engine.scenario.clusters = ["main"]
        let host = LocalECSHost(configuration)
        let request = WireRequest(method: "GET", path: "/_mooring/state", headers: [], body: [])
        let worlds = try JSONReader.value(of: await host.answer(request).body)["worlds"]
        #expect(worlds?.elements?.count == 1)
        #expect(worlds?[0]?["region"]?.text == "us-east-1")
        #expect(worlds?[0]?["clusters"]?.elements?.compactMap { $0["name"]?.text } == ["default", "main"])
    }

    @Test(arguments: [
        (#"{"setup":[{"call":"CreateCluster","input":{"clusterName":"a"}}]}"#, 400), (#"{"setup":[]}"#, 200),
        (#"{"containerInstances":2}"#, 200),
    ])
    func `setup belongs to the start`(json: String, status: Int) async throws {
        let host = LocalECSHost(LocalECSServer.Configuration())
        let response = await host.answer(
            WireRequest(method: "PUT", path: "/_mooring/scenario", headers: [], body: Array(json.utf8)))
        #expect(response.status == status)
        if status == 400 {
            #expect(try JSONReader.value(of: response.body)["error"]?.text?.contains("'setup' belongs") == true)
        }
    }
}
