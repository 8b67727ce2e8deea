package import MooringNames

/// Pages of AWS's own console, where a person looks on.
package enum ConsoleLink {
    /// The page of a service.
    package static func service(_ key: ServiceKey, in region: Region) -> String {
        "\(root(of: region))/clusters/\(key.cluster)/services/\(key.service)/health?region=\(region)"
    }

    /// The page of a service, or that of the cluster's tasks for a one-off task.
    package static func page(of key: ServiceKey, isTask: Bool, in region: Region) -> String {
        isTask ? "\(root(of: region))/clusters/\(key.cluster)/tasks?region=\(region)" : service(key, in: region)
    }

    /// The names need no escaping: clusters and services have letters, digits, hyphens and underscores only.
    ///
    /// Source: AWS General Reference, "AWS Management Console endpoints".
    private static func root(of region: Region) -> String {
        let domain =
            switch region.partition {
            case "aws-cn": "console.amazonaws.cn"
            case "aws-us-gov": "console.amazonaws-us-gov.com"
            default: "console.aws.amazon.com"
            }
        return "https://\(region).\(domain)/ecs/v2"
    }
}
