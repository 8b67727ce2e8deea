import Foundation
import MooringShapes
import Testing

@testable import MooringRollouts

/// Texts that AWS really wrote, where a checkout of the captures lies beside this one.
@Suite struct PublishedTextsTests {
    /// The lines of a file of published texts; nil where there is none.
    private func lines(_ file: String) throws -> [String] {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let named = ProcessInfo.processInfo.environment["MOORING_CAPTURES"].map { URL(filePath: $0) }
        let folder = named ?? checkout.deletingLastPathComponent().appending(path: "shared/captures")
        let path = folder.appending(path: "strings/\(file)")
        guard FileManager.default.fileExists(atPath: path.path) else {
            print("skipped: no published texts beside this checkout")
            return []
        }
        return try String(contentsOf: path, encoding: .utf8).split(separator: "\n").dropFirst()
            .map { String($0.split(separator: "\t")[0]) }
    }

    /// A task out of `stopCode X | stoppedReason Y | container reason Z | exitCode N`.
    private func task(of line: String) -> Value {
        var task: Value = .map([])
        var container: Value = ["name": "web"]
        for part in line.components(separatedBy: " | ") {
            if part.hasPrefix("stopCode ") {
                task["stopCode"] = .string(String(part.dropFirst("stopCode ".count)))
            } else if let range = part.range(of: "container reason ") {
                container["reason"] = .string(String(part[range.upperBound...]))
            } else if part.hasPrefix("exitCode ") {
                container["exitCode"] = Int(part.dropFirst("exitCode ".count)).map(Value.integer)
            } else {
                let text = part.hasPrefix("stoppedReason ") ? String(part.dropFirst("stoppedReason ".count)) : part
                task["stoppedReason"] = .string(text)
            }
        }
        task["containers"] = .list([container])
        return task
    }

    /// Lines that name no cause, each with the reason.
    private static let causeless: [(text: String, why: String)] = [
        ("Scaling activity initiated by", "how every task of an older deployment ends: no failure"),
        ("custodian policy", "free text of whoever called StopTask, without a stop code"),
        ("in progress.", "says that the deployment goes on"),
        (" completed.", "says that the deployment is over"),
        ("] rollback has failed.", "says that a rollback failed; the console's wording, not the API's"),
        ("deployment failed: deployment failure.", "says that the deployment failed; another event says why"),
        ("rolling back to deployment", "says what follows from a failure"),
    ]

    private func isCauseless(_ line: String) -> Bool {
        PublishedTextsTests.causeless.contains { line.contains($0.text) }
    }

    /// Checks that the first of `expected` whose text is in a line is its cause.
    private func check(
        _ file: String, _ expected: [(String, Cause)], _ diagnose: (String) -> Diagnosis,
    ) throws {
        for line in try lines(file) where !isCauseless(line) {
            let cause = try #require(expected.first { line.contains($0.0) }?.1, "not expected: \(line)")
            let diagnosis = diagnose(line)
            #expect(diagnosis.cause == cause, "\(line)")
            #expect(diagnosis.cause != .unknown, "\(line)")
            #expect(!diagnosis.evidence.isEmpty, "\(line)")
        }
    }

    @Test func `every published stop reason names a cause`() throws {
        let expected: [(String, Cause)] = [
            ("net/http: request canceled while waiting", .imageCannotBePulled),
            ("pull access denied", .imageCannotBePulled),
            ("Essential container in task exited", .containerExits),
            ("Requested image not found", .imageCannotBePulled),
            ("cannot pull registry auth from Amazon ECR", .registryUnreachable),
            ("cannot pull secrets from AWS Systems Manager", .secretUnreadable),
            ("can't find the specified secret", .secretUnreadable),
            ("failed to unpack image", .imageCannotBePulled),
            ("Task failed ELB health checks", .loadBalancerHealthCheck),
            ("Task stopped by user", .stoppedByPerson),
            ("stoppedReason drill", .stoppedByPerson),
        ]
        try check("stop-reasons.tsv", expected) { line in
            Diagnosis.diagnose(Symptoms(stoppedTasks: [task(of: line)]))
        }
    }

    @Test func `every published status reason of a failure names a cause`() throws {
        let expected: [(String, Cause)] = [
            ("failed to start", .tasksFail), ("circuit breaker threshold", .tasksFail),
            ("No rollback candidate", .noEarlierRevision), ("unable to assume role", .roleMissing),
            ("missing permissions", .roleMissing), ("lifecycle hook(s) failed", .hookFailed),
            ("invalid networking configuration", .invalidNetworking),
        ]
        try check("status-reasons.tsv", expected) { Diagnosis.diagnose(Symptoms(reason: $0)) }
    }

    @Test func `every published event of a failure names a cause`() throws {
        let expected: [(String, Cause)] = [
            ("No Container Instances were found", .noCapacity), ("ResourceInitializationError", .registryUnreachable),
            ("container health checks", .containerHealthCheck), ("due to an unhealthy status", .tasksReplaced),
            ("unable to consistently start tasks", .tasksFail), ("tasks failed to start", .tasksFail),
            ("under protection", .tasksProtected), ("is unhealthy in (target-group", .loadBalancerHealthCheck),
            ("blocked", .accountBlocked), ("alarm detected", .alarm), ("lifecycle hook(s) failed", .hookFailed),
            ("hook execution failure", .hookFailed), ("invalid networking", .invalidNetworking),
        ]
        for line in try lines("service-events.tsv") where !isCauseless(line) {
            if Signs.isRoutine(line), Signs.cause(of: line) == nil { continue }
            let cause = try #require(expected.first { line.contains($0.0) }?.1, "not expected: \(line)")
            #expect(Diagnosis.diagnose(Symptoms(events: [["message": .string(line)]])).cause == cause, "\(line)")
        }
    }

    @Test func `what shows a failure is not taken for routine`() throws {
        for line in try lines("service-events.tsv") {
            guard let cause = Signs.cause(of: line), cause != .registryUnreachable else { continue }
            #expect(!Signs.isRoutine(line), "\(line)")
        }
    }
}
