/// A time in which something is left alone, from whoever says so.
package struct HoldWindow: Hashable, Sendable {
    package let kind: Kind
    /// Who says so.
    package let source: Source
    /// First moment; nil where it has begun already.
    package let from: Timestamp?
    /// First moment after it; nil where it lasts until the word is taken back.
    package let until: Timestamp?
    /// For people; empty where none is given.
    package let reason: String

    package enum Kind: String, Hashable, Sendable {
        /// Planned beforehand: a season, a weekend.
        case freeze
        /// For now: somebody looks into something.
        case pause
    }

    package enum Source: Hashable, Sendable {
        /// `mooring.yaml` of the environment.
        case environment
        /// The manifest of the service.
        case manifest
        /// The tag `mooring:pause` on the service.
        case serviceTag
        /// The same tag on its cluster.
        case clusterTag
    }

    package init(kind: Kind, source: Source, from: Timestamp? = nil, until: Timestamp?, reason: String = "") {
        self.kind = kind
        self.source = source
        self.from = from
        self.until = until
        self.reason = reason
    }

    /// Whether `now` lies in it.
    package func holds(at now: Timestamp) -> Bool {
        (from.map { $0 <= now } ?? true) && (until.map { now < $0 } ?? true)
    }
}
