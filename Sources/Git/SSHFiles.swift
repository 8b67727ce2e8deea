import Foundation
import MooringHTTPTransport
import MooringPorts

/// Paths of the key and of the known hosts as ssh's options take them.
struct SSHFiles {
    let key: String
    let knownHosts: String
    /// Where texts were written; removed when nobody holds it any more.
    let folder: PrivateFolder?

    /// Writes what was given as text, and checks what was given as a path.
    init(_ identity: SSHIdentity) throws(GitProblem) {
        var folder: PrivateFolder?
        func write(_ text: String, _ name: String) throws(GitProblem) -> String {
            let made: PrivateFolder
            if let folder { made = folder } else { made = try PrivateFolder() }
            folder = made
            return try made.write(text, name)
        }
        switch identity.key {
        case .file(let path): key = try SSHFiles.option(path, "ssh key")
        case .text(let secret):
            // A key that lost its last line end in a variable is refused by ssh.
            let text = secret.revealed
            key = try SSHFiles.option(try write(text.hasSuffix("\n") ? text : text + "\n", "key"), "ssh key")
        }
        switch identity.knownHosts {
        case .file(let path): knownHosts = try SSHFiles.option(path, "known hosts")
        case .text(let text):
            knownHosts = try SSHFiles.option(
                try write(text.hasSuffix("\n") ? text : text + "\n", "known_hosts"), "known hosts",
            )
        }
        self.folder = folder
    }

    /// The path, in the quotes that ssh's options want for blanks, with the signs doubled that it would replace.
    private static func option(_ path: String, _ what: String) throws(GitProblem) -> String {
        guard path.hasPrefix("/"), !path.contains("\""), !path.contains("\\"), !path.contains("${"),
            !path.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
        else {
            throw .transport(
                TransportFault(
                    .invalidInput, "The path of the \(what) must be absolute, without quotes and dollar signs.",
                    .invalidInput,
                ),
            )
        }
        guard FileManager.default.isReadableFile(atPath: path) else {
            throw .transport(
                TransportFault(.unauthenticated, "The file of the \(what), \(path), cannot be read.", .stalled))
        }
        return "\"\(path.replacing("%", with: "%%"))\""
    }
}

/// A folder that only we may enter, removed with its content.
final class PrivateFolder {
    private let path: String

    init() throws(GitProblem) {
        var template = Array(FileManager.default.temporaryDirectory.appending(path: "mooring-XXXXXX").path.utf8CString)
        // mkdtemp makes it with mode 0700.
        guard mkdtemp(&template) != nil else {
            throw .storage("No temporary folder can be made: \(String(cString: strerror(errno))).")
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    /// Writes a file that only we may read.
    func write(_ text: String, _ name: String) throws(GitProblem) -> String {
        guard text.utf8.count <= Limits.credentialBytes else {
            throw .limit("bytes of an ssh key or of known hosts", maximum: Limits.credentialBytes)
        }
        let file = "\(path)/\(name)"
        let made = FileManager.default.createFile(
            atPath: file, contents: Data(text.utf8), attributes: [.posixPermissions: 0o600],
        )
        guard made else { throw .storage("A temporary file cannot be written.") }
        return file
    }
}
