import Foundation
import MooringHTTPTransport
import MooringNotifying
import MooringPorts
import MooringTestSupport

/// A centre that runs, with a clock that a test moves, and what it said to the log.
struct Desk {
    let clock: ManualClock
    let centre: NotificationCentre
    let notices: Watched<[String]>

    /// Runs `body` beside a centre with these targets.
    static func with(
        _ targets: [NotificationTarget], clock: ManualClock = ManualClock(now: Reports.begun),
        _ body: @escaping (Desk) async throws -> Void,
    ) async throws {
        let notices = Watched<[String]>([])
        let centre = NotificationCentre(
            targets: targets, clock: clock, begun: Reports.begun, jitter: { 1 },
            log: { notice in notices.update { $0.append("\(notice)") } })
        let desk = Desk(clock: clock, centre: centre, notices: notices)
        async let running: Void = centre.run()
        try await body(desk)
        centre.finish()
        await running
    }

    /// Waits until nothing waits to be sent.
    func idle() async throws {
        _ = try await eventually("an empty queue", within: .seconds(30)) { centre.waiting == 0 ? true : nil }
    }

    /// Lets time run until the condition holds.
    func elapse(_ step: Duration, until what: String, _ condition: () async throws -> Bool) async throws {
        _ = try await eventually(what, within: .seconds(60)) { () -> Bool? in
            if try await condition() { return true }
            clock.advance(by: step)
            return nil
        }
    }

    /// Waits until the log has so many lines.
    @discardableResult
    func lines(_ count: Int) async throws -> [String] {
        try await notices.first("\(count) lines of log", within: .seconds(30)) { $0.count >= count ? $0 : nil }
    }
}

extension PythonServer {
    /// Tells the server how to answer the next calls.
    func mood(_ json: String, at path: String = "/_mood") async throws {
        let client = try HTTPClient()
        let request = HTTPRequest(
            method: "POST", url: url + path, headers: [("Content-Type", "application/json")], body: Array(json.utf8))
        let response = try await client.send(request)
        guard response.status == 200 else { throw Unwilling() }
    }
    private struct Unwilling: Error {}

    /// What the server tells of itself.
    func told<Answer: Decodable>(_ path: String, as type: Answer.Type) async throws -> Answer {
        let client = try HTTPClient()
        let response = try await client.send(HTTPRequest(method: "GET", url: url + path))
        return try JSONDecoder().decode(Answer.self, from: Data(response.body))
    }
}
