/// The order in which Java's HashMap hands out its keys: the order in which ECS returns `environment`.
///
/// Source: `captures/findings.md` item 1. A name's bucket is `(h ^ h >>> 16) & (table - 1)` with `h` its `String.hashCode`, the
/// table the smallest power of two of which three quarters hold all names; within a bucket the order of arrival stays.
enum JavaHashOrder {
    /// `String.hashCode` over UTF-16 code units, in 32 bits.
    static func hash(_ text: String) -> UInt32 {
        var hash: UInt32 = 0
        for unit in text.utf16 { hash = hash &* 31 &+ UInt32(unit) }
        return hash
    }

    /// The positions of `names` in hash order. Names are distinct.
    ///
    /// - Parameter smallest: the size of the table before it grows, a power of two.
    static func positions(of names: [String], tableAtLeast smallest: Int = 1) -> [Int] {
        var table = smallest
        while table * 3 < names.count * 4 { table *= 2 }
        let buckets = names.map { name in
            let hash = hash(name)
            return Int(hash ^ hash >> 16) & (table - 1)
        }
        return names.indices.sorted { (buckets[$0], $0) < (buckets[$1], $1) }
    }
}
