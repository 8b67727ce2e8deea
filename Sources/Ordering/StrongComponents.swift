/// The sets of vertices of a graph of which each reaches each other.
///
/// Tarjan's algorithm, linear in vertices and edges, with a stack of its own: a chain of ten thousand services must not
/// overflow the thread's.
struct StrongComponents {
    /// Every vertex is in exactly one.
    private(set) var components: [[Int]] = []

    private var number: [Int]
    private var low: [Int]
    private var isOnPath: [Bool]
    private var path: [Int] = []
    private var count = 0

    /// - Parameters:
    ///   - edges: by vertex, the vertices it leads to.
    init(_ edges: [[Int]]) {
        number = Array(repeating: -1, count: edges.count)
        low = Array(repeating: 0, count: edges.count)
        isOnPath = Array(repeating: false, count: edges.count)
        for vertex in edges.indices where number[vertex] < 0 { visit(vertex, edges) }
    }

    private mutating func visit(_ root: Int, _ edges: [[Int]]) {
        // Each frame is a vertex and the edge that is next.
        var frames = [(vertex: root, next: 0)]
        enter(root)
        while let (vertex, next) = frames.last {
            if next < edges[vertex].count {
                frames[frames.count - 1].next += 1
                let other = edges[vertex][next]
                if number[other] < 0 {
                    enter(other)
                    frames.append((other, 0))
                } else if isOnPath[other] {
                    low[vertex] = min(low[vertex], number[other])
                }
                continue
            }
            frames.removeLast()
            if let parent = frames.last?.vertex { low[parent] = min(low[parent], low[vertex]) }
            if low[vertex] == number[vertex] { close(vertex) }
        }
    }

    private mutating func enter(_ vertex: Int) {
        number[vertex] = count
        low[vertex] = count
        count += 1
        path.append(vertex)
        isOnPath[vertex] = true
    }

    private mutating func close(_ vertex: Int) {
        var component: [Int] = []
        while let last = path.popLast() {
            isOnPath[last] = false
            component.append(last)
            if last == vertex { break }
        }
        components.append(component)
    }
}
