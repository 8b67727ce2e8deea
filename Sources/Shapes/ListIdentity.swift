/// The members by which elements of the API's lists are known, so that two versions of one list can be laid side by side.
///
/// Lists that are not here have no names for their elements, or mean something by their order: they are taken as a whole.
package struct ListIdentity: Hashable, Sendable {
    /// A member, and what its absence says.
    package struct Part: Hashable, Sendable {
        package let member: String
        package let absent: String
    }

    package let parts: [Part]

    /// - Parameter members: names, each with `=value` behind it where its absence stands for a value.
    private init(_ members: [String]) {
        parts = members.map { member in
            let halves = member.split(separator: "=", maxSplits: 1).map(String.init)
            return Part(member: halves[0], absent: halves.count > 1 ? halves[1] : "")
        }
    }

    /// What an element is called: `web`, `8080:tcp`; nil where none of the members is there.
    ///
    /// - Parameter text: what a member's scalar says.
    package func text(of element: Value, reading text: (Value) -> String?) -> String? {
        guard parts.contains(where: { element[$0.member].flatMap(text) != nil }) else { return nil }
        return parts.map { element[$0.member].flatMap(text) ?? $0.absent }.joined(separator: ":")
    }

    /// How the elements of the list shape called `name` in the API model are known; nil where they are not.
    package static func ofList(_ name: String) -> ListIdentity? { table[name] }

    /// The shapes that are here, for tests against the API model. Sorted.
    package static var lists: [String] { table.keys.sorted() }

    // Source: API reference, the types named; that names are unique is said there or follows from what they name.
    private static let members: [String: [String]] = [
        "ContainerDefinitions": ["name"],
        "VolumeList": ["name"],
        "EnvironmentVariables": ["name"],
        "SecretList": ["name"],
        // A container publishes a port once per protocol; ranges are known by themselves.
        "PortMappingList": ["containerPort", "containerPortRange", "protocol=tcp"],
        "MountPointList": ["containerPath"],
        "VolumeFromList": ["sourceContainer"],
        "ContainerDependencies": ["containerName"],
        "HostEntryList": ["hostname"],
        "UlimitList": ["name"],
        "SystemControls": ["namespace"],
        "ResourceRequirements": ["type"],
        "DevicesList": ["hostPath", "containerPath"],
        "TmpfsList": ["containerPath"],
        "ProxyConfigurationProperties": ["name"],
        "InferenceAccelerators": ["deviceName"],
        "Tags": ["key"],
        "LoadBalancers": ["containerName", "containerPort"],
        "ServiceRegistries": ["registryArn"],
        "CapacityProviderStrategy": ["capacityProvider"],
        "ServiceVolumeConfigurations": ["name"],
        "ServiceConnectServiceList": ["portName"],
        "ServiceConnectClientAliasList": ["port"],
        "VpcLatticeConfigurations": ["portName"],
        "GatewayConnectorList": ["portName"],
        "EBSTagSpecifications": ["resourceType"],
        "ClusterSettings": ["name"],
    ]

    private static let table = members.mapValues { ListIdentity($0) }
}
