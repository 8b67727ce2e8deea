import MooringModel
import MooringNames
import MooringShapes

/// An announcement as JSON, for programs.
///
/// ```json
/// {"schema": 1, "event": "failure", "environment": "production", "identity": "production@4f2a91", "repository": "acme/app",
///  "commit": "8e1c0f…", "subject": "Raise memory", "author": "Ada", "link": "https://…",
///  "sync": "Failed", "health": "Degraded", "final": true, "summary": "web rolled back: …",
///  "failures": [{"service": "main/web", "cause": "…", "remedy": "…"}], "failureCount": 1,
///  "findings": [], "findingCount": 0,
///  "started": "2026-11-24T02:53:17Z", "updated": "2026-11-24T02:55:40Z"}
/// ```
///
/// `event` is `started`, `failure`, `recovery`, `success`, or `ended` for an end that is neither good nor bad. `sync` and `health`
/// are the words of notes. Members that are not known are absent. Members are only ever added while `schema` is 1.
package enum WebhookMessage {
    /// What the event is called, in the body and in the header `X-Mooring-Event`.
    package static func event(of announcement: Announcement) -> String { announcement.occasion?.rawValue ?? "ended" }

    /// One line of JSON. The same announcement gives the same bytes.
    package static func text(of announcement: Announcement) -> String {
        let failures = announcement.failures.map { failed in
            Value.map(present: [
                ("service", .string(failed.name)), ("cause", failed.cause.map(Value.string)),
                ("remedy", failed.remedy.map(Value.string)),
            ])
        }
        let isKnown = !announcement.subject.isEmpty || !announcement.author.isEmpty
        return JSONWriter(.compact).text(
            of: .map(present: [
                ("schema", .integer(1)), ("event", .string(event(of: announcement))),
                ("environment", .string(announcement.place.environment.environment.text)),
                ("identity", .string(announcement.place.environment.text)),
                ("repository", announcement.repository.map(Value.string)),
                ("commit", .string(announcement.place.commit.text)),
                ("subject", isKnown ? .string(announcement.subject) : nil),
                ("author", isKnown ? .string(announcement.author) : nil),
                ("link", announcement.link.map(Value.string)), ("sync", .string(announcement.sync.rawValue)),
                ("health", .string(announcement.health.rawValue)), ("final", .boolean(announcement.isFinal)),
                ("summary", .string(announcement.summary)), ("failures", .list(failures)),
                ("failureCount", .integer(announcement.failureCount)),
                ("findings", .list(announcement.findings.map(Value.string))),
                ("findingCount", .integer(announcement.findingCount)),
                ("supersededBy", announcement.supersededBy.map { .string($0.text) }),
                ("started", .string(announcement.started.iso8601)), ("updated", .string(announcement.updated.iso8601)),
            ]))
    }
}
