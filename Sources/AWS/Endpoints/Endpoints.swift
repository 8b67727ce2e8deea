package import MooringNames
package import MooringPorts

/// Where AWS's services are reached.
package struct Endpoints: Equatable, Sendable {
    private let environment: [String: String]
    private let files: SharedFiles
    private let profile: String
    private let usesFIPS: Bool
    private let usesDualStack: Bool

    /// - Parameters:
    ///   - profile: the profile in force.
    ///   - fips, dualStack: settings of ours; nil leaves it to `AWS_USE_FIPS_ENDPOINT`, `AWS_USE_DUALSTACK_ENDPOINT` and
    ///     the profile.
    package init(
        environment: [String: String], files: SharedFiles = SharedFiles(config: "", credentials: ""),
        profile: String = "default", fips: Bool? = nil, dualStack: Bool? = nil,
    ) {
        self.environment = environment
        self.files = files
        self.profile = profile
        let keys = files.profile(profile) ?? [:]
        func flag(_ setting: Bool?, _ variable: String, _ key: String) -> Bool {
            setting ?? ((environment.nonEmpty(variable) ?? keys[key] ?? "").lowercased() == "true")
        }
        usesFIPS = flag(fips, "AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")
        usesDualStack = flag(dualStack, "AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")
    }

    /// Scheme, host and port of a service in a region.
    ///
    /// - Throws: where a configured endpoint contradicts FIPS or dual-stack, is no URL, or the partition has no such hosts.
    package func url(of service: AWSService, in region: Region) throws(Failure) -> String {
        guard let configured = configured(service) else {
            return "https://"
                + (try EndpointTable.host(of: service, in: region, fips: usesFIPS, dualStack: usesDualStack))
        }
        guard !usesFIPS, !usesDualStack else {
            throw Endpoints.failure(
                service, "An endpoint is configured, and FIPS or dual-stack is asked for; they exclude each other.",
            )
        }
        let scheme = configured.firstRange(of: "://").map { configured[..<$0.lowerBound].lowercased() }
        guard scheme == "http" || scheme == "https",
            !configured.contains(where: { $0 == "?" || $0 == "#" || $0 == "@" })
        else {
            throw Endpoints.failure(
                service,
                "The configured endpoint is no http or https URL without user and query. It stands in AWS_ENDPOINT_URL, "
                    + "AWS_ENDPOINT_URL_\(service.descriptor.endpointKey) or the AWS configuration file; correct it there."
            )
        }
        return configured
    }

    /// `AWS_ENDPOINT_URL_<SERVICE>`, then `AWS_ENDPOINT_URL`, then the profile.
    private func configured(_ service: AWSService) -> String? {
        let ignores =
            environment.nonEmpty("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            ?? files.profile(profile)?["ignore_configured_endpoint_urls"]
        if ignores?.lowercased() == "true" { return nil }
        let key = service.descriptor.endpointKey
        return environment.nonEmpty("AWS_ENDPOINT_URL_\(key)") ?? environment.nonEmpty("AWS_ENDPOINT_URL")
            ?? files.endpoint(profile: profile, service: key.lowercased())
    }

    fileprivate static func failure(_ service: AWSService, _ cause: String) -> Failure {
        Failure(
            code: .invalidInput, subject: service.descriptor.title, tried: "find the endpoint of", cause: cause,
            disposition: .invalidInput,
        )
    }
}

/// AWS's own hosts. Source: botocore 1.43.11, `partitions.json` and the endpoint rules of the services we call.
package enum EndpointTable {
    /// Suffixes of a partition's hosts; no dual-stack suffix where the services offer none there.
    private static func suffixes(_ partition: String) -> (normal: String, dualStack: String?) {
        switch partition {
        case "aws-cn": ("amazonaws.com.cn", "api.amazonwebservices.com.cn")
        case "aws-eusc": ("amazonaws.eu", "api.amazonwebservices.eu")
        case "aws-iso": ("c2s.ic.gov", "api.aws.ic.gov")
        case "aws-iso-b": ("sc2s.sgov.gov", "api.aws.scloud")
        case "aws-iso-e": ("cloud.adc-e.uk", nil)
        case "aws-iso-f": ("csp.hci.ic.gov", nil)
        default: ("amazonaws.com", "api.aws")
        }
    }

    /// The host of a service in a region.
    package static func host(
        of service: AWSService, in region: Region, fips: Bool, dualStack: Bool,
    ) throws(Failure) -> String {
        let descriptor = service.descriptor
        let partition = region.partition
        let (normal, dual) = suffixes(partition)
        if dualStack, !hasDualStackByDefault(service, partition, fips: fips) {
            guard let dual else {
                throw Endpoints.failure(service, "There are no dual-stack endpoints in the partition \(partition).")
            }
            return "\(descriptor.dualStackHost)\(fips ? "-fips" : "").\(region).\(dual)"
        }
        // In the government's regions the ordinary hosts of these services are the FIPS ones.
        let isFIPSAnyway =
            partition == "aws-us-gov"
            && [.sts, .applicationAutoscaling, .ssm, .logs, .elasticLoadBalancing].contains(service)
        return "\(descriptor.host)\(fips && !isFIPSAnyway ? "-fips" : "").\(region).\(normal)"
    }

    /// Secrets Manager's ordinary hosts answer over IPv6 as well, and have no second name in these partitions.
    private static func hasDualStackByDefault(_ service: AWSService, _ partition: String, fips: Bool) -> Bool {
        guard service == .secretsManager else { return false }
        return partition == "aws" || partition == "aws-us-gov" || (partition == "aws-cn" && !fips)
    }
}

extension Region {
    /// The region in force: the setting, `AWS_REGION`, `AWS_DEFAULT_REGION`, the profile's; nil where nobody says.
    package static func inForce(
        setting: Region?, environment: [String: String], files: SharedFiles, profile: String,
    ) throws(Failure) -> Region? {
        if let setting { return setting }
        let text =
            environment.nonEmpty("AWS_REGION") ?? environment.nonEmpty("AWS_DEFAULT_REGION")
            ?? files.profile(profile)?.nonEmpty("region")
        guard let text else { return nil }
        do throws(NameError) {
            return try Region(text)
        } catch {
            throw Failure(
                code: .invalidInput, subject: "'\(text.prefix(80))'", tried: "use the region", cause: "\(error)",
                disposition: .invalidInput,
            )
        }
    }
}
