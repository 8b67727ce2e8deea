import MooringShapes
import MooringSimulator
import Testing

/// What a task definition may be named by.
@Suite struct TaskDefinitionNameTests {
    @Test func `readers behind get the newest revision that they can see`() throws {
        var bench = Bench()
        let first = try bench.register(image: "web:1")
        bench.ecs.scenario.reads = ReadLag(milliseconds: 5000...5000)
        let second = try bench.register(image: "web:2")
        func seen() throws -> Value? {
            let answer = try bench.call("DescribeTaskDefinition", #"{"taskDefinition":"web"}"#)
            return answer["taskDefinition"]?["taskDefinitionArn"]
        }
        #expect(try seen()?.text == first)
        bench.wait(seconds: 5)
        #expect(try seen()?.text == second)
    }

    @Test(arguments: [
        "arn:aws:ecs:eu-central-1:999999999999:task-definition/web:1",
        "arn:aws:ecs:us-east-1:123456789012:task-definition/web:1", "arn:aws:ecs:eu-central-1:123456789012:task/web:1",
        "web:01", "web:+1", "web:2", "web:0",
    ])
    func `names of other accounts and regions, and numbers that are none, find nothing`(name: String) throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        #expect(
            try bench.refusal("DeregisterTaskDefinition", #"{"taskDefinition":"\#(name)"}"#)
                == APIError(code: "ClientException", message: "The specified task definition does not exist."))
        _ = try bench.refusal("DescribeTaskDefinition", #"{"taskDefinition":"\#(name)"}"#)
        #expect(try bench.call("ListTaskDefinitions", "{}")["taskDefinitionArns"]?.elements?.count == 1)
    }

    @Test func `a deleted revision takes no tags`() throws {
        var bench = Bench()
        let arn = try bench.register(image: "web:1")
        let tags = #"{"resourceArn":"\#(arn)","tags":[{"key":"a","value":"b"}]}"#
        try bench.call("TagResource", tags)
        try bench.call("DeregisterTaskDefinition", #"{"taskDefinition":"web:1"}"#)
        try bench.call("DeleteTaskDefinitions", #"{"taskDefinitions":["web:1"]}"#)
        bench.wait(seconds: 3600)
        #expect(try bench.refusal("TagResource", tags).code == "ResourceNotFoundException")
    }
}
