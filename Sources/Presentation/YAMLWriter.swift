package import MooringShapes

/// Writes a tree as YAML in block style, one member a line: what people read in `git log --notes`.
///
/// Reading it again gives an equal tree, whether the reader knows YAML 1.1 or 1.2.
package enum YAMLWriter {
    /// The YAML text of `value`, with a line break at its end.
    package static func text(of value: Value) -> String {
        var output = ""
        switch value.node {
        case .map(let members) where !members.isEmpty: write(members, indent: 0, to: &output)
        case .list(let elements) where !elements.isEmpty: write(elements, indent: 0, to: &output)
        default: output += inline(value) + "\n"
        }
        return output
    }

    private static func write(_ members: [Value.Member], indent: Int, to output: inout String) {
        for (index, member) in members.enumerated() {
            // The first member of a list's element stands behind its hyphen.
            if index > 0 || !output.hasSuffix("- ") { output += String(repeating: " ", count: indent) }
            output += scalar(Scalar(text: member.name, style: .string)) + ":"
            switch member.value.node {
            case .map(let members) where !members.isEmpty:
                output += "\n"
                write(members, indent: indent + 2, to: &output)
            case .list(let elements) where !elements.isEmpty:
                output += "\n"
                write(elements, indent: indent + 2, to: &output)
            default: output += " " + inline(member.value) + "\n"
            }
        }
    }

    private static func write(_ elements: [Value], indent: Int, to output: inout String) {
        for element in elements {
            if !output.hasSuffix("- ") { output += String(repeating: " ", count: indent) }
            output += "- "
            switch element.node {
            case .map(let members) where !members.isEmpty: write(members, indent: indent + 2, to: &output)
            case .list(let elements) where !elements.isEmpty: write(elements, indent: indent + 2, to: &output)
            default: output += inline(element) + "\n"
            }
        }
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
        let isPrintable = text.unicodeScalars.allSatisfy { scalar in
            (0x20..<0x7F).contains(scalar.value)
                || (scalar.value >= 0xA0 && scalar.value != 0x2028 && scalar.value != 0x2029 && scalar.value != 0xFEFF
                    && scalar.properties.generalCategory != .unassigned
                    && scalar.properties.generalCategory != .surrogate && scalar.properties.generalCategory != .format)
        }
        return mayBegin && isPrintable && !text.contains(": ") && !text.contains(" #") && !text.hasPrefix("...")
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
