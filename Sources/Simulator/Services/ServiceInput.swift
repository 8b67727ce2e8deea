import MooringShapes

/// Reads CreateService and UpdateService into settings. Omitted means unchanged; an empty list clears.
/// Source: reference/ecs-api.md section 3.
struct ServiceInput {
    let input: Input
    private let isCreate: Bool
    private let names: LongNames

    init(_ input: Input, isCreate: Bool, names: LongNames) {
        self.input = input
        self.isCreate = isCreate
        self.names = names
    }

    /// Members that these operations read themselves; anything else is kept for the service revision as it was sent.
    private static let known: Set<String> = [
        "cluster", "service", "serviceName", "taskDefinition", "desiredCount", "clientToken", "launchType",
        "capacityProviderStrategy", "platformVersion", "role", "deploymentConfiguration", "placementConstraints",
        "placementStrategy", "networkConfiguration", "healthCheckGracePeriodSeconds", "schedulingStrategy",
        "deploymentController", "tags", "enableECSManagedTags", "propagateTags", "enableExecuteCommand",
        "availabilityZoneRebalancing", "serviceConnectConfiguration", "volumeConfigurations",
        "vpcLatticeConfigurations", "loadBalancers", "serviceRegistries", "forceNewDeployment",
    ]

    func apply(to settings: inout ServiceSettings) throws(APIError) {
        try applyPlacement(to: &settings)
        if let network = try input.map("networkConfiguration") {
            settings.networkConfiguration = try ServiceInput.network(network)
        }
        // A set. Source: reference/peers.md section 2.
        if let balancers = try input.maps("loadBalancers") {
            settings.loadBalancers = unlikeRequest(try loadBalancers(balancers))
        }
        if let registries = try input.list("serviceRegistries") { settings.serviceRegistries = registries }
        if let grace = try input.integer("healthCheckGracePeriodSeconds") {
            if grace < 0 { throw .invalidParameter("The health check grace period must not be negative.") }
            settings.healthCheckGracePeriodSeconds = grace
        }
        if let controller = try input.map("deploymentController")?["type"]?.text {
            guard ["ECS", "CODE_DEPLOY", "EXTERNAL"].contains(controller) else {
                throw .invalidParameter("Invalid deployment controller type: \(controller).")
            }
            settings.deploymentController = controller
        }
        let configuration = try input.map("deploymentConfiguration")
        if isCreate || configuration != nil {
            settings.deploymentConfiguration = try DeploymentConfigurationEcho.merged(
                configuration, over: settings.deploymentConfiguration,
                isDaemon: settings.schedulingStrategy == "DAEMON")
        }
        if let flag = try input.boolean("enableECSManagedTags") { settings.enableECSManagedTags = flag }
        if let flag = try input.boolean("enableExecuteCommand") { settings.enableExecuteCommand = flag }
        if let tags = try input.choice("propagateTags", of: ["TASK_DEFINITION", "SERVICE", "NONE"]) {
            settings.propagateTags = tags
        }
        if let zones = try input.choice("availabilityZoneRebalancing", of: ["ENABLED", "DISABLED"]) {
            settings.availabilityZoneRebalancing = zones
        } else if isCreate, settings.schedulingStrategy == "DAEMON" {
            // Source: `captures/findings.md` item 7.
            settings.availabilityZoneRebalancing = "DISABLED"
        }
        try checkRebalancing(of: &settings)
        try applyDeployed(to: &settings)
        for member in input.value.members ?? [] where !ServiceInput.known.contains(member.name) {
            settings.others.removeAll { $0.name == member.name }
            settings.others.append(member)
        }
    }

    /// What only deployments and revisions show.
    private func applyDeployed(to settings: inout ServiceSettings) throws(APIError) {
        if let connect = try input.map("serviceConnectConfiguration") {
            // Source: reference/peers.md section 2: the namespace by ARN, discoveryName = portName.
            settings.serviceConnectConfiguration =
                connect.changing("namespace") { $0.text.map { .string(names.namespace($0)) } ?? $0 }
                .changing("services") { services in
                    services.changingElements { service in
                        service["portName"].map { service.filling("discoveryName", with: $0) } ?? service
                    }
                }
        }
        if let volumes = try input.list("volumeConfigurations") {
            // Source: API reference, ServiceManagedEBSVolumeConfiguration `filesystemType`. `encrypted` stays away where it was
            // not sent: `create-service/…create-service.5.json`, `update-service/…update-service.4.json`.
            settings.volumeConfigurations = volumes.map { volume in
                volume.changing("managedEBSVolume") { $0.filling("filesystemType", with: "xfs") }
            }
        }
        // Unordered. Source: reference/peers.md section 2.
        if let lattice = try input.list("vpcLatticeConfigurations") {
            settings.vpcLatticeConfigurations = unlikeRequest(lattice)
        }
    }

