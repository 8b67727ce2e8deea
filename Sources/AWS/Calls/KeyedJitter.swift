/// Numbers that look random and depend on nothing but their key: the same seed gives the same delays, whatever ran beside.
package enum KeyedJitter {
    /// A number from 0 to below 1.
    ///
    /// - Parameters:
    ///   - seed: of the process, or of the simulation.
    ///   - call: the number of the call.
    ///   - attempt: the number of the send within the call.
    package static func fraction(seed: UInt64, call: UInt64, attempt: Int) -> Double {
        let key = mixed(mixed(mixed(seed) &+ call) &+ UInt64(bitPattern: Int64(attempt)))
        // The upper 53 bits, as many as a Double keeps.
        return Double(key >> 11) * 0x1p-53
    }

    /// SplitMix64's step: every bit of the input moves half the bits of the output.
    private static func mixed(_ value: UInt64) -> UInt64 {
        var z = value &+ 0x9E37_79B9_7F4A_7C15
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }
}
