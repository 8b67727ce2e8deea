import MooringNames
import MooringPorts
import MooringReporting
import Testing

@Suite struct `A repository on a host` {
    struct Address: Sendable {
        let host: String
        let path: String
        let kind: HostKind?
        let name: String
        let url: String

        init(_ host: String, _ path: String, _ kind: HostKind?, _ name: String, _ url: String) {
            self.host = host
            self.path = path
            self.kind = kind
            self.name = name
            self.url = url
        }
    }

    @Test(arguments: [
        Address("github.com", "/acme/app.git", nil, "acme/app", "https://api.github.com"),
        Address("GitHub.com", "acme/app", nil, "acme/app", "https://api.github.com"),
        Address("ssh.github.com:443", "/acme/app.git/", nil, "acme/app", "https://api.github.com"),
        Address("acme.ghe.com", "/acme/app", nil, "acme/app", "https://api.acme.ghe.com"),
        Address("git.example.com:8443", "/acme/app", .github, "acme/app", "https://git.example.com:8443/api/v3"),
        Address("gitlab.com", "/a/b/c/app.git", nil, "a/b/c/app", "https://gitlab.com/api/v4"),
        Address("altssh.gitlab.com:443", "/a/app.git", nil, "a/app", "https://gitlab.com/api/v4"),
        Address("git.example.com", "/a/app", .gitlab, "a/app", "https://git.example.com/api/v4"),
        Address("codeberg.org", "/acme/app.git", nil, "acme/app", "https://codeberg.org/api/v1"),
        Address("gitea.com", "/acme/app.git", nil, "acme/app", "https://gitea.com/api/v1"),
        Address("bitbucket.org", "/acme/app.git", nil, "acme/app", "https://api.bitbucket.org/2.0"),
        Address("bb.example.com", "/scm/KEY/app.git", .bitbucketDataCenter, "KEY/app", "https://bb.example.com/rest"),
        Address(
            "example.com", "/tools/bitbucket/scm/KEY/app.git", .bitbucketDataCenter, "KEY/app",
            "https://example.com/tools/bitbucket/rest"),
        Address("bb.example.com", "/KEY/app.git", .bitbucketDataCenter, "KEY/app", "https://bb.example.com/rest"),
        Address("bb.example.com", "/scm/~ann/app.git", .bitbucketDataCenter, "~ann/app", "https://bb.example.com/rest"),
        Address(
            "dev.azure.com", "/acme/my%20project/_git/my%20app", nil, "acme/my project/my app", "https://dev.azure.com"),
        Address("dev.azure.com", "/acme/_git/app", nil, "acme/app/app", "https://dev.azure.com"),
        Address("ssh.dev.azure.com", "/v3/acme/my%20project/app", nil, "acme/my project/app", "https://dev.azure.com"),
        Address(
            "acme.visualstudio.com", "/DefaultCollection/project/_git/app", nil, "acme/project/app",
            "https://dev.azure.com"),
        Address("acme.visualstudio.com", "/project/_git/app", nil, "acme/project/app", "https://dev.azure.com"),
        Address(
            "tfs.example.com", "/collection/project/_git/app", .azureDevOps, "collection/project/app",
            "https://tfs.example.com"),
    ])
    func `is found in the address that is cloned`(_ address: Address) throws {
        let found = try HostRepository.read(kind: address.kind, host: address.host, path: address.path)
        #expect(found.description == address.name && found.apiURL == address.url)
        let named = try HostRepository.read(
            kind: address.kind, host: address.host, path: address.path, apiURL: "http://10.0.0.1:3000/api//")
        #expect(named.apiURL == "http://10.0.0.1:3000/api" && named.parts == found.parts)
    }

    @Test(
        arguments: [
            ("github.com", "/acme/app.git", nil, "https://github.com/acme/app/commit/"),
            ("acme.ghe.com", "/acme/app", nil, "https://acme.ghe.com/acme/app/commit/"),
            ("git.example.com", "/acme/app", .github, "https://git.example.com/acme/app/commit/"),
            ("gitlab.com", "/a/b/app.git", nil, "https://gitlab.com/a/b/app/-/commit/"),
            ("codeberg.org", "/acme/app", nil, "https://codeberg.org/acme/app/commit/"),
            ("bitbucket.org", "/acme/app", nil, "https://bitbucket.org/acme/app/commits/"),
            (
                "bb.example.com", "/scm/KEY/app.git", .bitbucketDataCenter,
                "https://bb.example.com/projects/KEY/repos/app/commits/"
            ),
            ("dev.azure.com", "/acme/_git/app", nil, "https://dev.azure.com/acme/app/_git/app/commit/"),
        ] as [(String, String, HostKind?, String)])
    func `knows the page of a commit`(host: String, path: String, kind: HostKind?, page: String) throws {
        let commit = try CommitID(String(repeating: "a", count: 40))
        let found = try HostRepository.read(kind: kind, host: host, path: path)
        #expect(found.commitPage(commit) == page + commit.text)
        guard [.github, .gitlab, .gitea].contains(found.kind) else { return }
        // A proxy for the API tells nothing of the pages.
        let proxied = try HostRepository.read(kind: kind, host: host, path: path, apiURL: "http://10.0.0.1:8080")
        #expect(proxied.commitPage(commit) == nil)
    }

    @Test(arguments: [
        (HostKind.github, ""), (.github, "/acme"), (.github, "/acme/app/more"), (.github, "/acme/.."),
        (.github, "/acme/a%2Fb"), (.github, "/acme/a b"), (.github, "/acme/a?b"), (.gitlab, "/app"),
        (.gitlab, "/a/../app"), (.gitlab, "/a//app"), (.gitlab, "/" + String(repeating: "a/", count: 21) + "app"),
        (.gitea, "/acme"), (.bitbucketCloud, "/acme/app/x"), (.bitbucketDataCenter, "/x/KEY/app.git"),
        (.bitbucketDataCenter, "/scm/~/app.git"), (.bitbucketDataCenter, "/KEY/.."),
        (.azureDevOps, "/acme/project/app"), (.azureDevOps, "/acme/project/_git/a%2Fb"),
        (.azureDevOps, "/acme/../_git/app"), (.azureDevOps, "/acme/%2E%2E/_git/app"), (.azureDevOps, "/_git/app"),
    ])
    func `is none for another path, and it is said how one looks`(kind: HostKind, path: String) {
        #expect(HostRepository(kind: kind, host: "git.example.com", path: path) == nil)
        #expect {
            try HostRepository.read(kind: kind, host: "git.example.com", path: path)
        } throws: { "\($0)".contains("is not the path of a repository on \(kind.title)") }
    }

    @Test func `on a host of one's own wants to be told which kind it is`() {
        #expect {
            try HostRepository.read(kind: nil, host: "git.example.com", path: "/a/b")
        } throws: { "\($0)".contains("github, gitlab, gitea, bitbucket-cloud, bitbucket-dc, azure-devops") }
    }
}
