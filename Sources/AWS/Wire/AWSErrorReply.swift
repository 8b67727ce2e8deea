package import MooringPorts
import MooringShapes

/// What an answer that is no success says, whoever gave it: the service, or a proxy on the way.
package struct AWSErrorReply: Equatable, Sendable {
    package let status: Int
    /// AWS's code without namespace and decoration, `ServiceNotFoundException`; nil where the answer is not AWS's.
    package let code: String?
    /// One line, bounded. Empty where nothing was said.
    package let message: String
    /// How long the server asks us to wait.
    package let retryAfter: Duration?

    package init(status: Int, code: String?, message: String, retryAfter: Duration? = nil) {
        self.status = status
        self.code = code
        self.message = message
        self.retryAfter = retryAfter
    }

    /// Reads the error that `response` carries, in any of the forms that are seen.
    package init(_ response: HTTPResponse) {
        let found =
            AWSErrorReply.json(response) ?? AWSErrorReply.xml(response) ?? (
                code: nil, message: AWSErrorReply.page(response)
            )
        let header = response.header("x-amzn-ErrorType").map(AWSErrorReply.plainCode)
        status = response.status
        code = (found.code ?? header).flatMap { $0.isEmpty ? nil : $0 }
        message = AWSErrorReply.oneLine(found.message)
        retryAfter = response.header("retry-after").flatMap { Int($0) }.map { .seconds(max(0, min($0, 86_400))) }
    }

    /// `{"__type": "namespace#Code:url", "message": "…"}`, the message also spelt `Message`.
    private static func json(_ response: HTTPResponse) -> (code: String?, message: String)? {
        guard let body = try? JSONReader.value(of: response.body), body.members != nil else { return nil }
        let code = (body["__type"] ?? body["code"] ?? body["Code"])?.text
        return (code.map(plainCode), (body["message"] ?? body["Message"] ?? body["errorMessage"])?.text ?? "")
    }

    /// `<ErrorResponse><Error><Code/><Message/></Error></ErrorResponse>`, or the error itself as the root.
    private static func xml(_ response: HTTPResponse) -> (code: String?, message: String)? {
        guard let document = try? XMLReader.document(of: response.body) else { return nil }
        let holder =
            document.name == "Error" ? document.value : document.value["Error"] ?? document.value["Errors"]?["Error"]
        guard let holder, let code = holder["Code"]?.text else { return nil }
        return (code, holder["Message"]?.text ?? "")
    }

    /// Neither: a proxy's page. Its text without markup is what helps a person.
    private static func page(_ response: HTTPResponse) -> String {
        var text = ""
        var isInTag = false
        for character in String(decoding: response.body.prefix(20_000), as: UTF8.self) {
            switch character {
            case "<": isInTag = true
            case ">" where isInTag:
                isInTag = false
                text += " "
            default: if !isInTag { text.append(character) }
            }
        }
        return text
    }

    /// `com.amazonaws.ecs#Code:http://…` is `Code`.
    private static func plainCode(_ text: String) -> String {
        let afterNamespace = text.split(separator: "#", omittingEmptySubsequences: false).last ?? ""
        return String(afterNamespace.prefix { $0 != ":" && $0 != "," && !$0.isWhitespace })
    }

    /// White space runs become one space, control characters go, the length is bounded.
    private static func oneLine(_ text: String) -> String {
        let words = text.split { $0.isWhitespace || $0.unicodeScalars.contains { $0.value < 32 || $0.value == 127 } }
        return String(words.joined(separator: " ").prefix(Limits.messageCharacters))
    }
}
