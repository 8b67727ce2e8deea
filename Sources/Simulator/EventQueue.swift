/// What will happen inside, ordered by time, then by the order in which it was planned: a binary heap.
struct EventQueue<Event: Sendable>: Sendable {
    private struct Entry: Sendable {
        let time: Int64
        let sequence: UInt64
        let event: Event

        func precedes(_ other: Entry) -> Bool { (time, sequence) < (other.time, other.sequence) }
    }

    private var heap: [Entry] = []
    private var planned: UInt64 = 0

    /// When the next event is due, nil where none is planned.
    var nextTime: Int64? { heap.first?.time }

    var count: Int { heap.count }

    mutating func plan(_ event: Event, at time: Int64) {
        heap.append(Entry(time: time, sequence: planned, event: event))
        planned += 1
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].precedes(heap[parent]) else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Takes the next event if it is due at `time`.
    mutating func next(dueAt time: Int64) -> (time: Int64, event: Event)? {
        guard let first = heap.first, first.time <= time else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            sink()
        }
        return (first.time, first.event)
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count {
                if heap[child].precedes(heap[least]) { least = child }
            }
            if least == parent { return }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}
