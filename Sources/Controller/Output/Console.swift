import Foundation
package import MooringPresentation
import Synchronization

/// Where lines for people go: a pipe gets plain lines, a terminal gets colour and, at its foot, what is going on now.
package final class Console: Sendable {
    package let isTerminal: Bool
    package let palette: Palette
    private let redactor: Redactor
    private let write: @Sendable (String) -> Void
    private let state = Mutex(State())

    private struct State {
        var live: [LiveProgress] = []
        /// Lines of the live part that stand on the terminal now.
        var drawn = 0
    }

    /// - Parameters:
    ///   - isTerminal: whether escape sequences are understood.
    ///   - write: takes text as it is.
    package init(isTerminal: Bool, redactor: Redactor, write: @escaping @Sendable (String) -> Void) {
        self.isTerminal = isTerminal
        self.redactor = redactor
        self.write = write
        palette = isTerminal ? .terminal : .plain
    }

    /// The process's standard error.
    package static func standardError(redactor: Redactor, variables: [String: String]) -> Console {
        Console(isTerminal: isTerminal(STDERR_FILENO, variables), redactor: redactor) { text in
            // A closed pipe is no reason to stop managing services.
            try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
        }
    }

    /// Whether a descriptor is a terminal that wants colour. Source: no-color.org; `TERM=dumb` understands no sequences.
    package static func isTerminal(_ descriptor: Int32, _ variables: [String: String]) -> Bool {
        isatty(descriptor) == 1 && (variables["NO_COLOR"] ?? "").isEmpty && variables["TERM"] != "dumb"
    }

    /// Writes a line above the live part.
    package func line(_ text: String) {
        let text = redactor.redacted(text)
        state.withLock { state in
            write(erasing(&state) + text + "\n" + drawing(&state))
        }
    }

    /// Replaces the live part. Without a terminal there is none.
    package func show(_ live: [LiveProgress]) {
        guard isTerminal else { return }
        state.withLock { state in
            if live.isEmpty, state.drawn == 0 { return }
            let erased = erasing(&state)
            state.live = live
            write(erased + drawing(&state))
        }
    }

    /// Up to the first line of the live part, and everything below cleared.
    private func erasing(_ state: inout State) -> String {
        guard state.drawn > 0 else { return "" }
        defer { state.drawn = 0 }
        return "\u{1B}[\(state.drawn)A\u{1B}[J"
    }

    private func drawing(_ state: inout State) -> String {
        guard isTerminal, !state.live.isEmpty else { return "" }
        var lines = state.live.prefix(Limits.liveLines).map { redactor.redacted($0.line(palette)) }
        if state.live.count > lines.count { lines.append("  and \(state.live.count - lines.count) more rollouts") }
        state.drawn = lines.count
        return lines.map { $0 + "\n" }.joined()
    }
}

/// One rollout as the foot of a terminal shows it.
package struct LiveProgress: Equatable, Sendable {
    package var environment: String
    package var service: String
    /// Tasks and the newest event, in words.
    package var progress: String
    package var seconds: Int64

    package init(environment: String, service: String, progress: String, seconds: Int64) {
        self.environment = environment
        self.service = service
        self.progress = progress
        self.seconds = seconds
    }

    func line(_ palette: Palette) -> String {
        // A line that wraps would make the next drawing start in the wrong place.
        let text = "  \(environment) \(service)  \(seconds) s  \(progress.safeLine)".shortened(to: 79)
        return palette.paint(text, .cyan)
    }
}
