import Foundation

/// Runs a small program in Python: another implementation to agree with.
enum Python {
    struct Trouble: Error { let text: String }

    static func output(of program: String, input: String) throws -> String {
        let inherited = ProcessInfo.processInfo.environment
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // The child ends itself if it hangs.
        process.arguments = [
            inherited["MOORING_TEST_PYTHON"] ?? "python3", "-c", "import signal; signal.alarm(60)\n" + program,
        ]
        let (stdin, stdout) = (Pipe(), Pipe())
        process.standardInput = stdin
        process.standardOutput = stdout
        try process.run()
        try stdin.fileHandleForWriting.write(contentsOf: Data(input.utf8))
        try stdin.fileHandleForWriting.close()
        let output = try stdout.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Trouble(text: "Python ended with \(process.terminationStatus)")
        }
        return String(decoding: output, as: UTF8.self)
    }
}
