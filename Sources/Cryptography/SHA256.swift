import COpenSSL

/// SHA-256, as FIPS 180-4 has it.
///
/// A pure function: the same bytes give the same hash on every machine, so deterministic code may use it.
package enum SHA256 {
    /// Length of a hash.
    package static let byteCount = 32

    /// The 32 bytes of the hash.
    package static func bytes(of message: some Sequence<UInt8>) -> [UInt8] {
        let message = Array(message)
        var hash = [UInt8](repeating: 0, count: byteCount)
        // `EVP_Digest` returns 1 or fails for want of memory or of a provider for SHA-256, without which OpenSSL itself
        // is broken: there is no way on, and no caller that could do better than stop.
        let result = EVP_Digest(message, message.count, &hash, nil, EVP_sha256(), nil)
        precondition(result == 1, "OpenSSL has no working SHA-256")
        return hash
    }

    /// The hash in 64 lower-case hexadecimal digits.
    package static func hex(of message: some Sequence<UInt8>) -> String {
        Hexadecimal.text(of: bytes(of: message))
    }
}
