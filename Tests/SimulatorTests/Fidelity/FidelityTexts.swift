import Foundation
import MooringShapes
import MooringSimulator

/// A text that AWS wrote, from one of `captures/strings/*.tsv`.
struct RecordedText: Sendable {
    enum Kind: String, CaseIterable, Sendable {
        case event = "service-events"
        case stop = "stop-reasons"
        case status = "status-reasons"
        case error = "errors"
    }

    let kind: Kind
    let text: String

    static func all() throws -> [RecordedText] {
        try Kind.allCases.flatMap { kind in
            try Captures.text("strings/\(kind.rawValue).tsv").split(separator: "\n").dropFirst().compactMap { line in
                line.split(separator: "\t").first.map { RecordedText(kind: kind, text: String($0)) }
            }
        }
    }
}

/// Texts with ids, names and numbers replaced.
enum TextForm {
    private static let forms: [(pattern: String, form: String)] = [
        // What an author cut off or put in a name's place.
        (#"\[function ARN\]|\{arn\}"#, "ARN"), (#",? ?\[rest cut\]$"#, "…"),
        (#"arn:aws[a-z-]*:[A-Za-z0-9:/_.*-]*[A-Za-z0-9]"#, "ARN"),
        (#"\(service [^ ,)]+"#, "(service X"),
        (#"\(task [0-9a-f-]+\)( \(task [0-9a-f-]+\))*"#, "(task X)"),
        (#"ecs-svc/[0-9.]*[0-9](\.\.\.)?"#, "ecs-svc/N"),
        (#"failed to resolve ref [^ ]+:"#, "failed to resolve ref IMAGE:"),
        (#"(sha256:)?[0-9a-f]{32,}"#, "DIGEST"),
        (#"Deployment \[[A-Za-z0-9_-]{21}\]"#, "Deployment [ID]"),
        (#"[a-z]{2}-[a-z]+-[0-9][a-f]"#, "ZONE"),
        (#"\.[a-z]{2}-[a-z]+-[0-9]\."#, ".REGION."),
        (#"(PRE|POST)_[A-Z_]+|[A-Z]+_TRAFFIC_SHIFT"#, "STAGE"),
        (#"[0-9]+(\.[0-9]+)*"#, "N"),
        (#"N tasks in ZONE(, N tasks in ZONE)*"#, "N tasks in ZONE"),
    ]

    static func of(_ text: String) -> String {
        var text = text.replacingOccurrences(of: "\\n", with: "\n").trimmingCharacters(in: .whitespacesAndNewlines)
        for (pattern, form) in forms {
            text = text.replacingOccurrences(of: pattern, with: form, options: .regularExpression)
        }
        return text
    }
}

/// Everything that the local ECS said in a number of situations.
struct Said {
    struct Stop {
        let code: String
        let reason: String
        let containerReasons: [String]
        let exitCodes: [Int]
    }

    struct Refusal {
        let operation: String
        let code: String
        let message: String
    }

    private(set) var events: Set<String> = []
    private(set) var statuses: Set<String> = []
    private(set) var stops: [Stop] = []
    private(set) var refusals: [Refusal] = []

    /// Takes in what a service says of itself now, with its deployments, records and tasks.
    mutating func collect(_ bench: inout Bench, service: String = "web", cluster: String = "default") throws {
        let named = #""cluster":"\#(cluster)""#
        let described = try bench.call("DescribeServices", #"{\#(named),"services":["\#(service)"]}"#)["services"]?[0]
        for event in described?["events"]?.elements ?? [] {
            if let text = event["message"]?.text { events.insert(TextForm.of(text)) }
        }
        for deployment in described?["deployments"]?.elements ?? [] {
            if let text = deployment["rolloutStateReason"]?.text { statuses.insert(TextForm.of(text)) }
        }
        let list = try bench.call("ListServiceDeployments", #"{\#(named),"service":"\#(service)"}"#)
        for record in list["serviceDeployments"]?.elements ?? [] {
            if let text = record["statusReason"]?.text { statuses.insert(TextForm.of(text)) }
        }
        try collectTasks(&bench, cluster: cluster)
    }

    mutating func collectTasks(_ bench: inout Bench, cluster: String = "default") throws {
        let stopped = try bench.call("ListTasks", #"{"cluster":"\#(cluster)","desiredStatus":"STOPPED"}"#)
        for arn in (stopped["taskArns"]?.elements ?? []).prefix(100).compactMap(\.text) {
            let task = try bench.call("DescribeTasks", #"{"cluster":"\#(cluster)","tasks":["\#(arn)"]}"#)["tasks"]?[0]
            let containers = task?["containers"]?.elements ?? []
            stops.append(
                Stop(
                    code: task?["stopCode"]?.text ?? "", reason: TextForm.of(task?["stoppedReason"]?.text ?? ""),
                    containerReasons: containers.compactMap { $0["reason"]?.text }.map(TextForm.of),
                    exitCodes: containers.compactMap { $0["exitCode"]?.integer }))
        }
    }

    mutating func refused(_ operation: String, _ error: APIError) {
        refusals.append(Refusal(operation: operation, code: error.code, message: TextForm.of(error.message)))
    }

    // MARK: Matching

    func contains(_ recorded: RecordedText) -> Bool {
        switch recorded.kind {
        case .event: events.contains { matches(TextForm.of(recorded.text), $0) }
        case .status: statuses.contains { matches(TextForm.of(recorded.text), $0) }
        case .stop: stops.contains { matches(recorded.text, $0) }
        case .error: refusals.contains { matches(recorded.text, $0) }
        }
    }

    /// A text that names its service is whole, unless its end was cut off; any other one is a part.
    private func matches(_ recorded: String, _ ours: String) -> Bool {
        if recorded.hasSuffix("…") { return ours.hasPrefix(recorded.dropLast()) }
        if recorded.hasPrefix("(service") { return ours == recorded }
        return ours.contains(recorded)
    }

    /// `stopCode X | stoppedReason Y | container reason Z | exitCode 1`, or the reason alone.
    private func matches(_ recorded: String, _ stop: Stop) -> Bool {
        for part in recorded.components(separatedBy: " | ") {
            func value(_ name: String) -> String? {
                part.hasPrefix(name + " ") ? String(part.dropFirst(name.count + 1)) : nil
            }
            if let code = value("stopCode") {
                guard stop.code == code else { return false }
            } else if let reason = value("stoppedReason") {
                // A note of the collector in brackets.
                let bare = reason.components(separatedBy: " (no stopCode")[0]
                guard stop.reason == TextForm.of(bare) else { return false }
            } else if let reason = value("container reason") ?? value("another container reason") {
                guard stop.containerReasons.contains(TextForm.of(reason)) else { return false }
            } else if let code = value("exitCode") {
                guard stop.exitCodes.contains(Int(code) ?? -1) else { return false }
            } else {
                guard stop.reason == TextForm.of(part) else { return false }
            }
        }
        return true
    }

    /// `UpdateService ClientException: message`, a body, or the message alone.
    private func matches(_ recorded: String, _ refusal: Refusal) -> Bool {
        if recorded.hasPrefix("{"), let body = try? JSONReader.value(of: recorded) {
            return refusal.code == body["__type"]?.text && refusal.message == TextForm.of(body["message"]?.text ?? "")
        }
        guard let colon = recorded.range(of: ": "), let space = recorded.firstIndex(of: " "),
            space < colon.lowerBound, recorded[..<colon.lowerBound].split(separator: " ").count == 2
        else { return refusal.message == TextForm.of(recorded) }
        let operation = String(recorded[..<space])
        let code = String(recorded[recorded.index(after: space)..<colon.lowerBound])
        let message = String(recorded[colon.upperBound...])
        let isSameCode = refusal.code == code || code == "400"
        let isSameMessage =
            message == "(empty message)" ? refusal.message.isEmpty : refusal.message == TextForm.of(message)
        return refusal.operation == operation && isSameCode && isSameMessage
    }
}
