import MooringNames
import MooringPorts
import MooringServer
import MooringTestSupport
import Testing

@Suite struct `Recorded webhooks` {
    private func outcome(_ host: HostKind, _ name: String) throws -> WebhookReading.Outcome {
        let webhook = try #require(RecordedWebhook.named(host, name), "\(host.rawValue)/\(name)")
        let header = webhook.headers.first {
            ($0.name.hasSuffix("-Event") && !$0.name.hasPrefix("X-Hub")) || $0.name == "X-Event-Key"
        }
        return WebhookReader.read(host, event: header?.value, body: webhook.body).outcome
    }

    private func event(_ host: HostKind, _ name: String) throws -> WebhookEvent {
        guard case .event(let event) = try outcome(host, name) else {
            throw Unexpected(what: "\(host)/\(name): \(try outcome(host, name))")
        }
        return event
    }
    private struct Unexpected: Error { let what: String }

    @Test(.enabled(if: RecordedWebhook.folder != nil, "skipped: no webhooks at MOORING_HOSTS or ../shared/hosts"))
    func `are all understood, or ignored for a stated reason`() throws {
        #expect(RecordedWebhook.all.count > 80)
        for webhook in RecordedWebhook.all {
            let intake = Intake(
                [webhook.host: [RecordedWebhook.secret, RecordedWebhook.signingSecret]])
            let answer = try intake.webhooks.deliver(webhook)
            #expect(intake.seen.value.notices.isEmpty, "\(webhook)")
            switch answer.status {
            case 202:
                let event = try #require(intake.events.first)
                #expect(intake.events.count == 1)
                #expect(event.repository != nil, "\(webhook)")
                #expect(!event.changes.isEmpty)
                for change in event.changes {
                    if case .unspecified = change { Issue.record("\(webhook): \(change)") }
                }
            case 200:
                #expect(intake.events.isEmpty)
                #expect(answer.line.hasPrefix("Ignored") && answer.line.count > 14, "\(answer.line)")
            default: Issue.record("\(webhook): \(answer.status) \(answer.line)")
            }
        }
    }

