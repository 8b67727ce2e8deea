import MooringShapes

/// Load balancers, their listeners and rules, and target groups.
struct BalancerStore: Sendable {
    /// One thing of Elastic Load Balancing: its ARN, what describe shows, and its tags and attributes.
    struct Thing: Sendable {
        let arn: String
        /// The ARN of what it belongs to: a listener's load balancer, a rule's listener.
        var parent = ""
        var described: Value
        var tags = NeighbourTags()
        var attributes: [(key: String, value: String)] = []
    }

    var balancers: [Thing] = []
    var listeners: [Thing] = []
    var rules: [Thing] = []
    var groups: [Thing] = []
    var made = 0

    /// Load balancers that a listener or rule leads from to the group.
    func balancers(of group: String) -> [String] {
        var arns: [String] = []
        for balancer in balancers {
            let own = listeners.filter { $0.parent == balancer.arn }
            let isLed =
                own.contains { BalancerStore.leads($0.described["DefaultActions"], to: group) }
                || rules.contains { rule in
                    own.contains { $0.arn == rule.parent } && BalancerStore.leads(rule.described["Actions"], to: group)
                }
            if isLed { arns.append(balancer.arn) }
        }
        return arns
    }

    private static func leads(_ actions: Value?, to group: String) -> Bool {
        (actions?.elements ?? []).contains { action in
            action["TargetGroupArn"]?.text == group
                || (action["ForwardConfig"]?["TargetGroups"]?.elements ?? [])
                    .contains { $0["TargetGroupArn"]?.text == group }
        }
    }
}

/// Elastic Load Balancing, version 2: what services register with.
/// Source: API reference of Elastic Load Balancing; botocore's model; the wordings from public reports.
extension World {
    mutating func answerBalancers(_ operation: String, _ input: Input) throws(APIError) -> Value {
        switch operation {
        case "CreateLoadBalancer": try createBalancer(input)
        case "DescribeLoadBalancers": try describeBalancers(input)
        case "DeleteLoadBalancer": try deleteBalancer(input)
        case "CreateListener": try createListener(input)
        case "DescribeListeners": try describeListeners(input)
        case "ModifyListener": try modifyListener(input)
        case "DeleteListener": try deleteListener(input)
        case "CreateRule": try createRule(input)
        case "DescribeRules": try describeRules(input)
        case "ModifyRule": try modifyRule(input)
        case "DeleteRule": try deleteRule(input)
        case "CreateTargetGroup": try createGroup(input)
        case "DescribeTargetGroups": try describeGroups(input)
        case "ModifyTargetGroup": try modifyGroup(input)
        case "DeleteTargetGroup": try deleteGroup(input)
        case "DescribeTargetHealth": try describeTargetHealth(input)
        case "DescribeTargetGroupAttributes":
            try attributes(of: input, \.groups, "TargetGroupArn", "TargetGroupNotFound")
        case "ModifyTargetGroupAttributes":
            try modifyAttributes(of: input, \.groups, "TargetGroupArn", "TargetGroupNotFound")
        case "DescribeLoadBalancerAttributes":
            try attributes(of: input, \.balancers, "LoadBalancerArn", "LoadBalancerNotFound")
        case "ModifyLoadBalancerAttributes":
            try modifyAttributes(of: input, \.balancers, "LoadBalancerArn", "LoadBalancerNotFound")
        case "DescribeTags": try describeBalancerTags(input)
        case "AddTags", "RemoveTags": try changeBalancerTags(input)
        default:
            throw APIError(
                code: "InvalidAction", message: "Could not find operation \(operation) for version 2015-12-01")
        }
    }

    // MARK: Load balancers

