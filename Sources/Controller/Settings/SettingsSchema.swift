import Logging
import MooringManifests
import MooringPorts
import MooringReporting
package import MooringShapes

/// JSON Schema of the two files of settings: `mooring.yaml` in git, and the file that `--settings` names.
package enum SettingsSchema {
    /// One schema for both: which one a file is, its member `environments` tells.
    package static var schema: Value {
        [
            "$schema": "http://json-schema.org/draft-07/schema#",
            "title": "Mooring settings",
            "description": "mooring.yaml in an environment's folder, or the settings file of the controller.",
            "if": ["required": ["environments"]],
            "then": file,
            "else": ManifestSchema.environment,
        ]
    }

    private static var file: Value {
        let levels = Logger.Level.allCases.map { Value.string($0.rawValue) }
        let formats = LogFormat.allCases.map { Value.string($0.rawValue) }
        return [
            "type": "object",
            "required": ["environments"],
            "additionalProperties": false,
            "properties": [
                "data": ManifestSchema.described(
                    ["type": ["string", "null"]], "The folder of mirrors and unsent reports."),
                "logFormat": ["enum": .list(formats)],
                "logLevel": ["enum": .list(levels)],
                "listen": ManifestSchema.described(
                    ["type": ["string", "integer", "null"]], "Where webhooks are taken: 8080, 127.0.0.1:8080."),
                "defaults": ManifestSchema.described(environment(needsName: false), "What all environments share."),
                "environments": ["type": "array", "items": environment(needsName: true)],
            ],
        ]
    }

    private static func environment(needsName: Bool) -> Value {
        var schema = group(below: [])
        guard needsName else { return schema }
        schema["properties"]?["name"] = ManifestSchema.described(text, "What notes and statuses call it.")
        schema["required"] = ["name"]
        return schema
    }

    /// The settings whose paths begin with `path`, as an object.
    private static func group(below path: [String]) -> Value {
        var properties = Value.map([])
        for key in EnvironmentKey.allCases where key.path.starts(with: path) && key.path.count > path.count {
            let name = key.path[path.count]
            if key.path.count == path.count + 1 {
                properties[name] = ManifestSchema.described(schema(of: key), sentence(about: key))
            } else if properties[name] == nil {
                properties[name] = group(below: path + [name])
            }
        }
        return ["type": ["object", "null"], "additionalProperties": false, "properties": properties]
    }

    private static let text: Value = ["type": ["string", "number", "null"]]

    private static func schema(of key: EnvironmentKey) -> Value {
        switch key {
        case .act, .adopt, .hostDeployments, .statusesPerService, .pullRequestsPlan, .pullRequestsForks,
            .pullRequestsComment:
            ["type": ["boolean", "string", "null"], "pattern": "^(true|false)$"]
        case .maxCreations: number(0...Limits.creations)
        case .maxInFlight: number(1...Limits.inFlight)
        case .maxFailures: number(1...Limits.creations)
        case .pollInterval, .rolloutInterval, .sweepInterval, .pullRequestsInterval:
            ["type": ["string", "null"], "pattern": "^[0-9]+(ms|s|m|h)$"]
        case .hostKind: ["enum": .list(HostKind.allCases.map { .string($0.rawValue) })]
        case .clusters, .notificationsOn:
            ["anyOf": [["type": ["string", "null"]], ["type": "array", "items": ["type": ["string", "number"]]]]]
        case .account: ["type": ["string", "number", "null"], "pattern": "^[0-9]{12}$"]
        default: text
        }
    }

    private static func number(_ range: ClosedRange<Int>) -> Value {
        [
            "type": ["integer", "string", "null"], "minimum": .integer(range.lowerBound),
            "maximum": .integer(range.upperBound), "pattern": "^[0-9]+$",
        ]
    }

    private static func sentence(about key: EnvironmentKey) -> String {
        let what =
            switch key {
            case .act: "Whether it acts; without it the environment only observes and reports."
            case .adopt: "Whether existing services may be taken over."
            case .account:
                "The AWS account that the credentials must belong to. Quote it, for it may begin with a zero."
            case .region: "The AWS region."
            case .clusters: "The clusters that may be touched."
            case .repository: "URL or path of the git repository."
            case .branch: "The branch that says what should run; main where nothing is said."
            case .folder: "The folder of manifests in the repository; its root where nothing is said."
            case .pollInterval: "Between two looks at git: 30s, 5m."
            case .hostKind: "Which git host the repository is on, where its address does not tell."
            case .hostRepository: "The repository's path on the host, where its address does not tell."
            case .hostUser: "The name beside the token, on Bitbucket Cloud with an API token."
            case .hostAppId: "The number of a GitHub App: results are check runs then."
            case .hostDeployments: "Whether GitHub lists the environment's deployments."
            case .statusesPerService: "Whether each service that a commit affects has a check of its own."
            case .pullRequestsPlan: "Whether open pull requests are planned."
            case .pullRequestsForks: "Whether those from forks are planned too."
            case .pullRequestsComment: "Whether the plan is put below the pull request."
            case .notificationsOn: "started, success, failure, recovery; failure and recovery where nothing is said."
            case .notificationsURL: "Where signed messages are sent to."
            case .slackChannel: "The id of the channel that a bot writes to."
            case .repositoryId: "What keeps services an environment's own when its repository is renamed."
            case .role: "ARN of an IAM role to assume."
            case .externalId: "Sent when the role is assumed."
            case .profile: "A profile of AWS's own files."
            case .maxCreations:
                "A pass that would create more services than that creates none; 50 where nothing is said."
            case .maxInFlight: "Most rollouts at once; 10 where nothing is said."
            case .maxFailures:
                "Failed rollouts of one commit after which nothing else of it is started; 3 where nothing is said."
            case .rolloutInterval: "Between two looks at ECS while a rollout is under way: 5s."
            case .sweepInterval: "Between two looks at every service, changed or not: 5m."
            case .pullRequestsInterval: "Between two looks at the pull requests: 1m."
            case .gitUsername: "The name beside the token; x-access-token where nothing is said."
            case .gitSSHKeyFile: "A file with the private key for ssh."
            case .gitSSHKeyVariable: "The name of a variable that holds the private key for ssh."
            case .gitKnownHostsFile: "A file with the keys of the ssh server."
            case .gitCAFile: "A file with certificates (PEM) in place of the system's, for git over https."
            case .hostCAFile: "A file with certificates (PEM) in place of the system's, for the host's API."
            case .hostAPIURL: "Where the host's API is, where it is not the kind's usual place."
            case .hostAppInstallation: "The number of the App's installation; asked of GitHub where nothing is said."
            case .slackAPIURL: "Where Slack's API is."
            case .gitTokenFile, .gitTokenVariable, .gitTokenSecret: place(of: "the token for git over https", key)
            case .gitNotesTokenFile, .gitNotesTokenVariable, .gitNotesTokenSecret:
                place(of: "a token of its own for what is pushed", key)
            case .hostTokenFile, .hostTokenVariable, .hostTokenSecret: place(of: "the git host's token", key)
            case .hostAppKeyFile, .hostAppKeyVariable, .hostAppKeySecret: place(of: "the App's private key", key)
            case .webhookSecretFile, .webhookSecretVariable, .webhookSecretSecret:
                place(of: "what the host signs its webhooks with", key)
            case .notificationsSecretFile, .notificationsSecretVariable, .notificationsSecretSecret:
                place(of: "what messages are signed with", key)
            case .slackTokenFile, .slackTokenVariable, .slackTokenSecret: place(of: "the token of Slack's bot", key)
            case .slackHookFile, .slackHookVariable, .slackHookSecret:
                place(of: "the address of an incoming webhook of Slack's", key)
            }
        return what + (key.hasFlag ? " Also \(key.flag) and \(key.variable)." : " Also \(key.variable).")
    }

    /// Where a secret is, by the last word of its key.
    private static func place(of secret: String, _ key: EnvironmentKey) -> String {
        switch key.path.last {
        case let name? where name.hasSuffix("File"): "A file with \(secret)."
        case let name? where name.hasSuffix("Variable"): "The name of a variable that holds \(secret)."
        default: "The ARN of a secret in Secrets Manager that holds \(secret)."
        }
    }
}
