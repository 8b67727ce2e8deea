/// Takes the member `payload` out of a form (`application/x-www-form-urlencoded`) that comes piece by piece.
///
/// No parsing: bytes become bytes, one or three to one. Gitea signs what is inside the form, so that it has to be taken out
/// before the signature can be checked.
struct FormPayload {
    private var state = State.name([])
    /// The first digit of an escape, or its percent sign.
    private var escape: [UInt8] = []

    private enum State {
        /// In a member's name. Then `payload` or `other`.
        case name([UInt8])
        /// In the value that is wanted. Then `over`.
        case payload
        /// In another's value. Then `name`.
        case other
        /// Behind the value that is wanted. A second one is passed over.
        case over
    }

    /// The payload's bytes among these.
    mutating func decode(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
        var result: [UInt8] = []
        for byte in bytes {
            switch state {
            case .name(let name):
                if byte == UInt8(ascii: "=") {
                    state = name == Array("payload".utf8) ? .payload : .other
                } else if byte == UInt8(ascii: "&") {
                    state = .name([])
                } else {
                    // Longer names are none that we look for.
                    state = .name(name.count > 16 ? name : name + [byte])
                }
            case .payload:
                if byte == UInt8(ascii: "&") { state = .over } else { take(byte, into: &result) }
            case .other:
                if byte == UInt8(ascii: "&") { state = .name([]) }
            case .over: break
            }
        }
        return result
    }

    private mutating func take(_ byte: UInt8, into result: inout [UInt8]) {
        if escape.isEmpty {
            switch byte {
            case UInt8(ascii: "%"): escape = [byte]
            case UInt8(ascii: "+"): result.append(UInt8(ascii: " "))
            default: result.append(byte)
            }
            return
        }
        escape.append(byte)
        guard escape.count == 3 else { return }
        let digits = String(decoding: escape.dropFirst(), as: UTF8.self)
        // What is no escape stays as it is, as browsers have it; the signature tells whether that is what was meant.
        if digits.allSatisfy(\.isHexDigit), let value = UInt8(digits, radix: 16) {
            result.append(value)
        } else {
            result += escape
        }
        escape = []
    }
}
