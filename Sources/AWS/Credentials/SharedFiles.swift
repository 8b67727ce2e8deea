package import MooringPorts

/// A file in the format of `~/.aws/config`: sections of `key = value`, values of one level of indented lines below a key.
package struct INIFile: Equatable, Sendable {
    /// Section name, as between the brackets, to keys in lower case, to values. Of duplicates the later one wins.
    package private(set) var sections: [String: [String: String]] = [:]
    /// Section name to key to the indented lines below it: `[services x]` holds `ecs` holds `endpoint_url`.
    package private(set) var nested: [String: [String: [String: String]]] = [:]

    package init(_ text: String) {
        var section: String?
        var parent: String?
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = INIFile.trim(line)
            if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
            if line.first == "[" {
                let name = INIFile.trim(trimmed.dropFirst().prefix { $0 != "]" })
                section = name.split(whereSeparator: \.isWhitespace).joined(separator: " ")
                parent = nil
                continue
            }
            guard let section, let equals = trimmed.firstIndex(of: "=") else { continue }
            let key = INIFile.trim(trimmed[..<equals]).lowercased()
            let value = INIFile.value(trimmed[trimmed.index(after: equals)...])
            if line.first?.isWhitespace == true, let parent {
                nested[section, default: [:]][parent, default: [:]][key] = value
            } else {
                sections[section, default: [:]][key] = value
                parent = key
            }
        }
    }

    private static func trim(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    /// A comment behind a value starts with white space; `#` within a secret is part of it.
    private static func value(_ text: Substring) -> String {
        var cut = text
        for marker in [" #", " ;", "\t#", "\t;"] {
            if let range = cut.firstRange(of: marker) { cut = cut[..<range.lowerBound] }
        }
        return trim(cut)
    }
}

/// `~/.aws/config` and `~/.aws/credentials`, or the files that the environment names, as they were when they were read.
package struct SharedFiles: Equatable, Sendable {
    private let config: INIFile
    private let credentials: INIFile

    package init(config: String, credentials: String) {
        self.config = INIFile(config)
        self.credentials = INIFile(credentials)
    }

    /// Reads both files. One that does not exist is empty.
    package init(environment: [String: String]) throws(Failure) {
        let home = environment.nonEmpty("HOME").map { $0 + "/.aws/" }
        let config = environment.nonEmpty("AWS_CONFIG_FILE") ?? home.map { $0 + "config" }
        let credentials = environment.nonEmpty("AWS_SHARED_CREDENTIALS_FILE") ?? home.map { $0 + "credentials" }
        self.init(config: try SharedFiles.read(config), credentials: try SharedFiles.read(credentials))
    }

    private static func read(_ path: String?) throws(Failure) -> String {
        guard let path, let bytes = try SmallFile.read(path) else { return "" }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The profile in force: the setting, else `AWS_PROFILE`, else `default`.
    package static func profileName(setting: String?, environment: [String: String]) -> String {
        setting ?? environment.nonEmpty("AWS_PROFILE") ?? environment.nonEmpty("AWS_DEFAULT_PROFILE") ?? "default"
    }

    /// The keys of a profile from both files; the credentials file wins. Nil where neither has it.
    package func profile(_ name: String) -> [String: String]? {
        let fromConfig = config.sections["profile \(name)"] ?? (name == "default" ? config.sections["default"] : nil)
        let fromCredentials = credentials.sections[name]
        if fromConfig == nil, fromCredentials == nil { return nil }
        return (fromConfig ?? [:]).merging(fromCredentials ?? [:]) { _, credentials in credentials }
    }

    /// The endpoint that the profile's `services` section, or else the profile itself, gives for a service.
    ///
    /// - Parameter key: the service's id in lower case: `application_auto_scaling`.
    package func endpoint(profile name: String, service key: String) -> String? {
        guard let profile = profile(name) else { return nil }
        if let services = profile["services"],
            let url = config.nested["services \(services)"]?[key]?["endpoint_url"], !url.isEmpty
        {
            return url
        }
        return profile.nonEmpty("endpoint_url")
    }
}
