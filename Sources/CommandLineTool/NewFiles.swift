import Foundation
import Glibc

/// Files that are written together, each whole, or not at all; none over one that exists.
struct NewFiles {
    /// Path from the folder they go to, and text.
    private let files: [(path: String, text: String)]

    init(_ files: [(path: String, text: String)]) { self.files = files }

    /// Why nothing was written, for people.
    struct Refusal: Error, CustomStringConvertible {
        let description: String
    }

    /// - Throws: where a file exists already, or one cannot be written. Nothing is left behind then.
    func write(to folder: String) throws(Refusal) {
        var folder = folder
        while folder.count > 1, folder.hasSuffix("/") { folder.removeLast() }
        let existing = files.map { folder + "/" + $0.path }.filter(NewFiles.isThere)
        guard existing.isEmpty else { throw NewFiles.refusal(existing: existing) }
        let temporary = folder + ".importing-\(getpid())"
        defer { try? FileManager.default.removeItem(atPath: temporary) }
        try prepare(in: temporary)
        // A folder that is not there yet appears as a whole.
        if !NewFiles.isThere(folder), rename(temporary, folder) == 0 { return }
        try move(from: temporary, to: folder)
    }

    private func prepare(in folder: String) throws(Refusal) {
        do {
            for file in files {
                let url = URL(fileURLWithPath: folder + "/" + file.path)
                try FileManager.default.createDirectory(
                    at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data(file.text.utf8).write(to: url)
            }
        } catch {
            throw Refusal(
                description: "Cannot write \(folder): \((error as NSError).localizedDescription) Nothing was written.")
        }
    }

    /// Gives each file its second name in the folder, which fails where the name is taken, and takes all back if one fails.
    private func move(from temporary: String, to folder: String) throws(Refusal) {
        var done: [String] = []
        var made: [String] = []
        for file in files {
            let target = folder + "/" + file.path
            let parent = (target as NSString).deletingLastPathComponent
            if !NewFiles.isThere(parent) {
                made.append(parent)
                try? FileManager.default.createDirectory(atPath: parent, withIntermediateDirectories: true)
            }
            if let code = NewFiles.place(temporary + "/" + file.path, at: target) {
                for path in done { unlink(path) }
                for path in made.reversed() { rmdir(path) }
                if code == EEXIST { throw NewFiles.refusal(existing: [target]) }
                throw Refusal(
                    description: "Cannot write \(target): \(String(cString: strerror(code))). Nothing was written.")
            }
            done.append(target)
        }
    }

    /// - Returns: why the file is not there, nil where it is.
    private static func place(_ source: String, at target: String) -> Int32? {
        if link(source, target) == 0 { return nil }
        let code = errno
        // Some file systems know no second names.
        guard code != EEXIST, !isThere(target), rename(source, target) == 0 else { return code }
        return nil
    }

    private static func refusal(existing: [String]) -> Refusal {
        let shown = existing.prefix(Limits.namedFiles).joined(separator: ", ")
        let more = existing.count > Limits.namedFiles ? " and \(existing.count - Limits.namedFiles) more" : ""
        return Refusal(
            description:
                "\(shown)\(more) \(existing.count == 1 ? "exists" : "exist") already. Nothing was written; remove "
                + "\(existing.count == 1 ? "it" : "them"), or name another folder with --output.")
    }

    /// Whether there is anything of that name, a dangling link included.
    private static func isThere(_ path: String) -> Bool {
        var status = stat()
        return lstat(path, &status) == 0
    }
}
