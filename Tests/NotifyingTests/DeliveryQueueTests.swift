import MooringModel
import MooringNames
import MooringNotifying
import MooringPorts
import Testing

@Suite struct `The queue of a target` {
    private func announcement(_ commit: Character, cause: String = "c") throws -> Announcement {
        Announcement(try Reports.failed(commit, cause: cause), about: nil, in: nil, occasion: .failure)
    }

    private func failure(_ disposition: Failure.Disposition) -> Failure {
        Failure(code: .serverError, subject: "s", tried: "t", cause: "c.", disposition: disposition)
    }

    private func next(_ queue: inout DeliveryQueue, at seconds: Double) -> DeliveryQueue.Entry? {
        guard case .send(let entry) = queue.next(now: .seconds(seconds)) else { return nil }
        return entry
    }

    private func pause(_ queue: inout DeliveryQueue, at now: Duration) -> Duration? {
        guard case .wait(let until?) = queue.next(now: now) else { return nil }
        return until - now
    }

    @Test func `keeps the newest for every place, in the order of places`() throws {
        var queue = DeliveryQueue()
        for (commit, cause) in [("a", "1"), ("b", "1"), ("a", "2")] as [(Character, String)] {
            queue.put(try announcement(commit, cause: cause), now: .zero)
        }
        #expect(queue.count == 2)
        let first = try #require(next(&queue, at: 0))
        #expect(first.announcement.failures.first?.cause == "2")
        #expect(queue.delivered(first) == (false, 0))
        let second = try #require(next(&queue, at: 0))
        #expect(second.announcement.place.commit == (try Reports.commit("b")))
        _ = queue.delivered(second)
        #expect(queue.isEmpty)
        #expect(next(&queue, at: 0) == nil)
    }

    @Test func `loses nothing that comes while the one before it is sent`() throws {
        var queue = DeliveryQueue()
        queue.put(try announcement("a", cause: "1"), now: .zero)
        let sending = try #require(next(&queue, at: 0))
        queue.put(try announcement("a", cause: "2"), now: .zero)
        _ = queue.delivered(sending)
        #expect(next(&queue, at: 0)?.announcement.failures.first?.cause == "2")
        let again = try #require(next(&queue, at: 0))
        queue.put(try announcement("a", cause: "3"), now: .zero)
        #expect(queue.failed(again, failure(.invalidInput), now: .zero, jitter: 1) == .refused)
        #expect(next(&queue, at: 0)?.announcement.failures.first?.cause == "3")
    }

    @Test func `waits longer after each failure, up to a bound, and begins anew after a success`() throws {
        var queue = DeliveryQueue()
        queue.put(try announcement("a"), now: .zero)
        var now: Duration = .zero
        var pauses: [Duration] = []
        for index in 0..<40 {
            let entry = try #require(next(&queue, at: Double(now.components.seconds)))
            let verdict = queue.failed(entry, failure(.retry(after: nil)), now: now, jitter: 1)
            #expect(verdict == (index == 0 ? .beganToFail : .stillFails))
            let pause = try #require(pause(&queue, at: now))
            pauses.append(pause)
            now += pause
        }
        #expect(pauses.prefix(5) == [.seconds(2), .seconds(4), .seconds(8), .seconds(16), .seconds(32)])
        #expect(pauses.last == Limits.longestPause)
        let entry = try #require(next(&queue, at: Double(now.components.seconds)))
        #expect(queue.delivered(entry) == (true, 0))
        queue.put(try announcement("b"), now: now)
        let other = try #require(next(&queue, at: Double(now.components.seconds)))
        #expect(queue.failed(other, failure(.retry(after: nil)), now: now, jitter: 0) == .beganToFail)
        // Jitter takes up to a half.
        #expect(pause(&queue, at: now) == .seconds(1))
    }

    @Test func `waits as long as a target asks for, within reason, and longer where a person must act`() throws {
        for (disposition, expected) in [
            (Failure.Disposition.retry(after: .seconds(90)), Duration.seconds(90)),
            (.retry(after: .seconds(1_000_000)), .seconds(3_600)), (.stalled, Limits.stalledPause),
        ] {
            var queue = DeliveryQueue()
            queue.put(try announcement("a"), now: .zero)
            let entry = try #require(next(&queue, at: 0))
            _ = queue.failed(entry, failure(disposition), now: .zero, jitter: 1)
            #expect(pause(&queue, at: .zero) == expected)
        }
    }

    @Test func `is bounded in number and in time, and counts what it gave up`() throws {
        var queue = DeliveryQueue()
        for number in 0..<Limits.queued + 7 {
            var report = try Reports.failed()
            let hex = String(number, radix: 16)
            report.commit = try .init(String(repeating: "0", count: 40 - hex.count) + hex)
            queue.put(Announcement(report, about: nil, in: nil, occasion: .failure), now: .zero)
        }
        #expect(queue.count == Limits.queued)
        #expect(queue.given == 7)
        #expect(next(&queue, at: 0)?.announcement.place.commit.text.hasSuffix("7") == true)
        #expect(next(&queue, at: 86_401) == nil)
        #expect(queue.isEmpty)
        #expect(queue.given == Limits.queued + 7)
    }
}
