import Foundation
import MooringShapes
import Testing

/// One answer that AWS gave, or that its documentation shows.
struct Recording: Sendable {
    /// How much an answer proves. Source: `captures/README.md`.
    enum Certainty: String, Sendable {
        case real
        /// Looks like an unaltered answer; where it came from is not said.
        case likely
        /// Written or altered by an author: what it lacks proves nothing.
        case documentation = "documentation example"
    }

    /// Folder and file.
    let path: String
    /// The folder: `describe-services`.
    let operation: String
    let certainty: Certainty
    /// The answer without what the recorder put around it; every time is an epoch number, as AWS writes it.
    let answer: Value
    /// What was asked, where that was recorded too.
    var request: Value?
    /// The request that registered the task definition of the answer, where that was recorded beside it.
    var registration: Value?
    /// When AWS gave it, `2024-02-12`: the newest time in it, or what `FidelityDates` says.
    let date: String

    /// The task definition that the answer describes.
    fileprivate var definitionARN: String? {
        (answer["taskDefinition"] ?? answer["taskDefinitions"]?[0])?["taskDefinitionArn"]?.text
    }

    /// Region and account of the answer's first ARN.
    var origin: (region: String, account: String) {
        for text in Recording.texts(answer) where text.hasPrefix("arn:aws") {
            let parts = text.split(separator: ":", omittingEmptySubsequences: false)
            if parts.count > 5, parts[2] == "ecs" { return (String(parts[3]), String(parts[4])) }
        }
        return ("us-east-1", "111111111111")
    }

    private static func texts(_ value: Value) -> [String] {
        switch value.node {
        case .scalar(let scalar): [scalar.text]
        case .list(let elements): elements.flatMap(texts)
        case .map(let members): members.flatMap { texts($0.value) }
        }
    }
}

/// Reads the recordings: placebo files, pages of the AWS CLI, and what `Tests/aws/record.py` wrote.
enum Recordings {
    /// Folders that hold facts of another kind.
    private static let others = ["strings"]

