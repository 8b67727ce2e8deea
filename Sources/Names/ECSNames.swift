/// The name of an ECS cluster.
package struct ClusterName: Name {
    package let text: String
    package init(_ text: String) throws(NameError) {
        try Characters.checkECSName(text, kind: "cluster name")
        self.text = text
    }

    /// The cluster that ECS means when a request names none.
    /// Source: API reference, every operation's `cluster` member: "the default cluster is assumed".
    package static let standard = ClusterName(unchecked: "default")

    private init(unchecked text: String) { self.text = text }
}

/// The name of an ECS service, unique within its cluster.
package struct ServiceName: Name {
    package let text: String
    package init(_ text: String) throws(NameError) {
        try Characters.checkECSName(text, kind: "service name")
        self.text = text
    }
}

/// The name that all revisions of a task definition share.
package struct Family: Name {
    package let text: String
    package init(_ text: String) throws(NameError) {
        try Characters.checkECSName(text, kind: "family")
        self.text = text
    }
}

/// One revision of a task definition: `family:12`.
package struct Revision: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let family: Family
    /// Counted from 1 by ECS; never used again.
    package let number: Int

    package init(family: Family, number: Int) {
        self.family = family
        self.number = number
    }

    /// Reads `family:12`.
    package init(_ text: String) throws(NameError) {
        guard let colon = text.lastIndex(of: ":") else {
            throw .malformed(kind: "revision", text: text, expected: "family:number")
        }
        let digits = String(text[text.index(after: colon)...])
        guard !digits.isEmpty, Characters.areDigits(digits), let number = Int(digits), number > 0 else {
            throw .malformed(kind: "revision", text: text, expected: "family:number")
        }
        self.init(family: try Family(String(text[..<colon])), number: number)
    }

    package var description: String { "\(family):\(number)" }

    package static func < (left: Revision, right: Revision) -> Bool {
        (left.family, left.number) < (right.family, right.number)
    }
}

/// Where a service lives: services of one name may exist in several clusters.
package struct ServiceKey: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let cluster: ClusterName
    package let service: ServiceName

    package init(cluster: ClusterName, service: ServiceName) {
        self.cluster = cluster
        self.service = service
    }

    /// `cluster/service`, as ECS writes it in resource ids.
    package var description: String { "\(cluster)/\(service)" }

    package static func < (left: ServiceKey, right: ServiceKey) -> Bool {
        (left.cluster, left.service) < (right.cluster, right.service)
    }
}
