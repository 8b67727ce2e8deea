import MooringShapes

/// One walk over a tree that puts values in the place of variables.
///
/// `command`, `entryPoint`, `environment` values and the like are read by a shell, a log driver or a proxy that knows
/// `${…}` itself: there only declared names mean anything, and every other text stays as it is.
struct VariableReplacement {
    private let variables: VariableTable
    private(set) var findings: [ShapeFinding] = []
    /// Which variables a value was made of, by the value's place.
    private(set) var origins: [SourcePosition: [String]] = [:]
    /// Places whose text is not what it will be, so that nothing can be said about it.
    private(set) var silenced: Set<SourcePosition> = []
    /// Why values are missing that will come by themselves. Sorted.
    var waits: [String] { Set(allWaits).sorted() }
    private var allWaits: [String] = []
    private var path: [Component] = []
    private var addedBytes = 0
    /// The names that are declared, in order.
    private let known: [String]
    /// For how many names a similar one has been looked for.
    private var suggestions = 0
    private var isOverflowing = false

    private enum Component {
        case member(String)
        case index(Int)
    }

    init(_ variables: VariableTable) {
        self.variables = variables
        known = variables.declared.keys.sorted()
    }

    /// Members whose text, and all text below them, somebody else reads.
    ///
    /// Shells read the commands, applications and their start scripts the environment, log drivers and Fluent Bit the options;
    /// Traefik, Datadog and others read labels, volume drivers theirs.
    private static let foreign: Set<String> = [
        "command", "entryPoint", "options", "dockerLabels", "driverOpts", "labels",
    ]

    /// - Parameter root: what the tree is called in the paths of findings; empty for the document itself.
    mutating func replace(in value: Value, root: String = "") -> Value {
        path = root.isEmpty ? [] : [.member(root)]
        return replace(value, parent: root, isForeign: false)
    }

    // MARK: Walking

    private mutating func replace(_ value: Value, parent: String, isForeign: Bool) -> Value {
        switch value.node {
        case .scalar(let scalar):
            guard scalar.style != .null, VariableText.mayHoldVariables(scalar.text.utf8) else { return value }
            return Value(
                .scalar(replace(scalar, position: value.position, isForeign: isForeign)), position: value.position)
        case .list(let elements):
            var replaced: [Value] = []
            replaced.reserveCapacity(elements.count)
            for (index, element) in elements.enumerated() {
                path.append(.index(index))
                replaced.append(replace(element, parent: parent, isForeign: isForeign))
                path.removeLast()
            }
            return Value(.list(replaced), position: value.position)
        case .map(let members):
            var replaced = members
            for index in members.indices {
                let name = members[index].name
                let isForeign =
                    isForeign || VariableReplacement.foreign.contains(name)
                    || (name == "value" && parent == "environment")
                path.append(.member(name))
                replaced[index].value = replace(members[index].value, parent: name, isForeign: isForeign)
                path.removeLast()
            }
            return Value(.map(replaced), position: value.position)
        }
    }

    private mutating func replace(_ scalar: Scalar, position: SourcePosition?, isForeign: Bool) -> Scalar {
        if isOverflowing { return scalar }
        let segments = VariableText.segments(of: scalar.text)
        var text = ""
        var only: Scalar?
        var names: [String] = []
        var seen: Set<String> = []
        for segment in segments {
            // Before the text is put together: a name of five bytes may stand for thousands.
            if addedBytes + text.utf8.count - scalar.text.utf8.count > Limits.replacedBytes {
                reportOverflow(position)
                return scalar
            }
            switch segment {
            case .literal(let literal): text += literal
            case .escaped(let inner):
                let isOurs = !isForeign || variables.declared[inner] != nil
                text += isOurs ? "${\(inner)}" : "$${\(inner)}"
            case .malformed(let inner):
                text += "${"
                if !isForeign { reportMalformed(inner, position: position) }
            case .variable(let name):
                guard let value = value(of: name, position: position, isForeign: isForeign) else {
                    text += "${\(name)}"
                    continue
                }
                text += value.text
                only = segments.count == 1 ? value : nil
                if seen.insert(name).inserted { names.append(name) }
            }
        }
        if !names.isEmpty, let position { origins[position] = names }
        addedBytes += max(0, text.utf8.count - scalar.text.utf8.count)
        if addedBytes > Limits.replacedBytes {
            reportOverflow(position)
            return scalar
        }
        // A scalar that is nothing but a variable takes its type from the variable and the API member.
        if let only { return Scalar(text: text, style: only.style == .string ? .string : .plain) }
        return Scalar(text: text, style: scalar.style)
    }

