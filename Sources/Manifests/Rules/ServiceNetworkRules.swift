import MooringShapes

/// Rules of a service's subnets and security groups.
enum ServiceNetworkRules {
    private static let reference = "API reference, AwsVpcConfiguration"

    static let all: [ProseRule<ServiceInput>] = [
        ProseRule(
            "fargate-network", .error,
            source:
                "captures/strings/errors.tsv: 'Network Configuration must "
                + "be provided when networkMode 'awsvpc' is specified.'"
        ) {
            service, report in
            // Under EXTERNAL, task sets carry it.
            guard service.isFargate, let controller = service.controller, controller != "EXTERNAL",
                service.value["networkConfiguration"] == nil
            else {
                return
            }
            report.add(
                "Tasks on Fargate need subnets. Add 'networkConfiguration: {awsvpcConfiguration: {subnets: [...]}}'.",
                at: service.value[service.fargateMember], "networkConfiguration")
        },
        ProseRule("no-subnets", .error, source: "\(reference), subnets: required; ECS refuses an empty list") {
            service, report in
            guard let value = vpc(service)?["subnets"], value.elements?.isEmpty == true else { return }
            report.add("'subnets' is empty. Name at least one.", at: value, path("subnets"))
        },
        ProseRule("too-many-subnets", .error, source: "\(reference), subnets: at most 16") { service, report in
            guard let value = vpc(service)?["subnets"], let count = value.elements?.count, count > 16 else { return }
            report.add("There are \(count) subnets; ECS takes at most 16.", at: value, path("subnets"))
        },
        ProseRule("too-many-security-groups", .error, source: "\(reference), securityGroups: at most 5") {
            service, report in
            guard let value = vpc(service)?["securityGroups"], let count = value.elements?.count, count > 5 else {
                return
            }
            report.add("There are \(count) security groups; ECS takes at most 5.", at: value, path("securityGroups"))
        },
        ProseRule("network-id", .warning, source: "\(reference): the ids of subnets and security groups") {
            service, report in
            for (member, prefix) in [("subnets", "subnet-"), ("securityGroups", "sg-")] {
                for item in vpc(service)?.items(member) ?? [] {
                    // A placeholder is another rule's to speak of.
                    guard let text = item.value.settledText, !text.hasPrefix(prefix), !Placeholder.isIn(text) else {
                        continue
                    }
                    report.add(
                        "'\(text.shortened)' is no id of a "
                            + "\(member == "subnets" ? "subnet" : "security group"): those begin "
                            + "with '\(prefix)'.", at: item.value, path("\(member)[\(item.index)]"))
                }
            }
        },
        ProseRule("public-ip", .error, source: "ECS refuses: 'Assign public IP is not supported for this launch type.'")
        {
            service, report in
            guard let value = vpc(service)?["assignPublicIp"], value.text == "ENABLED", service.launchType == "EC2"
            else {
                return
            }
            report.add(
                "On EC2, a task's network interface gets no public "
                    + "address. Remove 'assignPublicIp', and let the subnets "
                    + "reach the internet through NAT.", at: value, path("assignPublicIp"))
        },
    ]

    private static func vpc(_ service: ServiceInput) -> Value? {
        service.value["networkConfiguration"]?["awsvpcConfiguration"]
    }

    private static func path(_ member: String) -> String { "networkConfiguration.awsvpcConfiguration." + member }
}
