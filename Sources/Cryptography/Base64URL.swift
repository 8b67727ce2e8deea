/// The alphabet of base 64 that is safe in URLs, without padding (RFC 4648, section 5). A pure function.
package enum Base64URL {
    /// Four characters for every three bytes, fewer at the end.
    package static func text(of bytes: some Sequence<UInt8>) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var result: [UInt8] = []
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                result.append(alphabet[Int(buffer >> UInt32(bits)) & 63])
            }
            buffer &= 0xFF
        }
        if bits > 0 { result.append(alphabet[Int(buffer << UInt32(6 - bits)) & 63]) }
        return String(decoding: result, as: UTF8.self)
    }
}
