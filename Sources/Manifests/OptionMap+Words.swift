import MooringModel
import MooringNames
import MooringShapes

/// Options that take one of a few words, or an object of options of their own.
extension OptionMap {
    /// One of the words that `Word` has.
    mutating func word<Word: RawRepresentable & CaseIterable>(_ name: String, as type: Word.Type) -> Word?
    where Word.RawValue == String {
        guard let member = member(name) else { return nil }
        let text = member.value.text ?? ""
        if let word = Word(rawValue: text) { return word }
        let words = Word.allCases.map(\.rawValue)
        let names = words.map { "'\($0)'" }.joined(separator: ", ")
        report(
            name, "not-in-enum", "'\(name)' is one of \(names), not \(member.value.quoted).\(text.didYouMean(words))",
            position: member.value.position)
        return nil
    }

    /// A whole number.
    mutating func number(_ name: String, in range: ClosedRange<Int>) -> Int? {
        guard let member = member(name) else { return nil }
        if let number = member.value.text.flatMap({ Int($0) }), range.contains(number) { return number }
        report(
            name, "wrong-type",
            "'\(name)' is a whole number from \(range.lowerBound) to \(range.upperBound), not \(member.value.quoted).",
            position: member.value.position)
        return nil
    }

    /// The options inside of an option. What is found there is added by `close`.
    mutating func inside(_ name: String) -> OptionMap? {
        guard let member = member(name) else { return nil }
        return OptionMap(member.value, owner: path(name), file: file, rootPath: path(name))
    }

    /// Takes in what was found inside of an option, unknown members included.
    mutating func close(_ inner: OptionMap) {
        var inner = inner
        inner.refuseUnknown()
        add(inner.findings)
    }

    /// The windows under `pause` and `freeze`, in the order they are written.
    mutating func holds(_ source: HoldWindow.Source) -> [HoldWindow] {
        expect("pause")
        expect("freeze")
        var holds: [HoldWindow] = []
        for member in members where !member.value.isNull {
            guard let kind = HoldWindow.Kind(rawValue: member.name) else { continue }
            let read = HoldReader.windows(
                member.value, kind: kind, source: source, file: file, path: path(member.name))
            holds += read.windows
            add(read.findings)
        }
        return holds
    }

    /// What is said under `drift`: one word for all, or one for the service's members and one for its revision.
    mutating func drift() -> WrittenDrift {
        guard let member = member("drift") else { return WrittenDrift() }
        guard member.value.members != nil, var inner = inside("drift") else {
            let word = word("drift", as: DriftPolicy.self)
            return WrittenDrift(members: word, revision: word)
        }
        let drift = WrittenDrift(
            members: inner.word("members", as: DriftPolicy.self),
            revision: inner.word("revision", as: DriftPolicy.self))
        close(inner)
        return drift
    }

    /// The commit or digest that `approve` names, in small letters.
    ///
    /// A bare number of at least twelve digits may be either; whoever compares tries both.
    mutating func approval() -> String? {
        guard let member = member("approve") else { return nil }
        let text = (member.value.text ?? "").lowercased()
        var digits = text[...]
        var least = Limits.commitDigits
        if text.first == "v", let colon = text.firstIndex(of: ":") {
            digits = text[text.index(after: colon)...]
            let version = text[..<colon].dropFirst()
            least = !version.isEmpty && version.allSatisfy(\.isNumber) ? Limits.digestDigits : .max
        }
        let count = digits.utf8.count
        if count >= least, count <= Limits.mostDigits, digits.allSatisfy({ $0.isASCII && $0.isHexDigit }) {
            return text
        }
        report(
            "approve", "bad-approval",
            "\(member.value.quoted.capitalizedFirst) is neither a commit (at least \(Limits.commitDigits) of its digits) nor "
                + "a digest ('v1:' and at least \(Limits.digestDigits) of its digits). The report of the waiting rollout names "
                + "both.", position: member.value.position)
        return nil
    }
}

/// What is written under `drift`, before what holds for the environment is put beneath it.
struct WrittenDrift: Hashable {
    var members: DriftPolicy?
    var revision: DriftPolicy?

    /// The whole, where `below` holds for what is not said; nil where nothing is said.
    func over(_ below: DriftOptions) -> DriftOptions? {
        guard members != nil || revision != nil else { return nil }
        return DriftOptions(members: members ?? below.members, revision: revision ?? below.revision)
    }
}
