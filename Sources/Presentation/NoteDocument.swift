package import MooringModel
import MooringNames
package import MooringShapes

/// The note on a commit: one YAML document, written for people in `git log --notes` and for programs.
///
/// ```yaml
/// schema: 1
/// environment: production@4f2a91
/// commit: 8e1c0f…
/// sync: Failed
/// health: Degraded
/// summary: "rolled back, main/web: CannotPullContainerError …"
/// started: 2026-11-24T02:53:17Z
/// updated: 2026-11-24T02:55:40Z
/// services:
///   main/web:
///     sync: Failed
///     health: Degraded
///     oldRevision: web:12
///     newRevision: web:13
///     deployment: ecs-svc/0123456789012345678
///     cause: …
///     remedy: …
///     evidence:
///       - …
///     updated: 2026-11-24T02:55:40Z
/// tasks:
///   main/migrate:
///     sync: Synced
///     health: Healthy
///     newRevision: migrate:4
///     updated: 2026-11-24T02:53:55Z
/// findings:
///   - "production/web.yaml:3:5: error: …"
/// ```
///
/// Members are only ever added. Those that we do not know survive when we write the note again.
package enum NoteDocument {
    /// The number of the schema that is written, and the greatest that is read.
    private static let schema = 1

    /// The text of the note for `report`, a line break at its end.
    ///
    /// - Parameter existing: the note that is there; what is newer in it and what we do not know survives.
    package static func text(of report: CommitReport, existing: String?) -> String {
        let ours = text(of: NoteFields.value(of: report))
        return existing.map { merge(existing: $0, ours: ours) } ?? ours
    }

    /// The report that a note holds; nil where the text is no note of ours, or of a later schema.
    ///
    /// Anyone who may push can forge a note: what is read here may be reported, never deployed.
    package static func report(from text: String) -> CommitReport? {
        guard let value = NoteReader.value(of: text), value["schema"]?.integer == schema else { return nil }
        return NoteFields.report(from: value)
    }

    /// The members of a note, with those that we do not know; nil where the text is no note of ours, or of a later schema.
    package static func value(from text: String) -> Value? {
        guard var value = NoteReader.value(of: text), let number = value["schema"]?.integer, number <= schema else {
            return nil
        }
        // YAML leaves open what a plain scalar is; these are numbers.
        for name in ["schema", "servicesLeftOut", "findingsLeftOut"] {
            if let number = value[name]?.integer { value[name] = .integer(number) }
        }
        return value
    }

    /// One note of two, where two writers wrote to one commit: for each service and for the whole, what was updated later
    /// wins, ours where both are of one time. Members that neither of us knows survive from both.
    ///
    /// A note of a later schema stays as it is. A text that is no note is kept beside ours, as `replaced`.
    package static func merge(existing: String, ours: String) -> String {
        guard let our = NoteReader.value(of: ours) else { return ours }
        guard let their = NoteReader.value(of: existing), let theirSchema = their["schema"]?.integer else {
            return withForeignText(existing, in: our)
        }
        guard theirSchema <= schema else { return existing }
        return text(of: merged(their: their, our: our))
    }

    // MARK: Merging

    private static func merged(their: Value, our: Value) -> Value {
        let weWin = updated(our) >= updated(their)
        let (winner, loser) = weWin ? (our, their) : (their, our)
        var result = winner.adding(unknown: loser, known: NoteFields.known)
        if let started = [winner, loser].compactMap({ $0["started"]?.text.flatMap(Timestamp.init(iso8601:)) }).min() {
            result["started"] = .time(started)
        }
        for kind in ["services", "tasks"] {
            let merged = mergedMembers(kind, their: their, our: our)
            if !merged.isEmpty { result[kind] = .map(merged) }
        }
        // What the winner says of the whole holds for its own services; with others among them it has to be said anew.
        let isWinners = result["services"] == winner["services"] && result["tasks"] == winner["tasks"]
        if !isWinners, var report = NoteFields.report(from: result) {
            let syncs = (report.services + report.tasks).map(\.sync)
            report.sync = Sync.whole(of: syncs, hasFindings: !report.findings.isEmpty)
            report.summary = StatusSummary.text(of: report)
            result["sync"] = .string(report.sync.rawValue)
            result["summary"] = .string(report.summary)
        }
        return NoteFields.ordered(result)
    }

    private static func mergedMembers(_ kind: String, their: Value, our: Value) -> [(String, Value)] {
        let ours = standing(kind, of: our, beside: their)
        var merged = standing(kind, of: their, beside: our)
        for (name, service) in ours {
            guard let theirs = merged[name] else {
                merged[name] = service
                continue
            }
            let weWin = updated(service) >= updated(theirs)
            let (winner, loser) = weWin ? (service, theirs) : (theirs, service)
            merged[name] = winner.adding(unknown: loser, known: NoteFields.knownOfService)
        }
        return merged.sorted { $0.key < $1.key }
    }

    /// The services or tasks of a note, but for those that a newer one had no room for: what the older says of them is over.
    private static func standing(_ kind: String, of note: Value, beside other: Value) -> [String: Value] {
        let found = members(kind, of: note)
        guard kind == "services", other["servicesLeftOut"] != nil else { return found }
        let told = members(kind, of: other)
        return found.filter { told[$0.key] != nil || updated($0.value) > updated(other) }
    }

    private static func members(_ kind: String, of note: Value) -> [String: Value] {
        let members = (note[kind]?.members ?? []).map { ($0.name, $0.value) }
        return Dictionary(members, uniquingKeysWith: { first, _ in first })
    }

    private static func updated(_ value: Value) -> Timestamp {
        value["updated"]?.text.flatMap(Timestamp.init(iso8601:)) ?? Timestamp(millisecondsSince1970: 0)
    }

    private static func withForeignText(_ foreign: String, in our: Value) -> String {
        guard foreign.contains(where: { !$0.isWhitespace }) else { return text(of: our) }
        var result = our
        result["replaced"] = .string(foreign.cut(toUTF8: Limits.foreignNoteBytes))
        return text(of: result)
    }

    // MARK: Size

    /// The text, without some services where it would else pass its limit: those that are well first.
    private static func text(of note: Value) -> String {
        let text = YAMLWriter.text(of: note)
        guard text.utf8.count > Limits.noteBytes, let services = note["services"]?.members else { return text }
        var result = note
        result["services"] = nil
        var left = Limits.noteBytes - YAMLWriter.text(of: result).utf8.count - 100
        var kept: Set<String> = []
        for service in services.sorted(by: { NoteFields.urgency($0.value) < NoteFields.urgency($1.value) }) {
            // Two more blanks stand before each line of a service inside of the note.
            let own = YAMLWriter.text(of: .map([(service.name, service.value)]))
            let bytes = own.utf8.count + 2 * own.utf8.count { $0 == UInt8(ascii: "\n") }
            guard bytes <= left else { break }
            left -= bytes
            kept.insert(service.name)
        }
        result["services"] = Value(.map(services.filter { kept.contains($0.name) }))
        result["servicesLeftOut"] = .integer(services.count - kept.count)
        return YAMLWriter.text(of: NoteFields.ordered(result))
    }
}

extension Value {
    /// This map with those members of `other` that are neither known nor here already.
    fileprivate func adding(unknown other: Value, known: [String]) -> Value {
        var result = self
        for member in other.members ?? [] where !known.contains(member.name) && result[member.name] == nil {
            result[member.name] = member.value
        }
        return result
    }

    /// A time, without quotes.
    static func time(_ time: Timestamp) -> Value { Value(.scalar(Scalar(text: time.iso8601, style: .plain))) }
}

extension Sync {
    /// What holds for a commit whose services stand like `syncs`.
    static func whole(of syncs: [Sync], hasFindings: Bool) -> Sync {
        if syncs.contains(.progressing) { return .progressing }
        if syncs.contains(.failed) || hasFindings { return .failed }
        if syncs.contains(.outOfSync) { return .outOfSync }
        return syncs.contains(.superseded) ? .superseded : .synced
    }
}
