import Foundation
import MooringManifests
import MooringModel
import MooringShapes
import Testing

/// What the README shows of options must be what is read.
@Suite struct ReadmeTests {
    struct Example: Sendable, CustomTestStringConvertible {
        /// The heading that it stands under.
        let heading: String
        let path: String
        let text: String

        var testDescription: String { heading }
    }

    /// The YAML blocks of the README that stand under headings of the third order.
    private static let examples: [Example] = {
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("README.md")
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        return text.components(separatedBy: "\n### ").dropFirst().flatMap { part in
            let section = part.components(separatedBy: "\n## ").first ?? ""
            let heading = String(section.prefix { $0 != "\n" })
            return section.components(separatedBy: "\n```yaml\n").dropFirst().compactMap { block -> Example? in
                let text = block.components(separatedBy: "\n```").first ?? ""
                // Settings of the controller are no manifests; whoever reads them tests them.
                if text.hasPrefix("# mooring-settings.yaml") { return nil }
                let path = text.hasPrefix("# production/") ? text.dropFirst(2).prefix { $0 != "\n" && $0 != "," } : ""
                return Example(heading: heading, path: String(path), text: text + "\n")
            }
        }
    }()

    @Test(arguments: examples)
    func `an example of the README reads without an error`(_ example: Example) throws {
        var files: [String: String] = [:]
        for name in ["web", "api", "db"] {
            files["production/\(name).service.yaml"] = "serviceName: \(name)\ntaskDefinition: web:1\ndesiredCount: 1\n"
        }
        files["production/web.task.yaml"] = Sample.taskDefinition
        files["production/migrate.task.yaml"] =
            Sample.taskDefinition.replacing("web", with: "migrate").replacing("json-file", with: "splunk")
            + "\nrequiresCompatibilities: [FARGATE]\nnetworkMode: awsvpc\ncpu: 256\nmemory: 512\n"
        files["production/cache.yaml"] =
            "serviceName: cache\ncluster: shared\ntaskDefinition: cache:1\ndesiredCount: 1\n"
        let base = try TestFolder(files: files, folder: "production").state()
        #expect(base.isComplete, "\(base.findings.map(\.line))")
        if example.path.isEmpty {
            files["production/web.service.yaml"] = (files["production/web.service.yaml"] ?? "") + example.text
        } else {
            files[example.path] = example.text
        }
        let state = try TestFolder(files: files, folder: "production").state()
        let told = state.findings.filter { !base.findings.contains($0) && $0.severity == .error }
        #expect(told.map(\.line) == [])
        // The example says something that is read.
        #expect(state.settings != base.settings || state.services != base.services || state.runs != base.runs)
    }

    @Test func `there are examples`() {
        #expect(Self.examples.count >= 8, "\(Self.examples.map(\.heading))")
    }
}
