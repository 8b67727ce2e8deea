/// An HTTP request as this module takes it.
package struct WireRequest: Sendable {
    package var method: String
    package var path: String
    /// Names are compared without case.
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]

    package init(method: String, path: String, headers: [(name: String, value: String)], body: [UInt8]) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }

    func header(_ name: String) -> String? {
        let wanted = name.lowercased()
        return headers.first { $0.name.lowercased() == wanted }?.value
    }
}

/// An HTTP response as this module gives it.
package struct WireResponse: Sendable {
    package var status: Int
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]
    package var delivery = Delivery.sent
    /// How much later than now the answer leaves, in milliseconds.
    package var delayMilliseconds: Int64 = 0

    /// What becomes of the answer on its way.
    package enum Delivery: Sendable {
        case sent
        /// The connection closes without a byte. Whether the call was performed, the client cannot know.
        case dropped
    }

    package init(status: Int, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }

    static let dropped: WireResponse = {
        var response = WireResponse(status: 0)
        response.delivery = .dropped
        return response
    }()
}
