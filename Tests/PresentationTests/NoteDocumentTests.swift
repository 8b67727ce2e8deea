import Foundation
import MooringModel
import MooringNames
import MooringPresentation
import MooringShapes
import Testing

@Suite struct `Note on a commit` {
    @Test func `reads back as the report it was written from`() throws {
        var report = try Samples.report()
        // Beyond what a note keeps nothing is promised; the sample has more evidence than that.
        report.services[0].evidence = Array(report.services[0].evidence.prefix(Limits.noteEvidenceLines))
        #expect(NoteDocument.report(from: NoteDocument.text(of: report, existing: nil)) == report)
    }

    @Test func `keeps every awkward text`() throws {
        let awkward = try Samples.failedService().evidence
        for chunk in stride(from: 0, to: awkward.count, by: Limits.noteEvidenceLines) {
            var report = try Samples.report()
            report.services[0].evidence = Array(awkward[chunk...].prefix(Limits.noteEvidenceLines))
            let read = try #require(NoteDocument.report(from: NoteDocument.text(of: report, existing: nil)))
            #expect(read == report)
        }
    }

    @Test func `has a stable form that people can read`() throws {
        var report = try Samples.report()
        report.services[0].evidence = ["(service web) was unable to place a task."]
        report.services[0].remedy = "Check that the image exists."
        #expect(
            NoteDocument.text(of: report, existing: nil) == """
                schema: 1
                environment: production@4f2a91
                commit: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
                sync: Failed
                health: Degraded
                summary: "web rolled back: CannotPullContainerError"
                started: 2026-11-24T02:56:40Z
                updated: 2026-11-24T02:57:40.007Z
                supersededBy: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb
                services:
                  main/web:
                    sync: Failed
                    health: Degraded
                    oldRevision: web:12
                    newRevision: web:13
                    deployment: ecs-svc/0123456789012345678
                    cause: "CannotPullContainerError: pull image manifest has been retried 1 time(s): not found"
                    remedy: Check that the image exists.
                    evidence:
                      - (service web) was unable to place a task.
                    updated: 2026-11-24T02:57:40Z
                findings:
                  - "production/web.yaml:3:5: error: unknown member 'imge' [unknown-member]"

                """)
    }

    @Test func `is the same text for another reader of YAML`() throws {
        var report = try Samples.report()
        let all = report.services[0].evidence
        report.services[0].evidence = Array(all.prefix(Limits.noteEvidenceLines))
        var second = report.services[0]
        second.key = try Samples.key("main/123")
        second.newRevision = try Revision("12:13")
        second.evidence = Array(all.dropFirst(Limits.noteEvidenceLines).prefix(Limits.noteEvidenceLines))
        report.services = [second, report.services[0]]
        report.commit = try CommitID("12345678e9012345678901234567890123456789")
        let text = NoteDocument.text(of: report, existing: nil)
        let json = try Python.output(
            of: "import sys, yaml, json; print(json.dumps(yaml.safe_load(sys.stdin.read()), default=str))", input: text)
        let read = try JSONDecoder().decode(PythonNote.self, from: Data(json.utf8))
        #expect(read.commit == report.commit.text)
        #expect(read.services["main/123"]?.newRevision == "12:13")
        #expect(read.services["main/123"]?.evidence == second.evidence)
        #expect(read.services["main/web"]?.evidence == report.services[1].evidence)
        #expect(read.services["main/web"]?.remedy == report.services[1].remedy)
    }

    private struct PythonNote: Decodable {
        let commit: String
        let services: [String: Service]
        struct Service: Decodable {
            let newRevision: String
            let remedy: String
            let evidence: [String]
        }
    }

    @Test func `keeps members that we do not know`() throws {
        let report = try Samples.report()
        let theirs =
            NoteDocument.text(of: report, existing: nil)
            .replacingOccurrences(
                of: "    sync: Failed\n    health", with: "    sync: Failed\n    cost: {eur: 1.10}\n    health")
            + "ticket: OPS-7\nreviewers:\n- ada\n- 'yes'\n- 022\n- ~\n"
        var later = report
        later.updated = Samples.time(500)
        later.services[0].updated = Samples.time(500)
        later.services[0].sync = .synced
        let text = NoteDocument.text(of: later, existing: theirs)
        #expect(text.contains("\nticket: OPS-7\nreviewers:\n  - ada\n  - \"yes\"\n  - 022\n  - null\n"))
        #expect(text.contains("    cost:\n      eur: 1.10\n"))
        #expect(NoteDocument.report(from: text)?.services.first?.sync == .synced)
        #expect(NoteDocument.text(of: later, existing: text) == text)
    }

    @Test func `of two writers has the newer state of each service`() throws {
        var old = try Samples.report(
            at: 10,
            services: [
                try Samples.failedService("main/api", at: 10), try Samples.failedService("main/web", at: 300),
            ])
        old.sync = .failed
        var api = try Samples.failedService("main/api", at: 200)
        api.sync = .synced
        var web = try Samples.failedService("main/web", at: 100)
        web.sync = .progressing
        var new = try Samples.report(at: 200, services: [api, web])
        new.sync = .progressing
        for (existing, ours) in [(old, new), (new, old)] {
            let merged = NoteDocument.merge(
                existing: NoteDocument.text(of: existing, existing: nil),
                ours: NoteDocument.text(of: ours, existing: nil))
            let report = try #require(NoteDocument.report(from: merged))
            #expect(report.services.map(\.sync) == [.synced, .failed])
            // What the newer writer said of the whole would contradict the services now.
            #expect(report.sync == .failed)
            #expect(report.updated == new.updated)
        }
    }

    @Test func `of two writers has the services of both`() throws {
        let ours = try Samples.report(at: 20, services: [try Samples.failedService("main/b")])
        let theirs = try Samples.report(
            at: 10,
            services: [
                try Samples.failedService("main/a"), try Samples.failedService("main/c"),
            ])
        let merged = NoteDocument.merge(
            existing: NoteDocument.text(of: theirs, existing: nil), ours: NoteDocument.text(of: ours, existing: nil))
        #expect(try #require(NoteDocument.report(from: merged)).services.map(\.key.service.text) == ["a", "b", "c"])
    }

    @Test func `takes ours where both were updated at one time`() throws {
        var theirs = try Samples.report()
        theirs.summary = "theirs"
        theirs.services[0].cause = "theirs"
        let ours = try Samples.report()
        let merged = NoteDocument.merge(
            existing: NoteDocument.text(of: theirs, existing: nil), ours: NoteDocument.text(of: ours, existing: nil))
        #expect(merged == NoteDocument.text(of: ours, existing: nil))
    }

    @Test func `leaves a note of a later schema alone`() throws {
        let later = "schema: 2\nworld: new\n"
        #expect(NoteDocument.text(of: try Samples.report(), existing: later) == later)
        #expect(NoteDocument.report(from: later) == nil)
    }

    @Test(arguments: [
        "Deployed by hand, ask Ada: she knows\n\tmore", "schema: [", "- 1\n- 2\n", "schema: 1\n---\nschema: 1\n",
    ])
    func `keeps a text that is no note beside ours`(foreign: String) throws {
        let report = try Samples.report()
        let merged = NoteDocument.text(of: report, existing: foreign)
        let read = try #require(NoteDocument.report(from: merged))
        #expect(read.commit == report.commit)
        #expect(merged.contains("\nreplaced: "))
        // And does not grow by being written again.
        #expect(NoteDocument.text(of: report, existing: merged) == merged)
    }

    @Test func `does not unfold what a forger has folded`() throws {
        var bomb = "schema: 1\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...30 { bomb += "a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n" }
        bomb += "? *a30\n: boom\n"
        #expect(NoteDocument.report(from: bomb) == nil)
        let merged = NoteDocument.text(of: try Samples.report(), existing: bomb)
        #expect(merged.utf8.count < 20_000)
    }

    @Test func `reads neither the endless nor the bottomless`() throws {
        #expect(NoteDocument.report(from: "schema: 1\nx: " + String(repeating: "a", count: 2 << 20)) == nil)
        #expect(NoteDocument.report(from: "schema: 1\nx: " + String(repeating: "[", count: 900)) == nil)
        let deep = String(repeating: "[", count: 900) + String(repeating: "]", count: 900)
        #expect(NoteDocument.report(from: "schema: 1\nx: " + deep) == nil)
    }

    @Test func `of five thousand services stays below its limit and names those that failed`() throws {
        var services: [ServiceReport] = []
        for number in 0..<5_000 {
            var service = try Samples.failedService(
                "main/service-\(String(10_000 + number))-" + String(repeating: "x", count: 200))
            service.evidence = []
            if number != 4_321 { (service.sync, service.cause, service.remedy) = (.synced, nil, nil) }
            services.append(service)
        }
        let text = NoteDocument.text(of: try Samples.report(services: services), existing: nil)
        #expect(text.utf8.count <= Limits.noteBytes)
        let read = try #require(NoteDocument.report(from: text))
        #expect(read.services.contains { $0.sync == .failed })
        #expect(read.services.count > 1_000)
        #expect(text.contains("servicesLeftOut: \(5_000 - read.services.count)\n"))
    }

    @Test func `shows no key that ECS put into a reason`() throws {
        var report = try Samples.report()
        let key = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"
        report.services[0].cause =
            "cannot fetch https://user:hunter2@example.com/x?y with AKIAIOSFODNN7EXAMPLE and \(key)"
        let text = NoteDocument.text(of: report, existing: nil)
        #expect(text.contains("cannot fetch https://(hidden)@example.com/x?y with (hidden) and (hidden)"))
    }
}

