import MooringAWS
import MooringPorts
import MooringShapes
import Testing

/// Calls to requests and answers to values.
@Suite struct WireTests {
    private let endpoint = "https://example.amazonaws.com"

    @Test func `a JSON call carries its target, its type and its input unchanged`() throws {
        let input = try JSONReader.value(of: #"{"cluster":"p","services":["a","é"],"x":{"y":[1.50,true,null]}}"#)
        let request = AWSRequestEncoder.request(for: APICall(.ecs, "DescribeServices", input), endpoint: endpoint)
        #expect(request.method == "POST")
        #expect(request.url == endpoint + "/")
        #expect(request.headers.map(\.name) == ["Content-Type", "X-Amz-Target"])
        #expect(
            request.headers.map(\.value) == [
                "application/x-amz-json-1.1", "AmazonEC2ContainerServiceV20141113.DescribeServices",
            ])
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == #"{"cluster":"p","services":["a","é"],"x":{"y":[1.50,true,null]}}"#)
    }

    @Test(
        arguments: zip(
            [AWSService.applicationAutoscaling, .secretsManager, .ssm, .logs, .ecr],
            [
                "AnyScaleFrontendService", "secretsmanager", "AmazonSSM", "Logs_20140328",
                "AmazonEC2ContainerRegistry_V20150921",
            ],
        ))
    func `every JSON service has its own target prefix`(_ service: AWSService, _ prefix: String) {
        let request = AWSRequestEncoder.request(for: APICall(service, "X", [:]), endpoint: endpoint)
        #expect(request.headers.first { $0.name == "X-Amz-Target" }?.value == prefix + ".X")
    }

