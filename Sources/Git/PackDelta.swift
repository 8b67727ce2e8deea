/// One object as what it takes over from another one, in git's form for packs.
enum PackDelta {
    private enum Step {
        case copy(Range<Int>)
        case insert(ArraySlice<UInt8>)
    }

    /// The delta that makes `result` of `base`; nil where it would save little.
    ///
    /// - Parameter isTree: both are trees: what is alike is found entry by entry, else at the beginning and at the end.
    static func bytes(from base: [UInt8], to result: [UInt8], isTree: Bool) -> [UInt8]? {
        let steps = isTree ? treeSteps(base, result) ?? edgeSteps(base, result) : edgeSteps(base, result)
        var delta = number(base.count) + number(result.count)
        for step in steps {
            switch step {
            case .copy(let range): append(copying: range, to: &delta)
            case .insert(let bytes): append(inserting: bytes, to: &delta)
            }
        }
        return delta.count < result.count / 2 ? delta : nil
    }

    // MARK: What is alike

    private static func edgeSteps(_ base: [UInt8], _ result: [UInt8]) -> [Step] {
        let shorter = min(base.count, result.count)
        var head = 0
        while head < shorter, base[head] == result[head] { head += 1 }
        var tail = 0
        while tail < shorter - head, base[base.count - 1 - tail] == result[result.count - 1 - tail] { tail += 1 }
        return [
            .copy(0..<head), .insert(result[head..<(result.count - tail)]), .copy((base.count - tail)..<base.count),
        ]
    }

    private static func treeSteps(_ base: [UInt8], _ result: [UInt8]) -> [Step]? {
        guard let old = entries(base), let new = entries(result) else { return nil }
        let places = Dictionary(old.map { (Array(base[$0]), $0) }, uniquingKeysWith: { first, _ in first })
        var steps: [Step] = []
        for range in new {
            guard let place = places[Array(result[range])] else {
                steps.append(.insert(result[range]))
                continue
            }
            if case .copy(let last) = steps.last, last.upperBound == place.lowerBound {
                steps[steps.count - 1] = .copy(last.lowerBound..<place.upperBound)
            } else {
                steps.append(.copy(place))
            }
        }
        return steps
    }

    /// Where each entry of a tree lies; nil where it is none.
    private static func entries(_ bytes: [UInt8]) -> [Range<Int>]? {
        var ranges: [Range<Int>] = []
        var position = 0
        while position < bytes.count {
            guard let nameEnd = bytes[position...].firstIndex(of: 0), nameEnd + 21 <= bytes.count else { return nil }
            ranges.append(position..<(nameEnd + 21))
            position = nameEnd + 21
        }
        return ranges
    }

    // MARK: Git's form

    /// Seven bits a byte, the lowest first.
    private static func number(_ value: Int) -> [UInt8] {
        var rest = value
        var bytes: [UInt8] = []
        while rest >= 0x80 {
            bytes.append(UInt8(rest & 0x7F) | 0x80)
            rest >>= 7
        }
        return bytes + [UInt8(rest)]
    }

    /// A byte says which bytes of place and length follow; git itself copies no more than 64 KiB at once.
    private static func append(copying range: Range<Int>, to delta: inout [UInt8]) {
        var start = range.lowerBound
        while start < range.upperBound {
            let length = min(range.upperBound - start, 0xFFFF)
            var command: UInt8 = 0x80
            var following: [UInt8] = []
            for index in 0..<4 {
                let byte = UInt8(start >> (8 * index) & 0xFF)
                guard byte != 0 else { continue }
                command |= 1 << index
                following.append(byte)
            }
            for index in 0..<2 {
                let byte = UInt8(length >> (8 * index) & 0xFF)
                guard byte != 0 else { continue }
                command |= 0x10 << index
                following.append(byte)
            }
            delta.append(command)
            delta += following
            start += length
        }
    }

    private static func append(inserting bytes: ArraySlice<UInt8>, to delta: inout [UInt8]) {
        var rest = bytes
        while !rest.isEmpty {
            let part = rest.prefix(0x7F)
            delta.append(UInt8(part.count))
            delta += part
            rest = rest.dropFirst(part.count)
        }
    }
}
