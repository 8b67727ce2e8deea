import MooringShapes

/// A call of a git host's API as a value, without credentials.
struct HostCall: Hashable, Sendable {
    let method: Method
    /// Absolute, encoded, with its query.
    var url: String
    var body: Value?
    let purpose: Purpose

    enum Method: String, Sendable {
        case get = "GET"
        case post = "POST"
        case put = "PUT"
        case patch = "PATCH"
    }

    /// What a call is for, which decides what permission it needs.
    enum Purpose: Sendable, CaseIterable {
        case status, readStatus, readPullRequest, comment, check, deployment
        /// Asks who we are. Not every token may know.
        case identity
        /// Asks for a token in an app's name.
        case token
    }

    /// Whether the call may go out twice without harm: what is read, what replaces, and a status that repeats itself.
    var mayBeSentTwice: Bool { method != .post || purpose == .status || purpose == .readPullRequest }

    /// A call that reads.
    ///
    /// - Parameter query: names as they are sent, values not yet encoded.
    static func get(_ url: String, _ query: [(String, String)] = [], _ purpose: Purpose) -> HostCall {
        HostCall(method: .get, url: url.adding(query), body: nil, purpose: purpose)
    }

    /// A call that brings something.
    static func send(
        _ method: Method, _ url: String, query: [(String, String)] = [], _ body: Value, _ purpose: Purpose,
    ) -> HostCall {
        HostCall(method: method, url: url.adding(query), body: body, purpose: purpose)
    }
}

extension String {
    /// The URL with further parameters behind it, their values encoded.
    func adding(_ query: [(String, String)]) -> String {
        query.reduce(self) { url, item in
            url + (url.contains("?") ? "&" : "?") + item.0 + "=" + PercentEncoding.segment(item.1)
        }
    }

    /// The value of a parameter as it stands in the URL, nil where it has none.
    func parameter(_ name: String) -> String? {
        guard let start = firstIndex(of: "?") else { return nil }
        for item in self[index(after: start)...].split(separator: "&") where item.hasPrefix(name + "=") {
            return String(item.dropFirst(name.count + 1))
        }
        return nil
    }

    /// The URL with a parameter in the place of an older one of its name.
    func setting(_ name: String, to value: String) -> String {
        guard let start = firstIndex(of: "?") else { return adding([(name, value)]) }
        let others = self[index(after: start)...].split(separator: "&").filter { !$0.hasPrefix(name + "=") }
        return (String(self[..<start]) + (others.isEmpty ? "" : "?" + others.joined(separator: "&")))
            .adding([(name, value)])
    }
}
