/// Bounds of what sentences say.
enum Limits {
    /// Most services that a sentence names. Nobody reads more, and one is enough to look.
    static let namedServices = 10
}
