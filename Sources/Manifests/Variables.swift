import MooringModel
import MooringShapes

/// What an SSM parameter was found to be.
package enum ParameterReading: Hashable, Sendable {
    case value(String)
    /// It cannot be used until somebody acts; the sentence says why and what to do.
    case refused(String)
    /// It could not be read just now.
    case waiting(String)
}

/// What is known of the parameters that variables stand for.
package enum ParameterReadings: Hashable, Sendable {
    /// Nobody asks: every parameter stands for a value that is not known, about which nothing is said.
    case offline
    /// By the name that `mooring.yaml` gives. What is not here has not been asked for yet.
    case asked([String: ParameterReading])
}

/// A variable as `mooring.yaml` declares it.
struct Variable: Hashable {
    enum Source: Hashable {
        case value(Scalar)
        /// The name or ARN of an SSM parameter.
        case parameter(String)
    }

    let source: Source
    /// Where its name stands in `mooring.yaml`.
    let position: SourcePosition?
    /// Where its value stands there.
    var place: SourcePosition?
}

/// What variables stand for.
struct VariableTable {
    let declared: [String: Variable]
    /// Whether `mooring.yaml` could be read. Where not, nobody knows which names it declares.
    let isKnown: Bool
    let readings: ParameterReadings

    /// What a name stands for.
    enum Meaning {
        case value(Scalar)
        case undeclared
        /// A value that is not known and need not be.
        case opaque
        case refused(String)
        case waiting(String)
    }

    func meaning(of name: String) -> Meaning {
        guard isKnown else {
            return .refused("\(SettingsReader.fileName) cannot be used; its findings say how to mend it.")
        }
        guard let variable = declared[name] else { return .undeclared }
        switch (variable.source, readings) {
        case (.value(let scalar), _): return .value(scalar)
        case (.parameter, .offline): return .opaque
        case (.parameter(let parameter), .asked(let readings)):
            switch readings[parameter] {
            case .value(let text): return .value(Scalar(text: text, style: .plain))
            case .refused(let why): return .refused(why)
            case .waiting(let why): return .waiting(why)
            case nil: return .waiting("The SSM parameter '\(parameter.shortened)' has not been read yet.")
            }
        }
    }

    /// What a scalar will say once its variables are replaced, as far as that is known.
    func text(of value: Value) -> String? {
        guard let text = value.text, VariableText.mayHoldVariables(text.utf8) else { return value.text }
        return VariableText.segments(of: text).map { segment in
            switch segment {
            case .literal(let text): return text
            case .escaped(let inner): return "${\(inner)}"
            case .malformed: return "${"
            case .variable(let name):
                if case .value(let scalar) = meaning(of: name) { return scalar.text }
                return "${\(name)}"
            }
        }.joined()
    }
}