    private mutating func reportOverflow(_ position: SourcePosition?) {
        isOverflowing = true
        if let position { silenced.insert(position) }
        report(
            "variables-too-long", position,
            "Variables make the document grow by more than \(Limits.replacedBytes) bytes. Use fewer, or shorter ones.")
    }

    // MARK: Values

    /// The value of a variable; nil where its place keeps the variable's name.
    private mutating func value(of name: String, position: SourcePosition?, isForeign: Bool) -> Scalar? {
        switch variables.meaning(of: name) {
        case .value(let scalar): return scalar
        case .undeclared:
            reportUndeclared(name, position: position, isForeign: isForeign)
            return nil
        case .opaque: break
        case .waiting(let why): allWaits.append(why)
        case .refused(let why):
            // Where nobody knows which names are declared, text that others read is not suspected.
            if isForeign, !variables.isKnown { return nil }
            report("unreadable-variable", position, "'${\(name)}' has no value. \(why)")
        }
        if let position { silenced.insert(position) }
        return nil
    }

    private mutating func reportUndeclared(_ name: String, position: SourcePosition?, isForeign: Bool) {
        // A suggestion costs more than everything else here; beyond the bound nobody would see it.
        guard findings.count < Limits.variableFindings else { return }
        suggestions += 1
        let nearest = suggestions > Limits.variableSuggestions ? nil : Suggestion.nearest(to: name, among: known)
        let suggestion = nearest.map { " Did you mean '${\($0)}'?" }
        if isForeign {
            guard let suggestion else { return }
            findings.append(
                ShapeFinding(
                    severity: .remark, rule: "undeclared-variable",
                    message:
                        "\(SettingsReader.fileName) declares no variable '\(name)', so the text stays as it is, for "
                        + "whatever reads it.\(suggestion)",
                    position: position, memberPath: pathText))
            return
        }
        report(
            "undeclared-variable", position,
            "\(SettingsReader.fileName) declares no variable '\(name)'.\(suggestion ?? "") Declare it under 'variables', or "
                + "write '$${\(name)}' if the text itself is meant.")
        if let position { silenced.insert(position) }
    }

    private mutating func reportMalformed(_ inner: String, position: SourcePosition?) {
        guard findings.count < Limits.variableFindings else { return }
        report(
            "undeclared-variable", position,
            "'${\(inner.shortened)}' is no variable: their names are made of letters, digits, '_' and '-'. Write "
                + "'$${…}' if the text itself is meant.")
        if let position { silenced.insert(position) }
    }

    private mutating func report(_ rule: String, _ position: SourcePosition?, _ message: String) {
        guard findings.count < Limits.variableFindings else { return }
        findings.append(
            ShapeFinding(severity: .error, rule: rule, message: message, position: position, memberPath: pathText))
    }

    private var pathText: String {
        path.reduce(into: "") { text, component in
            switch component {
            case .member(let name): text += (text.isEmpty ? "" : ".") + name
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}

extension VariableReplacement {
    /// Rules about variables themselves: said even where nothing else can be said about a value.
    static let rules: Set<String> = ["undeclared-variable", "unreadable-variable", "variables-too-long"]

    /// The names of all variables in a tree, declared or not.
    static func names(in value: Value) -> Set<String> {
        switch value.node {
        case .scalar(let scalar):
            guard VariableText.mayHoldVariables(scalar.text.utf8) else { return [] }
            return Set(
                VariableText.segments(of: scalar.text).compactMap { segment in
                    if case .variable(let name) = segment { return name }
                    return nil
                })
        case .list(let elements): return elements.reduce(into: []) { $0.formUnion(names(in: $1)) }
        case .map(let members): return members.reduce(into: []) { $0.formUnion(names(in: $1.value)) }
        }
    }
}
