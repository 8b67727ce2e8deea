import MooringModel
import MooringNames
import MooringShapes

/// The members of an object that is Mooring's own, read one by one. What nobody asks for is a mistake.
struct OptionMap {
    /// What the object is called in sentences: `mooring`, `mooring.yaml`.
    private let owner: String
    let file: TreePath
    let members: [Value.Member]
    /// The options that have been asked for.
    private(set) var known: Set<String> = []
    /// Options that have been refused already.
    private var refused: Set<String> = []
    private(set) var findings: [Finding] = []

    /// Where the object is none, a finding says so and every option is absent.
    init(_ value: Value, owner: String, file: TreePath, rootPath: String) {
        self.owner = owner
        self.file = file
        self.rootPath = rootPath
        members = value.members ?? []
        if value.members == nil, !value.isNull {
            report(
                "wrong-container", "'\(owner)' takes an object of options, not \(value.quoted).",
                position: value.position)
        }
    }

    /// The path of the object in its document, empty for the document itself.
    private let rootPath: String

    /// The options that a reader asks for.
    static func asked(by read: (inout OptionMap) -> Void) -> Set<String> {
        // Nothing is found in an object without members, so the file is never named.
        guard let file = try? TreePath(SettingsReader.fileName) else { return [] }
        var map = OptionMap(.map([]), owner: "", file: file, rootPath: "")
        read(&map)
        return map.known
    }

    // MARK: Reading

    mutating func flag(_ name: String, expecting words: String = "true or false") -> Bool {
        guard let member = member(name) else { return false }
        switch member.value.text?.lowercased() {
        case "true", "yes", "on": return true
        case "false", "no", "off": return false
        default:
            report(
                name, "wrong-type", "'\(name)' is \(words), not \(member.value.quoted).",
                position: member.value.position)
            return false
        }
    }

    mutating func text(_ name: String) -> String? {
        guard let member = member(name) else { return nil }
        guard let text = member.value.text, !text.isEmpty, text.count <= Limits.optionTextLength else {
            report(
                name, "wrong-type",
                "'\(name)' is a text of 1 to \(Limits.optionTextLength) characters, not "
                    + (member.value.text.map { $0.isEmpty ? "an empty one." : "one of \($0.count)." }
                        ?? "\(member.value.quoted)."),
                position: member.value.position)
            return nil
        }
        return text
    }

    /// Texts of a list, or the single text that stands in its place.
    mutating func texts(_ name: String) -> [(text: String, position: SourcePosition?)] {
        guard let member = member(name) else { return [] }
        var texts: [(text: String, position: SourcePosition?)] = []
        for element in member.value.elements ?? [member.value] {
            if let text = element.text, !text.isEmpty {
                texts.append((text, element.position))
            } else {
                report(
                    name, "wrong-type", "'\(name)' is a list of texts, and this is \(element.quoted).",
                    position: element.position)
            }
        }
        return texts
    }

    /// A duration as `90s`, `20m` or `2h`.
    mutating func duration(_ name: String) -> Duration? {
        guard let member = member(name) else { return nil }
        let text = member.value.text ?? ""
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600]
        let most = Int64(Limits.timeoutHours) * 3600
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()), count > 0,
            count <= most / unit
        else {
            let isBare = Int64(text).map { $0 > 0 } ?? false
            report(
                name, "wrong-type",
                "'\(name)' is a whole number above 0 and a unit, as in '90s', '20m' or '2h', of at most "
                    + "\(Limits.timeoutHours)h, not \(member.value.quoted)."
                    + (isBare ? " The unit is missing: write '\(text.shortened)m' if minutes are meant." : ""),
                position: member.value.position)
            return nil
        }
        return .seconds(count * unit)
    }

    /// The members of an object.
    mutating func members(_ name: String) -> [Value.Member] {
        guard let member = member(name) else { return [] }
        if let members = member.value.members { return members }
        report(
            name, "wrong-container", "'\(name)' takes an object of names and values, not \(member.value.quoted).",
            position: member.value.position)
        return []
    }

    /// Counts an option as known that is read elsewhere.
    mutating func expect(_ name: String) { known.insert(name) }

    /// Says of options that belong elsewhere so. They are not offered to whoever misspells one.
    mutating func refuse(_ options: [(name: String, message: String)]) {
        for option in options {
            refused.insert(option.name)
            guard let member = members.first(where: { $0.name == option.name }), !member.value.isNull else { continue }
            report(option.name, "misplaced-option", option.message, position: member.position)
        }
    }

    /// Reports every member that was not asked for. Call it last.
    mutating func refuseUnknown() {
        for member in members where !known.contains(member.name) && !refused.contains(member.name) {
            let suggestion = Suggestion.nearest(to: member.name, among: known.sorted()).map { " Did you mean '\($0)'?" }
            report(
                member.name, "unknown-option",
                "'\(owner)' has no option '\(member.name.shortened)'; there \(known.count == 1 ? "is" : "are") "
                    + known.sorted().map { "'\($0)'" }.joined(separator: ", ") + ".\(suggestion ?? "")",
                position: member.position)
        }
    }

    // MARK: Parts

    /// The option called `name`, which counts as known from here on; nil where it is absent.
    mutating func member(_ name: String) -> Value.Member? {
        known.insert(name)
        guard let member = members.first(where: { $0.name == name }), !member.value.isNull else { return nil }
        return member
    }

    /// The path of an option from the document's root.
    func path(_ name: String) -> String { rootPath.isEmpty ? name : rootPath + "." + name }

    /// Adds what was found inside of an option.
    mutating func add(_ more: [Finding]) { findings += more }

    mutating func report(_ name: String, _ rule: String, _ message: String, position: SourcePosition?) {
        findings.append(
            Finding(
                severity: .error, rule: rule, message: message, file: file, position: position,
                memberPath: path(name)))
    }

    private mutating func report(_ rule: String, _ message: String, position: SourcePosition?) {
        findings.append(
            Finding(
                severity: .error, rule: rule, message: message, file: file, position: position, memberPath: rootPath))
    }
}

extension Value {
    /// The value as an error about an option quotes it. Options are no secrets, unlike the members of an input.
    var quoted: String {
        switch node {
        case .map: "an object"
        case .list: "a list"
        case .scalar: isNull ? "null" : text.map { $0.isEmpty ? "an empty text" : "'\($0.shortened)'" } ?? "null"
        }
    }
}
