import Glibc
package import MooringPorts

/// The folder for mirrors and unsent reports.
package enum DataFolder {
    /// Makes the folder where it is not there, and writes a file into it to see whether that can be done.
    package static func prepare(_ path: String) throws(Failure) {
        if path.isEmpty { throw failure(path, "Its path is empty.", 0) }
        if let trouble = make(path) {
            throw failure(path, "\(trouble.path) cannot be made: \(SmallFile.words(trouble.number))", trouble.number)
        }
        let probe = path + "/.probe"
        let descriptor = open(probe, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let number = errno
            throw failure(path, "No file can be made in it: \(SmallFile.words(number))", number)
        }
        var byte: UInt8 = 0
        let number = write(descriptor, &byte, 1) == 1 ? 0 : errno
        close(descriptor)
        unlink(probe)
        guard number == 0 else {
            throw failure(path, "No file can be written in it: \(SmallFile.words(number))", number)
        }
    }

    /// Makes a folder and those above it.
    ///
    /// - Returns: which of them cannot be made and the error's number; nil where the folder is there.
    static func make(_ path: String) -> (path: String, number: Int32)? {
        var made = path.hasPrefix("/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += (made.isEmpty || made.hasSuffix("/") ? "" : "/") + part
            if mkdir(made, 0o700) == 0 { continue }
            let number = errno
            var information = stat()
            // Where there is a folder already, the system may say that its disk is read-only.
            guard stat(made, &information) == 0, information.st_mode & S_IFMT == S_IFDIR else {
                return (made, number == EEXIST ? ENOTDIR : number)
            }
        }
        return nil
    }

    private static func failure(_ path: String, _ cause: String, _ number: Int32) -> Failure {
        let isFull = number == ENOSPC || number == EDQUOT
        let other = "ame a folder that Mooring may write to with --data, MOORING_DATA, or 'data' in the settings file."
        return Failure(
            code: .storage, subject: "the data folder '\(path)'", tried: "use", cause: cause,
            remedy: isFull ? "Make room on its disk, or n\(other)" : "N\(other)", disposition: .stalled)
    }
}
