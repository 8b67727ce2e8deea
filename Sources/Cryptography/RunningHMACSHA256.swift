/// HMAC over SHA-256 (RFC 2104) of a message that comes piece by piece, of which none is kept: whoever sends without end fills
/// no memory.
package final class RunningHMACSHA256 {
    private static let blockCount = 64

    private let inner = RunningSHA256()
    private let outer = RunningSHA256()

    package init(key: some Sequence<UInt8>) {
        var block = Array(key)
        if block.count > RunningHMACSHA256.blockCount { block = SHA256.bytes(of: block) }
        block += [UInt8](repeating: 0, count: RunningHMACSHA256.blockCount - block.count)
        inner.update(block.map { $0 ^ 0x36 })
        outer.update(block.map { $0 ^ 0x5C })
    }

    /// Takes the next bytes of the message.
    package func update(_ bytes: some Sequence<UInt8>) { inner.update(bytes) }

    /// The 32 bytes of the authentication code. Nothing may be taken after it.
    package func finish() -> [UInt8] {
        outer.update(inner.finish())
        return outer.finish()
    }
}
