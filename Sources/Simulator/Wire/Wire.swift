import MooringShapes

/// Reading requests and writing answers as AWS's protocols do.
enum Wire {
    /// What a request asks for.
    struct Call {
        let operation: Operation
        let input: Value
    }

    /// The prefixes of `X-Amz-Target`. Source: botocore's models.
    private static let prefixes: [(prefix: String, api: Operation.API)] = [
        ("AmazonEC2ContainerServiceV20141113", .ecs),
        ("AnyScaleFrontendService", .applicationAutoScaling),
        ("AmazonSSM", .ssm),
        ("Logs_20140328", .logs),
        ("AmazonEC2ContainerRegistry_V20150921", .ecr),
        ("secretsmanager", .secretsManager),
    ]

    private static let notFound = APIError(code: "UnknownOperationException", message: "", status: 404)

    static func read(_ request: WireRequest) -> Result<Call, APIError> {
        guard request.method.uppercased() == "POST" else { return .failure(notFound) }
        let type = request.header("content-type")?.lowercased() ?? ""
        if let target = request.header("x-amz-target") {
            // The content type chooses the protocol; another one finds no operation.
            guard type.isEmpty || type.hasPrefix("application/x-amz-json-1.") else { return .failure(notFound) }
            return readJSON(request, target: target)
        }
        if type.hasPrefix("application/x-www-form-urlencoded") { return QueryRequest.read(request) }
        return .failure(notFound)
    }

    private static func readJSON(_ request: WireRequest, target: String) -> Result<Call, APIError> {
        guard let dot = target.lastIndex(of: "."),
            let api = prefixes.first(where: { $0.prefix == target[..<dot] })?.api
        else { return .failure(.unknownOperation(target)) }
        let operation = Operation(api, String(target[target.index(after: dot)...]))
        if request.body.isEmpty { return .success(Call(operation: operation, input: [:])) }
        do throws(JSONError) {
            return .success(Call(operation: operation, input: try JSONReader.value(of: request.body)))
        } catch {
            return .failure(
                .serialization("Unexpected token at line \(error.position.line), column \(error.position.column)"))
        }
    }

    static func unescaped(_ text: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "+") {
                bytes.append(UInt8(ascii: " "))
            } else if byte == UInt8(ascii: "%"), rest.count >= 2,
                let code = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(code)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The key and region in `Credential=KEY/20260101/us-east-1/ecs/aws4_request`.
    static func credential(_ authorization: String) -> (accessKey: String, region: String)? {
        let fields = authorization.split { $0 == " " || $0 == "," }
        guard let field = fields.first(where: { $0.hasPrefix("Credential=") }) else { return nil }
        let parts = field.dropFirst("Credential=".count).split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 5, !parts[0].isEmpty, !parts[2].isEmpty else { return nil }
        return (String(parts[0]), String(parts[2]))
    }

    // MARK: Writing

    static func encode(_ output: Value, operation: Operation, requestID: String) -> WireResponse {
        guard operation.api.isQuery else {
            return json(JSONWriter(.compact).text(of: output), status: 200, requestID: requestID)
        }
        let name = operation.name
        let text =
            "<\(name)Response xmlns=\"\(namespace(of: operation.api))\">\n  <\(name)Result>"
            + xml(output) + "</\(name)Result>\n  <ResponseMetadata><RequestId>\(requestID)</RequestId>"
            + "</ResponseMetadata>\n</\(name)Response>\n"
        return xmlResponse(text, status: 200, requestID: requestID)
    }

    static func encode(_ error: APIError, api: Operation.API, requestID: String) -> WireResponse {
        if api.isQuery {
            let text =
                "<ErrorResponse xmlns=\"\(namespace(of: api))\">\n  <Error><Type>"
                + (error.status < 500 ? "Sender" : "Receiver") + "</Type><Code>\(escaped(error.code))</Code><Message>"
                + escaped(error.message)
                + "</Message></Error>\n  <RequestId>\(requestID)</RequestId>\n</ErrorResponse>\n"
            return xmlResponse(text, status: error.status, requestID: requestID)
        }
        // A bare `__type` and a lower-case `message`. Source: `errors.tsv`, terraform-provider-aws issue 8005.
        let body = Value.map([("__type", .string(error.code)), ("message", .string(error.message))])
        return json(JSONWriter(.compact).text(of: body), status: error.status, requestID: requestID)
    }

