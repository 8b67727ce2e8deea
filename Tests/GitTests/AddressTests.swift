import MooringHTTPTransport
import Testing

@testable import MooringGit

/// How addresses are read, and what may never become part of a command.
struct AddressTests {
    @Test(
        arguments: [
            ("https://github.com/acme/shop.git", "https://github.com/acme/shop.git"),
            ("HTTPS://user:secret@host:8443/a/b/", "https://host:8443/a/b"),
            ("git@github.com:acme/shop.git", "ssh://github.com/acme/shop.git"),
            ("ssh://git@host:2222/srv/my%20shop.git", "ssh://host:2222/srv/my shop.git"),
            ("ssh://[::1]:22/x", "ssh://::1:22/x"), ("file:///srv/shop.git", "/srv/shop.git"),
            ("/srv/shop.git", "/srv/shop.git"),
        ])
    func `an address is shown without a credential`(_ text: String, _ shown: String) throws {
        #expect(try GitAddress(text).description == shown)
    }

    @Test(
        arguments: [
            "", "shop.git", "../shop.git", "ftp://host/x", "https://", "https:///x", "https://host/x?token=1",
            "https://host/a b", "https://host/a\nb", "ssh://-oProxyCommand=x/y", "ssh://-oProxyCommand=x@host/y",
            "ssh://host", "ssh://host/", "ssh://host:0/x", "ssh://host:70000/x", "ssh://host:x/y", "-oX@host:x",
            "host:-x", "ssh://us%20er@ho$t/x", "ssh://host/%zz", "ssh://host/a%0ab", "file://host/x", "host:",
            "git@$(id):x", "a;b@host:x",
        ])
    func `what is no address or could be an option is refused`(_ text: String) {
        #expect(throws: GitAddress.Refusal.self) { try GitAddress(text) }
    }

    @Test func `a home folder and a relative path stay what they are`() throws {
        guard case .ssh(let home) = try GitAddress("ssh://host/~ada/shop").place else { throw Wrong() }
        #expect(home.path == "~ada/shop")
        guard case .ssh(let relative) = try GitAddress("git@host:shop.git").place else { throw Wrong() }
        #expect(relative.path == "shop.git")
        #expect(relative.user == "git")
    }

    private struct Wrong: Error {}

    @Test func `user and password of a url become the credential`() throws {
        let settings = GitRemoteSettings(address: try GitAddress("https://bot:p%40ss@host/x"))
        guard case .basic(let user, let password) = settings.credential else { throw Wrong() }
        #expect(user == "bot")
        #expect(password.revealed == "p@ss")
    }

    @Test(
        arguments: [
            ("a", "'a'"), ("a b", "'a b'"), ("it's", "'it'\\''s'"), ("a!b", "'a'\\!'b'"), ("$(id)`x`", "'$(id)`x`'"),
        ])
    func `a path is one word to the server's shell`(_ path: String, _ quoted: String) {
        #expect(SSHCommand.quoted(path) == quoted)
    }

    @Test func `control characters and reordering marks never reach a message`() {
        #expect(Words.printable("a\u{1B}[31mb\u{202E}c\nd\r\n") == "a\u{FFFD}[31mb\u{FFFD}c d")
        #expect(Words.printable(String(repeating: "x", count: 900), maximum: 10).count == 10)
    }
}
