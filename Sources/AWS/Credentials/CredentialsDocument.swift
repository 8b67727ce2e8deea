import MooringHTTPTransport
import MooringModel
import MooringPorts
import MooringShapes

/// Credentials as documents carry them. Pure functions.
enum CredentialsDocument {
    /// The JSON of the container and metadata endpoints: `AccessKeyId`, `SecretAccessKey`, `Token`, `Expiration`.
    static func credentials(
        json bytes: [UInt8], source: String, mayOutliveExpiry: Bool,
    ) throws(Failure) -> Credentials {
        guard let value = try? JSONReader.value(of: bytes) else {
            throw Failure.credentials(
                from: source, "the answer is not JSON.", code: .malformedAnswer, disposition: .retry(after: nil),
            )
        }
        // `Code` is "Success" with credentials, and an error's otherwise.
        let code = (value["code"] ?? value["Code"])?.text
        let message = (value["message"] ?? value["Message"])?.text ?? ""
        guard value["AccessKeyId"] != nil else {
            throw Failure.credentials(
                from: source, "the answer holds none (\(code ?? "no code") \(message)).",
                disposition: .retry(after: nil),
            )
        }
        return try credentials(value, token: "Token", source: source, mayOutliveExpiry: mayOutliveExpiry)
    }

    /// The `Credentials` element of STS's answers.
    static func credentials(sts value: Value?, source: String) throws(Failure) -> Credentials {
        try credentials(value ?? .null, token: "SessionToken", source: source, mayOutliveExpiry: false)
    }

    private static func credentials(
        _ value: Value, token: String, source: String, mayOutliveExpiry: Bool,
    ) throws(Failure) -> Credentials {
        guard let accessKey = value["AccessKeyId"]?.text, let secretKey = value["SecretAccessKey"]?.text,
            !accessKey.isEmpty, !secretKey.isEmpty
        else {
            throw Failure.credentials(
                from: source, "the answer holds no key.", code: .malformedAnswer, disposition: .retry(after: nil),
            )
        }
        let expiry = value["Expiration"]?.text
        let expiresAt = expiry.flatMap(RFC3339.timestamp)
        if let expiry, !expiry.isEmpty, expiresAt == nil {
            throw Failure.credentials(
                from: source, "the expiry '\(expiry.prefix(40))' is no time.", code: .malformedAnswer,
                disposition: .retry(after: nil),
            )
        }
        return Credentials(
            accessKey: accessKey, secretKey: Secret(secretKey),
            sessionToken: value[token]?.text.flatMap { $0.isEmpty ? nil : Secret($0) }, expiresAt: expiresAt,
            source: source, mayOutliveExpiry: mayOutliveExpiry,
        )
    }
}

/// Times as `2026-11-24T02:47:17Z`.
enum RFC3339 {
    /// The time that `text` spells, nil where it spells none.
    static func timestamp(_ text: String) -> Timestamp? {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20, bytes[4] == UInt8(ascii: "-"), bytes[7] == UInt8(ascii: "-"),
            bytes[10] == UInt8(ascii: "T") || bytes[10] == UInt8(ascii: " "), bytes[13] == UInt8(ascii: ":"),
            bytes[16] == UInt8(ascii: ":")
        else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            var result: Int64 = 0
            for byte in bytes[range] {
                guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
                result = result * 10 + Int64(byte - UInt8(ascii: "0"))
            }
            return result
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), (1...12).contains(month),
            (1...31).contains(day),
            hour < 24, minute < 60, second <= 60
        else { return nil }
        var index = 19
        var milliseconds: Int64 = 0
        if bytes[index] == UInt8(ascii: ".") {
            let digits = bytes[(index + 1)...].prefix { $0 >= UInt8(ascii: "0") && $0 <= UInt8(ascii: "9") }
            guard !digits.isEmpty else { return nil }
            for (place, digit) in zip([100, 10, 1] as [Int64], digits) { milliseconds += place * Int64(digit - 48) }
            index = digits.endIndex
        }
        guard let offset = offsetSeconds(bytes[index...]) else { return nil }
        let seconds = daysSince1970(year: year, month: month, day: day) * 86_400 + hour * 3600 + minute * 60 + second
        return Timestamp(millisecondsSince1970: (seconds - offset) * 1000 + milliseconds)
    }

    private static func offsetSeconds(_ bytes: ArraySlice<UInt8>) -> Int64? {
        let text = String(decoding: bytes, as: UTF8.self)
        if text == "Z" || text == "z" { return 0 }
        let parts = text.dropFirst().split(separator: ":", omittingEmptySubsequences: false)
        guard let sign = text.first, sign == "+" || sign == "-", parts.count == 2, parts.allSatisfy({ $0.count == 2 }),
            let hours = Int64(parts[0]), let minutes = Int64(parts[1])
        else { return nil }
        return (sign == "-" ? -1 : 1) * (hours * 3600 + minutes * 60)
    }

    /// Days by the Gregorian calendar, years counted from March so that leap days come last.
    private static func daysSince1970(year: Int64, month: Int64, day: Int64) -> Int64 {
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}
