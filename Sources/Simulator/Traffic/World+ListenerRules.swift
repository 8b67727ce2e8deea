import MooringShapes

/// Listener rules of the load balancers here: a deployment looks at them before it starts, and moves their weights.
///
/// Rules that were never made here are left to the imagination, unless the scenario says that target groups must exist.
/// Source: Developer Guide, "Application Load Balancer resources for blue/green, linear, and canary deployments".
extension World {
    // MARK: Before

    /// What is wrong with the rules that the deployment under way shall use, as ECS says it; nil where nothing is.
    /// Source of the words: Developer Guide, "Troubleshooting Amazon ECS blue/green deployments" (asynchronous errors);
    /// `service-events.tsv`, record 521660330, for rules that are not there.
    func networkProblem(of service: Int) -> String? {
        for balancer in services[service].deployments[0].settings.loadBalancers {
            if let problem = networkProblem(at: balancer) { return problem }
        }
        return nil
    }

    private func networkProblem(at balancer: Value) -> String? {
        let invalid = "Service deployment rolled back because of invalid networking configuration"
        guard let advanced = balancer["advancedConfiguration"], let group = balancer["targetGroupArn"]?.text,
            let alternate = advanced["alternateTargetGroupArn"]?.text,
            let rule = advanced["productionListenerRule"]?.text
        else { return nil }
        if let role = advanced["roleArn"]?.text, exists(.roles, role) == false {
            return invalid + ". ECS was unable to manage the ELB resources due to missing permissions on ECS "
                + "Infrastructure Role '\(role)'."
        }
        let testRule = advanced["testListenerRule"]?.text
        let rules = [rule, testRule].compactMap { $0 }
        if scenario.strict[.targetGroups], rules.contains(where: { listenerTargets(of: $0) == nil }) {
            return invalid + ". One or more rules not found"
        }
        guard let production = listenerTargets(of: rule) else { return nil }
        let serving = production.filter { $0.weight > 0 }.map(\.group)
        if serving.count > 1 {
            return invalid + ". productionListenerRule \(rule) should have exactly one target group serving traffic "
                + "but found \(serving.count) target groups which are serving traffic"
        }
        if let other = serving.first, other != group, other != alternate {
            return invalid + ". Production listener rule is forwarding traffic to unexpected target group \(other). "
                + "Expected traffic to be forwarded to either targetGroupArn: \(group) or "
                + "alternateTargetGroupArn: \(alternate)"
        }
        let known = (production + (testRule.flatMap { listenerTargets(of: $0) } ?? [])).map(\.group)
        guard let lost = [group, alternate].first(where: { !known.contains($0) }) else { return nil }
        return invalid + ": Target group \(lost) is not associated with either productionListenerRule or "
            + "testListenerRule."
    }

    /// The target groups that a rule, or a Network Load Balancer's listener, forwards to; nil where it is not here.
    private func listenerTargets(of arn: String) -> [(group: String, weight: Int)]? {
        let store = neighbours.balancers
        let actions =
            store.rules.first { $0.arn == arn }?.described["Actions"]
            ?? store.listeners.first { $0.arn == arn }?.described["DefaultActions"]
        guard let actions = actions?.elements else { return nil }
        return actions.flatMap { action -> [(group: String, weight: Int)] in
            (action["ForwardConfig"]?["TargetGroups"]?.elements ?? []).compactMap { target in
                // A weight that is not said is 1. Source: API reference of Elastic Load Balancing, TargetGroupTuple.
                target["TargetGroupArn"]?.text.map { ($0, target["Weight"]?.integer ?? 1) }
            }
        }
    }

    // MARK: Moving

    /// Gives the rules here the weights that the service's revisions have.
    mutating func moveListenerWeights(_ service: Int) {
        guard let target = services[service].shift?.target,
            let settings = services[service].deployments.first(where: { $0.number == target })?.settings
        else { return }
        for balancer in settings.loadBalancers {
            guard let advanced = balancer["advancedConfiguration"], let group = balancer["targetGroupArn"]?.text,
                let alternate = advanced["alternateTargetGroupArn"]?.text
            else { continue }
            for (member, share) in [
                ("productionListenerRule", \DeploymentRecord.production), ("testListenerRule", \.test),
            ] {
                guard let rule = advanced[member]?.text else { continue }
                var first = 0
                var second = 0
                for deployment in services[service].deployments {
                    let part = deployment[keyPath: share] ?? 0
                    if deployment.servingGroups.contains(alternate) { second += part } else { first += part }
                }
                // Before all of a first deployment has traffic, the rule stays as it was made.
                if first + second > 0 { setListenerWeights(rule, (group, first), (alternate, second)) }
            }
        }
    }

    private mutating func setListenerWeights(
        _ arn: String, _ first: (group: String, tenths: Int), _ second: (group: String, tenths: Int),
    ) {
        // Weights are whole numbers up to 999: tenths of a percent where percents are not enough.
        let unit = first.tenths % 10 == 0 && second.tenths % 10 == 0 ? 10 : 1
        let groups: Value = .list(
            [first, second].map { pair in
                ["TargetGroupArn": .string(pair.group), "Weight": .integer(pair.tenths / unit)]
            })
        func moved(_ actions: Value) -> Value {
            actions.changingElements { action in
                guard action["Type"]?.text == "forward" else { return action }
                let config = (action["ForwardConfig"] ?? [:]).setting("TargetGroups", to: groups)
                return action.setting("ForwardConfig", to: config).setting("TargetGroupArn", to: nil)
            }
        }
        if let index = neighbours.balancers.rules.firstIndex(where: { $0.arn == arn }) {
            neighbours.balancers.rules[index].described = neighbours.balancers.rules[index].described
                .changing("Actions", moved)
        } else if let index = neighbours.balancers.listeners.firstIndex(where: { $0.arn == arn }) {
            neighbours.balancers.listeners[index].described = neighbours.balancers.listeners[index].described
                .changing("DefaultActions", moved)
        }
    }
}
