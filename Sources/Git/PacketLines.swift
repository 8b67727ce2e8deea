import MooringPorts

/// Reads the lines of git's protocol from a connection: four digits for the length, then as many bytes less four.
struct PacketLines {
    private let connection: any SmartConnection
    private let operation: Operation
    private var buffer: [UInt8] = []
    private var position = 0

    init(_ connection: any SmartConnection, _ operation: Operation) {
        self.connection = connection
        self.operation = operation
    }

    /// The next line; nil is the mark between two parts.
    mutating func next() throws(GitProblem) -> [UInt8]? {
        let digits = try take(4)
        guard let length = Int(String(decoding: digits, as: UTF8.self), radix: 16), length == 0 || length >= 4 else {
            throw fault(.malformedAnswer, "The server's answer is not in git's protocol.")
        }
        return length == 0 ? nil : try take(length - 4)
    }

    /// Reads what is left, so that the connection can be used again.
    mutating func drain() throws(GitProblem) {
        for _ in 0..<Limits.drainedReads {
            position = buffer.count
            if try !fill() { return }
        }
    }

    private mutating func take(_ count: Int) throws(GitProblem) -> [UInt8] {
        while buffer.count - position < count {
            guard try fill() else {
                throw fault(
                    .connectionLost, "The server's answer ended early: whether it took what was pushed is not known.")
            }
        }
        defer { position += count }
        return Array(buffer[position..<(position + count)])
    }

    /// - Returns: false at the end of the answer.
    private mutating func fill() throws(GitProblem) -> Bool {
        try operation.checkTime()
        if position > 0 {
            buffer.removeFirst(position)
            position = 0
        }
        var part = [UInt8](repeating: 0, count: 64 << 10)
        var count = 0
        do throws(TransportFault) {
            let connection = connection
            let result = part.withUnsafeMutableBytes { bytes in
                Result { () throws(TransportFault) in try connection.read(into: bytes) }
            }
            count = try result.get()
        } catch {
            operation.record(error)
            throw .transport(error)
        }
        buffer += part.prefix(count)
        return count > 0
    }

    private func fault(_ code: Failure.Code, _ cause: String) -> GitProblem { .transport(TransportFault(code, cause)) }
}
