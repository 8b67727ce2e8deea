package import MooringModel
import MooringNames
package import MooringShapes

/// What manifests come to: the inputs of ECS's API once bases are merged, variables replaced and types decided.
package struct RenderedInputs: Sendable {
    /// One call.
    package struct Input: Hashable, Sendable {
        /// `RegisterTaskDefinition`, `CreateService`, `RunTask`.
        package let operation: String
        /// `web`, `main/web`.
        package let name: String
        package let value: Value
    }

    package let inputs: [Input]

    /// The inputs of all that can be used: of each service and one-off task behind that of its task definition, families
    /// that nothing runs last. Nothing of them is hidden: they are what git holds.
    ///
    /// - Parameter service: only this service and its task definition; nil for everything.
    package init(of state: DesiredState, service: String? = nil) {
        var inputs: [Input] = []
        let families = Dictionary(
            state.taskDefinitions.map { ($0.family, $0) }, uniquingKeysWith: { first, _ in first })
        var rendered: Set<Family> = []
        func add(_ input: Input, running reference: TaskDefinitionReference?) {
            if case .family(let family) = reference, let definition = families[family], rendered.insert(family).inserted
            {
                inputs.append(RenderedInputs.input(of: definition))
            }
            inputs.append(input)
        }
        for desired in state.services where service == nil || desired.key.service.text == service {
            add(RenderedInputs.input(of: desired), running: desired.taskDefinition)
        }
        if service == nil {
            for run in state.runs { add(RenderedInputs.input(of: run), running: run.taskDefinition) }
            inputs += state.taskDefinitions.filter { !rendered.contains($0.family) }.map(RenderedInputs.input)
        }
        self.inputs = inputs
    }

    private static func input(of definition: DesiredTaskDefinition) -> Input {
        Input(operation: "RegisterTaskDefinition", name: definition.family.text, value: definition.input)
    }

    /// CreateService names the cluster, also where the manifest leaves it out, and the task definition by its family.
    private static func input(of service: DesiredService) -> Input {
        let value = completed(service.input, cluster: service.key.cluster, running: service.taskDefinition)
        return Input(operation: "CreateService", name: service.key.description, value: value)
    }

    /// What Mooring adds when it runs the task, its token among it, no manifest has.
    private static func input(of run: DesiredRun) -> Input {
        let value = completed(run.input, cluster: run.cluster, running: run.taskDefinition)
        return Input(operation: "RunTask", name: "\(run.cluster)/\(run.name)", value: value)
    }

    private static func completed(
        _ input: Value, cluster: ClusterName, running reference: TaskDefinitionReference?,
    ) -> Value {
        var value = input
        value["cluster"] = .string(cluster.text)
        switch reference {
        case .family(let family): value["taskDefinition"] = .string(family.text)
        case .pinned(let text): value["taskDefinition"] = .string(text)
        case nil: break
        }
        return value
    }

    /// A stream of YAML documents, each under a comment that says what it is the input of.
    package var yaml: String {
        inputs.map { "# \($0.operation) \($0.name)\n" + YAMLWriter.text(of: $0.value) }.joined(separator: "---\n")
    }

    /// A list of `{operation, name, input}`.
    package var json: Value {
        .list(
            inputs.map { input in
                ["operation": .string(input.operation), "name": .string(input.name), "input": input.value]
            })
    }
}
