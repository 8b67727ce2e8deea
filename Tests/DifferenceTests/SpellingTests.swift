import MooringShapes
import MooringTestSupport
import Testing

@testable import MooringPlanning

/// Spellings of real manifests, read by the product: the digest follows the content and nothing else.
@Suite struct SpellingTests {
    /// Our own manifests, and the corpus where it is at hand.
    private func entries() throws -> [ManifestCorpus.Entry] { try ManifestCorpus.own() + ManifestCorpus.entries() }

    @Test func `every spelling of a document has its digest`() throws {
        var documents = 0
        var spellings = 0
        for (number, entry) in try entries().enumerated() {
            guard let accepted = try AcceptedManifest(entry) else { continue }
            // Variables of templates and the like are read as the texts they are; what is read is spelled again.
            let input = accepted.input
            var spelling = Spelling(seed: UInt64(number))
            // What nobody knows the type of has no other spelling of its numbers.
            let retyped = accepted.hasUnknownMembers ? input : Spelling.otherwiseTyped(input)
            let others: [(String, Value)] = [
                ("as it is", input), ("shuffled", spelling.shuffled(input)),
                ("defaults written out", Spelling.withDefaults(input, isService: accepted.isService)),
                ("other units and types", retyped),
                (
                    "all at once",
                    spelling.shuffled(Spelling.withDefaults(retyped, isService: accepted.isService))
                ),
            ]
            for (what, document) in others {
                let json = JSONWriter(.indented).text(of: document)
                let yaml = Spelling.yaml(document)
                for (text, ending) in [(json, "json"), (yaml, "yaml")] {
                    let read = try AcceptedManifest(Array(text.utf8), named: "spelling.\(ending)")
                    #expect(read?.digest == accepted.digest, "\(entry.file), \(what), \(ending)")
                    spellings += 1
                }
            }
            documents += 1
        }
        print("\(spellings) spellings of \(documents) documents have the digest of their document.")
        #expect(documents >= 10)
    }

    @Test func `every other content has another digest`() throws {
        var leaves = 0
        for entry in try entries() {
            guard let accepted = try AcceptedManifest(entry) else { continue }
            var digests = [accepted.digest]
            for changed in Self.changed(accepted.input, isRoot: true, isService: accepted.isService) {
                digests.append(AcceptedManifest.digest(of: changed, isService: accepted.isService))
            }
            leaves += digests.count - 1
            let twins = digests.indices.dropFirst().filter { digests[$0] == digests[0] }
            #expect(twins == [], "\(entry.file)")
        }
        print("\(leaves) changed leaves have another digest.")
    }

    /// The document with each of its leaves changed, one at a time.
    private static func changed(_ value: Value, isRoot: Bool, isService: Bool) -> [Value] {
        switch value.node {
        case .scalar(let scalar):
            switch scalar.style {
            case .boolean: return [.boolean(scalar.text == "false")]
            case .number: return [.double((value.double ?? 0) + 1)]
            case .string, .plain, .null: return [.string(scalar.text + "x")]
            }
        case .list(let elements):
            return elements.indices.flatMap { index in
                changed(elements[index], isRoot: false, isService: isService).map { element in
                    var copy = elements
                    copy[index] = element
                    return .list(copy)
                }
            }
        case .map(let members):
            return members.flatMap { member -> [Value] in
                // Tags are no part of a revision's content, and a token steers one call.
                if isRoot, member.name == "clientToken" || member.name == "tags" && !isService { return [] }
                return changed(member.value, isRoot: false, isService: isService).map { changedMember in
                    var copy = value
                    copy[member.name] = changedMember
                    return copy
                }
            }
        }
    }
}
