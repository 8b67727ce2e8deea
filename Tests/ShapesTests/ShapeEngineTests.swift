import MooringShapes
import Testing

@Suite struct ShapeEngineTests {
    /// A finding, as the tests compare it.
    struct Told: Equatable, CustomStringConvertible {
        let severity: Severity
        let rule: String
        let path: String
        let place: String

        init(_ severity: Severity, _ rule: String, _ path: String, _ place: String) {
            self.severity = severity
            self.rule = rule
            self.path = path
            self.place = place
        }

        init(_ finding: ShapeFinding) {
            self.init(
                finding.severity, finding.rule, finding.memberPath, finding.position?.description ?? "nowhere")
        }

        var description: String { "\(place) \(severity) \(rule) \(path)" }
    }

    private func coerce(
        _ text: String, to name: String = "RegisterTaskDefinitionRequest",
    ) throws -> (value: Value, findings: [ShapeFinding]) {
        try #require(ShapeTable.ecs.coerce(try JSONReader.value(of: text), to: name))
    }

    private func plain(_ text: String) -> Value { Value(.scalar(Scalar(text: text, style: .plain))) }

    /// A container with one member.
    private func container(_ member: String, _ value: Value) throws -> (value: Value?, findings: [ShapeFinding]) {
        let result = try #require(ShapeTable.ecs.coerce(.map([(member, value)]), to: "ContainerDefinition"))
        return (result.value[member], result.findings)
    }

    // MARK: Scalars

    @Test(arguments: ["NO", "yes", "on", "022", "1e3", "1.10", "2026-11-24", "0x1F", "1_000", "true", "256", "null "])
    func `plain text stays what it says where the member is a text`(_ text: String) throws {
        let result = try container("image", plain(text))
        #expect(result.value == .string(text))
        #expect(result.findings.isEmpty)
    }