@Suite struct `Status summary` {
    @Test func `says how far a commit is`() throws {
        var services = try (1...5).map { try Samples.failedService("main/s\($0)") }
        for index in services.indices {
            (services[index].sync, services[index].cause, services[index].remedy) = (.synced, nil, nil)
        }
        var report = try Samples.report(services: services)
        report.findings = []
        report.sync = .synced
        #expect(StatusSummary.text(of: report) == "5 of 5 services run what the commit says.")
        report.services[2].sync = .progressing
        report.services[3].sync = .progressing
        report.services[3].cause = "waiting (2/3 tasks)"
        report.sync = .progressing
        #expect(StatusSummary.text(of: report) == "3/5 services, s4: waiting (2/3 tasks)")

        report.timeLeft = "about 16m left: 2 revisions to register, 2 rollouts"
        #expect(
            StatusSummary.text(of: report) == "3/5 services, about 16m left: 2 revisions to register, 2 rollouts")
        let note = NoteDocument.text(of: report, existing: nil)
        #expect(note.contains("timeLeft: \"about 16m left: 2 revisions to register, 2 rollouts\"\n"), "\(note)")
        #expect(NoteDocument.report(from: note)?.timeLeft == report.timeLeft)
        // What somebody has to do something about is told before how long the rest takes.
        report.services[2].cause = "waits for approval"
        report.services[2].remedy = "Approve."
        #expect(StatusSummary.text(of: report) == "3/5 services, s3: waits for approval")
        // And what failed before that.
        report.services[0].sync = .failed
        #expect(StatusSummary.text(of: report) == "1/5 services failed, s1: rolled back")
    }

    @Test func `what was removed is not counted as running`() throws {
        var services = try (1...3).map { try Samples.failedService("main/s\($0)") }
        for index in services.indices {
            (services[index].sync, services[index].remedy, services[index].newRevision) = (.synced, nil, nil)
            services[index].cause = index == 0 ? nil : CommitReport.removed
        }
        var report = try Samples.report(services: services)
        (report.sync, report.findings) = (.synced, [])
        #expect(
            StatusSummary.text(of: report) == "1 of 1 services run what the commit says. 2 services were removed.")
        report.services.removeFirst()
        #expect(StatusSummary.text(of: report) == "2 services were removed.")
    }

    @Test func `what the report is not about and is not as git says is named, within the bound`() throws {
        var report = try Samples.report(services: [])
        (report.sync, report.findings) = (.synced, [])
        let held = OtherStanding(name: "main/api", sync: .outOfSync)
        let failed = OtherStanding(name: "task main/migrate", sync: .failed)
        #expect(
            StatusSummary.text(of: report, others: [held])
                == "No service is affected. Elsewhere: main/api withheld.")
        #expect(
            StatusSummary.text(of: report, others: [held, failed, held])
                == "No service is affected. Elsewhere: task main/migrate failed, main/api withheld and 1 more.")
        let long = OtherStanding(name: String(repeating: "n", count: 255), sync: .failed)
        #expect(StatusSummary.text(of: report, others: [long, long, long, long]).count <= 140)
        // What failed itself says more.
        let failing = try Samples.report()
        #expect(StatusSummary.text(of: failing, others: [held]) == StatusSummary.text(of: failing))
    }

    @Test func `says in a line what failed and why, however long the registry's name is`() throws {
        var report = try Samples.report()
        let image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/my-app:v3-typo"
        report.services[0].cause =
            "Image \(image) cannot be pulled: pull image manifest has been retried 5 time(s): failed to resolve ref "
            + "\(image): \(image): not found."
        report.services[0].evidence = []
        let text = StatusSummary.text(of: report)
        #expect(text.hasPrefix("web failed: Image …/my-app:v3-typo cannot be pulled: "), "\(text)")
        #expect(text.hasSuffix("/my-app:v3-typo: not found.") && text.count <= 140, "\(text)")
    }

    @Test func `is read again whatever logs say`() throws {
        var report = try Samples.report()
        report.services[0].evidence = (0..<40).map { "f(*args, **kwargs) at *:808\($0) & &more *less" }
        let text = NoteDocument.text(of: report, existing: nil)
        let read = try #require(NoteDocument.report(from: text)?.services.first?.evidence)
        #expect(read.count > 8 && report.services[0].evidence.starts(with: read))
    }

    @Test func `with a name twice is none of ours, whatever tags tell the two apart`() throws {
        let text = NoteDocument.text(of: try Samples.report(), existing: nil)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let start = try #require(lines.firstIndex { $0.hasPrefix("  main/web:") })
        let end = lines[(start + 1)...].firstIndex { !$0.hasPrefix("    ") } ?? lines.count
        let twin = ["  !x main/web:"] + lines[(start + 1)..<end]
        let forged = (lines[..<end] + twin + lines[end...]).joined(separator: "\n")
        #expect(forged != text && NoteDocument.report(from: forged) == nil)
    }

    @Test func `that had no room for all says of none that it is still under way`() throws {
        let begun = Samples.time(0)
        func report(_ sync: Sync, at seconds: Int, cause: String?) throws -> CommitReport {
            var report = try Samples.report()
            report.sync = sync
            report.findings = []
            report.updated = begun + .seconds(seconds)
            report.services = try (0..<5_000).map { number in
                ServiceReport(
                    key: ServiceKey(
                        cluster: try ClusterName("main"), service: try ServiceName("service-\(number)")), sync: sync,
                    cause: cause, updated: begun + .seconds(seconds))
            }
            return report
        }
        let first = NoteDocument.text(of: try report(.progressing, at: 1, cause: nil), existing: nil)
        let last = try report(.synced, at: 2, cause: String(repeating: "It runs. ", count: 12))
        let note = NoteDocument.text(of: last, existing: first)
        let read = try #require(NoteDocument.report(from: note))
        #expect(read.sync == .synced && read.services.allSatisfy { $0.sync == .synced })
        #expect(try #require(NoteDocument.value(from: note)?["servicesLeftOut"]?.integer) > 0)
    }

    @Test func `gives the reason of a failure on one line of at most 140 characters`() throws {
        var report = try Samples.report()
        #expect(
            StatusSummary.text(of: report)
                == "web rolled back: CannotPullContainerError: pull image manifest has been retried 1 time(s): not found"
        )
        report.services[0].cause = String(repeating: "långer\n🚀", count: 60)
        let text = StatusSummary.text(of: report)
        #expect(text.count <= 140 && text.hasSuffix("🚀") && text.contains("…") && !text.contains("\n"))
        report.services = []
        #expect(StatusSummary.text(of: report).hasPrefix("Manifests cannot be used: production/web.yaml:3:5"))
    }

    @Test func `names the cluster where a name is in two`() throws {
        var report = try Samples.report(services: [
            try Samples.failedService("blue/web"), try Samples.failedService("green/web"),
        ])
        report.services[0].cause = nil
        report.services[1].cause = nil
        report.services[1].evidence = []
        #expect(StatusSummary.text(of: report) == "2/2 services failed, blue/web: rolled back")
    }
}

