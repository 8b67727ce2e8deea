/// A CloudWatch alarm that is in ALARM for a while.
package struct AlarmRule: Equatable, Sendable {
    package var name: String
    /// In ALARM in this stretch of time; nil is open.
    package var from: Int64?
    package var until: Int64?

    package init(_ name: String, from: Int64? = nil, until: Int64? = nil) {
        self.name = name
        self.from = from
        self.until = until
    }
}