    private mutating func createBalancer(_ input: Input) throws(APIError) -> Value {
        let name = try input.string("Name") ?? ""
        if let known = neighbours.balancers.balancers.first(where: { $0.described["LoadBalancerName"]?.text == name }) {
            // The same name again answers what there is if it is alike. Source: API reference, CreateLoadBalancer.
            let type = try input.string("Type") ?? "application"
            guard known.described["Type"]?.text == type else {
                throw APIError(
                    code: "DuplicateLoadBalancerName",
                    message: "A load balancer with the same name '\(name)' exists, but with different settings")
            }
            return ["LoadBalancers": [known.described]]
        }
        let type = try input.string("Type") ?? "application"
        let scheme = try input.string("Scheme") ?? "internet-facing"
        let short = type == "network" ? "net" : type == "gateway" ? "gwy" : "app"
        let id = balancerID(name)
        let arn = balancing("loadbalancer/\(short)/\(name)/\(id)")
        let mapped = (try input.maps("SubnetMappings") ?? []).compactMap { $0.value["SubnetId"]?.text }
        let subnets = (try input.strings("Subnets") ?? []) + mapped
        let zones = subnets.enumerated().map { index, subnet -> Value in
            [
                "ZoneName": .string(region + ["a", "b", "c"][index % 3]), "SubnetId": .string(subnet),
                "LoadBalancerAddresses": [],
            ]
        }
        let prefix = scheme == "internal" ? "internal-" : ""
        let described = Value.map(present: [
            ("LoadBalancerArn", .string(arn)),
            ("DNSName", .string("\(prefix)\(name)-\(id.prefix(10)).\(region).elb.amazonaws.com")),
            ("CanonicalHostedZoneId", "Z215JYRZR1TBD5"),
            ("CreatedTime", .string(CalendarTime.iso8601(now: now))), ("LoadBalancerName", .string(name)),
            ("Scheme", .string(scheme)), ("VpcId", "vpc-0123456789abcdef0"), ("State", ["Code": "active"]),
            ("Type", .string(type)), ("AvailabilityZones", .list(zones)),
            (
                "SecurityGroups",
                type == "application" ? .list((try input.strings("SecurityGroups") ?? []).map { .string($0) }) : nil
            ),
            ("IpAddressType", .string(try input.string("IpAddressType") ?? "ipv4")),
        ])
        neighbours.balancers.balancers.append(
            BalancerStore.Thing(
                arn: arn, described: described, tags: try NeighbourTags(list: try input.maps("Tags") ?? []),
                attributes: [
                    ("deletion_protection.enabled", "false"), ("access_logs.s3.enabled", "false"),
                    ("access_logs.s3.bucket", ""), ("access_logs.s3.prefix", ""),
                    ("idle_timeout.timeout_seconds", "60"),
                    ("routing.http2.enabled", "true"), ("load_balancing.cross_zone.enabled", "true"),
                ]))
        return ["LoadBalancers": [described]]
    }

    private func describeBalancers(_ input: Input) throws(APIError) -> Value {
        try listed(
            neighbours.balancers.balancers, input, arns: "LoadBalancerArns", names: "Names",
            nameMember: "LoadBalancerName",
            answer: "LoadBalancers", missing: "LoadBalancerNotFound", "One or more load balancers not found")
    }

    private mutating func deleteBalancer(_ input: Input) throws(APIError) -> Value {
        let arn = try input.string("LoadBalancerArn") ?? ""
        guard let balancer = neighbours.balancers.balancers.first(where: { $0.arn == arn }) else { return [:] }
        if balancer.attributes.contains(where: { $0.key == "deletion_protection.enabled" && $0.value == "true" }) {
            throw APIError(
                code: "OperationNotPermitted",
                message: "Load balancer '\(arn)' cannot be deleted because deletion protection is enabled")
        }
        neighbours.balancers.balancers.removeAll { $0.arn == arn }
        let listeners = neighbours.balancers.listeners.filter { $0.parent == arn }.map(\.arn)
        neighbours.balancers.rules.removeAll { listeners.contains($0.parent) }
        neighbours.balancers.listeners.removeAll { $0.parent == arn }
        return [:]
    }

    // MARK: Target groups

