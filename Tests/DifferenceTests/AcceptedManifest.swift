import Foundation
import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import MooringTestSupport

@testable import MooringPlanning

/// A document that the product takes, as the typed input that its digest is made of.
struct AcceptedManifest {
    let input: Value
    let isService: Bool
    /// Whether there are members whose types nobody knows.
    let hasUnknownMembers: Bool

    /// Nil where the product does not take it. A service's task definition is taken to be beside it.
    init?(_ bytes: [UInt8], named name: String) throws {
        let file = try TreePath(name)
        let input = ManifestInput(path: file, bytes: bytes)
        var state = Manifests.desiredState(of: [input])
        if state.services.isEmpty, state.taskDefinitions.isEmpty, let reference = AcceptedManifest.reference(in: bytes)
        {
            let isFile = [".json", ".yaml", ".yml"].contains { reference.hasSuffix($0) }
            let family = isFile ? "any" : reference
            let text = #"{"family": "\#(family)", "containerDefinitions": [{"name": "a", "image": "i", "memory": 8}]}"#
            let folder = name.split(separator: "/").dropLast().map { $0 + "/" }.joined()
            if let path = try? TreePath(isFile ? folder + reference : "any-definition.json") {
                state = Manifests.desiredState(of: [input, ManifestInput(path: path, bytes: Array(text.utf8))])
            }
        }
        hasUnknownMembers = state.findings.contains { $0.rule == "unknown-member" }
        if let service = state.services.first {
            self.input = service.input
            isService = true
        } else if let definition = state.taskDefinitions.first(where: { $0.file == file }) {
            self.input = definition.input
            isService = false
        } else {
            return nil
        }
    }

    init?(_ entry: ManifestCorpus.Entry) throws { try self.init(entry.bytes, named: entry.file) }

    var digest: String { AcceptedManifest.digest(of: input, isService: isService) }

    static func digest(of input: Value, isService: Bool) -> String {
        (isService ? ServiceDigest.digest(of: input) : TaskDefinitionDigest.digest(of: input)).text
    }

    /// The family or file that a service's manifest names.
    private static func reference(in bytes: [UInt8]) -> String? {
        let match = String(decoding: bytes, as: UTF8.self)
            .firstMatch(of: #/"?taskDefinition"?\s*:\s*"?(?:arn:[^\s"]*\/)?([\w.\/-]+)/#)
        return match.map { String($0.1) }
    }
}
