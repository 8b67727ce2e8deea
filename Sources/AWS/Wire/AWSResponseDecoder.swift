package import MooringPorts
package import MooringShapes

/// Turns an answer into what it says. A pure function.
package enum AWSResponseDecoder {
    /// What an answer says.
    package enum Answer: Equatable, Sendable {
        case success(Value)
        case error(AWSErrorReply)
        /// The status says success, the body says nothing that can be understood: why.
        case malformed(String)
    }

    /// Reads the answer to `call`.
    package static func answer(to call: APICall, _ response: HTTPResponse) -> Answer {
        guard (200..<300).contains(response.status) else { return .error(AWSErrorReply(response)) }
        switch call.service.descriptor.wire {
        case .json: return json(response)
        case .query: return xml(response, operation: call.operation)
        }
    }

    private static func json(_ response: HTTPResponse) -> Answer {
        // Operations without an output answer with nothing at all.
        if response.body.isEmpty { return .success(.map([])) }
        do throws(JSONError) {
            let value = try JSONReader.value(of: response.body)
            guard value.members != nil else { return .malformed("the answer is no JSON object") }
            return .success(value)
        } catch {
            return .malformed("the answer is not JSON (\(error))")
        }
    }

    /// `<XResponse><XResult>…</XResult><ResponseMetadata/></XResponse>`: the result element's tree.
    private static func xml(_ response: HTTPResponse, operation: String) -> Answer {
        do throws(XMLError) {
            let document = try XMLReader.document(of: response.body)
            guard document.name == operation + "Response" else {
                return .malformed("the answer is a '\(document.name.prefix(40))', not a '\(operation)Response'")
            }
            guard let result = document.value[operation + "Result"], result.members != nil else {
                return .success(.map([]))
            }
            return .success(result)
        } catch {
            return .malformed("the answer is not XML (\(error))")
        }
    }
}
