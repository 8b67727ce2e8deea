import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringReporting
import MooringTestSupport
import Synchronization
import Testing

/// A stub of one host, and what the tests ask it with.
struct HostWorld {
    let kind: HostKind
    let stub: StubHost
    let clock: ManualClock
    let client: HTTPClient
    let gate: HostGate
    /// What was said beside the errors.
    let said = Said()

    init(_ kind: HostKind, _ stub: StubHost, client: HTTPClient, clock: ManualClock) {
        self.kind = kind
        self.stub = stub
        self.client = client
        self.clock = clock
        gate = HostGate(clock: clock, kind: kind)
    }

    /// A repository as the stub has it.
    func repository(name: String = "app") throws -> HostRepository {
        let path =
            switch kind {
            case .github, .gitea, .bitbucketCloud: "/acme/\(name).git"
            case .gitlab: "/acme/team/\(name).git"
            case .bitbucketDataCenter: "/scm/TEAM/\(name).git"
            case .azureDevOps: "/acme/my%20project/_git/\(name)"
            }
        let base =
            switch kind {
            case .github, .azureDevOps: ""
            case .gitlab: "/api/v4"
            case .gitea: "/api/v1"
            case .bitbucketCloud: "/2.0"
            case .bitbucketDataCenter: "/rest"
            }
        return try HostRepository.read(kind: kind, host: "git.example.com", path: path, apiURL: stub.url + base + "/")
    }

    /// A reporter as a process makes it when it starts.
    func host(
        token: String = StubHost.token, next: String? = nil, name: String = "app", deployments: Bool = false,
        timeout: Duration = .seconds(20), user: String? = nil,
    ) throws -> LiveGitHost {
        let secret = RenewableSecret(Secret(token)) { next.map { Secret($0) } }
        return try host(
            .token(GivenToken(secret, origin: "the file /run/token"), user: user), name: name, deployments: deployments,
            timeout: timeout)
    }

    func host(
        _ credential: HostSettings.Credential, name: String = "app", deployments: Bool = false,
        timeout: Duration = .seconds(20),
    ) throws -> LiveGitHost {
        let settings = HostSettings(
            repository: try repository(name: name), credential: credential, deployments: deployments,
            callTimeout: timeout)
        return LiveGitHost(settings, client: client, clock: clock, gate: gate) { [said] in said.add($0) }
    }

    /// The statuses that the stub accepted on a commit, in order.
    func statuses(on commit: CommitID) async throws -> [StubHost.Posted] {
        try await stub.posted().filter { $0.what == "status" && $0.on == commit.text }
    }

    /// Says where descriptions are missing, and that all requests keep to them where they are not.
    func expectValidRequests(_ location: SourceLocation = #_sourceLocation) async throws {
        let validation = try await stub.validation()
        if validation != "on" { print("\(kind.rawValue): \(validation)") }
        #expect(try await stub.invalid() == [], sourceLocation: location)
    }
}

/// Runs `body` with a stub.
func withHost(
    _ kind: HostKind, clock: ManualClock = ManualClock(), _ body: (HostWorld) async throws -> Void,
) async throws {
    let client = try HTTPClient()
    let stub = try await StubHost(kind.rawValue, client: client)
    try await body(HostWorld(kind, stub, client: client, clock: clock))
}

/// Lines, from any thread.
final class Said: Sendable {
    private let lines = Mutex<[String]>([])
    func add(_ line: String) { lines.withLock { $0.append(line) } }
    var all: [String] { lines.withLock { $0 } }
}

/// The failure that the body ends with.
func failure(_ body: () async throws -> Void) async throws -> Failure {
    do { try await body() } catch let failure as Failure { return failure }
    throw NoFailure()
}

private struct NoFailure: Error {}

func commit(_ digit: Character) throws -> CommitID { try CommitID(String(repeating: digit, count: 40)) }

func status(
    _ state: CommitStatus.State = .pending, _ summary: String = "1/2 services", on digit: Character = "a",
    context: String = "mooring/production", link: String? = "https://mooring.example.com/production",
    kind: CommitStatus.Kind = .report,
) throws -> CommitStatus {
    CommitStatus(
        commit: try commit(digit), context: context, state: state, summary: summary, link: link, kind: kind)
}
