import MooringModel
import MooringShapes
import MooringTestSupport
import Testing

@testable import MooringPlanning

@Suite struct TaskDefinitionDifferenceTests {
    private func changes(_ wanted: Value, _ live: Value) -> [MemberChange] {
        TaskDefinitionDifference.changes(wanted: wanted, live: live)
    }

    private func changes(_ wanted: String, _ live: String) throws -> [MemberChange] {
        changes(try Samples.value(wanted), try Samples.value(live))
    }

    private func paths(_ wanted: String, _ live: String) throws -> [String] { try changes(wanted, live).map(\.path) }

    // MARK: Properties

    @Test func `what ECS makes of an input differs in nothing from it`() throws {
        let full = try Samples.fullTaskDefinition()
        for seed in 0..<400 {
            var generator = SplitMix64(seed: UInt64(seed))
            var wanted = seed == 0 ? full : Samples.part(of: full, using: &generator)
            wanted["networkMode"] = ["awsvpc", "host", "bridge", nil].randomElement(using: &generator) ?? nil
            if generator.chance(50) { wanted["cpu"] = "0.5 vCPU" }
            if generator.chance(50) { wanted["memory"] = "2GB" }
            if generator.chance(50) { wanted["taskRoleArn"] = "web-task" }
            let live = Echo.taskDefinition(wanted, using: &generator)
            #expect(changes(wanted, live) == [], "seed \(seed)")
        }
    }

    @Test func `every leaf that git changes is one change with the leaf's path`() throws {
        let full = try Samples.fullTaskDefinition()
        var generator = SplitMix64(seed: 1)
        let leaves = Leaves.taskDefinition.all(of: full).filter { !$0.path.hasPrefix("tags") }
        #expect(leaves.count > 140)
        for leaf in leaves {
            let live = Echo.taskDefinition(full, using: &generator)
            #expect(changes(leaf.changed, live).map(\.path) == [leaf.path])
        }
    }

    @Test func `every leaf that a person changes in ECS is one change with the leaf's path`() throws {
        let full = try Samples.fullTaskDefinition()
        var generator = SplitMix64(seed: 2)
        for leaf in Leaves.taskDefinition.all(of: full) where !leaf.path.hasPrefix("tags") {
            let live = Echo.taskDefinition(leaf.changed, using: &generator)
            #expect(changes(full, live).map(\.path) == [leaf.path])
        }
    }

    @Test func `every known member that git no longer has is a change, unless it said what ECS says anyway`() throws {
        let full = try Samples.fullTaskDefinition()
        var generator = SplitMix64(seed: 3)
        let live = Echo.taskDefinition(full, using: &generator)
        for member in full.members ?? [] where !["tags", "newestMember"].contains(member.name) {
            var wanted = full
            wanted[member.name] = nil
            #expect(!changes(wanted, live).isEmpty, "\(member.name)")
        }
        let container = try #require(full["containerDefinitions"]?[0])
        for member in container.members ?? [] where member.name != "essential" {
            var without = container
            without[member.name] = nil
            var wanted = full
            wanted["containerDefinitions"] = .list(
                [without] + (full["containerDefinitions"]?.elements ?? []).dropFirst())
            #expect(!changes(wanted, live).isEmpty, "\(member.name)")
        }
    }

    @Test func `the comparison never fails, whatever stands where`() throws {
        let full = try Samples.fullTaskDefinition()
        let odd: [Value] = [.null, 1, "x", [], [1], .map([]), ["a": .null], [.map([]), .null]]
        for (index, member) in (full.members ?? []).enumerated() {
            var document = full
            document[member.name] = odd[index % odd.count]
            _ = changes(document, full)
            _ = changes(full, document)
            _ = TaskDefinitionDigest.digest(of: document)
        }
        for value in odd {
            _ = changes(value, full)
            _ = changes(full, value)
            _ = TaskDefinitionDigest.digest(of: value)
        }
    }

    // MARK: Defaults

