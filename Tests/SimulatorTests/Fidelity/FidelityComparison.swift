import Foundation
import MooringShapes

/// One way in which the local ECS answers unlike a recording.
struct Difference: Hashable, Sendable, CustomStringConvertible {
    enum Kind: String, Sendable {
        /// Recorded, and not answered by the local ECS.
        case missing
        /// Answered by the local ECS, and not recorded.
        case extra
        case value
        /// The same elements in another order.
        case order
        /// Lists of different lengths.
        case count
    }

    let kind: Kind
    /// Without positions: `services[].deployments[].id`.
    let path: String
    let detail: String

    var description: String { "\(kind.rawValue) \(path) \(detail)" }
}

/// Compares answers by their members, forms, defaults and orders.
///
/// What differs from one call to the next (ids, times, addresses) is compared by its form; how many tasks run at the moment
/// is not compared at all.
struct Comparison {
    /// Counts of the moment, and how a process ended.
    private static let ofTheMoment = [
        "runningCount", "pendingCount", "failedTasks", "runningTasksCount", "pendingTasksCount", "activeServicesCount",
        "registeredContainerInstancesCount", "runningTaskCount", "pendingTaskCount", "version", "exitCode",
    ]
    /// Lists whose order nobody knows: the request's is not recorded, or ECS's is unsorted (`findings.md` items 3 and 5).
    private static let unordered = [
        "securityGroups", "compatibilities", "requiresCompatibilities", "requiresAttributes", "tags", "serviceArns",
        "taskArns", "settings", "capacityProviders", "secrets", "containerImages",
    ]
    /// Lists of which each element is an example: events of a service's life, settings of an account.
    private static let examples = ["events", "settings"]

    private(set) var differences: [Difference] = []
    /// Members whose presence the recording proves: `services[].createdBy`.
    private(set) var proven: Set<String> = []
    private let sampled: Bool

    /// - Parameter sampled: whether the lists named in `examples` are compared element by element's members only.
    init(recorded: Value, ours: Value, root: String = "", sampled: Bool = true) {
        self.sampled = sampled
        compare(recorded, ours, path: root, name: "")
    }

    private mutating func note(_ kind: Difference.Kind, _ path: String, _ detail: String = "") {
        let difference = Difference(kind: kind, path: path, detail: detail)
        if !differences.contains(where: { $0.kind == kind && $0.path == path }) { differences.append(difference) }
    }

    private mutating func compare(_ recorded: Value, _ ours: Value, path: String, name: String) {
        switch (recorded.node, ours.node) {
        case (.map(let left), .map(let right)):
            for member in left {
                let path = path.isEmpty ? member.name : "\(path).\(member.name)"
                proven.insert(path)
                guard let other = ours[member.name] else {
                    note(.missing, path, brief(member.value))
                    continue
                }
                compare(member.value, other, path: path, name: member.name)
            }
            for member in right where recorded[member.name] == nil {
                note(.extra, path.isEmpty ? member.name : "\(path).\(member.name)", brief(member.value))
            }
        case (.list(let left), .list(let right)):
            compare(left, right, path: path + "[]", name: name)
        case (.scalar, .scalar):
            guard !Comparison.ofTheMoment.contains(name) else { return }
            let left = Form.of(recorded, name: name)
            let right = Form.of(ours, name: name)
            if left != right { note(.value, path, "recorded \(left), ours \(right)") }
        default: note(.value, path, "recorded \(brief(recorded)), ours \(brief(ours))")
        }
    }

    private mutating func compare(_ left: [Value], _ right: [Value], path: String, name: String) {
        if sampled, Comparison.examples.contains(name) {
            guard let example = right.first else {
                if !left.isEmpty { note(.missing, path, "recorded \(left.count), ours none") }
                return
            }
            for element in left {
                let same = right.first { $0["name"] != nil && $0["name"] == element["name"] } ?? example
                compare(element.setting("message", like: same), same, path: path, name: "")
            }
            return
        }
        let recordedForms = left.map(Comparison.identity)
        let ourForms = right.map(Comparison.identity)
        if recordedForms != ourForms, recordedForms.sorted() == ourForms.sorted() {
            if !Comparison.unordered.contains(name) {
                note(.order, path, "recorded \(recordedForms), ours \(ourForms)")
            }
            var rest = Array(right)
            for (element, form) in zip(left, recordedForms) {
                guard let index = rest.firstIndex(where: { Comparison.identity($0) == form }) else { continue }
                compare(element, rest.remove(at: index), path: path, name: "")
            }
            return
        }
        if left.count != right.count, Set(recordedForms).count == left.count, Set(ourForms).count == right.count,
            !recordedForms.contains("")
        {
            compareNamed(left, right, path: path, name: name)
            return
        }
        if left.count != right.count { note(.count, path, "recorded \(recordedForms), ours \(ourForms)") }
        for (one, other) in zip(left, right) { compare(one, other, path: path, name: "") }
    }

