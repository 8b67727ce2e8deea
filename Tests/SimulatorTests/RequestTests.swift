import MooringShapes
import MooringSimulator
import Testing

@Suite struct RequestTests {
    // MARK: Task definitions

    @Test func `a revision is filled in as ECS does and nothing else is invented`() throws {
        var bench = Bench()
        let answer = try bench.call(
            "RegisterTaskDefinition",
            """
            {"family":"web","networkMode":"awsvpc","cpu":"1 vCPU","memory":"2 GB","containerDefinitions":[{"name":"app",
            "image":"nginx","portMappings":[{"containerPort":80}],"healthCheck":{"command":["CMD","true"]}}],
            "volumes":[{"name":"scratch"},{"name":"files","efsVolumeConfiguration":{"fileSystemId":"fs-1"}}],
            "somethingNew":{"a":1}}
            """)
        let definition = try #require(answer["taskDefinition"])
        #expect(definition["cpu"]?.text == "1024")
        #expect(definition["memory"]?.text == "2048")
        let container: Value = [
            "name": "app", "image": "nginx", "cpu": 0,
            "portMappings": [["containerPort": 80, "hostPort": 80, "protocol": "tcp"]], "essential": true,
            "environment": [], "mountPoints": [], "volumesFrom": [], "systemControls": [],
            "healthCheck": ["command": ["CMD", "true"], "interval": 30, "timeout": 5, "retries": 3],
        ]
        #expect(definition["containerDefinitions"]?[0] == container)
        #expect(definition["volumes"]?[0]?["host"] == [:])
        #expect(definition["volumes"]?[1]?["efsVolumeConfiguration"]?["rootDirectory"]?.text == "/")
        // A member that the API does not have is accepted and forgotten.
        #expect(definition["somethingNew"] == nil)
        #expect(definition["placementConstraints"] == [])
        #expect(definition["requiresCompatibilities"] == nil)
        #expect(answer["tags"] == nil)
    }

    @Test func `in bridge mode the host port is chosen later`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        let read = try bench.call("DescribeTaskDefinition", #"{"taskDefinition":"web"}"#)
        let mapping = read["taskDefinition"]?["containerDefinitions"]?[0]?["portMappings"]?[0]
        #expect(mapping?["hostPort"]?.integer == 0)
        #expect(read["taskDefinition"]?["networkMode"] == nil)
    }

