import MooringShapes

/// What was set of an account's settings; AWS's own values stand in the table below.
struct AccountSettingStore: Sendable {
    struct Entry: Sendable {
        let name: String
        /// nil is the whole account: PutAccountSettingDefault, or the root user.
        let principal: String?
        var value: String
    }

    /// In the order in which they were first set.
    var entries: [Entry] = []

    func value(_ name: String, of principal: String?) -> String? {
        entries.first { $0.name == name && $0.principal == principal }?.value
    }

    mutating func set(_ name: String, of principal: String?, to value: String?) {
        let index = entries.firstIndex { $0.name == name && $0.principal == principal }
        switch (index, value) {
        case (let index?, let value?): entries[index].value = value
        case (let index?, nil): entries.remove(at: index)
        case (nil, let value?): entries.append(Entry(name: name, principal: principal, value: value))
        case (nil, nil): break
        }
    }
}

/// Account settings. Source: API reference, ListAccountSettings and PutAccountSetting (names, values, who overrides whom).
extension World {
    /// Name, the value of an account that never set it, the values allowed.
    private static let settings: [(name: String, standard: String, values: [String])] = [
        ("awsvpcTrunking", "disabled", ["enabled", "disabled"]),
        ("containerInsights", "disabled", ["enhanced", "enabled", "disabled"]),
        ("containerInstanceLongArnFormat", "enabled", ["enabled", "disabled"]),
        ("defaultLogDriverMode", "non-blocking", ["blocking", "non-blocking"]),
        ("fargateEventWindows", "disabled", ["enabled", "disabled"]),
        ("fargateFIPSMode", "disabled", ["enabled", "disabled"]),
        ("fargateTaskRetirementWaitPeriod", "7", ["0", "7", "14"]),
        ("guardDutyActivate", "on", []),
        ("serviceLongArnFormat", "enabled", ["enabled", "disabled"]),
        ("tagResourceAuthorization", "on", ["on", "off"]),
        ("taskLongArnFormat", "enabled", ["enabled", "disabled"]),
    ]

    private var root: String { "arn:\(partition):iam::\(account):root" }

    mutating func putAccountSetting(_ input: Input, _ caller: Caller, isDefault: Bool) throws(APIError) -> Value {
        let (name, values) = try settingName(input)
        guard let value = try input.string("value"), !value.isEmpty else {
            throw .invalidParameter("value can not be blank.")
        }
        guard values.contains(value) else {
            throw .invalidParameter(
                values.isEmpty
                    // Source: API reference: "guardDutyActivate is read-only in Amazon ECS".
                    ? "\(name) is read-only."
                    : "Invalid value for \(name): \(value). Valid values are: \(values.joined(separator: ", "))")
        }
        let principal = isDefault ? nil : try settingPrincipal(input, caller)
        accountSettings.set(name, of: principal, to: value)
        return ["setting": shown(name, value, principal: principal ?? root)]
    }

    mutating func deleteAccountSetting(_ input: Input, _ caller: Caller) throws(APIError) -> Value {
        let (name, _) = try settingName(input)
        let principal = try settingPrincipal(input, caller)
        accountSettings.set(name, of: principal, to: nil)
        // What holds from now on. Source: the answer's members in the API reference.
        return ["setting": shown(name, effective(name, of: principal), principal: principal ?? root)]
    }

    func listAccountSettings(_ input: Input, _ caller: Caller) throws(APIError) -> Value {
        let principal = try settingPrincipal(input, caller)
        let name = try input.string("name")
        let value = try input.string("value")
        if value != nil, name == nil {
            // Source: API reference, ListAccountSettings `value`: "you must also specify an account setting name".
            throw .invalidParameter("You must specify an account setting name to use the value filter.")
        }
        let isEffective = try input.boolean("effectiveSettings") == true
        var shown: [(name: String, value: String)] = []
        for setting in World.settings where name == nil || setting.name == name {
            let found =
                isEffective
                ? effective(setting.name, of: principal) : accountSettings.value(setting.name, of: principal)
            if let found, value == nil || found == value { shown.append((setting.name, found)) }
        }
        let page = try Paging.page(shown, input, byDefault: 10, atMost: 10)
        return page.value("settings") { self.shown($0.name, $0.value, principal: principal ?? root) }
    }

    /// The principal's own value, else the account's, else AWS's.
    private func effective(_ name: String, of principal: String?) -> String {
        accountSettings.value(name, of: principal) ?? accountSettings.value(name, of: nil)
            ?? World.settings.first { $0.name == name }?.standard ?? ""
    }

    private func settingName(_ input: Input) throws(APIError) -> (name: String, values: [String]) {
        guard let name = try input.string("name"), let known = World.settings.first(where: { $0.name == name }) else {
            throw .invalidParameter("Invalid setting name.")
        }
        return (name, known.values)
    }

    /// Who is meant: nil for the root user, whose settings are the account's.
    private func settingPrincipal(_ input: Input, _ caller: Caller) throws(APIError) -> String? {
        let principal = try input.string("principalArn") ?? caller.arn
        guard principal.hasPrefix("arn:"), principal.contains(":\(account):") else {
            throw .invalidParameter("The principal ARN is invalid.")
        }
        return principal == root ? nil : principal
    }

    private func shown(_ name: String, _ value: String, principal: String) -> Value {
        [
            "name": .string(name), "value": .string(value), "principalArn": .string(principal),
            "type": name == "guardDutyActivate" ? "aws_managed" : "user",
        ]
    }
}