    /// Lists of different elements that can be told apart: each one that only one side has is a difference of its own.
    private mutating func compareNamed(_ left: [Value], _ right: [Value], path: String, name: String) {
        let bare = path.hasSuffix("[]") ? String(path.dropLast(2)) : path
        for element in left {
            let form = Comparison.identity(element)
            let place = "\(bare)[\(form)]"
            proven.insert(place)
            if let other = right.first(where: { Comparison.identity($0) == form }) {
                compare(element, other, path: path, name: "")
            } else {
                note(.missing, place)
            }
        }
        let known = left.map(Comparison.identity)
        for element in right where !known.contains(Comparison.identity(element)) {
            note(.extra, "\(bare)[\(Comparison.identity(element))]")
        }
        let shared = right.map(Comparison.identity).filter(known.contains)
        if !Comparison.unordered.contains(name), shared != known.filter(shared.contains) {
            note(.order, path, "recorded \(known), ours \(shared)")
        }
    }

    /// What tells an element of a list from the others.
    private static func identity(_ value: Value) -> String {
        if value.members == nil { return value.elements == nil ? Form.of(value.text ?? "") : "list" }
        for name in [
            "name", "key", "containerName", "sourceContainer", "containerPort", "expression", "capacityProvider",
        ] {
            if let text = value[name]?.text { return text }
        }
        return ""
    }

    private func brief(_ value: Value) -> String { String(JSONWriter(.compact).text(of: value).prefix(120)) }
}

extension Value {
    /// This map with the member as `other` has it, if both have it: for members that are not to be compared.
    fileprivate func setting(_ name: String, like other: Value) -> Value {
        guard self[name] != nil, let value = other[name] else { return self }
        var copy = self
        copy[name] = value
        return copy
    }
}

/// Texts with what is different each time replaced by what it looks like.
enum Form {
    static func of(_ value: Value, name: String) -> String {
        guard let scalar = value.scalar else { return "" }
        if name.hasSuffix("At"), scalar.style == .number {
            // Epoch seconds with at most three decimals.
            let decimals = scalar.text.split(separator: ".").dropFirst().first?.count ?? 0
            return decimals <= 3 || scalar.text.contains("e") ? "<time>" : "<time with \(decimals) decimals>"
        }
        switch scalar.style {
        case .number: return value.double.map { "\($0)" } ?? scalar.text
        case .boolean: return scalar.text
        case .null: return "null"
        case .string, .plain: return "\"" + of(scalar.text) + "\""
        }
    }

    private static let forms: [(pattern: String, form: String)] = [
        (#"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"#, "<uuid>"),
        (#"sha256:[0-9a-f]{64}"#, "<digest>"),
        (#"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])"#, "<hex64>"),
        (#"(?<![0-9a-f])[0-9a-f]{32}-[0-9]{8,10}(?![0-9])"#, "<runtime>"),
        (#"(?<![0-9a-f])[0-9a-f]{32}(?![0-9a-f])"#, "<hex32>"),
        (#"ecs-svc/922337[0-9]{13}(?![0-9])"#, "ecs-svc/<old number>"),
        (#"ecs-svc/[0-9]{19}(?![0-9])"#, "ecs-svc/<number>"),
        (#"(service-revision/[^/]+/[^/]+)/[0-9]{19}(?![0-9])"#, "$1/<number>"),
        (#"(service-deployment/[^/]+/[^/]+)/[A-Za-z0-9_-]{21}$"#, "$1/<id>"),
        (#"^eni-[0-9a-f]{17}$"#, "<eni>"),
        (#"^eni-[0-9a-f]{8}$"#, "<old eni>"),
        (#"^[0-9a-f]{2}(:[0-9a-f]{2}){5}$"#, "<mac>"),
        (#"^ip-[0-9]+-[0-9]+-[0-9]+-[0-9]+\.(ec2\.internal|[a-z0-9-]+\.compute\.internal)$"#, "<private name>"),
        (#"^[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+$"#, "<address>"),
        (#"^([a-z]{2}-[a-z]+-[0-9])[a-f]$"#, "$1<zone>"),
    ]

    static func of(_ text: String) -> String {
        var text = text
        for (pattern, form) in forms {
            text = text.replacingOccurrences(of: pattern, with: form, options: .regularExpression)
        }
        return text
    }
}