    @Test(.enabled(if: RecordedWebhook.folder != nil, "skipped: no webhooks at MOORING_HOSTS or ../shared/hosts"))
    func `of pushes name the branch or the tag`() throws {
        let master = try BranchName("master")
        for (host, name, change) in [
            (HostKind.github, "push", WebhookEvent.Change.tag("simple-tag")),
            (.gitlab, "push", .push(master)), (.gitlab, "push-signed", .push(master)), (.gitea, "push", .push(master)),
            (.gitea, "push.forgejo", .push(master)), (.bitbucketCloud, "push", .push(master)),
            (.bitbucketDataCenter, "refs_changed", .push(master)), (.azureDevOps, "push", .push(master)),
            (.gitea, "branch-delete", .branchDeleted(try BranchName("feature"))),
        ] { #expect(try event(host, name).changes == [change], "\(host)/\(name)") }
        for (host, name) in [
            (HostKind.github, "push-branch-delete"), (.gitlab, "branch-delete"),
            (.bitbucketCloud, "push-branch-delete"), (.bitbucketDataCenter, "refs_changed-branch-delete"),
        ] {
            guard case .branchDeleted = try event(host, name).changes.first else {
                Issue.record("\(host)/\(name): \(try event(host, name))")
                continue
            }
        }
        for (host, name) in [
            (HostKind.github, "push-tag"), (.gitlab, "tag-create"), (.gitlab, "tag-delete"), (.gitea, "tag-create"),
            (.bitbucketCloud, "push-tag-create"), (.bitbucketDataCenter, "refs_changed-tag-create"),
        ] {
            guard case .tag = try event(host, name).changes.first else {
                Issue.record("\(host)/\(name): \(try event(host, name))")
                continue
            }
        }
    }

    @Test(.enabled(if: RecordedWebhook.folder != nil, "skipped: no webhooks at MOORING_HOSTS or ../shared/hosts"))
    func `of pull requests name number, action and base`() throws {
        typealias Action = PullRequestChange.Action
        let expected: [(HostKind, String, Int, Action, String)] = [
            (.github, "pull_request-opened", 2, .opened, "master"),
            (.github, "pull_request-synchronize", 2, .updated, "master"),
            (.github, "pull_request-closed", 2, .closed, "master"),
            (.github, "pull_request-closed-merged", 2, .merged, "master"),
            (.github, "pull_request-reopened", 2, .reopened, "master"),
            (.gitlab, "merge_request-open", 1, .opened, "master"),
            (.gitlab, "merge_request-merge", 1, .merged, "master"),
            (.gitlab, "merge_request-close", 1, .closed, "master"),
            (.gitea, "pull_request-opened", 1, .opened, "master"),
            (.gitea, "pull_request-synchronized", 1, .updated, "master"),
            (.gitea, "pull_request-merged", 1, .merged, "master"),
            (.bitbucketCloud, "pullrequest-created", 1, .opened, "master"),
            (.bitbucketCloud, "pullrequest-fulfilled", 1, .merged, "master"),
            (.bitbucketDataCenter, "pr-opened", 2, .opened, "master"),
            (.azureDevOps, "pullrequest-created", 1, .opened, "master"),
            (.azureDevOps, "pullrequest-updated", 1, .merged, "master"),
        ]
        for (host, name, number, action, base) in expected {
            guard case .pullRequest(let change) = try event(host, name).changes.first else {
                Issue.record("\(host)/\(name): \(try event(host, name))")
                continue
            }
            #expect(change.number == number, "\(host)/\(name)")
            #expect(change.action == action, "\(host)/\(name)")
            #expect(change.base?.text == base, "\(host)/\(name)")
            #expect(!change.isForeign, "\(host)/\(name)")
        }
    }

    @Test(.enabled(if: RecordedWebhook.folder != nil, "skipped: no webhooks at MOORING_HOSTS or ../shared/hosts"))
    func `concern the repository that they name, however its address is written, and no other`() throws {
        let expected: [(HostKind, String, [String])] = [
            (
                .github, "push",
                [
                    "https://github.com/Codertocat/Hello-World.git", "git@github.com:codertocat/hello-world",
                    "ssh://git@ssh.github.com:443/Codertocat/Hello-World.git",
                ]
            ),
            (
                .gitlab, "push",
                ["https://gitlab.com/gitlab-org/hello-world", "git@gitlab.com:gitlab-org/hello-world.git"]
            ),
            (
                .gitea, "push",
                ["http://try.gitea.io/gogits/hello-world.git", "ssh://git@10.0.0.1:2222/gogits/hello-world"]
            ),
            (.bitbucketCloud, "push", ["https://bitbucket.org/brydzewski/foo.git"]),
            (
                .bitbucketDataCenter, "refs_changed",
                ["https://git.example.com/scm/PRJ/my-repo.git", "ssh://git@git.example.com:7999/prj/my-repo.git"]
            ),
            (
                .azureDevOps, "push",
                [
                    "https://dev.azure.com/fabrikam-fiber-inc/Fabrikam-Fiber-Git/_git/Fabrikam-Fiber-Git",
                    "https://x@dev.azure.com/fabrikam-fiber-inc/DefaultCollection/_git/Fabrikam-Fiber-Git",
                ]
            ),
        ]
        for (host, name, remotes) in expected {
            let event = try event(host, name)
            let concerned = remotes.filter { event.concerns(remote: $0) }
            #expect(
                concerned.count >= (host == .azureDevOps ? 1 : remotes.count), "\(host): \(event.repository as Any)")
            for other in ["https://github.com/acme/app.git", "https://example.com/hello-world", "https://x/foo/foo"] {
                #expect(!event.concerns(remote: other), "\(host) \(other)")
            }
        }
    }

    @Test func `that name no repository concern every one`() throws {
        let reading = WebhookReader.read(.github, event: "push", body: Array("[]".utf8))
        guard case .event(let event) = reading.outcome else { throw Unexpected(what: "\(reading)") }
        #expect(event.repository == nil)
        #expect(event.concerns(remote: "https://github.com/acme/app.git"))
    }

    private func hub(_ event: String, _ body: String) -> WebhookReading.Outcome {
        WebhookReader.read(.github, event: event, body: Array(body.utf8)).outcome
    }

