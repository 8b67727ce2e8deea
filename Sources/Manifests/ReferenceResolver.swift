import MooringModel
import MooringNames
import MooringShapes

/// Finds the task definition that a service names.
struct ReferenceResolver {
    enum Resolution {
        case family(Family, file: TreePath)
        case pinned(String)
        case bad(rule: String, message: String)
    }

    private let manifests: [Manifest]
    private let families: [Family: [Int]]
    /// The names of all families, in order.
    private let names: [String]
    /// Indices of the task definitions of each file.
    private let taskDefinitions: [TreePath: [Int]]

    init(manifests: [Manifest], families: [Family: [Int]]) {
        self.manifests = manifests
        self.families = families
        names = families.keys.map(\.text).sorted()
        taskDefinitions = Dictionary(
            grouping: manifests.indices.filter { manifests[$0].kind == .taskDefinition }, by: { manifests[$0].file })
    }

    /// - Parameters:
    ///   - text: a relative path to a manifest, a family of the environment, `family:revision`, or an ARN.
    ///   - file: the file in which the text stands, which paths are relative to.
    func resolve(_ text: String, in file: TreePath) -> Resolution {
        if text.hasPrefix("arn:") { return pinnedARN(text) }
        if isPath(text) { return path(text, from: file) }
        if (try? Revision(text)) != nil { return .pinned(text) }
        if let family = try? Family(text) { return self.family(family) }
        return .bad(
            rule: "bad-reference",
            message:
                "'\(text.shortened)' names no task definition. Write a family of this environment ('web'), the path of "
                + "its manifest ('./web.json'), or a revision ('web:12').")
    }

    private func isPath(_ text: String) -> Bool {
        text.contains("/") || [".json", ".yaml", ".yml"].contains { text.lowercased().hasSuffix($0) }
    }

    private func pinnedARN(_ text: String) -> Resolution {
        guard (try? TaskDefinitionARN(text)) != nil else {
            return .bad(
                rule: "bad-reference",
                message: "'\(text.shortened)' is not the ARN of one revision of a task definition. It ends in "
                    + "':task-definition/family:number'.")
        }
        return .pinned(text)
    }

    private func path(_ text: String, from file: TreePath) -> Resolution {
        guard let path = file.resolving(text) else {
            return .bad(
                rule: "bad-reference",
                message:
                    "'\(text.shortened)' leads out of the repository. Paths are relative to the file they stand in.")
        }
        let here = taskDefinitions[path] ?? []
        guard let index = here.first, here.count == 1 else {
            let what =
                here.isEmpty
                ? "There is no task definition in '\(path)' that can be read; it must lie in the environment's folder."
                : "'\(path)' holds \(here.count) task definitions. Name one by its family instead."
            return .bad(rule: "unknown-task-definition", message: what)
        }
        guard let family = manifests[index].input["family"]?.text.flatMap({ try? Family($0) }) else {
            return .bad(rule: "bad-task-definition", message: badMessage(manifests[index]))
        }
        return self.family(family)
    }

    private func family(_ family: Family) -> Resolution {
        guard let indices = families[family], let index = indices.first else {
            let suggestion = family.text.didYouMean(names)
            return .bad(
                rule: "unknown-task-definition",
                message:
                    "No task definition of the family '\(family)' is in this environment's folder.\(suggestion) Add its "
                    + "manifest, or name a revision that exists already ('\(family):1'), which Mooring then leaves alone."
            )
        }
        if indices.count > 1 || manifests[index].isBad {
            return .bad(rule: "bad-task-definition", message: badMessage(manifests[index]))
        }
        return .family(family, file: manifests[index].file)
    }

    private func badMessage(_ manifest: Manifest) -> String {
        "The task definition in \(manifest.file):\(manifest.position) cannot be used. Mend it first; its findings say how."
    }
}