    @Test func `numbers and booleans of JSON become text with a remark, spelling kept`() throws {
        let result = try coerce(
            #"{"family":"web","cpu":256,"containerDefinitions":[{"environment":[{"name":"A","value":1.50},{"name":"B","value":true}]}]}"#
        )
        #expect(result.value["cpu"] == "256")
        let environment = result.value["containerDefinitions"]?[0]?["environment"]
        #expect(environment?[0]?["value"] == "1.50")
        #expect(environment?[1]?["value"] == "true")
        #expect(
            result.findings.map { "\($0.severity) \($0.rule)" } == Array(repeating: "remark coerced-scalar", count: 3))
        #expect(
            result.findings.last?.memberPath == "containerDefinitions[0].environment[1].value")
    }

    @Test func `a number in quotes becomes a number with a remark`() throws {
        let result = try coerce(
            """
            {"family": "web",
             "containerDefinitions": [{"portMappings": [{}, {"containerPort": 80,
               "hostPort": "80"}]}]}
            """)
        #expect(result.value["containerDefinitions"]?[0]?["portMappings"]?[1]?["hostPort"] == 80)
        #expect(
            result.findings.map(Told.init) == [
                Told(.remark, "coerced-scalar", "containerDefinitions[0].portMappings[1].hostPort", "3:16")
            ])
    }

    @Test(arguments: [("80", "80", 0), ("80.0", "80", 1), ("1e3", "1000", 1), ("-1", "-1", 0), ("-0", "0", 1)])
    func `whole numbers have one spelling`(_ text: String, _ spelling: String, _ remarks: Int) throws {
        let result = try container("cpu", plain(text))
        #expect(result.value?.scalar == Scalar(text: spelling, style: .number))
        #expect(result.findings.map(\.severity) == Array(repeating: .remark, count: remarks))
    }

    @Test(arguments: [
        "022", "0x1F", "1_000", "abc", "1.5", "", "+5", "NaN", "inf", "true", "99999999999999999999", "٣",
    ])
    func `what is no whole number is refused`(_ text: String) throws {
        let result = try container("cpu", plain(text))
        #expect(result.findings.map(\.rule) == ["wrong-type"])
        #expect(result.findings.first?.severity == .error)
    }

    @Test func `a number beyond its bits or bounds is refused`() throws {
        #expect(try container("cpu", plain("2147483648")).findings.map(\.rule) == ["out-of-range"])
        let port = try #require(
            ShapeTable.ecs.coerce(["ingressPortOverride": 70_000, "portName": "x"], to: "ServiceConnectService"))
        #expect(port.findings.first?.message == "ingressPortOverride is 70000; the API takes 0 to 65535.")
    }

    @Test(arguments: [
        ("true", true, 0), ("false", false, 0), ("yes", true, 1), ("NO", false, 1), ("On", true, 1), ("True", true, 1),
    ])
    func `booleans take YAML's words with a remark`(_ text: String, _ flag: Bool, _ remarks: Int) throws {
        let result = try container("essential", plain(text))
        #expect(result.value == .boolean(flag))
        #expect(result.findings.map(\.rule) == Array(repeating: "coerced-scalar", count: remarks))
    }

    @Test(arguments: ["1", "0", "maybe", "\"\""])
    func `what is neither true nor false is refused`(_ text: String) throws {
        #expect(try container("essential", plain(text)).findings.map(\.rule) == ["wrong-type"])
    }

    @Test func `numbers with a fraction have one spelling too`() throws {
        let table = ShapeTable.ecs
        let spelled = try ["10", "10.0", "1e1"].map { text in
            try #require(table.coerce(.map([("stepPercent", plain(text))]), to: "LinearConfiguration")).value
        }
        #expect(Set(spelled).count == 1)
        #expect(spelled.first?["stepPercent"]?.scalar == Scalar(text: "10", style: .number))
    }

    // MARK: Members

    @Test func `unknown members are passed on with a warning and a suggestion`() throws {
        let result = try coerce(
            """
            {"family": "web", "containerDefinitions": [
              {"name": "app", "memroy": 512, "newThing": {"a": [1]}}
            ]}
            """)
        #expect(result.value["containerDefinitions"]?[0]?["memroy"] == 512)
        #expect(result.value["containerDefinitions"]?[0]?["newThing"]?["a"]?[0] == 1)
        #expect(
            result.findings.map(Told.init) == [
                Told(.warning, "unknown-member", "containerDefinitions[0].memroy", "2:19"),
                Told(.warning, "unknown-member", "containerDefinitions[0].newThing", "2:34"),
            ])
        #expect(result.findings.first?.message.hasSuffix("Did you mean 'memory'?") == true)
        #expect(result.findings.last?.message.contains("Did you mean") == false)
    }

    @Test func `plain values of unknown members are typed as JSON would`() throws {
        let value = Value.map([("x", .list([plain("1"), plain("true"), plain("NO"), plain("1.10"), plain("022")]))])
        let result = try #require(ShapeTable.ecs.coerce(value, to: "KeyValuePair"))
        let styles = result.value["x"]?.elements?.compactMap(\.scalar?.style)
        #expect(styles == [.number, .boolean, .string, .number, .string])
    }

    @Test func `missing members, enums, lengths and characters are all reported at once`() throws {
        let result = try coerce(
            """
            {"networkMode": "AWSVPC",
             "containerDefinitions": [{"dependsOn": [{"containerName": "a"}]}],
             "tags": [{"key": "", "value": "a{b"}]}
            """)
        #expect(
            result.findings.map(Told.init) == [
                Told(.error, "not-in-enum", "networkMode", "1:17"),
                Told(.error, "missing-member", "containerDefinitions[0].dependsOn[0].condition", "2:42"),
                Told(.error, "wrong-length", "tags[0].key", "3:19"),
                Told(.error, "wrong-characters", "tags[0].value", "3:32"),
                Told(.error, "missing-member", "family", "1:1"),
            ])
        #expect(result.findings.first?.message.hasSuffix("Did you mean 'awsvpc'?") == true)
        #expect(
            result.findings[1].message
                == "containerDefinitions[0].dependsOn[0] has no 'condition', which the API requires. Add it.")
    }

    @Test func `nulls count as absent, also where the member is required`() throws {
        let result = try coerce(#"{"family": null, "cpu": null, "containerDefinitions": [], "tags": [null]}"#)
        #expect(result.value == ["containerDefinitions": [], "tags": []])
        #expect(
            result.findings.map(Told.init) == [
                Told(.error, "null-element", "tags[0]", "1:68"),
                Told(.error, "missing-member", "family", "1:1"),
                Told(.remark, "null-member", "family", "1:2"),
            ])
        #expect(result.findings.last?.message == "family, cpu are null and count as absent.")
    }

    @Test func `an empty enum counts as absent`() throws {
        let result = try coerce(#"{"family":"web","containerDefinitions":[],"pidMode":""}"#)
        #expect(result.value["pidMode"] == nil)
        #expect(result.findings.map(\.rule) == ["empty-enum"])
    }

    @Test(arguments: [
        (#"{"family":"web","containerDefinitions":{}}"#, "containerDefinitions"),
        (#"{"family":["web"],"containerDefinitions":[]}"#, "family"),
        (#"{"family":"web","containerDefinitions":[[]]}"#, "containerDefinitions[0]"),
        (#"{"family":"web","containerDefinitions":[{"command":"echo hi"}]}"#, "containerDefinitions[0].command"),
        (#"{"family":"web","containerDefinitions":[{"dockerLabels":[]}]}"#, "containerDefinitions[0].dockerLabels"),
        ("[]", ""),
    ])
    func `a wrong container is refused`(_ text: String, _ path: String) throws {
        let findings = try coerce(text).findings
        #expect(findings.map(\.rule) == ["wrong-container"])
        #expect(findings.first?.severity == .error)
        #expect(findings.first?.memberPath == path)
    }

    @Test func `values never appear in messages about containers`() throws {
        let result = try coerce(
            #"{"family":"web","containerDefinitions":[{"environment":{"PASSWORD":"hunter2"},"secrets":"hunter2"}]}"#)
        #expect(result.findings.count == 2)
        #expect(!result.findings.contains { $0.message.contains("hunter2") })
    }

    @Test func `a document shape takes anything`() throws {
        let value = Value.map([("lifecycleStages", ["PRE_SCALE_UP"]), ("hookDetails", .map([("n", plain("1"))]))])
        let result = try #require(ShapeTable.ecs.coerce(value, to: "DeploymentLifecycleHook"))
        #expect(result.value["hookDetails"]?["n"] == 1)
        #expect(result.findings.isEmpty)
    }

    @Test func `after coercion no scalar is plain and positions are kept`() throws {
        let value = Value.map([
            ("family", plain("web")),
            ("containerDefinitions", .list([.map([("cpu", plain("1")), ("x", plain("y"))])])),
        ])
        let result = try #require(ShapeTable.ecs.coerce(value, to: "RegisterTaskDefinitionRequest"))
        func hasPlain(_ value: Value) -> Bool {
            switch value.node {
            case .scalar(let scalar): scalar.style == .plain
            case .list(let elements): elements.contains(where: hasPlain)
            case .map(let members): members.contains { hasPlain($0.value) }
            }
        }
        #expect(!hasPlain(result.value))
        let placed = try coerce("{\"family\":\n \"web\", \"containerDefinitions\": []}")
        #expect(placed.value["family"]?.position == SourcePosition(line: 2, column: 2))
    }

    @Test func `a document that is wrong everywhere gets a bounded number of findings`() throws {
        let members = (0..<5000).map { ("member\($0)", Value.integer($0)) }
        let findings = try #require(ShapeTable.ecs.coerce(.map(members), to: "KeyValuePair")).findings
        #expect(findings.count < 300)
        #expect(findings.contains { $0.rule == "too-many-findings" })
    }

    @Test func `coercing twice changes nothing`() throws {
        let text =
            #"{"family":"web","cpu":256,"x":1,"containerDefinitions":[{"cpu":"1","essential":"yes","links":null}]}"#
        let once = try coerce(text).value
        let twice = try #require(ShapeTable.ecs.coerce(once, to: "RegisterTaskDefinitionRequest"))
        #expect(once == twice.value)
    }

    // MARK: Suggestions

    @Test(arguments: [
        ("containerdefinitions", "containerDefinitions"), ("ContainerDefinitions", "containerDefinitions"),
        ("famly", "family"), ("faimly", "family"), ("family_", "family"),
    ])
    func `near names are found`(_ text: String, _ expected: String) {
        #expect(Suggestion.nearest(to: text, among: ["cpu", "family", "containerDefinitions"]) == expected)
    }

    @Test(arguments: ["", "xyz", "memory", "containerDefinitionsAndMore"])
    func `far names are not`(_ text: String) {
        #expect(Suggestion.nearest(to: text, among: ["cpu", "family", "containerDefinitions"]) == nil)
    }
}
