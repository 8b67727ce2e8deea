/// What a test waited for did not happen in time.
package struct DeadlinePassed: Error, CustomStringConvertible {
    package let what: String
    package let limit: Duration
    /// What there was instead, for whoever reads the failure.
    package var instead = ""

    package var description: String {
        "Waited \(limit) in vain for \(what)." + (instead.isEmpty ? "" : "\nInstead:\n\(instead)")
    }
}

/// Runs `body`, but no longer than `limit`. The body must end when it is cancelled.
package func withDeadline<Result: Sendable>(
    _ limit: Duration, waitingFor what: String, _ body: @escaping @Sendable () async throws -> Result,
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask(operation: body)
        group.addTask {
            try await Task.sleep(for: limit)
            throw DeadlinePassed(what: what, limit: limit)
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw CancellationError() }
        return result
    }
}

/// Asks again and again until `condition` gives something: for what nobody announces, such as a pushed ref.
package func eventually<Found>(
    _ what: String, within limit: Duration, every pause: Duration = .milliseconds(50),
    isolation: isolated (any Actor)? = #isolation, _ condition: () async throws -> Found?,
) async throws -> Found {
    let deadline = ContinuousClock.now + limit
    while true {
        if let found = try await condition() { return found }
        guard ContinuousClock.now < deadline else { throw DeadlinePassed(what: what, limit: limit) }
        try await Task.sleep(for: pause)
    }
}
