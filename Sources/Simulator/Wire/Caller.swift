/// Who calls, and where: decided from the request's signature before the engine sees the call.
package struct Caller: Hashable, Sendable {
    package let account: String
    package let region: String
    /// The identity's ARN: what GetCallerIdentity answers and what `createdBy` and `registeredBy` are filled with.
    package let arn: String
    /// `AIDA…` for users, `AROA…:session` for roles.
    package let userID: String

    package init(account: String, region: String, arn: String? = nil, userID: String? = nil) {
        self.account = account
        self.region = region
        self.arn = arn ?? "arn:\(Caller.partition(of: region)):iam::\(account):user/local"
        self.userID = userID ?? "AIDALOCALUSEREXAMPLE"
    }

    /// Whether a text may name a region: small letters, digits and hyphens, few of them.
    /// Source: botocore's `partitions.json`, `regionRegex`, without the list of continents.
    static func isRegion(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.count <= Limits.regionCharacters
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || byte == UInt8(ascii: "-")
            }
    }

    /// Source: botocore's `partitions.json`.
    static func partition(of region: String) -> String {
        if region.hasPrefix("cn-") { return "aws-cn" }
        if region.hasPrefix("us-gov-") { return "aws-us-gov" }
        return "aws"
    }
}

/// An operation of one of the APIs that the local ECS answers.
package struct Operation: Hashable, Sendable, CustomStringConvertible {
    package enum API: String, CaseIterable, Hashable, Sendable {
        case ecs
        case applicationAutoScaling = "application-autoscaling"
        case ssm
        case sts
        case logs
        case ecr
        case secretsManager = "secretsmanager"
        case iam
        case elasticLoadBalancing = "elasticloadbalancing"

        /// Whether the API is asked with forms and answers in XML.
        var isQuery: Bool {
            switch self {
            case .sts, .iam, .elasticLoadBalancing: true
            case .ecs, .applicationAutoScaling, .ssm, .logs, .ecr, .secretsManager: false
            }
        }

        /// The version that requests of a query API name.
        var version: String {
            switch self {
            case .sts: "2011-06-15"
            case .iam: "2010-05-08"
            case .elasticLoadBalancing: "2015-12-01"
            case .ecs, .applicationAutoScaling, .ssm, .logs, .ecr, .secretsManager: ""
            }
        }
    }

    package let api: API
    /// As the API model spells it: `UpdateService`.
    package let name: String

    package init(_ api: API, _ name: String) {
        self.api = api
        self.name = name
    }

    /// `ecs:UpdateService`, as in an IAM policy.
    package var description: String { "\(api.rawValue):\(name)" }
}
