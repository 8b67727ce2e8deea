/// An HTTP request as a value.
package struct HTTPRequest: Equatable, Sendable {
    package var method: String
    /// Absolute, without user information.
    package var url: String
    /// In the order they are sent. Names are compared without case.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(
        method: String, url: String, headers: [(name: String, value: String)] = [], body: [UInt8] = [],
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
    }

    package static func == (left: HTTPRequest, right: HTTPRequest) -> Bool {
        left.method == right.method && left.url == right.url && left.body == right.body
            && left.headers.elementsEqual(right.headers) { $0.name == $1.name && $0.value == $1.value }
    }
}

/// An HTTP response as a value, its body complete.
package struct HTTPResponse: Equatable, Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    /// The first header called `name`, whatever its case.
    package func header(_ name: String) -> String? {
        headers.first { $0.name.lowercased() == name.lowercased() }?.value
    }

    package static func == (left: HTTPResponse, right: HTTPResponse) -> Bool {
        left.status == right.status && left.body == right.body
            && left.headers.elementsEqual(right.headers) { $0.name == $1.name && $0.value == $1.value }
    }
}
