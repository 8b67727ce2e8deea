package import MooringShapes

/// Why a document is no scenario, and where.
package struct ScenarioError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong, what would be right.
    package let message: String
    /// Line and column, where the document has any.
    package let position: SourcePosition?

    init(_ message: String, at position: SourcePosition? = nil) {
        self.message = message
        self.position = position
    }

    /// `3:5: There is no …`, so that a file's name may stand before it.
    package var description: String { position.map { "\($0): \(message)" } ?? message }
}

/// A map of a scenario, read member by member: a name that is not allowed is an error that says which are.
struct ScenarioMap {
    /// What the map is, as a sentence needs it: `an image`.
    let place: String
    private let value: Value
    private let start: Int64

    /// - Parameter start: the virtual time that the scenario's times count from.
    init(_ value: Value, _ place: String, start: Int64, allowed: [String]) throws(ScenarioError) {
        guard let members = value.members else {
            throw ScenarioError(
                "\(ScenarioMap.capitalized(place)) must be a map of \(ScenarioMap.list(allowed)).", at: value.position)
        }
        for member in members where !allowed.contains(member.name) {
            let nearest = Suggestion.nearest(to: member.name, among: allowed)
            let hint = nearest.map { " Did you mean '\($0)'?" } ?? ""
            throw ScenarioError(
                "There is no '\(member.name.prefix(60))' in \(place).\(hint) Allowed are \(ScenarioMap.list(allowed)).",
                at: member.position ?? member.value.position ?? value.position)
        }
        self.place = place
        self.value = value
        self.start = start
    }

    static func list(_ names: [String]) -> String {
        guard let last = names.last, names.count > 1 else { return names.first ?? "" }
        return names.dropLast().joined(separator: ", ") + " and " + last
    }

    static func capitalized(_ text: String) -> String { text.prefix(1).uppercased() + text.dropFirst() }

    // MARK: Members

    subscript(name: String) -> Value? { value[name].flatMap { $0.isNull ? nil : $0 } }

    /// The one member of `verbs` that the map has.
    func verb(of verbs: [String]) throws(ScenarioError) -> String {
        let found = verbs.filter { self[$0] != nil }
        guard let verb = found.first, found.count == 1 else {
            let present = found.isEmpty ? "" : " It has \(ScenarioMap.list(found))."
            throw error("needs one of \(ScenarioMap.list(verbs)).\(present)")
        }
        return verb
    }

    /// Refuses members that say nothing where `subject` is said: `{scale: web, to: 3, count: 5}`.
    ///
    /// - Parameters:
    ///   - subject: what they would stand beside, as the sentence needs it: `'scale'`.
    ///   - allowed: all that may stand there, what every such map may hold included.
    func refuseOthers(beside subject: String, than allowed: [String]) throws(ScenarioError) {
        let present = (value.members ?? []).filter { !$0.value.isNull }
        guard let foreign = present.first(where: { !allowed.contains($0.name) }) else { return }
        let others = allowed.filter { "'\($0)'" != subject }
        let rest = others.isEmpty ? "Nothing may stand beside it." : "Beside it may stand \(ScenarioMap.list(others))."
        throw ScenarioError(
            "'\(foreign.name)' in \(place) says nothing beside \(subject). \(rest)",
            at: foreign.position ?? foreign.value.position ?? value.position)
    }

    /// Refuses two members that say the same thing.
    func refuseBoth(_ one: String, _ other: String) throws(ScenarioError) {
        guard self[one] != nil, self[other] != nil else { return }
        throw error(other, "contradicts '\(one)': only one of them may stand here.")
    }

    /// An error about the map as a whole.
    func error(_ text: String) -> ScenarioError {
        ScenarioError("\(ScenarioMap.capitalized(place)) \(text)", at: value.position)
    }

    func error(_ name: String, _ text: String) -> ScenarioError {
        ScenarioError("'\(name)' in \(place) \(text)", at: self[name]?.position ?? value.position)
    }

    func text(_ name: String) throws(ScenarioError) -> String? {
        guard let member = self[name] else { return nil }
        guard let text = member.text else { throw error(name, "must be a text.") }
        return text
    }

    func required(_ name: String) throws(ScenarioError) -> String {
        guard let text = try text(name), !text.isEmpty else { throw error("needs the member '\(name)'.") }
        return text
    }

    func flag(_ name: String) throws(ScenarioError) -> Bool? {
        guard let member = self[name] else { return nil }
        guard let flag = member.boolean else { throw error(name, "must be true or false.") }
        return flag
    }

