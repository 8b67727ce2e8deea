import COpenSSL

/// SHA-256 of bytes that come piece by piece, of which none is kept.
///
/// One owner at a time: a copy of the reference is the same hash.
package final class RunningSHA256 {
    /// Owned; freed with us.
    private let context: OpaquePointer

    package init() {
        // OpenSSL fails here for want of memory, or of a provider for SHA-256, without which it is broken itself.
        guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, EVP_sha256(), nil) == 1 else {
            preconditionFailure("OpenSSL has no working SHA-256")
        }
        self.context = context
    }

    deinit { EVP_MD_CTX_free(context) }

    /// Takes the next bytes.
    package func update(_ bytes: some Sequence<UInt8>) {
        let taken: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
        if taken == nil { Array(bytes).withUnsafeBytes(update) }
    }

    private func update(_ bytes: UnsafeRawBufferPointer) {
        let result = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
        precondition(result == 1, "OpenSSL has no working SHA-256")
    }

    /// The 32 bytes of the hash of everything taken. Nothing may be taken after it.
    package func finish() -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: SHA256.byteCount)
        let result = EVP_DigestFinal_ex(context, &hash, nil)
        precondition(result == 1, "OpenSSL has no working SHA-256")
        return hash
    }
}
