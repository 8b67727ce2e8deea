import COpenSSL

/// HMAC over SHA-256, as RFC 2104 has it. A pure function.
package enum HMACSHA256 {
    /// The 32 bytes of the authentication code.
    package static func bytes(key: some Sequence<UInt8>, message: some Sequence<UInt8>) -> [UInt8] {
        var key = Array(key)
        let message = Array(message)
        let keyCount = key.count
        // OpenSSL takes a nil key as "the key of last time", and an empty Swift array may lend a nil pointer. HMAC pads
        // keys with zeros, so a zero byte that is not counted changes nothing and makes the pointer real.
        if key.isEmpty { key = [0] }
        var code = [UInt8](repeating: 0, count: SHA256.byteCount)
        let result = HMAC(EVP_sha256(), key, Int32(keyCount), message, message.count, &code, nil)
        precondition(result != nil, "OpenSSL has no working HMAC with SHA-256")
        return code
    }

    /// The authentication code in 64 lower-case hexadecimal digits.
    package static func hex(key: some Sequence<UInt8>, message: some Sequence<UInt8>) -> String {
        Hexadecimal.text(of: bytes(key: key, message: message))
    }
}
