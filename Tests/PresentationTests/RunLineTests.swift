import MooringModel
import MooringNames
import MooringPresentation
import MooringShapes
import Testing

@Suite struct RunLineTests {
    private func plan() throws -> Plan {
        let cluster = try ClusterName("main")
        func run(_ name: String, _ state: RunStanding.State) throws -> RunStanding {
            RunStanding(
                node: .run(cluster: cluster, name: try RunName(name)), digest: nil, state: state,
                revision: try Revision("\(name):3"))
        }
        let trouble = RunStanding.Trouble(
            cause: "1 of 1 tasks failed: exit code 3.", remedy: "Read the container's log.",
            evidence: ["app: exit code 3"])
        var plan = Plan()
        plan.runs = [
            try run("a", .done), try run("b", .running(progress: "0/1 tasks ended; RUNNING")),
            try run("c", .failed(trouble)), try run("d", .withheld(.paused(why: "incident"))),
        ]
        return plan
    }

    @Test func `a plan tells of one-off tasks that are not done, and what to do about those that failed`() throws {
        let lines = PlanText.text(of: try plan()).split(separator: "\n").map(String.init)
        #expect(!lines.contains { $0.contains("main/a") })
        #expect(lines.contains(">  task main/b  running  b:3  0/1 tasks ended; RUNNING"))
        #expect(lines.contains("x  task main/c  failed  c:3  1 of 1 tasks failed: exit code 3."))
        #expect(lines.contains("    do: Read the container's log."))
        #expect(lines.contains("    ECS: app: exit code 3"))
        #expect(lines.contains { $0.hasPrefix("!  task main/d  withheld") && $0.contains("incident") })
    }

    @Test func `programs read every one-off task, and none where there is none`() throws {
        let value = PlanJSON.value(of: try plan())
        #expect(value["runs"]?.elements?.compactMap { $0["state"]?.text } == ["done", "running", "failed", "withheld"])
        #expect(value["runs"]?[2]?["remedy"]?.text == "Read the container's log.")
        #expect(PlanJSON.value(of: Plan())["runs"] == nil)
    }
}
