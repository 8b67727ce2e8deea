import MooringModel
package import MooringShapes

/// The one rule of what must not be shown: names of secrets may be seen, their values never.
package enum Masking {
    /// What stands in the place of a hidden value.
    package static let mark = "(hidden)"

    /// Whether the value of something called `name` is likely to be a secret.
    package static func isSecretName(_ name: String) -> Bool { SecretSigns.isSecretName(name) }

    /// The text with everything in it hidden that looks like a key.
    package static func masked(_ text: String) -> String {
        // Most texts hold nothing of the kind, which one look at their bytes tells.
        let signs = Signs(of: text)
        if signs.contains(.hyphens), text.contains("PRIVATE KEY-----") { return mark }
        var result = text
        if signs.contains(.at) { result = maskingUserInformation(in: result) }
        if signs.contains(.equals) { result = maskingAssignments(in: result) }
        return signs.contains(.longWord) ? maskingKeys(in: result) : result
    }

    /// What a text must hold for a secret to be in it.
    private struct Signs: OptionSet {
        let rawValue: Int

        static let equals = Signs(rawValue: 1)
        static let at = Signs(rawValue: 2)
        /// Five in a row, as around a private key.
        static let hyphens = Signs(rawValue: 4)
        /// Long enough to be a key.
        static let longWord = Signs(rawValue: 8)

        init(rawValue: Int) { self.rawValue = rawValue }

        init(of text: String) {
            self = []
            var word = 0
            var hyphens = 0
            for byte in text.utf8 {
                word = SecretSigns.isKeyByte(byte) ? word + 1 : 0
                hyphens = byte == UInt8(ascii: "-") ? hyphens + 1 : 0
                if word == SecretSigns.shortestKey { insert(.longWord) }
                if hyphens == 5 { insert(.hyphens) }
                if byte == UInt8(ascii: "=") { insert(.equals) }
                if byte == UInt8(ascii: "@") { insert(.at) }
            }
        }
    }

    /// The value with everything in it hidden that must not be seen.
    ///
    /// - Parameter name: what the value belongs to, as far as it is known: the name of an environment variable, the last
    ///   part of a member path.
    package static func masked(_ value: Value, name: String?) -> Value {
        switch value.node {
        case .scalar(let scalar):
            guard scalar.style != .null else { return value }
            let isReference = scalar.text.hasPrefix("arn:") || scalar.text.isEmpty
            if let name, isSecretName(name), !isReference { return .string(mark) }
            let text = masked(scalar.text)
            return text == scalar.text ? value : .string(text)
        case .list(let elements):
            let secret = argumentsOfSecretOptions(in: elements)
            return .list(
                elements.enumerated().map { index, element in
                    secret.contains(index) ? .string(mark) : masked(element, name: name)
                })
        case .map(let members):
            // `{"name": "DB_PASSWORD", "value": "…"}`: the value is called what its sibling says.
            let sibling = value["name"]?.text ?? value["key"]?.text
            return .map(
                members.map { member in
                    let isNaming = member.name == "name" || member.name == "key" || member.name == "valueFrom"
                    let own = member.name == "value" ? sibling : isNaming ? nil : member.name
                    // A map called `secrets` holds references; what is inside is judged by itself.
                    return (member.name, masked(member.value, name: member.value.scalar == nil ? nil : own))
                })
        }
    }

    /// What the value at a member path is called: `DB_PASSWORD` of `containerDefinitions[web].environment[DB_PASSWORD].value`.
    ///
    /// Nil for what ECS's `secrets` hold: those are references, which a reader of the plan needs to see.
    static func name(ofPath path: String) -> String? {
        if path.contains(".secrets[") || path.contains(".secretOptions[") || path.hasPrefix("secrets[") { return nil }
        var path = path[...]
        if path.hasSuffix(".value") { path = path.dropLast(6) }
        if path.hasSuffix(".valueFrom") || path.hasSuffix(".name") { return nil }
        if path.hasSuffix("]"), let open = path.lastIndex(of: "[") {
            return String(path[path.index(after: open)...].dropLast())
        }
        return path.split(separator: ".").last.map(String.init)
    }

    /// Where a command line has the value of an option such as `--db-password` in the word behind it.
    static func argumentsOfSecretOptions(in words: [Value]) -> Set<Int> {
        var indices: Set<Int> = []
        for (index, word) in words.enumerated().dropLast() {
            guard let text = word.text, text.hasPrefix("-"), !text.contains("="), isSecretName(text),
                let value = words[index + 1].text, !isReference(value), !value.hasPrefix("-")
            else { continue }
            indices.insert(index + 1)
        }
        return indices
    }

    /// What stands for a secret without being one: an ARN, a variable of the shell, nothing.
    private static func isReference(_ text: some StringProtocol) -> Bool {
        text.isEmpty || text.hasPrefix("arn:") || text.hasPrefix("$") || text.hasPrefix(mark)
    }

    // MARK: Texts that are secrets whatever they are called

    /// `--db-password=…` and `TOKEN=…` keep the name only.
    private static func maskingAssignments(in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let equals = rest.firstIndex(of: "=") {
            let head = rest[...equals]
            result += head
            rest = rest[rest.index(after: equals)...]
            let name = head.dropLast().reversed().prefix { $0.isLetter || $0.isNumber || "_-.".contains($0) }
            guard isSecretName(String(name.reversed())) else { continue }
            let quote = rest.first.flatMap { "\"'".contains($0) ? $0 : nil }
            if quote != nil { result.append(rest.removeFirst()) }
            let value = rest.prefix { quote == nil ? !($0.isWhitespace || "&;,\"'".contains($0)) : $0 != quote }
            guard !isReference(value) else { continue }
            result += mark
            rest = rest[value.endIndex...]
        }
        return result + rest
    }

    /// `https://user:password@host` keeps its host only.
    private static func maskingUserInformation(in text: String) -> String {
        var result = ""
        var rest = text[...]
        while let separator = rest.firstRange(of: "://") {
            result += rest[..<separator.upperBound]
            rest = rest[separator.upperBound...]
            let authority = rest.prefix { !$0.isWhitespace && !"/?#\"'<>".contains($0) }
            if let at = authority.lastIndex(of: "@") {
                result += mark + "@"
                rest = rest[rest.index(after: at)...]
            }
        }
        return result + rest
    }

    private static func maskingKeys(in text: String) -> String {
        var result: [UInt8] = []
        var word: [UInt8] = []
        var isChanged = false
        func flush() {
            guard !word.isEmpty else { return }
            let isSecret = SecretSigns.isKey(word)
            isChanged = isChanged || isSecret
            result += isSecret ? Array(mark.utf8) : word
            word.removeAll(keepingCapacity: true)
        }
        // A key is ASCII, so that the bytes around it are whole characters.
        for byte in text.utf8 {
            if SecretSigns.isKeyByte(byte) {
                word.append(byte)
            } else {
                flush()
                result.append(byte)
            }
        }
        flush()
        return isChanged ? String(decoding: result, as: UTF8.self) : text
    }
}

extension String {
    /// The text with everything in it hidden that looks like a key.
    var masked: String { Masking.masked(self) }
}
