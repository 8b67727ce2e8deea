/// Bounds of the shape engine.
enum Limits {
    /// Longest text for which a suggestion is sought, in bytes. The longest member name of ECS has 34; the comparison
    /// takes the product of both lengths.
    static let suggestionLength = 64

    /// Longest piece of a value that a message quotes, in characters. Enough to recognise it; a message stays one line.
    static let quotedLength = 60

    /// Most members named in the remark about nulls; enough to see what it is about.
    static let namedNulls = 3

    /// Most findings about one document. A document of the wrong kind has one for every leaf; nobody reads them all.
    static let findingsPerDocument = 200
}
