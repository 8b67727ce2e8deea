import MooringPorts
import MooringShapes

/// How a host goes on where a list is longer than one answer.
enum Paging: Sendable {
    /// The header `Link` of RFC 8288 names the next page (GitHub, GitLab, Gitea).
    case link
    /// The member `next` does (Bitbucket Cloud).
    case nextMember
    /// `isLastPage` and `nextPageStart` (Bitbucket Data Center). The next start is the host's to say: it leaves out what the
    /// token may not see.
    case start
    /// A token in a header, or else rows that are left out (Azure DevOps).
    case skip

    /// The call for the next page; nil behind the last one.
    ///
    /// - Parameters:
    ///   - call: the one that was answered.
    ///   - value: what the answer held.
    func call(after call: HostCall, _ response: HTTPResponse, _ value: Value) -> HostCall? {
        let url: String? =
            switch self {
            case .link: response.header("link").flatMap(Paging.next).map { Paging.url($0, at: call.url) }
            case .nextMember: value["next"]?.text.map { Paging.url($0, at: call.url) }
            case .start:
                value["isLastPage"]?.boolean == false
                    ? value["nextPageStart"]?.integer.map { call.url.setting("start", to: String($0)) } : nil
            case .skip: Paging.skipping(call, response, value)
            }
        // A page that follows itself would be read until the cap.
        guard let url, url != call.url else { return nil }
        var next = call
        next.url = url
        return next
    }

    /// The URL with the relation `next`.
    private static func next(_ header: String) -> String? {
        for link in header.split(separator: ",") {
            let parts = link.split(separator: ";").map { $0.trimmed }
            guard let first = parts.first, first.hasPrefix("<"), first.hasSuffix(">"),
                parts.dropFirst().contains(where: { $0 == "rel=\"next\"" || $0 == "rel=next" })
            else { continue }
            return String(first.dropFirst().dropLast())
        }
        return nil
    }

    /// The page's address, at the host that we asked: a link that leads to another one must not get our token, and a server
    /// behind a proxy may not know the name that it is reached by. What the page is, its query says.
    private static func url(_ link: String, at asked: String) -> String {
        if origin(link) == origin(asked) { return link }
        guard let query = link.firstIndex(of: "?") else { return asked }
        return String(asked.prefix { $0 != "?" }) + link[query...]
    }

    /// Scheme and authority.
    private static func origin(_ url: String) -> Substring {
        var slashes = 0
        return url.prefix { character in
            if character == "/" { slashes += 1 }
            return slashes < 3 && character != "?"
        }
    }

    private static func skipping(_ call: HostCall, _ response: HTTPResponse, _ value: Value) -> String? {
        if let token = response.header("x-ms-continuationtoken"), !token.isEmpty {
            return call.url.setting("continuationToken", to: token)
        }
        let rows = (value["value"] ?? value).elements?.count ?? 0
        // Statuses are asked for with `top`, all else with `$top`.
        for (top, skip) in [("$top", "$skip"), ("top", "skip")] {
            guard let most = call.url.parameter(top).flatMap({ Int($0) }) else { continue }
            let skipped = call.url.parameter(skip).flatMap { Int($0) } ?? 0
            return rows >= most ? call.url.setting(skip, to: String(skipped + rows)) : nil
        }
        return nil
    }
}

extension Substring {
    /// Without blanks at its ends.
    var trimmed: String {
        var text = self
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
