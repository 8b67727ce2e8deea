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
