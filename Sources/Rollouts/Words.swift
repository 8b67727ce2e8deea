import MooringShapes

/// The sentences of a diagnosis.
struct Words {
    /// What the sentences are about.
    let cause: Cause
    /// The cause that ECS shows, where the one above was concluded from it.
    let shown: Cause
    let findings: Findings
    let service: Value
    let evidence: [String]
    /// Why the health check is taken to be too early, nil where it is not.
    let early: String?

    /// The likely cause in one sentence.
    var sentence: String {
        switch cause {
        case .wrongArchitecture: "\(image) is not built for the platform the task runs on\(quoted)"
        case .imageCannotBePulled: "\(image) cannot be pulled\(quoted)"
        case .registryUnreachable: "The task cannot reach the registry to pull \(image.lowercasedFirst)\(quoted)"
        case .secretUnreadable: "A secret or parameter of the task cannot be read\(quoted)"
        case .logGroupMissing: "The task's logging cannot be set up\(quoted)"
        case .roleMissing: "A role is missing or may not do what is needed\(quoted)"
        case .outOfMemory: outOfMemory
        case .volumeUnavailable: "A volume of the task cannot be mounted\(quoted)"
        case .portInUse: "A port that the task needs is in use already\(quoted)"
        case .containerCannotStart: "\(container) cannot be started\(quoted)"
        case .containerExits: exits
        case .healthCheckTooEarly:
            "The health check most likely condemns tasks before the program has started. \(early ?? "")"
                .trimmingSuffix(" ")
        case .containerHealthCheck: "Tasks fail the container health check."
        case .loadBalancerHealthCheck: "Tasks fail the load balancer's health check\(targetReason)."
        case .noAddress: "No network interface or address is left for the task\(quoted)"
        case .agentDisconnected: "The ECS agent of an instance is disconnected\(quoted)"
        case .noCapacity: "There is no capacity for the task\(quoted)"
        case .accountBlocked: "AWS has blocked the account."
        case .invalidNetworking: "The load balancer does not fit the service's settings\(quoted)"
        case .hookFailed: "A lifecycle hook refused the deployment or failed\(quoted)"
        case .highUse: "An alarm on cpu or memory fired during the deployment\(alarmNames(findings.useAlarms))."
        case .alarm: "An alarm fired during the deployment\(alarmNames(findings.alarms))."
        case .throttled: "AWS throttles the operations that ECS needs."
        case .tasksProtected: "Protected tasks keep the deployment from ending."
        case .percentDeadlock: "The deployment's percentages allow neither to start nor to stop a task\(percents)."
        case .interrupted: "AWS took away the capacity that the task ran on."
        case .stoppedByPerson: "A person or program stopped the task."
        case .tasksReplaced: "ECS replaces the tasks over and over because it finds them unhealthy."
        case .tasksFail: tasksFail
        case .noEarlierRevision: "The deployment failed, and there is no earlier revision to go back to."
        case .unknown: unknown
        }
    }

    /// What to do, by what the message adds to the cause.
    var remedy: String {
        guard findings.hasNoEarlierRevision, cause != .noEarlierRevision else { return remedyOfCause }
        return remedyOfCause + " There is no earlier revision that ECS could go back to, so the service stays as it is "
            + "until a change mends it."
    }

    private var remedyOfCause: String {
        let text = findings.text(naming: cause)?.lowercased() ?? ""
        switch cause {
        case .imageCannotBePulled where text.contains("toomanyrequests") || text.contains("pull rate limit"):
            return "The registry limits anonymous pulls: give repositoryCredentials, or pull through a cache in ECR."
        case .imageCannotBePulled where text.contains("no space left"):
            return "The image does not fit: raise ephemeralStorage, free the instance's disk, or make the image "
                + "smaller."
        case .imageCannotBePulled where text.contains("timeout") || text.contains("i/o timeout"):
            return Cause.registryUnreachable.remedy
        case .noCapacity where isOnFargate:
            return "Wait or use other zones, a larger quota of Fargate vCPUs, or FARGATE beside FARGATE_SPOT."
        case .containerExits where findings.isOneOffTask:
            return "Read the container's log of that time, and mend the program or what it was given."
        case .containerExits where findings.task(showing: cause)?.ended?.exitCode == 0:
            return "A service's essential containers have to keep running: start the program in the foreground, or run "
                + "this as a task, not as a service."
        case .hookFailed where text.contains("pause hook"):
            return
                "A pause ends when somebody approves: 'mooring: {approve: …}' in the manifest, or 'mooring approve'. Give the "
                + "hook a longer timeoutInMinutes if that takes more time."
        case .loadBalancerHealthCheck: return remedyOfTargets ?? cause.remedy
        default: return cause.remedy
        }
    }

    /// What the load balancer's reason adds: a check that times out is another matter than one that is answered.
    private var remedyOfTargets: String? {
        if let told = findings.targets.compactMap(\.remedy).first { return told }
        let messages = findings.messages.filter { Signs.cause(of: $0) == .loadBalancerHealthCheck }
        if messages.contains(where: { $0.contains("codes: [") }) {
            return TargetHealth(state: "unhealthy", reason: "Target.ResponseCodeMismatch").remedy
        }
        if messages.contains(where: { $0.contains("Request timed out") }) {
            return TargetHealth(state: "unhealthy", reason: "Target.Timeout").remedy
        }
        return nil
    }

    private var isOnFargate: Bool {
        if service["launchType"]?.text == "FARGATE" { return true }
        let providers = (service["capacityProviderStrategy"]?.elements ?? []).compactMap {
            $0["capacityProvider"]?.text
        }
        return !providers.isEmpty && providers.allSatisfy { $0.hasPrefix("FARGATE") }
    }

