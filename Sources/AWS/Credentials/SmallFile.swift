import Glibc
import MooringPorts

/// Small files, read whole.
enum SmallFile {
    /// - Returns: nil where the file, or a folder on the way to it, does not exist.
    static func read(_ path: String) throws(Failure) -> [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw failure(path, String(cString: strerror(errno)))
        }
        defer { close(descriptor) }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw failure(path, String(cString: strerror(errno))) }
            if count == 0 { return bytes }
            bytes.append(contentsOf: buffer[..<count])
            guard bytes.count <= Limits.fileBytes else {
                throw failure(path, "it has more than \(Limits.fileBytes) bytes")
            }
        }
    }

    private static func failure(_ path: String, _ why: String) -> Failure {
        Failure(
            code: .storage, subject: "'\(path)'", tried: "read", cause: "\(why).", remedy: "Check the file.",
            disposition: .stalled,
        )
    }
}
