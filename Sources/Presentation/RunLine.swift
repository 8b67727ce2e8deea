package import MooringModel
import MooringNames
import MooringShapes

/// What a plan says about one one-off task: a line for people, a map for programs.
enum RunLine {
    /// The lines of those that are not done: mark, name, word, revision, why; what to do below it.
    static func lines(of plan: Plan, _ palette: Palette) -> [String] {
        plan.runs.filter { $0.state != .done }.flatMap { run -> [String] in
            let (mark, colour) = run.state.mark
            let parts = [
                palette.paint(mark, colour), palette.paint(run.node.description, .bold),
                palette.paint(run.state.planWord, colour), revisionInWords(of: run, in: plan),
                run.state.sentence?.safeLine.masked ?? "",
            ]
            let remedy = run.state.trouble.map { ["    do: \($0.remedy.safeLine.masked)"] } ?? []
            let evidence = (run.state.trouble?.evidence ?? []).map { "    ECS: \($0.safeLine.masked)" }
            return [parts.filter { !$0.isEmpty }.joined(separator: "  ")] + evidence + remedy
        }
    }

    static func value(of run: RunStanding, in plan: Plan) -> Value {
        .map(present: [
            ("run", .string(run.node.description)), ("state", .string(run.state.word)),
            ("revision", revision(of: run, in: plan).map(Value.string)),
            ("message", run.state.sentence.map { .string($0.masked) }),
            ("remedy", run.state.trouble.map { .string($0.remedy.masked) }),
        ])
    }

    /// The revision for people, empty where there is nothing to say.
    static func revisionInWords(of run: RunStanding, in plan: Plan) -> String {
        revision(of: run, in: plan) ?? (run.state.isToBegin ? "a new revision" : "")
    }

    /// The revision that it runs, `migrate:(new)` where that is yet to be registered; nil where it is not known.
    private static func revision(of run: RunStanding, in plan: Plan) -> String? {
        for step in plan.steps {
            if case .run(run.node, _, .start(let reference, _, _)) = step.action {
                return PlanRow.text(of: reference, PlanRow.registrations(in: plan.steps))
            }
        }
        return run.revision?.description
    }

    /// How many are how far, for the summary: `1 task is to be started`. Those that are done are not counted.
    static func counts(of runs: [RunStanding]) -> [String] {
        let phrases = runs.compactMap { $0.state.phrases }
        return RunStanding.State.Phrases.all.compactMap { phrase in
            let count = phrases.count { $0 == phrase }
            if count == 0 { return nil }
            return count == 1 ? "1 task \(phrase.one)" : "\(count) tasks \(phrase.many)"
        }
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

    /// Whether the run begins with this plan, or after others by itself.
    var isToBegin: Bool {
        switch self {
        case .starting: true
        case .withheld(let reason): reason.isMereOrder
        case .running, .waiting, .done, .failed, .question, .unknown: false
        }
    }

    /// What is done about it, for people.
    package var planWord: String {
        if case .starting = self { return "start" }
        return isToBegin ? "start, after others" : word
    }

    /// What is said of one run and of several.
    fileprivate struct Phrases: Hashable {
        let one: String
        let many: String

        static let beginning = Phrases(one: "is to be started", many: "are to be started")
        static let running = Phrases(one: "is running", many: "are running")
        static let waiting = Phrases(one: "waits to be placed", many: "wait to be placed")
        static let failed = Phrases(one: "failed", many: "failed")
        static let question = Phrases(one: "needs a person's word", many: "need a person's word")
        static let unknown = Phrases(one: "is unknown", many: "are unknown")
        static let withheld = Phrases(one: "is withheld", many: "are withheld")
        static let all = [beginning, running, waiting, failed, question, unknown, withheld]
    }

    fileprivate var phrases: Phrases? {
        switch self {
        case .starting: .beginning
        case .running: .running
        case .waiting: .waiting
        case .done: nil
        case .failed: .failed
        case .question: .question
        case .withheld: isToBegin ? .beginning : .withheld
        case .unknown: .unknown
        }
    }

    fileprivate var mark: (String, Palette.Colour) {
        switch self {
        case .starting: ("+", .green)
        case .running, .waiting: (">", .cyan)
        case .done: ("=", .dim)
        case .failed: ("x", .red)
        case .question, .unknown: ("?", .magenta)
        case .withheld: isToBegin ? ("+", .green) : ("!", .magenta)
        }
    }
}
