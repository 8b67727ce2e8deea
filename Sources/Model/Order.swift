package import MooringNames
package import MooringShapes

/// Something that has its place in the order of an environment.
package enum OrderNode: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// A service, to be brought to what git says.
    case service(ServiceKey)
    /// A one-off task, to be run once for its inputs.
    case run(cluster: ClusterName, name: RunName)

    /// `cluster/web`, and `task cluster/migrate` for a one-off task.
    package var description: String {
        switch self {
        case .service(let key): key.description
        case .run(let cluster, let name): "task \(cluster)/\(name)"
        }
    }

    /// By cluster and name; of one name the one-off task comes first.
    private var rank: (String, String, Int) {
        switch self {
        case .run(let cluster, let name): (cluster.text, name.text, 0)
        case .service(let key): (key.cluster.text, key.service.text, 1)
        }
    }

    package static func < (left: OrderNode, right: OrderNode) -> Bool { left.rank < right.rank }
}

/// What the manifest of a service or one-off task says about its place.
package struct OrderEntry: Hashable, Sendable {
    package let node: OrderNode
    /// `mooring: {dependsOn: …}`, and of a one-off task `mooring: {runs: {after: …}}`: what must be done before it.
    package let dependsOn: [OrderReference]
    /// `mooring: {runs: {before: …}}`: what must not start before it is done.
    package let before: [OrderReference]
    /// Nothing of a later wave starts before all of an earlier one is done. 0 where nothing is said.
    package let wave: Int
    package let file: TreePath
    /// Where the manifest begins.
    package let position: SourcePosition?

    package init(
        node: OrderNode, dependsOn: [OrderReference] = [], before: [OrderReference] = [], wave: Int = 0,
        file: TreePath, position: SourcePosition? = nil,
    ) {
        self.node = node
        self.dependsOn = dependsOn
        self.before = before
        self.wave = wave
        self.file = file
        self.position = position
    }

    /// The same wherever it stands in its file: what the order follows from.
    package var withoutPositions: OrderEntry {
        OrderEntry(
            node: node, dependsOn: dependsOn.map { OrderReference($0.node) },
            before: before.map { OrderReference($0.node) },
            wave: wave, file: file)
    }
}

/// A name in a manifest, as resolved against the cluster of whoever wrote it.
package struct OrderReference: Hashable, Sendable {
    package let node: OrderNode
    /// Where the name stands.
    package let position: SourcePosition?

    package init(_ node: OrderNode, position: SourcePosition? = nil) {
        self.node = node
        self.position = position
    }
}
