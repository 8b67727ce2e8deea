/// Bounds of the order.
enum Limits {
    /// Most names that a message lists. Nobody reads more, and one is enough to look.
    static let namedNodes = 10
    /// Most failures that are named as what blocks something: the first to be mended.
    static let namedFailures = 3
    /// Most unknown names for which one is looked for that resembles them.
    static let orderSuggestions = 200
    /// Most nodes among which it is looked for; together with the above this bounds what a hostile folder costs.
    static let orderSuggestedNames = 1000
}
