import Logging
import MooringGit
import MooringHTTPTransport
import MooringNames
import MooringReconciliation
import MooringShapes

/// Reads settings: flag, then variable, then file, then default. All mistakes are said together.
package enum SettingsReader {
    /// Where mirrors are kept where nobody says.
    package static let defaultDataFolder = "/var/lib/mooring"

    /// - Throws: everything that is wrong.
    package static func settings(from input: SettingsInput) throws(SettingsMistakes) -> Settings {
        let mistakes = MistakeList()
        let fileName = input.settingsFile ?? input.variables.given(.settings)
        let file = fileName.flatMap { SettingsFile.read($0, mistakes: mistakes) }
        if fileName != nil, file == nil { throw SettingsMistakes(mistakes: mistakes.mistakes) }
        let process = ProcessReader(input: input, file: file, mistakes: mistakes)
        let format = process.logFormat()
        let level = process.logLevel()
        let listen = process.listen()
        let environments = layers(input, file, mistakes).compactMap { name, layers in
            EnvironmentReader(
                layers: layers, defaultRepository: input.defaultRepository, reachesGit: input.reachesGit,
                reachesHost: input.reachesHost, staysOn: input.staysOn,
            ).environment(name: name)
        }
        checkUnique(environments, mistakes)
        guard mistakes.mistakes.isEmpty else { throw SettingsMistakes(mistakes: mistakes.mistakes) }
        return Settings(
            dataFolder: process.dataFolder(), logFormat: format, logLevel: level, environments: environments,
            remarks: remarks(input, file) + environments.flatMap(\.remarks)
                + hookRemarks(environments, listen: listen, input), listen: listen)
    }

    /// The environments that are asked for, each with where its settings are found.
    private static func layers(
        _ input: SettingsInput, _ file: SettingsFile?, _ mistakes: MistakeList,
    ) -> [(Sourced, SettingsLayers)] {
        var names = input.names.isEmpty ? input.variables.given(.environment).map { [$0] } ?? [] : input.names
        if names.isEmpty, file == nil, let name = input.defaultName { names = [name] }
        let namePlace = input.names.isEmpty ? ProcessVariable.environment.rawValue : "--environment"
        var layers = SettingsLayers(
            flags: input.flags, variables: input.variables, maps: [], fileName: file?.name ?? "", mistakes: mistakes)
        guard let file else {
            guard names.count == 1 else {
                mistakes.add(
                    namePlace,
                    "Name the one environment that flags and variables are about, or give a file with --settings.")
                return []
            }
            let name = Sourced(text: names[0], place: namePlace, isFromFile: false, isFromFlag: true)
            return [(name, layers)]
        }
        let named = file.environments.map { (name: $0["name"]?.text, map: $0) }
        for name in names where !named.contains(where: { $0.name == name }) {
            let known = named.compactMap(\.name).prefix(20).map { "'\($0)'" }.joined(separator: ", ")
            mistakes.add(
                namePlace, "\(file.name) has no environment '\(name)'; it has \(known.isEmpty ? "none" : known).")
        }
        let wanted = named.filter { environment in names.isEmpty || environment.name.map(names.contains) ?? true }
        if wanted.isEmpty, names.isEmpty { mistakes.add(file.name, "There is no environment in 'environments'.") }
        if wanted.count > 1 { refuseOverrides(&layers, count: wanted.count, mistakes) }
        return wanted.compactMap { name, map in
            layers.maps = [map] + [file.defaults].compactMap { $0 }
            guard let name else {
                mistakes.add(file.place(map), "The environment has no 'name'.")
                return nil
            }
            let place = map["name"].map(file.place) ?? file.place(map)
            return (Sourced(text: name, place: place, isFromFile: true, isFromFlag: false), layers)
        }
    }

    /// A flag says something about one environment; about which of several would be a guess.
    private static func refuseOverrides(_ layers: inout SettingsLayers, count: Int, _ mistakes: MistakeList) {
        let flags = EnvironmentKey.allCases.filter { layers.flags[$0]?.isEmpty == false }.map(\.flag)
        let variables = EnvironmentKey.allCases.map(\.variable) + SecretVariable.allCases.map(\.rawValue)
        for given in flags + variables.filter({ layers.variables[$0]?.isEmpty == false }) {
            mistakes.add(
                given,
                "It applies to one environment, and \(count) are meant. Pick one with --environment, or put it into the file."
            )
        }
        layers.flags = [:]
        for variable in variables { layers.variables[variable] = nil }
    }

    /// What is set about webhooks and leads to nothing.
    private static func hookRemarks(
        _ environments: [EnvironmentSettings], listen: ListenAddress?, _ input: SettingsInput,
    ) -> [String] {
        guard input.staysOn, input.reachesHost, input.reachesGit else { return [] }
        let taking = environments.filter { $0.webhookSecret != nil }
        if listen == nil, let first = taking.first {
            return [
                "\(first.name): No webhook is taken, because nobody says where to listen ('listen: 8080' or --listen)."
            ]
        }
        if let listen, taking.isEmpty {
            return [
                "Every webhook at port \(listen.port) is refused, because no environment has a secret for them "
                    + "('webhook.secretFile', 'webhook.secretVariable', 'webhook.secretSecret' or "
                    + "\(SecretVariable.webhookSecret.rawValue))."
            ]
        }
        return []
    }

    private static func checkUnique(_ environments: [EnvironmentSettings], _ mistakes: MistakeList) {
        var seen: Set<EnvironmentIdentity> = []
        for environment in environments where !seen.insert(environment.policy.identity).inserted {
            mistakes.add(
                "", "The environment '\(environment.policy.identity)' is there twice. Give one of the two another name."
            )
        }
    }

    /// Variables that look like settings of ours and are none.
    private static func remarks(_ input: SettingsInput, _ file: SettingsFile?) -> [String] {
        let known = Set(
            EnvironmentKey.allCases.map(\.variable) + SecretVariable.allCases.map(\.rawValue)
                + ProcessVariable.allCases.map(\.rawValue))
        let maps = (file?.environments ?? []) + [file?.defaults].compactMap { $0 }
        let named = Set(
            EnvironmentKey.allCases.filter { $0.rawValue.hasSuffix("Variable") }.flatMap { key in
                maps.compactMap { map in
                    var value: Value? = map
                    for name in key.path { value = value?[name] }
                    return value?.text
                }
            })
        return input.variables.keys.sorted().filter { name in
            name.hasPrefix("MOORING_") && !name.hasPrefix("MOORING_TEST_") && !known.contains(name)
                && !named.contains(name)
        }.map { name in
            let nearest = Suggestion.nearest(to: name, among: known.sorted()).map { " Did you mean \($0)?" } ?? ""
            return "The variable \(name) is not used.\(nearest)"
        }
    }
}

