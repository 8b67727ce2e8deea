import MooringModel
import MooringNames
import MooringShapes

/// Task definitions that no service and no one-off task of the environment runs: they are not registered, which surprises whoever expects it.
enum UnusedTaskDefinitions {
    /// A remark on each. None while a manifest cannot be used: what it refers to is not known. None where there is nothing
    /// that runs: a folder of task definitions alone is meant so, or not finished.
    static func findings(in state: DesiredState) -> [Finding] {
        guard !state.services.isEmpty || !state.runs.isEmpty, state.badServices.isEmpty, state.badRuns.isEmpty,
            !state.findings.contains(where: { $0.severity == .error })
        else { return [] }
        let references = state.services.map(\.taskDefinition) + state.runs.map(\.taskDefinition)
        let used = Set(
            references.compactMap { reference -> Family? in
                if case .family(let family) = reference { family } else { nil }
            })
        return state.taskDefinitions.filter { !used.contains($0.family) }.map { unused in
            Finding(
                severity: .remark, rule: "unused-task-definition",
                message: "Nothing in this environment runs the task definition '\(unused.family)', so it is not "
                    + "registered. Let a service's 'taskDefinition' name it, or remove it.",
                file: unused.file, position: unused.position, memberPath: "family")
        }
    }
}
