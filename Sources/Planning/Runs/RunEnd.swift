import MooringModel
import MooringNames
import MooringRollouts
import MooringShapes

/// How a run ended of which every task is over.
struct RunEnd {
    let planner: RunPlanner
    /// With every task's end.
    let memory: RunMemory
    /// Those that ECS still shows.
    let tasks: [RunTask]

    func decision(on reference: RevisionReference, at place: RunPlace) -> RunDecision {
        let failed = memory.tasks.filter { $0.code != "0" }
        let isShort = memory.placed < memory.wanted
        if failed.isEmpty, !isShort {
            let ended = RunMemory(.ended, attempt: memory.attempt, at: planner.policy.wall)
            return planner.ending(ended, .done, on: reference, at: place)
        }
        let diagnosis = diagnosis(of: place)
        var sentences: [String] = []
        if isShort {
            let why = memory.note.isEmpty ? "" : ": \(memory.note)"
            sentences.append("Only \(memory.placed) of \(memory.wanted) tasks were started\(why).")
        }
        if let first = failed.first {
            let code = first.code.flatMap { Int($0) }.map { "exit code \($0)" } ?? "no exit code"
            sentences.append("\(failed.count) of \(memory.tasks.count) tasks failed: \(code).")
            if let diagnosis { sentences.append(diagnosis.sentence) }
        }
        var noted = RunMemory(.failed, attempt: memory.attempt, at: planner.policy.wall)
        noted.note = sentences.joined(separator: " ")
        let remedy = failed.isEmpty ? "Give the cluster room for all of its tasks." : diagnosis?.remedy ?? ""
        return planner.ending(
            noted,
            .failed(
                RunStanding.Trouble(
                    cause: noted.note,
                    remedy: [remedy, planner.howToRunAgain].filter { !$0.isEmpty }.joined(separator: " "),
                    evidence: diagnosis?.evidence ?? [])), on: reference, at: place)
    }

    /// Why the tasks failed, as far as ECS still shows them.
    private func diagnosis(of place: RunPlace) -> Diagnosis? {
        let failed = tasks.filter { $0.isOver && $0.code != "0" }.map(\.described)
        if failed.isEmpty { return nil }
        var symptoms = Symptoms(stoppedTasks: failed, service: planner.run.input, taskDefinition: place.content)
        symptoms.isOneOffTask = true
        return Diagnosis.diagnose(symptoms)
    }
}
