import MooringTestSupport
import Testing

/// Our own manifests, applied by `mooring sync` to an ECS that others wrote, which refuses every wrong signature.
@Suite struct ManifestsOnMotoTests {
    @Test(.timeLimit(.minutes(4)))
    func `what moto stores of our manifests is synced, and the plan after that is empty`() async throws {
        try await withMotoScene(runningTasks: 10) { moto, proxy, scene in
            var files: [String: String] = [:]
            let entries = try ManifestCorpus.own()
            for (number, entry) in entries.enumerated() {
                let name = "doc\(number)"
                let manifest = try #require(AppliedManifest(entry, name: name, family: name))
                let document = try #require(try MotoManifest(manifest, cluster: LocalECS.cluster, on: moto))
                for (file, text) in document.files { files["production/\(name)/\(file)"] = text }
            }
            try scene.merge(files, "Deploy")
            var mooring = scene.mooring
            mooring.variables["AWS_ACCESS_KEY_ID"] = moto.user.AccessKeyId
            mooring.variables["AWS_SECRET_ACCESS_KEY"] = moto.user.SecretAccessKey
            let sync = try await mooring.end("sync", within: .seconds(180))
            #expect(sync.code == 0, "\(sync.transcript)")
            let plan = try await mooring.end("plan", "--ref", "main")
            #expect(plan.code == 0, "\(plan.transcript)")
            let refused = proxy.calls.filter { $0.status == 403 || $0.status == 401 }
            #expect(refused.isEmpty)
            #expect(proxy.operations()["CreateService"] == entries.count)
        }
    }
}
