import MooringShapes

/// Rules of memory and processor time, of the task and of its containers.
enum ResourceRules {
    static let all: [ProseRule<TaskDefinitionInput>] = [
        ProseRule(
            "memory-missing", .error,
            source: "ECS refuses: 'At least one of 'memory' or 'memoryReservation' must be specified.'"
        ) {
            task, report in
            // On Fargate the task's own memory is required, and another rule says so.
            guard task.value["memory"] == nil, !task.isFargate else { return }
            for container in task.containers
            where container.value["memory"] == nil && container.value["memoryReservation"] == nil {
                report.add(
                    "\(container.phrase) has neither 'memory' nor "
                        + "'memoryReservation', and the task has no 'memory'. Give "
                        + "one of them in MiB, as in 'memory: 512'.", at: container.value, container.path("memory"))
            }
        },
        ProseRule("memory-reservation", .error, source: "ECS refuses: 'memory' must be at least 'memoryReservation'") {
            task, report in
            for container in task.containers {
                guard let memory = container.value["memory"]?.integer,
                    let reservation = container.value["memoryReservation"]?.integer, reservation > memory
                else { continue }
                report.add(
                    "\(container.phrase) reserves \(reservation) MiB but may use only \(memory). Lower "
                        + "'memoryReservation' or raise 'memory'.", at: container.value["memoryReservation"],
                    container.path("memoryReservation"))
            }
        },
        ProseRule(
            "memory-too-small", .warning,
            source: "API reference, ContainerDefinition, memory: Docker takes at least 6 MiB"
        ) {
            task, report in
            for container in task.containers {
                for member in ["memory", "memoryReservation"] {
                    guard let value = container.value[member], let number = value.integer, number < 6 else { continue }
                    report.add(
                        "\(member) is \(number); it is counted in MiB, and Docker reserves at least 6.", at: value,
                        container.path(member))
                }
            }
        },
        ProseRule(
            "container-memory", .error, source: "ECS refuses a container's 'memory' that is greater than the task's"
        ) {
            task, report in
            guard let total = TaskSize.memory(task.value["memory"]) else { return }
            for container in task.containers {
                guard let memory = container.value["memory"]?.integer, memory > total else { continue }
                report.add(
                    "\(container.phrase) may use \(memory) MiB, the whole task only \(total). Lower it or raise the "
                        + "task's 'memory'.", at: container.value["memory"], container.path("memory"))
            }
        },
        ProseRule(
            "memory-sum", .warning,
            source: "API reference, ContainerDefinition, memory: the total must fit into the task's"
        ) {
            task, report in
            guard let total = TaskSize.memory(task.value["memory"]) else { return }
            let reserved = sum(
                task.containers.map { ($0.value["memoryReservation"] ?? $0.value["memory"])?.integer ?? 0 })
            guard reserved > total else { return }
            report.add(
                "The containers reserve \(reserved) MiB together, the "
                    + "task has \(total). Lower theirs or raise the task's "
                    + "'memory'.", at: task.value["memory"], "memory")
        },
        ProseRule("cpu-sum", .error, source: "ECS refuses: the sum of the containers' 'cpu' greater than the task's") {
            task, report in
            guard let total = TaskSize.cpu(task.value["cpu"]) else { return }
            let reserved = sum(task.containers.map { $0.value["cpu"]?.integer ?? 0 })
            guard reserved > total else { return }
            report.add(
                "The containers reserve \(reserved) CPU units together, "
                    + "the task has \(total). Lower theirs or raise the "
                    + "task's 'cpu'.", at: task.value["cpu"], "cpu")
        },
        ProseRule("task-size-spelling", .warning, source: "API reference, RegisterTaskDefinition, cpu and memory") {
            task, report in
            if let value = task.value["cpu"], value.settledText != nil, TaskSize.cpu(value) == nil {
                report.add(
                    "cpu takes CPU units ('512') or vCPUs ('0.5 vCPU'); "
                        + "ECS may not read '\(value.text?.shortened ?? "")'.",
                    at: value, "cpu")
            }
            if let value = task.value["memory"], value.settledText != nil, TaskSize.memory(value) == nil {
                report.add(
                    "memory takes MiB ('1024') or GB ('1 GB'); ECS may not read '\(value.text?.shortened ?? "")'.",
                    at: value, "memory")
            }
        },
        ProseRule("task-cpu-range", .warning, source: "API reference, RegisterTaskDefinition, cpu: 128 to 196608 units")
        {
            task, report in
            guard !task.isFargate, let units = TaskSize.cpu(task.value["cpu"]), !(128...196_608).contains(units) else {
                return
            }
            report.add(
                "cpu is \(units) units; ECS documents 128 (0.125 vCPU) to 196608 (192 vCPU). 1024 units are one vCPU.",
                at: task.value["cpu"], "cpu")
        },
    ]

    /// The sum of numbers that may be anything; too large to count is as large as can be.
    private static func sum(_ numbers: [Int]) -> Int {
        numbers.reduce(0) { total, number in
            let (sum, overflows) = total.addingReportingOverflow(max(0, number))
            return overflows ? .max : sum
        }
    }
}

/// How much of a processor and of memory a task has.
enum TaskSize {
    /// CPU units: `512`, `0.5 vCPU`, `.5vcpu`. Source: API reference, RegisterTaskDefinition, cpu.
    static func cpu(_ value: Value?) -> Int? { number(value, unit: "vcpu") }

    /// MiB: `1024`, `1 GB`, `1gb`. Source: API reference, RegisterTaskDefinition, memory.
    static func memory(_ value: Value?) -> Int? { number(value, unit: "gb") }

    private static func number(_ value: Value?, unit: String) -> Int? {
        guard let text = value?.text, text.utf8.count <= 20 else { return nil }
        if let number = Int(text) { return number >= 0 ? number : nil }
        let compact = text.lowercased().filter { $0 != " " }
        guard compact.hasSuffix(unit), let number = Double(compact.dropLast(unit.count)), number >= 0, number < 1e9
        else { return nil }
        return Int((number * 1024).rounded())
    }
}
