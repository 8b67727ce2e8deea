import Glibc

/// A file that is read whole, bounded.
package enum SmallFile {
    /// Why a file cannot be read, in words for people.
    package struct Trouble: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Returns: why it cannot be read, in words for people.
    package static func read(_ path: String, limit: Int) -> Result<[UInt8], Trouble> {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { return .failure(Trouble(description: words(errno))) }
        defer { close(descriptor) }
        var information = stat()
        guard fstat(descriptor, &information) == 0 else { return .failure(Trouble(description: words(errno))) }
        // A pipe or a socket would be waited for, a folder is none; `/dev/stdin` and the like are left out with them.
        guard information.st_mode & S_IFMT == S_IFREG else {
            return .failure(Trouble(description: "It is no ordinary file."))
        }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            let count = Glibc.read(descriptor, &buffer, buffer.count)
            if count < 0 {
                if errno == EINTR { continue }
                return .failure(Trouble(description: words(errno)))
            }
            if count == 0 { return .success(bytes) }
            bytes += buffer[..<count]
            guard bytes.count <= limit else {
                return .failure(Trouble(description: "It has more than \(limit) bytes."))
            }
        }
    }

    /// What the system says about an error number, as a sentence.
    static func words(_ number: Int32) -> String { String(cString: strerror(number)) + "." }
}
