import MooringModel
import MooringNames
import MooringShapes

/// A document on its way to being a manifest.
struct Draft {
    var unwrapped: Unwrapped
    var provenance: Provenance
    let file: TreePath
    let index: Int
    /// Whether it names a base that cannot be used.
    var lacksBase = false

    init(_ unwrapped: Unwrapped, of document: RawDocument) {
        self.unwrapped = unwrapped
        file = document.file
        index = document.index
        provenance = Provenance(file: document.file)
    }

    mutating func report(_ rule: String, _ message: String, position: SourcePosition?, memberPath: String) {
        unwrapped.findings.append(
            ShapeFinding(severity: .error, rule: rule, message: message, position: position, memberPath: memberPath))
    }
}

/// What completes a document: the bases under it, and the values of its variables.
struct Composition {
    let library: BaseLibrary
    let variables: VariableTable
    let table: ShapeTable
    private var mergedBytes = 0

    init(library: BaseLibrary, variables: VariableTable, table: ShapeTable) {
        self.library = library
        self.variables = variables
        self.table = table
    }

    mutating func complete(_ draft: inout Draft) {
        if draft.unwrapped.namesBase { layOverBases(&draft) }
        var replacement = VariableReplacement(variables)
        draft.unwrapped.input = replacement.replace(in: draft.unwrapped.input)
        if let options = draft.unwrapped.options {
            draft.unwrapped.options?.value = replacement.replace(in: options.value, root: "mooring")
        }
        draft.unwrapped.findings += replacement.findings
        draft.provenance.origins = replacement.origins
        draft.provenance.silenced = replacement.silenced
        draft.provenance.waits = replacement.waits
    }

    // MARK: Bases

    private mutating func layOverBases(_ draft: inout Draft) {
        let bases: [BaseDocument]
        do throws(BaseLibrary.Problem) {
            bases = try library.bases(under: draft.unwrapped, in: draft.file, index: draft.index)
            mergedBytes += bases.reduce(0) { $0 + $1.bytes }
            if mergedBytes > Limits.mergedBytes {
                throw BaseLibrary.Problem(
                    message:
                        "The folder's manifests merge more than \(Limits.mergedBytes) bytes of bases. Use smaller ones.",
                    above: [], position: draft.unwrapped.options?.value["base"]?.position)
            }
        } catch {
            draft.provenance.sources += error.above.map(\.file)
            draft.report(
                "bad-base", error.message, position: error.position?.inSource(error.above.count),
                memberPath: "mooring.base")
            draft.lacksBase = true
            draft.unwrapped.options?.value["base"] = nil
            return
        }
        draft.provenance.sources += bases.map(\.file)
        var layers = [draft.unwrapped]
        for (offset, base) in bases.enumerated() { layers.append(base.unwrapped.inSource(offset + 1)) }
        let kinds = layers.map(\.kind)
        let own = kinds.lazy.compactMap { $0 }.first
        if let own, let odd = kinds.firstIndex(where: { $0 != nil && $0 != own }), let other = kinds[odd] {
            draft.report(
                "bad-base",
                "The base '\(bases[odd - 1].file)' is \(other.phrase), what builds upon it is \(own.phrase).",
                position: draft.unwrapped.options?.value["base"]?.position, memberPath: "mooring.base")
            draft.lacksBase = true
            draft.unwrapped.options?.value["base"] = nil
            return
        }
        draft.unwrapped = merged(layers, as: own.flatMap { table.shape($0.shapeName) })
    }

    /// - Parameter layers: the topmost first.
    private func merged(_ layers: [Unwrapped], as shape: Shape?) -> Unwrapped {
        var merge = OverlayMerge(table: table, text: variables.text(of:))
        var result = layers[layers.count - 1]
        result.options?.value["base"] = nil
        for layer in layers.dropLast().reversed() {
            result.input = merge.merge(layer.input, onto: result.input, as: shape)
            result.findings += layer.findings
            guard var options = layer.options else { continue }
            options.value["base"] = nil
            if let below = result.options { options.value = merge.merge(options.value, onto: below.value, as: nil) }
            result.options = options
        }
        result.findings += merge.findings
        return result
    }
}

extension Unwrapped {
    var namesBase: Bool { options?.value["base"].map { !$0.isNull } ?? false }

    /// The same, every place in it in the document that a number stands for.
    func inSource(_ source: Int) -> Unwrapped {
        var unwrapped = self
        unwrapped.input = input.inSource(source)
        unwrapped.options = options.map {
            Value.Member($0.name, $0.value.inSource(source), position: $0.position?.inSource(source))
        }
        for index in findings.indices {
            unwrapped.findings[index].position = findings[index].position?.inSource(source)
        }
        return unwrapped
    }
}
