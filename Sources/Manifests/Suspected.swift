import MooringModel
import MooringNames
import MooringShapes

/// What a text that no parser takes seems to speak of. What is missed is not planned and not named either; what is found too
/// much is only named.
struct Suspected {
    var services: [ServiceName] = []
    /// nil where the text names none, or several.
    var cluster: ClusterName?
    /// Whether the text seems to describe a one-off task.
    var isRun = false
    /// What the one-off task seems to have to run before. A migration that cannot be read must still hold back the service
    /// that needs it.
    var before: [String] = []

    /// Nothing.
    init() {}

    /// Looks for `serviceName`, `cluster`, `runs` and `before`.
    init(in text: String) {
        let clusters = Set(Suspected.values(of: "cluster", in: text).compactMap(ServiceRules.clusterName))
        cluster = clusters.count == 1 ? clusters.first : nil
        var seen: Set<ServiceName> = []
        services = Suspected.values(of: "serviceName", in: text).compactMap { try? ServiceName($0) }
            .filter { seen.insert($0).inserted }
        isRun =
            services.isEmpty && !Suspected.tails(of: "runs", in: text).isEmpty
            && !Suspected.tails(of: "taskDefinition", in: text).isEmpty
        guard isRun else { return }
        before = Suspected.tails(of: "before", in: text).flatMap(Suspected.list)
    }

    // MARK: Text

    private typealias Bytes = Substring.UTF8View

    /// What stands behind each `name:` or `"name":`.
    private static func tails(of name: String, in text: String) -> [Bytes] {
        var tails: [Bytes] = []
        var rest = text[...].utf8
        let wanted = Array(name.utf8)
        while let range = rest.firstRange(of: wanted) {
            let before =
                range.lowerBound == text.utf8.startIndex ? nil : text.utf8[text.utf8.index(before: range.lowerBound)]
            rest = rest[range.upperBound...]
            if let before, isNameByte(before) { continue }
            var tail = rest.drop { isQuoteOrSpace($0) }
            if tail.popFirst() == UInt8(ascii: ":") { tails.append(tail) }
        }
        return tails
    }

    private static func values(of name: String, in text: String) -> [String] {
        tails(of: name, in: text).compactMap { tail in
            let value = tail.drop { isQuoteOrSpace($0) }
                .prefix { isNameByte($0) || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: "/") }
            return value.isEmpty ? nil : String(Substring(value))
        }
    }

    /// The texts of a list within brackets, of one below dashes, or the single text in its place.
    private static func list(_ tail: Bytes) -> [String] {
        let start = tail.drop { $0 == UInt8(ascii: " ") }
        if start.first == UInt8(ascii: "[") {
            return start.dropFirst().prefix { $0 != UInt8(ascii: "]") }.split(separator: UInt8(ascii: ","))
                .prefix(Limits.orderNames).compactMap(word)
        }
        var lines = start.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)[...]
        if let first = lines.popFirst().flatMap(word) { return [first] }
        let elements = lines.lazy.map { $0.drop { $0 == UInt8(ascii: " ") } }
            .prefix { $0.first == UInt8(ascii: "-") }
        return elements.prefix(Limits.orderNames).compactMap { word($0.dropFirst()) }
    }

    /// What is left of a text without quotes, spaces and what follows it.
    private static func word(_ bytes: Bytes) -> String? {
        let word = bytes.drop { isQuoteOrSpace($0) }.prefix {
            isNameByte($0) || $0 == UInt8(ascii: "/") || $0 == UInt8(ascii: " ")
        }
        let text = String(Substring(word)).split(separator: " ").joined(separator: " ")
        return text.isEmpty ? nil : text
    }

    private static func isQuoteOrSpace(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") || byte == UInt8(ascii: " ")
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}
