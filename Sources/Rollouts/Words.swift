import MooringShapes

/// The sentences of a diagnosis.
struct Words {
    /// What the sentences are about.
    let cause: Cause
    let findings: Findings
    let service: Value
    let evidence: [String]

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
        case .containerCannotStart: "\(container) cannot be started\(quoted)"
        case .containerExits: exits
        case .containerHealthCheck: "Tasks fail the container health check."
        case .loadBalancerHealthCheck: "Tasks fail the load balancer's health check\(targetReason)."
        case .noAddress: "No network interface or address is left for the task\(quoted)"
        case .noCapacity: "There is no capacity for the task\(quoted)"
        case .accountBlocked: "AWS has blocked the account."
        case .invalidNetworking: "The load balancer does not fit the service's settings\(quoted)"
        case .hookFailed: "A lifecycle hook refused the deployment or failed\(quoted)"
        case .alarm: "An alarm fired during the deployment."
        case .throttled: "AWS throttles the operations that ECS needs."
        case .tasksProtected: "Protected tasks keep the deployment from ending."
        case .percentDeadlock: "The deployment's percentages allow neither to start nor to stop a task."
        case .interrupted: "AWS took away the capacity that the task ran on."
        case .stoppedByPerson: "A person or program stopped the task."
        case .unknown: unknown
        }
    }

    /// What to do, by what the message adds to the cause.
    var remedy: String {
        let text = findings.text(naming: cause)?.lowercased() ?? ""
        switch cause {
        case .imageCannotBePulled where text.contains("toomanyrequests") || text.contains("pull rate limit"):
            return "The registry limits anonymous pulls: give repositoryCredentials, or pull through a cache in ECR."
        case .imageCannotBePulled where text.contains("timeout") || text.contains("i/o timeout"):
            return Cause.registryUnreachable.remedy
        case .noCapacity where isOnFargate:
            return "Wait or use other zones, a larger quota of Fargate vCPUs, or FARGATE beside FARGATE_SPOT."
        case .containerExits where findings.task(showing: cause)?.ended?.exitCode == 0:
            return "A service's essential containers have to keep running: start the program in the foreground, or run "
                + "this as a task, not as a service."
        default: return cause.remedy
        }
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
        findings.task(showing: cause)?.container(showing: cause)
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
        guard let text = findings.text(naming: cause) else { return "." }
        return ": " + Excerpt.sentenceEnd(Excerpt.bounded(Excerpt.core(of: text), to: Limits.quotationLength))
    }

    private var outOfMemory: String {
        if findings.text(naming: .outOfMemory) != nil { return "\(container) used more memory than it may." }
        return "\(container) was killed (exit code 137), most likely because it used more memory than it may."
    }

    private var exits: String {
        guard let ended = findings.task(showing: cause)?.ended, let code = ended.exitCode else {
            return "A container of the task ended by itself."
        }
        let detail =
            ended.reason.isEmpty
            ? "."
            : ": "
                + Excerpt.sentenceEnd(
                    Excerpt.bounded(Excerpt.core(of: ended.reason), to: Limits.quotationLength))
        return "\(container) exited with code \(code)\(detail)"
    }

    /// The load balancer's words: `due to (reason Health checks failed with these codes: [503])`.
    private var targetReason: String {
        guard let text = findings.messages.first(where: { Signs.cause(of: $0) == cause && $0.contains("(reason ") }),
            let start = text.firstRange(of: "(reason ")
        else { return "" }
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
}

/// Cutting texts of others to what can be shown.
enum Excerpt {
    /// One line without control characters, at most `length` characters long.
    static func bounded(_ text: String, to length: Int) -> String {
        // Cut generously first: what follows goes through every character.
        let line = text.prefix(length * 4).map { character in
            character.isNewline || character.unicodeScalars.contains { $0.properties.generalCategory == .control }
                ? " " : character
        }
        let words = String(line).split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        return words.count <= length ? words : words.prefix(length - 1) + "…"
    }

    /// The message without ECS's subject and error names: `(service web) (task 1) …`, `CannotPullContainerError: …`.
    static func core(of text: String) -> String {
        var rest = text[...]
        while let first = rest.first, first == "(",
            rest.hasPrefix("(service ") || rest.hasPrefix("(task ")
                || rest.hasPrefix("(deployment "), let close = rest.firstIndex(of: ")")
        {
            rest = rest[rest.index(after: close)...].drop { $0 == " " }
        }
        if let colon = rest.firstIndex(of: ":"), rest[..<colon].hasSuffix("Error"), !rest[..<colon].contains(" ") {
            rest = rest[rest.index(after: colon)...].drop { $0 == " " }
        }
        return String(rest)
    }

    /// The text with a full stop, unless it ends in one.
    static func sentenceEnd(_ text: String) -> String {
        guard let last = text.last else { return text }
        return ".!?…".contains(last) ? text : text + "."
    }

    /// For comparison only: two messages that differ in the ids of tasks say one thing.
    static func withoutIdentifiers(_ text: String) -> String {
        text.split(separator: " ").map { word in
            let hexadecimal = word.filter(\.isHexDigit).count
            return hexadecimal >= 16 ? "#" : String(word)
        }
        .joined(separator: " ")
    }
}