    @Test func `a query call is flattened and percent-encoded`() {
        let input: Value = [
            "TargetGroupArn": "arn:a/b c", "Targets": [["Id": "i-1", "Port": 80], ["Id": "é&="]], "Empty": [],
            "Nothing": .null, "Flag": true,
        ]
        let request = AWSRequestEncoder.request(
            for: APICall(.elasticLoadBalancing, "RegisterTargets", input), endpoint: endpoint + "/",
        )
        #expect(request.url == endpoint + "/")
        #expect(request.headers.map(\.value) == ["application/x-www-form-urlencoded; charset=utf-8"])
        #expect(
            String(decoding: request.body, as: UTF8.self)
                == [
                    "Action=RegisterTargets", "Version=2015-12-01", "TargetGroupArn=arn%3Aa%2Fb+c",
                    "Targets.member.1.Id=i-1", "Targets.member.1.Port=80", "Targets.member.2.Id=%C3%A9%26%3D", "Empty=",
                    "Flag=true",
                ].joined(separator: "&"))
    }

    @Test func `a JSON answer is its value, an empty one an empty map`() throws {
        let call = APICall(.ecs, "ListServices", [:])
        let body = Array(#"{"createdAt":1.619952106055E9,"a":[]}"#.utf8)
        guard case .success(let value) = AWSResponseDecoder.answer(to: call, HTTPResponse(status: 200, body: body))
        else {
            Issue.record("no success")
            return
        }
        #expect(value["createdAt"]?.double == 1_619_952_106.055)
        #expect(AWSResponseDecoder.answer(to: call, HTTPResponse(status: 200)) == .success([:]))
    }

    @Test(arguments: ["<html>Sign in</html>", "[1]", "{\"a\":", "\u{0}"])
    func `a good status with another body is malformed, not a success`(_ body: String) {
        for service in [AWSService.ecs, .sts] {
            let answer = AWSResponseDecoder.answer(
                to: APICall(service, "GetCallerIdentity", [:]), HTTPResponse(status: 200, body: Array(body.utf8)),
            )
            guard case .malformed = answer else {
                Issue.record("\(answer)")
                continue
            }
        }
    }

    @Test func `a query answer is the tree of its result element`() {
        let xml = """
            <?xml version="1.0" encoding="UTF-8"?>
            <DescribeTargetHealthResponse xmlns="http://x/">
              <DescribeTargetHealthResult>
                <TargetHealthDescriptions>
                  <member><Target><Id>i-1</Id><Port>80</Port></Target><HealthCheckPort>80</HealthCheckPort></member>
                  <member><Target><Id>a &amp; b&#x21;<![CDATA[<c>]]></Id></Target></member>
                </TargetHealthDescriptions>
                <None/>
              </DescribeTargetHealthResult>
              <ResponseMetadata><RequestId>1</RequestId></ResponseMetadata>
            </DescribeTargetHealthResponse>
            """
        let expected: Value = [
            "TargetHealthDescriptions": [
                ["Target": ["Id": "i-1", "Port": "80"], "HealthCheckPort": "80"], ["Target": ["Id": "a & b!<c>"]],
            ],
            "None": "",
        ]
        let call = APICall(.elasticLoadBalancing, "DescribeTargetHealth", [:])
        let answer = AWSResponseDecoder.answer(to: call, HTTPResponse(status: 200, body: Array(xml.utf8)))
        #expect(answer == .success(expected))
    }

    @Test(arguments: [
        "", "text", "<a>", "<a></b>", "<a", "<a x></a>", "<a x=1></a>", "<a/><b/>", "<a>&nbsp;</a>", "<a>&#xD800;</a>",
        "<a>&</a>", "<!DOCTYPE a [<!ENTITY b \"c\">]><a>&b;</a>", "<a><!ENTITY></a>", "<a><![CDATA[</a>",
        "<a><?x?></a>",
    ])
    func `what is not plain XML is refused`(_ text: String) {
        #expect(throws: XMLError.self) { try XMLReader.document(of: Array(text.utf8)) }
    }

    @Test func `deep and large XML is refused before it costs anything`() {
        let deep = String(repeating: "<a>", count: 100_000)
        #expect(throws: XMLError.self) { try XMLReader.document(of: Array(deep.utf8)) }
        let large = [UInt8](repeating: UInt8(ascii: " "), count: Limits.xmlBytes + 1)
        #expect(throws: XMLError.self) { try XMLReader.document(of: large) }
    }

    @Test(arguments: [
        // ECS itself, with and without a namespace, message spelt both ways, and nothing but the header.
        (
            #"{"__type":"ServiceNotFoundException","message":"Service not found."}"#, "", "ServiceNotFoundException",
            "Service not found."
        ),
        (
            #"{"__type":"com.amazon.coral.service#AccessDeniedException","Message":"User: x"}"#, "",
            "AccessDeniedException", "User: x"
        ),
        (#"{"message":"m"}"#, "ClientException:http://internal/", "ClientException", "m"),
        ("", "ThrottlingException", "ThrottlingException", ""),
        // STS and the load balancers.
        (
            "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no\n  way</Message></Error></ErrorResponse>",
            "", "AccessDenied", "no way"
        ),
        (
            "<Response><Errors><Error><Code>AuthFailure</Code><Message>m</Message></Error></Errors></Response>", "",
            "AuthFailure", "m"
        ),
    ])
    func `an error's code and message are found in every form`(
        _ body: String, _ header: String, _ code: String, _ message: String,
    ) {
        let headers = header.isEmpty ? [] : [("X-Amzn-Errortype", header)]
        let reply = AWSErrorReply(HTTPResponse(status: 400, headers: headers, body: Array(body.utf8)))
        #expect(reply.code == code)
        #expect(reply.message == message)
    }

    @Test func `a proxy's page is shown as its text, in bounds`() {
        let page =
            "<html><head><title>Blocked</title></head><body>by\u{7} policy" + String(repeating: " x", count: 5000)
        let reply = AWSErrorReply(HTTPResponse(status: 403, headers: [("Retry-After", "7")], body: Array(page.utf8)))
        #expect(reply.code == nil)
        #expect(reply.message.hasPrefix("Blocked by policy x x"))
        #expect(reply.message.count <= Limits.messageCharacters)
        #expect(reply.retryAfter == .seconds(7))
    }
}
