import MooringShapes
import MooringSimulator
import Testing

@Suite struct UnpleasantnessTests {
    private func request(_ operation: String, _ body: String, authorization: String? = nil) -> WireRequest {
        var headers = [
            ("X-Amz-Target", "AmazonEC2ContainerServiceV20141113." + operation),
            ("Content-Type", "application/x-amz-json-1.1"),
        ]
        if let authorization { headers.append(("Authorization", authorization)) }
        return WireRequest(method: "POST", path: "/", headers: headers, body: Array(body.utf8))
    }

    private func ecs(_ faults: [FaultRule] = [], seed: UInt64 = 1) -> LocalECS {
        var configuration = LocalECS.Configuration()
        configuration.scenario.faults = faults
        return LocalECS(configuration: configuration, seed: seed)
    }

    private func code(_ response: WireResponse) throws -> String? {
        try JSONReader.value(of: response.body)["__type"]?.text
    }

    @Test func `listed calls fail, the others do not`() throws {
        var ecs = ecs([FaultRule("ListClusters", .ordinals([2, 3]), .throttle)])
        let codes = try (0..<4).map { _ in try code(ecs.handle(request("ListClusters", "{}"), at: ecs.now)) }
        #expect(codes == [nil, "ThrottlingException", "ThrottlingException", nil])
        #expect(ecs.callCount("ListClusters") == 4)
    }

