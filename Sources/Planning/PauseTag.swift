package import MooringModel
import MooringShapes

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
        if let until = Timestamp(written: String(first)) {
            return (HoldWindow(kind: .pause, source: source, until: until, reason: reason), nil)
        }
        if first == "true" { return (HoldWindow(kind: .pause, source: source, until: nil, reason: reason), nil) }
        let finding = Finding(
            severity: .warning, rule: "bad-pause",
            message: "The tag \(key) of \(subject) has no time that can be read ('\(value.prefix(80))'), so it pauses "
                + "until it is removed. " + Timestamp.howWritten,
            file: nil)
        return (
            HoldWindow(
                kind: .pause, source: source, until: nil, reason: String(value.prefix(Limits.reasonLength))),
            finding
        )
    }
}
