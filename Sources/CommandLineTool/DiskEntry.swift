import Glibc

/// What lies at a path of the disk, links not followed: one look at it, and its content on demand.
///
/// Foundation's attributes are a dictionary of everything that is known of a file; ten thousand of them took longer than
/// checking what is in the files.
struct DiskEntry {
    enum Kind { case file, folder, link, other }

    let path: String
    let kind: Kind
    /// In bytes.
    let size: Int

    /// Nil where nothing is there, or nothing that may be looked at.
    init?(at path: String) {
        var status = stat()
        guard lstat(path, &status) == 0 else { return nil }
        self.path = path
        size = Int(status.st_size)
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .link
            default: .other
            }
    }

    /// The bytes of a file, as many as it had when it was looked at; nil where it cannot be read, or has become a link since.
    var content: [UInt8]? {
        let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var hasFailed = false
        let bytes = [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
            while count < buffer.count {
                let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count...])
                let received = read(descriptor, rest.baseAddress, rest.count)
                if received < 0, errno == EINTR { continue }
                hasFailed = received < 0
                guard received > 0 else { return }
                count += received
            }
        }
        return hasFailed ? nil : bytes
    }
}
