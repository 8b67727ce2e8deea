import MooringHTTPTransport
import MooringModel
import MooringNames
import MooringNotifying
import MooringPorts

/// Reports as the loop makes them.
enum Reports {
    /// The manual clock's first moment.
    static let begun = Timestamp(millisecondsSince1970: 1_767_225_600_000)

    static func commit(_ digit: Character) throws -> CommitID { try CommitID(String(repeating: digit, count: 40)) }

    static func service(
        _ name: String, _ sync: Sync, cause: String? = nil, remedy: String? = nil,
    ) throws -> ServiceReport {
        ServiceReport(
            key: ServiceKey(cluster: try ClusterName("main"), service: try ServiceName(name)), sync: sync,
            cause: cause, remedy: remedy, updated: begun)
    }

    /// - Parameters:
    ///   - seconds: when the report changed last, after the beginning.
    ///   - started: when the commit was first seen, after the beginning.
    static func report(
        _ commit: Character = "a", _ sync: Sync, _ services: [ServiceReport] = [], findings: [String] = [],
        environment: String = "production", seconds: Int = 1, started: Int = 1,
    ) throws -> CommitReport {
        let name = try EnvironmentName(environment)
        return CommitReport(
            environment: try EnvironmentIdentity(environment: name, repositoryID: "4f2a91"),
            commit: try Reports.commit(commit), sync: sync, health: sync == .failed ? .degraded : .healthy, summary: "",
            started: begun + .seconds(started), updated: begun + .seconds(seconds), services: services,
            findings: findings)
    }

    /// One service that failed.
    static func failed(
        _ commit: Character = "a", _ name: String = "web", cause: String = "The image cannot be pulled.",
        environment: String = "production", seconds: Int = 1, started: Int = 1,
    ) throws -> CommitReport {
        let service = try service(name, .failed, cause: cause, remedy: "Push the image.")
        return try report(
            commit, .failed, [service],
            environment: environment, seconds: seconds, started: started)
    }

    /// One service that runs.
    static func synced(
        _ commit: Character = "a", _ name: String = "web", environment: String = "production", seconds: Int = 2,
        started: Int = 1,
    ) throws -> CommitReport {
        try report(
            commit, .synced, [try service(name, .synced)], environment: environment, seconds: seconds,
            started: started)
    }

    /// One service on its way.
    static func progressing(
        _ commit: Character = "a", _ name: String = "web", cause: String = "waiting for health (1/3)",
        seconds: Int = 1, started: Int = 1,
    ) throws -> CommitReport {
        try report(
            commit, .progressing, [try service(name, .progressing, cause: cause)], seconds: seconds, started: started)
    }

    static let info = info(subject: "Raise the memory", author: "Ada Lovelace")

    /// A commit as the loop tells of it; messages show its subject and author only.
    static func info(subject: String, author: String) -> CommitInfo? {
        (try? commit("a")).map {
            CommitInfo(id: $0, parent: nil, folderTree: nil, author: author, subject: subject, committedAtSeconds: 0)
        }
    }

    /// - Parameter next: what is in the place of the secret when it is refused.
    static func given(_ secret: String, next: String? = nil) -> GivenToken {
        GivenToken(RenewableSecret(Secret(secret)) { next.map { Secret($0) } }, origin: "the variable SECRET")
    }

    static let repository = repository(page: "https://git.example.com/acme/app/commit/aaaa?x=1&y=2")

    static func repository(page: String) -> AnnouncedRepository {
        AnnouncedRepository(name: "acme/app", commitPage: { _ in page })
    }
}