    // MARK: Subjects

    private var failing: StoppedTask.Container? {
        findings.task(showing: shown)?.container(showing: shown)
    }

    private var container: String {
        guard let name = failing?.name, !name.isEmpty else { return "A container" }
        return "Container '\(Excerpt.bounded(name, to: Limits.imageLength))'"
    }

    private var image: String {
        guard let image = failing?.image ?? imageNamed, !image.isEmpty else { return "An image of the task" }
        return "Image \(Excerpt.bounded(image, to: Limits.imageLength))"
    }

    /// The image that the registry's message names: `failed to resolve ref docker.io/library/web:2: …`.
    private var imageNamed: String? {
        guard let text = findings.text(naming: cause) else { return nil }
        for marker in ["resolve ref ", "pull image "] {
            guard let start = text.firstRange(of: marker) else { continue }
            let name = text[start.upperBound...].prefix { !$0.isWhitespace }
            let trimmed = name.last == ":" ? name.dropLast() : name
            if trimmed.contains("/") || trimmed.contains(":") { return String(trimmed) }
        }
        return nil
    }

    // MARK: Predicates

    /// ECS's own reason behind a colon, with a full stop.
    private var quoted: String {
        let told = findings.logs.flatMap(\.bounded)
            .last { Signs.cause(ofLogLine: $0) == cause && !LogTail.mayHoldSecret($0) }
        guard var text = findings.text(naming: cause) ?? told else { return "." }
        // The sentence names the image before it quotes.
        if text.count > Limits.quotationLength, let image = failing?.image ?? imageNamed,
            image.count > Limits.cutWordLength
        {
            text = text.replacing(image, with: "…")
        }
        let telling = Excerpt.telling(
            Excerpt.core(of: text), words: Signs.match(in: text)?.words ?? "", within: Limits.quotationLength)
        let shown =
            isChain
            ? Excerpt.endsOf(telling, to: Limits.quotationLength)
            : Excerpt.bounded(telling, to: Limits.quotationLength)
        return ": " + Excerpt.sentenceEnd(shown)
    }

    /// Whether ECS chains its message from what was tried to what went wrong, so that its end says most. Others say it first and
    /// end with where to read on.
    private var isChain: Bool {
        switch cause {
        case .imageCannotBePulled, .registryUnreachable, .wrongArchitecture, .secretUnreadable, .logGroupMissing,
            .volumeUnavailable:
            true
        default: false
        }
    }

    private func alarmNames(_ names: [String]) -> String {
        guard !names.isEmpty else { return "" }
        return ": " + names.prefix(3).map { Excerpt.bounded($0, to: Limits.quotationLength) }.joined(separator: ", ")
    }

    private var percents: String {
        guard findings.percents.isDeadlock else { return "" }
        let percents = findings.percents
        return " (desired \(percents.desired), minimum \(percents.minimum) %, maximum \(percents.maximum) %)"
    }

    private var tasksFail: String {
        guard let said = findings.unnamedText else {
            return "Tasks of the new revision fail one after another; ECS does not say why."
        }
        return "Tasks of the new revision fail one after another: "
            + Excerpt.sentenceEnd(Excerpt.bounded(Excerpt.core(of: said), to: Limits.quotationLength))
    }

    private var outOfMemory: String {
        if shown == .containerExits {
            return "\(container) ended, and its log says that memory ran out."
        }
        if findings.text(naming: .outOfMemory) != nil { return "\(container) used more memory than it may." }
        return "\(container) was killed (exit code 137), most likely because it used more memory than it may."
    }

    private var exits: String {
        guard let ended = findings.task(showing: shown)?.ended, let code = ended.exitCode else {
            return "A container of the task ended by itself."
        }
        var detail = "."
        if !ended.reason.isEmpty {
            detail =
                ": " + Excerpt.sentenceEnd(Excerpt.bounded(Excerpt.core(of: ended.reason), to: Limits.quotationLength))
        } else if let last = findings.logs.first(where: { $0.container == ended.name })?.lastShown {
            detail = "; its log ends with: " + Excerpt.sentenceEnd(Excerpt.bounded(last, to: Limits.quotationLength))
        }
        return "\(container) exited with code \(code)\(detail)"
    }

    /// The load balancer's words: `due to (reason Health checks failed with these codes: [503])`.
    private var targetReason: String {
        guard let text = findings.messages.first(where: { Signs.cause(of: $0) == cause && $0.contains("(reason ") }),
            let start = text.firstRange(of: "(reason ")
        else {
            guard let said = findings.targets.first(where: { !$0.text.isEmpty })?.text else { return "" }
            let words = Excerpt.bounded(said, to: Limits.quotationLength)
            return ": " + (words.last == "." ? String(words.dropLast()) : words)
        }
        var rest = text[start.upperBound...]
        if rest.last == "." { rest = rest.dropLast() }
        if rest.last == ")" { rest = rest.dropLast() }
        return ": " + Excerpt.bounded(String(rest), to: Limits.quotationLength)
    }

    private var unknown: String {
        let said = findings.reason.isEmpty ? evidence.first : findings.reason
        guard let said else { return "ECS does not say why." }
        return "ECS says: " + Excerpt.sentenceEnd(Excerpt.bounded(said, to: Limits.quotationLength))
    }
}

extension String {
    fileprivate var lowercasedFirst: String { prefix(1).lowercased() + dropFirst() }

    fileprivate func trimmingSuffix(_ suffix: String) -> String {
        hasSuffix(suffix) ? String(dropLast(suffix.count)) : self
    }
}
