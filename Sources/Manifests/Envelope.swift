import MooringModel
import MooringNames
import MooringShapes

/// An API input taken out of whatever surrounds it.
struct Unwrapped {
    /// The input, with everything that is not Mooring's.
    var input: Value
    /// What stands under `mooring`.
    var options: Value.Member?
    var findings: [ShapeFinding] = []
}

/// Takes off what an API answer, or another tool, puts around an input.
enum Envelope {
    /// The inputs that a document holds: one, except in the answer of DescribeServices.
    static func unwrap(_ root: Value) -> [Unwrapped] {
        guard var members = root.members else { return [Unwrapped(input: root)] }
        let options = members.firstIndex { $0.name == "mooring" }.map { members.remove(at: $0) }
        let bare = Value(.map(members), position: root.position)
        let whole = Unwrapped(input: bare, options: options)
        guard whole.kind == nil else { return [whole] }
        for member in members {
            switch (member.name, member.value.node) {
            case ("taskDefinition", .map), ("service", .map):
                var inner = open(member, value: member.value, siblings: members, options: options)
                takeTags(from: bare, into: &inner)
                return [inner]
            case ("services", .list(let elements)) where elements.contains { $0["serviceName"] != nil }:
                return elements.map { open(member, value: $0, siblings: members, options: options) }
            // What recorders of API calls (botocore's placebo) put around an answer.
            case ("data", .map(let inner)) where inner.contains { isEnvelope($0.name) }:
                return unwrap(Value(.map(inner), position: member.value.position)).map { unwrapped in
                    var unwrapped = unwrapped
                    unwrapped.options = unwrapped.options ?? options
                    unwrapped.findings.insert(remark(member), at: 0)
                    return unwrapped
                }
            default: continue
            }
        }
        return [whole]
    }

    private static func isEnvelope(_ name: String) -> Bool { ["taskDefinition", "service", "services"].contains(name) }

    private static func open(
        _ member: Value.Member, value: Value, siblings: [Value.Member], options: Value.Member?,
    ) -> Unwrapped {
        var unwrapped = Unwrapped(input: value, options: options, findings: [remark(member)])
        if let own = value.members?.first(where: { $0.name == "mooring" }) {
            unwrapped.options = own
            unwrapped.input["mooring"] = nil
        }
        let harmless: Set = [member.name, "tags", "failures", "ResponseMetadata"]
        for sibling in siblings where !harmless.contains(sibling.name) {
            if OptionPlaces.isOption(sibling.name) {
                unwrapped.findings.append(
                    ShapeFinding(
                        severity: .error, rule: "misplaced-option",
                        message: OptionPlaces.besideMembers(sibling.name, of: unwrapped.kind),
                        position: sibling.position, memberPath: sibling.name))
                continue
            }
            unwrapped.findings.append(
                ShapeFinding(
                    severity: .warning, rule: "dropped-member",
                    message:
                        "'\(sibling.name.shortened)' stands beside '\(member.name)', outside the API's input, and is "
                        + "dropped. Move it into '\(member.name)' if it belongs there.",
                    position: sibling.position, memberPath: sibling.name))
        }
        return unwrapped
    }

    private static func remark(_ member: Value.Member) -> ShapeFinding {
        ShapeFinding(
            severity: .remark, rule: "envelope",
            message: "The input stands in an envelope '\(member.name)', as the API's answers have it; it is taken out.",
            position: member.position, memberPath: "")
    }

    /// DescribeTaskDefinition returns the tags beside the task definition.
    private static func takeTags(from root: Value, into unwrapped: inout Unwrapped) {
        guard unwrapped.input["tags"] == nil, let tags = root["tags"], tags.elements?.isEmpty == false else { return }
        unwrapped.input["tags"] = tags
    }
}

extension Unwrapped {
    /// Takes off what only Describe returns and what belongs to a single call.
    mutating func strip(for kind: DocumentKind) {
        guard let members = input.members else { return }
        let describeOnly = kind.describeOnly
        let described = members.filter { describeOnly.contains($0.name) }
        if let first = described.first {
            let names = described.map { "'\($0.name)'" }.joined(separator: ", ")
            findings.append(
                ShapeFinding(
                    severity: .remark, rule: "describe-only",
                    message: "\(names) only stand\(described.count == 1 ? "s" : "") in what Describe returns and "
                        + "\(described.count == 1 ? "is" : "are") left out.",
                    position: first.position, memberPath: first.name))
        }
        for member in members {
            guard let why = kind.callOnly[member.name] else { continue }
            findings.append(
                ShapeFinding(
                    severity: .warning, rule: "call-only",
                    message:
                        "'\(member.name)' belongs to a single call, not to what a service is, and is left out. \(why)",
                    position: member.position, memberPath: member.name))
        }
        let left = members.filter { !describeOnly.contains($0.name) && kind.callOnly[$0.name] == nil }
        input.node = .map(left)
        stripReservedTags()
    }

    /// Tags that AWS or Mooring sets itself: AWS refuses the first, the second would be overwritten.
    private mutating func stripReservedTags() {
        guard let tags = input["tags"], let elements = tags.elements else { return }
        var left: [Value] = []
        var told = 0
        for element in elements {
            guard let key = element["key"]?.text, key.hasPrefix("aws:") || key.hasPrefix(OwnTag.prefix) else {
                left.append(element)
                continue
            }
            told += 1
            guard told <= Limits.findingsPerRule else { continue }
            findings.append(
                ShapeFinding(
                    severity: .remark, rule: "reserved-tag",
                    message:
                        "The tag '\(key.shortened)' is set by \(key.hasPrefix("aws:") ? "AWS" : "Mooring") and is left "
                        + "out.",
                    position: element.position, memberPath: "tags"))
        }
        if left.count < elements.count { input["tags"] = Value(.list(left), position: tags.position) }
    }
}
