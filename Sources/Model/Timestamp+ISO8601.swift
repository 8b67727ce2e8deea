extension Timestamp {
    /// As people and programs write it: `2026-11-24T02:53:17Z`, with milliseconds where they are not zero.
    package var iso8601: String {
        let (days, inDay) = millisecondsSince1970.dividedDown(by: 86_400_000)
        let date = CivilDate(daysSince1970: days)
        let (seconds, milliseconds) = inDay.dividedDown(by: 1_000)
        let time = [seconds / 3_600, seconds / 60 % 60, seconds % 60].map { $0.padded(2) }.joined(separator: ":")
        let fraction = milliseconds == 0 ? "" : "." + milliseconds.padded(3)
        return "\(date.text)T\(time)\(fraction)Z"
    }

    /// Reads `2026-11-24T02:53:17Z`, with or without a fraction of a second, in UTC or with an offset.
    ///
    /// - Returns: nil where the text is no such time.
    package init?(iso8601 text: String) {
        var scanner = DigitScanner(text)
        guard let year = scanner.number(digits: 4), scanner.take("-"), let month = scanner.number(digits: 2),
            scanner.take("-"), let day = scanner.number(digits: 2), scanner.take("T") || scanner.take(" "),
            let hour = scanner.number(digits: 2), scanner.take(":"), let minute = scanner.number(digits: 2),
            scanner.take(":"), let second = scanner.number(digits: 2), hour < 24, minute < 60, second < 61,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        guard let milliseconds = scanner.milliseconds(), let offsetMinutes = scanner.offset(), scanner.isAtEnd else {
            return nil
        }
        let seconds = date.daysSince1970 * 86_400 + hour * 3_600 + (minute - offsetMinutes) * 60 + second
        self.init(millisecondsSince1970: seconds * 1_000 + milliseconds)
    }
}

/// A day of the Gregorian calendar.
///
/// The arithmetic counts years from March, so that the leap day is the last of its year; a cycle of 400 years has 146,097
/// days.
private struct CivilDate {
    let year: Int64
    let month: Int64
    let day: Int64

    init(daysSince1970: Int64) {
        // 719,468 days lie between 1 March of the year 0 and 1 January 1970.
        let (cycle, inCycle) = (daysSince1970 + 719_468).dividedDown(by: 146_097)
        let yearOfCycle = (inCycle - inCycle / 1_460 + inCycle / 36_524 - inCycle / 146_096) / 365
        let dayOfYear = inCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0)
    }

    /// Nil where there is no such day.
    init?(year: Int64, month: Int64, day: Int64) {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        self.year = year
        self.month = month
        self.day = day
        // A day that does not exist is another one when it is counted.
        guard CivilDate(daysSince1970: daysSince1970).day == day else { return nil }
    }

    var daysSince1970: Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let (cycle, yearOfCycle) = marchYear.dividedDown(by: 400)
        let marchMonth = month > 2 ? month - 3 : month + 9
        let dayOfYear = (153 * marchMonth + 2) / 5 + day - 1
        let dayOfCycle = yearOfCycle * 365 + yearOfCycle / 4 - yearOfCycle / 100 + dayOfYear
        return cycle * 146_097 + dayOfCycle - 719_468
    }

    var text: String { "\(year.padded(4))-\(month.padded(2))-\(day.padded(2))" }
}

/// Takes a time apart from its front.
private struct DigitScanner {
    private var rest: Substring.UTF8View

    init(_ text: String) { rest = text[...].utf8 }

    var isAtEnd: Bool { rest.isEmpty }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let first = rest.first, UInt32(first) == character.value else { return false }
        rest = rest.dropFirst()
        return true
    }

    mutating func number(digits: Int) -> Int64? {
        var number: Int64 = 0
        for _ in 0..<digits {
            guard let digit = digit() else { return nil }
            number = number * 10 + digit
        }
        return number
    }

    /// A fraction of a second, cut to milliseconds; 0 where there is none, nil where it has no digits.
    mutating func milliseconds() -> Int64? {
        guard take(".") else { return 0 }
        var result: Int64 = 0
        var weight: Int64 = 100
        var count = 0
        while let digit = digit() {
            result += digit * weight
            weight /= 10
            count += 1
        }
        return count > 0 ? result : nil
    }

    /// Minutes east of UTC, nil where no zone is given.
    mutating func offset() -> Int64? {
        if take("Z") { return 0 }
        let sign: Int64 = take("-") ? -1 : 1
        if sign == 1, !take("+") { return nil }
        guard let hours = number(digits: 2), take(":"), let minutes = number(digits: 2), hours < 24, minutes < 60
        else { return nil }
        return sign * (hours * 60 + minutes)
    }

    private mutating func digit() -> Int64? {
        guard let first = rest.first, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else { return nil }
        rest = rest.dropFirst()
        return Int64(first - UInt8(ascii: "0"))
    }
}

extension Int64 {
    /// Quotient and remainder, the remainder never negative.
    fileprivate func dividedDown(by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    fileprivate func padded(_ width: Int) -> String {
        let digits = String(self)
        return String(repeating: "0", count: Swift.max(0, width - digits.count)) + digits
    }
}
