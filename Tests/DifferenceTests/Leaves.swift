import MooringShapes

/// How this test names the elements of a list. Written down apart from the product's tables.
enum Listing: Sendable {
    /// Known by a name that is no leaf of its own.
    case named(members: Set<String>, @Sendable (Value) -> String)
    /// A map in the form of a list.
    case keyed(name: String, value: String)
    /// In order; elements have a name as long as the names and their order are the same on both sides.
    case ordered(member: String)
    /// A change of an element is a change of the list.
    case whole
}

/// One leaf of a document, and the document with this leaf changed.
struct ChangedLeaf {
    let path: String
    let changed: Value
}

struct Leaves: Sendable {
    let listings: [String: Listing]
    /// Members whose keys are data.
    let free: Set<String>

    func all(of value: Value, path: String = "", member: String = "") -> [ChangedLeaf] {
        switch value.node {
        case .scalar: return [ChangedLeaf(path: path, changed: Leaves.changed(value))]
        case .map(let members):
            return members.flatMap { child -> [ChangedLeaf] in
                let childPath =
                    free.contains(member)
                    ? "\(path)[\(child.name)]" : path.isEmpty ? child.name : "\(path).\(child.name)"
                return all(of: child.value, path: childPath, member: child.name).map { leaf in
                    var copy = value
                    copy[child.name] = leaf.changed
                    return ChangedLeaf(path: leaf.path, changed: copy)
                }
            }
        case .list(let elements):
            return elements.indices.flatMap { index -> [ChangedLeaf] in
                leaves(of: elements[index], path: path, listing: listings[member] ?? .whole).map { leaf in
                    var copy = elements
                    copy[index] = leaf.changed
                    return ChangedLeaf(path: leaf.path, changed: .list(copy))
                }
            }
        }
    }

    private func leaves(of element: Value, path: String, listing: Listing) -> [ChangedLeaf] {
        switch listing {
        case .whole:
            return all(of: element, path: path).map { ChangedLeaf(path: path, changed: $0.changed) }
        case .named(let identity, let name):
            return all(of: element, path: "\(path)[\(name(element))]").filter { leaf in
                !identity.contains { leaf.path == "\(path)[\(name(element))].\($0)" }
            }
        case .keyed(let name, let value):
            let key = element[name]?.text ?? ""
            return all(of: element, path: "\(path)[\(key)]").compactMap { leaf in
                switch leaf.path {
                case "\(path)[\(key)].\(name)": nil
                case "\(path)[\(key)].\(value)": ChangedLeaf(path: "\(path)[\(key)]", changed: leaf.changed)
                default: leaf
                }
            }
        case .ordered(let member):
            let name = element[member]?.text ?? ""
            return all(of: element, path: "\(path)[\(name)]").map { leaf in
                leaf.path == "\(path)[\(name)].\(member)" ? ChangedLeaf(path: path, changed: leaf.changed) : leaf
            }
        }
    }

    /// Another value of the same type.
    private static func changed(_ value: Value) -> Value {
        guard let scalar = value.scalar else { return value }
        switch scalar.style {
        case .boolean: return .boolean(scalar.text == "false")
        case .number: return .double((value.double ?? 0) + 1)
        case .string, .plain, .null: return .string(scalar.text + "x")
        }
    }

    private static func by(_ members: String..., separator: String = ":") -> Listing {
        .named(members: Set(members)) { element in
            members.compactMap { element[$0]?.text }.joined(separator: separator)
        }
    }

    static let taskDefinition = Leaves(
        listings: [
            "containerDefinitions": by("name"), "volumes": by("name"),
            "placementConstraints": .ordered(member: "expression"),
            "properties": .keyed(name: "name", value: "value"), "inferenceAccelerators": by("deviceName"),
            "portMappings": .named(members: ["containerPort", "containerPortRange", "protocol"]) { element in
                let port = element["containerPort"]?.text ?? element["containerPortRange"]?.text ?? ""
                return element["protocol"]?.text == "udp" ? "\(port)/udp" : port
            },
            "environment": .keyed(name: "name", value: "value"), "secrets": .keyed(name: "name", value: "valueFrom"),
            "environmentFiles": .ordered(member: "value"), "mountPoints": by("containerPath"),
            "volumesFrom": by("sourceContainer"), "devices": by("hostPath", "containerPath"),
            "tmpfs": by("containerPath"), "dependsOn": .ordered(member: "containerName"), "ulimits": by("name"),
            "secretOptions": .keyed(name: "name", value: "valueFrom"), "systemControls": by("namespace"),
            "resourceRequirements": by("type"),
        ],
        free: ["options", "dockerLabels", "driverOpts", "labels"])

    static let service = Leaves(
        listings: [
            "loadBalancers": by("containerName", "containerPort"), "serviceRegistries": by("registryArn"),
            "capacityProviderStrategy": by("capacityProvider"), "services": by("portName"),
            "clientAliases": by("port"), "secretOptions": .keyed(name: "name", value: "valueFrom"),
            "volumeConfigurations": by("name"), "tagSpecifications": by("resourceType"),
            "tags": .keyed(name: "key", value: "value"), "vpcLatticeConfigurations": by("portName"),
            "gatewayConnectors": by("portName"),
        ],
        free: ["options"])
}
