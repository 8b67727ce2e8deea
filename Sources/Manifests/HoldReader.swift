package import MooringModel
package import MooringNames
package import MooringShapes

/// Reads pauses and freezes out of manifests and settings.
package enum HoldReader {
    /// The windows that stand under `pause` or `freeze`.
    ///
    /// A freeze is an object with `until`, and may have `from` and `reason`, or a list of such. A pause is that, or `true`,
    /// or its reason or its end as a text; without an end it lasts until it is taken out. What is wrong is a finding, and holds
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
                "'\(kind.rawValue)' has no member '\(member.name.shortened)'; there are 'from', 'until' and 'reason'."
                    + member.name.didYouMean(["from", "reason", "until"]), at: member.value, path)
        }
        let (from, until) = (present(value["from"]), present(value["until"]))
        let (start, end) = (from.flatMap(time), until.flatMap(time))
        if let from, start == nil { return refuse(bad("from", from), at: from, path + ".from") }
        if let until, end == nil { return refuse(bad("until", until), at: until, path + ".until") }
        if end == nil, kind == .freeze {
            return refuse("A freeze needs 'until'. " + Timestamp.howWritten, at: value, path)
        }
        if let start, let end, end <= start {
            return refuse(
                "'until' (\((until ?? value).quoted)) is not after 'from' (\((from ?? value).quoted)). Correct one of the two.",
                at: until ?? value, path + ".until")
        }
        let reason = String((value["reason"]?.text ?? "").prefix(Limits.optionTextLength))
        windows.append(HoldWindow(kind: kind, source: source, from: start, until: end, reason: reason))
    }

    private mutating func readScalar(_ value: Value, path: String) {
        if value.isNull { return }
        guard kind == .pause, let text = value.text else {
            return refuse(
                "'\(kind.rawValue)' takes objects with 'until', and with 'from' and 'reason' where wanted, not "
                    + "\(value.quoted). " + Timestamp.howWritten, at: value, path)
        }
        let word = text.lowercased().split(separator: " ").joined(separator: " ")
        switch word {
        case "false", "no", "off": return
        case _ where Self.unmeantReasons.contains(word):
            refuse(
                "'pause: \(word)' would pause, with '\(word)' as its reason. Remove 'pause', or write 'pause: false', where "
                    + "nothing is to be paused; else write 'pause: true'.", at: value, path)
        case _ where Timestamp(written: text) == nil && WrittenTime.isMeant(by: text):
            refuse(bad("pause", value), at: value, path)
        case "true", "yes", "on", "": windows.append(HoldWindow(kind: kind, source: source, until: nil))
        default:
            // A time alone is no reason but an end, as in the tag.
            let end = Timestamp(written: text)
            let reason = end == nil ? String(text.prefix(Limits.optionTextLength)) : ""
            windows.append(HoldWindow(kind: kind, source: source, until: end, reason: reason))
        }
    }

    private func present(_ value: Value?) -> Value? { value?.isNull == true ? nil : value }

    private func time(_ value: Value) -> Timestamp? { value.text.flatMap(Timestamp.init(written:)) }

    /// Texts that nobody pauses for: whoever writes them means the opposite.
    private static let unmeantReasons: Set = [
        "0", "n", "f", "never", "none", "disable", "disabled", "inactive", "unpaused", "resume",
    ]

    /// Why a member is no time.
    private func bad(_ member: String, _ value: Value) -> String {
        if let text = value.text, let problem = WrittenTime.problem(with: text) {
            return "'\(member)' is \(value.quoted)\(problem)"
        }
        return "'\(member)' is no time that can be read: \(value.quoted). " + Timestamp.howWritten
    }

    mutating func refuse(_ message: String, at value: Value, _ path: String) {
        findings.append(
            Finding(
                severity: .error, rule: "bad-\(kind.rawValue)", message: message, file: file,
                position: value.position, memberPath: path))
        windows.append(HoldWindow(kind: kind, source: source, until: nil, reason: "\(path) cannot be read."))
    }
}
