/// A validated text. Whoever holds one need not check it again.
package protocol Name: Hashable, Comparable, Sendable, CustomStringConvertible, Codable {
    /// The text, exactly as given.
    var text: String { get }
    /// Validates `text`.
    init(_ text: String) throws(NameError)
}

extension Name {
    package var description: String { text }

    package static func < (left: Self, right: Self) -> Bool { left.text < right.text }

    package init(from decoder: any Decoder) throws {
        try self.init(try decoder.singleValueContainer().decode(String.self))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(text)
    }
}

enum Characters {
    /// Letters, digits, underscores and hyphens: what ECS allows in names of clusters, services and families.
    static func areWordOrHyphen(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
                true
            default: false
            }
        }
    }

    static func areDigits(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
    }

    static func areLowercaseHex(_ text: String) -> Bool {
        text.utf8.allSatisfy { byte in
            (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
                || (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "f"))
        }
    }

    /// The rule that ECS applies to names of clusters, services and families: 1 to 255 of `[A-Za-z0-9_-]`.
    /// Source: API reference, CreateService `serviceName`, RegisterTaskDefinition `family`.
    static func checkECSName(_ text: String, kind: String) throws(NameError) {
        if text.isEmpty { throw .empty(kind: kind) }
        if text.utf8.count > 255 { throw .tooLong(kind: kind, text: text, maximum: 255) }
        if !areWordOrHyphen(text) {
            throw .malformed(kind: kind, text: text, expected: "letters, digits, underscores and hyphens")
        }
    }
}
