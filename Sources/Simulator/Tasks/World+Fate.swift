import MooringShapes

/// What will become of a task: decided when it starts, from its images and from what it refers to.
extension World {
    struct Prospects {
        var fate = TaskRecord.Fate.good
        var delays = ImageBehaviour.Delays()
        var targetReason = "Health checks failed"
    }

    func prospects(
        of summary: TaskDefinitionSummary, hasTargets: Bool, placement: Placement, subnet: String?,
    ) -> Prospects {
        var prospects = Prospects()
        if summary.needs.networkInterfaces > 0, let reason = noNetworkInterface(placement, subnet: subnet) {
            prospects.fate = .cannotProvision(reason: reason)
            return prospects
        }
        if let reason = missingThing(summary.needs, isFargate: placement.isFargate) {
            prospects.fate = .cannotStart(reason: reason)
            return prospects
        }
        for (index, container) in summary.containers.enumerated() {
            guard let rule = scenario.images.first(where: { $0.matches(container.image, at: now) }) else {
                guard exists(.images, container.image) == false else { continue }
                prospects.fate = .cannotStart(reason: World.missingImage(container.image))
                return prospects
            }
            switch rule.behaviour {
            case .cannotPull(let reason):
                prospects.fate = .cannotStart(reason: reason ?? World.missingImage(container.image))
                return prospects
            case .cannotInitialize(let reason):
                prospects.fate = .cannotStart(reason: reason ?? unreachableRegistry)
                return prospects
            case .crashes(let exitCode, let after):
                prospects.fate = .crashes(exitCode: exitCode, after: after, container: index, reason: nil)
                return prospects
            case .runsOutOfMemory(let after):
                // Source: Developer Guide, stopped task error codes; the code from public reports.
                prospects.fate = .crashes(
                    exitCode: 137, after: after, container: index,
                    reason: "OutOfMemoryError: Container killed due to memory usage")
                return prospects
            case .neverHealthy:
                guard container.healthyAfter != nil || hasTargets else { continue }
                prospects.fate = .unhealthy
                prospects.targetReason = rule.targetReason ?? prospects.targetReason
                return prospects
            case .slow(let delays):
                prospects.delays.starting += delays.starting
                prospects.delays.healthy = max(prospects.delays.healthy, delays.healthy)
                prospects.delays.stopping = max(prospects.delays.stopping, delays.stopping)
                prospects.targetReason = rule.targetReason ?? prospects.targetReason
            }
        }
        return prospects
    }

    /// Source: `stop-reasons.tsv`, the whole of its fifth line, with the region in place of that one's.
    private var unreachableRegistry: String {
        "ResourceInitializationError: unable to pull secrets or registry auth: The task cannot pull registry auth from Amazon "
            + "ECR: There is a connection issue between the task and Amazon ECR. Check your task network configuration. "
            + "operation error ECR: GetAuthorizationToken, exceeded maximum number of attempts, 3, https response error "
            + "StatusCode: 0, RequestID: , request send failed, Post \"https://api.ecr.\(region).amazonaws.com/\": dial tcp "
            + "44.213.79.104:443: i/o timeout"
    }

    /// Source of the wording: `run-task/localstack…json`, for an image of Docker Hub.
    private static func missingImage(_ image: String) -> String {
        var reference = image
        if !image.split(separator: "/").dropLast().joined().contains(".") {
            reference = "docker.io/" + (image.contains("/") ? image : "library/" + image)
        }
        if !(reference.split(separator: "/").last ?? "").contains(":"), !reference.contains("@") {
            reference += ":latest"
        }
        if reference.hasPrefix("docker.io/") {
            return "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
                + "\(reference): pull access denied, repository does not exist or may require authorization: "
                + "server message: insufficient_scope: authorization failed"
        }
        // Source: reference/ecs-api.md section 10, "cannot pull".
        return "CannotPullContainerError: pull image manifest has been retried 7 time(s): failed to resolve ref "
            + "\(reference): \(reference): not found"
    }

    // MARK: Network

    /// Source of the wording: Developer Guide, "TaskFailedToStart errors", with the cause that public reports show behind it.
    private func noNetworkInterface(_ placement: Placement, subnet: String?) -> String? {
        let place = placement.provider ?? (placement.isFargate ? "FARGATE" : "EC2")
        for rule in scenario.capacity where rule.applies(to: place, at: now) {
            guard case .noNetworkInterface(let reason) = rule.trouble else { continue }
            return reason
                ?? "Unexpected EC2 error while attempting to Create Network Interface in subnet '\(subnet ?? "")': "
                + "InsufficientFreeAddressesInSubnet"
        }
        return nil
    }

    // MARK: What is not there

    private func missingThing(_ needs: TaskNeeds, isFargate: Bool) -> String? {
        for name in needs.secrets {
            let isSecret = name.contains(":secretsmanager:")
            let patterns = isSecret ? scenario.missing.secrets : scenario.missing.parameters
            guard
                World.isMissing(World.shortName(name), name, patterns)
                    || exists(isSecret ? .secrets : .parameters, name) == false
            else { continue }
            // Sources: `stop-reasons.tsv`, record 2438109348; public reports of tasks for parameters.
            return "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
                + "failed: unable to retrieve "
                + (isSecret
                    ? "secret from asm: service call has been retried 5 time(s): ResourceNotFoundException: Secrets "
                        + "Manager can't find the specified secret."
                    : "secrets from ssm: service call has been retried 1 time(s): invalid ssm parameters: "
                        + World.shortName(name))
        }
        for group in needs.logGroups
        where World.isMissing(group, group, scenario.missing.logGroups) || exists(.logGroups, group) == false {
            // Sources: public reports of tasks, on Fargate and on EC2 (Rayraegah/terraform-aws-hasura issue 25).
            return isFargate
                ? "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
                    + "failed to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does "
                    + "not exist. : exit status 1"
                : "CannotStartContainerError: Error response from daemon: failed to initialize logging driver: failed "
                    + "to create Cloudwatch log stream: ResourceNotFoundException: The specified log group does not exist."
        }
        return nil
    }

    private static func isMissing(_ short: String, _ whole: String, _ patterns: [String]) -> Bool {
        patterns.contains { Pattern.matches($0, short) || Pattern.matches($0, whole) }
    }

    /// The name inside the ARN of a secret or parameter: what stands behind `secret:` or `parameter`.
    private static func shortName(_ name: String) -> String {
        guard name.hasPrefix("arn:") else { return name }
        let parts = name.split(separator: ":", maxSplits: 6, omittingEmptySubsequences: false)
        guard parts.count >= 6 else { return name }
        if parts.count == 7 { return String(parts[6].split(separator: ":").first ?? "") }
        return parts[5].hasPrefix("parameter") ? String(parts[5].dropFirst("parameter".count)) : String(parts[5])
    }
}
