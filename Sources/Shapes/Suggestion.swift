/// Finds what somebody may have meant.
package enum Suggestion {
    /// The candidate nearest to `text`, nil where none is near.
    ///
    /// Near is: the same but for case, hyphens and underscores; or at most two letters added, dropped, changed or
    /// swapped, fewer for short words.
    package static func nearest(to text: String, among candidates: some Sequence<String>) -> String? {
        // Whoever writes more than this has not misspelled a member; and the comparison is quadratic.
        guard text.utf8.count <= Limits.suggestionLength else { return nil }
        let plain = simplified(text)
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let other = simplified(candidate)
            if plain == other { return candidate }
            let allowed = min(2, max(1, min(plain.count, other.count) / 3))
            guard abs(plain.count - other.count) <= allowed else { continue }
            let distance = distance(plain, other)
            if distance <= allowed, distance < best?.distance ?? .max { best = (candidate, distance) }
        }
        return best?.candidate
    }

    private static func simplified(_ text: String) -> [UInt8] {
        text.lowercased().utf8.filter { $0 != UInt8(ascii: "_") && $0 != UInt8(ascii: "-") }
    }

    /// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours count one each.
    private static func distance(_ left: [UInt8], _ right: [UInt8]) -> Int {
        guard !left.isEmpty, !right.isEmpty else { return max(left.count, right.count) }
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                let cost = left[row - 1] == right[column - 1] ? 0 : 1
                var value = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    value = min(value, beforePrevious[column - 2] + 1)
                }
                current.append(value)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }
}
