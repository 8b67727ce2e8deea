import MooringManifests
import MooringShapes

/// The settings file: checked for what it may hold, its values left to whoever needs them.
struct SettingsFile {
    /// As people named it.
    let name: String
    let root: Value
    let environments: [Value]
    let defaults: Value?

    private static let rootMembers = ["data", "logFormat", "logLevel", "listen", "defaults", "environments"]

    /// Reads a file; what is wrong with its form is entered in `mistakes`.
    ///
    /// - Returns: nil where nothing of it can be used.
    static func read(_ name: String, mistakes: MistakeList) -> SettingsFile? {
        let bytes: [UInt8]
        switch SmallFile.read(name, limit: Limits.settingsBytes) {
        case .success(let content): bytes = content
        case .failure(let trouble):
            mistakes.add(name, "The settings file cannot be read: \(trouble.description)")
            return nil
        }
        let stream = YAMLReader.stream(of: bytes)
        if let error = stream.error {
            mistakes.add("\(name):\(error.position)", error.message)
            return nil
        }
        guard let root = stream.documents.first, stream.documents.count == 1, root.members != nil else {
            mistakes.add(name, "The settings file must hold one YAML map with the member 'environments'.")
            return nil
        }
        let file = SettingsFile(
            name: name, root: root, environments: root["environments"]?.elements ?? [], defaults: root["defaults"])
        file.check(mistakes)
        return file
    }

    private func check(_ mistakes: MistakeList) {
        checkMembers(of: root, allowed: SettingsFile.rootMembers, mistakes)
        if let list = root["environments"], list.elements == nil {
            mistakes.add(place(list), "'environments' must be a list.")
        }
        if environments.count > Limits.environments {
            mistakes.add(
                name, "There are \(environments.count) environments; at most \(Limits.environments) are allowed.")
        }
        for map in environments + [defaults].compactMap({ $0 }) {
            guard map.members != nil else {
                mistakes.add(place(map), "An environment must be a map.")
                continue
            }
            let isDefaults = map.position == defaults?.position
            checkEnvironment(map, path: [], extra: isDefaults ? [] : ["name"], mistakes)
        }
    }

    /// Every member must be one that we know, on every level.
    private func checkEnvironment(_ map: Value, path: [String], extra: [String], _ mistakes: MistakeList) {
        let below = EnvironmentKey.allCases.map(\.path).filter { $0.starts(with: path) && $0.count > path.count }
        let names = Set(below.map { $0[path.count] })
        checkMembers(of: map, allowed: extra + names.sorted(), mistakes)
        for member in map.members ?? [] {
            let inner = path + [member.name]
            let isGroup = below.contains { $0.starts(with: inner) && $0.count > inner.count }
            guard isGroup, !member.value.isNull else { continue }
            if member.value.members == nil {
                mistakes.add(place(member.value), "'\(inner.joined(separator: "."))' must be a map.")
            } else {
                checkEnvironment(member.value, path: inner, extra: [], mistakes)
            }
        }
    }

    private func checkMembers(of map: Value, allowed: [String], _ mistakes: MistakeList) {
        for member in map.members ?? [] where !allowed.contains(member.name) {
            let place = member.position.map { "\(name):\($0)" } ?? name
            if ["token", "password", "sshKey", "secret", "appKey", "hook"].contains(member.name) {
                let kind = member.name == "password" ? "token" : member.name
                mistakes.add(
                    place,
                    "A secret does not belong into this file. Put it into a file of its own and name that with "
                        + "'\(kind)File', or into a variable and name that with '\(kind)Variable'.")
                continue
            }
            let nearest = Suggestion.nearest(to: member.name, among: allowed).map { " Did you mean '\($0)'?" } ?? ""
            mistakes.add(place, "There is no setting '\(member.name.prefix(80))' here.\(nearest)")
        }
    }

    func place(_ value: Value) -> String { value.position.map { "\(name):\($0)" } ?? name }
}
