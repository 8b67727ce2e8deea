import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// Files that somebody broke in every way must never stop the process, nor slip through half read.
@Suite struct MutationTests {
    @Test func `no broken file stops the reader or breaks its promises`() throws {
        var random = SplitMix(state: 20_261_124)
        let samples = try self.samples()
        for round in 0..<3000 {
            let sample = samples[random.next(below: samples.count)]
            var bytes = sample.bytes
            for _ in 0...random.next(below: 4) { mutate(&bytes, with: &random, donors: samples) }
            let mutant = ManifestInput(path: sample.path, bytes: bytes)
            let healthy = ManifestInput(path: try TreePath("zz/healthy.yaml"), bytes: Array(Sample.healthy.utf8))
            let state = Manifests.desiredState(of: [mutant, healthy])
            check(state, round: round)
        }
    }

    @Test func `no broken base, overlay or variable stops the reader either`() throws {
        var random = SplitMix(state: 20_261_125)
        let samples = try [
            ("mooring.yaml", "variables: {image_tag: v1, count: 2, subnet: {fromParameter: /net/a}}\n"),
            ("base/task.yaml", Sample.taskDefinition.replacing("1.27", with: "${image_tag}")),
            ("base/service.yaml", "mooring: {base: more.yaml}\n\(Sample.service)\n"),
            ("base/more.yaml", "launchType: EC2\ntags: [{key: a, value: '${subnet}'}]\n"),
            ("t.yaml", "mooring: {base: base/task.yaml}\ncontainerDefinitions: [{name: app, memory: 64}]\n"),
            ("s.yaml", "mooring: {base: base/service.yaml#web}\ndesiredCount: ${count}\n"),
            ("run.yaml", Sample.run),
        ].map { ManifestInput(path: try TreePath($0.0), bytes: Array($0.1.utf8)) }
        for round in 0..<1500 {
            var files = samples
            let index = random.next(below: files.count)
            var bytes = files[index].bytes
            for _ in 0...random.next(below: 4) { mutate(&bytes, with: &random, donors: samples) }
            files[index] = ManifestInput(path: files[index].path, bytes: bytes)
            files.append(ManifestInput(path: try TreePath("zz/healthy.yaml"), bytes: Array(Sample.healthy.utf8)))
            let collection = ManifestCollection(of: files)
            #expect(collection.neededFiles.isEmpty)
            check(collection.desiredState(.asked(["/net/a": .value("x")])), round: round)
            _ = collection.desiredState(.offline)
        }
    }

