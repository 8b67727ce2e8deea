package import MooringHTTPTransport
package import MooringPorts

/// Where AWS credentials are looked for, in order: environment, shared files, web identity, container, instance metadata.
package struct StandardChain: Sendable {
    private let environment: [String: String]
    private let profile: String?
    private let http: HTTPClient
    private let clock: any Clock
    private let makeSTS: ProfileProvider.STSFactory

    /// - Parameters:
    ///   - environment: the process's variables.
    ///   - profile: a profile asked for by a setting of ours; it then stands before the environment's keys.
    ///   - makeSTS: makes a client for STS in the region in force.
    package init(
        environment: [String: String], profile: String?, http: HTTPClient, clock: any Clock,
        makeSTS: @escaping ProfileProvider.STSFactory,
    ) {
        self.environment = environment
        self.profile = profile
        self.http = http
        self.clock = clock
        self.makeSTS = makeSTS
    }

    /// The places, in order.
    package var provider: any CredentialsProvider {
        let keys = EnvironmentProvider(environment: environment)
        let container = ContainerProvider(environment: environment, http: http, clock: clock)
        let instance = InstanceMetadataProvider(environment: environment, http: http, clock: clock)
        let files = ProfileProvider(
            environment: environment, setting: profile,
            sources: ["Environment": keys, "EcsContainer": container, "Ec2InstanceMetadata": instance],
            makeSTS: makeSTS,
        )
        var places: [any CredentialsProvider] = profile == nil ? [keys, files] : [files]
        if let identity = WebIdentityProvider(environment: environment, sts: makeSTS(nil)) { places.append(identity) }
        return ProviderChain(places + [container, instance])
    }
}
