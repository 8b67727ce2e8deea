import MooringModel
import MooringShapes

/// Where each of Mooring's own options is read, so that one that stands elsewhere is told its place.
///
/// An option that nobody reads is worse than a wrong one: whoever wrote 'pause: true' believes that nothing happens.
enum OptionPlaces {
    /// What is read below `mooring` in the manifest of a service.
    static let ofServices = OptionsReader.names(for: .service)
    /// What is read below `mooring` in the manifest of a one-off task.
    static let ofRuns = OptionsReader.names(for: .run)
    /// What is read in `mooring.yaml`.
    static let ofEnvironments = SettingsReader.names

    static func isOption(_ name: String) -> Bool {
        ofServices.contains(name) || ofRuns.contains(name) || ofEnvironments.contains(name)
    }

    // MARK: Among options

    /// The options that mean nothing below `mooring` in a manifest of this kind, with where they belong.
    static func misplaced(under kind: DocumentKind) -> [(name: String, message: String)] { misplaced[kind] ?? [] }

    private static let misplaced: [DocumentKind: [(name: String, message: String)]] = {
        let all = ofServices.union(ofRuns).union(ofEnvironments)
        let kinds: [DocumentKind] = [.service, .taskDefinition, .cluster, .run]
        return Dictionary(
            uniqueKeysWithValues: kinds.map { kind in
                (kind, all.subtracting(own(kind)).sorted().map { ($0, belonging($0, under: kind)) })
            })
    }()

    /// The options that mean nothing in `mooring.yaml`, with where they belong.
    static let misplacedInSettings: [(name: String, message: String)] = ofServices.union(ofRuns)
        .subtracting(ofEnvironments).sorted().map { name in
            let place =
                switch (ofServices.contains(name), ofRuns.contains(name)) {
                case _ where name == "base": "the manifest that builds upon another"
                case (true, true): "the manifest of a service or a one-off task"
                case (true, false): "a service's manifest"
                default: "a one-off task's manifest"
                }
            return (name, "'\(name)' belongs into \(place), below 'mooring:'. Move it there.")
        }

    private static func own(_ kind: DocumentKind) -> Set<String> { kind == .run ? ofRuns : ofServices }

    private static func belonging(_ name: String, under kind: DocumentKind) -> String {
        if ofEnvironments.contains(name), !ofServices.contains(name) {
            return "'\(name)' belongs into mooring.yaml, where it holds for the whole environment. Move it there."
        }
        guard kind == .run else {
            return
                "'\(name)' makes a one-off task of a manifest in RunTask's shape, and this is \(kind.phrase). Remove it."
        }
        return "'\(name)' is a service's: \(meaninglessForRuns[name] ?? "a one-off task has none"). Remove it."
    }

    /// What only services have, and why one-off tasks have not.
    private static let meaninglessForRuns = [
        "adopt": "a one-off task is started by Mooring itself, there is nothing to take over",
        "approve": "nothing waits for approval while a one-off task runs",
        "autoscaling": "how many tasks are started at once, 'count' says",
        "drift": "a one-off task that has run is over, and nothing of it is corrected",
        "ignore": "a one-off task runs once for all of its inputs",
        "replace": "every run is a new task",
        "shared": "CloudFormation runs no one-off tasks",
        "waitFor": "a one-off task is done when it has stopped",
    ]

    // MARK: Among members

    /// Why an option that stands among the members of an input is not read there, and where it belongs.
    ///
    /// - Parameter kind: what the members are the input of, nil where the option would have told it.
    static func besideMembers(_ name: String, of kind: DocumentKind?) -> String {
        let isService = ofServices.contains(name)
        let what =
            "'\(name)' is no member of \(kind?.phrase ?? "a manifest") but an option of Mooring's, and nobody reads it here. "
        if ofEnvironments.contains(name), !isService {
            return what + "Write it into mooring.yaml, where it holds for the whole environment."
        }
        let takesOptions = kind == nil || kind == .service || kind == .run || name == "base"
        if let kind, takesOptions ? !own(kind).contains(name) : !isService { return belonging(name, under: kind) }
        let place = takesOptions ? "below 'mooring:'" : "into the service's manifest, below 'mooring:'"
        let whole = ofEnvironments.contains(name) ? ", or into mooring.yaml if the whole environment is meant" : ""
        return what + "Write it \(place)\(whole)."
    }

    /// The option among the members of a document of no kind that would have told what it is.
    static func telling(in root: Value) -> (member: Value.Member, kind: DocumentKind?)? {
        for member in root.members ?? [] {
            if member.name == "runs", root["taskDefinition"] != nil { return (member, .run) }
            let path = member.value.text?.lowercased() ?? ""
            let isFile = [".yaml", ".yml", ".json"].contains { path.hasSuffix($0) }
            if member.name == "base", isFile { return (member, nil) }
        }
        return nil
    }
}

extension Unwrapped {
    /// Takes out Mooring's own options that stand among the members, each with an error: passed on to AWS as they are, they
    /// would do nothing.
    ///
    /// A member that the API has under the name of an option stays what it is.
    mutating func refuseMisplacedOptions(for kind: DocumentKind, in table: ShapeTable) {
        guard let members = input.members, case .structure(let structure)? = table.shape(kind.shapeName)?.kind else {
            return
        }
        var left: [Value.Member] = []
        var told = 0
        for member in members {
            let isOption = OptionPlaces.isOption(member.name)
            guard structure[member.name] == nil,
                isOption || Suggestion.nearest(to: member.name, among: ["mooring"]) != nil
            else {
                left.append(member)
                continue
            }
            told += 1
            guard told <= Limits.findingsPerRule else { continue }
            findings.append(
                ShapeFinding(
                    severity: .error, rule: isOption ? "misplaced-option" : "unknown-option",
                    message: isOption
                        ? OptionPlaces.besideMembers(member.name, of: kind)
                        : "'\(member.name.shortened)' is no member of \(kind.phrase). Did you mean 'mooring', below which "
                            + "Mooring's own options stand?",
                    position: member.position, memberPath: member.name))
        }
        if left.count < members.count { input.node = .map(left) }
    }
}