    private mutating func createGroup(_ input: Input) throws(APIError) -> Value {
        let name = try input.string("Name") ?? ""
        if let known = neighbours.balancers.groups.first(where: { $0.described["TargetGroupName"]?.text == name }) {
            // "If you attempt to create multiple target groups with the same settings, each call succeeds."
            // Source: API reference, CreateTargetGroup.
            guard try World.describedGroup(input, name: name, arn: known.arn) == known.described else {
                throw APIError(
                    code: "DuplicateTargetGroupName",
                    message: "A target group with the same name '\(name)' exists, but with different settings")
            }
            let led = neighbours.balancers.balancers(of: known.arn)
            return ["TargetGroups": [known.described.setting("LoadBalancerArns", to: .list(led.map { .string($0) }))]]
        }
        let arn = balancing("targetgroup/\(name)/\(balancerID(name))")
        let described = try World.describedGroup(input, name: name, arn: arn)
        let isHTTP = described["Protocol"]?.text?.hasPrefix("HTTP") == true
        neighbours.balancers.groups.append(
            BalancerStore.Thing(
                arn: arn, described: described, tags: try NeighbourTags(list: try input.maps("Tags") ?? []),
                attributes: [
                    ("deregistration_delay.timeout_seconds", "300"), ("stickiness.enabled", "false"),
                    ("stickiness.type", isHTTP ? "lb_cookie" : "source_ip"),
                    ("stickiness.lb_cookie.duration_seconds", "86400"), ("slow_start.duration_seconds", "0"),
                    ("load_balancing.algorithm.type", "round_robin"),
                    ("load_balancing.cross_zone.enabled", "use_load_balancer_configuration"),
                ]))
        return ["TargetGroups": [described]]
    }

    /// A target group as it is made. Source of the defaults: API reference, CreateTargetGroup.
    private static func describedGroup(_ input: Input, name: String, arn: String) throws(APIError) -> Value {
        let proto = try input.string("Protocol") ?? "HTTP"
        let isHTTP = proto.hasPrefix("HTTP")
        let checkProtocol = try input.string("HealthCheckProtocol") ?? (isHTTP ? "HTTP" : "TCP")
        let checksPath = checkProtocol.hasPrefix("HTTP")
        return Value.map(present: [
            ("TargetGroupArn", .string(arn)), ("TargetGroupName", .string(name)), ("Protocol", .string(proto)),
            ("Port", .integer(try input.integer("Port") ?? 80)),
            ("VpcId", try input.string("VpcId").map { .string($0) }),
            ("HealthCheckProtocol", .string(checkProtocol)),
            ("HealthCheckPort", .string(try input.string("HealthCheckPort") ?? "traffic-port")),
            ("HealthCheckEnabled", .boolean(try input.boolean("HealthCheckEnabled") ?? true)),
            ("HealthCheckIntervalSeconds", .integer(try input.integer("HealthCheckIntervalSeconds") ?? 30)),
            (
                "HealthCheckTimeoutSeconds",
                .integer(try input.integer("HealthCheckTimeoutSeconds") ?? (isHTTP ? 5 : 10))
            ),
            ("HealthyThresholdCount", .integer(try input.integer("HealthyThresholdCount") ?? 5)),
            ("UnhealthyThresholdCount", .integer(try input.integer("UnhealthyThresholdCount") ?? 2)),
            ("HealthCheckPath", checksPath ? .string(try input.string("HealthCheckPath") ?? "/") : nil),
            ("Matcher", checksPath ? (try input.map("Matcher") ?? ["HttpCode": "200"]) : nil),
            ("LoadBalancerArns", []), ("TargetType", .string(try input.string("TargetType") ?? "instance")),
            ("ProtocolVersion", isHTTP ? .string(try input.string("ProtocolVersion") ?? "HTTP1") : nil),
            ("IpAddressType", .string(try input.string("IpAddressType") ?? "ipv4")),
        ])
    }

    private func describeGroups(_ input: Input) throws(APIError) -> Value {
        var groups = neighbours.balancers.groups
        if let balancer = try input.string("LoadBalancerArn") {
            groups = groups.filter { neighbours.balancers.balancers(of: $0.arn).contains(balancer) }
        }
        return try listed(
            groups, input, arns: "TargetGroupArns", names: "Names", nameMember: "TargetGroupName",
            answer: "TargetGroups", missing: "TargetGroupNotFound", "One or more target groups not found"
        ) { group in
            // Every listener and rule is looked at: only for the groups that are shown.
            let led = neighbours.balancers.balancers(of: group.arn)
            return group.described.setting("LoadBalancerArns", to: .list(led.map { .string($0) }))
        }
    }