    /// A whole number that is not negative, or at least `least`. The upper bound, some thirty years of milliseconds, keeps
    /// sums within bounds.
    func count(_ name: String, least: Int = 0) throws(ScenarioError) -> Int? {
        guard let member = self[name] else { return nil }
        guard let number = member.integer, (least...1_000_000_000_000).contains(number) else {
            let bound = least == 0 ? "that is not negative" : "of at least \(least)"
            throw error(name, "must be a whole number \(bound).")
        }
        return number
    }

    func number(_ name: String) throws(ScenarioError) -> Double? {
        guard let member = self[name] else { return nil }
        // The bound keeps every product with a count of tasks within bounds.
        guard let number = member.double, number >= 0, number <= 1e12 else {
            throw error(name, "must be a number that is not negative.")
        }
        return number
    }

    func elements(_ name: String) throws(ScenarioError) -> [Value] {
        guard let member = self[name] else { return [] }
        guard let elements = member.elements else { throw error(name, "must be a list.") }
        return elements
    }

    func texts(_ name: String) throws(ScenarioError) -> [String] {
        var texts: [String] = []
        for element in try elements(name) {
            guard let text = element.text else {
                throw ScenarioError("'\(name)' in \(place) must be a list of texts.", at: element.position)
            }
            texts.append(text)
        }
        return texts
    }

    /// One of the allowed texts.
    func choice(_ name: String, _ allowed: [String]) throws(ScenarioError) -> String? {
        guard let text = try text(name) else { return nil }
        guard allowed.contains(text) else {
            let nearest = Suggestion.nearest(to: text, among: allowed)
            let hint = nearest.map { " Did you mean '\($0)'?" } ?? ""
            throw error(
                name, "cannot be '\(text.prefix(60))'.\(hint) It is one of \(ScenarioMap.list(allowed)).")
        }
        return text
    }

    // MARK: Times

    /// A stretch of time in milliseconds: `90s`, `2m`, `1h30m`, `250ms`; a number counts seconds.
    func duration(_ name: String) throws(ScenarioError) -> Int64? {
        guard let member = self[name] else { return nil }
        guard let text = member.text, let milliseconds = ScenarioDuration.milliseconds(text) else {
            throw error(name, "must be a time such as 90s, 2m, 1h30m or 250ms; a number counts seconds.")
        }
        return milliseconds
    }

    /// A time of the world. Without a member it is nil.
    func time(_ name: String) throws(ScenarioError) -> Int64? { try duration(name).map { start + $0 } }

    /// When something begins and ends: `from` and `until`, or `fromSeconds` and `untilSeconds` as numbers, or `for` as a
    /// length behind the beginning.
    func window(from first: String = "from") throws(ScenarioError) -> (from: Int64?, until: Int64?) {
        try refuseBoth(first, "fromSeconds")
        try refuseBoth("until", "untilSeconds")
        try refuseBoth("until", "for")
        try refuseBoth("untilSeconds", "for")
        var from = try time(first)
        if let seconds = try count("fromSeconds") { from = start + min(Int64(seconds), 1_000_000_000) * 1000 }
        var until = try time("until")
        if let seconds = try count("untilSeconds") { until = start + min(Int64(seconds), 1_000_000_000) * 1000 }
        if let length = try duration("for") { until = (from ?? start) + length }
        if let until, until <= (from ?? start) { throw error("ends before it begins.") }
        return (from, until)
    }

    /// The members that `window` reads, for lists of allowed ones.
    static let window = ["from", "until", "for", "fromSeconds", "untilSeconds"]
}

/// Times as people write them.
enum ScenarioDuration {
    /// nil where the text is none, or longer than thirty years.
    static func milliseconds(_ text: String) -> Int64? {
        let most: Int64 = 1_000_000_000_000
        if let seconds = Double(text) {
            return seconds >= 0 && seconds <= 1e9 ? Int64((seconds * 1000).rounded()) : nil
        }
        var total: Int64 = 0
        var rest = text[...]
        while !rest.isEmpty {
            let digits = rest.prefix { ("0"..."9").contains($0) }
            guard let number = Int64(digits), number <= most else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { ("a"..."z").contains($0) }
            rest = rest.dropFirst(unit.count)
            let factor: Int64
            switch unit {
            case "ms": factor = 1
            case "s": factor = 1000
            case "m": factor = 60_000
            case "h": factor = 3_600_000
            case "d": factor = 86_400_000
            default: return nil
            }
            let (product, overflows) = number.multipliedReportingOverflow(by: factor)
            guard !overflows, product <= most - total else { return nil }
            total += product
        }
        return text.isEmpty ? nil : total
    }
}
