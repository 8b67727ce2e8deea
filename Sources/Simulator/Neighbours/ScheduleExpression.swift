/// When a scheduled action is due: `at(…)`, `rate(…)` or `cron(…)`, in UTC.
/// Source: Application Auto Scaling User Guide, "Schedule recurring scaling actions using cron expressions".
enum ScheduleExpression: Sendable {
    case once(Int64)
    case every(Int64)
    case cron(Cron)

    /// Fields as sets of numbers; the special characters L, W and # are not read.
    struct Cron: Sendable {
        var minutes: [Int]
        var hours: [Int]
        /// nil is `?`, which leaves the choice to the other field.
        var days: [Int]?
        var months: [Int]
        var weekdays: [Int]?
        /// nil is `*`.
        var years: [Int]?
    }

    init?(_ text: String) {
        guard text.hasSuffix(")"), let open = text.firstIndex(of: "("), text.utf8.count <= 200 else { return nil }
        let inner = String(text[text.index(after: open)...].dropLast())
        switch text[..<open] {
        case "at":
            guard let time = ScheduleExpression.time(inner) else { return nil }
            self = .once(time)
        case "rate":
            let words = inner.split(separator: " ")
            guard words.count == 2, let number = Int64(words[0]), (1...1_000_000).contains(number) else { return nil }
            switch words[1] {
            case "minute", "minutes": self = .every(number * 60_000)
            case "hour", "hours": self = .every(number * 3_600_000)
            case "day", "days": self = .every(number * 86_400_000)
            default: return nil
            }
        case "cron":
            guard let cron = Cron(inner) else { return nil }
            self = .cron(cron)
        default: return nil
        }
    }

    /// The first time it is due after `now`, counted from `start` for a rate.
    func next(after now: Int64, start: Int64) -> Int64? {
        switch self {
        case .once(let time): return time > now ? time : nil
        case .every(let interval):
            if now < start { return start }
            return start + ((now - start) / interval + 1) * interval
        case .cron(let cron): return cron.next(after: now)
        }
    }

    /// `2026-01-01T00:00:00`, without a zone.
    private static func time(_ text: String) -> Int64? {
        let halves = text.split(separator: "T")
        guard halves.count == 2 else { return nil }
        let date = halves[0].split(separator: "-").compactMap { Int($0) }
        let clock = halves[1].split(separator: ":").compactMap { Int($0) }
        guard date.count == 3, clock.count == 3, (1970...9999).contains(date[0]), (1...12).contains(date[1]),
            (1...31).contains(date[2]), (0...23).contains(clock[0]), (0...59).contains(clock[1]),
            (0...59).contains(clock[2])
        else { return nil }
        let seconds = days(date[0], date[1], date[2]) * 86_400 + clock[0] * 3600 + clock[1] * 60 + clock[2]
        return Int64(seconds) * 1000
    }

    /// Days since 1970 of a civil date; the era arithmetic counts from 1 March of the year 0.
    static func days(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension ScheduleExpression.Cron {
    private static let monthNames = [
        "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC",
    ]
    private static let dayNames = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"]

    init?(_ text: String) {
        let fields = text.split(separator: " ").map { $0.uppercased() }
        guard fields.count == 6, let minutes = Self.numbers(fields[0], in: 0...59),
            let hours = Self.numbers(fields[1], in: 0...23),
            let months = Self.numbers(fields[3], in: 1...12, names: Self.monthNames, first: 1)
        else { return nil }
        let days = fields[2] == "?" ? nil : Self.numbers(fields[2], in: 1...31)
        let weekdays = fields[4] == "?" ? nil : Self.numbers(fields[4], in: 1...7, names: Self.dayNames, first: 1)
        let years = fields[5] == "*" ? nil : Self.numbers(fields[5], in: 1970...2199)
        if days == nil, fields[2] != "?" { return nil }
        if weekdays == nil, fields[4] != "?" { return nil }
        if years == nil, fields[5] != "*" { return nil }
        self.init(minutes: minutes, hours: hours, days: days, months: months, weekdays: weekdays, years: years)
    }

    /// `*`, `5`, `1-5`, `*/15`, `MON-FRI`, and several of them with commas.
    private static func numbers(
        _ field: String, in range: ClosedRange<Int>, names: [String] = [], first: Int = 0,
    ) -> [Int]? {
        func number(_ text: Substring) -> Int? {
            if let index = names.firstIndex(of: String(text)) { return index + first }
            return Int(text).flatMap { range.contains($0) ? $0 : nil }
        }
        var numbers: [Int] = []
        for part in field.split(separator: ",", omittingEmptySubsequences: false) {
            let halves = part.split(separator: "/", maxSplits: 1)
            guard let base = halves.first else { return nil }
            var step = 1
            if halves.count == 2 {
                guard let sent = Int(halves[1]), sent >= 1, sent <= range.upperBound else { return nil }
                step = sent
            }
            let bounds = base.split(separator: "-", maxSplits: 1)
            var lower = range.lowerBound
            var upper = range.upperBound
            if base != "*" {
                guard let from = bounds.first.flatMap(number) else { return nil }
                lower = from
                if bounds.count == 2 {
                    guard let to = number(bounds[1]), to >= from else { return nil }
                    upper = to
                } else if halves.count == 1 {
                    upper = from
                }
            }
            numbers += stride(from: lower, through: upper, by: step)
        }
        return numbers.sorted()
    }

    /// Looks at four years of days at most: further apart no expression's days lie, but 29 February around a century.
    func next(after now: Int64) -> Int64? {
        let first = now / 86_400_000
        for day in first..<(first + 4 * 366) where matches(day: Int(day)) {
            for hour in hours {
                for minute in minutes {
                    let time = day * 86_400_000 + Int64(hour * 60 + minute) * 60_000
                    if time > now { return time }
                }
            }
        }
        return nil
    }

    private func matches(day: Int) -> Bool {
        let date = CalendarTime.date(ofDay: Int64(day))
        if let years, !years.contains(date.year) { return false }
        guard months.contains(date.month) else { return false }
        // 1 January 1970 was a Thursday, the fifth day of a week that begins on Sunday.
        let weekday = (day + 4) % 7 + 1
        if let weekdays, !weekdays.contains(weekday) { return false }
        if let days, !days.contains(date.day) { return false }
        return true
    }
}
