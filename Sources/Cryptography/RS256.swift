import COpenSSL

/// RSA signatures over SHA-256 with PKCS #1 v1.5 padding: `RS256` of JSON Web Algorithms (RFC 7518, section 3.3). A pure
/// function: this padding has no randomness, so that the same key and message give the same bytes.
package enum RS256 {
    /// Why there is no signature. None of the cases holds a part of the key.
    package enum Trouble: Error, Hashable, Sendable {
        /// The text is no private key in PEM, or one behind a passphrase.
        case unreadableKey
        /// A key, but not RSA.
        case wrongKind
        /// A modulus of fewer bits than RFC 7518 asks for.
        case shortKey(bits: Int)
    }

    /// Whether a text is a key that signs.
    package static func isKey(_ privateKey: String) -> Bool {
        (try? signature(of: [], privateKey: privateKey)) != nil
    }

    /// The signature of a message, as long as the key's modulus.
    ///
    /// - Parameter privateKey: in PEM, as PKCS #1 (`BEGIN RSA PRIVATE KEY`) or PKCS #8 (`BEGIN PRIVATE KEY`).
    package static func signature(of message: some Sequence<UInt8>, privateKey: String) throws(Trouble) -> [UInt8] {
        // What OpenSSL says about a malformed key would otherwise stay on this thread for whoever asks next.
        defer { ERR_clear_error() }
        let pem = Array(privateKey.utf8)
        guard !pem.isEmpty, pem.count <= Limits.privateKeyBytes, let input = BIO_new_mem_buf(pem, Int32(pem.count))
        else {
            throw .unreadableKey
        }
        defer { BIO_free(input) }
        // Without a callback OpenSSL would ask for a passphrase on the terminal.
        guard let key = PEM_read_bio_PrivateKey(input, nil, { _, _, _, _ in -1 }, nil) else { throw .unreadableKey }
        defer { EVP_PKEY_free(key) }
        guard EVP_PKEY_get_base_id(key) == EVP_PKEY_RSA else { throw .wrongKind }
        let bits = Int(EVP_PKEY_get_bits(key))
        guard bits >= Limits.rsaBits else { throw .shortKey(bits: bits) }

        let context = EVP_MD_CTX_new()
        defer { EVP_MD_CTX_free(context) }
        let message = Array(message)
        var signature = [UInt8](repeating: 0, count: Int(EVP_PKEY_get_size(key)))
        var count = signature.count
        let isSigned =
            EVP_DigestSignInit(context, nil, EVP_sha256(), nil, key) == 1
            && EVP_DigestSign(context, &signature, &count, message, message.count) == 1
        precondition(isSigned, "OpenSSL has no working RSA signature with SHA-256")
        return Array(signature.prefix(count))
    }
}