    private func check(_ state: DesiredState, round: Int) {
        let services = Set(state.services.map(\.key))
        #expect(services.isDisjoint(with: state.badServices.map(\.key)), "round \(round)")
        #expect(services.count == state.services.count, "round \(round)")
        #expect(state.isComplete == !state.findings.contains { $0.severity == .error }, "round \(round)")
        let runs = Set(state.runs.map(\.node))
        #expect(runs.isDisjoint(with: state.badRuns.map(\.node)) && runs.count == state.runs.count, "round \(round)")
        let nodes = state.order.map(\.node)
        #expect(nodes == Set(nodes).sorted(), "round \(round)")
        #expect(runs.union(services.map { OrderNode.service($0) }).isSubset(of: nodes), "round \(round)")
        #expect(
            state.findings.allSatisfy { !$0.rule.isEmpty && !$0.message.isEmpty && $0.file != nil }, "round \(round)")
        let inputs =
            state.services.map(\.input) + state.taskDefinitions.map(\.input) + state.clusters.map(\.input)
            + state.runs.map(\.input) + state.services.compactMap(\.options.autoscaling?.target)
        #expect(!inputs.contains(where: hasUndecidedScalar), "round \(round)")
        // Unless the mutant has come to speak of it, the healthy neighbour is planned whatever happens beside it.
        let isNamedTwice = state.findings.contains { $0.rule.hasPrefix("duplicate-") }
        #expect(isNamedTwice || services.contains { $0.service.text == "healthy" }, "round \(round)")
    }

    @Test func `no bytes at all stop the reader`() throws {
        var random = SplitMix(state: 20_261_125)
        let paths = [try TreePath("x.yaml"), try TreePath("x.json"), try TreePath("mooring.yaml")]
        for round in 0..<2000 {
            // Half of them of few bytes only, so that they get further than the first.
            let alphabet = Array(#"{}[]:,"-&*!|>#%@ ab1\n"#.utf8)
            let bytes = (0..<random.next(below: 120)).map { _ in
                round % 2 == 0 ? UInt8(truncatingIfNeeded: random.next()) : alphabet[random.next(below: alphabet.count)]
            }
            let state = Manifests.desiredState(of: [ManifestInput(path: paths[round % 3], bytes: bytes)])
            #expect(state.services.isEmpty && state.taskDefinitions.isEmpty, "round \(round): \(bytes)")
        }
    }

    private func hasUndecidedScalar(_ value: Value) -> Bool {
        switch value.node {
        case .scalar(let scalar): scalar.style == .plain
        case .list(let elements): elements.contains(where: hasUndecidedScalar)
        case .map(let members): members.contains { hasUndecidedScalar($0.value) }
        }
    }

    private func mutate(_ bytes: inout [UInt8], with random: inout SplitMix, donors: [ManifestInput]) {
        let position = random.next(below: bytes.count + 1)
        let end = min(bytes.count, position + 1 + random.next(below: 40))
        switch random.next(below: 8) {
        case 0: bytes.removeSubrange(position..<end)
        case 1: bytes.insert(contentsOf: bytes[position..<end], at: position)
        case 2: bytes.insert(UInt8(truncatingIfNeeded: random.next()), at: position)
        case 3: bytes.removeSubrange(position...)
        case 4 where !bytes.isEmpty: bytes[min(position, bytes.count - 1)] ^= 1 << UInt8(random.next(below: 8))
        case 5:
            let donor = donors[random.next(below: donors.count)].bytes
            let start = random.next(below: donor.count + 1)
            bytes.insert(contentsOf: donor[start..<min(donor.count, start + random.next(below: 200))], at: position)
        default: bytes.insert(contentsOf: Self.tokens[random.next(below: Self.tokens.count)].utf8, at: position)
        }
    }

    private static let tokens = [
        "\n", "\t", ": ", "- ", "{", "}", "[", "]", "\"", "'", "&a ", "*a", "<<: *a\n", "!!str ", "!Ref x", "---\n",
        "|\n",
        "? ", "null", "~", "NO", "1e999", "-0", "99999999999999999999", "\\ud83d", "\u{FEFF}", "😀", "\u{0}", "//", "#",
        "${count}", "${", "$${image_tag}", "base: ../", "mooring: {base: s.yaml}\n", "mooring: {remove: true}", "#",
        "mooring:\n", "mooring: {pause: true}\n", "\"taskDefinition\": {", "services:\n", "tags: [{key: 'aws:x'}]\n",
        ",",
        "containerDefinitions: 5\n", "serviceName: healthy\n", "%YAML 9.9\n", "...\n",
    ]

    private func samples() throws -> [ManifestInput] {
        var samples = [
            ("task.yaml", Sample.taskDefinition), ("service.yaml", Sample.service), ("mooring.yml", "pause: true\n"),
            ("run.yaml", Sample.run), ("scaled.yaml", Sample.scaled),
            ("both.yaml", Sample.taskDefinition + "\n---\n" + Sample.service),
            (
                "task.json",
                #"{"family":"web","containerDefinitions":[{"name":"app","environment":[{"name":"A","value":"é"}]}]}"#
            ),
            (
                "describe.json",
                #"{"services":[{"serviceName":"a","taskDefinition":"a:1","desiredCount":1}],"failures":[]}"#
            ),
            (
                "alias.yaml",
                "x: &x {a: 1}\nserviceName: al\ntaskDefinition: a:1\ndesiredCount: 1\ntags: [{<<: *x, key: k}]\n"
            ),
        ].map { ($0.0, Array($0.1.utf8)) }
        // What breaks a rule takes the rules' own ways.
        for (index, entry) in ProseRuleTests.cases.enumerated() {
            let json = JSONWriter(index % 2 == 0 ? .compact : .indented)
            if let task = entry.bad.taskDefinition { samples.append(("t.json", Array(json.text(of: task).utf8))) }
            if let service = entry.bad.service { samples.append(("s.json", Array(json.text(of: service).utf8))) }
        }
        for entry in try Corpus.entries().prefix(60) { samples.append((entry.file, entry.bytes)) }
        return try samples.map { ManifestInput(path: try TreePath($0.0), bytes: $0.1) }
    }
}

extension Sample {
    fileprivate static let healthy = "serviceName: healthy\ntaskDefinition: healthy:1\ndesiredCount: 1\n"
}

/// A generator whose sequence only its seed decides.
private struct SplitMix {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func next(below bound: Int) -> Int { Int(next() % UInt64(max(1, bound))) }
}
