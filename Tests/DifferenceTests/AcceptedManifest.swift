import MooringModel
import MooringNames
import MooringShapes
import MooringTestSupport

@testable import MooringManifests
@testable import MooringPlanning

/// A document of the API's shape, as the typed input that its digest is made of.
///
/// Whether rules of prose, placeholders or references keep it from being planned plays no part: a stricter rule changes no
/// digest.
struct AcceptedManifest {
    let input: Value
    let isService: Bool
    /// Whether there are members whose types nobody knows.
    let hasUnknownMembers: Bool

    /// Nil where the first document of the file is no task definition or service, or not of its shape.
    init?(_ bytes: [UInt8], named name: String) throws {
        let read = DocumentReader.read(ManifestInput(path: try TreePath(name), bytes: bytes))
        guard let document = read.documents.first,
            let manifest = ManifestReader(table: .ecs).read(document).manifests.first, manifest.kind != .cluster,
            let typed = ShapeTable.ecs.coerce(manifest.input, to: manifest.kind.shapeName),
            !typed.findings.contains(where: { $0.severity == .error })
        else { return nil }
        input = manifest.input
        isService = manifest.kind == .service
        hasUnknownMembers = typed.findings.contains { $0.rule == "unknown-member" }
    }

    init?(_ entry: ManifestCorpus.Entry) throws { try self.init(entry.bytes, named: entry.file) }

    var digest: String { AcceptedManifest.digest(of: input, isService: isService) }

    static func digest(of input: Value, isService: Bool) -> String {
        (isService ? ServiceDigest.digest(of: input) : TaskDefinitionDigest.digest(of: input)).text
    }
}
