import MooringShapes

/// A difference that stays, with its reason.
struct FidelityException: Sendable {
    /// The recordings it is about; `*` is any text.
    let recording: String
    let kind: Difference.Kind
    /// Where; `*` is any text.
    let path: String
    let reason: String
    /// The day up to which recordings may differ so: the recording's own, or that of AWS's change.
    let date: String

    init(_ recording: String, _ kind: Difference.Kind, _ path: String, _ reason: String, _ date: String) {
        self.recording = recording
        self.kind = kind
        self.path = path
        self.reason = reason
        self.date = date
    }
}

/// A member that ECS answers since a certain day: older recordings do not have it.
struct MemberSince: Sendable {
    let path: String
    /// The day before which no recording has it: AWS's announcement, or the day after the last recording without it.
    let date: String
    let source: String
    /// Whether some older recordings have it too, for a reason that `source` says.
    var isSometimesOlder = false

    init(_ path: String, _ date: String, _ source: String, isSometimesOlder: Bool = false) {
        self.path = path
        self.date = date
        self.source = source
        self.isSometimesOlder = isSometimesOlder
    }
}

/// The tables of what differs.
enum FidelityExceptions {
    /// The recorded answer without what no request can bring about: tags that CloudFormation put there.
    static func comparable(_ recording: Recording) -> Value {
        var answer = recording.answer
        // One success stands for a list of whatever happened to the service.
        if recording.operation == "list-service-deployments", let records = answer["serviceDeployments"]?.elements {
            answer["serviceDeployments"] = .list(Array(records.filter { $0["status"]?.text == "SUCCESSFUL" }.prefix(1)))
        }
        guard recording.operation == "describe-clusters", let clusters = answer["clusters"]?.elements else {
            return answer
        }
        answer["clusters"] = .list(
            clusters.map { cluster in
                guard let tags = cluster["tags"]?.elements else { return cluster }
                var cluster = cluster
                cluster["tags"] = .list(tags.filter { $0["key"]?.text?.hasPrefix("aws:") != true })
                return cluster
            })
        return answer
    }
}

/// What came of the comparisons.
struct FidelityLedger {
    private(set) var unexplained: [String] = []
    private(set) var contradicted: [String] = []
    private var usedExceptions: Set<Int> = []
    private var usedMembers: Set<Int> = []
    private var usedUnmodelled: Set<Int> = []
    private var alike = 0
    private var aged = 0
    private var excepted = 0
    private var unmodelled = 0
    /// Compared with the events of another service.
    private var borrowed = 0

    mutating func noteUnmodelled(_ recording: Recording) {
        unmodelled += 1
        guard
            let index = FidelityExceptions.unmodelled.firstIndex(where: { Glob.matches($0.recording, recording.path) })
        else {
            unexplained.append("\(recording.path): not modelled, and not listed")
            return
        }
        usedUnmodelled.insert(index)
    }

    /// A request on the way to the recorded state was refused.
    mutating func noteRefusal(_ recording: Recording, _ error: String) {
        unexplained.append("\(recording.path) (\(recording.date)): \(error)")
    }

    mutating func note(_ recording: Recording, _ comparison: Comparison) {
        var isAged = false
        var isExcepted = false
        for difference in comparison.differences {
            if isOld(difference, recording) {
                isAged = true
            } else if let index = FidelityExceptions.table.firstIndex(where: { covers($0, difference, recording) }) {
                usedExceptions.insert(index)
                // Forms that AWS has changed come first in the table.
                if index < FidelityExceptions.forms.count { isAged = true } else { isExcepted = true }
            } else {
                unexplained.append("\(recording.path) (\(recording.date)): \(difference)")
            }
        }
        if FidelityExceptions.borrowsEvents(recording) { borrowed += 1 }
        if isExcepted { excepted += 1 } else if isAged { aged += 1 } else { alike += 1 }
        for member in FidelityExceptions.since
        where recording.date < member.date && recording.certainty != .documentation && !member.isSometimesOlder {
            if comparison.proven.contains(where: { Glob.matches(member.path, $0) }) {
                contradicted.append(
                    "\(member.path) since \(member.date), but in \(recording.path) of \(recording.date)")
            }
        }
    }

    /// Differences by rule: a member that came later, and what the author of a documentation example left out.
    private mutating func isOld(_ difference: Difference, _ recording: Recording) -> Bool {
        if recording.certainty == .documentation, difference.kind == .value,
            difference.detail.prefix(while: { $0 != "," }).contains("EXAMPLE")
        {
            return true
        }
        guard difference.kind == .extra else { return false }
        let index = FidelityExceptions.since.firstIndex {
            recording.date < $0.date && Glob.matches($0.path, difference.path)
        }
        if let index { usedMembers.insert(index) }
        return index != nil || recording.certainty == .documentation
    }

    private func covers(_ exception: FidelityException, _ difference: Difference, _ recording: Recording) -> Bool {
        exception.kind == difference.kind && recording.date <= exception.date
            && Glob.matches(exception.recording, recording.path)
            && Glob.matches(exception.path, difference.path)
    }

    /// Entries of the tables that no recording needed.
    var stale: [String] {
        let exceptions = FidelityExceptions.table.indices.filter { !usedExceptions.contains($0) }.map {
            let entry = FidelityExceptions.table[$0]
            return "\(entry.recording): \(entry.kind.rawValue) \(entry.path)"
        }
        let members = FidelityExceptions.since.indices.filter { !usedMembers.contains($0) }.map {
            FidelityExceptions.since[$0].path
        }
        let absent = FidelityExceptions.unmodelled.indices.filter { !usedUnmodelled.contains($0) }.map {
            FidelityExceptions.unmodelled[$0].recording
        }
        return exceptions + members + absent
    }

    func summary(of count: Int) -> String {
        "\(count) captures: \(count - unmodelled) compared (\(alike) alike, \(aged) alike but for their age, "
            + "\(excepted) with listed exceptions; \(borrowed) of them with the events of another service), "
            + "\(unmodelled) not modelled"
    }
}
