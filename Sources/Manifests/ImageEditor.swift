import MooringModel
import MooringNames
import MooringShapes

/// Finds the scalar that says which image a container has.
struct ImageEditor {
    let assembly: Assembly
    let variables: VariableTable
    let settingsPath: TreePath?
    /// The document of a manifest or a base as it is written, variables and all.
    let written: (TreePath) -> [Value]

    /// - Parameters:
    ///   - service: `cluster/service`, or the service's name where it is in one cluster alone.
    ///   - image: the whole reference.
    func edit(image: String, container: String, service: String) throws(EditProblem) -> ImageEdit {
        if VariableText.mayHoldVariables(image.utf8) {
            throw EditProblem("'\(image.shortened)' holds '${', which begins a variable. Give the image itself.")
        }
        let (key, index) = try self.service(service)
        let task = try taskDefinition(of: key, assembly.manifests[index])
        let element = try self.container(container, of: task)
        let position = element["name"]?.position ?? element.position
        guard let value = element["image"], let place = value.position else {
            throw located(
                "The container '\(container)' has no image here. Write 'image: \(image.shortened)' into it.", position,
                task)
        }
        let source = place.source
        let file = task.provenance.sources.indices.contains(source) ? task.provenance.sources[source] : task.file
        let position0 = place.inSource(0)
        let text = written(file).lazy.compactMap { $0.text(at: position0) }.first ?? value.text ?? ""
        guard VariableText.mayHoldVariables(text.utf8) else {
            return ImageEdit(
                file: file, position: position0, text: image, previous: value.text,
                origin: source == 0 ? .manifest : .base)
        }
        return try variableEdit(of: text, to: image, at: position0, in: file, previous: value, task)
    }

    // MARK: Finding

    private func service(_ text: String) throws(EditProblem) -> (ServiceKey, Int) {
        let keys = assembly.services.keys.sorted()
        let fitting = keys.filter { $0.description == text || $0.service.text == text }
        guard let key = fitting.first else {
            throw EditProblem(
                "The folder has no service '\(text.shortened)'.\(text.didYouMean(keys.flatMap { [$0.service.text, $0.description] }))"
                    + (keys.isEmpty ? "" : " There are \(ImageEditor.listed(keys.map(\.description)))."))
        }
        guard fitting.count == 1 else {
            throw EditProblem(
                "'\(text)' is in several clusters: \(ImageEditor.listed(fitting.map(\.description))). Name one with its cluster."
            )
        }
        let indices = assembly.services[key] ?? []
        guard indices.count == 1 else {
            let places = indices.map { "\(assembly.manifests[$0].file):\(assembly.manifests[$0].position)" }
            throw EditProblem("The service '\(key)' is in \(ImageEditor.listed(places)). Keep one of them.")
        }
        return (key, indices[0])
    }

    private func taskDefinition(of key: ServiceKey, _ service: Manifest) throws(EditProblem) -> Manifest {
        if service.lacksBase {
            throw EditProblem(
                service.why ?? "A base of the service '\(key)' cannot be used.", file: service.file,
                position: service.position)
        }
        guard let value = service.input["taskDefinition"], let text = value.text else {
            throw located("The service '\(key)' names no task definition, so it has no image here.", nil, service)
        }
        let source = value.position?.source ?? 0
        let sources = service.provenance.sources
        let file = sources.indices.contains(source) ? sources[source] : service.file
        let resolver = ReferenceResolver(manifests: assembly.manifests, families: assembly.families)
        switch resolver.resolve(text, in: file) {
        case .family(let family, _):
            guard let index = assembly.families[family]?.first else { break }
            return assembly.manifests[index]
        case .pinned(let revision):
            throw located(
                "The service '\(key)' runs the revision '\(revision.shortened)', which is not in the folder. Only what a manifest "
                    + "here says can be changed.", value.position, service)
        case .bad(_, let message):
            // One that cannot be used may be so for want of an image.
            guard let family = try? Family(text), let indices = assembly.families[family], indices.count == 1,
                !assembly.manifests[indices[0]].lacksBase
            else { throw located(message, value.position, service) }
            return assembly.manifests[indices[0]]
        }
        throw located("'\(text.shortened)' names no task definition that can be read.", value.position, service)
    }

