/// Randomness that is a function of (seed, purpose, ordinal), never of scheduling: the same seed gives the same history.
package struct KeyedRandom: Sendable {
    private let key: UInt64

    package init(seed: UInt64, purpose: String) {
        // FNV-1a over the purpose, mixed with the seed.
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in purpose.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        key = KeyedRandom.mixed(seed ^ hash)
    }

    /// The value with this ordinal.
    package func value(ordinal: Int) -> UInt64 {
        KeyedRandom.mixed(key &+ UInt64(truncatingIfNeeded: ordinal) &* 0x9e37_79b9_7f4a_7c15)
    }

    /// SplitMix64's finaliser: every bit of the input reaches every bit of the output.
    private static func mixed(_ input: UInt64) -> UInt64 {
        var bits = input &+ 0x9e37_79b9_7f4a_7c15
        bits = (bits ^ (bits >> 30)) &* 0xbf58_476d_1ce4_e5b9
        bits = (bits ^ (bits >> 27)) &* 0x94d0_49bb_1331_11eb
        return bits ^ (bits >> 31)
    }
}
