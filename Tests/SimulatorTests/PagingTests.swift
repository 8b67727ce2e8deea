import MooringShapes
import MooringSimulator
import Testing

/// Tokens of pages: each is good for the list that gave it.
@Suite struct PagingTests {
    private func bench() throws -> (bench: Bench, token: String) {
        var bench = Bench()
        try bench.call("CreateCluster", #"{"clusterName":"other"}"#)
        try bench.register(image: "web:1")
        for name in ["a", "b", "c"] {
            try bench.create(name, desired: 0)
            try bench.call(
                "CreateService",
                #"{"cluster":"other","serviceName":"\#(name)","taskDefinition":"web","desiredCount":0}"#)
        }
        let page = try bench.call("ListServices", #"{"launchType":"EC2","maxResults":1}"#)
        return (bench, try #require(page["nextToken"]?.text))
    }

    @Test(arguments: [
        ("ListServices", #""launchType":"EC2""#, true), ("ListServices", #""launchType":"EC2","maxResults":2"#, true),
        ("ListServices", #""launchType":"EC2","cluster":"default""#, true),
        (
            "ListServices", #""launchType":"EC2","cluster":"arn:aws:ecs:eu-central-1:123456789012:cluster/default""#,
            true
        ),
        ("ListServices", #""maxResults":1"#, false), ("ListServices", #""launchType":"FARGATE""#, false),
        ("ListServices", #""launchType":"EC2","cluster":"other""#, false), ("ListTasks", #""launchType":"EC2""#, false),
        ("ListClusters", #""maxResults":1"#, false), ("ListTaskDefinitions", #""maxResults":1"#, false),
        ("ListTaskDefinitionFamilies", #""maxResults":1"#, false),
    ])
    func `a token is refused by another list, and by the same with other filters`(
        operation: String, members: String, isTaken: Bool,
    ) throws {
        var (bench, token) = try bench()
        let json = #"{\#(members),"nextToken":"\#(token)"}"#
        if isTaken {
            let arns = try bench.call(operation, json)["serviceArns"]?.elements?.compactMap(\.text) ?? []
            #expect(arns.first?.hasSuffix("default/b") == true)
        } else {
            let error = try bench.refusal(operation, json)
            #expect(error.code == "InvalidParameterException")
            #expect(error.message == "Invalid token \(token)")
        }
    }

    @Test func `a neighbour refuses the token of another of its lists`() throws {
        var bench = Bench()
        for name in ["a", "b"] { try bench.call("CreateLogGroup", #"{"logGroupName":"\#(name)"}"#, api: .logs) }
        let page = try bench.call("DescribeLogGroups", #"{"limit":1}"#, api: .logs)
        let token = try #require(page["nextToken"]?.text)
        let error = try bench.refusal(
            "DescribeLogStreams", #"{"logGroupName":"a","nextToken":"\#(token)"}"#, api: .logs)
        #expect(error.code == "InvalidParameterException")
        let next = try bench.call("DescribeLogGroups", #"{"limit":1,"nextToken":"\#(token)"}"#, api: .logs)
        #expect(next["logGroups"]?[0]?["logGroupName"]?.text == "b")
    }
}
