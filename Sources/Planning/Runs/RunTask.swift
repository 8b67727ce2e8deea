import MooringModel
import MooringShapes

/// A task of a run as DescribeTasks shows it.
struct RunTask {
    let described: Value
    /// Names of the containers whose end ends the task.
    private let essential: [String]

    /// - Parameter content: the task definition, as git has it or ECS describes it.
    init(_ described: Value, content: Value) {
        self.described = described
        // What AWS adds to a task by itself (agents, proxies) is in no definition, and none of the run's work.
        essential = (content["containerDefinitions"]?.elements ?? [])
            .filter { $0["essential"]?.boolean != false }.compactMap { $0["name"]?.text }
    }

    var id: String { RunMemory.shortID(ofTask: described["taskArn"]?.text ?? "") }

    /// Whether nothing of it runs any more. Source: Developer Guide, "Task lifecycle": STOPPED is the last state.
    var isOver: Bool { described["lastStatus"]?.text == "STOPPED" }

    /// Nil while it is not over; `0` where every essential container ended with 0; else the code of the first that did not, `n`
    /// where one never had a code.
    var code: String? {
        guard isOver else { return nil }
        let containers = described["containers"]?.elements ?? []
        let codes = essential.map { name in
            containers.first { $0["name"]?.text == name }?["exitCode"]?.text
        }
        if let failed = codes.compactMap({ $0 }).first(where: { $0 != "0" }) {
            return failed.count > Limits.exitCodeLength ? "x" : failed
        }
        return !codes.isEmpty && codes.allSatisfy { $0 == "0" } ? "0" : "n"
    }

    var state: String { described["lastStatus"]?.text ?? "UNKNOWN" }
}
