import Foundation
import Glibc
import Synchronization

/// A server written in Python, as a child process with an end: it is stopped by `stop`, by its own alarm, or with us.
///
/// The program prints one line, `ready <port>`, when it listens; what follows on the line is for the test.
package final class PythonServer: Sendable {
    package let port: UInt16
    /// The words behind the port.
    package let words: [String]
    private let process: Process

    package struct StartError: Error, CustomStringConvertible {
        package let description: String
    }

    /// - Parameters:
    ///   - program: Python source.
    ///   - environment: beside `PATH`, which is inherited.
    ///   - lifetimeSeconds: after which the child ends by itself, whatever happens.
    package init(program: String, environment: [String: String] = [:], lifetimeSeconds: Int = 120) throws {
        let inherited = ProcessInfo.processInfo.environment
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        let guarded = """
            import signal, ctypes
            signal.alarm(\(lifetimeSeconds))
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)
            \(program)
            """
        process.arguments = [inherited["MOORING_TEST_PYTHON"] ?? "python3", "-c", guarded]
        process.environment = environment.merging(["PATH": inherited["PATH"] ?? "/usr/bin:/bin"]) { given, _ in given }
        let output = Pipe()
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        self.process = process
        do {
            (port, words) = try PythonServer.readLine(output.fileHandleForReading)
        } catch {
            process.terminate()
            throw error
        }
    }

    package var url: String { "http://127.0.0.1:\(port)" }

    /// Ends the child.
    package func stop() { if process.isRunning { process.terminate() } }

    private static func readLine(_ handle: FileHandle) throws -> (UInt16, [String]) {
        var line: [UInt8] = []
        var descriptor = pollfd(fd: handle.fileDescriptor, events: Int16(POLLIN), revents: 0)
        // Importing moto takes seconds on a busy machine.
        while line.last != UInt8(ascii: "\n"), line.count < 1000 {
            guard poll(&descriptor, 1, 60_000) == 1 else { throw StartError(description: "no line within a minute") }
            var byte: UInt8 = 0
            guard read(handle.fileDescriptor, &byte, 1) == 1 else {
                throw StartError(description: "the child ended: \(String(decoding: line, as: UTF8.self))")
            }
            line.append(byte)
        }
        let words = String(decoding: line, as: UTF8.self).split(whereSeparator: \.isWhitespace)
        guard words.count >= 2, words[0] == "ready", let port = UInt16(words[1]) else {
            throw StartError(description: "not 'ready <port>': \(words)")
        }
        return (port, words.dropFirst(2).map(String.init))
    }
}

/// Runs `body` with a Python server that stops when it is done.
package func withPythonServer<Result>(
    _ program: String, environment: [String: String] = [:], isolation: isolated (any Actor)? = #isolation,
    _ body: (PythonServer) async throws -> Result,
) async throws -> Result {
    let server = try PythonServer(program: program, environment: environment)
    defer { server.stop() }
    return try await body(server)
}