    private func unlikeRequest(_ elements: [Value]) -> [Value] {
        EchoOrder.unlikeRequest(.list(elements)).elements ?? elements
    }

    /// Tasks are moved to another zone by starting one more first: there must be room for it. A new service that says nothing
    /// of rebalancing goes without.
    /// Sources: API reference, CreateService and UpdateService `availabilityZoneRebalancing`; the wording and what a new
    /// service gets from public reports, e.g. of services that were updated to 0 and 100 percent.
    private func checkRebalancing(of settings: inout ServiceSettings) throws(APIError) {
        let maximum = settings.deploymentConfiguration["maximumPercent"]?.integer ?? 200
        guard maximum <= 100, settings.availabilityZoneRebalancing == "ENABLED" else { return }
        let reason =
            "Availability Zone Rebalancing does not support maximumPercent <= 100 % as deployment configuration."
        guard isCreate else {
            throw .invalidParameter("The service couldn't be updated because \(reason)")
        }
        if input.has("availabilityZoneRebalancing") { throw .invalidParameter(reason) }
        settings.availabilityZoneRebalancing = "DISABLED"
    }

    private func applyPlacement(to settings: inout ServiceSettings) throws(APIError) {
        if isCreate {
            settings.schedulingStrategy =
                try input.choice("schedulingStrategy", of: ["REPLICA", "DAEMON"]) ?? "REPLICA"
            settings.role = try input.string("role").map(names.role)
        }
        let launchTypes = ["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"]
        let launchType = isCreate ? try input.choice("launchType", of: launchTypes) : nil
        let strategy = try input.maps("capacityProviderStrategy")
        if launchType != nil, strategy?.isEmpty == false {
            throw .invalidParameter(
                "Specifying both a launch type and capacity provider strategy is not supported. "
                    + "Remove one and try again.")
        }
        if let strategy, !strategy.isEmpty {
            // Gains base 0, keeps its order. Source: `captures/findings.md` item 9.
            settings.capacityProviderStrategy = .list(
                strategy.map { $0.value.filling("weight", with: 0).filling("base", with: 0) })
            settings.launchType = nil
        } else if strategy != nil {
            // An empty list goes back to the launch type. Source: reference/ecs-api.md section 3.
            settings.capacityProviderStrategy = nil
            settings.launchType = settings.platformVersion == nil ? "EC2" : "FARGATE"
        } else if isCreate {
            settings.launchType = launchType ?? settings.launchType ?? "EC2"
        }
        if let version = try input.string("platformVersion") {
            settings.platformVersion = version
        } else if isCreate, settings.isFargate {
            settings.platformVersion = "LATEST"
        }
        // Unordered. Source: reference/peers.md section 2.
        if let constraints = try input.list("placementConstraints") {
            settings.placementConstraints = unlikeRequest(constraints)
        }
        if let placement = try input.list("placementStrategy") {
            // `host` is another word for `instanceId`. Source: reference/peers.md section 2, from Terraform's provider.
            settings.placementStrategy = placement.map { item in
                item.changing("field") { $0.text?.lowercased() == "host" ? "instanceId" : $0 }
            }
        }
    }

    private func loadBalancers(_ balancers: [Input]) throws(APIError) -> [Value] {
        if balancers.count > Limits.targetGroups {
            throw .invalidParameter("load balancers can have at most \(Limits.targetGroups) items.")
        }
        for balancer in balancers {
            let group = try balancer.string("targetGroupArn")
            let name = try balancer.string("loadBalancerName")
            if group != nil, name != nil {
                throw .invalidParameter("loadBalancerName and targetGroupArn cannot both be specified.")
            }
            if try balancer.string("containerName") == nil {
                throw .invalidParameter("Container name cannot be blank.")
            }
        }
        return balancers.map(\.value)
    }

    /// assignPublicIp DISABLED and securityGroups [] where not said, subnets in a hash set's order, groups in another one.
    /// Sources: `cloudformation-read/…HuntFargateSvc.json`, `…TaskSet.TaskSet.json`; reference/peers.md section 2.
    static func network(_ network: Value) throws(APIError) -> Value {
        guard let vpc = network["awsvpcConfiguration"] else { return network }
        let subnets = vpc["subnets"]?.elements ?? []
        if subnets.isEmpty { throw .invalidParameter("subnets can not be empty.") }
        if subnets.count > Limits.subnets {
            throw .invalidParameter("subnets can have at most \(Limits.subnets) items.")
        }
        if let groups = vpc["securityGroups"]?.elements, groups.count > Limits.securityGroups {
            throw .invalidParameter("securityGroups can have at most \(Limits.securityGroups) items.")
        }
        let filled = vpc.filling("assignPublicIp", with: "DISABLED").filling("securityGroups", with: [])
            .changing("subnets", EchoOrder.hashSet).changing("securityGroups", EchoOrder.unlikeRequest)
        return network.setting("awsvpcConfiguration", to: filled)
    }
}

