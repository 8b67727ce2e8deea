import Foundation
import MooringController
import MooringHTTPTransport
import MooringNames
import MooringNotifying
import MooringPorts
import MooringReconciliation
import MooringReporting
import MooringTestSupport
import Testing

/// Settings of the git host, its webhooks, and of messages.
@Suite struct `Settings of the git host` {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(
        _ lines: String, repository: String, defaults: String, _ variables: [String: String],
    ) throws -> Settings {
        let path = "\(folder.path)/settings.yaml"
        let text = """
            environments:
              - name: production
                repository: \(repository)
                account: "123456789012"
                region: eu-central-1
            """
        let file = ([defaults, text] + lines.split(separator: "\n").map { "    " + $0 }).joined(separator: "\n") + "\n"
        try file.write(toFile: path, atomically: true, encoding: .utf8)
        var input = SettingsInput()
        input.settingsFile = path
        input.variables = variables
        return try SettingsReader.settings(from: input)
    }

    private func environment(
        _ lines: String, repository: String = "https://github.com/acme/app.git", defaults: String = "",
        _ variables: [String: String] = ["TOKEN": "secret-token-1"],
    ) throws -> EnvironmentSettings {
        try #require(try read(lines, repository: repository, defaults: defaults, variables).environments.first)
    }

    private func mistakes(
        _ lines: String, repository: String = "https://github.com/acme/app.git",
        _ variables: [String: String] = ["TOKEN": "secret-token-1"],
    ) throws -> [String] {
        do {
            _ = try read(lines, repository: repository, defaults: "", variables)
            return []
        } catch let error as SettingsMistakes {
            return error.mistakes
        }
    }

    @Test(
        arguments: [
            ("https://github.com/acme/app.git", "", HostKind.github, "https://api.github.com", "acme/app"),
            ("git@gitlab.com:group/sub/app.git", "", .gitlab, "https://gitlab.com/api/v4", "group/sub/app"),
            ("https://codeberg.org/acme/app", "", .gitea, "https://codeberg.org/api/v1", "acme/app"),
            ("https://bitbucket.org/acme/app.git", "", .bitbucketCloud, "https://api.bitbucket.org/2.0", "acme/app"),
            (
                "https://git.example.com:8443/scm/KEY/app.git", ", kind: bitbucket-dc", .bitbucketDataCenter,
                "https://git.example.com:8443/rest", "KEY/app"
            ),
            (
                "https://dev.azure.com/org/project/_git/app", "", .azureDevOps, "https://dev.azure.com",
                "org/project/app"
            ),
            (
                "https://git.example.com/acme/app.git", ", kind: gitea, apiURL: 'http://10.0.0.1/api/v1'", .gitea,
                "http://10.0.0.1/api/v1", "acme/app"
            ),
        ] as [(String, String, HostKind, String, String)])
    func `follow from the repository's address, but for what it does not tell`(
        address: String, more: String, kind: HostKind, url: String, path: String,
    ) throws {
        let ssh = address.hasPrefix("git@")
        try "gitlab.com ssh-ed25519 AAAA\n".write(
            toFile: folder.path + "/known", atomically: true, encoding: .utf8)
        let git = ssh ? "git: {sshKeyVariable: TOKEN, knownHostsFile: \(folder.path)/known}\n" : ""
        let environment = try environment("\(git)host: {tokenVariable: TOKEN\(more)}", repository: address)
        let host = try #require(environment.host)
        #expect(host.repository.kind == kind && host.repository.apiURL == url)
        #expect("\(host.repository)" == path && environment.policy.postsStatuses)
        #expect(host.deployments && environment.proposals != nil)
        #expect(environment.proposals?.hasMergeQueue == (kind == .github))
        #expect(environment.proposals?.hasMergeTrains == (kind == .gitlab))
    }

    @Test func `without a token show nothing, and with a wrong one say where it should be`() throws {
        let silent = try environment("", [:])
        #expect(silent.host == nil && silent.proposals == nil && !silent.policy.postsStatuses)
        #expect(try mistakes("host: {tokenVariable: GONE}").first?.contains("'GONE' is not set") == true)
        #expect(try mistakes("host: {repository: a/b}").first?.contains("need a token") == true)
        let unknown = try mistakes("host: {tokenVariable: TOKEN}", repository: "https://git.example.com/a/b.git")
        #expect(unknown.count == 1 && unknown[0].contains("git.example.com") && unknown[0].contains("bitbucket-dc"))
        #expect(try mistakes("host: {tokenVariable: TOKEN, kind: svn}").first?.contains("not 'svn'") == true)
        #expect(try mistakes("host: {tokenVariable: TOKEN, apiURL: ftp://x}").first?.contains("http") == true)
        #expect(try mistakes("host: {token: abc}").first?.contains("does not belong into this file") == true)
    }

