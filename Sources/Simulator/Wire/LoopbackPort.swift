import Glibc

/// Whether a port of the loopback interface can be listened on, asked before the server starts: that one only says that
/// nobody listens, and late.
enum LoopbackPort {
    /// Why the port cannot be had, in the system's words, and what to do about it; nil where it can.
    static func objection(to port: UInt16) -> (reason: String, remedy: String)? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        guard descriptor >= 0 else { return objection(errno) }
        defer { close(descriptor) }
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
        }
        // Two that share a port by SO_REUSEADDR may both be bound; only one of them may listen.
        guard result == 0, listen(descriptor, 1) == 0 else { return objection(errno) }
        return nil
    }

    private static func objection(_ number: Int32) -> (reason: String, remedy: String) {
        let words = String(cString: strerror(number))
        let other = "choose another port with --port, or --port 0 for any that is free."
        switch number {
        case EADDRINUSE:
            return (
                words.lowercased(),
                "Another program listens there, perhaps another 'mooring simulate'. End it, or \(other)"
            )
        case EACCES: return (words.lowercased(), "Ports below 1024 are for the system's administrator; \(other)")
        default: return (words.lowercased(), "If it is about the port, \(other)")
        }
    }
}
