package import MooringModel
import MooringNames
import MooringShapes

/// What a plan says about one one-off task: a line for people, a map for programs.
enum RunLine {
    /// The lines of those that are not done: mark, name, word, why; what to do below it.
    static func lines(of runs: [RunStanding], _ palette: Palette) -> [String] {
        runs.filter { $0.state != .done }.flatMap { run -> [String] in
            let (mark, colour) = run.state.mark
            let parts = [
                palette.paint(mark, colour), palette.paint(run.node.description, .bold),
                palette.paint(run.state.word, colour), run.revision?.description ?? "",
                run.state.sentence?.safeLine.masked ?? "",
            ]
            let remedy = run.state.trouble.map { ["    do: \($0.remedy.safeLine.masked)"] } ?? []
            let evidence = (run.state.trouble?.evidence ?? []).map { "    ECS: \($0.safeLine.masked)" }
            return [parts.filter { !$0.isEmpty }.joined(separator: "  ")] + evidence + remedy
        }
    }

    static func value(of run: RunStanding) -> Value {
        .map(present: [
            ("run", .string(run.node.description)), ("state", .string(run.state.word)),
            ("revision", run.revision.map { .string($0.description) }),
            ("message", run.state.sentence.map { .string($0.masked) }),
            ("remedy", run.state.trouble.map { .string($0.remedy.masked) }),
        ])
    }
}

extension RunStanding.State {
    /// A stable word for programs.
    package var word: String {
        switch self {
        case .starting: "starting"
        case .running: "running"
        case .waiting: "waiting"
        case .done: "done"
        case .failed: "failed"
        case .question: "question"
        case .withheld: "withheld"
        case .unknown: "unknown"
        }
    }

    /// What there is to say about it, if anything.
    package var sentence: String? {
        switch self {
        case .starting, .done: nil
        case .running(let text), .unknown(let text): text.isEmpty ? nil : text
        case .waiting(let until, let why): "No task could be placed (\(why)); it is tried again at \(until.iso8601)."
        case .failed(let trouble), .question(let trouble): trouble.cause
        case .withheld(let reason): reason.sentence
        }
    }

    /// What a person has to look at, nil where nothing.
    package var trouble: RunStanding.Trouble? {
        switch self {
        case .failed(let trouble), .question(let trouble): trouble
        case .starting, .running, .waiting, .done, .withheld, .unknown: nil
        }
    }

    fileprivate var mark: (String, Palette.Colour) {
        switch self {
        case .starting: ("+", .green)
        case .running, .waiting: (">", .cyan)
        case .done: ("=", .dim)
        case .failed: ("x", .red)
        case .question, .unknown: ("?", .magenta)
        case .withheld: ("!", .magenta)
        }
    }
}
