import MooringShapes

/// Rules of what a service's tasks run on, and of where they are placed.
enum CapacityRules {
    private static let reference = "API reference, CreateService"

    static let all: [ProseRule<ServiceInput>] = [
        ProseRule(
            "launch-type-and-strategy", .error,
            source: "\(reference), capacityProviderStrategy: launchType must be omitted"
        ) {
            service, report in
            guard let value = service.value["launchType"], service.value.holds("capacityProviderStrategy") else {
                return
            }
            report.add(
                "ECS takes either 'launchType' or 'capacityProviderStrategy', not both. Remove one of the two.",
                at: value,
                "launchType")
        },
        ProseRule("too-many-providers", .error, source: "\(reference), capacityProviderStrategy: at most 20") {
            service, report in
            guard let value = service.value["capacityProviderStrategy"], let count = value.elements?.count, count > 20
            else { return }
            report.add(
                "The strategy names \(count) capacity providers; ECS takes at most 20.", at: value,
                "capacityProviderStrategy")
        },
        ProseRule(
            "strategy-base", .error, source: "API reference, CapacityProviderStrategyItem, base: only one has one"
        ) {
            service, report in
            let items = service.value.items("capacityProviderStrategy")
            let based = items.filter { ($0.value["base"]?.integer ?? 0) > 0 }
            guard based.count > 1, let last = based.last else { return }
            report.add(
                "\(based.count) capacity providers have a 'base'; ECS takes it of one. Remove the others.",
                at: last.value["base"], "capacityProviderStrategy[\(last.index)].base")
        },
        ProseRule("strategy-weight", .error, source: "API reference, CapacityProviderStrategyItem, weight: not all 0") {
            service, report in
            let items = service.value.items("capacityProviderStrategy")
            guard items.count > 1,
                items.allSatisfy({ ($0.value["weight"]?.integer ?? 0) == 0 && $0.value["weight"]?.isOpen != true })
            else { return }
            report.add(
                "No capacity provider has a 'weight', which means 0 "
                    + "for each: no task can be placed. Give one at least 1.",
                at: service.value["capacityProviderStrategy"], "capacityProviderStrategy")
        },
        ProseRule(
            "mixed-providers", .warning,
            source: "Developer guide, capacity providers: Fargate and Auto Scaling groups do not mix"
        ) {
            service, report in
            let fargate = service.capacityProviders.filter { $0 == "FARGATE" || $0 == "FARGATE_SPOT" }
            let others = service.value.items("capacityProviderStrategy").filter {
                $0.value["capacityProvider"]?.settledText.map { $0 != "FARGATE" && $0 != "FARGATE_SPOT" } ?? false
            }
            guard !fargate.isEmpty, !others.isEmpty else { return }
            report.add(
                "The strategy mixes Fargate with other capacity providers; ECS takes either.",
                at: service.value["capacityProviderStrategy"], "capacityProviderStrategy")
        },
        ProseRule(
            "managed-instances", .error,
            source: "\(reference), launchType: Managed Instances by capacityProviderStrategy only"
        ) {
            service, report in
            guard let value = service.value["launchType"], value.text == "MANAGED_INSTANCES" else { return }
            report.add(
                "Managed Instances are chosen by a capacity provider. Name it in 'capacityProviderStrategy' and remove "
                    + "'launchType'.", at: value, "launchType")
        },
        ProseRule(
            "platform-version", .error,
            source: "ECS refuses: 'The platform version must be null when specifying an EC2 launch type'"
        ) {
            service, report in
            guard let value = service.value["platformVersion"], value.text?.isEmpty == false,
                service.launchType == "EC2"
            else { return }
            report.add(
                "'platformVersion' is Fargate's, and the launch type is EC2. Remove it.", at: value, "platformVersion")
        },
        ProseRule("fargate-daemon", .error, source: "\(reference), schedulingStrategy: DAEMON not on Fargate") {
            service, report in
            guard service.isDaemon, service.isFargate else { return }
            report.add(
                "Fargate has no instances that a DAEMON service could run on. Use REPLICA, or EC2.",
                at: service.value["schedulingStrategy"], "schedulingStrategy")
        },
        ProseRule(
            "fargate-placement", .error,
            source: "ECS refuses: 'Placement strategies are not supported with FARGATE launch type'"
        ) {
            service, report in
            guard service.isFargate else { return }
            for member in ["placementStrategy", "placementConstraints"] where service.value.holds(member) {
                report.add(
                    "Fargate places tasks itself and takes no '\(member)'. Remove it.", at: service.value[member],
                    member)
            }
        },
        ProseRule(
            "daemon-placement", .error,
            source: "ECS refuses: 'The daemon scheduling strategy does not support placement strategies'"
        ) {
            service, report in
            guard service.isDaemon, service.value.holds("placementStrategy") else { return }
            report.add(
                "A DAEMON service runs on every instance and takes no 'placementStrategy'. Remove it.",
                at: service.value["placementStrategy"], "placementStrategy")
        },
        ProseRule(
            "daemon-rebalancing", .error,
            source: "ECS refuses: 'Availability Zone Rebalancing does not support DAEMON services'"
        ) {
            service, report in
            guard service.isDaemon, let value = service.value["availabilityZoneRebalancing"], value.text == "ENABLED"
            else { return }
            report.add(
                "A DAEMON service cannot be balanced across zones. Remove 'availabilityZoneRebalancing'.", at: value,
                "availabilityZoneRebalancing")
        },
        ProseRule("placement-count", .error, source: "\(reference): at most 10 constraints and 5 strategies") {
            service, report in
            for (member, most) in [("placementConstraints", 10), ("placementStrategy", 5)] {
                guard let value = service.value[member], let count = value.elements?.count, count > most else {
                    continue
                }
                report.add("\(member) has \(count) elements; ECS takes at most \(most).", at: value, member)
            }
        },
        ProseRule(
            "placement-field", .error,
            source: "API reference, PlacementStrategy and PlacementConstraint; ECS refuses other fields"
        ) {
            service, report in
            for item in service.value.items("placementStrategy") {
                guard let value = item.value["field"], let field = value.settledText, !field.isEmpty else { continue }
                let path = "placementStrategy[\(item.index)].field"
                if item.value["type"]?.text == "random" {
                    report.add("The strategy 'random' takes no 'field'. Remove it.", at: value, path)
                } else if item.value["type"]?.text == "binpack", field.lowercased() != "cpu",
                    field.lowercased() != "memory"
                {
                    report.add("'binpack' goes by 'cpu' or 'memory', not by '\(field.shortened)'.", at: value, path)
                }
            }
            for item in service.value.items("placementConstraints") where item.value["type"]?.text == "distinctInstance"
            {
                guard let value = item.value["expression"], value.text?.isEmpty == false else { continue }
                report.add(
                    "The constraint 'distinctInstance' takes no 'expression'. Remove it.", at: value,
                    "placementConstraints[\(item.index)].expression")
            }
        },
    ]
}
