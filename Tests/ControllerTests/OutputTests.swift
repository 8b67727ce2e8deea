import Logging
import MooringController
import MooringHTTPTransport
import MooringShapes
import Synchronization
import Testing

@Suite struct `What a process says` {
    private final class Sink: Sendable {
        private let written = Mutex("")
        func take(_ text: String) { written.withLock { $0 += text } }
        var text: String { written.withLock { $0 } }
    }

    private func console(_ sink: Sink, isTerminal: Bool = false, secrets: [String] = []) -> Console {
        Console(isTerminal: isTerminal, redactor: Redactor(secrets: secrets.map(Secret.init))) { sink.take($0) }
    }

    @Test func `to a pipe is plain lines`() {
        let sink = Sink()
        var logger = ConsoleLogHandler.logger(console: console(sink), format: .text, level: .info)
        logger[metadataKey: "environment"] = "production"
        logger.info("one\ntwo\u{1B}[2J")
        logger.error("  three", metadata: ["code": "x"])
        logger.debug("not shown")
        let lines = sink.text.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(
            lines[0].wholeMatch(of: /\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ  info     production  one two \[2J/) != nil,
            "\(lines[0])")
        #expect(lines[1].hasSuffix("  error    production    three"))
        #expect(!sink.text.contains("\u{1B}"))
    }

    @Test func `as JSON is an object a line`() throws {
        let sink = Sink()
        var logger = ConsoleLogHandler.logger(console: console(sink), format: .json, level: .debug)
        logger[metadataKey: "environment"] = "production"
        logger.warning("a \"quoted\"\nline", metadata: ["service": "main/web"])
        let value = try JSONReader.value(of: sink.text)
        #expect(value["level"] == "warning" && value["message"] == "a \"quoted\"\nline")
        #expect(value["environment"] == "production" && value["service"] == "main/web")
        #expect(sink.text.hasSuffix("}\n"))
    }

    @Test func `never holds a secret, from wherever it comes`() {
        for format in LogFormat.allCases {
            let sink = Sink()
            let key = "-----BEGIN KEY-----\nMIIabcdefgh12\n-----END KEY-----\n"
            let logger = ConsoleLogHandler.logger(
                console: console(sink, secrets: ["plainword-token", key]), format: format, level: .info)
            logger.info("x plainword-token y", metadata: ["a": "z plainword-token"])
            logger.error(
                "bad line MIIabcdefgh12 in key; https://u:p4ssw0rd@example.com; ghp_0123456789abcdefghij0123456789abcdef"
            )
            for secret in ["plainword-token", "MIIabcdefgh12", "p4ssw0rd", "ghp_0123"] {
                #expect(!sink.text.contains(secret))
            }
        }
    }

    @Test func `on a terminal keeps the progress at its foot`() {
        let sink = Sink()
        let console = console(sink, isTerminal: true)
        let progress = LiveProgress(environment: "production", service: "main/web", progress: "1/2 tasks", seconds: 3)
        console.show([progress])
        #expect(sink.text == "\u{1B}[36m  production main/web  3 s  1/2 tasks\u{1B}[0m\n")
        console.line("something happened")
        // One line up, cleared, the news, and the progress again.
        #expect(
            sink.text.hasSuffix(
                "\u{1B}[1A\u{1B}[Jsomething happened\n\u{1B}[36m  production main/web  3 s  1/2 tasks\u{1B}[0m\n"))
        console.show([])
        #expect(sink.text.hasSuffix("\u{1B}[1A\u{1B}[J"))
        let length = sink.text.count
        console.show([])
        #expect(sink.text.count == length)
    }

    @Test func `on a terminal counts what it has no room for`() {
        let sink = Sink()
        let console = console(sink, isTerminal: true)
        console.show((1...30).map { LiveProgress(environment: "e", service: "c/s\($0)", progress: "x", seconds: 0) })
        #expect(sink.text.contains("  and 20 more rollouts\n"))
        #expect(sink.text.split(separator: "\n").count == 11)
    }

    @Test func `to a pipe has no progress at its foot`() {
        let sink = Sink()
        console(sink).show([LiveProgress(environment: "e", service: "s", progress: "p", seconds: 1)])
        #expect(sink.text.isEmpty)
    }
}
