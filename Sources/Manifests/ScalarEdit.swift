import MooringModel
import MooringNames
package import MooringShapes

/// Puts another text in the place of one scalar of a file, and changes nothing else in it: comments, layout, quotes, line
/// ends and all other bytes stay.
///
/// What is given out has been read again: it says what the file said, but for this one scalar.
package enum ScalarEdit {
    /// - Parameters:
    ///   - position: where the scalar begins, as positions in trees and findings have it.
    ///   - text: what it shall say.
    ///   - input: the file, YAML or JSON by its name, as a manifest is.
    /// - Throws: where there is no scalar at the position, where an alias brings the same scalar to other places, and where no
    ///   way to write the text leaves the rest of the file as it is.
    package static func replacing(
        scalarAt position: SourcePosition, with text: String, in input: ManifestInput,
    ) throws(EditProblem) -> [UInt8] {
        let problem = { (message: String) in EditProblem(message, file: input.path, position: position) }
        let read = DocumentReader.read(input)
        if let finding = read.finding {
            throw EditProblem(
                "The file cannot be read, so nothing in it is changed: \(finding.message)", file: input.path,
                position: finding.position)
        }
        let roots = read.documents.map(\.root)
        let position = position.inSource(0)
        let count = roots.reduce(0) { $0 + $1.count(at: position) }
        if count == 0 { throw problem("No value stands here that could be changed.") }
        if count > 1 {
            throw problem(
                "The value that stands here is used in \(count) places, by an alias ('*') or a merge ('<<'), and all of them "
                    + "would change. Write it out where it is to be another one.")
        }
        let candidates =
            input.path.fileName.lowercased().hasSuffix(".json")
            ? JSONScalarPlace.candidates(at: position, in: input.bytes, saying: text)
            : try YAMLScalarPlace.candidates(at: position, in: input.bytes, saying: text, problem)
        for candidate in candidates {
            let edited =
                Array(input.bytes[..<candidate.range.lowerBound]) + candidate.bytes
                + Array(input.bytes[candidate.range.upperBound...])
            if says(edited, roots, but: text, at: position, in: input) { return edited }
        }
        throw problem("'\(text.shortened)' cannot be written here without changing what else the file says.")
    }

    /// Whether the bytes say what the documents say, but for the scalar at the position, which says the text.
    private static func says(
        _ bytes: [UInt8], _ roots: [Value], but text: String, at position: SourcePosition, in input: ManifestInput,
    ) -> Bool {
        let read = DocumentReader.read(ManifestInput(path: input.path, bytes: bytes))
        guard read.finding == nil, read.documents.count == roots.count else { return false }
        return zip(roots, read.documents).allSatisfy { old, new in
            if old.count(at: position) == 0 { return old == new.root }
            // A text may need quotes where none were, and need none where there were some.
            let styles: [Scalar.Style] = [.plain, .string, .number, .boolean]
            return styles.contains { old.replacing(at: position, Scalar(text: text, style: $0)) == new.root }
        }
    }
}

/// A way to write a scalar: these bytes in the place of that range.
struct ScalarCandidate {
    let range: Range<Int>
    let bytes: [UInt8]
}

extension Value {
    /// How many scalars of the tree stand at the position. Those that came by an alias stand where the anchor does.
    fileprivate func count(at position: SourcePosition) -> Int {
        switch node {
        case .scalar(let scalar): self.position == position && scalar.style != .null ? 1 : 0
        case .list(let elements): elements.reduce(0) { $0 + $1.count(at: position) }
        case .map(let members): members.reduce(0) { $0 + $1.value.count(at: position) }
        }
    }

    /// The tree with another scalar at the position.
    fileprivate func replacing(at position: SourcePosition, _ scalar: Scalar) -> Value {
        switch node {
        case .scalar(let old):
            let isMeant = self.position == position && old.style != .null
            return isMeant ? Value(.scalar(scalar), position: position) : self
        case .list(let elements):
            return Value(.list(elements.map { $0.replacing(at: position, scalar) }), position: self.position)
        case .map(let members):
            return Value(
                .map(
                    members.map { member in
                        Member(
                            member.name, member.value.replacing(at: position, scalar), position: member.position)
                    }), position: self.position)
        }
    }
}