    private func container(_ name: String, of task: Manifest) throws(EditProblem) -> Value {
        let elements = task.input["containerDefinitions"]?.elements ?? []
        let fitting = elements.filter { $0["name"]?.text == name }
        guard let element = fitting.first else {
            let names = elements.compactMap { $0["name"]?.text }
            throw located(
                "There is no container '\(name.shortened)' here.\(name.didYouMean(names))"
                    + (names.isEmpty ? "" : " There are \(ImageEditor.listed(names))."), nil, task)
        }
        guard fitting.count == 1 else {
            let places = fitting.compactMap { $0.position?.description }
            throw located(
                "\(fitting.count) containers are called '\(name.shortened)', at \(ImageEditor.listed(places)). Give them names of "
                    + "their own.", element.position, task)
        }
        return element
    }

    // MARK: Variables

    /// The change of the one variable that makes the text say the image.
    private func variableEdit(
        of text: String, to image: String, at position: SourcePosition, in file: TreePath, previous: Value,
        _ task: Manifest,
    ) throws(EditProblem) -> ImageEdit {
        let segments = VariableText.segments(of: text)
        let refuse = { (message: String) in
            EditProblem("The image is written '\(text.shortened)' here. \(message)", file: file, position: position)
        }
        var edits: [ImageEdit] = []
        for (index, segment) in segments.enumerated() {
            guard case .variable(let name) = segment else { continue }
            switch variables.declared[name]?.source {
            case nil: throw refuse("\(SettingsReader.fileName) declares no variable '\(name)'.")
            case .parameter(let parameter):
                // Beside other variables it may be one that need not change.
                if segments.count == 1 || known([segment]) == nil {
                    throw refuse("'${\(name)}' is the SSM parameter '\(parameter.shortened)': put the new image there.")
                }
            case .value:
                let isOnce = !segments[(index + 1)...].contains(segment) && !segments[..<index].contains(segment)
                guard isOnce, let before = known(segments[..<index]), let after = known(segments[(index + 1)...]),
                    image.hasPrefix(before), image.dropFirst(before.count).hasSuffix(after), let settingsPath,
                    let place = variables.declared[name]?.place
                else { continue }
                let part = String(image.dropFirst(before.count).dropLast(after.count))
                edits.append(
                    ImageEdit(
                        file: settingsPath, position: place, text: part,
                        previous: task.provenance.isOpen(previous) ? nil : previous.text, origin: .variable(name)))
            }
        }
        guard let edit = edits.first else {
            throw refuse(
                "No one variable of it can make it '\(image.shortened)'. Write the image out, or change the variables by hand."
            )
        }
        guard edits.count == 1 else {
            let names = edits.compactMap { edit in
                if case .variable(let name) = edit.origin { name } else { nil }
            }
            throw refuse(
                "Any of the variables \(ImageEditor.listed(names)) could be changed. Change one of them by hand.")
        }
        return edit
    }

    /// What these parts of a text say; nil where a value is not known.
    private func known(_ segments: ArraySlice<VariableText.Segment>) -> String? {
        var text = ""
        for segment in segments {
            switch segment {
            case .literal(let literal): text += literal
            case .escaped(let inner): text += "${\(inner)}"
            case .malformed: return nil
            case .variable(let name):
                guard case .value(let scalar) = variables.meaning(of: name) else { return nil }
                text += scalar.text
            }
        }
        return text
    }

    // MARK: Words

    private func located(_ message: String, _ position: SourcePosition?, _ manifest: Manifest) -> EditProblem {
        let position = position ?? manifest.position
        let sources = manifest.provenance.sources
        let file = sources.indices.contains(position.source) ? sources[position.source] : manifest.file
        return EditProblem(message, file: file, position: position.inSource(0))
    }

    private static func listed(_ names: [String]) -> String {
        let shown = names.prefix(Limits.namedContainers).map { "'\($0.shortened)'" }
        let more = names.count - shown.count
        return (more > 0 ? shown + ["\(more) more"] : shown).joined(separator: ", ")
    }
}

extension Value {
    /// What the scalar at the position says.
    fileprivate func text(at position: SourcePosition) -> String? {
        switch node {
        case .scalar: self.position == position ? text : nil
        case .list(let elements): elements.lazy.compactMap { $0.text(at: position) }.first
        case .map(let members): members.lazy.compactMap { $0.value.text(at: position) }.first
        }
    }
}
