import Foundation

/// A file of the repository.
struct TreeFile: Sendable {
    /// From the repository's root.
    let path: String
    let text: String
    let isExecutable: Bool
    /// The text without comments and the content of literals; empty for what is not Swift.
    let code: String

    init(path: String, text: String, isExecutable: Bool) {
        self.path = path
        self.text = text
        self.isExecutable = isExecutable
        code = path.hasSuffix(".swift") ? SwiftText.code(of: text) : ""
    }

    /// The lines, without their ends.
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    /// The folder below `Sources` that the file lies in, nil for other files.
    var module: String? {
        let parts = path.split(separator: "/")
        return parts.count > 2 && parts[0] == "Sources" ? String(parts[1]) : nil
    }

    var isSwift: Bool { path.hasSuffix(".swift") }
}

/// The files that git keeps, as they lie in the work tree.
enum SourceTree {
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// Every file that is committed, or would be with the next `git add`. Read once.
    static func files() throws -> [TreeFile] { try read.get() }

    private static let read = Result { try readFiles() }

    private static func readFiles() throws -> [TreeFile] {
        try paths().compactMap { path in
            let url = root.appendingPathComponent(path)
            // A file that was removed and not yet committed, or one that is not text, has nothing to check.
            guard let bytes = try? Data(contentsOf: url), let text = String(data: bytes, encoding: .utf8) else {
                return nil
            }
            return TreeFile(
                path: path, text: text, isExecutable: FileManager.default.isExecutableFile(atPath: url.path))
        }
    }

    private static func paths() throws -> [String] {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
        process.currentDirectoryURL = root
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: bytes, as: UTF8.self).split(separator: "\0").map(String.init).sorted()
    }
}
