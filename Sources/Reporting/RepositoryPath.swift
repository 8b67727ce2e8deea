import MooringPorts

/// The path of a clone URL as a host builds it.
///
/// The names become part of a URL that a token is sent to, so none is taken that could lead elsewhere.
struct RepositoryPath {
    private let kind: HostKind
    private let host: String
    /// Without slashes at its ends and without `.git`, split.
    private let pieces: [String]

    init(kind: HostKind, host: String, path: String) {
        self.kind = kind
        self.host = host.lowercased()
        var path = path[...]
        while path.hasPrefix("/") { path = path.dropFirst() }
        while path.hasSuffix("/") { path = path.dropLast() }
        // A repository of Azure DevOps may be called `x.git` and is cloned by that name.
        if path.hasSuffix(".git"), kind != .azureDevOps { path = path.dropLast(4) }
        pieces = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    }

    /// How a path of the host looks, for advice.
    static func example(_ kind: HostKind) -> String {
        switch kind {
        case .github, .gitea: "/owner/name.git"
        case .gitlab: "/group/subgroup/name.git"
        case .bitbucketCloud: "/workspace/name.git"
        case .bitbucketDataCenter: "/scm/KEY/name.git"
        case .azureDevOps: "/organisation/project/_git/name"
        }
    }

    /// The names, nil where the path is none of the host's.
    var parts: [String]? {
        switch kind {
        case .github, .gitea, .bitbucketCloud:
            return pieces.count == 2 && pieces.allSatisfy(isPlainName) ? pieces : nil
        case .gitlab:
            // Groups nest up to twenty deep.
            return (2...21).contains(pieces.count) && pieces.allSatisfy(isPlainName) ? pieces : nil
        case .bitbucketDataCenter:
            let names = Array(pieces.suffix(2))
            // Over http `scm` stands in front, and before it what the server's own address ends with.
            let isKnown = pieces.count == 2 || pieces.count >= 3 && pieces[pieces.count - 3] == "scm"
            guard isKnown, names.count == 2, isPlainName(names[1]) else { return nil }
            let owner = names[0].hasPrefix("~") ? String(names[0].dropFirst()) : names[0]
            return isPlainName(owner) ? names : nil
        case .azureDevOps: return azureParts
        }
    }

    /// The API that belongs to the host.
    var apiURL: String {
        let name = String(host.prefix { $0 != ":" })
        switch kind {
        case .github:
            if ["github.com", "www.github.com", "ssh.github.com"].contains(name) { return "https://api.github.com" }
            return name.hasSuffix(".ghe.com") ? "https://api.\(host)" : "https://\(host)/api/v3"
        case .gitlab: return name == "altssh.gitlab.com" ? "https://gitlab.com/api/v4" : "https://\(host)/api/v4"
        case .gitea: return "https://\(host)/api/v1"
        case .bitbucketCloud: return "https://api.bitbucket.org/2.0"
        case .bitbucketDataCenter:
            guard let scm = pieces.lastIndex(of: "scm"), scm > 0 else { return "https://\(host)/rest" }
            let prefix = pieces[..<scm].map(PercentEncoding.segment).joined(separator: "/")
            return "https://\(host)/\(prefix)/rest"
        case .azureDevOps:
            let isService = HostKind.guessed(fromHost: name) == .azureDevOps
            return isService ? "https://dev.azure.com" : "https://\(host)"
        }
    }

    // MARK: Azure DevOps

    /// Three addresses lead to one repository: `dev.azure.com/org/project/_git/name`,
    /// `org.visualstudio.com/[DefaultCollection/]project/_git/name` and `ssh.dev.azure.com/v3/org/project/name`.
    private var azureParts: [String]? {
        var pieces = pieces.map { PercentEncoding.decoded($0) ?? $0 }
        let name = String(host.prefix { $0 != ":" })
        if name == "ssh.dev.azure.com" || name == "vs-ssh.visualstudio.com" {
            guard pieces.count == 4, pieces[0] == "v3" else { return nil }
            pieces.removeFirst()
        } else {
            if name.hasSuffix(".visualstudio.com") {
                if pieces.first == "DefaultCollection" { pieces.removeFirst() }
                pieces.insert(String(name.dropLast(".visualstudio.com".count)), at: 0)
            }
            // A project's first repository has its name, and may be cloned without naming it twice.
            if pieces.count == 3, pieces[1] == "_git" { pieces.insert(pieces[2], at: 1) }
            guard pieces.count == 4, pieces[2] == "_git" else { return nil }
            pieces.remove(at: 2)
        }
        return pieces.allSatisfy(isAzureName) ? pieces : nil
    }

    /// What Azure DevOps forbids in names of projects and repositories is forbidden here; blanks and letters of any
    /// language are allowed.
    private func isAzureName(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= 256 && text != "." && text != ".."
            && text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
            && !text.contains { "/\\:*?\"<>|;#${},+=[]%".contains($0) }
    }

    /// Letters, digits and `-_.`: what GitHub, GitLab, Gitea and Bitbucket allow in the names of their URLs.
    private func isPlainName(_ text: String) -> Bool {
        let isAllowed = text.utf8.allSatisfy { byte in
            (byte | 0x20 >= UInt8(ascii: "a") && byte | 0x20 <= UInt8(ascii: "z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || "-_.".utf8.contains(byte)
        }
        let longest = kind == .gitlab ? 255 : 128
        return isAllowed && !text.isEmpty && text.utf8.count <= longest && text != "." && text != ".."
    }
}
