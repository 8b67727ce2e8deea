package import MooringModel
package import MooringNames
package import MooringShapes

/// The tag that pauses a service, or all services of a cluster, without git.
package enum PauseTag {
    package static let key = "mooring:pause"

    /// The window that a tag's value asks for: `<until>`, or `<until> <reason>`.
    ///
    /// A value that cannot be understood pauses without an end, and a finding says so: nobody sets the tag by accident.
    /// So does an empty one, without a finding.
    ///
    /// - Parameters:
    ///   - source: where the tag is.
    ///   - subject: what carries it, for the finding: `service default/web`.
    package static func window(
        _ value: String, source: HoldWindow.Source, subject: String,
    ) -> (window: HoldWindow, finding: Finding?) {
        let trimmed = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: true)
        guard let first = trimmed.first else {
            return (HoldWindow(kind: .pause, source: source, until: nil), nil)
        }
        let reason = trimmed.count > 1 ? String(trimmed[1].prefix(Limits.reasonLength)) : ""
        if let until = HoldReader.time(String(first)) {
            return (HoldWindow(kind: .pause, source: source, until: until, reason: reason), nil)
        }
        if first == "true" { return (HoldWindow(kind: .pause, source: source, until: nil, reason: reason), nil) }
        let finding = Finding(
            severity: .warning, rule: "bad-pause",
            message: "The tag \(key) of \(subject) has no time that can be read ('\(value.prefix(80))'), so it pauses "
                + "until it is removed. " + HoldReader.format,
            file: nil)
        return (
            HoldWindow(
                kind: .pause, source: source, until: nil, reason: String(value.prefix(Limits.reasonLength))),
            finding
        )
    }
}

/// Reads pauses and freezes out of manifests and settings.
package enum HoldReader {
    static let format = "Times are written as 2026-12-20T18:00:00Z, 2026-12-20T18:00Z or 2026-12-20."

    /// The windows that stand under `pause` or `freeze`.
    ///
    /// A freeze is an object with `until`, and may have `from` and `reason`, or a list of such. A pause is that, or `true`,
    /// or its reason as a text; without `until` it lasts until it is taken out. What is wrong is a finding, and holds
    /// without an end: settings that cannot be understood may have said so.
    ///
    /// - Parameters:
    ///   - value: the value of the member, with positions.
    ///   - path: of the member, for findings: `mooring.pause`.
    package static func windows(
        _ value: Value, kind: HoldWindow.Kind, source: HoldWindow.Source, file: TreePath, path: String,
    ) -> (windows: [HoldWindow], findings: [Finding]) {
        var reader = WindowReader(kind: kind, source: source, file: file, path: path)
        let values = value.elements ?? [value]
        for (index, value) in values.prefix(Limits.windows).enumerated() {
            reader.read(value, path: values.count > 1 ? "\(path)[\(index)]" : path)
        }
        if values.count > Limits.windows {
            reader.refuse("'\(kind.rawValue)' takes at most \(Limits.windows) windows.", at: value, path)
        }
        return (reader.windows, reader.findings)
    }

    /// A point in time as people write it, in UTC or with an offset; a date means its first moment.
    package static func time(_ text: String) -> Timestamp? {
        let bytes = text.utf8
        if bytes.count == 10 { return Timestamp(iso8601: text + "T00:00:00Z") }
        if let time = Timestamp(iso8601: text) { return time }
        // Without seconds: they belong behind the minutes.
        guard bytes.count > 16 else { return nil }
        let minutes = text.index(text.startIndex, offsetBy: 16, limitedBy: text.endIndex) ?? text.endIndex
        return Timestamp(iso8601: text[..<minutes] + ":00" + text[minutes...])
    }
}

/// Reads one window after the other.
private struct WindowReader {
    let kind: HoldWindow.Kind
    let source: HoldWindow.Source
    let file: TreePath
    let path: String
    var windows: [HoldWindow] = []
    var findings: [Finding] = []

    mutating func read(_ value: Value, path: String) {
        guard let members = value.members else { return readScalar(value, path: path) }
        for member in members where !["from", "until", "reason"].contains(member.name) {
            return refuse(
                "'\(kind.rawValue)' has no member '\(member.name.prefix(40))'; there are 'from', 'until' and 'reason'.",
                at: member.value, path)
        }
        let (from, until) = (value["from"], value["until"])
        let (start, end) = (from.flatMap(time), until.flatMap(time))
        if let from, start == nil { return refuse(bad("from"), at: from, path + ".from") }
        if let until, end == nil { return refuse(bad("until"), at: until, path + ".until") }
        if end == nil, kind == .freeze {
            return refuse("A freeze needs 'until'. " + HoldReader.format, at: value, path)
        }
        if let start, let end, end <= start {
            return refuse("'until' is not after 'from'.", at: until ?? value, path + ".until")
        }
        let reason = String((value["reason"]?.text ?? "").prefix(Limits.reasonLength))
        windows.append(HoldWindow(kind: kind, source: source, from: start, until: end, reason: reason))
    }

    private mutating func readScalar(_ value: Value, path: String) {
        if value.isNull { return }
        guard kind == .pause, let text = value.text else {
            return refuse(
                "'\(kind.rawValue)' takes objects with 'until', and with 'from' and 'reason' where wanted. "
                    + HoldReader.format, at: value, path)
        }
        switch text.lowercased() {
        case "false", "no", "off": return
        case "true", "yes", "on", "": windows.append(HoldWindow(kind: kind, source: source, until: nil))
        default:
            windows.append(
                HoldWindow(kind: kind, source: source, until: nil, reason: String(text.prefix(Limits.reasonLength))))
        }
    }

    private func time(_ value: Value) -> Timestamp? { value.text.flatMap(HoldReader.time) }

    private func bad(_ member: String) -> String { "'\(member)' is no time that can be read. " + HoldReader.format }

    mutating func refuse(_ message: String, at value: Value, _ path: String) {
        findings.append(
            Finding(
                severity: .error, rule: "bad-\(kind.rawValue)", message: message, file: file,
                position: value.position, memberPath: path))
        windows.append(HoldWindow(kind: kind, source: source, until: nil, reason: "\(path) cannot be read."))
    }
}
