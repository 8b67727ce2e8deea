import Dispatch
import Glibc
package import MooringPorts
import MooringShapes

/// Unsent reports as files: `outbox/<key>.json`, each complete or not there.
///
/// Written beside, flushed to the disk and renamed into place, so that a crash leaves the old entry or the new one. What
/// cannot be read all the same is renamed aside for a person to look at. The folder is ours alone.
package final class FileOutbox: Outbox {
    private let folder: String
    private let onCorrupt: @Sendable (_ message: String) -> Void
    /// Flushing may take seconds on a busy disk, which no thread of Swift's pool should wait for.
    private let queue = DispatchQueue(label: "mooring.outbox")

    /// - Parameters:
    ///   - folder: made when it is first needed.
    ///   - onCorrupt: told of each entry that was put aside.
    package init(folder: String, onCorrupt: @escaping @Sendable (_ message: String) -> Void = { _ in }) {
        self.folder = folder
        self.onCorrupt = onCorrupt
    }

    package func entries() async throws(Failure) -> [OutboxEntry] {
        try await perform { outbox throws(Failure) in try outbox.readAll() }
    }

    package func store(_ entry: OutboxEntry) async throws(Failure) {
        try await perform { outbox throws(Failure) in try outbox.write(entry) }
    }

    package func remove(key: String) async throws(Failure) {
        try await perform { outbox throws(Failure) in try outbox.delete(key) }
    }

    private func perform<Result: Sendable>(
        _ body: @escaping @Sendable (FileOutbox) throws(Failure) -> Result,
    ) async throws(Failure) -> Result {
        let result: Swift.Result<Result, Failure> = await withCheckedContinuation { continuation in
            queue.async {
                continuation.resume(returning: Swift.Result { () throws(Failure) in try body(self) })
            }
        }
        return try result.get()
    }

    // MARK: Reading

    private func readAll() throws(Failure) -> [OutboxEntry] {
        var entries: [OutboxEntry] = []
        for name in try names() where name.hasSuffix(".json") {
            let key = String(name.dropLast(5))
            guard FileOutbox.isKey(key) else { continue }
            switch SmallFile.read(path(name), limit: Limits.outboxBytes) {
            case .success(let bytes):
                guard let content = String(validating: bytes, as: UTF8.self), (try? JSONReader.value(of: bytes)) != nil
                else {
                    putAside(name, why: "it is no JSON text")
                    continue
                }
                entries.append(OutboxEntry(key: key, content: content))
            case .failure(let trouble):
                putAside(name, why: trouble.description)
            }
        }
        return entries.sorted { $0.key < $1.key }
    }

    /// The names in the folder, sorted; none where it does not exist. Halves of interrupted writes are removed.
    private func names() throws(Failure) -> [String] {
        guard let handle = opendir(folder) else {
            if errno == ENOENT { return [] }
            throw failure("read", folder, errno)
        }
        defer { closedir(handle) }
        var names: [String] = []
        while let entry = readdir(handle) {
            let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                pointer.withMemoryRebound(to: CChar.self, capacity: 256) { String(cString: $0) }
            }
            if name.hasPrefix("."), name.hasSuffix(FileOutbox.unfinished) { unlink(path(name)) }
            if !name.hasPrefix(".") { names.append(name) }
            guard names.count <= Limits.outboxEntries + Limits.corruptEntries else {
                throw Failure(
                    code: .limitExceeded, subject: folder, tried: "read", cause: "It holds too many entries.",
                    remedy: "Remove the folder; what it holds is reported anew from git and ECS.", disposition: .stalled
                )
            }
        }
        return names.sorted()
    }

    private func putAside(_ name: String, why: String) {
        let corrupt = ((try? names()) ?? []).filter { $0.hasSuffix(FileOutbox.corrupt) }
        for old in corrupt.prefix(max(0, corrupt.count - Limits.corruptEntries + 1)) { unlink(path(old)) }
        rename(path(name), path(name + FileOutbox.corrupt))
        onCorrupt("The unsent report \(path(name)) is not used: \(why). It is kept as \(name)\(FileOutbox.corrupt).")
    }

    // MARK: Writing

    private static let unfinished = ".unfinished"
    private static let corrupt = ".corrupt"

    private func write(_ entry: OutboxEntry) throws(Failure) {
        guard FileOutbox.isKey(entry.key), entry.content.utf8.count <= Limits.outboxBytes else {
            throw Failure(
                code: .limitExceeded, subject: "'\(entry.key.prefix(128))'", tried: "keep the report",
                cause: "Its key or its size is not allowed.", disposition: .invalidInput)
        }
        try makeFolder()
        let temporary = path("." + entry.key + FileOutbox.unfinished)
        let final = path(entry.key + ".json")
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure("write", temporary, errno) }
        let trouble = FileOutbox.fill(descriptor, with: Array(entry.content.utf8))
        close(descriptor)
        if let trouble {
            unlink(temporary)
            throw failure("write", final, trouble)
        }
        guard rename(temporary, final) == 0 else {
            let number = errno
            unlink(temporary)
            throw failure("write", final, number)
        }
        // The name is on the disk only when the folder is.
        try flushFolder()
    }

    /// - Returns: the error's number, nil where all is on the disk.
    private static func fill(_ descriptor: Int32, with bytes: [UInt8]) -> Int32? {
        var written = 0
        while written < bytes.count {
            let count = bytes.withUnsafeBytes {
                Glibc.write(descriptor, $0.baseAddress.map { $0 + written }, bytes.count - written)
            }
            if count < 0 {
                if errno == EINTR { continue }
                return errno
            }
            written += count
        }
        return fsync(descriptor) == 0 ? nil : errno
    }

    private func delete(_ key: String) throws(Failure) {
        guard FileOutbox.isKey(key) else { return }
        guard unlink(path(key + ".json")) == 0 || errno == ENOENT || errno == ENOTDIR else {
            throw failure("remove", path(key + ".json"), errno)
        }
    }

    private func makeFolder() throws(Failure) {
        if let trouble = DataFolder.make(folder) { throw failure("make the folder", trouble.path, trouble.number) }
    }

    private func flushFolder() throws(Failure) {
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("write", folder, errno) }
        defer { close(descriptor) }
        // Some file systems cannot flush a folder and say EINVAL; they keep the order of names by themselves.
        if fsync(descriptor) != 0, errno != EINVAL { throw failure("write", folder, errno) }
    }

    private func path(_ name: String) -> String { folder + "/" + name }

    private func failure(_ tried: String, _ path: String, _ number: Int32) -> Failure {
        let isFull = number == ENOSPC || number == EDQUOT
        return Failure(
            code: .storage, subject: path, tried: tried, cause: SmallFile.words(number),
            remedy: isFull
                ? "Make room on the disk of the data folder." : "Check the data folder and who may write there.",
            disposition: .retry(after: nil))
    }

    /// 1 to 128 of `[A-Za-z0-9._-]`, not hidden.
    private static func isKey(_ text: String) -> Bool {
        let isAllowed = text.utf8.allSatisfy { byte in
            (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || "._-".utf8.contains(byte)
        }
        return isAllowed && (1...128).contains(text.utf8.count) && !text.hasPrefix(".")
    }
}
