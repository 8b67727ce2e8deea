import MooringNames
import MooringTestSupport
import Testing

/// The same pass against moto, which others wrote and which refuses every request whose signature, token or permission is wrong.
@Suite struct MotoTests {
    /// What moto can show again: it forgets much of what a service is created with.
    private static let manifests = [
        "production/web.json": """
        {
          "family": "web",
          "requiresCompatibilities": ["EC2"],
          "containerDefinitions": [
            {"name": "web", "image": "web:1", "memory": 128, "essential": true}
          ]
        }
        """,
        "production/service.yaml": """
        serviceName: web
        cluster: my-cluster
        taskDefinition: web.json
        desiredCount: 2
        launchType: EC2
        """,
    ]

    /// Who calls.
    enum Source: CaseIterable {
        case variables, container, assumedRole
    }

    @Test(.timeLimit(.minutes(4)), arguments: Source.allCases)
    func `every request is signed rightly, whoever's credentials they are`(_ source: Source) async throws {
        try await withMotoScene { moto, proxy, scene in
            switch source {
            case .variables:
                var mooring = scene.mooring
                mooring.variables["AWS_ACCESS_KEY_ID"] = moto.user.AccessKeyId
                mooring.variables["AWS_SECRET_ACCESS_KEY"] = moto.user.SecretAccessKey
                try await expectSync(scene, mooring, proxy)
            case .container:
                try await withContainerCredentials(moto.task) { endpoint in
                    try await expectSync(scene, scene.mooring.with(endpoint), proxy)
                    #expect(endpoint.requestCount > 0)
                }
            case .assumedRole:
                // These credentials may do nothing but assume the role, so whatever else was done, the role did.
                try await withContainerCredentials(moto.gateway) { endpoint in
                    var mooring = scene.mooring.with(endpoint)
                    mooring.environmentSettings.append("role: \(moto.deployerRole)")
                    try await expectSync(scene, mooring, proxy)
                    #expect((proxy.operations()["AssumeRole"] ?? 0) > 0)
                }
            }
        }
    }

    @Test(.timeLimit(.minutes(4)))
    func `credentials that may not are refused, and Mooring says by whom and what`() async throws {
        try await withMotoScene { moto, proxy, scene in
            try await withContainerCredentials(moto.gateway) { endpoint in
                try scene.merge(MotoTests.manifests, "Deploy")
                let sync = try await scene.mooring.with(endpoint).end("sync")
                #expect(sync.code == 1, "\(sync.transcript)")
                #expect(
                    sync.transcript.contains("assumed-role/gateway-role/task is not authorized to perform: ecs:"),
                    "\(sync.transcript)")
                #expect(proxy.calls.contains { $0.status == 403 })
            }
        }
    }

    private func expectSync(_ scene: MotoScene, _ mooring: Mooring, _ proxy: FaultProxy) async throws {
        let commit = try scene.merge(MotoTests.manifests, "Deploy")
        let sync = try await mooring.end("sync")
        #expect(sync.code == 0, "\(sync.transcript)")
        let note = try scene.git.repository.note(on: commit, ref: "refs/notes/mooring/production")
        #expect(note.flatMap(Commit.sync) == "Synced")
        let refused = proxy.calls.filter { $0.status == 403 || $0.status == 401 }
        #expect(refused.isEmpty, "\(refused.map { ($0.operation ?? $0.target, $0.answerText) })")
        #expect(proxy.operations()["RegisterTaskDefinition"] == 1)
        #expect(proxy.operations()["CreateService"] == 1)
        #expect(proxy.operations()["GetCallerIdentity"] != nil)
    }
}

/// A git server and moto, and Mooring between them.
struct MotoScene {
    let git: GitTestServer
    let mooring: Mooring

    @discardableResult
    func merge(_ files: [String: String], _ message: String) throws -> CommitID {
        try git.repository.commit(files.mapValues { $0 }, to: try BranchName("main"), message: message)
    }
}

extension Mooring {
    /// The same with a container's credentials and no others.
    fileprivate func with(_ endpoint: ContainerCredentialsEndpoint) -> Mooring {
        var other = self
        other.variables = ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""]
        other.variables.merge(endpoint.environment) { $1 }
        return other
    }
}

/// Runs `body` with moto behind a proxy and a repository behind HTTP.
///
/// - Parameter runningTasks: how many tasks moto says that every service runs.
func withMotoScene(
    runningTasks: Int = 2,
    _ body: (MotoServer, FaultProxy, MotoScene) async throws -> Void,
) async throws {
    try await Stage.run {
        try await withMoto(clusters: [LocalECS.cluster], runningTasks: runningTasks) { moto in
            try await withHTTPGitServer { git in
                try await withFaultProxy(to: moto.port) { proxy in
                    let mooring = try Mooring(repository: git.url, token: git.token, ecsURL: proxy.url)
                    try await body(moto, proxy, MotoScene(git: git, mooring: mooring))
                }
            }
        }
    }
}
