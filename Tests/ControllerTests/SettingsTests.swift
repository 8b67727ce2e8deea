import Foundation
import Logging
import MooringController
import MooringGit
import MooringHTTPTransport
import MooringNames
import MooringReconciliation
import MooringReporting
import MooringShapes
import MooringTestSupport
import Testing

@Suite struct `Settings of a process` {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, _ name: String = "settings.yaml") throws -> String {
        let path = "\(folder.path)/\(name)"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    private func settings(
        _ file: String? = nil, names: [String] = [], flags: [EnvironmentKey: [String]] = [:],
        variables: [String: String] = [:],
    ) throws -> Settings {
        var input = SettingsInput()
        input.settingsFile = try file.map { try write($0) }
        input.names = names
        input.flags = flags
        input.variables = variables
        return try SettingsReader.settings(from: input)
    }

    /// What is wrong, without the folder's path.
    private func mistakes(
        _ file: String? = nil, names: [String] = [], flags: [EnvironmentKey: [String]] = [:],
        variables: [String: String] = [:],
    ) throws -> [String] {
        do {
            _ = try settings(file, names: names, flags: flags, variables: variables)
            return []
        } catch let error as SettingsMistakes {
            return error.mistakes.map { $0.replacingOccurrences(of: folder.path + "/", with: "") }
        }
    }

    private static let minimal = """
        environments:
          - name: production
            repository: https://github.com/acme/app.git
            account: "123456789012"
            region: eu-central-1

        """

    @Test func `have a JSON Schema with each setting of an environment`() throws {
        let environment = try #require(SettingsSchema.schema["then"]?["properties"]?["environments"]?["items"])
        for key in EnvironmentKey.allCases {
            var schema = environment
            for name in key.path { schema = try #require(schema["properties"]?[name], "\(key.rawValue)") }
            #expect(schema["description"]?.text?.contains(key.variable) == true)
        }
        #expect(environment["required"] == ["name"])
    }

    @Test func `of a new environment let it observe only, with sensible defaults`() throws {
        let settings = try settings(Self.minimal)
        let environment = try #require(settings.environments.first)
        #expect(settings.environments.count == 1)
        #expect(settings.dataFolder == "/var/lib/mooring")
        #expect(settings.logFormat == .text && settings.logLevel == .info)
        #expect(environment.policy.act == false && environment.policy.adopt == false)
        #expect(environment.policy.branch.text == "main" && environment.policy.folder == nil)
        #expect(environment.policy.pollInterval == .seconds(30))
        #expect(environment.policy.maximumCreations == 50)
        #expect(environment.host == nil && !environment.policy.postsStatuses)
    }

    @Test func `are read whole`() throws {
        let token = try write("git-secret-token\n", "token")
        let environment = try #require(
            try settings(
                """
                data: /data
                logFormat: json
                logLevel: debug
                defaults:
                  region: eu-central-1
                  pollInterval: 5m
                  act: true
                environments:
                  - name: production
                    repository: https://github.com/acme/app.git
                    repositoryId: acme
                    branch: release
                    folder: ./envs/production/
                    account: "012345678901"
                    clusters: [main, extra]
                    role: arn:aws:iam::012345678901:role/deployer
                    externalId: abc
                    profile: work
                    adopt: true
                    act: false
                    maxCreations: 0
                    maxInFlight: 3
                    maxFailures: 1
                    rolloutInterval: 500ms
                    sweepInterval: 2h
                    git: {tokenFile: \(token), username: bot}
                    host: {kind: github, tokenVariable: HUB, apiURL: "https://ghe.example.com/api/v3"}
                """, variables: ["HUB": "hub-secret-token"]
            ).environments.first)
        let policy = environment.policy
        #expect("\(policy.identity)" == "production@acme")
        #expect("\(policy.branch)" == "release" && policy.folder?.text == "envs/production")
        #expect("\(policy.account)" == "012345678901" && "\(policy.region)" == "eu-central-1")
        #expect(policy.clusters.map(\.text) == ["extra", "main"])
        #expect(policy.adopt && !policy.act && policy.postsStatuses)
        #expect(policy.maximumCreations == 0 && policy.maximumInFlight == 3 && policy.maximumFailures == 1)
        #expect(policy.pollInterval == .seconds(300) && policy.rolloutInterval == .milliseconds(500))
        #expect(policy.sweepInterval == .seconds(7_200))
        #expect(environment.aws.role == "arn:aws:iam::012345678901:role/deployer")
        #expect(environment.aws.externalID == "abc" && environment.aws.profile == "work")
        guard case .basic(let user, let password) = environment.git.remote.credential else {
            Issue.record("no token")
            return
        }
        #expect(user == "bot" && password.revealed == "git-secret-token")
        #expect(environment.host?.token?.known?.current.revealed == "hub-secret-token")
        #expect(environment.host?.repository.apiURL == "https://ghe.example.com/api/v3")
        #expect("\(try #require(environment.host?.repository))" == "acme/app")
    }