    @Test func `of a GitHub App take its number and its key`() throws {
        let file = folder.path + "/key.pem"
        let openssl = Process()
        openssl.executableURL = URL(filePath: "/usr/bin/openssl")
        openssl.arguments = ["genrsa", "-out", file, "2048"]
        openssl.standardError = FileHandle.nullDevice
        try openssl.run()
        openssl.waitUntilExit()
        let pem = try String(contentsOfFile: file, encoding: .utf8)
        let variables = ["KEY": pem, "BAD": "-----BEGIN PRIVATE KEY-----\nabcdefgh\n-----END PRIVATE KEY-----"]
        let app = try environment("host: {appId: 42, appInstallation: 7, appKeyVariable: KEY}", variables).host?.app
        #expect(
            app?.id == 42 && app?.installation == 7 && app?.key.known?.current.revealed.contains("PRIVATE KEY") == true)
        let bad = try mistakes("host: {appId: 42, appKeyVariable: BAD}", variables)
        #expect(bad.count == 1 && bad[0].contains("the variable BAD") && !bad[0].contains("abcdefgh"), "\(bad)")
        #expect(try mistakes("host: {appId: 42}", [:]).first?.contains("private key") == true)
        #expect(try mistakes("host: {appId: x, appKeyVariable: KEY}", variables).first?.contains("number") == true)
        #expect(try mistakes("host: {appKeyVariable: KEY}", variables).first?.contains("'host.appId'") == true)
        let other = try mistakes(
            "host: {appId: 42, appKeyVariable: KEY}", repository: "https://gitlab.com/a/b.git", variables)
        #expect(other.first?.contains("GitLab") == true, "\(other)")
    }

    @Test func `name each secret in one place, the nearest where defaults name another`() throws {
        let two = try mistakes("host: {tokenVariable: TOKEN, tokenFile: /nowhere}")
        #expect(two.count == 1 && two[0].contains("'host.tokenFile' and 'host.tokenVariable' both"), "\(two)")
        let text = """
            defaults:
              host: {tokenFile: /nowhere}
            """
        let nearer = try environment("host: {tokenVariable: TOKEN}", defaults: text)
        #expect(nearer.host?.token?.origin == "the variable TOKEN")
    }

    @Test(arguments: ["ghp_0123456789abcdefghijABCDEFGHIJ012345", "glpat-AbCdEf0123456789abcd", "a b"])
    func `ask for a variable's name where a token stands in its place`(_ token: String) throws {
        let found = try mistakes("host: {tokenVariable: '\(token)'}")
        #expect(found.count == 1 && found[0].contains("name of a variable") && !found[0].contains(token), "\(found)")
    }

    @Test func `of webhooks are no matter of who only looks at a folder`() throws {
        let path = "\(folder.path)/settings.yaml"
        try """
        listen: 8080
        environments:
          - {name: production, repository: "https://github.com/a/b", account: "123456789012", region: eu-central-1,
             webhook: {secretVariable: TOKEN}}

        """.write(toFile: path, atomically: true, encoding: .utf8)
        var input = SettingsInput()
        input.settingsFile = path
        input.variables = ["TOKEN": "secret-token-1"]
        input.reachesGit = false
        #expect(try SettingsReader.settings(from: input).remarks == [])
    }

    @Test func `refuse what would pass unheeded or lie open`() throws {
        let user = try mistakes("host: {tokenVariable: TOKEN, user: ann}")
        #expect(user.count == 1 && user[0].contains("Leave 'host.user' out"), "\(user)")
        let blank = try mistakes(
            "notifications: {url: 'https://x.example.com/'}", ["MOORING_NOTIFICATIONS_SECRET": " \t"])
        #expect(blank.count == 1 && blank[0].contains("Messages are signed"), "\(blank)")
        let open = try mistakes("notifications: {url: 'https://ann:pw@x.example.com/', secretVariable: TOKEN}")
        #expect(open.count == 1 && open[0].contains("messages are signed") && !open[0].contains("pw@"), "\(open)")
        #expect(try environment("host: {kind: forgejo, tokenVariable: TOKEN}").host?.repository.kind == .gitea)
    }

    @Test func `may name secrets in Secrets Manager, as ECS names them`() throws {
        let arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:mooring/token-AbCdEf"
        let environment = try environment(
            "git: {tokenSecret: '\(arn)', notesTokenSecret: '\(arn):notes::'}\nhost: {tokenSecret: '\(arn):hub:AWSPENDING:'}"
        )
        guard case .stored(let secret)? = environment.host?.token?.content else {
            Issue.record("not a stored secret")
            return
        }
        #expect(secret.arn == arn && secret.region.text == "eu-west-1")
        #expect(secret.jsonKey == "hub" && secret.versionStage == "AWSPENDING" && secret.versionID == nil)
        #expect(environment.git.stored?.arn == arn && environment.notes?.stored?.jsonKey == "notes")
        for bad in ["mooring/token", "arn:aws:ssm:eu-west-1:123456789012:parameter/x", arn + ":key"] {
            let found = try mistakes("host: {tokenSecret: '\(bad)'}")
            #expect(found.count == 1 && found[0].contains("must be the ARN of a secret"), "\(found)")
        }
    }

    @Test func `of pull requests, webhooks and messages are read`() throws {
        let environment = try environment(
            """
            host: {tokenVariable: TOKEN}
            statuses: {perService: true}
            pullRequests: {forks: true, comment: false, interval: 5m}
            webhook: {secretVariable: HOOK}
            notifications:
              on: [success, failure]
              url: https://hooks.example.com/x
              secretVariable: MESSAGE
              slack: {channel: C0123456789, tokenVariable: SLACK, hookVariable: SLACKHOOK}
            """,
            [
                "TOKEN": "secret-token-1", "HOOK": "hook-secret", "MESSAGE": "message-secret", "SLACK": "xoxb-1",
                "SLACKHOOK": "https://hooks.slack.com/services/T/B/x",
            ])
        #expect(environment.policy.postsServiceStatuses)
        let proposals = try #require(environment.proposals)
        #expect(proposals.plansForks && !proposals.comments && proposals.interval == .seconds(300))
        #expect(environment.webhookSecret?.known?.current.revealed == "hook-secret")
        let told = try #require(environment.notifications)
        #expect(told.occasions == [.success, .failure] && told.hook?.url == "https://hooks.example.com/x")
        #expect(told.slack?.channel == "C0123456789" && told.slackHook != nil)
        #expect(try self.environment("host: {tokenVariable: TOKEN}\npullRequests: {plan: false}").proposals == nil)
        for (lines, word) in [
            ("notifications: {on: [never], url: 'https://x.example', secretVariable: TOKEN}", "not 'never'"),
            ("notifications: {url: 'https://x.example'}", "Messages are signed"),
            ("notifications: {slack: {channel: C0123456789}}", "bot token"),
            ("pullRequests: {forks: maybe}\nhost: {tokenVariable: TOKEN}", "true or false"),
        ] {
            let found = try mistakes(lines)
            #expect(found.first?.contains(word) == true, "\(lines): \(found)")
        }
    }

    @Test(
        arguments: [
            ("8080", "0.0.0.0", 8080), ("127.0.0.1:80", "127.0.0.1", 80), ("'[::1]:9000'", "::1", 9000),
        ] as [(String, String, UInt16)])
    func `say where webhooks are taken`(text: String, host: String, port: UInt16) throws {
        let path = "\(folder.path)/listen.yaml"
        try
            "listen: \(text)\nenvironments:\n  - {name: p, repository: /srv/a.git, account: '123456789012', region: x}\n"
            .write(toFile: path, atomically: true, encoding: .utf8)
        var input = SettingsInput()
        input.settingsFile = path
        #expect(try SettingsReader.settings(from: input).listen == ListenAddress(host: host, port: port))
        input.listen = "nonsense"
        #expect(throws: SettingsMistakes.self) { try SettingsReader.settings(from: input) }
    }

    @Test func `are read as the README shows them`() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let readme = try String(contentsOf: root.appendingPathComponent("README.md"), encoding: .utf8)
        let examples = readme.components(separatedBy: "```yaml\n").dropFirst()
            .compactMap { $0.components(separatedBy: "```").first }
            .filter { $0.drop { $0 == " " }.hasPrefix("# mooring-settings.yaml") }
        #expect(examples.count == 3)
        for example in examples {
            let path = "\(folder.path)/readme.yaml"
            let indent = example.prefix { $0 == " " }.count
            let lines = example.split(separator: "\n").map { $0.dropFirst(indent) }
            try lines.joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
            var input = SettingsInput()
            input.settingsFile = path
            input.listen = "8080"
            input.variables = [
                "MOORING_REPOSITORY": "https://github.com/acme/app.git", "MOORING_ACCOUNT": "123456789012",
                "MOORING_REGION": "eu-central-1", "GITHUB_TOKEN": "secret-token-1", "HOOK_SECRET": "secret-2",
                "SLACK_TOKEN": "xoxb-3", "MESSAGE_SECRET": "secret-4", "MOORING_HOST_TOKEN": "secret-token-1",
                "MOORING_WEBHOOK_SECRET": "secret-2",
            ]
            #expect(try SettingsReader.settings(from: input).remarks == [], "\(example)")
        }
    }
}
