import MooringModel
import MooringNames
import MooringPlanning
import MooringShapes
import Testing

/// Freezes and pauses, from git and from tags.
@Suite struct HoldTests {
    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(written: text)) }

    private func window(
        _ from: String?, _ until: String?, kind: HoldWindow.Kind = .freeze, source: HoldWindow.Source = .environment,
        reason: String = "",
    ) throws -> HoldWindow {
        HoldWindow(
            kind: kind, source: source, from: try from.map(time), until: try until.map(time), reason: reason)
    }

    private func held(_ windows: [HoldWindow], at now: String) throws -> Hold? {
        Hold.hold(windows, at: try time(now))
    }

    // MARK: Now

    @Test(arguments: [
        ("2026-12-19", false), ("2026-12-20", true), ("2026-12-31T23:59:59Z", true), ("2027-01-02", false),
    ])
    func `a window holds from its first moment until its end`(now: String, isHeld: Bool) throws {
        let windows = [try window("2026-12-20", "2027-01-02", reason: "holidays")]
        #expect(try (held(windows, at: now) != nil) == isHeld)
    }

    @Test func `what holds says until when, by whom and why`() throws {
        let freeze = try held([try window("2026-12-20", "2027-01-02", reason: "holidays")], at: "2026-12-24")
        #expect(freeze?.sentence == "Frozen until 2027-01-02T00:00:00Z by mooring.yaml: holidays.")
        #expect(freeze?.remedy == "Take 'freeze' out of mooring.yaml to go on before.")
        let pause = try held(
            [try window(nil, nil, kind: .pause, source: .manifest, reason: "looking.")], at: "2026-12-24")
        #expect(pause?.sentence == "Paused by the manifest: looking.")
        #expect(pause?.until == nil)
        let tag = try held([try window(nil, "2026-12-25", kind: .pause, source: .clusterTag)], at: "2026-12-24")
        #expect(tag?.sentence == "Paused until 2026-12-25T00:00:00Z by the cluster's tag mooring:pause.")
        #expect(tag?.remedy == "Remove the tag mooring:pause from the cluster to go on before.")
        #expect(
            try held([try window(nil, nil, kind: .pause, source: .serviceTag)], at: "2026-12-24")?.sentence
                == "Paused by the service's tag mooring:pause.")
    }

    @Test func `of several the one that lasts longest is told, in whichever order they are read`() throws {
        let windows = [
            try window(nil, "2026-12-25", kind: .pause, source: .serviceTag),
            try window("2026-12-20", "2027-01-02", reason: "holidays"),
            try window("2026-12-20", "2027-01-02", source: .manifest, reason: "holidays"),
        ]
        let hold = try #require(try held(windows, at: "2026-12-24"))
        #expect(hold.windows.first?.source == .environment)
        #expect(hold.windows.count == 3)
        #expect(try held(windows.reversed(), at: "2026-12-24") == hold)
        let endless = try window(nil, nil, kind: .pause)
        #expect(try held(windows + [endless], at: "2026-12-24")?.until == nil)
    }

    @Test func `windows without a gap between them are one`() throws {
        let windows = [
            try window("2027-01-02", "2027-01-05"), try window("2026-12-20", "2027-01-02"),
            try window("2027-01-06", "2027-02-01"),
        ]
        #expect(try held(windows, at: "2026-12-24")?.until == (try time("2027-01-05")))
        let last = try window("2027-01-04", nil, kind: .pause)
        #expect(try held(windows + [last], at: "2026-12-24")?.until == nil)
    }

    @Test func `what settings and options say today are windows`() throws {
        let (from, until) = (try time("2026-12-20"), try time("2027-01-02"))
        let freeze = FreezeWindow(from: from, until: until, reason: "holidays")
        #expect(
            HoldWindow.windows(settings: EnvironmentOptions(freeze: [freeze]), service: MooringOptions(pause: "x"))
                == [
                    HoldWindow(kind: .freeze, source: .environment, from: from, until: until, reason: "holidays"),
                    HoldWindow(kind: .pause, source: .manifest, until: nil, reason: "x"),
                ])
        #expect(
            HoldWindow.windows(settings: EnvironmentOptions(pause: "all"), service: MooringOptions(pause: "all")).map(
                \.source) == [.environment])
    }

    // MARK: Tags

    @Test(arguments: [
        ("2026-12-25", "2026-12-25T00:00:00Z", ""),
        ("2026-12-25T10:30Z", "2026-12-25T10:30:00Z", ""),
        ("2026-12-25T10:30:00+02:00 looking into it", "2026-12-25T08:30:00Z", "looking into it"),
    ])
    func `a tag pauses until the time it names`(value: String, until: String, reason: String) throws {
        let (window, finding) = PauseTag.window(value, source: .serviceTag, subject: "service default/web")
        #expect(finding == nil)
        #expect(window.until?.iso8601 == until)
        #expect(window.reason == reason)
    }

    @Test(arguments: ["tomorrow", "2026-13-01", "2026-12-25T25:00Z", "1735000000", "false"])
    func `a tag that cannot be read pauses until it is removed, and says so`(value: String) {
        let (window, finding) = PauseTag.window(value, source: .serviceTag, subject: "service default/web")
        #expect(window.until == nil)
        #expect(
            finding?.line
                == "warning: The tag mooring:pause of service default/web has no time that can be read ('\(value)'), so "
                + "it pauses until it is removed. Times are written as 2026-12-20T18:00:00Z, 2026-12-20T18:00Z or "
                + "2026-12-20. [bad-pause]")
    }

    @Test func `a tag without a value, or with true, pauses without a word`() {
        for value in ["", " ", "true"] {
            let (window, finding) = PauseTag.window(value, source: .clusterTag, subject: "cluster default")
            #expect(finding == nil)
            #expect(window.until == nil)
        }
    }
}