    @Test func `a default counts only where the live value equals it`() throws {
        let wanted = #"{"containerDefinitions": [{"name": "a"}]}"#
        #expect(try paths(wanted, #"{"containerDefinitions": [{"name": "a", "essential": true, "cpu": 0}]}"#) == [])
        let change = try #require(
            try changes(wanted, #"{"containerDefinitions": [{"name": "a", "essential": false}]}"#).first)
        #expect(change == MemberChange(path: "containerDefinitions[a].essential", live: false, wanted: true))
    }

    @Test(arguments: [
        ("awsvpc", #"{"containerPort": 80}"#, #"{"containerPort": 80, "hostPort": 80, "protocol": "tcp"}"#, true),
        ("awsvpc", #"{"containerPort": 80, "hostPort": 0}"#, #"{"containerPort": 80, "hostPort": 80}"#, true),
        ("host", #"{"containerPort": 80}"#, #"{"containerPort": 80, "hostPort": 80}"#, true),
        ("bridge", #"{"containerPort": 80}"#, #"{"containerPort": 80, "hostPort": 0, "protocol": "tcp"}"#, true),
        ("bridge", #"{"containerPort": 80}"#, #"{"containerPort": 80, "hostPort": 80}"#, false),
        ("bridge", #"{"containerPort": 80, "hostPort": 80}"#, #"{"containerPort": 80, "hostPort": 0}"#, false),
    ])
    func `the host port follows the network mode`(mode: String, wanted: String, live: String, areSame: Bool) throws {
        func document(_ mapping: String) -> String {
            #"{"networkMode": "\#(mode)", "containerDefinitions": [{"name": "a", "portMappings": [\#(mapping)]}]}"#
        }
        let expected = areSame ? [] : ["containerDefinitions[a].portMappings[80].hostPort"]
        #expect(try paths(document(wanted), document(live)) == expected)
    }

    @Test func `changing the network mode is one change although host ports follow it`() throws {
        let mapping = #""containerDefinitions": [{"name": "a", "portMappings": [{"containerPort": 80"#
        let bridge = #"{"networkMode": "bridge", \#(mapping), "hostPort": 0}]}]}"#
        let awsvpc = #"{"networkMode": "awsvpc", \#(mapping), "hostPort": 80}]}]}"#
        #expect(try paths(#"{"networkMode": "awsvpc", \#(mapping)}]}]}"#, bridge) == ["networkMode"])
        #expect(try paths(#"{\#(mapping)}]}]}"#, awsvpc) == ["networkMode"])
    }

    @Test func `one container port on two host ports is two mappings`() throws {
        func document(_ ports: [Int]) -> String {
            let mappings = ports.map { #"{"containerPort": 80, "hostPort": \#($0)}"# }.joined(separator: ",")
            return #"{"containerDefinitions": [{"name": "a", "portMappings": [\#(mappings)]}]}"#
        }
        let wanted = document([81, 82])
        let live = document([82, 83])
        #expect(try paths(wanted, wanted) == [])
        #expect(try paths(wanted, live) == ["containerDefinitions[a].portMappings[80#1].hostPort"])
    }

    @Test(arguments: [
        ("1 vCPU", "1024"), (".25vcpu", "256"), ("0.5 VCPU", "512"), ("256", "256"), ("16 vCPU", "16384"),
    ])
    func `processor units have several spellings`(spelling: String, digits: String) {
        #expect(changes(["cpu": .string(spelling)], ["cpu": .string(digits)]) == [])
        #expect(
            changes(["cpu": .string(spelling)], ["cpu": "1"])
                == [MemberChange(path: "cpu", live: "1", wanted: .string(digits))])
    }

    @Test(arguments: [("2 GB", "2048"), ("0.5GB", "512"), ("1gb", "1024"), ("30720", "30720")])
    func `memory has several spellings`(spelling: String, digits: String) {
        #expect(changes(["memory": .string(spelling)], ["memory": .string(digits)]) == [])
    }

    @Test func `a number and its text are the same`() throws {
        #expect(try paths(#"{"cpu": 256, "revisionless": 1.0}"#, #"{"cpu": "256", "revisionless": 1}"#) == [])
        #expect(
            try paths(
                #"{"containerDefinitions": [{"name": "a", "memory": 1e3}]}"#,
                #"{"containerDefinitions": [{"name": "a", "memory": 1000}]}"#) == [])
    }

    @Test func `empty environment values count, empty lists do not`() throws {
        let without = #"{"containerDefinitions": [{"name": "a"}]}"#
        let empty = #"{"containerDefinitions": [{"name": "a", "environment": [], "command": [], "dockerLabels": {}}]}"#
        let value = #"{"containerDefinitions": [{"name": "a", "environment": [{"name": "X", "value": ""}]}]}"#
        #expect(try paths(without, empty) == [])
        #expect(try paths(empty, without) == [])
        #expect(
            try changes(value, without)
                == [MemberChange(path: "containerDefinitions[a].environment[X]", live: nil, wanted: "")])
    }

    @Test func `runtime platform defaults hold on Fargate only`() throws {
        let platform = #""runtimePlatform": {"cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"}"#
        #expect(
            try paths(
                #"{"requiresCompatibilities": ["FARGATE"], \#(platform)}"#, #"{"requiresCompatibilities": ["FARGATE"]}"#
            )
                == [])
        #expect(
            try paths(#"{"requiresCompatibilities": ["EC2"], \#(platform)}"#, #"{"requiresCompatibilities": ["EC2"]}"#)
                == ["runtimePlatform.cpuArchitecture", "runtimePlatform.operatingSystemFamily"])
    }

    // MARK: Lists

    @Test func `order counts where it means something`() throws {
        func document(_ member: String) -> String { #"{"containerDefinitions": [{"name": "a", \#(member)}]}"# }
        let ordered = [
            (#""command": ["a", "b"]"#, #""command": ["b", "a"]"#, "command"),
            (#""entryPoint": ["a", "b"]"#, #""entryPoint": ["b", "a"]"#, "entryPoint"),
            (
                #""dependsOn": [{"containerName": "x"}, {"containerName": "y"}]"#,
                #""dependsOn": [{"containerName": "y"}, {"containerName": "x"}]"#,
                "dependsOn"
            ),
        ]
        for (wanted, live, member) in ordered {
            #expect(try paths(document(wanted), document(live)) == ["containerDefinitions[a].\(member)"])
        }
        #expect(try paths(document(#""links": ["a", "b"]"#), document(#""links": ["b", "a"]"#)) == [])
    }

    @Test func `a container more or less is one change`() throws {
        let two = #"{"containerDefinitions": [{"name": "a", "image": "i"}, {"name": "b", "image": "j"}]}"#
        let one = #"{"containerDefinitions": [{"name": "a", "image": "i"}]}"#
        let element: Value = ["name": "b", "image": "j"]
        #expect(
            try changes(two, one) == [MemberChange(path: "containerDefinitions[b]", live: nil, wanted: element)])
        #expect(
            try changes(one, two) == [MemberChange(path: "containerDefinitions[b]", live: element, wanted: nil)])
    }

    @Test func `of two variables with one name the later counts`() throws {
        func document(_ values: [Int]) -> String {
            let pairs = values.map { #"{"name": "X", "value": "\#($0)"}"# }.joined(separator: ",")
            return #"{"containerDefinitions": [{"name": "a", "environment": [\#(pairs)]}]}"#
        }
        let wanted = document([1, 2])
        let live = document([2])
        #expect(try paths(wanted, live) == [])
    }

    @Test func `changes come in the order of their paths, whatever the order of members`() throws {
        let wanted = #"{"pidMode": "task", "cpu": "1", "family": "b"}"#
        #expect(try paths(wanted, #"{"family": "a", "cpu": "2"}"#) == ["cpu", "family", "pidMode"])
    }

    // MARK: Names and unknown members

    @Test func `a role is the same by name and by ARN`() throws {
        let arn = #"{"taskRoleArn": "arn:aws:iam::123456789012:role/team/web"}"#
        #expect(try paths(#"{"taskRoleArn": "web"}"#, arn) == [])
        #expect(try paths(#"{"taskRoleArn": "team/web"}"#, arn) == [])
        #expect(try paths(#"{"taskRoleArn": "eb"}"#, arn) == ["taskRoleArn"])
        #expect(try paths(#"{"taskRoleArn": "arn:aws:iam::210987654321:role/team/web"}"#, arn) == ["taskRoleArn"])
    }

    @Test func `an unknown member takes part where git has it`() throws {
        #expect(try paths(#"{"new": {"a": 1}}"#, #"{"new": {"a": 2, "filledIn": true}}"#) == ["new.a"])
        #expect(try paths(#"{"new": {"a": 1}}"#, #"{"new": {"a": 1, "filledIn": true}}"#) == [])
        #expect(try paths(#"{"new": {"a": 1}}"#, "{}") == ["new.a"])
        #expect(try paths("{}", #"{"new": {"a": 1}}"#) == [])
    }

    @Test func `a member that ECS ignores does not differ from what was registered with it`() throws {
        let wanted = try Samples.value(#"{"enviroment": [{"name": "X"}], "cpu": "256"}"#)
        let live = try Samples.value(#"{"cpu": "256"}"#)
        #expect(changes(wanted, live).map(\.path) == ["enviroment"])
        #expect(TaskDefinitionDifference.changes(wanted: wanted, live: live, isRegisteredFromWanted: true) == [])
        let other = try Samples.value(#"{"cpu": "512"}"#)
        #expect(
            TaskDefinitionDifference.changes(wanted: wanted, live: other, isRegisteredFromWanted: true).map(\.path)
                == ["cpu"])
    }
}
