import Foundation
import MooringShapes
import MooringTestSupport
import Testing

@Suite struct `mooring render` {
    /// The repository of the README's section on variables and overlays.
    private static let files = [
        "base/web/service.yaml": """
        serviceName: web
        taskDefinition: web
        deploymentConfiguration: {deploymentCircuitBreaker: {enable: true, rollback: true}}

        """,
        "base/web/task.yaml": """
        family: web
        containerDefinitions:
          - name: app
            image: "registry/web:${image_tag}"
            memory: 256
            environment: [{name: PASSWORD, value: swordfish}]

        """,
        "production/mooring.yaml": """
        variables:
          image_tag: v1.2.3
          subnet_a: {fromParameter: /network/subnet-a}

        """,
        "production/web.service.yaml": """
        mooring: {base: ../base/web/service.yaml}
        desiredCount: 6
        networkConfiguration:
          awsvpcConfiguration: {subnets: ["${subnet_a}"], securityGroups: [sg-0f1e2d3c4b5a69788]}

        """,
        "production/web.task.yaml": "mooring: {base: ../base/web/task.yaml}\nnetworkMode: awsvpc\n",
        "production/worker.json":
            #"{"serviceName": "worker", "cluster": "jobs", "taskDefinition": "worker:3", "desiredCount": 1}"#,
    ]

    private func withFolder(_ files: [String: String] = files, _ body: (String) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        try Tool.write(files, to: folder.path)
        try FileManager.default.createDirectory(atPath: folder.path + "/.git", withIntermediateDirectories: true)
        try await body(folder.path)
    }

    @Test func `prints what would be sent, merged and replaced, with nothing hidden`() async throws {
        try await withFolder { folder in
            let ended = try await Tool.run(["render", "production", "--service", "web"], folder: folder)
            #expect(ended.code == 0, "\(ended.all)")
            #expect(
                ended.output == """
                    # RegisterTaskDefinition web
                    family: web
                    containerDefinitions:
                      - name: app
                        image: registry/web:v1.2.3
                        memory: 256
                        environment:
                          - name: PASSWORD
                            value: swordfish
                    networkMode: awsvpc
                    ---
                    # CreateService default/web
                    serviceName: web
                    taskDefinition: web
                    deploymentConfiguration:
                      deploymentCircuitBreaker:
                        enable: true
                        rollback: true
                    desiredCount: 6
                    networkConfiguration:
                      awsvpcConfiguration:
                        subnets:
                          - "${subnet_a}"
                        securityGroups:
                          - sg-0f1e2d3c4b5a69788
                    cluster: default

                    """)
        }
    }

    @Test func `prints JSON, and everything`() async throws {
        try await withFolder { folder in
            let ended = try await Tool.run(["render", ".", "--output", "json"], folder: folder + "/production")
            #expect(ended.code == 0, "\(ended.all)")
            let inputs = try #require(try JSONReader.value(of: ended.output).elements)
            #expect(
                inputs.map { "\($0["operation"]?.text ?? "") \($0["name"]?.text ?? "")" } == [
                    "RegisterTaskDefinition web", "CreateService default/web", "CreateService jobs/worker",
                ])
            #expect(inputs[2]["input"]?["taskDefinition"] == "worker:3")
        }
    }

    @Test func `prints what can be used where something is wrong, and says what`() async throws {
        var files = Self.files
        files["production/mooring.yaml"] = "variables: {subnet_a: s}\n"
        try await withFolder(files) { folder in
            let ended = try await Tool.run(["render", "production"], folder: folder)
            #expect(ended.code == 1)
            #expect(ended.errors.contains("base/web/task.yaml:4:12: error: "), "\(ended.errors)")
            #expect(ended.output.hasPrefix("# CreateService jobs/worker\n"), "\(ended.output)")
            let absent = try await Tool.run(["render", "production", "--service", "nothing"], folder: folder)
            #expect(absent.code == 1 && absent.output.isEmpty)
            #expect(try await Tool.run(["render", "absent"], folder: folder).code == 2)
        }
    }

    @Test func `reads no base outside of the repository, and follows no link`() async throws {
        var files = Self.files
        files["production/web.task.yaml"] = "mooring: {base: ../../outside.yaml}\n"
        try await withFolder(files) { folder in
            let outside = try await Tool.run(["validate", "production"], folder: folder)
            #expect(outside.code == 1 && outside.output.contains("leads out of the repository"), "\(outside.output)")
            try Tool.write(["production/web.task.yaml": "mooring: {base: ../link/task.yaml}\n"], to: folder)
            try FileManager.default.createSymbolicLink(
                atPath: folder + "/link", withDestinationPath: folder + "/base/web")
            let link = try await Tool.run(["validate", "production"], folder: folder)
            #expect(link.code == 1 && link.output.contains("symbolic link"), "\(link.output)")
        }
    }

    @Test func `a plan asks for parameters, and says what is missing`() async throws {
        try await Tool.withLocalECS(["--cluster", "jobs"]) { variables in
            try await withFolder { folder in
                let arguments = [
                    "plan", "production", "--account", "123456789012", "--region", "us-east-1", "--data",
                    folder + "/data",
                ]
                let ended = try await Tool.run(arguments, environment: variables, folder: folder)
                #expect(ended.code == 1, "\(ended.all)")
                #expect(ended.errors.contains("There is no SSM parameter '/network/subnet-a'"), "\(ended.errors)")
                #expect(ended.output.contains("worker"), "\(ended.output)")
            }
        }
    }
}
