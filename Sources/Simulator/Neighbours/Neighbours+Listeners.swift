import MooringShapes

/// Listeners and their rules.
/// Source: API reference of Elastic Load Balancing, version 2015-12-01.
extension World {
    mutating func createListener(_ input: Input) throws(APIError) -> Value {
        let balancer = try input.string("LoadBalancerArn") ?? ""
        _ = try thing(neighbours.balancers.balancers, balancer, "LoadBalancerNotFound", "Load balancer")
        let port = try input.integer("Port") ?? 80
        if neighbours.balancers.listeners.contains(where: {
            $0.parent == balancer && $0.described["Port"]?.integer == port
        }) {
            throw APIError(
                code: "DuplicateListener", message: "A listener already exists on this port for this load balancer")
        }
        let path = balancer.split(separator: ":", maxSplits: 5).last.map(String.init) ?? ""
        let arn = balancing("listener/\(path.dropFirst("loadbalancer/".count))/\(balancerID(path))")
        let actions = try numbered(try input.maps("DefaultActions") ?? [])
        let described = Value.map(present: [
            ("ListenerArn", .string(arn)), ("LoadBalancerArn", .string(balancer)), ("Port", .integer(port)),
            ("Protocol", .string(try input.string("Protocol") ?? "HTTP")),
            ("Certificates", try input.list("Certificates").map { .list($0) }),
            ("SslPolicy", try input.string("SslPolicy").map { .string($0) }), ("DefaultActions", actions),
        ])
        neighbours.balancers.listeners.append(
            BalancerStore.Thing(
                arn: arn, parent: balancer, described: described,
                tags: try NeighbourTags(list: try input.maps("Tags") ?? [])))
        // Every listener has a rule that cannot be deleted.
        let rule = arn.replacing("listener/", with: "listener-rule/", maxReplacements: 1) + "/" + balancerID(arn)
        neighbours.balancers.rules.append(
            BalancerStore.Thing(
                arn: rule, parent: arn,
                described: [
                    "RuleArn": .string(rule), "Priority": "default", "Conditions": [], "Actions": actions,
                    "IsDefault": true,
                ]))
        return ["Listeners": [described]]
    }

    /// Checks that actions lead to groups there are, and gives them their order and both forms of forwarding.
    /// Source: API reference, Action: `TargetGroupArn` and a `ForwardConfig` of one group say the same.
    private func numbered(_ actions: [Input]) throws(APIError) -> Value {
        var output: [Value] = []
        for (index, action) in actions.enumerated() {
            var described = action.value
            if actions.count > 1 { described = described.filling("Order", with: .integer(index + 1)) }
            var groups = (described["ForwardConfig"]?["TargetGroups"]?.elements ?? [])
            if groups.isEmpty, let group = described["TargetGroupArn"] {
                groups = [["TargetGroupArn": group, "Weight": 1]]
                described["ForwardConfig"] = [
                    "TargetGroups": .list(groups), "TargetGroupStickinessConfig": ["Enabled": false],
                ]
            } else if groups.count == 1, let group = groups[0]["TargetGroupArn"] {
                described["TargetGroupArn"] = group
            }
            for group in groups {
                _ = try thing(
                    neighbours.balancers.groups, group["TargetGroupArn"]?.text ?? "", "TargetGroupNotFound",
                    "Target group")
            }
            output.append(described)
        }
        return .list(output)
    }

    func describeListeners(_ input: Input) throws(APIError) -> Value {
        var listeners = neighbours.balancers.listeners
        if let balancer = try input.string("LoadBalancerArn") {
            _ = try thing(neighbours.balancers.balancers, balancer, "LoadBalancerNotFound", "Load balancer")
            listeners = listeners.filter { $0.parent == balancer }
        }
        return try listed(
            listeners, input, arns: "ListenerArns", names: nil, nameMember: "", answer: "Listeners",
            missing: "ListenerNotFound", "One or more listeners not found")
    }