    static func all(in folder: String = Captures.folder) throws -> [Recording] {
        let certainties = try certainties(folder)
        var recordings: [Recording] = []
        var dates: [String: String] = [:]
        let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        for operation in names where !others.contains(operation) {
            var isFolder: ObjCBool = false
            let path = folder + "/" + operation
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), isFolder.boolValue else {
                continue
            }
            let files = try FileManager.default.contentsOfDirectory(atPath: path).sorted()
            for path in files.map({ operation + "/" + $0 }) where path.hasSuffix(".json") {
                let text = try String(contentsOfFile: folder + "/" + path, encoding: .utf8)
                let document = try JSONReader.value(of: text)
                var found = [document["recorded"]?.text].compactMap { $0 }
                let answer = cleaned(document["data"] ?? document, name: "", dates: &found)
                let suite = suite(of: path)
                if let newest = found.max() { dates[suite] = max(dates[suite] ?? "", newest) }
                recordings.append(
                    Recording(
                        path: path, operation: operation, certainty: certainties[path] ?? .real, answer: answer,
                        request: document["request"], date: found.max() ?? ""))
            }
        }
        let registrations = recordings.filter { $0.operation == "register-task-definition" }
        return recordings.map { recording in
            var recording = recording
            if let arn = recording.definitionARN {
                recording.registration = registrations.first { $0.definitionARN == arn }?.request
            }
            guard recording.date.isEmpty else { return recording }
            let date = FidelityDates.known(recording.path) ?? dates[suite(of: recording.path)] ?? ""
            return Recording(
                path: recording.path, operation: recording.operation, certainty: recording.certainty,
                answer: recording.answer, request: recording.request, registration: recording.registration,
                date: date)
        }
    }

    /// What was recorded together: the name without the operation, the number and the ending.
    private static func suite(of path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        guard let end = name.lastIndex(of: "_") else { return name }
        return String(name[..<end])
    }

    /// The certainty column of `README.md`.
    private static func certainties(_ folder: String) throws -> [String: Recording.Certainty] {
        guard FileManager.default.fileExists(atPath: folder + "/README.md") else { return [:] }
        var found: [String: Recording.Certainty] = [:]
        for line in try String(contentsOfFile: folder + "/README.md", encoding: .utf8).split(separator: "\n") {
            let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
            if cells.count >= 6, cells[0].hasSuffix(".json") { found[cells[0]] = .init(rawValue: cells[5]) }
        }
        return found
    }

    // MARK: Cleaning

    /// The answer without `ResponseMetadata`, its times as epoch seconds.
    private static func cleaned(_ value: Value, name: String, dates: inout [String]) -> Value {
        switch value.node {
        case .scalar(let scalar):
            guard name.hasSuffix("At") else { return value }
            if scalar.style == .string, let time = seconds(ofISO8601: scalar.text) {
                dates.append(day(time))
                return .double(time)
            }
            if scalar.style == .number, let time = value.double { dates.append(day(time)) }
            return value
        case .list(let elements): return .list(elements.map { cleaned($0, name: "", dates: &dates) })
        case .map(let members):
            if value["__class__"]?.text == "datetime" {
                let time = seconds(ofPlacebo: value)
                dates.append(day(time))
                return .double(time)
            }
            var kept: [Value.Member] = []
            for member in members {
                if member.name == "ResponseMetadata" {
                    if let text = member.value["HTTPHeaders"]?["date"]?.text, let time = seconds(ofHTTPDate: text) {
                        dates.append(day(time))
                    }
                    continue
                }
                kept.append(.init(member.name, cleaned(member.value, name: member.name, dates: &dates)))
            }
            return Value(.map(kept))
        }
    }

    private static func day(_ seconds: Double) -> String {
        let parts = calendar.dateComponents([.year, .month, .day], from: Date(timeIntervalSince1970: seconds))
        func padded(_ number: Int?) -> String { (number ?? 0) < 10 ? "0\(number ?? 0)" : "\(number ?? 0)" }
        return "\(parts.year ?? 0)-\(padded(parts.month))-\(padded(parts.day))"
    }

    private static var calendar: Calendar {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? calendar.timeZone
        return calendar
    }

    /// A datetime as the recorder placebo writes it.
    private static func seconds(ofPlacebo value: Value) -> Double {
        func part(_ name: String) -> Int { value[name]?.integer ?? 0 }
        let parts = DateComponents(
            year: part("year"), month: part("month"), day: part("day"), hour: part("hour"), minute: part("minute"),
            second: part("second"))
        let whole = calendar.date(from: parts)?.timeIntervalSince1970 ?? 0
        return whole + Double(part("microsecond") / 1000) / 1000
    }

    /// A time as the AWS CLI prints it, with six decimals and an offset.
    private static func seconds(ofISO8601 text: String) -> Double? {
        let formatter = ISO8601DateFormatter()
        formatter.formatOptions = [.withInternetDateTime, .withFractionalSeconds]
        var cut = text
        // The formatter takes three decimals.
        if let dot = cut.firstIndex(of: "."), let end = cut[dot...].firstIndex(where: { "+-Z".contains($0) }) {
            cut = String(cut[..<dot]) + "." + cut[dot...].dropFirst().prefix(3) + String(cut[end...])
        } else {
            formatter.formatOptions = [.withInternetDateTime]
        }
        return formatter.date(from: cut)?.timeIntervalSince1970
    }

    private static func seconds(ofHTTPDate text: String) -> Double? {
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let words = text.split(separator: " ")
        guard words.count >= 4, let month = months.firstIndex(of: String(words[2])) else { return nil }
        let parts = DateComponents(year: Int(words[3]), month: month + 1, day: Int(words[1]))
        return calendar.date(from: parts)?.timeIntervalSince1970
    }
}

/// Dates of recordings that hold no time at all.
enum FidelityDates {
    /// What is known of the age, with the reason.
    private static let table: [(path: String, date: String, why: String)] = [
        ("describe-clusters/*exec_cw_logging_1.json", "2021-04-01", "the filter for ECS Exec came then"),
        ("describe-clusters/*cluster_storage_1.json", "2024-03-01", "the filter for managed storage came then"),
        ("describe-clusters/*container_insights_*", "2023-03-14", "the time inside the stack's id"),
        ("untag-resource/*task_def_config_1.json", "2021-04-01", "the filter's age; the answer is empty"),
        ("*/aws__aws-cli__*", "2019-05-01", "pages of the AWS CLI, most of them of 2019"),
        ("run-task/localstack*", "2024-02-23", "its recorded-date"),
        ("eventbridge/*", "2023-06-14", "the Developer Guide's last public commit"),
        ("cloudformation-read/*", "2026-07-15", "the corpus was recorded in June to August 2026"),
    ]

    static func known(_ path: String) -> String? { table.first { Glob.matches($0.path, path) }?.date }
}

/// Patterns with `*` for any text.
enum Glob {
    static func matches(_ pattern: String, _ text: String) -> Bool {
        let parts = pattern.split(separator: "*", omittingEmptySubsequences: false).map(String.init)
        guard parts.count > 1 else { return pattern == text }
        guard text.hasPrefix(parts[0]) else { return false }
        var rest = text.dropFirst(parts[0].count)
        for part in parts.dropFirst().dropLast() where !part.isEmpty {
            guard let range = rest.range(of: part) else { return false }
            rest = rest[range.upperBound...]
        }
        let last = parts[parts.count - 1]
        return rest.count >= last.count && rest.hasSuffix(last)
    }
}