    @Test func `a lost answer was performed, a dropped request was not`() throws {
        var ecs = ecs([
            FaultRule("CreateCluster", .ordinals([1]), .lostResponse),
            FaultRule("CreateCluster", .ordinals([2]), .droppedBefore),
        ])
        for name in ["a", "b"] {
            let response = ecs.handle(request("CreateCluster", #"{"clusterName":"\#(name)"}"#), at: ecs.now)
            #expect(response.delivery == .dropped)
            #expect(response.body.isEmpty)
        }
        let list = ecs.handle(request("ListClusters", "{}"), at: ecs.now)
        let arns = try JSONReader.value(of: list.body)["clusterArns"]?.elements ?? []
        #expect(arns.compactMap { $0.text?.split(separator: "/").last.map(String.init) } == ["default", "a"])
    }

    @Test func `faults by rate come from the seed and about as often as asked`() throws {
        func failures(seed: UInt64) throws -> [Int] {
            var ecs = ecs([FaultRule("*", .perMille(200), .serverError(status: 503))], seed: seed)
            return (0..<1000).filter { _ in ecs.handle(request("ListClusters", "{}"), at: ecs.now).status == 503 }
        }
        let first = try failures(seed: 7)
        #expect(try failures(seed: 7) == first)
        #expect(try failures(seed: 8) != first)
        #expect((150...250).contains(first.count))
    }

    @Test func `buckets empty and fill again`() throws {
        var scenario = Scenario()
        scenario.throttles = true
        var bench = Bench(scenario)
        for _ in 0..<20 { try bench.register(image: "web:1") }
        #expect(throws: APIError.self) { try bench.register(image: "web:1") }
        bench.wait(seconds: 2)
        try bench.register(image: "web:1")
        try bench.register(image: "web:1")
        let error = try bench.refusal("RegisterTaskDefinition", #"{"family":"x"}"#)
        #expect(error == APIError(code: "ThrottlingException", message: "Rate exceeded"))
    }

    @Test func `reads lag behind writes and then catch up`() throws {
        var scenario = Scenario()
        scenario.reads = ReadLag(milliseconds: 3000...3000)
        var bench = Bench(scenario)
        try bench.register(image: "web:1")
        #expect(throws: APIError.self) { try bench.call("DescribeTaskDefinition", #"{"taskDefinition":"web:1"}"#) }
        // Writes see what reads do not.
        try bench.create()
        #expect(try bench.call("DescribeServices", #"{"services":["web"]}"#)["services"] == [])
        #expect(try bench.call("ListServices", "{}")["serviceArns"] == [])
        bench.wait(seconds: 3)
        #expect(try bench.describe()["status"]?.text == "ACTIVE")
        try bench.call("UpdateService", #"{"service":"web","desiredCount":7}"#)
        #expect(try bench.describe()["desiredCount"]?.integer == 2)
        let arn = try #require(try bench.describe()["serviceArn"]?.text)
        try bench.call("TagResource", #"{"resourceArn":"\#(arn)","tags":[{"key":"a","value":"b"}]}"#)
        #expect(try bench.describe("web", include: #"["TAGS"]"#)["tags"] == nil)
        bench.wait(seconds: 3)
        #expect(try bench.describe()["desiredCount"]?.integer == 7)
        #expect(try bench.describe("web", include: #"["TAGS"]"#)["tags"]?.elements?.count == 1)
    }

    @Test func `the credential scope says account and region`() throws {
        var configuration = LocalECS.Configuration()
        configuration.accounts = ["AKIAOTHER": "111122223333"]
        var ecs = LocalECS(configuration: configuration, seed: 1)
        let authorization =
            "AWS4-HMAC-SHA256 Credential=AKIAOTHER/20260101/ap-south-1/ecs/aws4_request, SignedHeaders=host, Signature=0"
        let response = ecs.handle(request("ListClusters", "{}", authorization: authorization), at: ecs.now)
        let arn = try JSONReader.value(of: response.body)["clusterArns"]?[0]?.text
        #expect(arn == "arn:aws:ecs:ap-south-1:111122223333:cluster/default")
    }

    @Test func `assumed credentials lead to the role's account until they expire`() throws {
        var ecs = ecs()
        let body =
            "Action=AssumeRole&Version=2011-06-15&DurationSeconds=900&RoleSessionName=me"
            + "&RoleArn=arn%3Aaws%3Aiam%3A%3A999988887777%3Arole%2Fdeploy"
        let assumed = ecs.handle(
            WireRequest(
                method: "POST", path: "/",
                headers: [("content-type", "application/x-www-form-urlencoded; charset=utf-8")],
                body: Array(body.utf8)), at: ecs.now)
        let xml = String(decoding: assumed.body, as: UTF8.self)
        let key = try #require(xml.split(separator: "<AccessKeyId>").last?.split(separator: "<").first)
        #expect(xml.contains("<Arn>arn:aws:sts::999988887777:assumed-role/deploy/me</Arn>"))
        #expect(xml.contains("<Expiration>2026-01-01T00:15:00Z</Expiration>"))
        let authorization = "AWS4-HMAC-SHA256 Credential=\(key)/20260101/eu-west-1/ecs/aws4_request, Signature=0"
        let call = request("ListClusters", "{}", authorization: authorization)
        let answer = ecs.handle(call, at: ecs.now)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(":999988887777:"))
        let late = ecs.handle(call, at: ecs.now + 901_000)
        #expect(try code(late) == "ExpiredTokenException")
    }

    @Test func `an unknown operation is answered as AWS does`() throws {
        var ecs = ecs()
        let response = ecs.handle(request("ExecuteCommand", "{}"), at: ecs.now)
        #expect(response.status == 400)
        #expect(try code(response) == "UnknownOperationException")
        #expect(response.headers.contains { $0.name == "Content-Type" && $0.value == "application/x-amz-json-1.1" })
        #expect(response.headers.contains { $0.name == "x-amzn-RequestId" && $0.value.count == 36 })
    }

    @Test func `a document says what a scenario is, and a wrong one is refused by name`() throws {
        let document = try JSONReader.value(
            of: """
                {"images":[{"image":"*:bad","cannotPull":true,"untilSeconds":90},{"image":"x","crashes":{"exitCode":137}}],
                "timing":{"preset":"brisk","stopping":7},"readLag":[0,200],"throttles":true,
                "faults":[{"operation":"UpdateService","ordinals":[1],"fault":"lostResponse"}]}
                """)
        let scenario = try ScenarioReader.scenario(of: document, start: 1000)
        #expect(scenario.images[0] == ImageRule("*:bad", .cannotPull(), until: 91_000))
        #expect(scenario.timing.stopping == 7)
        #expect(scenario.timing.pulling == Timing.brisk.pulling)
        #expect(scenario.faults == [FaultRule("UpdateService", .ordinals([1]), .lostResponse)])
        let wrong = try JSONReader.value(of: #"{"image":[]}"#)
        #expect(throws: ScenarioError.self) { try ScenarioReader.scenario(of: wrong, start: 0) }
    }
}
