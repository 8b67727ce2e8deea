package import MooringShapes

/// Writes a tree as YAML in block style, one member a line: what people read in `git log --notes` and in manifests.
///
/// Reading it again gives an equal tree, whether the reader knows YAML 1.1 or 1.2.
package struct YAMLWriter {
    /// How texts of several lines are written.
    package enum Layout: Sendable {
        /// On one line, with escapes: every member is a line that can be searched for.
        case lines
        /// As blocks of their lines, where that means the same.
        case people
    }

    /// The YAML text of `value`, with a line break at its end.
    package static func text(of value: Value, layout: Layout = .lines) -> String {
        var writer = YAMLWriter(layout: layout)
        switch value.node {
        case .map(let members) where !members.isEmpty: writer.write(members, indent: 0)
        case .list(let elements) where !elements.isEmpty: writer.write(elements, indent: 0)
        default: writer.output += inline(value) + "\n"
        }
        return writer.output
    }

    private let layout: Layout
    private var output = ""

    private init(layout: Layout) { self.layout = layout }

    private mutating func write(_ members: [Value.Member], indent: Int) {
        for (index, member) in members.enumerated() {
            // The first member of a list's element stands behind its hyphen.
            if index > 0 || !output.hasSuffix("- ") { output += String(repeating: " ", count: indent) }
            output += YAMLWriter.scalar(Scalar(text: member.name, style: .string)) + ":"
            switch member.value.node {
            case .map(let members) where !members.isEmpty:
                output += "\n"
                write(members, indent: indent + 2)
            case .list(let elements) where !elements.isEmpty:
                output += "\n"
                write(elements, indent: indent + 2)
            default:
                output += " "
                writeInline(member.value, indent: indent + 2)
            }
        }
    }

    private mutating func write(_ elements: [Value], indent: Int) {
        for element in elements {
            if !output.hasSuffix("- ") { output += String(repeating: " ", count: indent) }
            output += "- "
            switch element.node {
            case .map(let members) where !members.isEmpty: write(members, indent: indent + 2)
            case .list(let elements) where !elements.isEmpty: write(elements, indent: indent + 2)
            default: writeInline(element, indent: indent + 2)
            }
        }
    }

    private mutating func writeInline(_ value: Value, indent: Int) {
        if layout == .people, let scalar = value.scalar, scalar.style == .string,
            let block = YAMLWriter.block(scalar.text, indent: indent)
        {
            output += block
        } else {
            output += YAMLWriter.inline(value) + "\n"
        }
    }

    /// The text as a block of its lines; nil where it has but one, or where a block would not say the same.
    private static func block(_ text: String, indent: Int) -> String? {
        guard text.unicodeScalars.contains("\n"), !text.unicodeScalars.contains("\r") else { return nil }
        var lines = text.unicodeScalars.split(separator: "\n", omittingEmptySubsequences: false).map { String($0) }
        let endsWithBreak = lines.last?.isEmpty == true
        if endsWithBreak { lines.removeLast() }
        // Breaks at the end beyond the first are kept by another mark; a first line that is empty or indented needs one too.
        guard let first = lines.first, let last = lines.last, !first.isEmpty, !last.isEmpty else { return nil }
        let isSafe = lines.allSatisfy { line in
            line.unicodeScalars.allSatisfy(isPrintable) && line.unicodeScalars.last != " "
        }
        guard isSafe, first.unicodeScalars.first != " " else { return nil }
        let margin = String(repeating: " ", count: indent)
        return (endsWithBreak ? "|\n" : "|-\n") + lines.map { $0.isEmpty ? "\n" : margin + $0 + "\n" }.joined()
    }

    private static func inline(_ value: Value) -> String {
        switch value.node {
        case .map: "{}"
        case .list: "[]"
        case .scalar(let leaf): scalar(leaf)
        }
    }

    private static func scalar(_ scalar: Scalar) -> String {
        let text = scalar.text
        switch scalar.style {
        case .null: return "null"
        case .number, .boolean: return text
        case .plain where text.isEmpty || text == "~": return "null"
        case .plain: return isPlainSafe(text) ? text : quoted(text)
        case .string: return isPlainSafe(text) && !hasOtherMeaning(text) ? text : quoted(text)
        }
    }

    /// Whether the text means itself when it is written without quotes. Narrower than YAML allows.
    private static func isPlainSafe(_ text: String) -> Bool {
        guard let first = text.unicodeScalars.first, !text.hasSuffix(" "), !text.hasSuffix(":") else { return false }
        let mayBegin =
            first.properties.isAlphabetic || ("0"..."9").contains(first) || "_/.+(".unicodeScalars.contains(first)
            || (first == "-" && text.unicodeScalars.count > 1 && !text.hasPrefix("- ") && !text.hasPrefix("--"))
        return mayBegin && text.unicodeScalars.allSatisfy(isPrintable) && !text.contains(": ") && !text.contains(" #")
            && !text.hasPrefix("...")
    }

    private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
        (0x20..<0x7F).contains(scalar.value)
            || (scalar.value >= 0xA0 && scalar.value != 0x2028 && scalar.value != 0x2029 && scalar.value != 0xFEFF
                && scalar.properties.generalCategory != .unassigned
                && scalar.properties.generalCategory != .surrogate && scalar.properties.generalCategory != .format)
    }

    /// Whether a reader of YAML 1.1 or 1.2 would take the text for something else than a string.
    private static func hasOtherMeaning(_ text: String) -> Bool {
        let words: Set<String> = ["", "~", "null", "true", "false", "yes", "no", "on", "off", "y", "n", "=", "<<"]
        if words.contains(text.lowercased()) { return true }
        guard let first = text.first, first.isNumber || "+-.".contains(first) else { return false }
        // Numbers of every spelling, `1:30` (sixty times one, and thirty), dates and times.
        return text.allSatisfy { $0.isHexDigit || "xXoO_:+-.TtZz ".contains($0) } || text.lowercased().contains(".inf")
            || text.lowercased().contains(".nan")
    }

    private static func quoted(_ text: String) -> String {
        var output = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where (0x20..<0x7F).contains(scalar.value): output.unicodeScalars.append(scalar)
            case _ where scalar.value < 0xA0: output += "\\x" + hexadecimal(scalar, digits: 2)
            default:
                let category = scalar.properties.generalCategory
                let isPlain =
                    category != .format && category != .unassigned && category != .lineSeparator
                    && category != .paragraphSeparator && category != .privateUse
                if isPlain {
                    output.unicodeScalars.append(scalar)
                } else if scalar.value > 0xFFFF {
                    output += "\\U" + hexadecimal(scalar, digits: 8)
                } else {
                    output += "\\u" + hexadecimal(scalar, digits: 4)
                }
            }
        }
        return output + "\""
    }

    private static func hexadecimal(_ scalar: Unicode.Scalar, digits: Int) -> String {
        let text = String(scalar.value, radix: 16, uppercase: true)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
