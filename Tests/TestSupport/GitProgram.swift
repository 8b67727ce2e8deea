import Foundation
package import MooringNames

/// A program run to its end, with a deadline.
package struct FinishedProgram: Sendable {
    package let exitCode: Int32
    package let output: [UInt8]
    package let errors: String

    package var text: String { String(decoding: output, as: UTF8.self) }
}

/// Why a program did not do what a test needs.
package struct ProgramError: Error, CustomStringConvertible {
    package let description: String
    package init(_ description: String) { self.description = description }
}

/// Runs a program, whatever its exit code.
///
/// Input and output go through files, so that neither side ever waits for the other.
package func runProgram(
    _ arguments: [String], in folder: String = "/", input: [UInt8] = [], environment: [String: String] = [:],
    deadlineSeconds: Int = 60,
) throws -> FinishedProgram {
    let scratch = try TemporaryFolder()
    let inputFile = scratch.path + "/input"
    try Data(input).write(to: URL(fileURLWithPath: inputFile))
    let outputs = ["output", "errors"].map { "\(scratch.path)/\($0)" }
    let program = try SpawnedProgram(
        arguments, in: folder, environment: GitProgram.environment.merging(environment) { _, given in given },
        input: inputFile, output: outputs[0], errors: outputs[1],
    )
    guard let exitCode = program.wait(seconds: deadlineSeconds) else {
        program.kill()
        throw ProgramError("\(arguments) did not end within \(deadlineSeconds) s")
    }
    return FinishedProgram(
        exitCode: exitCode, output: Array(try Data(contentsOf: URL(fileURLWithPath: outputs[0]))),
        errors: String(decoding: try Data(contentsOf: URL(fileURLWithPath: outputs[1])), as: UTF8.self),
    )
}

/// A folder that is removed with its content when nobody holds it any more.
package final class TemporaryFolder: Sendable {
    package let path: String

    package init() throws {
        let parent = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath().path
        path = "\(parent)/mooring-test-\(UUID().uuidString.prefix(13))"
        try FileManager.default.createDirectory(
            atPath: path, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755],
        )
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// Git's own program, shut off from the machine's and the user's configuration.
package enum GitProgram {
    static let environment: [String: String] = [
        "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": "/nonexistent",
        "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C",
        "GIT_AUTHOR_NAME": "Ada", "GIT_AUTHOR_EMAIL": "ada@example.com",
        "GIT_COMMITTER_NAME": "Ada", "GIT_COMMITTER_EMAIL": "ada@example.com",
    ]

    /// Runs git, which must succeed.
    ///
    /// - Returns: what it printed, without the last line end.
    @discardableResult
    package static func run(
        _ arguments: [String], in folder: String, input: [UInt8] = [], environment: [String: String] = [:],
    ) throws -> String {
        let ended = try runProgram(["git"] + arguments, in: folder, input: input, environment: environment)
        guard ended.exitCode == 0 else {
            throw ProgramError("git \(arguments) exits \(ended.exitCode): \(ended.errors)")
        }
        return ended.text.hasSuffix("\n") ? String(ended.text.dropLast()) : ended.text
    }
}

/// A bare repository on the disk, changed by git's own program: what a server serves.
package struct GitTestRepository: GitSource {
    package let path: String

    /// Makes an empty one. Pushes into it are allowed, deletions too.
    package init(at path: String) throws {
        self.path = path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        try GitProgram.run(["init", "--quiet", "--bare", "--initial-branch=main", path], in: "/")
        try GitProgram.run(["config", "http.receivepack", "true"], in: path)
    }

    /// Runs git in the repository.
    @discardableResult
    package func git(_ arguments: String..., input: String = "") throws -> String {
        try GitProgram.run(arguments, in: path, input: Array(input.utf8))
    }

    package func commit(
        _ changes: [String: String?], to branch: BranchName, message: String,
    ) throws -> CommitID {
        let parent = try? CommitID(git("rev-parse", "--verify", "--quiet", "refs/heads/\(branch)"))
        return try importCommit(changes, to: branch, message: message, parent: parent)
    }

    package func replace(_ branch: BranchName, with files: [String: String], message: String) throws -> CommitID {
        try importCommit(files.mapValues { $0 }, to: branch, message: message, parent: nil)
    }

    package func delete(_ branch: BranchName) throws { try git("update-ref", "-d", "refs/heads/\(branch)") }

    package func set(_ ref: String, to commit: CommitID?) throws {
        if let commit { try git("update-ref", ref, commit.text) } else { try git("update-ref", "-d", ref) }
    }

    package func note(on commit: CommitID, ref: String) throws -> String? {
        let ended = try runProgram(["git", "notes", "--ref", ref, "show", commit.text], in: path)
        return ended.exitCode == 0 ? ended.text : nil
    }

    package func writeNote(_ text: String, on commit: CommitID, ref: String) throws {
        try git("notes", "--ref", ref, "add", "--force", "--message", text, commit.text)
    }

    /// One process writes blobs, trees, commit and ref; no work tree is needed.
    private func importCommit(
        _ changes: [String: String?], to branch: BranchName, message: String, parent: CommitID?,
    ) throws -> CommitID {
        var stream = "commit refs/heads/\(branch)\n"
        stream += "author Ada Lovelace <ada@example.com> 1700000000 +0100\n"
        stream += "committer Ada Lovelace <ada@example.com> 1700000000 +0100\n"
        stream += "data \(message.utf8.count)\n\(message)\n"
        if let parent { stream += "from \(parent)\n" }
        for (path, text) in changes.sorted(by: { $0.key < $1.key }) {
            if let text {
                stream += "M 100644 inline \(path)\ndata \(text.utf8.count)\n\(text)\n"
            } else {
                stream += "D \(path)\n"
            }
        }
        // A branch whose old commit is no ancestor of the new one is only moved with force; one without a parent would
        // otherwise continue the branch.
        if parent == nil { _ = try? git("update-ref", "-d", "refs/heads/\(branch)") }
        try git("fast-import", "--quiet", "--force", input: stream + "\n")
        return try CommitID(git("rev-parse", "refs/heads/\(branch)"))
    }
}
