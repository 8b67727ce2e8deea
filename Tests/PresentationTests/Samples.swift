import MooringModel
import MooringNames

/// Values that the tests of this module are about.
enum Samples {
    static func identity(_ text: String = "production@4f2a91") throws -> EnvironmentIdentity {
        try EnvironmentIdentity(text)
    }

    static func commit(_ digit: Character = "a") throws -> CommitID {
        try CommitID(String(repeating: digit, count: 40))
    }

    static func key(_ text: String) throws -> ServiceKey {
        let parts = text.split(separator: "/").map(String.init)
        return ServiceKey(
            cluster: try ClusterName(try requireElement(parts, 0)),
            service: try ServiceName(try requireElement(parts, 1)))
    }

    static func time(_ seconds: Int64) -> Timestamp {
        Timestamp(millisecondsSince1970: 1_795_489_000_000 + seconds * 1_000)
    }

    static func failedService(_ key: String = "main/web", at seconds: Int64 = 60) throws -> ServiceReport {
        ServiceReport(
            key: try Samples.key(key), sync: .failed, health: .degraded, oldRevision: try Revision("web:12"),
            newRevision: try Revision("web:13"), deployment: "ecs-svc/0123456789012345678",
            cause: "CannotPullContainerError: pull image manifest has been retried 1 time(s): not found",
            remedy: "Check that the image exists: \"registry/web:2\"\tand that the role may pull it # it's needed",
            evidence: [
                "ECS deployment circuit breaker: tasks failed to start., rolling back to deploymentId ecs-svc/99.",
                "(service web) was unable to place a task.\nReason: no instance — ünïcode 🚀\u{0007}",
                "- looks like a list", "12:30", "0x1F", "yes", "", " leading", "trailing ", "key: value", "*star",
                "&and",
                "2026-11-24", "{}", "!tag", "%x", "@at", "`tick`", "~", "null", "1e3", "'quoted'", "\"quoted\"", "#c",
            ],
            updated: time(seconds),
        )
    }

    static func report(at seconds: Int64 = 60, services: [ServiceReport]? = nil) throws -> CommitReport {
        CommitReport(
            environment: try identity(), commit: try commit(), sync: .failed, health: .degraded,
            summary: "web rolled back: CannotPullContainerError", started: time(0),
            updated: Timestamp(millisecondsSince1970: time(seconds).millisecondsSince1970 + 7),
            supersededBy: try commit("b"), services: try services ?? [failedService()],
            findings: ["production/web.yaml:3:5: error: unknown member 'imge' [unknown-member]"],
        )
    }

    private static func requireElement(_ parts: [String], _ index: Int) throws -> String {
        guard parts.indices.contains(index) else { throw NameError.empty(kind: "sample") }
        return parts[index]
    }
}
