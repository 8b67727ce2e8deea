import MooringNames
import Testing

@Suite struct NamesTests {
    @Test func `a task definition ARN yields its revision`() throws {
        let arn = try TaskDefinitionARN("arn:aws:ecs:eu-central-1:123456789012:task-definition/web:12")
        #expect(arn.revision == Revision(family: try Family("web"), number: 12))
        #expect(arn.arn.account == "123456789012")
    }

    @Test(arguments: ["web", "web:", "web:0", "web:-1", "web:1x", ":1", "we b:1"])
    func `a revision without family and number is refused`(_ text: String) {
        #expect(throws: NameError.self) { try Revision(text) }
    }

    @Test(arguments: ["", "/a", "a//b", "a/../b", "./a", ".git/x", "a/.GIT", "a\u{7}b", "a\\b", "a/"])
    func `a path that could leave the tree is refused`(_ text: String) {
        #expect(throws: NameError.self) { try TreePath(text) }
    }

    @Test func `a relative path resolves against the folder of its file and never leaves the tree`() throws {
        let path = try TreePath("environments/production/web.yaml")
        #expect(path.resolving("../base/web.yaml")?.text == "environments/base/web.yaml")
        #expect(path.resolving("./td.json")?.text == "environments/production/td.json")
        #expect(path.resolving("../../../etc/passwd") == nil)
        #expect(path.resolving("/etc/passwd") == nil)
    }

    @Test(arguments: ["-x", "a..b", "a b", "x.lock", ".a", "a/", "@", "a@{1}", "a:b", "a\u{1}"])
    func `a branch that git would not take is refused`(_ text: String) {
        #expect(throws: NameError.self) { try BranchName(text) }
    }

    @Test func `an environment identity round-trips and refuses a second at sign`() throws {
        let identity = try EnvironmentIdentity("production@a1b2c3")
        #expect(identity.environment.text == "production")
        #expect(identity.text == "production@a1b2c3")
        #expect(throws: NameError.self) { try EnvironmentIdentity("a@b@c") }
    }

    @Test func `a digest names its version and 64 digits`() throws {
        let hex = String(repeating: "0a", count: 32)
        #expect(try Digest(version: 1, hex: hex).short == "0a0a0a0a0a0a")
        #expect(throws: NameError.self) { try Digest("v1:\(hex.dropLast())") }
        #expect(throws: NameError.self) { try Digest("x1:\(hex)") }
    }
}
