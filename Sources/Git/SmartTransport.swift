import CGit2
import MooringPorts

/// What libgit2 asks a server for.
enum SmartService: Equatable, Sendable {
    /// The refs, to fetch; over ssh the same conversation goes on with the pack.
    case listForFetch
    case fetch
    case listForPush
    case push

    init?(_ service: git_smart_service_t) {
        switch service {
        case GIT_SERVICE_UPLOADPACK_LS: self = .listForFetch
        case GIT_SERVICE_UPLOADPACK: self = .fetch
        case GIT_SERVICE_RECEIVEPACK_LS: self = .listForPush
        case GIT_SERVICE_RECEIVEPACK: self = .push
        default: return nil
        }
    }

    /// The program on the server's side.
    var program: String {
        switch self {
        case .listForFetch, .fetch: "git-upload-pack"
        case .listForPush, .push: "git-receive-pack"
        }
    }

    var isList: Bool { self == .listForFetch || self == .listForPush }
}

/// A way to talk to a git server, driven by libgit2: it begins a service, writes what we say and reads the answer.
protocol SmartConnection: AnyObject {
    /// Whether one conversation carries listing and transfer (ssh), or each is a request of its own (http).
    static var isStateful: Bool { get }

    /// Begins a service. Whatever was under way is over.
    func begin(_ service: SmartService) throws(TransportFault)
    /// - Returns: how many bytes were read; 0 at the end of the answer.
    func read(into buffer: UnsafeMutableRawBufferPointer) throws(TransportFault) -> Int
    func write(_ bytes: UnsafeRawBufferPointer) throws(TransportFault)
    /// Ends what is under way. May be called more than once.
    func end()
}

/// Registers a `SmartConnection` with one remote, and carries libgit2's calls to it.
///
/// libgit2 owns two structs of C, the subtransport and its stream, which point to a `SmartBridge`; each holds a reference
/// of its own, given up when libgit2 frees it.
enum SmartTransport {
    /// What the callbacks of a remote point to; must outlive the remote's calls.
    final class Context {
        let operation: Operation
        /// nil lets libgit2 choose its own transport, which is right for local paths.
        let connection: (any SmartConnection)?

        init(operation: Operation, connection: (any SmartConnection)?) {
            self.operation = operation
            self.connection = connection
        }
    }

    /// The factory that libgit2 calls when a remote connects; the payload is a `Context`.
    static let factory: git_transport_cb = { out, owner, payload in
        guard let payload else { return GIT_ERROR.rawValue }
        let context = Unmanaged<Context>.fromOpaque(payload).takeUnretainedValue()
        guard let connection = context.connection else { return GIT_ERROR.rawValue }
        var definition = git_smart_subtransport_definition(
            callback: SmartTransport.makeSubtransport, rpc: type(of: connection).isStateful ? 0 : 1, param: payload,
        )
        return git_transport_smart(out, owner, &definition)
    }

    private static let makeSubtransport: git_smart_subtransport_cb = { out, _, payload in
        guard let out, let payload else { return GIT_ERROR.rawValue }
        let context = Unmanaged<Context>.fromOpaque(payload).takeUnretainedValue()
        guard let connection = context.connection else { return GIT_ERROR.rawValue }
        let bridge = SmartBridge(operation: context.operation, connection: connection)
        let made = UnsafeMutablePointer<mooring_subtransport>.allocate(capacity: 1)
        made.initialize(to: mooring_subtransport())
        made.pointee.parent.action = SmartTransport.action
        made.pointee.parent.close = { SmartBridge.of($0)?.close() ?? 0 }
        made.pointee.parent.free = { SmartTransport.free($0) }
        made.pointee.connection = Unmanaged.passRetained(bridge).toOpaque()
        out.pointee = SmartTransport.parent(of: made)
        return 0
    }

    private static let action:
        @convention(c) (
            UnsafeMutablePointer<UnsafeMutablePointer<git_smart_subtransport_stream>?>?,
            UnsafeMutablePointer<git_smart_subtransport>?, UnsafePointer<CChar>?, git_smart_service_t
        ) -> Int32 = { out, subtransport, _, service in
            guard let out, let subtransport, let bridge = SmartBridge.of(subtransport),
                let service = SmartService(service)
            else { return GIT_ERROR.rawValue }
            return bridge.begin(service, subtransport, out)
        }

    private static func free(_ subtransport: UnsafeMutablePointer<git_smart_subtransport>?) {
        guard let subtransport else { return }
        _ = SmartBridge.of(subtransport)?.close()
        let made = UnsafeMutableRawPointer(subtransport).assumingMemoryBound(to: mooring_subtransport.self)
        if let connection = made.pointee.connection { Unmanaged<SmartBridge>.fromOpaque(connection).release() }
        made.deinitialize(count: 1)
        made.deallocate()
    }

