/// What the API says of one kind of value.
package struct Shape: Sendable {
    /// The name in the API model: `ContainerDefinition`.
    package let name: String
    package let kind: Kind

    /// Where a shape stands in its table. Only valid in the table it came from.
    package typealias ID = Int

    package indirect enum Kind: Sendable {
        /// An object with named members.
        case structure(Structure)
        /// An object whose names are free.
        case map(key: ID, value: ID)
        case list(element: ID, bounds: Bounds)
        case string(StringRule)
        /// A whole number, of 32 bits or (`long`) of 64.
        case integer(Bounds, bits: Int)
        case double(Bounds)
        case boolean
        /// Seconds since 1970, or text that AWS reads as a time.
        case timestamp
        /// Bytes in Base64.
        case blob
        /// Any JSON at all.
        case document
    }

    /// The members of an object.
    package struct Structure: Sendable {
        /// In the API model's order.
        package let members: [Member]
        /// Exactly one member may be set.
        package let isUnion: Bool
        private let indices: [String: Int]

        init(members: [Member], isUnion: Bool) {
            self.members = members
            self.isUnion = isUnion
            indices = Dictionary(
                members.enumerated().map { ($0.element.name, $0.offset) }, uniquingKeysWith: { first, _ in first })
        }

        /// The member called `name`, spelled exactly so.
        package subscript(_ name: String) -> Member? { indices[name].map { members[$0] } }
    }

    package struct Member: Sendable {
        package let name: String
        package let shape: ID
        package let isRequired: Bool
        package let isDeprecated: Bool
    }

    /// The least and the most a length, a count or a number may be.
    package struct Bounds: Hashable, Sendable {
        package let minimum: Int?
        package let maximum: Int?

        package init(minimum: Int? = nil, maximum: Int? = nil) {
            self.minimum = minimum
            self.maximum = maximum
        }

        /// `1 to 128`, `at least 1`, `at most 128`, for sentences.
        package var phrase: String {
            switch (minimum, maximum) {
            case (let minimum?, let maximum?): "\(minimum) to \(maximum)"
            case (let minimum?, nil): "at least \(minimum)"
            case (nil, let maximum?): "at most \(maximum)"
            case (nil, nil): "any"
            }
        }
    }

    /// What a text must be.
    package struct StringRule: Sendable {
        /// Bounds of the length in characters.
        package let bounds: Bounds
        /// The values allowed, empty where any text is.
        package let values: [String]
        /// The characters allowed, nil where any are.
        package let characters: CharacterClass?
    }
}
