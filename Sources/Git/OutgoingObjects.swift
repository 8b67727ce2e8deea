/// An object that a push brings to the server.
struct OutgoingObject {
    let key: ObjectKey
    let kind: ObjectKind
    let bytes: [UInt8]
    /// An object of the same kind that the server has and that this one mostly repeats.
    let base: ObjectKey?
}

/// Writes objects into a mirror, and remembers them for the push.
final class OutgoingObjects {
    private(set) var all: [OutgoingObject] = []
    private var known: Set<ObjectKey> = []

    /// - Parameter base: what it takes the place of on the server.
    func write(
        _ bytes: [UInt8], _ kind: ObjectKind, inPlaceOf base: ObjectKey?, into objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> ObjectKey {
        let key = try objects.write(bytes, kind)
        if known.insert(key).inserted {
            all.append(OutgoingObject(key: key, kind: kind, bytes: bytes, base: base == key ? nil : base))
        }
        return key
    }
}
