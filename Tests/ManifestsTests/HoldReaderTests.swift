import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// Freezes and pauses as manifests and settings write them.
@Suite struct HoldReaderTests {
    private func at(_ value: Value, _ line: Int) -> Value {
        var value = value
        value.position = SourcePosition(line: line, column: 3)
        return value
    }

    private func read(_ value: Value, _ kind: HoldWindow.Kind) throws -> (windows: [HoldWindow], findings: [Finding]) {
        HoldReader.windows(
            value, kind: kind, source: .manifest, file: try TreePath("web.yaml"), path: "mooring.\(kind.rawValue)")
    }

    @Test func `freezes are read from a list or alone`() throws {
        let one: Value = ["from": "2026-12-20", "until": "2027-01-02T06:00Z", "reason": "holidays"]
        let (windows, findings) = try read([one, ["until": "2026-11-30"]], .freeze)
        #expect(findings == [])
        #expect(windows.map(\.until?.iso8601) == ["2027-01-02T06:00:00Z", "2026-11-30T00:00:00Z"])
        #expect(try read(one, .freeze).windows == [windows[0]])
    }

    @Test func `a pause is a word, a reason or a window`() throws {
        #expect(try read(true, .pause).windows.map(\.reason) == [""])
        #expect(try read("moving the database", .pause).windows.map(\.reason) == ["moving the database"])
        #expect(try read(false, .pause).windows == [])
        #expect(try read(.null, .pause).windows == [])
        let until: Value = ["until": "2026-12-01", "reason": "audit"]
        #expect(try read(until, .pause).windows.map(\.until?.iso8601) == ["2026-12-01T00:00:00Z"])
        #expect(try read(["reason": "audit"], .pause).windows.map(\.until) == [nil])
    }

    @Test func `a pause that is a time ends then`() throws {
        #expect(try read("2026-12-01", .pause).windows.map(\.until?.iso8601) == ["2026-12-01T00:00:00Z"])
        #expect(try read("2026-12-01T10:00+01:00", .pause).windows.map(\.until?.iso8601) == ["2026-12-01T09:00:00Z"])
    }

    @Test func `a member that is null is absent`() throws {
        #expect(try read(["from": .null, "until": "2026-12-30", "reason": .null], .freeze).findings == [])
        #expect(try read(["until": .null], .freeze).findings.map(\.rule) == ["bad-freeze"])
    }

    @Test func `what cannot be read is told with its place, and holds`() throws {
        let cases: [(Value, HoldWindow.Kind, String)] = [
            (
                ["until": at("soon", 4)], .freeze,
                "web.yaml:4:3: error: 'until' is no time that can be read: 'soon'. Times are written as 2026-12-20T18:00:00Z, "
                    + "2026-12-20T18:00Z or 2026-12-20. [bad-freeze]"
            ),
            (
                ["from": at("2026-12-40", 5), "until": "2026-12-30"], .freeze,
                "web.yaml:5:3: error: 'from' is '2026-12-40', and there is no such day. Correct it. [bad-freeze]"
            ),
            (
                ["until": at("2026-11-31", 5)], .pause,
                "web.yaml:5:3: error: 'until' is '2026-11-31', and there is no such day. Correct it. [bad-pause]"
            ),
            (
                ["until": at("2026-12-31T08:00", 5)], .pause,
                "web.yaml:5:3: error: 'until' is '2026-12-31T08:00', which has no offset from UTC. Add 'Z' for UTC, or the "
                    + "offset, as in '+01:00'. [bad-pause]"
            ),
            (
                ["until": at("2026-12-31 08:00:30", 5)], .freeze,
                "web.yaml:5:3: error: 'until' is '2026-12-31 08:00:30', which has no offset from UTC. Add 'Z' for UTC, or "
                    + "the offset, as in '+01:00'. [bad-freeze]"
            ),
            (
                ["until": at("2026-12-31T24:00Z", 5)], .freeze,
                "web.yaml:5:3: error: 'until' is '2026-12-31T24:00Z', and there is no such time of day: hours go from 00 to "
                    + "23, minutes from 00 to 59. Correct it. [bad-freeze]"
            ),
            (
                ["until": at("2026-12-31T08", 5)], .freeze,
                "web.yaml:5:3: error: 'until' is no time that can be read: '2026-12-31T08'. Times are written as "
                    + "2026-12-20T18:00:00Z, 2026-12-20T18:00Z or 2026-12-20. [bad-freeze]"
            ),
            (
                at("2026-12-31T08:00", 5), .pause,
                "web.yaml:5:3: error: 'pause' is '2026-12-31T08:00', which has no offset from UTC. Add 'Z' for UTC, or the "
                    + "offset, as in '+01:00'. [bad-pause]"
            ),
            (
                at("Never ", 5), .pause,
                "web.yaml:5:3: error: 'pause: never' would pause, with 'never' as its reason. Remove 'pause', or write "
                    + "'pause: false', where nothing is to be paused; else write 'pause: true'. [bad-pause]"
            ),
            (
                ["from": "2026-12-20", "until": at("2026-12-20", 6)], .pause,
                "web.yaml:6:3: error: 'until' ('2026-12-20') is not after 'from' ('2026-12-20'). Correct one of the two. "
                    + "[bad-pause]"
            ),
            (
                at(["reason": "x"], 2), .freeze,
                "web.yaml:2:3: error: A freeze needs 'until'. Times are written as 2026-12-20T18:00:00Z, "
                    + "2026-12-20T18:00Z or 2026-12-20. [bad-freeze]"
            ),
            (
                ["until": "2026-12-30", "untill": at("x", 7)], .pause,
                "web.yaml:7:3: error: 'pause' has no member 'untill'; there are 'from', 'until' and 'reason'. "
                    + "Did you mean 'until'? [bad-pause]"
            ),
            (
                at("always", 8), .freeze,
                "web.yaml:8:3: error: 'freeze' takes objects with 'until', and with 'from' and 'reason' where wanted, not "
                    + "'always'. Times are written as 2026-12-20T18:00:00Z, 2026-12-20T18:00Z or 2026-12-20. [bad-freeze]"
            ),
        ]
        for (value, kind, line) in cases {
            let (windows, findings) = try read(value, kind)
            #expect(findings.map(\.line) == [line])
            let now = try #require(Timestamp(written: "2026-12-25"))
            #expect(windows.map { $0.holds(at: now) } == [true], "\(line)")
        }
    }

    @Test func `a list without end is bounded`() throws {
        let many = Value.list(Array(repeating: ["until": "2026-12-30"], count: 200))
        let (windows, findings) = try read(many, .freeze)
        #expect(findings.map(\.message) == ["'freeze' takes at most 100 windows."])
        #expect(windows.count == 101)
    }
}