    /// The first member of a C struct has the struct's own address.
    private static func parent(
        of made: UnsafeMutablePointer<mooring_subtransport>,
    ) -> UnsafeMutablePointer<git_smart_subtransport> {
        UnsafeMutableRawPointer(made).assumingMemoryBound(to: git_smart_subtransport.self)
    }
}

/// Between libgit2's calls and a `SmartConnection`: turns typed faults into codes, and remembers them.
private final class SmartBridge {
    private let operation: Operation
    private let connection: any SmartConnection
    /// The stream that libgit2 holds; a stateful conversation has the same one for both of its services.
    private var stream: UnsafeMutablePointer<git_smart_subtransport_stream>?

    init(operation: Operation, connection: any SmartConnection) {
        self.operation = operation
        self.connection = connection
    }

    static func of(_ subtransport: UnsafeMutablePointer<git_smart_subtransport>?) -> SmartBridge? {
        guard let subtransport else { return nil }
        let made = UnsafeMutableRawPointer(subtransport).assumingMemoryBound(to: mooring_subtransport.self)
        return made.pointee.connection.map { Unmanaged<SmartBridge>.fromOpaque($0).takeUnretainedValue() }
    }

    static func of(_ stream: UnsafeMutablePointer<git_smart_subtransport_stream>?) -> SmartBridge? {
        guard let stream else { return nil }
        let made = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: mooring_stream.self)
        return made.pointee.connection.map { Unmanaged<SmartBridge>.fromOpaque($0).takeUnretainedValue() }
    }

    func begin(
        _ service: SmartService, _ subtransport: UnsafeMutablePointer<git_smart_subtransport>,
        _ out: UnsafeMutablePointer<UnsafeMutablePointer<git_smart_subtransport_stream>?>,
    ) -> Int32 {
        if type(of: connection).isStateful, let stream {
            out.pointee = stream
            return 0
        }
        return carry { () throws(TransportFault) in
            try connection.begin(service)
            let made = UnsafeMutablePointer<mooring_stream>.allocate(capacity: 1)
            made.initialize(to: mooring_stream())
            made.pointee.parent.subtransport = subtransport
            made.pointee.parent.read = { stream, buffer, size, count in
                SmartBridge.of(stream)?.read(buffer, size, count) ?? GIT_ERROR.rawValue
            }
            made.pointee.parent.write = { stream, bytes, size in
                SmartBridge.of(stream)?.write(bytes, size) ?? GIT_ERROR.rawValue
            }
            made.pointee.parent.free = { SmartBridge.freeStream($0) }
            made.pointee.connection = Unmanaged.passRetained(self).toOpaque()
            stream = UnsafeMutableRawPointer(made).assumingMemoryBound(to: git_smart_subtransport_stream.self)
            out.pointee = stream
        }
    }

    private func read(
        _ buffer: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: UnsafeMutablePointer<Int>?,
    ) -> Int32 {
        count?.pointee = 0
        return carry { () throws(TransportFault) in
            count?.pointee = try connection.read(into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
        }
    }

    private func write(_ bytes: UnsafePointer<CChar>?, _ size: Int) -> Int32 {
        carry { () throws(TransportFault) in
            try connection.write(UnsafeRawBufferPointer(start: bytes, count: size))
        }
    }

    func close() -> Int32 {
        connection.end()
        return 0
    }

    private static func freeStream(_ stream: UnsafeMutablePointer<git_smart_subtransport_stream>?) {
        guard let stream else { return }
        let made = UnsafeMutableRawPointer(stream).assumingMemoryBound(to: mooring_stream.self)
        if let pointer = made.pointee.connection {
            let bridge = Unmanaged<SmartBridge>.fromOpaque(pointer).takeRetainedValue()
            // A stateful conversation may free an old stream after a new one was made; only the current one ends it.
            if bridge.stream == stream {
                bridge.stream = nil
                bridge.connection.end()
            }
        }
        made.deinitialize(count: 1)
        made.deallocate()
    }

    /// Runs a step of the connection; a fault becomes libgit2's error and is kept for ours, which says more.
    private func carry(_ step: () throws(TransportFault) -> Void) -> Int32 {
        if operation.interruption != nil { return Operation.stopCode }
        do {
            try step()
            return 0
        } catch {
            operation.record(error)
            _ = git_error_set_str(Int32(bitPattern: GIT_ERROR_NET.rawValue), error.cause)
            return error.code == .unauthenticated ? GIT_EAUTH.rawValue : GIT_ERROR.rawValue
        }
    }
}
