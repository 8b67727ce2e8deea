package import MooringPorts

/// How one service is spoken to. Source: the services' models in botocore 1.43.11, `metadata`.
package struct ServiceDescriptor: Sendable {
    /// First label, or labels, of the host.
    package let host: String
    /// First label of the dual-stack host, which ECR spells differently.
    package let dualStackHost: String
    /// The name in the signature, which need not be the host's.
    package let signingName: String
    package let wire: Wire
    /// The service's id in capitals, as in `AWS_ENDPOINT_URL_<ID>`; in lower case it is the key in a profile's services.
    package let endpointKey: String
    /// For sentences.
    package let title: String

    package enum Wire: Equatable, Sendable {
        /// AWS JSON 1.1, with the prefix of `X-Amz-Target`.
        case json(targetPrefix: String)
        /// The query protocol, with the version of the API.
        case query(version: String)
    }
}

extension AWSService {
    /// How the service is spoken to.
    package var descriptor: ServiceDescriptor {
        switch self {
        case .ecs:
            ServiceDescriptor(
                name: "ecs", wire: .json(targetPrefix: "AmazonEC2ContainerServiceV20141113"), endpointKey: "ECS",
                title: "Amazon ECS",
            )
        case .sts:
            ServiceDescriptor(name: "sts", wire: .query(version: "2011-06-15"), endpointKey: "STS", title: "AWS STS")
        case .applicationAutoscaling:
            ServiceDescriptor(
                name: "application-autoscaling", wire: .json(targetPrefix: "AnyScaleFrontendService"),
                endpointKey: "APPLICATION_AUTO_SCALING", title: "Application Auto Scaling",
            )
        case .secretsManager:
            ServiceDescriptor(
                name: "secretsmanager", wire: .json(targetPrefix: "secretsmanager"), endpointKey: "SECRETS_MANAGER",
                title: "AWS Secrets Manager",
            )
        case .ssm:
            ServiceDescriptor(
                name: "ssm", wire: .json(targetPrefix: "AmazonSSM"), endpointKey: "SSM", title: "AWS Systems Manager",
            )
        case .logs:
            ServiceDescriptor(
                name: "logs", wire: .json(targetPrefix: "Logs_20140328"), endpointKey: "CLOUDWATCH_LOGS",
                title: "CloudWatch Logs",
            )
        case .elasticLoadBalancing:
            ServiceDescriptor(
                name: "elasticloadbalancing", wire: .query(version: "2015-12-01"),
                endpointKey: "ELASTIC_LOAD_BALANCING_V2", title: "Elastic Load Balancing",
            )
        case .ecr:
            ServiceDescriptor(
                name: "ecr", host: "api.ecr", wire: .json(targetPrefix: "AmazonEC2ContainerRegistry_V20150921"),
                endpointKey: "ECR", title: "Amazon ECR",
            )
        }
    }
}

extension ServiceDescriptor {
    fileprivate init(name: String, host: String? = nil, wire: Wire, endpointKey: String, title: String) {
        self.init(
            host: host ?? name, dualStackHost: name, signingName: name, wire: wire, endpointKey: endpointKey,
            title: title,
        )
    }
}
