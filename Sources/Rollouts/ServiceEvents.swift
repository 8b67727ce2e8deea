import MooringModel
import MooringShapes

/// The events of a described service.
enum ServiceEvents {
    /// Messages, newest first as ECS lists them; only those from `since` on where a time is given. An event without a
    /// readable time is kept.
    static func messages(of service: Value, since: Timestamp? = nil) -> [String] {
        messages(of: service["events"]?.elements ?? [], since: since)
    }

    /// The same of a list of events.
    static func messages(of events: [Value], since: Timestamp?) -> [String] {
        events.prefix(Limits.events).compactMap { event in
            if let since, let created = event["createdAt"].flatMap(Timestamp.init(seconds:)), created < since {
                return nil
            }
            return event["message"]?.text.map { String($0.prefix(Limits.textLength)) }
        }
    }
}