    private mutating func modifyGroup(_ input: Input) throws(APIError) -> Value {
        let arn = try input.string("TargetGroupArn") ?? ""
        let index = try thing(neighbours.balancers.groups, arn, "TargetGroupNotFound", "Target group")
        for member in input.value.members ?? []
        where member.name.hasPrefix("Health") || member.name == "Matcher"
            || member.name == "UnhealthyThresholdCount"
        {
            neighbours.balancers.groups[index].described[member.name] = member.value
        }
        return ["TargetGroups": [neighbours.balancers.groups[index].described]]
    }

    private mutating func deleteGroup(_ input: Input) throws(APIError) -> Value {
        let arn = try input.string("TargetGroupArn") ?? ""
        if !neighbours.balancers.balancers(of: arn).isEmpty {
            throw APIError(
                code: "ResourceInUse", message: "Target group '\(arn)' is currently in use by a listener or a rule")
        }
        neighbours.balancers.groups.removeAll { $0.arn == arn }
        return [:]
    }

    /// The tasks of the services that name the group. A group that nobody made here has targets too: services may name any.
    private func describeTargetHealth(_ input: Input) throws(APIError) -> Value {
        let arn = try input.string("TargetGroupArn") ?? ""
        var descriptions: [Value] = []
        var isNamed = neighbours.balancers.groups.contains { $0.arn == arn }
        for position in services(naming: arn) where services[position].status != .inactive {
            let service = services[position]
            // Of a pair of groups each revision uses one.
            guard
                let balancer = service.settings.loadBalancers.first(where: { balancer in
                    balancer["targetGroupArn"]?.text == arn
                        || balancer["advancedConfiguration"]?["alternateTargetGroupArn"]?.text == arn
                })
            else { continue }
            isNamed = true
            let port = balancer["containerPort"] ?? 80
            for ordinal in service.tasks {
                guard let task = tasks[ordinal], let health = World.targetHealth(of: task),
                    targetGroups(of: position, deployment: task.deployment).contains(arn)
                else { continue }
                let target: Value = [
                    "Id": .string(address(of: task)), "Port": port,
                    "AvailabilityZone": .string(region + ["a", "b", "c"][task.ordinal % 3]),
                ]
                descriptions.append([
                    "Target": target, "HealthCheckPort": .string(port.text ?? "80"), "TargetHealth": health,
                ])
            }
        }
        guard isNamed else {
            throw APIError(code: "TargetGroupNotFound", message: "One or more target groups not found")
        }
        return ["TargetHealthDescriptions": .list(descriptions)]
    }

    /// Source of reasons and descriptions: API reference, TargetHealth.
    private static func targetHealth(of task: TaskRecord) -> Value? {
        if task.status == .deactivating {
            return [
                "State": "draining", "Reason": "Target.DeregistrationInProgress",
                "Description": "Target deregistration is in progress",
            ]
        }
        guard task.isRegistered else { return nil }
        if task.isUnhealthy {
            return [
                "State": "unhealthy", "Reason": "Target.FailedHealthChecks", "Description": "Health checks failed",
            ]
        }
        if task.isHealthy { return ["State": "healthy"] }
        return [
            "State": "initial", "Reason": "Elb.InitialHealthChecking",
            "Description": "Initial health checks in progress",
        ]
    }

    // MARK: What all have in common

    func balancing(_ resource: String) -> String {
        "arn:\(partition):elasticloadbalancing:\(region):\(account):\(resource)"
    }

    mutating func balancerID(_ name: String) -> String {
        neighbours.balancers.made += 1
        let bits = random.bits(.network, KeyedRandom.scope("elastic load balancing", name), neighbours.balancers.made)
        return KeyedRandom.hexadecimal(bits)
    }

