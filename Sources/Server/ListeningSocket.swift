import Glibc
import MooringPorts

/// Opens the socket that a server listens on.
enum ListeningSocket {
    /// - Returns: the descriptor, not blocking, owned by the caller, and the port that it is bound to.
    static func open(
        host: String, port: UInt16, tried: String, subject: String,
    ) throws(Failure) -> (descriptor: Int32, port: UInt16) {
        var hints = addrinfo()
        hints.ai_flags = AI_PASSIVE | AI_NUMERICSERV
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        var found: UnsafeMutablePointer<addrinfo>?
        let result = getaddrinfo(host, String(port), &hints, &found)
        guard result == 0, let first = found else {
            throw Failure(
                code: .invalidInput, subject: subject, tried: tried, cause: "\(String(cString: gai_strerror(result))).",
                remedy:
                    "Name an address of this machine: 0.0.0.0 or :: for all of them, 127.0.0.1 for this machine alone.",
                disposition: .invalidInput,
            )
        }
        defer { freeaddrinfo(first) }
        let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue | SOCK_NONBLOCK.rawValue)
        let descriptor = socket(first.pointee.ai_family, kind, 0)
        guard descriptor >= 0 else { throw refusal(tried, subject) }
        // After a restart, connections of the process before it may still be dying.
        var on: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, first.pointee.ai_addr, first.pointee.ai_addrlen) == 0,
            listen(descriptor, Int32(Limits.backlog)) == 0, let bound = boundPort(of: descriptor)
        else {
            let failure = refusal(tried, subject)
            close(descriptor)
            throw failure
        }
        return (descriptor, bound)
    }

    /// What `errno` says of the call before.
    private static func refusal(_ tried: String, _ subject: String) -> Failure {
        let number = errno
        let remedy =
            switch number {
            case EADDRINUSE: "Another program listens there; choose another port."
            case EACCES: "Ports below 1024 are for the superuser; choose a higher one."
            case EADDRNOTAVAIL: "Name an address of this machine."
            default: ""
            }
        return Failure(
            code: number == EADDRINUSE ? .conflict : .invalidInput, subject: subject, tried: tried,
            cause: "\(String(cString: strerror(number))).", remedy: remedy, disposition: .stalled,
        )
    }

    private static func boundPort(of descriptor: Int32) -> UInt16? {
        var address = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        return withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                guard getsockname(descriptor, generic, &length) == 0 else { return nil }
                // The port is at the same place in the addresses of both families.
                return generic.withMemoryRebound(to: sockaddr_in.self, capacity: 1) {
                    UInt16(bigEndian: $0.pointee.sin_port)
                }
            }
        }
    }
}
