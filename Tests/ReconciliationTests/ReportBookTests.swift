// What is optimised cannot be looked into from here.
#if DEBUG
import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import Testing

@testable import MooringReconciliation

@Suite struct ReportBookTests {
    private func report(_ deployments: [String?], sync: Sync = .progressing, cause: String? = nil) throws
        -> CommitReport
    {
        let begun = Timestamp(millisecondsSince1970: 0)
        let name = try EnvironmentName("production")
        return CommitReport(
            environment: try EnvironmentIdentity(environment: name, repositoryID: "4f2a91"),
            commit: try CommitID(String(repeating: "a", count: 40)), sync: sync, health: .progressing, summary: "",
            started: begun, updated: begun,
            services: try deployments.enumerated().map { index, deployment in
                var service = ServiceReport(
                    key: ServiceKey(cluster: try ClusterName("main"), service: try ServiceName("web\(index)")),
                    sync: sync, cause: cause, updated: begun)
                service.deployment = deployment
                return service
            })
    }

    /// Enters reports with the seconds at which they come; the seconds at which a note was written.
    private func noted(_ reports: [(Int, CommitReport)]) -> [Int] {
        var book = ReportBook()
        return reports.compactMap { second, report in
            _ = book.enter(report, note: "at \(second)", statuses: [], at: .seconds(second))
            let isNew = book.unsentNotes[report.commit] == "at \(second)"
            return isNew ? second : nil
        }
    }

    @Test func `a rollout that has begun is noted with its deployment, how far it is is not`() throws {
        let told = noted([
            (0, try report([nil])), (1, try report(["ecs-svc/1"], cause: "0/2 tasks running")),
            (20, try report(["ecs-svc/1"], cause: "1/2 tasks running")),
            (300, try report(["ecs-svc/1"], cause: "2/2 tasks running")),
            (301, try report(["ecs-svc/1"], sync: .synced)),
        ])
        #expect(told == [0, 1, 301])
    }

    @Test func `checks are known as pending until their end is shown, those of an earlier process too`() throws {
        var book = ReportBook()
        let report = try report([nil])
        func status(_ context: String, _ state: CommitStatus.State) -> CommitStatus {
            CommitStatus(commit: report.commit, context: context, state: state, summary: "")
        }
        book.recalledStates[report.commit] = ["old": .pending, "done": .success, "a": .pending]
        _ = book.enter(report, note: "", statuses: [status("a", .pending), status("b", .pending)], at: .zero)
        #expect(book.pendingContexts(on: report.commit) == ["old", "a", "b"])
        _ = book.enter(
            report, note: "", statuses: [status("a", .success), status("old", .success)], at: .seconds(60))
        #expect(book.pendingContexts(on: report.commit) == ["b"])
    }

    @Test func `what ECS does not show yet has not begun`() throws {
        let told = noted([
            (0, try report([nil])), (1, try report(["ecs-svc/1"], cause: "started; \(EventWords.unseen)")),
            (2, try report(["ecs-svc/1"], cause: "0/2 tasks running")),
        ])
        #expect(told == [0, 2])
    }

    @Test func `what begins one after another is noted together`() throws {
        let told = noted([
            (0, try report([nil, nil, nil])), (5, try report(["1", nil, nil])), (6, try report(["1", "2", nil])),
            (64, try report(["1", "2", nil])), (65, try report(["1", "2", "3"])), (66, try report(["1", "2", "3"])),
        ])
        #expect(told == [0, 5, 65])
    }
}
#endif
