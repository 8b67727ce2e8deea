import MooringGit
import MooringTestSupport
import Testing

/// The same behaviours, whatever is behind the port.
@Suite(.serialized) struct ConformanceTests {
    @Test(arguments: GitConformance.all)
    func `a repository in memory`(_ conformance: GitConformance) async throws {
        let repository = InMemoryGitRepository()
        try await conformance.run(repository, repository)
    }

    @Test(arguments: GitConformance.all)
    func `a mirror of a local path`(_ conformance: GitConformance) async throws {
        let bench = try Bench()
        let source = try bench.localRepository()
        try await conformance.run(bench.mirror(.local(source)), source)
    }

    @Test(arguments: GitConformance.all)
    func `a mirror over http`(_ conformance: GitConformance) async throws {
        let bench = try Bench()
        try await withHTTPGitServer { server in
            try await conformance.run(bench.mirror(.http(server)), server.repository)
        }
    }

    @Test(arguments: GitConformance.all)
    func `a mirror over ssh`(_ conformance: GitConformance) async throws {
        let bench = try Bench()
        try await withSSHGitServer { server in
            try await conformance.run(bench.mirror(.ssh(server)), server.repository)
        }
    }
}