    func thing(
        _ things: [BalancerStore.Thing], _ arn: String, _ code: String, _ what: String,
    ) throws(APIError) -> Int {
        guard let index = things.firstIndex(where: { $0.arn == arn }) else {
            throw APIError(code: code, message: "\(what) '\(arn)' not found")
        }
        return index
    }

    func listed(
        _ things: [BalancerStore.Thing], _ input: Input, arns: String, names: String?, nameMember: String,
        answer: String, missing code: String, _ message: String,
        shown: (BalancerStore.Thing) -> Value = { $0.described },
    ) throws(APIError) -> Value {
        var found = things
        if let wanted = try input.strings(arns) {
            found = things.filter { wanted.contains($0.arn) }
            if found.count < wanted.count { throw APIError(code: code, message: message) }
        }
        if let names, let wanted = try input.strings(names) {
            found = things.filter { wanted.contains($0.described[nameMember]?.text ?? "") }
            if found.count < wanted.count { throw APIError(code: code, message: message) }
        }
        let page = try NeighbourPage(
            found, of: input, token: try input.string("Marker"), size: try input.integer("PageSize") ?? 400,
            invalid: APIError(code: "ValidationError", message: "Invalid marker"))
        return .map(present: [(answer, .list(page.elements.map(shown))), ("NextMarker", page.next)])
    }

    private func attributes(
        of input: Input, _ path: KeyPath<BalancerStore, [BalancerStore.Thing]>, _ member: String, _ code: String,
    ) throws(APIError) -> Value {
        let things = neighbours.balancers[keyPath: path]
        let index = try thing(
            things, try input.string(member) ?? "", code, member.hasPrefix("T") ? "Target group" : "Load balancer")
        return [
            "Attributes": .list(things[index].attributes.map { ["Key": .string($0.key), "Value": .string($0.value)] })
        ]
    }

    private mutating func modifyAttributes(
        of input: Input, _ path: WritableKeyPath<BalancerStore, [BalancerStore.Thing]>, _ member: String, _ code: String,
    ) throws(APIError) -> Value {
        let index = try thing(
            neighbours.balancers[keyPath: path], try input.string(member) ?? "", code,
            member.hasPrefix("T") ? "Target group" : "Load balancer")
        for entry in try input.maps("Attributes") ?? [] {
            let key = try entry.string("Key") ?? ""
            guard
                let position = neighbours.balancers[keyPath: path][index].attributes.firstIndex(where: { $0.key == key }
                )
            else {
                throw APIError(
                    code: "InvalidConfigurationRequest", message: "Attribute key '\(key.prefix(100))' is not recognized"
                )
            }
            neighbours.balancers[keyPath: path][index].attributes[position].value = try entry.string("Value") ?? ""
        }
        return try attributes(of: input, path, member, code)
    }

    private func describeBalancerTags(_ input: Input) throws(APIError) -> Value {
        let store = neighbours.balancers
        let all = store.balancers + store.groups + store.listeners + store.rules
        var descriptions: [Value] = []
        for arn in try input.strings("ResourceArns") ?? [] {
            let code = arn.contains(":targetgroup/") ? "TargetGroupNotFound" : "LoadBalancerNotFound"
            let index = try thing(all, arn, code, "Resource")
            descriptions.append(["ResourceArn": .string(arn), "Tags": all[index].tags.list])
        }
        return ["TagDescriptions": .list(descriptions)]
    }

    private mutating func changeBalancerTags(_ input: Input) throws(APIError) -> Value {
        _ = try describeBalancerTags(input)
        let arns = try input.strings("ResourceArns") ?? []
        let added = try NeighbourTags(list: try input.maps("Tags") ?? [])
        let removed = try input.strings("TagKeys") ?? []
        let paths: [WritableKeyPath<BalancerStore, [BalancerStore.Thing]>] = [
            \.balancers, \.groups, \.listeners, \.rules,
        ]
        for path in paths {
            for index in neighbours.balancers[keyPath: path].indices
            where arns.contains(neighbours.balancers[keyPath: path][index].arn) {
                neighbours.balancers[keyPath: path][index].tags.remove(removed)
                neighbours.balancers[keyPath: path][index].tags.merge(added)
            }
        }
        return [:]
    }
}
