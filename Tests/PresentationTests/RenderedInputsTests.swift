import MooringModel
import MooringNames
import MooringPresentation
import MooringShapes
import Testing

/// What manifests come to, as inputs of ECS's API.
@Suite struct RenderedInputsTests {
    @Test func `one-off tasks stand behind the services, with cluster and family`() throws {
        let family = try Family("web")
        let (file, cluster) = (try TreePath("a.yaml"), try ClusterName("main"))
        var state = DesiredState(
            taskDefinitions: [
                DesiredTaskDefinition(
                    family: family, input: ["family": "web"], file: file, documentIndex: 0,
                    position: SourcePosition(line: 1, column: 1))
            ],
            services: [
                DesiredService(
                    key: ServiceKey(cluster: cluster, service: try ServiceName("web")),
                    input: ["serviceName": "web", "taskDefinition": "./task.yaml"], taskDefinition: .family(family),
                    files: [file])
            ])
        state.runs = [
            DesiredRun(
                cluster: cluster, name: try RunName("migrate"), input: ["taskDefinition": "./task.yaml", "count": 1],
                taskDefinition: .family(family), files: [file])
        ]
        let inputs = RenderedInputs(of: state).inputs
        #expect(
            inputs.map { "\($0.operation) \($0.name)" }
                == ["RegisterTaskDefinition web", "CreateService main/web", "RunTask main/migrate"])
        #expect(inputs.last?.value == ["taskDefinition": "web", "count": 1, "cluster": "main"])
        #expect(RenderedInputs(of: state, service: "web").inputs.count == 2)
    }
}
