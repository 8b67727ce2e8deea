import MooringShapes

/// GetCallerIdentity and AssumeRole. The answers are trees here; the wire makes XML of them.
extension LocalECS {
    mutating func answerSTS(_ operation: Operation, _ input: Input, _ caller: Caller) throws(APIError) -> Value {
        switch operation.name {
        case "GetCallerIdentity":
            return [
                "Arn": .string(caller.arn), "UserId": .string(caller.userID), "Account": .string(caller.account),
            ]
        case "AssumeRole": return try assumeRole(input, caller)
        default:
            throw APIError(
                code: "InvalidAction",
                message: "Could not find operation \(operation.name) for version 2011-06-15")
        }
    }

    private mutating func assumeRole(_ input: Input, _ caller: Caller) throws(APIError) -> Value {
        guard let role = try input.string("RoleArn"), let name = try input.string("RoleSessionName") else {
            throw APIError(code: "ValidationError", message: "RoleArn and RoleSessionName must not be null")
        }
        let parts = role.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 6, parts[0] == "arn", parts[2] == "iam", parts[5].hasPrefix("role/"), parts[4].count == 12
        else { throw APIError(code: "ValidationError", message: "\(role) is invalid") }
        // Source: API reference of STS, AssumeRole `RoleSessionName`, `DurationSeconds`.
        guard (2...64).contains(name.utf8.count) else {
            throw APIError(
                code: "ValidationError", message: "RoleSessionName must have between 2 and 64 characters")
        }
        let duration = try input.integer("DurationSeconds") ?? 3600
        guard (900...43_200).contains(duration) else {
            throw APIError(code: "ValidationError", message: "DurationSeconds must be between 900 and 43200")
        }
        sessionCount += 1
        let scope = KeyedRandom.scope(role, name)
        let key = generator.accessKey(scope, sessionCount)
        let roleName = parts[5].split(separator: "/").last.map(String.init) ?? ""
        let arn = "arn:\(parts[1]):sts::\(parts[4]):assumed-role/\(roleName)/\(name)"
        let roleID = "AROA" + generator.accessKey(KeyedRandom.scope(role), 0).dropFirst(4)
        let expiresAt = now + Int64(duration) * 1000
        let secret = generator.hexadecimalID(.accessKey, scope, sessionCount) + "00000000"
        let token = "local-session-" + generator.urlSafeID(.accessKey, scope, sessionCount)
        let session = Session(
            account: parts[4], arn: arn, userID: "\(roleID):\(name)", secret: secret, token: token, expiresAt: expiresAt
        )
        keep(session, of: key)
        return [
            "Credentials": [
                "AccessKeyId": .string(key),
                "SecretAccessKey": .string(secret),
                "SessionToken": .string(token),
                "Expiration": .string(CalendarTime.iso8601(now: expiresAt)),
            ],
            "AssumedRoleUser": ["AssumedRoleId": .string("\(roleID):\(name)"), "Arn": .string(arn)],
        ]
    }
}

/// Times as XML answers write them, computed without a calendar library.
enum CalendarTime {
    /// The civil date of a day since 1970; the era arithmetic counts from 1 March of the year 0.
    static func date(ofDay days: Int64) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = shifted / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthIndex = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * monthIndex + 2) / 5 + 1
        let month = monthIndex < 10 ? monthIndex + 3 : monthIndex - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (Int(year), Int(month), Int(day))
    }

    /// `2026-01-01T00:00:00Z`, from milliseconds since 1970.
    static func iso8601(now milliseconds: Int64) -> String {
        let seconds = milliseconds / 1000
        let date = date(ofDay: seconds / 86_400)
        let rest = Int(seconds % 86_400)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(date.year)-\(two(date.month))-\(two(date.day))T"
            + "\(two(rest / 3600)):\(two(rest / 60 % 60)):\(two(rest % 60))Z"
    }
}
