import MooringModel

/// What is wrong with a text that was meant as a point in time.
enum WrittenTime {
    /// The end of a sentence that begins with the text, and what to do; nil where it is nothing like a time.
    static func problem(with text: String) -> String? {
        guard let day = day(of: text) else { return nil }
        if Timestamp(written: day) == nil { return ", and there is no such day. Correct it." }
        if Timestamp(written: text + "Z") != nil {
            return ", which has no offset from UTC. Add 'Z' for UTC, or the offset, as in '+01:00'."
        }
        let time = text.utf8.dropFirst(11)
        let (hour, minute) = (number(time.prefix(2)), number(time.dropFirst(3).prefix(2)))
        if let hour, let minute, hour > 23 || minute > 59 {
            return ", and there is no such time of day: hours go from 00 to 23, minutes from 00 to 59. Correct it."
        }
        return nil
    }

    /// Whether a text that may be anything is nothing but a time, be it a wrong one.
    static func isMeant(by text: String) -> Bool {
        day(of: text) != nil && text.utf8.allSatisfy { isDigit($0) || "-:.+TZtz ".utf8.contains($0) }
    }

    /// The date that the text begins with, whether there is such a day or not.
    private static func day(of text: String) -> String? {
        let start = text.utf8.prefix(10)
        let isDate =
            start.count == 10
            && start.enumerated().allSatisfy { $0 == 4 || $0 == 7 ? $1 == UInt8(ascii: "-") : isDigit($1) }
        return isDate ? String(text.prefix(10)) : nil
    }

    private static func number(_ bytes: Substring.UTF8View) -> Int? {
        bytes.count == 2 && bytes.allSatisfy(isDigit) ? Int(Substring(bytes)) : nil
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}
