import MooringModel
import MooringNames
import MooringReconciliation
import MooringSimulator

/// Makes a plan of commits, faults and one kill of a seed: what people do to a repository in an hour, badly timed.
struct SeededWorld {
    let seed: UInt64
    private var draws = 0

    init(seed: UInt64) { self.seed = seed }

    private mutating func draw(below bound: Int) -> Int {
        draws += 1
        return Int(KeyedRandom(seed: seed, purpose: "world").value(ordinal: draws) % UInt64(bound))
    }

    /// Three services, then up to five commits that change images (some cannot be pulled), counts, and take changes back.
    mutating func plan() -> SimulationPlan {
        var plan = SimulationPlan(seed: seed, commits: [], killAtEffect: nil)
        var world = ["web": Service(), "api": Service(), "worker": Service(desired: 1)]
        var files = render(world)
        plan.commits.append((at: 0, files: files, subject: "begin"))
        var at: Int64 = 0
        var earlier: [[String: Service]] = []
        for number in 1...(1 + draw(below: 5)) {
            at += Int64(5_000 + draw(below: 900_000))
            let name = ["api", "web", "worker"][draw(below: 3)]
            let before = world
            switch draw(below: 6) {
            case 0, 1: world[name]?.image = "acme/\(name):v\(number)"
            case 2: world[name]?.image = "acme/\(name):v\(number)-bad"
            case 3: world[name]?.desired = 1 + draw(below: 4)
            case 4: if let last = earlier.popLast() { world = last }
            default: world[name]?.comment = "note \(number)"
            }
            if world != before { earlier.append(before) }
            files = render(world)
            plan.commits.append((at: at, files: files, subject: "change \(number)"))
        }
        plan.killAtEffect = 1 + draw(below: 160)
        plan.killsAfterPerforming = draw(below: 2) == 0
        plan.losesDisk = draw(below: 2) == 0
        return plan
    }

    /// What goes wrong on the way to ECS and back, in a thousand calls each.
    mutating func faults() -> [FaultRule] {
        [
            FaultRule("*", .perMille([0, 0, 20, 60][draw(below: 4)]), .lostResponse),
            FaultRule("*", .perMille([0, 0, 20, 100][draw(below: 4)]), .throttle),
            FaultRule("*", .perMille([0, 0, 20][draw(below: 3)]), .serverErrorAfterwards()),
            FaultRule("*", .perMille([0, 0, 10][draw(below: 3)]), .html()),
        ]
    }

    struct Service: Equatable {
        var image = "acme/app:v0"
        var desired = 2
        var comment = ""
    }

    private func render(_ services: [String: Service]) -> [String: String] {
        var files: [String: String] = [:]
        for (name, service) in services {
            files["production/\(name).task.json"] = """
                {"family": "\(name)", "memory": "512", "containerDefinitions": [
                  {"name": "main", "image": "\(service.image)", "memory": 256, "essential": true}]}
                """
            files["production/\(name).service.yaml"] = """
                # \(service.comment)
                serviceName: \(name)
                cluster: main
                taskDefinition: \(name).task.json
                desiredCount: \(service.desired)
                deploymentConfiguration:
                  deploymentCircuitBreaker: {enable: true, rollback: true}
                """
        }
        return files
    }
}