    @Test func `of GitHub's merge queue name its base, also where it has a slash`() throws {
        let ref = "refs/heads/gh-readonly-queue/release/2.x/pr-104-929f8209d40f77f4abc"
        guard case .event(let event) = hub("push", #"{"ref": "\#(ref)", "repository": {"full_name": "a/b"}}"#) else {
            throw Unexpected(what: "no event")
        }
        #expect(event.changes == [.mergeQueue(base: try BranchName("release/2.x"))])
    }

    @Test func `of refs that are neither branches nor tags are ignored`() {
        for ref in ["refs/notes/mooring/production", "refs/pull/7/head", "refs/heads/..", "HEAD", ""] {
            guard case .ignored(let reason) = hub("push", #"{"ref": "\#(ref)"}"#) else {
                Issue.record("\(ref): \(hub("push", "{}"))")
                continue
            }
            #expect(reason.contains(ref))
        }
    }

    @Test func `of a fork say so, also when the fork is gone`() throws {
        for (head, isForeign) in [(#"{"id": 2}"#, true), (#"{"id": 1}"#, false), ("null", true)] {
            let body = #"""
                {"action": "opened", "number": 7, "pull_request":
                  {"base": {"ref": "main", "repo": {"id": 1}}, "head": {"repo": \#(head)}}}
                """#
            guard case .event(let event) = hub("pull_request", body),
                case .pullRequest(let change)? = event.changes.first
            else { throw Unexpected(what: body) }
            #expect(change.isForeign == isForeign)
        }
    }

    @Test func `with members of other types than documented are a look, or ignored`() {
        for host in HostKind.allCases {
            for event in ["push", "pull_request", "repo:push", "repo:refs_changed", "pr:opened", "pullrequest:created"]
            {
                for text in [
                    "{}", #"{"object_kind": "push", "eventType": "git.push", "ref": 7}"#, "null", "", "{",
                    #"{"object_kind": {}, "eventType": [], "push": {"changes": {}}, "changes": 1, "ref": {}, "repository": []}"#,
                    #"{"object_kind": "merge_request", "object_attributes": {"iid": -1}, "number": "x", "pullRequest": []}"#,
                ] {
                    switch WebhookReader.read(host, event: event, body: Array(text.utf8)).outcome {
                    case .event(let event): #expect(!event.changes.isEmpty)
                    case .ignored(let reason): #expect(reason.hasSuffix("."))
                    case .ping: Issue.record("\(host) \(event) \(text)")
                    }
                }
            }
        }
    }

    @Test(.enabled(if: RecordedWebhook.folder != nil, "skipped: no webhooks at MOORING_HOSTS or ../shared/hosts"))
    func `that are damaged are a look at most`() throws {
        var random = SplitMix64(seed: 5)
        for round in 0..<900 {
            let webhook = try #require(RecordedWebhook.all.randomElement(using: &random))
            var body = webhook.body
            guard body.count > 1 else { continue }
            switch round % 3 {
            case 0: body = Array(body.prefix(Int.random(in: 0..<body.count, using: &random)))
            case 1: body[Int.random(in: 0..<body.count, using: &random)] = UInt8.random(in: 0...255, using: &random)
            default:
                let start = Int.random(in: 0..<body.count, using: &random)
                body.removeSubrange(start..<min(body.count, start + Int.random(in: 1...200, using: &random)))
            }
            let header = webhook.headers.first { $0.name.hasSuffix("-Event") || $0.name == "X-Event-Key" }
            switch WebhookReader.read(webhook.host, event: header?.value, body: body).outcome {
            case .event(let event): #expect((1...32).contains(event.changes.count))
            case .ignored(let reason): #expect(reason.hasSuffix(".") && reason.utf8.count < 4_000)
            case .ping: break
            }
        }
    }

    @Test func `that move very many refs are one look at the repository`() throws {
        let change = #"{"ref": {"id": "refs/heads/b"}, "type": "UPDATE"}"#
        let body = #"{"changes": [\#(Array(repeating: change, count: 40).joined(separator: ","))]}"#
        let reading = WebhookReader.read(.bitbucketDataCenter, event: "repo:refs_changed", body: Array(body.utf8))
        guard case .event(let event) = reading.outcome else { throw Unexpected(what: "\(reading)") }
        #expect(event.changes == [.unspecified("40 refs at once")])
    }
}
