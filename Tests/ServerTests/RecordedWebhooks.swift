import Foundation
import MooringPorts
import MooringServer
import MooringShapes
import Testing

/// Webhooks that hosts sent to others: bodies as they were recorded, heads made after the hosts' documentation and signed with a
/// secret that is for nothing else.
struct RecordedWebhook: Sendable, CustomTestStringConvertible {
    static let secret = "example-webhook-secret"
    /// The key that the one signed after Standard Webhooks is signed with.
    static let signingSecret = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="

    let host: HostKind
    /// `push`, `pull_request-opened`.
    let name: String
    let headers: [(name: String, value: String)]
    let body: [UInt8]

    var testDescription: String { "\(host.rawValue)/\(name)" }

    /// Where they lie: `webhooks` in the folder that `MOORING_HOSTS` names, or beside the corpus or the checkout; nil where they
    /// are not at hand.
    static let folder: URL? = {
        let environment = ProcessInfo.processInfo.environment
        let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let named = environment["MOORING_HOSTS"].map { URL(fileURLWithPath: $0) }
        let corpus = environment["MOORING_CORPUS"].map {
            URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("hosts")
        }
        let beside = checkout.deletingLastPathComponent().appendingPathComponent("shared/hosts")
        return [named, corpus, beside].compactMap { $0?.appendingPathComponent("webhooks") }.first {
            FileManager.default.fileExists(atPath: $0.path)
        }
    }()

    static let all: [RecordedWebhook] = (try? read()) ?? []

    static func named(_ host: HostKind, _ name: String) -> RecordedWebhook? {
        all.first { $0.host == host && $0.name == name }
    }

    private static func read() throws -> [RecordedWebhook] {
        guard let folder else { return [] }
        var all: [RecordedWebhook] = []
        for host in HostKind.allCases {
            let place = folder.appendingPathComponent(host.rawValue)
            for file in try FileManager.default.contentsOfDirectory(atPath: place.path).sorted() {
                guard file.hasSuffix(".headers.json") else { continue }
                let name = String(file.dropLast(".headers.json".count))
                let head = try JSONReader.value(of: [UInt8](Data(contentsOf: place.appendingPathComponent(file))))
                let bodies = [head["body"]?.text, "\(name).body", "\(name).json", "\(name.prefix { $0 != "." }).json"]
                let found = bodies.compactMap { $0 }.map { place.appendingPathComponent($0) }
                    .first { FileManager.default.fileExists(atPath: $0.path) }
                guard let found else { throw CocoaError(.fileNoSuchFile) }
                let headers = (head["headers"]?.members ?? []).map { ($0.name, $0.value.text ?? "") }
                all.append(
                    RecordedWebhook(
                        host: host, name: name, headers: headers, body: [UInt8](try Data(contentsOf: found))))
            }
        }
        return all
    }
}
