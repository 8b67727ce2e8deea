package import MooringModel

/// Why something can never have its turn, whatever becomes of the others. The findings name the places.
package enum OrderFlaw: Hashable, Sendable {
    /// It depends on something that no manifest describes.
    case unknown(OrderNode)
    /// It depends on itself.
    case dependsOnItself
    /// It depends on something of a later wave, or shall run before something of an earlier one.
    case wave(OrderNode)
    /// It waits for something that waits for it.
    case cycle

    /// The rest of a sentence that begins with the name.
    package var predicate: String {
        switch self {
        case .unknown(let node): "names \(node), which no manifest describes"
        case .dependsOnItself: "depends on itself"
        case .wave(let node): "contradicts the wave of \(node)"
        case .cycle: "waits in a circle"
        }
    }
}
