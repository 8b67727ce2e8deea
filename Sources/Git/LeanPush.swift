import MooringPorts

/// Pushes one ref over a smart connection, with a pack that leans on what the server has.
///
/// In libgit2's place, which cannot send such packs and does not say where the server's ref stood: here the ref is only moved
/// from where it is expected to stand, which is git's own compare-and-swap.
struct LeanPush {
    private let connection: any SmartConnection
    private let operation: Operation

    init(_ connection: any SmartConnection, _ operation: Operation) {
        self.connection = connection
        self.operation = operation
    }

    /// - Parameters:
    ///   - old: where the server's ref must stand; nil where it must not be there.
    ///   - outgoing: everything that `new` needs and the server may not have.
    /// - Returns: nil where the server took it, otherwise why not.
    func push(
        _ outgoing: [OutgoingObject], to ref: String, from old: ObjectKey?, to new: ObjectKey,
        in objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> PushRefusal? {
        try operation.checkTime()
        defer { connection.end() }
        do {
            let server = try listing(ref)
            guard server.target == old else { return .outrun("The server's ref has moved.") }
            let pack = try PackFile.bytes(
                of: outgoing, mayLean: !server.capabilities.contains("no-thin"), in: objects)
            let zero = String(repeating: "0", count: 40)
            let wanted = ["report-status", "side-band-64k"].filter(server.capabilities.contains)
            let command = "\(old?.hex ?? zero) \(new.hex) \(ref)\0 \(wanted.joined(separator: " ")) agent=git/2-mooring"
            try carry { () throws(TransportFault) in
                if !type(of: connection).isStateful { try connection.begin(.push) }
                try write(LeanPush.line(command) + Array("0000".utf8) + pack)
            }
            guard wanted.contains("report-status") else {
                return .declined("The server does not say whether it takes what is pushed.")
            }
            return try report(on: ref, inBands: wanted.contains("side-band-64k"))
        } catch {
            // Our own reason for stopping counts for more than how it showed.
            if let interruption = operation.interruption { throw interruption }
            throw error
        }
    }

    // MARK: Before

    /// What a server says at first.
    private struct Listing {
        var target: ObjectKey?
        var capabilities: Set<String> = []
    }

    private func listing(_ ref: String) throws(GitProblem) -> Listing {
        try carry { () throws(TransportFault) in try connection.begin(.listForPush) }
        var lines = PacketLines(connection, operation)
        var listing = Listing()
        var count = 0
        var isFirst = true
        while true {
            guard let line = try lines.next() else {
                if isFirst, count > 0 {
                    // Only the service's name has been said.
                    isFirst = false
                    continue
                }
                break
            }
            count += 1
            if count > Limits.advertisedRefs {
                throw .limit("refs that a server advertises", maximum: Limits.advertisedRefs)
            }
            let text = String(decoding: line, as: UTF8.self)
            if text.hasPrefix("# service=") { continue }
            isFirst = false
            if text.hasPrefix("ERR ") { throw .refused(Words.printable(String(text.dropFirst(4)))) }
            let parts = text.split(separator: "\0", maxSplits: 1)
            if parts.count == 2 {
                let words = parts[1].split { $0 == " " || $0 == "\n" }
                listing.capabilities = Set(words.map { String($0) })
            }
            let words = (parts.first ?? "").split { $0 == " " || $0 == "\n" }
            if words.count == 2, words[1] == ref, let target = ObjectKey(hex: String(words[0])) {
                listing.target = target
            }
        }
        if !type(of: connection).isStateful { try lines.drain() }
        return listing
    }

    // MARK: After

    private func report(on ref: String, inBands: Bool) throws(GitProblem) -> PushRefusal? {
        var lines = PacketLines(connection, operation)
        var report = inBands ? try report(inBandsOf: &lines) : try plainReport(&lines)
        if !type(of: connection).isStateful { try lines.drain() }
        guard !report.isEmpty else { throw LeanPush.silent }
        let unpacked = report.removeFirst()
        guard unpacked == "unpack ok" else {
            throw .transport(
                TransportFault(.serverError, "The server cannot use what was pushed: \(Words.printable(unpacked))."))
        }
        for line in report {
            if line == "ok \(ref)" { return nil }
            if line.hasPrefix("ng \(ref) ") {
                return PushRefusal(words: String(line.dropFirst("ng \(ref) ".count)), explained: operation.serverWords)
            }
        }
        throw LeanPush.silent
    }

    private static let silent = GitProblem.transport(
        TransportFault(.malformedAnswer, "The server did not say whether it took what was pushed."))

    private func plainReport(_ lines: inout PacketLines) throws(GitProblem) -> [String] {
        var report: [String] = []
        while let line = try lines.next(), report.count < Limits.reportLines { report.append(LeanPush.text(line)) }
        return report
    }

    /// The report in lines of its own within the first band; what the server prints for people is in the second.
    private func report(inBandsOf lines: inout PacketLines) throws(GitProblem) -> [String] {
        var inner: [UInt8] = []
        while let line = try lines.next() {
            try operation.checkTime()
            let content = line.dropFirst()
            switch line.first {
            case 1:
                inner += content
                if inner.count > Limits.reportBytes {
                    throw .limit("bytes of a server's report on a push", maximum: Limits.reportBytes)
                }
            case 2: content.withUnsafeBytes { operation.record(serverWords: $0) }
            case 3: throw .refused(Words.printable(String(decoding: content, as: UTF8.self)))
            default:
                throw .transport(
                    TransportFault(.malformedAnswer, "The server's report on a push is not in git's protocol."))
            }
        }
        var report: [String] = []
        var rest = inner[...]
        while rest.count >= 4 {
            let length = Int(String(decoding: rest.prefix(4), as: UTF8.self), radix: 16) ?? 0
            guard length >= 4, length <= rest.count else { break }
            report.append(LeanPush.text(Array(rest.prefix(length).dropFirst(4))))
            rest = rest.dropFirst(length)
        }
        return report
    }

    // MARK: Parts

    private static func text(_ line: [UInt8]) -> String {
        let text = String(decoding: line, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }

    private static func line(_ text: String) -> [UInt8] {
        let length = String(text.utf8.count + 4, radix: 16)
        return Array((String(repeating: "0", count: 4 - length.count) + length + text).utf8)
    }

    private func write(_ bytes: [UInt8]) throws(TransportFault) {
        let connection = connection
        try bytes.withUnsafeBytes { bytes in
            Result { () throws(TransportFault) in try connection.write(bytes) }
        }.get()
    }

    private func carry(_ step: () throws(TransportFault) -> Void) throws(GitProblem) {
        do throws(TransportFault) {
            try step()
        } catch {
            operation.record(error)
            throw .transport(error)
        }
    }
}
