package import Logging
import MooringModel
import MooringPresentation
import MooringShapes

/// Writes log lines onto a console: for people, or one JSON object a line.
package struct ConsoleLogHandler: LogHandler {
    package var logLevel: Logger.Level
    package var metadata: Logger.Metadata = [:]
    private let console: Console
    private let format: LogFormat
    private let now: @Sendable () -> Timestamp

    init(console: Console, format: LogFormat, level: Logger.Level, now: @escaping @Sendable () -> Timestamp) {
        self.console = console
        self.format = format
        self.now = now
        logLevel = level
    }

    /// A logger that writes here.
    package static func logger(console: Console, format: LogFormat, level: Logger.Level) -> Logger {
        let clock = SystemClock()
        return Logger(label: "mooring") { _ in
            ConsoleLogHandler(console: console, format: format, level: level, now: { clock.now })
        }
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        let merged = metadata.merging(event.metadata ?? [:]) { _, own in own }
        switch format {
        case .json: console.line(json(event, merged))
        case .text: console.line(text(event, merged))
        }
    }

    private func json(_ event: LogEvent, _ metadata: Logger.Metadata) -> String {
        var members: [(String, Value)] = [
            ("time", .string(now().iso8601)), ("level", .string(event.level.rawValue)),
            ("message", .string(Masking.masked(event.message.description))),
        ]
        members += metadata.sorted { $0.key < $1.key }.map { ($0.key, .string(Masking.masked($0.value.description))) }
        return JSONWriter(.compact).text(of: .map(members))
    }

    /// A terminal shows when in seconds, a pipe in full; the environment stands before the message.
    private func text(_ event: LogEvent, _ metadata: Logger.Metadata) -> String {
        let time = now().iso8601
        let palette = console.palette
        let shownTime = console.isTerminal ? String(time.dropFirst(11).prefix(8)) : String(time.prefix(19)) + "Z"
        let environment = metadata["environment"].map { "\($0)" } ?? ""
        let message = event.message.description.indentedSafeLine
        let parts = [
            palette.paint(shownTime, .dim), mark(event.level, palette), palette.paint(environment, .bold),
            event.level >= .error ? palette.paint(message, .red) : message,
        ]
        return parts.filter { !$0.isEmpty }.joined(separator: "  ")
    }

    private func mark(_ level: Logger.Level, _ palette: Palette) -> String {
        switch level {
        case .critical, .error: palette.paint("error  ", .red)
        case .warning: palette.paint("warning", .yellow)
        case .notice, .info: console.isTerminal ? "" : "info   "
        case .debug, .trace: palette.paint("debug  ", .dim)
        }
    }
}

extension String {
    /// One line that cannot move a cursor, its indentation kept.
    fileprivate var indentedSafeLine: String { String(prefix { $0 == " " }) + safeLine }
}