    @Test(arguments: [
        (["XAP_T", "SE", "XAP_E"], ["XAP_T", "SE", "XAP_E"]),
        (["XAP_T", "SE", "XAP_E", "ST"], ["ST", "XAP_T", "SE", "XAP_E"]),
        (["DB_HOST", "DB_PORT", "DB_NAME"], ["DB_HOST", "DB_PORT", "DB_NAME"]),
    ])
    func `environment comes back in Java's hash order`(sent: [String], returned: [String]) throws {
        // Source: aws-sdk-java issue 3043 and index record 53869579464, by way of captures/strings/environment-order.tsv.
        var bench = Bench()
        let entries = sent.map { #"{"name":"\#($0)","value":"1"}"# }.joined(separator: ",")
        let answer = try bench.call(
            "RegisterTaskDefinition",
            """
            {"family":"e","containerDefinitions":[{"name":"c","image":"i","memory":8,"environment":[\(entries)]}]}
            """)
        let environment = answer["taskDefinition"]?["containerDefinitions"]?[0]?["environment"]?.elements
        #expect(environment?.compactMap(\.["name"]?.text) == returned)
    }

    @Test(arguments: [
        (#"{"containerDefinitions":[{"name":"a","image":"i","memory":8}]}"#, "Family should not be null or empty."),
        (#"{"family":"a b","containerDefinitions":[{"name":"a","image":"i"}]}"#, "Family contains invalid characters."),
        (#"{"family":"a","containerDefinitions":[]}"#, "Container definitions should not be empty."),
        (#"{"family":"a","containerDefinitions":[{"image":"i"}]}"#, "Container.name should not be null or empty."),
        (#"{"family":"a","containerDefinitions":[{"name":"a"}]}"#, "Container.image should not be null or empty."),
        (
            #"{"family":"a","containerDefinitions":[{"name":"a","image":"i"}]}"#,
            "Invalid setting for container 'a'. At least one of 'memory' or 'memoryReservation' must be specified."
        ),
        (
            #"{"family":"a","containerDefinitions":[{"name":"a","image":"i","memory":8}],"tags":[]}"#,
            "Tags can not be empty."
        ),
        (
            """
            {"family":"a","requiresCompatibilities":["FARGATE"],"networkMode":"awsvpc","cpu":"256","memory":"4096",
            "containerDefinitions":[{"name":"a","image":"i"}]}
            """, "No Fargate configuration exists for given values."
        ),
        (
            """
            {"family":"a","requiresCompatibilities":["FARGATE"],"networkMode":"awsvpc","cpu":"256","memory":"512",
            "containerDefinitions":[{"name":"a","image":"i","logConfiguration":{"logDriver":"awslogs"}}]}
            """, "Fargate requires task definition to have execution role ARN to support log driver awslogs."
        ),
    ])
    func `a wrong task definition is refused in AWS's words`(json: String, message: String) throws {
        var bench = Bench()
        let error = try bench.refusal("RegisterTaskDefinition", json)
        #expect(error == APIError(code: "ClientException", message: message))
        #expect(try bench.call("ListTaskDefinitions", "{}")["taskDefinitionArns"] == [])
    }

    @Test func `a family alone means its newest active revision`() throws {
        var bench = Bench()
        for tag in 1...3 { try bench.register(image: "web:\(tag)") }
        try bench.call("DeregisterTaskDefinition", #"{"taskDefinition":"web:3"}"#)
        let read = try bench.call("DescribeTaskDefinition", #"{"taskDefinition":"web"}"#)
        #expect(read["taskDefinition"]?["revision"]?.integer == 2)
        try bench.register(image: "web:4")
        let next = try bench.call("DescribeTaskDefinition", #"{"taskDefinition":"web"}"#)
        #expect(next["taskDefinition"]?["revision"]?.integer == 4)
        let inactive = try bench.call("DescribeTaskDefinition", #"{"taskDefinition":"web:3"}"#)
        #expect(inactive["taskDefinition"]?["status"]?.text == "INACTIVE")
        #expect(
            try bench.refusal("CreateService", #"{"serviceName":"s","taskDefinition":"web:3","desiredCount":1}"#)
                .message
                == "TaskDefinition is inactive")
        #expect(
            try bench.refusal("CreateService", #"{"serviceName":"s","taskDefinition":"web:9","desiredCount":1}"#)
                .message
                == "TaskDefinition not found.")
    }

    // MARK: Numbers past every bound

    /// Sources: see `ServiceInput.checkRebalancing`.
    @Test func `zone rebalancing needs room above the desired count`() throws {
        let words =
            "Availability Zone Rebalancing does not support maximumPercent <= 100 % as deployment configuration."
        func configured(_ maximum: Int) -> String {
            #""deploymentConfiguration":{"minimumHealthyPercent":0,"maximumPercent":\#(maximum)}"#
        }
        var bench = Bench()
        try bench.register(image: "web:1")
        let create = #"{"serviceName":"web","taskDefinition":"web","desiredCount":1,\#(configured(100))"#
        let refused = try bench.refusal("CreateService", create + #","availabilityZoneRebalancing":"ENABLED"}"#)
        #expect(refused == APIError(code: "InvalidParameterException", message: words))
        #expect(try bench.call("CreateService", create + "}")["service"]?["availabilityZoneRebalancing"] == "DISABLED")
        try bench.create("b")
        let update = #"{"service":"b",\#(configured(100))"#
        #expect(
            try bench.refusal("UpdateService", update + "}").message
                == "The service couldn't be updated because " + words)
        try bench.call("UpdateService", update + #","availabilityZoneRebalancing":"DISABLED"}"#)
        try bench.call("UpdateService", #"{"service":"b","availabilityZoneRebalancing":"ENABLED",\#(configured(101))}"#)
    }

    @Test(arguments: [
        (
            "RegisterTaskDefinition",
            #"{"family":"a","cpu":"1e300 vCPU","memory":"8","containerDefinitions":[{"name":"a","image":"i"}]}"#
        ),
        (
            "RegisterTaskDefinition",
            #"{"family":"a","containerDefinitions":[{"name":"a","image":"i","memory":8,"healthCheck":{"command":["x"],"interval":9000000000000000}}]}"#
        ),
        ("CreateService", #"{"serviceName":"a","taskDefinition":"web","desiredCount":9000000000000000000}"#),
        ("CreateService", #"{"serviceName":"a","taskDefinition":"web","desiredCount":2000000000}"#),
        ("UpdateService", #"{"service":"web","deploymentConfiguration":{"maximumPercent":9000000000000000}}"#),
        ("UpdateService", #"{"service":"web","desiredCount":-1}"#),
        ("ListServiceDeployments", #"{"service":"web","createdAt":{"after":1e300,"before":-1e300}}"#),
        ("ListServices", #"{"maxResults":9000000000000000000}"#),
        ("ListServices", #"{"nextToken":"eyJwIjoizzzzzzzzzzzzzzzz"}"#),
    ])
    func `no number brings it down`(operation: String, json: String) throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create()
        _ = bench.ecs.perform(
            Operation(.ecs, operation), try JSONReader.value(of: json), as: bench.caller, at: bench.now)
        bench.wait(seconds: 300)
        #expect(try bench.describe()["runningCount"]?.integer == 2)
    }

    // MARK: Services

    @Test(arguments: [
        (#"{"taskDefinition":"web","desiredCount":1}"#, "InvalidParameterException", "Service name"),
        (
            #"{"serviceName":"a b","taskDefinition":"web","desiredCount":1}"#, "InvalidParameterException",
            "service name"
        ),
        (#"{"serviceName":"a","taskDefinition":"web"}"#, "InvalidParameterException", "requires a desired count"),
        (#"{"serviceName":"a","desiredCount":1}"#, "InvalidParameterException", "TaskDefinition can not be blank."),
        (
            #"{"serviceName":"a","cluster":"none","taskDefinition":"web","desiredCount":1}"#,
            "ClusterNotFoundException", "Cluster not found."
        ),
        (
            #"{"serviceName":"a","taskDefinition":"vpc","desiredCount":1}"#, "InvalidParameterException",
            "Network Configuration must be provided when networkMode 'awsvpc' is specified."
        ),
        (
            """
            {"serviceName":"a","taskDefinition":"web","desiredCount":1,
            "networkConfiguration":{"awsvpcConfiguration":{"subnets":["s"]}}}
            """, "InvalidParameterException",
            "Network Configuration is not valid for the given networkMode of this task definition."
        ),
        (
            """
            {"serviceName":"a","taskDefinition":"web","desiredCount":1,
            "loadBalancers":[{"targetGroupArn":"t","containerName":"nobody","containerPort":80}]}
            """, "InvalidParameterException", "The container nobody does not exist in the task definition."
        ),
        (#"{"serviceName":"a","taskDefinition":"web","desiredCount":"1"}"#, "SerializationException", "Integer"),
        (#"{"serviceName":7,"taskDefinition":"web","desiredCount":1}"#, "SerializationException", "String"),
    ])
    func `a wrong service is refused`(json: String, code: String, message: String) throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.call(
            "RegisterTaskDefinition",
            """
            {"family":"vpc","networkMode":"awsvpc","containerDefinitions":[{"name":"a","image":"i","memory":8}]}
            """)
        let error = try bench.refusal("CreateService", json)
        #expect(error.code == code)
        #expect(error.message.contains(message))
        #expect(try bench.call("ListServices", "{}")["serviceArns"] == [])
    }

    @Test func `creating again is refused, with the same token it answers the same service`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        let request = #"{"serviceName":"web","taskDefinition":"web","desiredCount":1,"clientToken":"t-1"}"#
        let first = try bench.call("CreateService", request)
        bench.wait(seconds: 3600)
        let again = try bench.call("CreateService", request)
        #expect(again["service"]?["serviceArn"] == first["service"]?["serviceArn"])
        #expect(again["service"]?.primary?["id"] == first["service"]?.primary?["id"])
        let other = request.replacing("t-1", with: "t-2")
        #expect(try bench.refusal("CreateService", other).message == "Creation of service was not idempotent.")
        bench.wait(seconds: 25 * 3600)
        #expect(try bench.refusal("CreateService", request).message == "Creation of service was not idempotent.")
    }

    @Test func `a service reads back with every default`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        let answer = try bench.call(
            "CreateService", #"{"serviceName":"web","taskDefinition":"web","desiredCount":1}"#)
        let service = try #require(answer["service"])
        let configuration: Value = [
            "deploymentCircuitBreaker": [
                "enable": false, "rollback": false, "resetOnHealthyTask": true,
                "thresholdConfiguration": ["type": "BOUNDED_PERCENT", "value": 50],
            ],
            "maximumPercent": 200, "minimumHealthyPercent": 100, "strategy": "ROLLING", "bakeTimeInMinutes": 0,
        ]
        #expect(service["deploymentConfiguration"] == configuration)
        #expect(service["deploymentController"] == ["type": "ECS"])
        #expect(service["availabilityZoneRebalancing"]?.text == "ENABLED")
        #expect(service["propagateTags"]?.text == "NONE")
        #expect(service["healthCheckGracePeriodSeconds"]?.integer == 0)
        #expect(service["platformVersion"] == nil)
        #expect(service["launchType"]?.text == "EC2")
        #expect(service["roleArn"] == nil)
        #expect(try bench.describe()["tags"] == nil)
        // Source: `describe-services/…taskset_delete_2.json`, one answer about a service with tags and one without.
        #expect(try bench.describe("web", include: #"["TAGS"]"#)["tags"] == nil)
    }

    @Test func `an update of one leaf keeps the others`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(minimum: 50, maximum: 150)
        try bench.wait(until: \.isCompleted, limit: 300)
        let id = try bench.describe().primary?["id"]
        try bench.call("UpdateService", #"{"service":"web","deploymentConfiguration":{"maximumPercent":300}}"#)
        let service = try bench.describe()
        #expect(service["deploymentConfiguration"]?["minimumHealthyPercent"]?.integer == 50)
        #expect(service["deploymentConfiguration"]?["maximumPercent"]?.integer == 300)
        #expect(service["deploymentConfiguration"]?["deploymentCircuitBreaker"]?["enable"]?.boolean == true)
        #expect(service.primary?["id"] == id)
    }

    @Test func `under CODE_DEPLOY an update is refused`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(extra: #","deploymentController":{"type":"CODE_DEPLOY"}"#)
        #expect(
            try bench.refusal("UpdateService", #"{"service":"web","forceNewDeployment":true}"#).message
                == "Cannot force a new deployment on services with a CODE_DEPLOY deployment controller. "
                + "Use AWS CodeDeploy to trigger a new deployment.")
    }

    @Test func `accounts and regions do not see one another`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create()
        for caller in [
            Caller(account: "210987654321", region: "eu-central-1"),
            Caller(account: "123456789012", region: "us-east-1"),
        ] {
            bench.caller = caller
            #expect(try bench.call("ListServices", "{}")["serviceArns"] == [])
            let failures = try bench.call("DescribeServices", #"{"services":["web"]}"#)["failures"]
            #expect(
                failures?[0]?["arn"]?.text
                    == "arn:aws:ecs:\(caller.region):\(caller.account):service/default/web")
        }
    }

    @Test func `tags are checked and kept in order`() throws {
        var bench = Bench()
        try bench.register(image: "web:1")
        let arn = try #require(try bench.create()["serviceArn"]?.text)
        try bench.call("TagResource", #"{"resourceArn":"\#(arn)","tags":[{"key":"b","value":"1"},{"key":"a"}]}"#)
        try bench.call("TagResource", #"{"resourceArn":"\#(arn)","tags":[{"key":"b","value":"2"}]}"#)
        let tags = try bench.call("ListTagsForResource", #"{"resourceArn":"\#(arn)"}"#)["tags"]
        #expect(tags == [["key": "b", "value": "2"], ["key": "a", "value": ""]])
        let many = (0..<51).map { #"{"key":"k\#($0)","value":""}"# }.joined(separator: ",")
        for bad in [#"[{"key":"aws:x","value":""}]"#, "[\(many)]", #"[{"key":"","value":"v"}]"#] {
            let error = try bench.refusal("TagResource", #"{"resourceArn":"\#(arn)","tags":\#(bad)}"#)
            #expect(error.code == "InvalidParameterException")
        }
        let old = "arn:aws:ecs:eu-central-1:123456789012:service/web"
        #expect(
            try bench.refusal("TagResource", #"{"resourceArn":"\#(old)","tags":[{"key":"a","value":"b"}]}"#).message
                == "Long arn format must be used for tagging operations")
    }

    @Test func `a cluster goes only when it is empty`() throws {
        var bench = Bench(clusters: ["one"])
        #expect(try bench.refusal("ListServices", "{}").code == "ClusterNotFoundException")
        try bench.register(image: "web:1")
        try bench.call(
            "CreateService", #"{"cluster":"one","serviceName":"web","taskDefinition":"web","desiredCount":0}"#)
        #expect(
            try bench.refusal("DeleteCluster", #"{"cluster":"one"}"#).code == "ClusterContainsServicesException")
        try bench.call("DeleteService", #"{"cluster":"one","service":"web"}"#)
        bench.wait(seconds: 60)
        let gone = try bench.call("DeleteCluster", #"{"cluster":"one"}"#)
        #expect(gone["cluster"]?["status"]?.text == "INACTIVE")
        #expect(try bench.refusal("ListServices", #"{"cluster":"one"}"#).code == "ClusterNotFoundException")
    }
}
