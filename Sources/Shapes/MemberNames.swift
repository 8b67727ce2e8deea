/// The names of an object's members, to tell whether one is given twice.
///
/// Objects of manifests have few members, which are compared faster than hashed; one of many has no price of its square.
package struct MemberNames {
    private var few: [String] = []
    private var many: Set<String> = []

    package init() {}

    /// Adds a name.
    ///
    /// - Returns: whether it is new.
    package mutating func insert(_ name: String) -> Bool {
        guard many.isEmpty else { return many.insert(name).inserted }
        if few.contains(name) { return false }
        few.append(name)
        if few.count > 16 { many = Set(few) }
        return true
    }
}
