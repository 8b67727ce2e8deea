import MooringShapes

/// What RegisterTaskDefinition refuses because parts of a definition do not fit one another. The messages are AWS's.
extension TaskDefinitionRules {
    static func checkTogether(_ input: Input, _ containers: [Input], isFargate: Bool) throws(APIError) {
        try checkMemory(input, containers)
        if isFargate { try checkSums(input, containers) }
        try checkVolumes(input, containers)
        try checkDependencies(containers)
        guard try input.string("executionRoleArn") == nil else { return }
        for container in containers where try container.list("secrets")?.isEmpty == false {
            // Source: public reports, on Fargate and elsewhere (index records 57407357079 and 1353577443).
            throw .client(
                "When you are specifying container secrets, you must also specify a value for 'executionRoleArn'.")
        }
    }

    // MARK: Sizes

    private static func checkMemory(_ input: Input, _ containers: [Input]) throws(APIError) {
        let family = try input.map("runtimePlatform")?["operatingSystemFamily"]?.text ?? ""
        // Sizes of tasks are ignored for Windows. Source: API reference, RegisterTaskDefinition `memory`.
        let task = family.hasPrefix("WINDOWS") ? nil : try input.string("memory").flatMap { number($0, unit: "gb") }
        for container in containers {
            let name = try container.string("name") ?? ""
            guard let memory = try container.integer("memory") else { continue }
            if let reservation = try container.integer("memoryReservation"), memory < reservation {
                // Source: rules that were tried on AWS (index record 59942019283); that equal ones pass, too:
                // awsdocs/amazon-ecs-developer-guide pull request 242.
                throw .client(
                    "Invalid setting for container '\(name)'. 'memory' must be greater than or equal to 'memoryReservation'."
                )
            }
            if let task, memory > task {
                // Source: pulumi/pulumi-awsx issues 188 and 1220.
                throw .client("The 'memory' setting for container '\(name)' is greater than for the task.")
            }
        }
    }

    /// Known of Fargate only. Sources: aws/aws-cdk issue 24629 and cloudnativedaysjp/dreamkast-infra pull request 4726 for
    /// `cpu`, pull request 4766 there for `memoryReservation`.
    private static func checkSums(_ input: Input, _ containers: [Input]) throws(APIError) {
        let cpu = try input.string("cpu").flatMap { number($0, unit: "vcpu") }
        let memory = try input.string("memory").flatMap { number($0, unit: "gb") }
        var (usedCPU, reserved) = (0, 0)
        // Each is an integer of 32 bits and there are few: no overflow.
        for container in containers {
            usedCPU += try container.integer("cpu") ?? 0
            reserved += try container.integer("memoryReservation") ?? 0
        }
        if let cpu, usedCPU > cpu {
            throw .client("The sum of all container 'cpu' values cannot be greater than the value of the task 'cpu'.")
        }
        if let memory, reserved > memory {
            throw .client(
                "The sum of all container 'memoryReservation' values cannot be greater than the value of the task 'memory'."
            )
        }
    }

    // MARK: Names

    private static func checkVolumes(_ input: Input, _ containers: [Input]) throws(APIError) {
        var volumes: Set<String> = []
        for volume in try input.maps("volumes") ?? [] {
            if let name = try volume.string("name") { volumes.insert(name) }
        }
        for container in containers {
            for mount in try container.maps("mountPoints") ?? [] {
                guard let name = try mount.string("sourceVolume"), !volumes.contains(name) else { continue }
                // Source: ansible/ansible issue 35751.
                throw .client("Unknown volume '\(name)'.")
            }
        }
    }

    /// A ring of dependencies is not looked for: what AWS says to one, nobody has published.
    private static func checkDependencies(_ containers: [Input]) throws(APIError) {
        for container in containers {
            for dependency in try container.maps("dependsOn") ?? [] {
                let name = try dependency.string("containerName") ?? ""
                var target: Input?
                for other in containers where try other.string("name") == name { target = other }
                guard let target else {
                    // The plus is AWS's. Source: eagletmt/hako pull request 99.
                    throw .client("Cannot depend on container + '\(name)' because it does not exist")
                }
                let condition = try dependency.string("condition") ?? ""
                if condition == "HEALTHY", !target.has("healthCheck") {
                    // Source: public reports of Terraform's users (index record 55800815520).
                    throw .client("A dependency container with HEALTHY condition must have health check configured")
                }
                if ["SUCCESS", "COMPLETE"].contains(condition), try target.boolean("essential") ?? true {
                    // Source: boto/boto3 issue 2436.
                    throw .client(
                        "A dependency container with SUCCESS or COMPLETE condition cannot be an essential container")
                }
            }
        }
    }
}
