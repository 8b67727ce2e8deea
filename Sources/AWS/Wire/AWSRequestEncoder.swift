package import MooringPorts
import MooringShapes

/// Turns a call into the request that carries it, unsigned. A pure function.
package enum AWSRequestEncoder {
    /// The request for `call`.
    ///
    /// - Parameter endpoint: scheme, host and port without a path: `https://ecs.eu-central-1.amazonaws.com`.
    package static func request(for call: APICall, endpoint: String) -> HTTPRequest {
        // A path on a configured endpoint is kept; AWS's own have none.
        let url = endpoint.hasSuffix("/") ? endpoint : endpoint + "/"
        switch call.service.descriptor.wire {
        case .json(let targetPrefix):
            return HTTPRequest(
                method: "POST", url: url,
                headers: [
                    ("Content-Type", "application/x-amz-json-1.1"),
                    ("X-Amz-Target", "\(targetPrefix).\(call.operation)"),
                ],
                body: Array(JSONWriter(.compact).text(of: call.input).utf8),
            )
        case .query(let version):
            var pairs = [("Action", call.operation), ("Version", version)]
            flatten(call.input, prefix: "", into: &pairs)
            let body = pairs.map { "\(formEncoded($0.0))=\(formEncoded($0.1))" }.joined(separator: "&")
            return HTTPRequest(
                method: "POST", url: url,
                headers: [("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")],
                body: Array(body.utf8),
            )
        }
    }

    /// The query protocol's flat names: `Targets.member.1.Id`. Nulls are left out; an empty list is sent as an empty value.
    private static func flatten(_ value: Value, prefix: String, into pairs: inout [(String, String)]) {
        switch value.node {
        case .scalar(let scalar):
            if scalar.style != .null { pairs.append((prefix, scalar.text)) }
        case .list(let elements):
            if elements.isEmpty { pairs.append((prefix, "")) }
            for (index, element) in elements.enumerated() {
                flatten(element, prefix: "\(prefix).member.\(index + 1)", into: &pairs)
            }
        case .map(let members):
            for member in members {
                flatten(member.value, prefix: prefix.isEmpty ? member.name : "\(prefix).\(member.name)", into: &pairs)
            }
        }
    }

    /// As forms have it: a space is a plus, as botocore sends it too.
    private static func formEncoded(_ text: String) -> String { percentEncoded(text).replacing("%20", with: "+") }

    /// Everything but RFC 3986's unreserved characters in `%XX`.
    static func percentEncoded(_ text: String) -> String {
        var encoded = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                encoded.unicodeScalars.append(Unicode.Scalar(byte))
            default:
                encoded += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return encoded
    }
}
