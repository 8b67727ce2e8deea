/// Service events: AWS's wording, the newest hundred, repetitions suppressed.
extension World {
    /// Says `(service name) text`.
    mutating func say(_ service: Int, _ text: String, after delay: Int64 = 0) {
        append(service, message: "(service \(services[service].name)) \(text)", after: delay)
    }

    /// Says it unless it was said within six hours.
    /// Source: reference/ecs-api.md section 10, "duplicates suppressed for six hours".
    mutating func sayOnce(_ service: Int, _ text: String) {
        if let last = services[service].lastSaid[text], now - last < 6 * 3_600_000 { return }
        services[service].lastSaid[text] = now
        say(service, text)
    }

    mutating func append(_ service: Int, message: String, after delay: Int64 = 0) {
        services[service].eventCount += 1
        let id = random.uuid(.event, services[service].scope, services[service].eventCount)
        services[service].events.append(EventRecord(id: id, createdAt: now + delay, message: message))
        if services[service].events.count > Limits.events {
            services[service].events.removeFirst(services[service].events.count - Limits.events)
        }
    }

    /// `(task a) (task b)`, as events name tasks.
    static func named(_ ids: [String]) -> String {
        ids.prefix(Limits.tasksNamedPerEvent).map { "(task \($0))" }.joined(separator: " ")
    }
}
