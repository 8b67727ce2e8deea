import Foundation
import MooringShapes
import MooringTestSupport

/// `mooring simulate` as a process of its own, and a way to ask it what is the case.
struct LocalECS: Sendable {
    static let account = "123456789012"
    static let region = "us-east-1"
    static let cluster = "my-cluster"

    let port: UInt16

    /// What an AWS client needs to find it.
    var environment: [String: String] { LocalECS.environment(url: "http://127.0.0.1:\(port)") }

    static func environment(url: String) -> [String: String] {
        [
            "AWS_ENDPOINT_URL": url, "AWS_REGION": region, "AWS_DEFAULT_REGION": region, "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true",
        ]
    }

    // MARK: Asking

    /// Calls an operation of ECS, past every proxy.
    @discardableResult
    func call(
        _ operation: String, _ input: Value, api: String = "AmazonEC2ContainerServiceV20141113",
    ) throws -> Value {
        let credential = "Credential=test/20260101/\(LocalECS.region)/ecs/aws4_request"
        let answer = try exchange(
            "POST", "/",
            headers: [
                ("X-Amz-Target", "\(api).\(operation)"),
                ("Content-Type", "application/x-amz-json-1.1"),
                ("Authorization", "AWS4-HMAC-SHA256 \(credential), SignedHeaders=host, Signature=none"),
            ], body: JSONWriter(.compact).text(of: input))
        return try JSONReader.value(of: answer)
    }

    /// Sets a parameter of Systems Manager.
    func putParameter(_ name: String, _ value: String) throws {
        try call(
            "PutParameter",
            ["Name": .string(name), "Value": .string(value), "Type": "String", "Overwrite": true], api: "AmazonSSM")
    }

    /// Changes how the world behaves from now on; see the local ECS's scenarios.
    func setScenario(_ json: String) throws { _ = try exchange("PUT", "/_mooring/scenario", headers: [], body: json) }

    private func exchange(
        _ method: String, _ target: String, headers: [(name: String, value: String)], body: String,
    ) throws -> String {
        let answer = try LoopbackExchange.send(method, target, headers: headers, body: body, port: port)
        guard answer.status == 200 else { throw ProgramError("\(method) \(target): \(answer.status) \(answer.body)") }
        return answer.body
    }

    /// The service; nil where there is none.
    func service(_ name: String = "my-app-service", cluster: String = LocalECS.cluster) throws -> Value? {
        let answer = try call(
            "DescribeServices", ["cluster": .string(cluster), "services": .list([.string(name)]), "include": ["TAGS"]])
        return answer["services"]?.elements?.first
    }

    /// `my-app:2`: the revision that the service points at.
    func revision(of name: String = "my-app-service") throws -> String? {
        try service(name)?["taskDefinition"]?.text?.split(separator: "/").last.map(String.init)
    }

    /// How many revisions were ever registered of the family.
    func revisionCount(of family: String = "my-app") throws -> Int {
        try call("ListTaskDefinitions", ["familyPrefix": .string(family)])["taskDefinitionArns"]?.elements?.count ?? 0
    }

    /// ECS's records of the service's deployments, newest first.
    func deployments(of name: String = "my-app-service") throws -> [Value] {
        let answer = try call(
            "ListServiceDeployments", ["cluster": .string(LocalECS.cluster), "service": .string(name)])
        return answer["serviceDeployments"]?.elements ?? []
    }

    /// Waits until ECS says of the service what `condition` asks for.
    func service(
        _ what: String, within limit: Duration = .seconds(60), where condition: (Value) -> Bool,
    ) async throws {
        _ = try await eventually(what, within: limit) { try service().flatMap { condition($0) ? true : nil } }
    }
}

/// Runs `body` with a local ECS of its own.
///
/// - Parameter speed: virtual seconds in a real one. At 60, a rollout of a healthy revision takes about two seconds.
func withLocalECS<Result>(
    speed: Int = 60, options: [String] = [], isolation: isolated (any Actor)? = #isolation,
    _ body: (LocalECS) async throws -> Result,
) async throws -> Result {
    let command = [
        Binary.path, "simulate", "--port", "0", "--speed", "\(speed)", "--account", LocalECS.account, "--region",
        LocalECS.region, "--cluster", LocalECS.cluster, "--unpullable", "*:bad",
    ]
    return try await withProcess(command + options) { process in
        let line = try await process.line(containing: "http://127.0.0.1:").text
        let digits = line.components(separatedBy: "http://127.0.0.1:").last?.prefix { $0.isNumber } ?? ""
        guard let port = UInt16(digits) else { throw ProgramError("no port in '\(line)'") }
        return try await body(LocalECS(port: port))
    }
}
