/// Merges two versions of a text with their common ancestor, line by line: the repository in memory's own way.
enum LineMerge {
    /// A run of the ancestor's lines and what stands in its place.
    private struct Hunk: Equatable {
        let range: Range<Int>
        let lines: [[UInt8]]
    }

    /// - Returns: nil where both changed the same or neighbouring lines, and not alike.
    static func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8]) -> [UInt8]? {
        let lines = split(base)
        var left = hunks(from: lines, to: split(ours))[...]
        var right = hunks(from: lines, to: split(theirs))[...]
        var merged: [[UInt8]] = []
        var position = 0
        while let next = take(&left, &right) {
            guard let hunk = next else { return nil }
            merged += lines[position..<hunk.range.lowerBound] + hunk.lines
            position = hunk.range.upperBound
        }
        return (merged + lines[position...]).flatMap { $0 }
    }

    /// The hunk that comes next; nil at the end, and nil in it where two are in each other's way.
    private static func take(_ left: inout ArraySlice<Hunk>, _ right: inout ArraySlice<Hunk>) -> Hunk?? {
        guard let ours = left.first else { return right.popFirst().map { .some($0) } }
        guard let theirs = right.first else { return left.popFirst().map { .some($0) } }
        if ours == theirs {
            _ = right.popFirst()
            return left.popFirst().map { .some($0) }
        }
        if ours.range.upperBound < theirs.range.lowerBound { return left.popFirst().map { .some($0) } }
        if theirs.range.upperBound < ours.range.lowerBound { return right.popFirst().map { .some($0) } }
        return .some(nil)
    }

    private static func hunks(from old: [[UInt8]], to new: [[UInt8]]) -> [Hunk] {
        var removed = Set<Int>()
        var inserted = Set<Int>()
        for change in new.difference(from: old) {
            switch change {
            case .remove(let offset, _, _): removed.insert(offset)
            case .insert(let offset, _, _): inserted.insert(offset)
            }
        }
        var hunks: [Hunk] = []
        var (before, after) = (0, 0)
        while before < old.count || after < new.count {
            let start = (before, after)
            while removed.contains(before) { before += 1 }
            while inserted.contains(after) { after += 1 }
            if start == (before, after) {
                before += 1
                after += 1
            } else {
                hunks.append(Hunk(range: start.0..<before, lines: Array(new[start.1..<after])))
            }
        }
        return hunks
    }

    /// The lines with their ends.
    private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var lines: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let end = rest.firstIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.endIndex
            lines.append(Array(rest[..<end]))
            rest = rest[end...]
        }
        return lines
    }
}
