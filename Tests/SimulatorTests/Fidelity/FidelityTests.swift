import MooringShapes
import MooringSimulator
import Testing

/// Every recorded answer against the local ECS's own answer to the same kind of request.
@Suite(.enabled(if: Captures.arePresent, "skipped: no captures at MOORING_CAPTURES or ../shared/captures"))
struct FidelityTests {
    /// Answers of the local ECS, nil where it does not model what was recorded.
    static func answer(_ recording: Recording) throws -> (recorded: Value, ours: Value)? {
        let ours: Value
        switch recording.operation {
        case "register-task-definition", "describe-task-definition", "deregister-task-definition":
            ours = try FidelityStage.definitions(recording)
        case "delete-task-definitions":
            var stage = FidelityStage(recording)
            guard stage.has("DeleteTaskDefinitions") else { return nil }
            ours = try FidelityStage.definitions(recording)
        case "list-task-definitions": ours = try FidelityStage.listOfDefinitions(recording)
        case "tag-resource", "untag-resource", "list-tags-for-resource": ours = try FidelityStage.tags(recording)
        case "create-service", "update-service", "delete-service", "describe-services":
            ours = try FidelityStage.services(recording)
        case "list-services": ours = try FidelityStage.listOfServices(recording)
        case "describe-service-deployments", "describe-service-revisions", "list-service-deployments":
            ours = try FidelityStage.serviceDeployments(recording)
        case "describe-tasks", "stop-task": ours = try FidelityStage.tasks(recording)
        case "run-task":
            guard recording.answer["tasks"] != nil else { return try FidelityStage.stepFunctions(recording) }
            ours = try FidelityStage.tasks(recording)
        case "list-tasks": ours = try FidelityStage.listOfTasks(recording)
        case "describe-clusters": ours = try FidelityStage.clusters(recording)
        case "list-account-settings": ours = try FidelityStage.accountSettings(recording)
        case "get-task-protection":
            var stage = FidelityStage(recording)
            guard stage.has("GetTaskProtection") else { return nil }
            ours = try FidelityStage.protection(recording)
        case "describe-task-sets": ours = try FidelityStage.taskSets(recording)
        case "cloudformation-read": return try FidelityStage.cloudFormation(recording)
        default: return nil
        }
        return (FidelityExceptions.comparable(recording), ours)
    }

    @Test func `every recorded answer is answered alike, or the difference is listed`() throws {
        let recordings = try Recordings.all()
        var ledger = FidelityLedger()
        for recording in recordings {
            do {
                guard let (recorded, ours) = try FidelityTests.answer(recording) else {
                    ledger.noteUnmodelled(recording)
                    continue
                }
                ledger.note(recording, Comparison(recorded: recorded, ours: ours))
            } catch {
                ledger.noteRefusal(recording, "\(error)")
            }
        }
        print(ledger.summary(of: recordings.count))
        let unexplained = ledger.unexplained.joined(separator: "\n")
        #expect(unexplained.isEmpty)
        // Somebody's own recordings need not need every entry.
        if Captures.arePublished { #expect(ledger.stale.isEmpty, "no longer needed") }
        #expect(ledger.contradicted.isEmpty)
    }
}
