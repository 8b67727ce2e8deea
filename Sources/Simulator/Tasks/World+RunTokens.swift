import MooringShapes

/// A RunTask that named a client token.
struct RunTokenRecord: Sendable {
    let token: String
    let at: Int64
    /// The input without its token, to tell a repetition from a clash.
    let input: Value
    let tasks: [Int]
    let arns: [String]
    let failures: [Value]
}

/// Repetitions of RunTask: an SDK that lost the answer sends the same token again.
/// Sources: API reference, RunTask `clientToken` and ConflictException; "Ensuring idempotency" for what a repetition gets.
extension World {
    private static func withoutToken(_ input: Input) -> Value { input.value.setting("clientToken", to: nil) }

    private static func tokenKey(_ token: String, cluster: Int) -> String { "\(cluster)/\(token)" }

    /// What a repetition of RunTask gets: the tasks of the first call as far as they can still be seen; nil for a new call.
    func repeatedRun(_ input: Input, cluster: Int) throws(APIError) -> Value? {
        guard let token = try input.string("clientToken") else { return nil }
        if token.utf8.count > Limits.runTaskTokenCharacters || token.utf8.contains(where: { !(33...126).contains($0) })
        {
            throw .invalidParameter(
                "Invalid clientToken. It can be up to \(Limits.runTaskTokenCharacters) ASCII characters (33-126).")
        }
        guard let known = runTokens[World.tokenKey(token, cluster: cluster)],
            now - known.at < Limits.clientTokenMilliseconds
        else { return nil }
        guard known.input == World.withoutToken(input) else {
            throw APIError(
                code: "ConflictException",
                message: "The clientToken is already in use by a request with other parameters, which started: "
                    + "\(known.arns.joined(separator: ", ")).")
        }
        let visible = known.tasks.compactMap { tasks[$0] }
        return .map([
            ("tasks", .list(visible.map { World.withoutHealth(describe($0, withTags: true)) })),
            ("failures", .list(known.failures)),
        ])
    }

    /// Keeps what a RunTask with a token did, and forgets what is too old or too much.
    mutating func keepRun(_ input: Input, cluster: Int, ordinals: [Int], failures: [Value]) {
        guard let token = input.value["clientToken"]?.text else { return }
        let key = World.tokenKey(token, cluster: cluster)
        runTokens[key] = RunTokenRecord(
            token: token, at: now, input: World.withoutToken(input), tasks: ordinals,
            arns: ordinals.compactMap { tasks[$0]?.arn }, failures: failures)
        runTokenOrder.append((key, now))
        let end = now - Limits.clientTokenMilliseconds
        let expired = runTokenOrder.prefix { $0.at <= end }.count
        let excess = max(expired, runTokenOrder.count - Limits.runTaskTokens)
        guard excess > 0 else { return }
        for entry in runTokenOrder.prefix(excess) where runTokens[entry.key]?.at == entry.at {
            runTokens[entry.key] = nil
        }
        runTokenOrder.removeFirst(excess)
    }
}
