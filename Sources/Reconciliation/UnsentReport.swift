import MooringNames
import MooringPorts
import MooringShapes

/// What of a commit's report has not been sent, as it lies in the outbox.
///
/// Details are left out: the note has them all.
struct UnsentReport {
    let commit: CommitID
    let note: String?
    /// By context.
    let statuses: [String: CommitStatus]

    init(commit: CommitID, note: String?, statuses: [String: CommitStatus]) {
        self.commit = commit
        self.note = note
        self.statuses = statuses
    }

    /// Reads what an earlier process wrote; nil where that was nothing of ours.
    ///
    /// - Parameter aggregate: the context of a status that names none, as they were written when there was one per commit.
    init?(_ text: String, aggregate: String) {
        guard let content = try? JSONReader.value(of: text),
            let commit = content["commit"]?.text.flatMap({ try? CommitID($0) })
        else { return nil }
        self.commit = commit
        note = content["note"]?.text
        var statuses: [String: CommitStatus] = [:]
        for row in [content] + (content["statuses"]?.elements ?? []) {
            guard let state = row["state"]?.text.flatMap(CommitStatus.State.init(rawValue:)) else { continue }
            let context = row["context"]?.text ?? aggregate
            let kind: CommitStatus.Kind =
                row["deployment"]?.text.flatMap { try? EnvironmentName($0) }.map { .deployment($0) } ?? .report
            statuses[context] = CommitStatus(
                commit: commit, context: context, state: state, summary: row["summary"]?.text ?? "",
                link: row["link"]?.text, kind: kind)
        }
        self.statuses = statuses
    }

    /// As JSON.
    var text: String {
        let rows = statuses.sorted { $0.key < $1.key }.map { context, status -> Value in
            var environment: Value?
            if case .deployment(let name) = status.kind { environment = .string(name.text) }
            return .map(present: [
                ("context", .string(context)), ("state", .string(status.state.rawValue)),
                ("summary", .string(status.summary)), ("link", status.link.map(Value.string)),
                ("deployment", environment),
            ])
        }
        return JSONWriter(.compact).text(
            of: .map(present: [
                ("commit", .string(commit.text)), ("note", note.map(Value.string)),
                ("statuses", rows.isEmpty ? nil : .list(rows)),
            ]))
    }
}
