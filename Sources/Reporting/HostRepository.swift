package import MooringNames
package import MooringPorts

/// A repository on a git host, and where the API of that host is.
package struct HostRepository: Hashable, Sendable, CustomStringConvertible {
    package let kind: HostKind
    /// The names that the host's API wants, as they are, not encoded for a URL: owner and name (GitHub, Gitea, Bitbucket
    /// Cloud), groups and name (GitLab), key of the project and name (Bitbucket Data Center), organisation, project and
    /// name (Azure DevOps).
    package let parts: [String]
    /// Without a slash at its end: `https://api.github.com`.
    package let apiURL: String

    /// Why an address is none of a repository on a host.
    package struct Mistake: Error, Hashable, Sendable, CustomStringConvertible {
        /// One sentence, with what would be right.
        package let description: String
    }

    /// Reads host and path of a repository's address.
    ///
    /// - Parameters:
    ///   - kind: which host it is, nil to guess it from the host's name.
    ///   - host: of the clone URL, with the port where the API has the same: `github.com`.
    ///   - path: of the clone URL: `/owner/name.git`, with or without slash and suffix.
    ///   - apiURL: where the API is, nil for the one that belongs to the host.
    /// - Returns: nil where the path is none of the host's; `read` says why.
    package init?(kind: HostKind?, host: String, path: String, apiURL: String? = nil) {
        guard let read = try? HostRepository.read(kind: kind, host: host, path: path, apiURL: apiURL) else {
            return nil
        }
        self = read
    }

    private init(kind: HostKind, parts: [String], apiURL: String) {
        self.kind = kind
        self.parts = parts
        self.apiURL = apiURL
    }

    /// Owner and name, as people write them.
    package var description: String { parts.joined(separator: "/") }

    /// Reads host and path of a repository's address; as `init`, and says why where it is none.
    package static func read(
        kind: HostKind?, host: String, path: String, apiURL: String? = nil,
    ) throws(Mistake) -> HostRepository {
        guard let kind = kind ?? HostKind.guessed(fromHost: host) else {
            let kinds = HostKind.allCases.map(\.rawValue).joined(separator: ", ")
            throw Mistake(
                description:
                    "Which git host '\(shown(host))' is cannot be told from its name. Say it, one of: \(kinds).")
        }
        guard !host.isEmpty || apiURL != nil else {
            throw Mistake(description: "The address names no host, and no address of an API is given.")
        }
        let form = RepositoryPath(kind: kind, host: host, path: path)
        guard let parts = form.parts else {
            throw Mistake(
                description: "'\(shown(path))' is not the path of a repository on \(kind.title); it would be like "
                    + "'\(RepositoryPath.example(kind))'.")
        }
        var url = apiURL ?? form.apiURL
        while url.hasSuffix("/") { url.removeLast() }
        return HostRepository(kind: kind, parts: parts, apiURL: url)
    }

    // MARK: Pages and URLs

    /// Where calls about the repository begin, its names encoded.
    var url: String {
        let names = parts.map(PercentEncoding.segment)
        return switch kind {
        case .github, .gitea: "\(apiURL)/repos/\(names[0])/\(names[1])"
        case .gitlab: "\(apiURL)/projects/\(PercentEncoding.segment(parts.joined(separator: "/")))"
        case .bitbucketCloud: "\(apiURL)/repositories/\(names[0])/\(names[1])"
        case .bitbucketDataCenter: "\(apiURL)/api/latest/projects/\(names[0])/repos/\(names[1])"
        case .azureDevOps: "\(apiURL)/\(names[0])/\(names[1])/_apis/git/repositories/\(names[2])"
        }
    }

    /// The repository's page for people on hosts whose answers do not name it; nil on the others.
    var page: String? {
        let names = parts.map(PercentEncoding.segment)
        switch kind {
        case .github, .gitlab, .gitea: return nil
        case .bitbucketCloud: return "https://bitbucket.org/\(names[0])/\(names[1])"
        case .bitbucketDataCenter:
            let base = apiURL.hasSuffix("/rest") ? String(apiURL.dropLast(5)) : apiURL
            // A repository of a person's own has a page below the person.
            return parts[0].hasPrefix("~")
                ? "\(base)/users/\(PercentEncoding.segment(String(parts[0].dropFirst())))/repos/\(names[1])"
                : "\(base)/projects/\(names[0])/repos/\(names[1])"
        case .azureDevOps: return "\(apiURL)/\(names[0])/\(names[1])/_git/\(names[2])"
        }
    }

    /// The page for people about a commit; nil where the address of the API does not tell where pages are.
    package func commitPage(_ commit: CommitID) -> String? {
        let names = parts.map(PercentEncoding.segment)
        let path = names.joined(separator: "/")
        switch kind {
        case .github:
            if apiURL == "https://api.github.com" { return "https://github.com/\(path)/commit/\(commit)" }
            // GitHub with data residency: api.NAME.ghe.com beside NAME.ghe.com.
            if apiURL.hasPrefix("https://api."), apiURL.hasSuffix(".ghe.com") {
                return "https://\(apiURL.dropFirst("https://api.".count))/\(path)/commit/\(commit)"
            }
            return base(without: "/api/v3").map { "\($0)/\(path)/commit/\(commit)" }
        case .gitlab: return base(without: "/api/v4").map { "\($0)/\(path)/-/commit/\(commit)" }
        case .gitea: return base(without: "/api/v1").map { "\($0)/\(path)/commit/\(commit)" }
        case .bitbucketCloud, .bitbucketDataCenter: return page.map { "\($0)/commits/\(commit)" }
        case .azureDevOps: return page.map { "\($0)/commit/\(commit)" }
        }
    }

    private func base(without suffix: String) -> String? {
        apiURL.hasSuffix(suffix) ? String(apiURL.dropLast(suffix.count)) : nil
    }

    private static func shown(_ text: String) -> String { String(text.prefix(100)) }
}
