/// How a tree is written as JSON.
package struct JSONWriter: Sendable {
    package enum Layout: Sendable {
        /// One line, members in their order: what is sent.
        case compact
        /// One line, members sorted by name: what is hashed. Equal trees give equal bytes.
        case canonical
        /// Indented by two spaces, members in their order: what people read.
        case indented
    }

    private let layout: Layout

    package init(_ layout: Layout) { self.layout = layout }

    /// The JSON text of `value`. A scalar whose type is not decided yet is written as a string.
    package func text(of value: Value) -> String {
        var output = ""
        write(value, depth: 0, to: &output)
        return output
    }

    private func write(_ value: Value, depth: Int, to output: inout String) {
        switch value.node {
        case .scalar(let scalar): write(scalar, to: &output)
        case .list(let elements):
            writeGroup("[", "]", count: elements.count, depth: depth, to: &output) { index, output in
                write(elements[index], depth: depth + 1, to: &output)
            }
        case .map(let members):
            let ordered: [Value.Member]
            switch layout {
            case .canonical:
                ordered = members.sorted { $0.name.unicodeScalars.lexicographicallyPrecedes($1.name.unicodeScalars) }
            case .compact, .indented: ordered = members
            }
            writeGroup("{", "}", count: ordered.count, depth: depth, to: &output) { index, output in
                JSONWriter.writeString(ordered[index].name, to: &output)
                output += isIndented ? ": " : ":"
                write(ordered[index].value, depth: depth + 1, to: &output)
            }
        }
    }

    private var isIndented: Bool {
        if case .indented = layout { return true }
        return false
    }

    private func writeGroup(
        _ open: String, _ close: String, count: Int, depth: Int, to output: inout String,
        element: (Int, inout String) -> Void,
    ) {
        output += open
        for index in 0..<count {
            if index > 0 { output += "," }
            if isIndented { output += "\n" + String(repeating: "  ", count: depth + 1) }
            element(index, &output)
        }
        if isIndented, count > 0 { output += "\n" + String(repeating: "  ", count: depth) }
        output += close
    }

    private func write(_ scalar: Scalar, to output: inout String) {
        switch scalar.style {
        case .plain, .string: JSONWriter.writeString(scalar.text, to: &output)
        case .number, .boolean: output += scalar.text
        case .null: output += "null"
        }
    }

    private static func writeString(_ text: String, to output: inout String) {
        output += "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": output += "\\\""
            case "\\": output += "\\\\"
            case "\n": output += "\\n"
            case "\r": output += "\\r"
            case "\t": output += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let hex = String(scalar.value, radix: 16)
                output += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
            default: output.unicodeScalars.append(scalar)
            }
        }
        output += "\""
    }
}