/// The leaves that ECS fills into `deploymentConfiguration`.
enum DeploymentConfigurationEcho {
    /// What a lifecycle hook gains. Source: reference/peers.md section 2, from ecspresso.
    private static func hook(_ hook: Value) -> Value {
        let timeout = (hook["timeoutConfiguration"] ?? [:]).filling("action", with: "ROLLBACK")
            .filling("timeoutInMinutes", with: 1440)
        return hook.filling("targetType", with: "AWS_LAMBDA").setting("timeoutConfiguration", to: timeout)
    }

    /// Blocks that gain leaves where they were sent, or where the strategy takes them.
    /// Sources: reference/peers.md section 2 (early success, from ecspresso); API reference, LinearConfiguration and
    /// CanaryConfiguration (documented defaults).
    private static func filledBlocks(_ configuration: Value, strategy: String) -> Value {
        var output = configuration.changing("lifecycleHooks") { $0.changingElements(hook) }
            .changing("earlySuccessCriteria") {
                $0.filling("healthyPercent", with: 100).filling("sourceServiceRevisionCleanup", with: "BLOCKING")
            }
        if strategy == "LINEAR" { output = output.filling("linearConfiguration", with: [:]) }
        if strategy == "CANARY" { output = output.filling("canaryConfiguration", with: [:]) }
        return
            output
            .changing("linearConfiguration") {
                $0.filling("stepPercent", with: 10).filling("stepBakeTimeInMinutes", with: 6)
            }
            .changing("canaryConfiguration") {
                $0.filling("canaryPercent", with: 5).filling("canaryBakeTimeInMinutes", with: 10)
            }
    }

    /// `sent` over `old`, leaf by leaf on the first level, with every default filled in.
    ///
    /// Sources: `captures/findings.md` items 6 to 8 (breaker leaves although off; BLUE_GREEN still 200/100; DAEMON 100/0;
    /// alarms only where sent), reference/peers.md section 2 (strategy ROLLING, bake time 0).
    static func merged(_ sent: Value?, over old: Value, isDaemon: Bool) throws(APIError) -> Value {
        var output = old
        for member in sent?.members ?? [] {
            if member.name == "deploymentCircuitBreaker" {
                try check(breaker: try Input(member.value))
            }
            output[member.name] = member.value
        }
        let input = try Input(output)
        let maximum = try input.integer("maximumPercent") ?? (isDaemon ? 100 : 200)
        let minimum = try input.integer("minimumHealthyPercent") ?? (isDaemon ? 0 : 100)
        if maximum < 0 || minimum < 0 {
            throw .invalidParameter("maximumPercent and minimumHealthyPercent must not be negative.")
        }
        if maximum <= 100, minimum >= 100, maximum < 100 {
            throw .invalidParameter("maximumPercent must be at least 100.")
        }
        let strategy = try input.string("strategy") ?? "ROLLING"
        guard ["ROLLING", "BLUE_GREEN", "LINEAR", "CANARY"].contains(strategy) else {
            throw .invalidParameter("Invalid deployment strategy: \(strategy).")
        }
        var breaker = output["deploymentCircuitBreaker"] ?? [:]
        breaker = breaker.filling("enable", with: false).filling("rollback", with: false)
            .filling("resetOnHealthyTask", with: true)
            .filling("thresholdConfiguration", with: ["type": "BOUNDED_PERCENT", "value": 50])
        output["deploymentCircuitBreaker"] = breaker
        output["maximumPercent"] = .integer(maximum)
        output["minimumHealthyPercent"] = .integer(minimum)
        output["strategy"] = .string(strategy)
        return filledBlocks(output.filling("bakeTimeInMinutes", with: 0), strategy: strategy)
    }

    private static func check(breaker: Input) throws(APIError) {
        guard try breaker.boolean("enable") != nil, try breaker.boolean("rollback") != nil else {
            throw .invalidParameter("deploymentCircuitBreaker requires enable and rollback.")
        }
        if let threshold = try breaker.map("thresholdConfiguration"),
            let value = try Input(threshold).integer("value"), !(1...Limits.breakerThreshold).contains(value)
        {
            throw .invalidParameter("Invalid value of the circuit breaker's threshold: \(value).")
        }
    }
}
