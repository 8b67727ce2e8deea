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

    @Test func `every published stop reason is classified`() throws {
        let expected: [(String, Cause)] = [
            ("net/http: request canceled while waiting", .imageCannotBePulled),
            ("pull access denied", .imageCannotBePulled),
            ("Essential container in task exited", .containerExits),
            ("Requested image not found", .imageCannotBePulled),
            ("cannot pull registry auth from Amazon ECR", .registryUnreachable),
            ("cannot pull secrets from AWS Systems Manager", .secretUnreadable),
            ("can't find the specified secret", .secretUnreadable),
            ("failed to unpack image", .imageCannotBePulled),
            ("Scaling activity initiated", .unknown),
            ("Task failed ELB health checks", .loadBalancerHealthCheck),
            ("Task stopped by user", .stoppedByPerson),
            ("stoppedReason drill", .stoppedByPerson),
            ("custodian policy", .unknown),
        ]
        for line in try lines("stop-reasons.tsv") {
            let cause = try #require(expected.first { line.contains($0.0) }?.1, "not expected: \(line)")
            let diagnosis = Diagnosis.diagnose(
                reason: "", events: [], stoppedTasks: [task(of: line)], service: .map([]))
            #expect(diagnosis.cause == cause, "\(line)")
            #expect(!diagnosis.evidence.isEmpty, "\(line)")
        }
    }

    @Test func `every published status reason is classified`() throws {
        let expected: [(String, Cause)] = [
            ("in progress.", .unknown), (" completed.", .unknown), ("failed to start", .unknown),
            ("circuit breaker threshold", .unknown), ("No rollback candidate", .unknown),
            ("rollback has failed", .unknown),
            ("unable to assume role", .roleMissing), ("missing permissions", .roleMissing),
            ("lifecycle hook(s) failed", .hookFailed), ("invalid networking configuration", .invalidNetworking),
        ]
        for line in try lines("status-reasons.tsv") {
            let cause = try #require(expected.first { line.contains($0.0) }?.1, "not expected: \(line)")
            let diagnosis = Diagnosis.diagnose(reason: line, events: [], stoppedTasks: [], service: .map([]))
            #expect(diagnosis.cause == cause, "\(line)")
            #expect(diagnosis.evidence.count == 1)
        }
    }

    @Test func `every published event is routine, names a cause or only says that it failed`() throws {
        let onlyFails = [
            "deployment failed: tasks failed to start", "rolling back to deployment",
            "deployment failed: deployment failure",
            "unable to consistently start tasks", "due to an unhealthy status",
        ]
        for line in try lines("service-events.tsv") {
            let says = Signs.cause(of: line) != nil || Signs.isRoutine(line) || onlyFails.contains { line.contains($0) }
            #expect(says, "\(line)")
            // What shows a failure must not be taken for routine.
            if Signs.cause(of: line) != nil, Signs.cause(of: line) != .registryUnreachable {
                #expect(!Signs.isRoutine(line) || line.contains("AZ Rebalanc"), "\(line)")
            }
        }
    }
}
