package import MooringModel
import MooringNames
import MooringShapes

/// What must be done before what, checked: without circles, unknown names and contradictions.
///
/// What is wrong never starts, and neither does what depends on it; everything else keeps its order. A wave is not an edge
/// between each two nodes but one vertex between two waves, so that the graph stays as large as what people write.
package struct OrderGraph: Hashable, Sendable {
    /// Sorted. Vertices from here on are the borders between waves.
    package let nodes: [OrderNode]
    /// By vertex: what must be done before it, ascending, none twice.
    let dependencies: [[Int]]
    /// By node: why it never starts.
    let flaws: [OrderFlaw?]
    /// All vertices, each after what it depends on.
    let sequence: [Int]

    /// Builds the graph.
    ///
    /// - Parameters:
    ///   - entries: in any order. Of two that speak of one node the first counts; that there are two is said where
    ///     manifests are read.
    /// - Returns: the graph, and what is wrong, each with file and position, sorted.
    package static func graph(of entries: [OrderEntry]) -> (graph: OrderGraph, findings: [Finding]) {
        var builder = OrderGraphBuilder(entries)
        builder.addNamed()
        builder.addWaves()
        builder.breakCircles()
        return (builder.graph, builder.findings.sorted())
    }

    /// Why a node never starts, nil where nothing is wrong with it, or it is none.
    package func flaw(of node: OrderNode) -> OrderFlaw? { index(of: node).flatMap { flaws[$0] } }

    /// What stands directly before a node: named, or of the wave before. For tests and for people.
    package func dependencies(of node: OrderNode) -> [OrderNode] {
        guard let index = index(of: node) else { return [] }
        return dependencies[index].flatMap { $0 < nodes.count ? [$0] : dependencies[$0] }.sorted().map { nodes[$0] }
    }

    private func index(of node: OrderNode) -> Int? {
        var (low, high) = (0, nodes.count)
        while low < high {
            let middle = (low + high) / 2
            if nodes[middle] < node { low = middle + 1 } else { high = middle }
        }
        return low < nodes.count && nodes[low] == node ? low : nil
    }
}
