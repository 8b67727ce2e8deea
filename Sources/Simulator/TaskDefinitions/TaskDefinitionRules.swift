import MooringShapes

/// What RegisterTaskDefinition refuses. Messages with a source are AWS's; the others are worded alike.
enum TaskDefinitionRules {
    /// Checks the whole input.
    ///
    /// - Returns: the family.
    static func check(_ input: Input) throws(APIError) -> String {
        guard let family = try input.string("family"), !family.isEmpty else {
            throw .client("Family should not be null or empty.")
        }
        guard family.utf8.count <= 255, Names.isWordOrHyphen(family) else {
            throw .client("Family contains invalid characters.")
        }
        guard let containers = try input.maps("containerDefinitions"), !containers.isEmpty else {
            throw .client("Container definitions should not be empty.")
        }
        // Source: Developer Guide, service quotas.
        if containers.count > Limits.containersPerTaskDefinition {
            throw .client("Too many container definitions: at most \(Limits.containersPerTaskDefinition) are allowed.")
        }
        let mode = try input.string("networkMode")
        if let mode, !["bridge", "host", "awsvpc", "none"].contains(mode) {
            throw .client("Invalid 'networkMode' setting: \(mode).")
        }
        let requires = try input.strings("requiresCompatibilities") ?? []
        for compatibility in requires
        where !["EC2", "FARGATE", "EXTERNAL", "MANAGED_INSTANCES"].contains(compatibility) {
            throw .client("Invalid 'requiresCompatibilities' setting: \(compatibility).")
        }
        let taskMemory = try input.string("memory")
        var names: [String] = []
        for container in containers {
            try check(container, names: &names, mode: mode, hasTaskMemory: taskMemory != nil)
        }
        var hasEssential = false
        for container in containers where try container.boolean("essential") ?? true { hasEssential = true }
        if !hasEssential { throw .client("A task definition must have at least one essential container.") }
        if requires.contains("FARGATE") { try checkFargate(input, containers: containers, mode: mode) }
        try checkTogether(input, containers, isFargate: requires.contains("FARGATE"))
        _ = try input.maps("volumes")
        if JSONWriter(.compact).text(of: input.value).utf8.count > Limits.taskDefinitionBytes {
            throw .client("The task definition is larger than \(Limits.taskDefinitionBytes) bytes.")
        }
        return family
    }

    private static func check(
        _ container: Input, names: inout [String], mode: String?, hasTaskMemory: Bool,
    ) throws(APIError) {
        guard let name = try container.string("name"), !name.isEmpty else {
            throw .client("Container.name should not be null or empty.")
        }
        guard name.utf8.count <= 255, Names.isWordOrHyphen(name) else {
            throw .client("Container.name contains invalid characters.")
        }
        if names.contains(name) { throw .client("Container.name should be unique: \(name).") }
        names.append(name)
        guard let image = try container.string("image"), !image.isEmpty else {
            throw .client("Container.image should not be null or empty.")
        }
        if image.contains(where: \.isWhitespace) { throw .client("Container.image contains invalid characters.") }
        let memory = try container.integer("memory")
        let reservation = try container.integer("memoryReservation")
        if !hasTaskMemory, memory == nil, reservation == nil {
            throw .client(
                "Invalid setting for container '\(name)'. At least one of 'memory' or 'memoryReservation' must be specified."
            )
        }
        _ = try container.integer("cpu")
        for mapping in try container.maps("portMappings") ?? [] {
            let port = try mapping.integer("containerPort")
            let host = try mapping.integer("hostPort")
            if let port, !(1...65535).contains(port) { throw .client("Invalid container port: \(port).") }
            if mode == "awsvpc", let host, host != 0, let port, host != port {
                throw .client(
                    "When networkMode=awsvpc, the host ports and container ports in port mappings must match.")
            }
        }
        if let check = try container.map("healthCheck") { try checkHealth(try Input(check)) }
        for entry in try container.maps("environment") ?? [] {
            _ = try entry.string("name")
            _ = try entry.string("value")
        }
        for secret in try container.maps("secrets") ?? [] {
            guard try secret.string("name") != nil, try secret.string("valueFrom") != nil else {
                throw .client("Secret should have both a name and a valueFrom.")
            }
        }
    }

    /// Source of the ranges: API reference, HealthCheck. The words are ours.
    private static func checkHealth(_ check: Input) throws(APIError) {
        guard let command = try check.strings("command"), !command.isEmpty else {
            throw .client("Invalid 'healthCheck' setting: the command should not be empty.")
        }
        let ranges: [(name: String, range: ClosedRange<Int>)] = [
            ("interval", 5...300), ("timeout", 2...120), ("retries", 1...10), ("startPeriod", 0...300),
        ]
        for (name, range) in ranges {
            if let number = try check.integer(name), !range.contains(number) {
                throw .client(
                    "Invalid 'healthCheck' setting: \(name) must be between \(range.lowerBound) and \(range.upperBound)."
                )
            }
        }
    }

    // MARK: Fargate

    private static func checkFargate(_ input: Input, containers: [Input], mode: String?) throws(APIError) {
        guard mode == "awsvpc" else { throw .client("Fargate only supports network mode ‘awsvpc’.") }
        guard let cpuText = try input.string("cpu"), let memoryText = try input.string("memory") else {
            throw .client("Fargate requires that 'cpu' and 'memory' be defined at the task level.")
        }
        let cpu = number(cpuText, unit: "vcpu")
        let memory = number(memoryText, unit: "gb")
        guard let cpu, let memory, isFargateSize(cpu: cpu, memory: memory) else {
            // Source: `errors.tsv`, record 28070330355.
            throw .client("No Fargate configuration exists for given values.")
        }
        guard try input.string("executionRoleArn") == nil else { return }
        for container in containers {
            if try container.map("logConfiguration")?["logDriver"]?.text == "awslogs" {
                // Source: `errors.tsv`, record 20282052319.
                throw .client(
                    "Fargate requires task definition to have execution role ARN to support log driver awslogs.")
            }
            if try container.string("image")?.contains(".dkr.ecr.") == true {
                // Source: `errors.tsv`, record 26118325742.
                throw .client("Fargate requires task definition to have execution role ARN to support ECR images.")
            }
        }
    }

    /// A task's size in CPU units or MiB, however it is written; nil where it is none.
    static func number(_ text: String, unit: String) -> Int? {
        if let number = Int(text) { return number }
        let compact = text.lowercased().filter { $0 != " " }
        guard compact.hasSuffix(unit), let number = Double(compact.dropLast(unit.count)) else { return nil }
        return Int(exactly: (number * 1024).rounded())
    }

    /// Source: Developer Guide, "Task size" of Fargate: memory in MiB for each CPU value.
    private static func isFargateSize(cpu: Int, memory: Int) -> Bool {
        func steps(_ range: ClosedRange<Int>, _ step: Int) -> Bool {
            range.contains(memory) && (memory - range.lowerBound) % step == 0
        }
        switch cpu {
        case 256: return [512, 1024, 2048].contains(memory)
        case 512: return steps(1024...4096, 1024)
        case 1024: return steps(2048...8192, 1024)
        case 2048: return steps(4096...16384, 1024)
        case 4096: return steps(8192...30720, 1024)
        case 8192: return steps(16384...61440, 4096)
        case 16384: return steps(32768...122_880, 8192)
        default: return false
        }
    }
}