    /// Source: the XML namespaces of botocore's models.
    private static func namespace(of api: Operation.API) -> String {
        let host = api == .elasticLoadBalancing ? "http://elasticloadbalancing" : "https://\(api.rawValue)"
        return "\(host).amazonaws.com/doc/\(api.version)/"
    }

    /// A text as IAM writes policies: percent-encoded but for RFC 3986's unreserved characters.
    static func percentEncoded(_ text: String) -> String {
        var output = ""
        for byte in text.utf8 {
            let scalar = Unicode.Scalar(byte)
            if scalar.isASCII, Names.isWordOrHyphen(String(scalar)) || ".~".unicodeScalars.contains(scalar) {
                output.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                output += "%" + (digits.count == 1 ? "0" : "") + digits
            }
        }
        return output
    }

    private static func json(_ text: String, status: Int, requestID: String) -> WireResponse {
        WireResponse(
            status: status,
            headers: [("x-amzn-RequestId", requestID), ("Content-Type", "application/x-amz-json-1.1")],
            body: Array(text.utf8))
    }

    private static func xmlResponse(_ text: String, status: Int, requestID: String) -> WireResponse {
        WireResponse(
            status: status, headers: [("x-amzn-RequestId", requestID), ("Content-Type", "text/xml")],
            body: Array(text.utf8))
    }

    /// What a proxy between client and AWS says.
    static func html(status: Int) -> WireResponse {
        let text = "<html>\r\n<head><title>\(status)</title></head>\r\n<body><h1>\(status)</h1></body>\r\n</html>\r\n"
        return WireResponse(status: status, headers: [("Content-Type", "text/html")], body: Array(text.utf8))
    }

    /// An answer of the control endpoints.
    static func plain(_ text: String, status: Int) -> WireResponse {
        WireResponse(status: status, headers: [("Content-Type", "application/json")], body: Array((text + "\n").utf8))
    }

    /// Source: what AWS's front ends answer to bodies past their limit: 413, before any operation is known.
    static let tooLarge = WireResponse(
        status: 413, headers: [("Content-Type", "application/x-amz-json-1.1")],
        body: Array(#"{"__type":"RequestEntityTooLargeException","message":"Request body is too large"}"#.utf8))

    private static func xml(_ value: Value) -> String {
        switch value.node {
        case .scalar(let scalar): escaped(scalar.text)
        case .list(let elements): elements.map { "<member>\(xml($0))</member>" }.joined()
        case .map(let members): members.map { "<\($0.name)>\(xml($0.value))</\($0.name)>" }.joined()
        }
    }

    private static func escaped(_ text: String) -> String {
        var output = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": output += "&amp;"
            case "<": output += "&lt;"
            case ">": output += "&gt;"
            case "\"": output += "&quot;"
            default: output.unicodeScalars.append(scalar)
            }
        }
        return output
    }

    // MARK: Faults

    static func serverError(_ status: Int) -> APIError {
        // Source: `errors.tsv`, record 33256387672.
        APIError(code: "ServerException", message: "Service Unavailable. Please try again later.", status: status)
    }

    /// The error that a fault answers with.
    static func error(for fault: Fault, caller: Caller, operation: Operation, input: Value) -> APIError {
        switch fault {
        case .throttle:
            operation.api.isQuery
                ? APIError(code: "Throttling", message: "Rate exceeded") : .throttled
        case .serverError(let status), .serverErrorAfterwards(let status), .html(let status): serverError(status)
        case .accessDenied:
            .accessDenied(
                caller, action: operation.description, resource: AccessedResource.arn(of: operation, input, caller))
        case .expiredCredentials:
            APIError(
                code: operation.api.isQuery ? "ExpiredToken" : "ExpiredTokenException",
                message: "The security token included in the request is expired",
                status: operation.api.isQuery ? 403 : 400)
        case .error(let error): error
        case .droppedBefore, .lostResponse, .slow: serverError(500)
        }
    }
}
