import MooringCryptography
import Testing

@Suite struct CryptographyTests {
    // The examples of FIPS 180-4: the empty message, "abc", and the letter a a million times.
    @Test(arguments: [
        ("", 1, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
        ("abc", 1, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
        ("a", 1_000_000, "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"),
    ])
    func `SHA-256 gives the published hashes`(_ text: String, _ times: Int, _ hash: String) {
        let message = String(repeating: text, count: times)
        #expect(SHA256.hex(of: message.utf8) == hash)
        #expect(SHA256.bytes(of: Array(message.utf8)).count == SHA256.byteCount)
    }

    // The same standard's examples of SHA-1.
    @Test(arguments: [
        ("", "da39a3ee5e6b4b0d3255bfef95601890afd80709"), ("abc", "a9993e364706816aba3e25717850c26c9cd0d89d"),
    ])
    func `SHA-1 gives the published hashes`(_ text: String, _ hash: String) {
        #expect(Hexadecimal.text(of: SHA1.bytes(of: Array(text.utf8))) == hash)
    }

    // RFC 4231, test cases 2 and 6 (a key longer than the block), and the empty key and message of Wikipedia's article.
    @Test(arguments: [
        (
            Array("Jefe".utf8), "what do ya want for nothing?",
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        (
            [UInt8](repeating: 0xAA, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        ([], "", "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad"),
    ])
    func `HMAC gives the published codes`(_ key: [UInt8], _ message: String, _ code: String) {
        // Once with another key in between: the empty key must not mean "the key of last time".
        _ = HMACSHA256.bytes(key: Array("other".utf8), message: [1])
        #expect(HMACSHA256.hex(key: key, message: message.utf8) == code)
    }

    @Test func `the constant-time comparison tells equal from different`() {
        #expect(ConstantTime.areEqual("secret".utf8, Array("secret".utf8)))
        #expect(ConstantTime.areEqual([], []))
        #expect(!ConstantTime.areEqual("secret".utf8, "secreT".utf8))
        #expect(!ConstantTime.areEqual("secret".utf8, "secret1".utf8))
        #expect(!ConstantTime.areEqual("".utf8, "a".utf8))
    }

    @Test func `hashes and codes of a message in pieces are those of the whole`() {
        let message = (0..<1_000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        for key in [[], Array("Jefe".utf8), [UInt8](repeating: 0xAA, count: 131)] {
            for size in [1, 63, 64, 65, 1_000] {
                let hash = RunningSHA256()
                let code = RunningHMACSHA256(key: key)
                for start in stride(from: 0, to: message.count, by: size) {
                    let piece = message[start..<min(start + size, message.count)]
                    hash.update(piece)
                    code.update(piece)
                    code.update([])
                }
                #expect(hash.finish() == SHA256.bytes(of: message))
                #expect(code.finish() == HMACSHA256.bytes(key: key, message: message))
            }
        }
    }

    @Test func `hexadecimal digits are read in either case, and nothing else is`() {
        #expect(Hexadecimal.bytes(of: "00fFa0") == [0, 255, 160])
        #expect(Hexadecimal.bytes(of: "") == [])
        for text in ["0", "abc", "0g", " 00", "+1", "\u{661}\u{661}"] { #expect(Hexadecimal.bytes(of: text) == nil) }
    }
}