    mutating func modifyListener(_ input: Input) throws(APIError) -> Value {
        let arn = try input.string("ListenerArn") ?? ""
        let index = try thing(neighbours.balancers.listeners, arn, "ListenerNotFound", "Listener")
        let actions = try input.maps("DefaultActions")
        for name in ["Port", "Protocol", "SslPolicy", "Certificates"] {
            if let value = input.value[name] { neighbours.balancers.listeners[index].described[name] = value }
        }
        if let actions {
            let described = try numbered(actions)
            neighbours.balancers.listeners[index].described["DefaultActions"] = described
            for rule in neighbours.balancers.rules.indices
            where neighbours.balancers.rules[rule].parent == arn
                && neighbours.balancers.rules[rule].described["IsDefault"]?.boolean == true
            {
                neighbours.balancers.rules[rule].described["Actions"] = described
            }
        }
        return ["Listeners": [neighbours.balancers.listeners[index].described]]
    }

    mutating func deleteListener(_ input: Input) throws(APIError) -> Value {
        let arn = try input.string("ListenerArn") ?? ""
        _ = try thing(neighbours.balancers.listeners, arn, "ListenerNotFound", "Listener")
        neighbours.balancers.listeners.removeAll { $0.arn == arn }
        neighbours.balancers.rules.removeAll { $0.parent == arn }
        return [:]
    }

    mutating func createRule(_ input: Input) throws(APIError) -> Value {
        let listener = try input.string("ListenerArn") ?? ""
        _ = try thing(neighbours.balancers.listeners, listener, "ListenerNotFound", "Listener")
        let priority = try input.integer("Priority") ?? 0
        let isTaken = neighbours.balancers.rules.contains {
            $0.parent == listener && $0.described["Priority"]?.text == String(priority)
        }
        if isTaken { throw APIError(code: "PriorityInUse", message: "Priority '\(priority)' is currently in use") }
        let arn =
            listener.replacing(":listener/", with: ":listener-rule/", maxReplacements: 1) + "/" + balancerID(listener)
        let described: Value = [
            "RuleArn": .string(arn), "Priority": .string(String(priority)),
            "Conditions": .list(try input.list("Conditions") ?? []),
            "Actions": try numbered(try input.maps("Actions") ?? []), "IsDefault": false,
        ]
        neighbours.balancers.rules.append(
            BalancerStore.Thing(
                arn: arn, parent: listener, described: described,
                tags: try NeighbourTags(list: try input.maps("Tags") ?? [])))
        return ["Rules": [described]]
    }

    func describeRules(_ input: Input) throws(APIError) -> Value {
        var rules = neighbours.balancers.rules
        if let listener = try input.string("ListenerArn") {
            _ = try thing(neighbours.balancers.listeners, listener, "ListenerNotFound", "Listener")
            rules = rules.filter { $0.parent == listener }
        }
        // By priority, the default rule last.
        rules.sort {
            ($0.described["Priority"]?.integer ?? .max, $0.arn) < ($1.described["Priority"]?.integer ?? .max, $1.arn)
        }
        return try listed(
            rules, input, arns: "RuleArns", names: nil, nameMember: "", answer: "Rules", missing: "RuleNotFound",
            "One or more rules not found")
    }

    mutating func modifyRule(_ input: Input) throws(APIError) -> Value {
        let index = try thing(neighbours.balancers.rules, try input.string("RuleArn") ?? "", "RuleNotFound", "Rule")
        if let conditions = try input.list("Conditions") {
            neighbours.balancers.rules[index].described["Conditions"] = .list(conditions)
        }
        if let actions = try input.maps("Actions") {
            let described = try numbered(actions)
            neighbours.balancers.rules[index].described["Actions"] = described
        }
        return ["Rules": [neighbours.balancers.rules[index].described]]
    }

    mutating func deleteRule(_ input: Input) throws(APIError) -> Value {
        let index = try thing(neighbours.balancers.rules, try input.string("RuleArn") ?? "", "RuleNotFound", "Rule")
        if neighbours.balancers.rules[index].described["IsDefault"]?.boolean == true {
            throw APIError(
                code: "OperationNotPermitted",
                message: "Default rule '\(neighbours.balancers.rules[index].arn)' cannot be deleted")
        }
        neighbours.balancers.rules.remove(at: index)
        return [:]
    }
}
