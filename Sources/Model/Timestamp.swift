package import MooringShapes

/// A point in time as people and AWS know it: milliseconds since 1970, UTC.
package struct Timestamp: Hashable, Comparable, Sendable, Codable {
    package let millisecondsSince1970: Int64

    package init(millisecondsSince1970: Int64) { self.millisecondsSince1970 = millisecondsSince1970 }

    package static func < (left: Timestamp, right: Timestamp) -> Bool {
        left.millisecondsSince1970 < right.millisecondsSince1970
    }
    package static func + (left: Timestamp, right: Duration) -> Timestamp {
        Timestamp(millisecondsSince1970: left.millisecondsSince1970 + right.wholeMilliseconds)
    }
    package static func - (left: Timestamp, right: Timestamp) -> Duration {
        .milliseconds(left.millisecondsSince1970 - right.millisecondsSince1970)
    }
}

extension Duration {
    /// Rounded towards zero.
    package var wholeMilliseconds: Int64 {
        components.seconds * 1000 + components.attoseconds / 1_000_000_000_000_000
    }
}

extension Timestamp {
    /// The time that AWS writes as seconds since 1970, with a fraction or an exponent; nil for anything else.
    package init?(seconds value: Value) {
        guard let seconds = value.double, seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        self.init(millisecondsSince1970: Int64((seconds * 1000).rounded()))
    }
}
