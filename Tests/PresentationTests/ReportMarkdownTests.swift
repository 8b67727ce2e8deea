import MooringModel
import MooringNames
import MooringPresentation
import MooringShapes
import Testing

/// Reports and proposals as git hosts show them.
@Suite struct `Results on a git host` {
    private static let time = Timestamp(millisecondsSince1970: 1_790_000_000_000)

    private static func key(_ name: String) throws -> ServiceKey {
        ServiceKey(cluster: try ClusterName("main"), service: try ServiceName(name))
    }

    private static func report(_ services: [ServiceReport], findings: [String] = []) throws -> CommitReport {
        var report = CommitReport(
            environment: try EnvironmentIdentity("production@a1b2c3"),
            commit: try CommitID(String(repeating: "a", count: 40)), sync: .failed, health: .degraded, summary: "",
            started: time, updated: time, services: services, findings: findings)
        report.summary = StatusSummary.text(of: report)
        return report
    }

    private static func failed(_ cause: String) throws -> ServiceReport {
        ServiceReport(
            key: try key("web"), sync: .failed, health: .degraded, oldRevision: try Revision("web:12"),
            newRevision: try Revision("web:13"), cause: cause, remedy: "Push the image first.",
            evidence: ["(service web) was unable to place a task. ```"], updated: time)
    }

    @Test func `are a table with what needs a person first, and ECS's words to unfold`() throws {
        let synced = ServiceReport(
            key: try Self.key("api"), sync: .synced, newRevision: try Revision("api:2"), updated: Self.time)
        let text = ReportMarkdown.text(
            of: try Self.report([synced, try Self.failed("no such image")], findings: ["a.yaml:1:1: error: bad"]))
        let lines = text.split(separator: "\n").map(String.init)
        let web = try #require(lines.firstIndex { $0.hasPrefix("| <code>main/web</code> | Failed") })
        let api = try #require(lines.firstIndex { $0.hasPrefix("| <code>main/api</code> | Synced") })
        #expect(web < api && lines[web].contains("<code>web:12</code> → <code>web:13</code>"), "\(text)")
        #expect(lines[web].contains("no such image<br>Do: Push the image first."), "\(text)")
        #expect(text.contains("- a.yaml:1:1: error: bad"))
        // The fence is longer than what stands inside.
        #expect(text.contains("\n````text\n") && text.contains("what ECS says</summary>"))
    }

    @Test func `let nobody break out, mention or link, and show no secret`() throws {
        let cause = "<script>| @everyone #1 [x](http://evil) password=hunter22secret\n| new row"
        let text = ReportMarkdown.text(of: try Self.report([try Self.failed(cause)]))
        #expect(!text.contains("<script>") && !text.contains("@everyone") && !text.contains("](http"))
        #expect(
            !text.contains("hunter22secret") && text.split(separator: "\n").count { $0.hasPrefix("|") } == 3, "\(text)")
    }

    @Test func `stay within what a host takes, and say what is left out`() throws {
        let services = try (0..<3_000).map { index -> ServiceReport in
            ServiceReport(
                key: try Self.key("service-\(index)"), sync: .failed,
                cause: String(repeating: "long words ", count: 20), updated: Self.time)
        }
        let text = ReportMarkdown.text(of: try Self.report(services))
        #expect(text.utf8.count <= Limits.markdownBytes)
        #expect(text.contains("more services are not shown. The note on the commit has all of it."))
    }

    @Test func `of one service are a line`() throws {
        #expect(StatusSummary.text(of: try Self.failed("no such image")) == "Failed: no such image")
        #expect(
            StatusSummary.text(of: try Self.failed("ECS is rolling back: x")) == "Rolled back: ECS is rolling back: x")
        var service = try Self.failed("1/2 tasks running")
        service.sync = .progressing
        #expect(StatusSummary.text(of: service) == "1/2 tasks running")
        service.sync = .synced
        service.cause = nil
        #expect(StatusSummary.text(of: service) == "Runs web:13.")
    }

    @Test(arguments: [
        ("eu-central-1", "https://eu-central-1.console.aws.amazon.com/ecs/v2/clusters/main/services/web/"),
        ("cn-north-1", "https://cn-north-1.console.amazonaws.cn/ecs/v2/clusters/main/services/web/"),
        ("us-gov-west-1", "https://us-gov-west-1.console.amazonaws-us-gov.com/ecs/v2/clusters/main/services/web/"),
    ])
    func `link to AWS's own console`(region: String, start: String) throws {
        #expect(ConsoleLink.service(try Self.key("web"), in: try Region(region)).hasPrefix(start))
    }

    @Test func `of a merge count what it does`() throws {
        var plan = Plan()
        #expect(ProposalText.summary(of: plan) == "No service changes.")
        #expect(ProposalText.summary(of: plan, settingsChange: true) == "Only the environment's settings change.")
        plan.leaving = [
            LeavingService(key: try Self.key("a"), state: .removing(progress: "not begun"), hasBegun: false),
            LeavingService(key: try Self.key("b"), state: .kept(why: "It stays.")),
        ]
        #expect(ProposalText.summary(of: plan) == "1 service is removed, 1 leaves git.")
        let path = try TreePath("production/web.yaml")
        let finding = Finding(severity: .error, rule: "x", message: "is wrong", file: path)
        #expect(ProposalText.invalid([finding, finding]) == "Invalid (and 1 more): production/web.yaml: is wrong")
        let main = try BranchName("main")
        #expect(
            ProposalText.conflict([path, path], base: main)
                == "Cannot be merged into main: production/web.yaml and 1 more changed on both sides.")
    }
}
