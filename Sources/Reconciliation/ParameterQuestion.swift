package import MooringManifests
package import MooringPorts
package import MooringShapes

/// One call that asks for SSM parameters, and what its answer says of them. Values only.
package struct ParameterQuestion: Hashable, Sendable {
    package let names: [String]

    /// The calls that answer for `names`, batched as far as the API allows, in their order.
    package static func questions(for names: [String]) -> [ParameterQuestion] {
        names.chunked(by: Limits.parametersPerCall).map(ParameterQuestion.init(names:))
    }

    package init(names: [String]) { self.names = names }

    /// The call. Nothing is decrypted: what is secret has no place in a manifest.
    package var call: APICall {
        APICall(.ssm, "GetParameters", ["Names": .list(names.map(Value.string)), "WithDecryption": false])
    }

    /// What came of a call.
    package struct Outcome: Hashable, Sendable {
        package var readings: [String: ParameterReading] = [:]
        /// Questions to be asked instead: AWS refuses a call as a whole where it refuses one of its names.
        package var again: [ParameterQuestion] = []
        /// What does not work just now.
        package var problem: Failure?
    }

    package func outcome(of result: Result<Value, Failure>) -> Outcome {
        switch result {
        case .success(let answer): return Outcome(readings: readings(in: answer))
        case .failure(let failure):
            if case .retry = failure.disposition {
                let why = "The SSM parameters cannot be read just now: \(failure.cause)"
                return Outcome(
                    readings: Dictionary(names.map { ($0, .waiting(why)) }, uniquingKeysWith: { first, _ in first }),
                    problem: failure)
            }
            if names.count > 1 { return Outcome(again: names.map { ParameterQuestion(names: [$0]) }) }
            return Outcome(
                readings: Dictionary(
                    names.map { ($0, .refused(ParameterQuestion.sentence(about: $0, failure))) },
                    uniquingKeysWith: { first, _ in first }))
        }
    }

    private static func sentence(about name: String, _ failure: Failure) -> String {
        let cause = failure.cause.hasSuffix(".") ? failure.cause : failure.cause + "."
        let isDenied = failure.code == .accessDenied || failure.code.rawValue.hasPrefix("AccessDenied")
        let remedy =
            isDenied ? "Allow Mooring's role the action ssm:GetParameters on this parameter." : failure.remedy
        return "The SSM parameter '\(name.shortened)' cannot be read: \(cause) \(remedy)"
    }

    // MARK: Answers

    private func readings(in answer: Value) -> [String: ParameterReading] {
        let found = answer["Parameters"]?.elements ?? []
        var readings: [String: ParameterReading] = [:]
        for name in names {
            readings[name] =
                found.first { ParameterQuestion.is($0, called: name) }.map { ParameterQuestion.reading(of: $0, name) }
                ?? .refused(
                    "There is no SSM parameter '\(name.shortened)' in this account and region. Create it, or correct "
                        + "'fromParameter'.")
        }
        return readings
    }

    /// Whether a parameter is the one that was asked for: by name or ARN, with the version or label behind it if there was one.
    /// Source: API reference of Systems Manager, Parameter `Selector`: what stood behind the name in the request.
    private static func `is`(_ parameter: Value, called name: String) -> Bool {
        let selector = parameter["Selector"]?.text ?? ""
        return [parameter["Name"]?.text, parameter["ARN"]?.text].contains { known in
            guard let known else { return false }
            return known == name || known + selector == name
                || !selector.hasPrefix(":") && !selector.isEmpty && known + ":" + selector == name
        }
    }

    private static func reading(of parameter: Value, _ name: String) -> ParameterReading {
        switch parameter["Type"]?.text {
        case "SecureString":
            return .refused(
                "The SSM parameter '\(name.shortened)' is a SecureString. A secret does not belong into a manifest: name it "
                    + "under 'secrets' of the container, and ECS hands it over.")
        case "StringList":
            return .refused(
                "The SSM parameter '\(name.shortened)' is a StringList. Make a parameter of type String for each element."
            )
        default: break
        }
        guard let value = parameter["Value"]?.text else {
            return .refused("The answer about the SSM parameter '\(name.shortened)' holds no value.")
        }
        return .value(value)
    }
}
