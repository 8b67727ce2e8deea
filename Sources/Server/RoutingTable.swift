/// What takes a request's body as it comes, and answers when it has come whole.
///
/// Used on the server's thread alone. It is let go without `finish` where the body does not come whole.
package protocol RequestReceiver: AnyObject {
    /// Takes the next bytes of the body.
    func receive(_ bytes: ArraySlice<UInt8>)
    /// Answers. Called once, after the last byte.
    func finish() -> HTTPAnswer
}

/// What becomes of a request, as far as its head tells.
package enum RequestVerdict {
    /// The answer is known without the body.
    case answer(HTTPAnswer)
    case receive(any RequestReceiver)
}

/// Which requests are answered by whom.
package struct RoutingTable: Sendable {
    private let routes: [Route]

    /// Requests of one kind.
    package struct Route: Sendable {
        let methods: [String]
        let path: Path
        let respond: @Sendable (RequestHead) -> RequestVerdict

        package enum Path: Sendable {
            case exactly(String)
            /// Everything with one more name behind a prefix that ends in a slash.
            case below(String)
        }

        /// - Parameters:
        ///   - methods: in capitals; `HEAD` is answered where `GET` is.
        ///   - respond: called on the server's thread, which serves everybody: it must not wait.
        package init(
            _ methods: [String], _ path: Path, respond: @escaping @Sendable (RequestHead) -> RequestVerdict,
        ) {
            self.methods = methods.contains("GET") ? methods + ["HEAD"] : methods
            self.path = path
            self.respond = respond
        }

        func matches(_ path: String) -> Bool {
            switch self.path {
            case .exactly(let text): return path == text
            case .below(let prefix):
                let name = path.dropFirst(prefix.count)
                return path.hasPrefix(prefix) && !name.isEmpty && !name.contains("/")
            }
        }
    }

    package init(_ routes: [Route]) { self.routes = routes }

    /// Who answers; 404 and 405 where nobody does.
    package func verdict(on head: RequestHead) -> RequestVerdict {
        let found = routes.filter { $0.matches(head.path) }
        if found.isEmpty { return .answer(.text(404, "Nothing is here.")) }
        guard let route = found.first(where: { $0.methods.contains(head.method) }) else {
            let methods = found.flatMap(\.methods).joined(separator: ", ")
            return .answer(
                .text(405, "Only \(methods) is answered here.", headers: [.init(name: "Allow", value: methods)]))
        }
        return route.respond(head)
    }
}
