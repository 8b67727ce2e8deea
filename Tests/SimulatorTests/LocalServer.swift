import MooringSimulator
import Testing

/// Runs a local ECS on a free port for the length of `body`, which gets its address.
func withLocalECS(
    _ configuration: LocalECSServer.Configuration, _ body: @escaping @Sendable (String) async throws -> Void,
) async throws {
    let (ports, continuation) = AsyncStream.makeStream(of: UInt16.self)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            try await LocalECSServer.run(configuration) { port in continuation.yield(port) }
            continuation.finish()
        }
        var iterator = ports.makeAsyncIterator()
        let port = try #require(await iterator.next())
        try await body("http://127.0.0.1:\(port)")
        group.cancelAll()
        try await group.waitForAll()
    }
}
