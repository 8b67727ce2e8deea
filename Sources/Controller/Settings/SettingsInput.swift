import MooringShapes

/// What settings are read from.
package struct SettingsInput: Sendable {
    /// The file named by `--settings`; nil where there is none.
    package var settingsFile: String?
    /// The environments picked by `--environment`; without a file, the name of the one environment.
    package var names: [String] = []
    package var dataFolder: String?
    package var logFormat: String?
    package var logLevel: String?
    package var listen: String?
    /// Flags of the one environment that they are about.
    package var flags: [EnvironmentKey: [String]] = [:]
    /// The process's environment.
    package var variables: [String: String] = [:]
    /// The repository, where no setting names one: the remote of the folder that is planned.
    package var defaultRepository: String?
    /// The environment's name, where nobody gives one and no file is read: the folder that is planned.
    package var defaultName: String?
    /// Whether git is reached: who only looks at a folder needs no key.
    package var reachesGit = true
    /// Whether results are shown on the git host: who shows none needs no token of it.
    package var reachesHost = true
    /// Whether webhooks are taken and messages sent, which only a controller that stays does.
    package var staysOn = true

    package init() {}
}

/// A setting's text, and where it was found.
struct Sourced {
    let text: String
    /// In front of what is said about it: `--act`, `MOORING_ACT`, `settings.yaml:3:10`.
    let place: String
    let isFromFile: Bool
    let isFromFlag: Bool
    /// Which layer gives it: the one with the least number wins.
    var layer = 0
}

/// Collects what is wrong, so that all of it can be said at once.
final class MistakeList {
    private(set) var mistakes: [String] = []

    /// One that is found on two ways is said once.
    func add(_ place: String, _ text: String) {
        let mistake = place.isEmpty ? text : "\(place): \(text)"
        if !mistakes.contains(mistake) { mistakes.append(mistake) }
    }
    func add(_ source: Sourced, _ text: String) { add(source.place, text) }
}

/// The settings of one environment as they stand in flags, variables and the file, the first of them winning.
struct SettingsLayers {
    var flags: [EnvironmentKey: [String]]
    var variables: [String: String]
    /// The environment's own map, and the one of defaults.
    var maps: [Value]
    /// How places in the file begin.
    var fileName: String
    let mistakes: MistakeList

    /// The setting's value; nil where nobody gives one.
    func text(_ key: EnvironmentKey) -> Sourced? {
        if let flag = flags[key]?.last {
            return Sourced(text: flag, place: key.flag, isFromFile: false, isFromFlag: true)
        }
        if let variable = variables[key.variable], !variable.isEmpty {
            return Sourced(text: variable, place: key.variable, isFromFile: false, isFromFlag: false, layer: 1)
        }
        guard let (value, map) = fileEntry(key) else { return nil }
        guard let text = value.text, !text.isEmpty else {
            mistakes.add(place(value), "'\(key.rawValue)' must be a text.")
            return nil
        }
        return Sourced(text: text, place: place(value), isFromFile: true, isFromFlag: false, layer: 2 + map)
    }

    /// The values of a setting that may have several: a repeated flag, a variable with commas, a list.
    func texts(_ key: EnvironmentKey) -> [Sourced] {
        if let flags = flags[key], !flags.isEmpty {
            return flags.flatMap { split($0, place: key.flag) }
                .map { Sourced(text: $0, place: key.flag, isFromFile: false, isFromFlag: true) }
        }
        if let variable = variables[key.variable], !variable.isEmpty {
            return split(variable, place: key.variable).map {
                Sourced(text: $0, place: key.variable, isFromFile: false, isFromFlag: false)
            }
        }
        guard let value = fileValue(key) else { return [] }
        let elements = value.elements ?? [value]
        return elements.compactMap { element in
            guard let text = element.text, !text.isEmpty else {
                mistakes.add(place(element), "'\(key.rawValue)' must be a list of texts.")
                return nil
            }
            return Sourced(text: text, place: place(element), isFromFile: true, isFromFlag: false)
        }
    }

    /// A secret that a variable holds itself.
    func secret(_ variable: SecretVariable) -> String? {
        variables[variable.rawValue].flatMap { $0.allSatisfy(\.isWhitespace) ? nil : $0 }
    }

    /// What the file says, the environment's own word before the default.
    func fileValue(_ key: EnvironmentKey) -> Value? { fileEntry(key)?.value }

    /// The same, and which of the maps says it.
    private func fileEntry(_ key: EnvironmentKey) -> (value: Value, map: Int)? {
        for (index, map) in maps.enumerated() {
            var value: Value? = map
            for name in key.path { value = value?[name] }
            if let value, !value.isNull { return (value, index) }
        }
        return nil
    }

    /// Whether the file has a map at this path, if only an empty one.
    func hasMap(_ path: [String]) -> Bool {
        maps.contains { map in
            var value: Value? = map
            for name in path { value = value?[name] }
            return value != nil
        }
    }

    /// Where the environment's own map begins.
    var place: String { maps.first.map(place) ?? "" }

    func place(_ value: Value) -> String { value.position.map { "\(fileName):\($0)" } ?? fileName }

    /// The parts between commas, without the white space around them; what stands inside of one stays, for whoever reads
    /// the part to judge. A text that names nothing is a mistake: an empty list means something else.
    private func split(_ text: String, place: String) -> [String] {
        let parts = text.split(separator: ",").map { $0.trimmed }.filter { !$0.isEmpty }
        if parts.isEmpty { mistakes.add(place, "The value is empty. Name one, or leave it out.") }
        return parts
    }
}

extension Substring {
    /// Without white space at both ends.
    fileprivate var trimmed: String {
        let start = drop(while: \.isWhitespace)
        guard let end = start.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(start[...end])
    }
}
