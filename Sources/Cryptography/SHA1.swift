import COpenSSL

/// SHA-1, as FIPS 180-4 has it: git's checksum of packs. It proves nothing to anybody.
package enum SHA1 {
    /// Length of a hash.
    package static let byteCount = 20

    /// The 20 bytes of the hash.
    package static func bytes(of message: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: byteCount)
        // As for SHA-256: it fails only where OpenSSL itself is broken.
        let result = EVP_Digest(message, message.count, &hash, nil, EVP_sha1(), nil)
        precondition(result == 1, "OpenSSL has no working SHA-1")
        return hash
    }
}
