/// Randomness that depends on what it is for, never on when it is asked.
///
/// A number is a function of (seed, kind, scope, ordinal): the third task of a service has the same id whatever happened to
/// other services before. The mixer is SplitMix64's, whose output passes the usual tests of randomness.
struct KeyedRandom: Sendable {
    private let seed: UInt64

    init(seed: UInt64) { self.seed = seed }

    /// What a number is for. The raw values are part of every id: append, never reorder.
    enum Kind: UInt64, Sendable {
        case world = 1
        case task
        case deployment
        case serviceDeployment
        case event
        case request
        case attachment
        case container
        case fault
        case lag
        case jitter
        case accessKey
        case scalableTarget
        case network
        case digest
        case instance
    }

    /// A stable number for a text, so that names can be scopes (FNV-1a, 64 bits).
    static func scope(_ parts: String...) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for part in parts {
            for byte in part.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
            hash = (hash ^ 0xFF) &* 0x0000_0100_0000_01b3
        }
        return hash
    }

    private static func mix(_ input: UInt64) -> UInt64 {
        var z = input &+ 0x9e37_79b9_7f4a_7c15
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    /// The number for a key; `word` tells apart several numbers of one key.
    func bits(_ kind: Kind, _ scope: UInt64, _ ordinal: Int, word: UInt64 = 0) -> UInt64 {
        var state = KeyedRandom.mix(seed ^ kind.rawValue &* 0xd6e8_feb8_6659_fd93)
        state = KeyedRandom.mix(state ^ scope)
        state = KeyedRandom.mix(state ^ UInt64(bitPattern: Int64(ordinal)))
        return word == 0 ? state : KeyedRandom.mix(state ^ word &* 0xa076_1d64_78bd_642f)
    }

    /// A generator of its own for the things below `scope`.
    func child(_ kind: Kind, _ scope: UInt64) -> KeyedRandom { KeyedRandom(seed: bits(kind, scope, 0)) }

    /// A number in `range`, evenly enough: the ranges here are tiny against 2^64.
    func number(_ kind: Kind, _ scope: UInt64, _ ordinal: Int, in range: ClosedRange<Int64>) -> Int64 {
        let width = UInt64(range.upperBound - range.lowerBound) + 1
        return range.lowerBound + Int64(bits(kind, scope, ordinal) % width)
    }

    // MARK: Ids as AWS writes them

    /// 32 hexadecimal digits: a task.
    func hexadecimalID(_ kind: Kind, _ scope: UInt64, _ ordinal: Int) -> String {
        KeyedRandom.hexadecimal(bits(kind, scope, ordinal))
            + KeyedRandom.hexadecimal(bits(kind, scope, ordinal, word: 1))
    }

    /// A version 4 UUID: an event, a request, a container, an attachment.
    func uuid(_ kind: Kind, _ scope: UInt64, _ ordinal: Int) -> String {
        let high = bits(kind, scope, ordinal) & 0xFFFF_FFFF_FFFF_0FFF | 0x4000
        let low = bits(kind, scope, ordinal, word: 1) & 0x3FFF_FFFF_FFFF_FFFF | 0x8000_0000_0000_0000
        let digits = Array((KeyedRandom.hexadecimal(high) + KeyedRandom.hexadecimal(low)).utf8)
        var output: [UInt8] = []
        output.reserveCapacity(36)
        for (index, digit) in digits.enumerated() {
            if index == 8 || index == 12 || index == 16 || index == 20 { output.append(UInt8(ascii: "-")) }
            output.append(digit)
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// 19 decimal digits: a deployment, and the service revision of the same number.
    func deploymentNumber(_ scope: UInt64, _ ordinal: Int) -> String {
        String(1_000_000_000_000_000_000 + bits(.deployment, scope, ordinal) % 8_000_000_000_000_000_000)
    }

    /// 21 URL-safe characters: a service deployment.
    func urlSafeID(_ kind: Kind, _ scope: UInt64, _ ordinal: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
        var output: [UInt8] = []
        var word: UInt64 = 0
        while output.count < 21 {
            var bits = bits(kind, scope, ordinal, word: word)
            for _ in 0..<10 where output.count < 21 {
                output.append(alphabet[Int(bits & 63)])
                bits >>= 6
            }
            word += 1
        }
        return String(decoding: output, as: UTF8.self)
    }

    /// An access key id of temporary credentials: `ASIA` and 16 of base 32.
    func accessKey(_ scope: UInt64, _ ordinal: Int) -> String {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
        var bits = bits(.accessKey, scope, ordinal)
        var output = Array("ASIA".utf8)
        for _ in 0..<12 {
            output.append(alphabet[Int(bits & 31)])
            bits >>= 5
        }
        bits = self.bits(.accessKey, scope, ordinal, word: 1)
        for _ in 0..<4 {
            output.append(alphabet[Int(bits & 31)])
            bits >>= 5
        }
        return String(decoding: output, as: UTF8.self)
    }

    static func hexadecimal(_ number: UInt64) -> String {
        let digits = String(number, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
