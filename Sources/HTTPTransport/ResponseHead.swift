/// Status and headers of a response.
package struct ResponseHead: Sendable {
    package var status: Int
    /// In the order they came; values without surrounding space.
    package var headers: [(name: String, value: String)]
    /// Where the answer came from, after redirects, as it is: not fit to be shown.
    package var effectiveURL: String

    /// The first header called `name`, whatever its case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    /// The media type without its parameters, in lower case: `application/x-git-upload-pack-result`.
    package var contentType: String? {
        header("content-type").map { $0.prefix { $0 != ";" && $0 != " " }.lowercased() }
    }

    /// How long the server asks us to wait, where it says so in seconds.
    package var retryAfter: Duration? {
        guard let seconds = header("retry-after").flatMap({ Int($0) }), seconds >= 0 else { return nil }
        return .seconds(min(seconds, 86_400))
    }
}
