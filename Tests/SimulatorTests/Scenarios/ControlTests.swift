import MooringShapes
import Testing

@testable import MooringSimulator

/// What the control endpoint takes.
@Suite struct ControlTests {
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
