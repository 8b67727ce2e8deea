/// A place in a document, both counted from 1. Columns count Unicode scalars.
///
/// A tree may be merged of several documents; each place then says which of them it is in.
package struct SourcePosition: Hashable, Comparable, Sendable, CustomStringConvertible {
    // A tree has a position or two for every value, so they are kept small. Files of more than 2³¹ lines are read by nobody.
    private let storedSource: Int32
    private let storedLine: Int32
    private let storedColumn: Int32

    /// - Parameter source: which of the documents that a tree was merged of; 0 is the tree's own.
    package init(line: Int, column: Int, source: Int = 0) {
        storedLine = Int32(clamping: line)
        storedColumn = Int32(clamping: column)
        storedSource = Int32(clamping: source)
    }

    package var line: Int { Int(storedLine) }
    package var column: Int { Int(storedColumn) }
    package var source: Int { Int(storedSource) }

    /// The same place in the document that another number stands for.
    package func inSource(_ source: Int) -> SourcePosition {
        SourcePosition(line: line, column: column, source: source)
    }

    package var description: String { "\(line):\(column)" }

    package static func < (left: SourcePosition, right: SourcePosition) -> Bool {
        (left.storedSource, left.storedLine, left.storedColumn)
            < (right.storedSource, right.storedLine, right.storedColumn)
    }
}

/// A document as an ordered tree whose scalars keep their text, style and position.
///
/// YAML's `NO`, `1.10` and `022` mean what the API member is, so a reader never decides a scalar's type: the shape does,
/// when the tree is coerced. After coercion no scalar is `plain`.
package struct Value: Sendable {
    package var node: Node
    /// Where the value begins; nil for values that no document holds.
    package var position: SourcePosition?

    package enum Node: Sendable {
        case scalar(Scalar)
        case list([Value])
        case map([Member])
    }

    /// One member of a map. Names are unique within a map; readers refuse duplicates.
    package struct Member: Sendable {
        package var name: String
        package var value: Value
        /// Where the name stands.
        package var position: SourcePosition?

        package init(_ name: String, _ value: Value, position: SourcePosition? = nil) {
            self.name = name
            self.value = value
            self.position = position
        }
    }

    package init(_ node: Node, position: SourcePosition? = nil) {
        self.node = node
        self.position = position
    }
}

/// A leaf of a document.
package struct Scalar: Hashable, Sendable {
    /// The text without quotes and with escapes resolved: `true`, `1.10`, `web`. Empty for null.
    package var text: String
    package var style: Style

    package enum Style: Hashable, Sendable {
        /// Written without quotes in YAML: its type is not decided yet.
        case plain
        /// A string, for certain.
        case string
        /// A number as JSON writes it; the text keeps the spelling.
        case number
        /// `true` or `false`.
        case boolean
        /// JSON's or YAML's null.
        case null
    }

    package init(text: String, style: Style) {
        self.text = text
        self.style = style
    }
}

// MARK: - Construction

extension Value {
    package static func string(_ text: String) -> Value { Value(.scalar(Scalar(text: text, style: .string))) }
    package static func integer(_ number: Int) -> Value { Value(.scalar(Scalar(text: String(number), style: .number))) }
    package static func double(_ number: Double) -> Value {
        let isWhole = number == number.rounded() && abs(number) < 9e15
        return Value(.scalar(Scalar(text: isWhole ? String(Int(number)) : String(number), style: .number)))
    }
    package static func boolean(_ flag: Bool) -> Value {
        Value(.scalar(Scalar(text: flag ? "true" : "false", style: .boolean)))
    }
    package static var null: Value { Value(.scalar(Scalar(text: "", style: .null))) }
    package static func list(_ elements: [Value]) -> Value { Value(.list(elements)) }
    package static func map(_ members: [(String, Value)]) -> Value {
        Value(.map(members.map { Member($0.0, $0.1) }))
    }
    /// A map of those pairs whose value is not nil.
    package static func map(present members: [(String, Value?)]) -> Value {
        Value(.map(members.compactMap { name, value in value.map { Member(name, $0) } }))
    }
}

extension Value: ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    package init(stringLiteral text: String) { self = .string(text) }
    package init(integerLiteral number: Int) { self = .integer(number) }
    package init(booleanLiteral flag: Bool) { self = .boolean(flag) }
    package init(arrayLiteral elements: Value...) { self = .list(elements) }
    package init(dictionaryLiteral members: (String, Value)...) { self = .map(members) }
}

// MARK: - Reading

extension Value {
    /// The member called `name`, nil where there is none or this is no map.
    package subscript(_ name: String) -> Value? {
        get {
            guard case .map(let members) = node else { return nil }
            return members.first { $0.name == name }?.value
        }
        set {
            guard case .map(var members) = node else { return }
            let index = members.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(name, value))
            case (nil, nil): break
            }
            node = .map(members)
        }
    }

    /// The element at `index`, nil where there is none or this is no list.
    package subscript(_ index: Int) -> Value? {
        guard case .list(let elements) = node, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The members of a map in their order, nil where this is no map.
    package var members: [Member]? {
        guard case .map(let members) = node else { return nil }
        return members
    }

    /// The elements of a list, nil where this is no list.
    package var elements: [Value]? {
        guard case .list(let elements) = node else { return nil }
        return elements
    }

    /// The scalar, nil where this is a list or a map.
    package var scalar: Scalar? {
        guard case .scalar(let scalar) = node else { return nil }
        return scalar
    }

    /// The text of a scalar other than null, whatever its style.
    package var text: String? {
        guard case .scalar(let scalar) = node, scalar.style != .null else { return nil }
        return scalar.text
    }

    /// The whole number a scalar spells, nil for anything else.
    package var integer: Int? {
        guard let text else { return nil }
        if let number = Int(text) { return number }
        guard let number = Double(text), number == number.rounded(), abs(number) < 9e15 else { return nil }
        return Int(number)
    }

    /// The number a scalar spells, exponents included (AWS writes `1.619952106055E9`).
    package var double: Double? { text.flatMap(Double.init) }

    /// `true` or `false`, nil for anything else.
    package var boolean: Bool? {
        switch text {
        case "true": true
        case "false": false
        default: nil
        }
    }

    package var isNull: Bool {
        guard case .scalar(let scalar) = node else { return false }
        return scalar.style == .null
    }
}

// MARK: - Equality

extension Value: Hashable {
    /// Positions do not take part: two documents that say the same are equal wherever they say it.
    /// The order of members does not either, the order of elements does.
    package static func == (left: Value, right: Value) -> Bool {
        switch (left.node, right.node) {
        case (.scalar(let left), .scalar(let right)): left == right
        case (.list(let left), .list(let right)): left == right
        case (.map(let left), .map(let right)):
            left.count == right.count
                && zip(left.sorted { $0.name < $1.name }, right.sorted { $0.name < $1.name })
                    .allSatisfy { $0.name == $1.name && $0.value == $1.value }
        default: false
        }
    }

    package func hash(into hasher: inout Hasher) {
        switch node {
        case .scalar(let scalar): hasher.combine(scalar)
        case .list(let elements): hasher.combine(elements)
        case .map(let members):
            for member in members.sorted(by: { $0.name < $1.name }) {
                hasher.combine(member.name)
                hasher.combine(member.value)
            }
        }
    }
}
