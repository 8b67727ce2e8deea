import MooringShapes
import MooringSimulator
import Testing

/// Parameters of Systems Manager, as far as manifests refer to them.
@Suite struct ParameterTests {
    @Test func `a parameter is read as it was put, by name, version and ARN`() throws {
        var bench = Bench()
        let put = try bench.call(
            "PutParameter", #"{"Name":"/net/a","Value":"subnet-1","Type":"String"}"#, api: .ssm)
        #expect(put["Version"] == 1)
        _ = try bench.call("PutParameter", #"{"Name":"/net/a","Value":"subnet-2","Overwrite":true}"#, api: .ssm)
        let arn = "arn:aws:ssm:eu-central-1:123456789012:parameter/net/a"
        let answer = try bench.call(
            "GetParameters", #"{"Names":["/net/a","/net/a:1","/net/b","\#(arn)","/net/a:7"]}"#, api: .ssm)
        let found = try #require(answer["Parameters"]?.elements)
        #expect(found.map { $0["Value"]?.text } == ["subnet-2", "subnet-1", "subnet-2"])
        #expect(found.map { $0["Selector"]?.text } == [nil, ":1", nil])
        #expect(found.allSatisfy { $0["ARN"]?.text == arn && $0["Type"] == "String" })
        #expect(answer["InvalidParameters"] == ["/net/b", "/net/a:7"])
    }

    @Test func `an encrypted parameter says nothing without decryption`() throws {
        var bench = Bench()
        _ = try bench.call("PutParameter", #"{"Name":"key","Value":"hunter2","Type":"SecureString"}"#, api: .ssm)
        let hidden = try bench.call("GetParameters", #"{"Names":["key"],"WithDecryption":false}"#, api: .ssm)
        #expect(hidden["Parameters"]?[0]?["Type"] == "SecureString")
        #expect(hidden["Parameters"]?[0]?["Value"]?.text?.contains("hunter2") == false)
        let shown = try bench.call("GetParameters", #"{"Names":["key"],"WithDecryption":true}"#, api: .ssm)
        #expect(shown["Parameters"]?[0]?["Value"] == "hunter2")
    }

    @Test(arguments: [
        ("PutParameter", #"{"Name":"/a","Value":"2","Type":"String"}"#, "ParameterAlreadyExists"),
        ("PutParameter", #"{"Name":"/b","Value":"2"}"#, "ValidationException"),
        ("PutParameter", #"{"Name":"/b","Value":"2","Type":"Text"}"#, "ValidationException"),
        ("PutParameter", #"{"Name":"/b c","Value":"2","Type":"String"}"#, "ValidationException"),
        ("PutParameter", #"{"Name":"/aws/b","Value":"2","Type":"String"}"#, "ValidationException"),
        ("PutParameter", #"{"Name":"/b","Value":"","Type":"String"}"#, "ValidationException"),
        ("GetParameters", #"{"Names":[]}"#, "ValidationException"),
        ("GetParameters", #"{"Names":["a","b","c","d","e","f","g","h","i","j","k"]}"#, "ValidationException"),
        ("GetParameterHistory", #"{"Name":"/a"}"#, "UnknownOperationException"),
    ])
    func `what AWS refuses is refused`(_ operation: String, _ input: String, _ code: String) throws {
        var bench = Bench()
        _ = try bench.call("PutParameter", #"{"Name":"/a","Value":"1","Type":"String"}"#, api: .ssm)
        #expect(try bench.refusal(operation, input, api: .ssm).code == code)
    }
}
