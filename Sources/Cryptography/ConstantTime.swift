import COpenSSL

/// Comparison that takes the same time wherever the difference lies, so that a secret cannot be guessed byte by byte.
package enum ConstantTime {
    /// Whether both are the same bytes. Only their lengths may be learned from the time taken.
    package static func areEqual(_ left: some Sequence<UInt8>, _ right: some Sequence<UInt8>) -> Bool {
        let left = Array(left)
        let right = Array(right)
        guard left.count == right.count else { return false }
        return CRYPTO_memcmp(left, right, left.count) == 0
    }
}
