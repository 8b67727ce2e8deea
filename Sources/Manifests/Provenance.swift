import MooringModel
import MooringNames
import MooringShapes

/// Where the parts of a manifest come from: its own file, the bases under it, and variables.
struct Provenance {
    /// The manifest's own file, then its bases, nearest first: what the positions in its tree count.
    var sources: [TreePath]
    /// Which variables a value was made of, by the value's place.
    var origins: [SourcePosition: [String]] = [:]
    /// Places whose text is not what it will be, so that nothing can be said about it.
    var silenced: Set<SourcePosition> = []
    /// Why values are missing that will come by themselves.
    var waits: [String] = []

    init(file: TreePath) { sources = [file] }

    /// Whether nothing is to be said about the place of a finding, because what stands there is not known.
    func silences(_ finding: Finding) -> Bool {
        guard !silenced.isEmpty, let position = finding.position else { return false }
        return silenced.contains(position) && !VariableReplacement.rules.contains(finding.rule)
    }

    /// Whether the text at the place of a value is not what it will be.
    func isOpen(_ value: Value?) -> Bool { value?.position.map { silenced.contains($0) } ?? false }

    /// The finding as people read it: in the file where the value is written, with the variable that it comes from.
    func located(_ finding: Finding) -> Finding {
        guard let position = finding.position else { return finding }
        var file = finding.file
        if sources.indices.contains(position.source), position.source > 0 { file = sources[position.source] }
        var message = finding.message
        if let names = origins[position], !VariableReplacement.rules.contains(finding.rule) {
            message += " (The value comes from "
            message += names.map { "'${\($0)}'" }.joined(separator: " and ") + ".)"
        }
        return Finding(
            severity: finding.severity, rule: finding.rule, message: message, file: file,
            position: position.inSource(0), memberPath: finding.memberPath)
    }
}

extension Value {
    /// The same tree, every place of it in the document that a number stands for.
    func inSource(_ source: Int) -> Value {
        let position = position?.inSource(source)
        switch node {
        case .scalar: return Value(node, position: position)
        case .list(let elements): return Value(.list(elements.map { $0.inSource(source) }), position: position)
        case .map(let members):
            return Value(
                .map(
                    members.map { member in
                        Member(
                            member.name, member.value.inSource(source), position: member.position?.inSource(source))
                    }),
                position: position)
        }
    }
}