@Suite struct `Points in time` {
    @Test(arguments: [
        (0, "1970-01-01T00:00:00Z"), (951_782_400_000, "2000-02-29T00:00:00Z"), (-1, "1969-12-31T23:59:59.999Z"),
        (4_107_542_399_000, "2100-02-28T23:59:59Z"), (253_402_300_799_000, "9999-12-31T23:59:59Z"),
    ])
    func `are written and read as ISO 8601`(milliseconds: Int64, text: String) {
        #expect(Timestamp(millisecondsSince1970: milliseconds).iso8601 == text)
        #expect(Timestamp(iso8601: text)?.millisecondsSince1970 == milliseconds)
    }

    @Test func `agree with Foundation on every day of four centuries`() {
        var date = DateComponents(
            calendar: Calendar(identifier: .gregorian), timeZone: .gmt, year: 1999, month: 12, day: 31
        ).date
        let style = Date.ISO8601FormatStyle()
        for _ in 0..<400 {
            guard let day = date else { return }
            let text = day.formatted(style)
            #expect(Timestamp(millisecondsSince1970: Int64(day.timeIntervalSince1970) * 1_000).iso8601 == text)
            date = day.addingTimeInterval(86_400 * 365.2425 + 86_461)
        }
    }

    @Test func `are read with offsets and refused where there are none`() {
        #expect(Timestamp(iso8601: "2026-11-24T04:53:17.5+02:00")?.iso8601 == "2026-11-24T02:53:17.500Z")
        for text in [
            "2026-11-24", "2026-02-30T00:00:00Z", "2026-11-24T02:53:17", "2026-11-24T25:00:00Z", "",
            "2026-11-24T02:53:17Zx",
        ] {
            #expect(Timestamp(iso8601: text) == nil)
        }
    }
}
