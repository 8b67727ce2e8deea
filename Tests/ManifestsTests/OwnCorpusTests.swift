import Foundation
import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// A small set of files as people write them, with verdicts, for where there is no corpus of other people's.
@Suite struct OwnCorpusTests {
    struct File: Sendable, CustomTestStringConvertible {
        let name: String
        /// The rules of its errors; none where ECS takes it.
        let errors: [String]
        let text: String

        var testDescription: String { name }
    }

    @Test(arguments: files)
    func `each file gets its verdict`(_ file: File) throws {
        let state = try TestFolder(files: [file.name: file.text]).state()
        let errors = state.findings.filter { $0.severity == .error }
        #expect(Set(errors.map(\.rule)).sorted() == file.errors.sorted(), "\(errors.map(\.line))")
        #expect(errors.allSatisfy { $0.message.count > 30 && $0.message.hasSuffix(".") }, "\(errors.map(\.line))")
        #expect(state.isComplete == errors.isEmpty)
    }

    @Test func `what this repository shows as an example has nothing to be remarked`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("examples/quickstart/production")
        var inputs: [ManifestInput] = []
        for name in try FileManager.default.contentsOfDirectory(atPath: root.path).sorted() {
            let bytes = [UInt8](try Data(contentsOf: root.appendingPathComponent(name)))
            inputs.append(ManifestInput(path: try TreePath(name), bytes: bytes))
        }
        #expect(inputs.count >= 2)
        #expect(Manifests.desiredState(of: inputs).findings.map(\.line) == [])
    }

    private static let container =
        #"{"name": "app", "image": "nginx:1.27", "memory": 128, "logConfiguration": {"logDriver": "json-file"}}"#

    private static let files = [
        File(name: "plain.json", errors: [], text: #"{"family": "a", "containerDefinitions": [\#(container)]}"#),
        File(
            name: "commented.json", errors: [],
            text:
                "# ours\n// and theirs\n/* and\n   a block */ {\"family\": \"a\", \"containerDefinitions\": [\(container)]}"
        ),
        File(
            name: "nulls.json", errors: [],
            text: #"{"family": "a", "taskRoleArn": null, "networkMode": "", "containerDefinitions": [\#(container)]}"#),
        File(
            name: "described.json", errors: [],
            text:
                #"{"taskDefinition": {"family": "a", "revision": 3, "status": "ACTIVE", "containerDefinitions": [\#(container)]}}"#
        ),
        File(
            name: "service.yaml", errors: [],
            text: "serviceName: a\ntaskDefinition: a:1\ndesiredCount: 1\nlaunchType: EC2\n"),
        File(
            name: "daemon.yaml", errors: [],
            text: "serviceName: a\ntaskDefinition: a:1\nschedulingStrategy: DAEMON\nlaunchType: EC2\n"),
        File(
            name: "fargate.yaml", errors: ["fargate-log-driver", "fargate-network-mode", "fargate-size-missing"],
            text: "family: a\nrequiresCompatibilities: [FARGATE]\ncontainerDefinitions: [\(container)]\n"),
        File(
            name: "container-as-object.json", errors: ["wrong-container"],
            text: #"{"family": "a", "containerDefinitions": \#(container)}"#),
        File(
            name: "object-as-list.yaml", errors: ["wrong-container"],
            text:
                "serviceName: a\ntaskDefinition: a:1\ndesiredCount: 1\nnetworkConfiguration:\n  - awsvpcConfiguration: {subnets: [subnet-1]}\n"
        ),
        File(
            name: "environment-as-map.yaml", errors: ["wrong-container"],
            text:
                "family: a\ncontainerDefinitions:\n  - name: app\n    image: a:1\n    memory: 64\n    environment: {A: b}\n"
        ),
        File(name: "containers.json", errors: ["bare-list"], text: "[\(container)]"),
        File(
            name: "list.json", errors: ["list-of-manifests"],
            text: #"[{"family": "a", "containerDefinitions": [\#(container)]}]"#),
        File(
            name: "stack.yaml", errors: ["cloudformation"],
            text: "Resources:\n  Task:\n    Type: AWS::ECS::TaskDefinition\n    Properties: {Family: a}\n"),
        File(
            name: "pascal.yaml", errors: ["cloudformation"],
            text: "ServiceName: a\nTaskDefinition: a:1\nDesiredCount: 1\n"),
        File(
            name: "run.json", errors: ["run-task-input"],
            text: #"{"cluster": "main", "taskDefinition": "a:4", "launchType": "FARGATE", "networkConfiguration": {}}"#),
        File(
            name: "update.json", errors: ["update-service-input"],
            text: #"{"cluster": "main", "service": "a", "desiredCount": 2}"#),
        File(
            name: "nameless.json", errors: ["partial-service"],
            text: #"{"launchType": "EC2", "desiredCount": 2, "taskDefinition": "a"}"#),
        File(
            name: "network-only.json", errors: ["partial-service"],
            text: #"{"launchType": "FARGATE", "networkConfiguration": {"awsvpcConfiguration": {"subnets": []}}}"#),
        File(name: "compose.yaml", errors: ["other-tool"], text: "version: '3'\nservices: {web: {image: nginx}}\n"),
        File(name: "kubernetes.yaml", errors: ["other-tool"], text: "apiVersion: apps/v1\nkind: Deployment\n"),
        File(name: "appspec.yaml", errors: ["other-tool"], text: "version: 0.0\nResources: [{TargetService: {}}]\n"),
        File(name: "package.json", errors: ["other-tool"], text: #"{"name": "a", "dependencies": {}}"#),
        File(
            name: "placeholder.json", errors: ["unrendered-template"],
            text: "{\n  \"family\": \"a\",\n  \"cpu\": ${CPU}\n}\n"),
        File(name: "angles.json", errors: ["unrendered-template"], text: "{\n  \"family\": <FAMILY>\n}\n"),
        File(name: "helm.yaml", errors: ["unrendered-template"], text: "family: {{ .Values.family }}\n"),
        File(name: "twice.json", errors: ["duplicate-member"], text: #"{"family": "a", "family": "b"}"#),
        File(name: "twice.yaml", errors: ["duplicate-member"], text: "family: a\nfamily: b\n"),
        File(
            name: "deep.json", errors: ["too-deep"],
            text: String(repeating: "[", count: 100) + String(repeating: "]", count: 100)),
        File(name: "inside.json", errors: ["malformed-json"], text: "{\n  \"family\": \"a\", # ours\n}\n"),
        File(
            name: "bomb.yaml", errors: ["alias-bomb"],
            text: "a: &a [x,x,x,x,x,x,x,x,x,x]\n"
                + (1...7).map { level in
                    let (name, before) = (
                        ["a", "b", "c", "d", "e", "f", "g", "h"][level], ["a", "b", "c", "d", "e", "f", "g"][level - 1]
                    )
                    return "\(name): &\(name) [" + Array(repeating: "*\(before)", count: 10).joined(separator: ",")
                        + "]\n"
                }.joined()),
    ]
}