    @Test func `come from a flag before a variable before the file before the default`() throws {
        let file = Self.minimal + "    branch: from-file\n"
        func branch(_ flags: [EnvironmentKey: [String]], _ variables: [String: String], _ text: String) throws
            -> String?
        {
            try settings(text, flags: flags, variables: variables).environments.first?.policy.branch.text
        }
        let variable = ["MOORING_BRANCH": "from-variable"]
        #expect(try branch([:], [:], Self.minimal) == "main")
        #expect(try branch([:], [:], file) == "from-file")
        #expect(try branch([:], variable, file) == "from-variable")
        #expect(try branch([.branch: ["from-flag"]], variable, file) == "from-flag")
    }

    @Test func `of one environment need no file`() throws {
        let environment = try #require(
            try settings(
                names: ["staging"], flags: [.repository: ["/srv/app.git"], .clusters: ["a", "b"], .act: ["true"]],
                variables: ["MOORING_ACCOUNT": "123456789012", "MOORING_REGION": "us-east-1", "MOORING_GIT_TOKEN": "x"]
            ).environments.first)
        #expect(environment.name.text == "staging" && environment.policy.act)
        #expect(environment.policy.clusters.map(\.text) == ["a", "b"])
    }

    @Test func `with several values keep what stands inside of each`() throws {
        let variables = ["MOORING_CLUSTERS": " main , other,"]
        let both = try settings(Self.minimal, variables: variables).environments.first
        #expect(both?.policy.clusters.map(\.text) == ["main", "other"])
        // White space that is left out would name another cluster.
        let flag = try mistakes(Self.minimal, flags: [.clusters: ["other,ma in"]])
        #expect(flag.count == 1 && flag[0].hasPrefix("--cluster: ") && flag[0].contains("'ma in'"), "\(flag)")
        let variable = try mistakes(Self.minimal, variables: ["MOORING_CLUSTERS": "ma\tin"])
        #expect(variable.count == 1 && variable[0].hasPrefix("MOORING_CLUSTERS: "), "\(variable)")
    }

    /// No cluster named lets every cluster pass, which an empty variable of a shell must not do.
    @Test(arguments: ["", " ", ","]) func `with several values name at least one`(text: String) throws {
        #expect(try mistakes(Self.minimal, flags: [.clusters: [text]]).map { $0.hasPrefix("--cluster: ") } == [true])
    }

    @Test func `that are wrong are all reported together, each with its place`() throws {
        let found = try mistakes(
            """
            logLevle: info
            environments:
              - name: "not a name"
                repository: ftp://example.com/x
                account: 12345
                regoin: eu-central-1
                act: ja
                pollInterval: 5
                role: admin
                git:
                  token: ghp_abcdefghijklmnopqrstuvwxyz0123456789
              - repository: https://github.com/acme/app.git

            """, variables: ["MOORING_LOG_FORMAT": "xml"])
        let starts = [
            "settings.yaml:1:1: There is no setting 'logLevle' here. Did you mean 'logLevel'?",
            "settings.yaml:6:5: There is no setting 'regoin' here. Did you mean 'region'?",
            "settings.yaml:11:7: A secret does not belong into this file.",
            "MOORING_LOG_FORMAT: 'xml' is none of text, json.",
            "settings.yaml:12:5: The environment has no 'name'.",
            "settings.yaml:3:11: environment name 'not a name'",
            "settings.yaml:4:17: A repository's address is",
            "settings.yaml:5:14: account '12345'",
            "settings.yaml:3:5: 'region' is missing.",
            "settings.yaml:7:10: 'act' must be true or false, not 'ja'.",
            "settings.yaml:8:19: 'pollInterval' must be a time such as",
        ]
        for start in starts { #expect(found.contains { $0.hasPrefix(start) }, "\(start) is not in \(found)") }
        #expect(!found.joined().contains("ghp_"))
    }

    @Test func `with a role need an ARN, and an external id needs a role`() throws {
        #expect(
            try mistakes(Self.minimal + "    role: admin\n").first?.hasPrefix(
                "settings.yaml:6:11: 'role' must be the ARN") == true)
        #expect(try mistakes(Self.minimal + "    externalId: x\n").first?.contains("no 'role' is given") == true)
    }

    @Test(arguments: ["environments: [", "- a\n- b\n", "environments: 5\n", "", "environments:\n  - production\n"])
    func `that are no settings file are refused`(text: String) throws {
        #expect(try !mistakes(text).isEmpty)
    }

    @Test func `hold no secret in clear`() throws {
        let url = try mistakes(
            Self.minimal.replacingOccurrences(of: "https://github", with: "https://bot:hunter22@github"))
        #expect(url.count == 1 && url[0].contains("holds a password") && !url[0].contains("hunter22"))
        // A variable is a place for a secret.
        let variables = ["MOORING_REPOSITORY": "https://bot:hunter22@github.com/acme/app.git"]
        let settings = try settings(Self.minimal, variables: variables)
        for text in [
            "\(settings)", String(reflecting: settings),
            {
                var text = ""; dump(settings, to: &text); return text
            }(),
        ] {
            #expect(!text.contains("hunter22"))
        }
    }

    @Test func `hold a token that its file can replace, and no output shows either`() throws {
        let path = try write("first-token\n", "token")
        let settings = try settings(Self.minimal, flags: [.gitTokenFile: [path]])
        let token = try #require(settings.tokens.first)
        let redactor = Redactor(secrets: settings.secrets, tokens: settings.tokens)
        #expect(!token.renew(insteadOf: token.current))
        _ = try write(" second-token\n", "token")
        #expect(token.renew(insteadOf: Secret("first-token")) && token.current == Secret("second-token"))
        #expect(!redactor.redacted("first-token and second-token").contains("-token"))
        // A file that is gone for a moment changes nothing.
        try FileManager.default.removeItem(atPath: path)
        #expect(!token.renew(insteadOf: token.current) && token.current == Secret("second-token"))
    }

    @Test func `name the file or variable of a secret that is not there`() throws {
        let file = try mistakes(Self.minimal + "    git: {tokenFile: /nowhere/token}\n")
        #expect(file == ["settings.yaml:6:22: The file '/nowhere/token' cannot be read: No such file or directory."])
        let variable = try mistakes(Self.minimal + "    git: {tokenVariable: GONE}\n")
        #expect(variable == ["settings.yaml:6:26: The variable 'GONE' is not set or empty."])
        let empty = try write(" \n", "empty")
        #expect(try mistakes(Self.minimal + "    git: {tokenFile: \(empty)}\n").first?.hasSuffix("is empty.") == true)
        #expect(try mistakes(Self.minimal + "    host: {}\n").first?.contains("need a token") == true)
    }

    @Test func `of a repository behind ssh need a key and the keys of the host`() throws {
        let ssh = Self.minimal.replacingOccurrences(
            of: "https://github.com/acme/app.git", with: "git@github.com:acme/app.git")
        let none = try mistakes(ssh)
        #expect(none.count == 2 && none[0].contains("no key is given") && none[1].contains("ssh-keyscan github.com"))
        let hosts = try write("github.com ssh-ed25519 AAAA\n", "known_hosts")
        let environment = try #require(
            try settings(
                ssh + "    git: {sshKeyVariable: KEY, knownHostsFile: \(hosts)}\n",
                variables: ["KEY": "-----BEGIN OPENSSH PRIVATE KEY-----\nabcdefgh\n-----END OPENSSH PRIVATE KEY-----"]
            ).environments.first)
        guard case .ssh(let identity) = environment.git.remote.credential, case .text(let key) = identity.key else {
            Issue.record("no key")
            return
        }
        // ssh refuses a key whose last line does not end.
        #expect(key.revealed.hasSuffix("-----\n"))
    }

    @Test func `of several environments are picked by name, and overridden for one only`() throws {
        let two = """
            environments:
              - {name: production, repository: /srv/a.git, account: "123456789012", region: eu-central-1}
              - {name: staging, repository: /srv/a.git, account: "123456789012", region: eu-central-1}

            """
        #expect(try settings(two).environments.map(\.name.text) == ["production", "staging"])
        #expect(try settings(two, names: ["staging"], flags: [.act: ["true"]]).environments.map(\.policy.act) == [true])
        let both = try mistakes(two, flags: [.act: ["true"]], variables: ["MOORING_BRANCH": "x"])
        #expect(both.count == 2 && both[0].hasPrefix("--act: ") && both[1].hasPrefix("MOORING_BRANCH: "))
        #expect(
            try mistakes(two, names: ["prod"]) == [
                "--environment: settings.yaml has no environment 'prod'; it has 'production', 'staging'."
            ])
        let twice = two.replacingOccurrences(of: "staging", with: "production")
        #expect(try mistakes(twice).first?.contains("is there twice") == true)
    }

    @Test func `remark on variables that look like ours`() throws {
        let settings = try settings(
            Self.minimal, variables: ["MOORING_ACOUNT": "1", "MOORING_TEST_PYTHON": "x", "OTHER": "y"])
        #expect(settings.remarks == ["The variable MOORING_ACOUNT is not used. Did you mean MOORING_ACCOUNT?"])
    }

    @Test func `know a repository by host, path and folder, however it is reached`() throws {
        func id(_ address: String, _ folder: String? = nil) throws -> String {
            RepositoryIdentity.id(of: try GitAddress(address), folder: try folder.map { try TreePath($0) })
        }
        let id1 = try id("https://github.com/acme/app.git")
        #expect(id1.count == 10)
        for same in [
            "https://GitHub.com/acme/app", "git@github.com:acme/app.git", "ssh://git@github.com:22/acme/app/",
            "http://github.com:80/acme/app",
        ] {
            #expect(try id(same) == id1, "\(same)")
        }
        #expect(try id("https://github.com/acme/app.git", "production") != id1)
        #expect(try id("https://gitlab.com/acme/app.git") != id1)
    }

    @Test func `have a flag and a variable for each setting, no two alike`() {
        #expect(EnvironmentKey.gitSSHKeyFile.flag == "--git-ssh-key-file")
        #expect(EnvironmentKey.hostAPIURL.flag == "--host-api-url")
        #expect(EnvironmentKey.repositoryId.variable == "MOORING_REPOSITORY_ID")
        #expect(EnvironmentKey.hostTokenFile.variable == "MOORING_HOST_TOKEN_FILE")
        #expect(Set(EnvironmentKey.allCases.map(\.flag)).count == EnvironmentKey.allCases.count)
        #expect(Set(EnvironmentKey.allCases.map(\.variable)).count == EnvironmentKey.allCases.count)
    }

    @Test(arguments: [("500ms", 500), ("30s", 30_000), ("5m", 300_000), ("2h", 7_200_000)])
    func `take times with a unit`(text: String, milliseconds: Int) {
        #expect(Duration(setting: text) == .milliseconds(milliseconds))
    }

    @Test(arguments: ["", "30", "s", "-5s", "5 m", "1d", "99999999999s", "1.5h"])
    func `take nothing else as a time`(text: String) {
        #expect(Duration(setting: text) == nil)
    }
}