/// Reads what is about the whole process.
private struct ProcessReader {
    let input: SettingsInput
    let file: SettingsFile?
    let mistakes: MistakeList

    func dataFolder() -> String {
        value(input.dataFolder, "--data", .data, "data")?.text ?? SettingsReader.defaultDataFolder
    }

    func logFormat() -> LogFormat {
        choice(
            value(input.logFormat, "--log-format", .logFormat, "logFormat"), LogFormat.init(rawValue:),
            LogFormat.allCases.map(\.rawValue)) ?? .text
    }

    func logLevel() -> Logger.Level {
        choice(
            value(input.logLevel, "--log-level", .logLevel, "logLevel"), Logger.Level.init(rawValue:),
            Logger.Level.allCases.map(\.rawValue)) ?? .info
    }

    /// `8080`, `127.0.0.1:8080`, `[::1]:8080`; a port alone means every address of this machine.
    func listen() -> ListenAddress? {
        guard let source = value(input.listen, "--listen", .listen, "listen") else { return nil }
        let (host, digits): (Substring, Substring)
        if let colon = source.text.lastIndex(of: ":") {
            (host, digits) = (source.text[..<colon], source.text[source.text.index(after: colon)...])
        } else {
            (host, digits) = ("0.0.0.0", source.text[...])
        }
        let bare = host.hasPrefix("[") && host.hasSuffix("]") ? host.dropFirst().dropLast() : host
        guard let port = UInt16(digits), !bare.isEmpty else {
            mistakes.add(source, "'listen' must be a port or an address and a port: 8080, 127.0.0.1:8080.")
            return nil
        }
        return ListenAddress(host: String(bare), port: port)
    }

    private func choice<Result>(_ source: Sourced?, _ make: (String) -> Result?, _ names: [String]) -> Result? {
        guard let source else { return nil }
        if let result = make(source.text) { return result }
        mistakes.add(source, "'\(source.text.prefix(40))' is none of \(names.joined(separator: ", ")).")
        return nil
    }

    private func value(_ flag: String?, _ flagName: String, _ variable: ProcessVariable, _ member: String) -> Sourced? {
        if let flag { return Sourced(text: flag, place: flagName, isFromFile: false, isFromFlag: true) }
        if let text = input.variables.given(variable) {
            return Sourced(text: text, place: variable.rawValue, isFromFile: false, isFromFlag: false)
        }
        guard let file, let value = file.root[member], let text = value.text else { return nil }
        return Sourced(text: text, place: file.place(value), isFromFile: true, isFromFlag: false)
    }
}

extension [String: String] {
    /// The variable's text; nil where it is empty or not set.
    fileprivate func given(_ variable: ProcessVariable) -> String? {
        self[variable.rawValue].flatMap { $0.isEmpty ? nil : $0 }
    }
}
