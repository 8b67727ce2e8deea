import MooringModel
import MooringNames
import MooringNotifying
import Testing

@Suite struct `What is told of commits` {
    private func book(
        _ occasions: Set<NotificationOccasion> = NotificationOccasion.byDefault,
    ) -> NotificationBook { NotificationBook(occasions: occasions, begun: Reports.begun) }

    /// The occasions of what is said to these reports, a minute apart.
    private func occasions(
        _ reports: [CommitReport], _ asked: Set<NotificationOccasion> = NotificationOccasion.byDefault,
    ) -> [String] {
        var book = book(asked)
        return reports.enumerated().map { index, report in
            guard let said = book.read(report, about: Reports.info, now: .seconds(60 * index)) else { return "-" }
            return said.occasion?.rawValue ?? "ended"
        }
    }

    @Test func `is by default a failure and the recovery from it, and nothing else`() throws {
        #expect(
            occasions([
                try Reports.progressing("a"), try Reports.synced("a"), try Reports.progressing("b"),
                try Reports.failed("b"), try Reports.progressing("c"), try Reports.synced("c"), try Reports.synced("d"),
            ]) == ["-", "-", "-", "failure", "-", "recovery", "-"])
    }

    @Test func `is what was asked for`() throws {
        let reports = [
            try Reports.progressing("a"), try Reports.synced("a"), try Reports.failed("b"), try Reports.synced("c"),
        ]
        #expect(occasions(reports, [.success]) == ["-", "success", "-", "-"])
        #expect(occasions(reports, [.recovery]) == ["-", "-", "-", "recovery"])
        #expect(
            occasions(reports, Set(NotificationOccasion.allCases)) == ["started", "success", "failure", "recovery"])
        #expect(occasions(reports, []) == ["-", "-", "-", "-"])
    }

    @Test func `has an end wherever it has a beginning`() throws {
        for (end, occasion) in [
            (try Reports.synced("a"), "success"), (try Reports.failed("a"), "failure"),
            (try Reports.report("a", .superseded, seconds: 3), "ended"),
            (try Reports.report("a", .outOfSync, seconds: 3), "ended"),
        ] {
            #expect(occasions([try Reports.progressing("a"), end], [.started]) == ["started", occasion])
        }
        // And none where it has no beginning.
        #expect(occasions([try Reports.report("b", .superseded), try Reports.synced("c")], [.started]) == ["-", "-"])
    }

    @Test func `is said once, however often the report comes`() throws {
        #expect(
            occasions([
                try Reports.failed("a", seconds: 1), try Reports.failed("a", seconds: 2), try Reports.synced("a"),
                try Reports.synced("a", seconds: 9), try Reports.failed("a"), try Reports.synced("a"),
            ]) == ["failure", "-", "recovery", "-", "failure", "recovery"])
    }

    @Test func `is no recovery while what failed does not run`() throws {
        let both = try Reports.report(
            "a", .failed, [try Reports.service("api", .failed), try Reports.service("web", .failed)])
        #expect(
            occasions([
                both, try Reports.report("b", .synced), try Reports.synced("c", "other"),
                try Reports.synced("d", "web"),
                try Reports.synced("e", "api"), try Reports.synced("f", "api"),
            ]) == ["failure", "-", "-", "-", "recovery", "-"])
    }

    @Test func `is a recovery when manifests can be used again`() throws {
        let bad = try Reports.report("a", .failed, findings: ["production/web.yaml:3:5: error: no such member"])
        #expect(occasions([bad, try Reports.report("b", .synced)]) == ["failure", "recovery"])
    }

    @Test func `is of one environment, whatever another does`() throws {
        #expect(
            occasions([
                try Reports.failed("a"), try Reports.synced("b", environment: "staging"),
                try Reports.failed("b", environment: "staging"), try Reports.synced("c"),
            ]) == ["failure", "-", "failure", "recovery"])
    }

    @Test func `is not what had ended before we began, but it is remembered`() throws {
        var book = book()
        let old = try Reports.failed("a", seconds: -5, started: -9)
        #expect(book.read(old, about: nil, now: .zero) == nil)
        #expect(book.read(old, about: nil, now: .zero) == nil)
        #expect(book.read(try Reports.synced("b"), about: nil, now: .zero)?.occasion == .recovery)
        // What becomes of it now is news.
        #expect(
            book.read(try Reports.failed("a", seconds: 5, started: -9), about: nil, now: .zero)?.occasion == .failure)
    }

    @Test func `is the end of what began before us`() throws {
        var book = book([.started])
        let said = book.read(try Reports.report("a", .superseded, started: -60), about: nil, now: .zero)
        #expect(said?.sync == .superseded)
    }

    @Test func `follows a rollout no faster than people look, and shows its newest state in the end`() throws {
        var book = book([.started])
        func read(_ cause: String, at seconds: Int) throws -> String? {
            book.read(try Reports.progressing(cause: cause), about: nil, now: .seconds(seconds))?.summary
        }
        #expect(try read("waiting (0/3)", at: 0) == "web: waiting (0/3)")
        #expect(book.nextDue == nil)
        #expect(try read("waiting (1/3)", at: 5) == nil)
        #expect(try read("waiting (2/3)", at: 10) == nil)
        #expect(book.nextDue == Limits.updateInterval)
        #expect(book.due(now: .seconds(29)).isEmpty)
        #expect(book.due(now: .seconds(30)).map(\.summary) == ["web: waiting (2/3)"])
        #expect(book.nextDue == nil)
        #expect(book.due(now: .seconds(90)).isEmpty)
        // A state that passed meanwhile is not shown.
        #expect(try read("waiting (3/3)", at: 40) == nil)
        #expect(try read("waiting (2/3)", at: 41) == nil)
        #expect(book.nextDue == nil)
        // The end does not wait.
        #expect(try read("waiting (3/3)", at: 42) == nil)
        #expect(book.read(try Reports.failed(), about: nil, now: .seconds(43))?.sync == .failed)
        #expect(book.nextDue == nil)
    }

    @Test func `says all that was put off at the end`() throws {
        var book = book([.started])
        for cause in ["1", "2"] { _ = book.read(try Reports.progressing(cause: cause), about: nil, now: .zero) }
        #expect(book.due(now: .zero, all: true).map(\.summary) == ["web: 2"])
        #expect(book.due(now: .zero, all: true).isEmpty)
    }

    @Test func `keeps what is known of a commit when a later report knows less`() throws {
        var book = book([.started])
        _ = book.read(try Reports.progressing(), about: Reports.info, now: .zero)
        let said = book.read(try Reports.failed(), about: nil, now: .seconds(1))
        #expect(said?.subject == "Raise the memory")
    }

    @Test func `is remembered of a bounded number of commits`() throws {
        var book = book()
        func report(_ number: Int) throws -> CommitReport {
            var report = try Reports.failed()
            let hex = String(number, radix: 16)
            report.commit = try CommitID(String(repeating: "0", count: 40 - hex.count) + hex)
            return report
        }
        for number in 0..<1_000 { #expect(book.read(try report(number), about: nil, now: .zero) != nil) }
        // What was said of the newest is known; the oldest is forgotten, so that it would be said anew.
        #expect(book.read(try report(999), about: nil, now: .zero) == nil)
        #expect(book.read(try report(0), about: nil, now: .zero) != nil)
    }
}
