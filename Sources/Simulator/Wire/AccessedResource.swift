import MooringShapes

/// The resource that an operation is about, as a refusal of IAM names it.
/// Source: Service Authorization Reference, "Actions, resources, and condition keys for Amazon ECS"; the form from
/// `errors.tsv`, record 53816623175.
enum AccessedResource {
    private static let ofServices: [String] = [
        "CreateService", "UpdateService", "DeleteService", "DescribeServices", "ListServiceDeployments",
    ]
    private static let ofClusters: [String] = [
        "UpdateCluster", "UpdateClusterSettings", "PutClusterCapacityProviders", "DeleteCluster", "DescribeClusters",
        "CreateCluster",
    ]

    /// The ARN, `*` where the operation has no resource of its own.
    static func arn(of operation: Operation, _ input: Value, _ caller: Caller) -> String {
        guard operation.api == .ecs else { return "*" }
        if let arn = (input["resourceArn"] ?? input["serviceDeploymentArn"])?.text { return arn }
        let prefix = "arn:\(Caller.partition(of: caller.region)):ecs:\(caller.region):\(caller.account):"
        func short(_ name: String) -> String { name.split(separator: "/").last.map(String.init) ?? name }
        let cluster = (input["cluster"] ?? input["clusterName"] ?? input["clusters"]?[0])?.text ?? "default"
        if ofClusters.contains(operation.name) { return prefix + "cluster/" + short(cluster) }
        guard ofServices.contains(operation.name),
            let service = (input["service"] ?? input["serviceName"] ?? input["services"]?[0])?.text
        else { return "*" }
        return prefix + "service/" + short(cluster) + "/" + short(service)
    }
}
