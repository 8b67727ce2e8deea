import MooringShapes
import MooringSimulator

/// Recordings of services asked again: each service in a local ECS of its own.
extension FidelityStage {
    static func services(_ recording: Recording) throws -> Value {
        if let service = recording.answer["service"] {
            return .map([("service", try living(recording, answer(recording, about: service), like: service))])
        }
        let shown = recording.answer["services"]?.elements ?? []
        return .map([
            ("services", .list(try shown.map { try living(recording, answer(recording, about: $0), like: $0) })),
            ("failures", []),
        ])
    }

    /// A recorded service with a life behind it, which ours has not, is compared with the events of a service that has:
    /// their members and forms, each with an event about the same where there is one.
    private static func living(_ recording: Recording, _ ours: Value, like shown: Value) throws -> Value {
        guard FidelityExceptions.borrowsEvents(recording), ours["events"]?.elements?.isEmpty == true,
            let recorded = shown["events"]?.elements
        else { return ours }
        let examples = try exampleEvents()
        let events = recorded.map { event in
            examples.first { step($0) != nil && step($0) == step(event) } ?? examples.first ?? [:]
        }
        var copy = ours
        copy["events"] = .list(events)
        return copy
    }

    private static func step(_ event: Value) -> String? { RolloutStep.of(event["message"]?.text ?? "") }

    /// The events of a service behind a load balancer that was rolled out twice, newest first.
    private static func exampleEvents() throws -> [Value] {
        var bench = Bench()
        try bench.register(image: "web:1")
        try bench.create(desired: 1, balancer: true)
        try bench.wait(until: \.isCompleted, limit: 300)
        try bench.register(image: "web:2")
        try bench.call("UpdateService", #"{"service":"web","taskDefinition":"web"}"#)
        try bench.wait(until: \.isCompleted, limit: 600)
        return try bench.describe()["events"]?.elements ?? []
    }

    /// What the local ECS says about one service, after what must have happened to it.
    private static func answer(_ recording: Recording, about shown: Value) throws -> Value {
        var stage = FidelityStage(recording, identity: shown["createdBy"]?.text)
        let cluster = try stage.cluster(arn: shown["clusterArn"]?.text)
        let deployments = shown["deployments"]?.elements ?? []
        // Oldest first, so that revisions are registered in their order.
        var definitions = deployments.reversed().compactMap { $0["taskDefinition"]?.text }
        if definitions.isEmpty { definitions = [shown["taskDefinition"]?.text].compactMap { $0 } }
        for arn in definitions.sorted(by: { revision($0).number < revision($1).number }) {
            try stage.register(arn, content: definition(for: shown, family: revision(arn).family))
        }

        var create = creation(of: shown, in: cluster)
        let operation = recording.operation
        let wanted = shown["desiredCount"]?.integer ?? 0
        let isRollout = deployments.count > 1
        let older = deployments.last
        if isRollout, let older {
            create["taskDefinition"] = older["taskDefinition"]
            create["networkConfiguration"] = older["networkConfiguration"]
            create["volumeConfigurations"] = older["volumeConfigurations"]
        }
        let isCountOnly = operation == "update-service" && !isRollout
        if isCountOnly { create["desiredCount"] = .integer(wanted == 0 ? 1 : 0) }
        if operation == "delete-service" || shown["status"]?.text == "DRAINING" { create["desiredCount"] = 1 }
        // A page of the AWS CLI names a family alone.
        if create["taskDefinition"]?.text?.split(separator: "/").last?.contains(":") == false {
            create["taskDefinition"] = .string(revision(create["taskDefinition"]?.text ?? "").family)
        }
        if operation == "create-service", let request = recording.request { create = request }
        let created = try stage.call("CreateService", create)
        if operation == "create-service" { return created["service"] ?? [:] }
        // A fresh service is described before its first look, any other one at rest.
        let isFresh = deployments.count == 1 && deployments[0]["rolloutState"]?.text == "IN_PROGRESS"
        if !isFresh { stage.wait(seconds: 400) }

        let service: Value = .map([("cluster", .string(cluster)), ("service", shown["serviceName"] ?? "")])
        if isRollout || isCountOnly {
            var update = service
            update["desiredCount"] = .integer(wanted)
            if isRollout {
                update["taskDefinition"] = shown["taskDefinition"]
                update["networkConfiguration"] = shown["networkConfiguration"]
                if older?["volumeConfigurations"] != nil { update["volumeConfigurations"] = [] }
            }
            if shown["deploymentController"]?["type"]?.text == "CODE_DEPLOY" {
                update = update.only(["cluster", "service", "desiredCount"])
            }
            let updated = try stage.call("UpdateService", update)
            if operation == "update-service" { return updated["service"] ?? [:] }
        }
        if operation == "delete-service" || shown["status"]?.text == "DRAINING" {
            var deletion = service
            deletion["force"] = true
            let deleted = try stage.call("DeleteService", deletion)
            if operation == "delete-service" { return deleted["service"] ?? [:] }
        }
        var request: Value = .map([("cluster", .string(cluster)), ("services", [shown["serviceName"] ?? ""])])
        // One call asked for all of them: where one shows tags, the others were asked for theirs.
        if recording.answer["services"]?.elements?.contains(where: { $0["tags"] != nil }) == true {
            request["include"] = ["TAGS"]
        }
        return try stage.call("DescribeServices", request)["services"]?[0] ?? [:]
    }

    /// The CreateService input that leads to a described service, without what ECS fills in.
    static func creation(of shown: Value, in cluster: String) -> Value {
        var create = shown.only([
            "serviceName", "taskDefinition", "loadBalancers", "serviceRegistries", "desiredCount", "launchType",
            "capacityProviderStrategy", "platformVersion", "deploymentConfiguration", "networkConfiguration",
            "healthCheckGracePeriodSeconds", "schedulingStrategy", "deploymentController", "placementConstraints",
            "placementStrategy", "enableECSManagedTags", "propagateTags", "enableExecuteCommand", "tags",
            "availabilityZoneRebalancing",
        ])
        create["cluster"] = .string(cluster)
        if let role = shown["roleArn"]?.text, !role.contains("/aws-service-role/") { create["role"] = .string(role) }
        for name in ["loadBalancers", "serviceRegistries", "placementConstraints", "placementStrategy", "tags"]
        where create[name]?.isEmptyCollection == true {
            create[name] = nil
        }
        let defaults: [(String, String)] = [
            ("enableECSManagedTags", "false"), ("enableExecuteCommand", "false"), ("propagateTags", "NONE"),
            ("schedulingStrategy", "REPLICA"), ("platformVersion", "LATEST"), ("healthCheckGracePeriodSeconds", "0"),
            ("availabilityZoneRebalancing", "ENABLED"),
        ]
        for (name, value) in defaults where create[name]?.text == value { create[name] = nil }
        if create["deploymentController"]?["type"]?.text == "ECS" { create["deploymentController"] = nil }
        create["deploymentConfiguration"] = create["deploymentConfiguration"].map(lean)
        if create["deploymentConfiguration"]?.isEmptyCollection == true { create["deploymentConfiguration"] = nil }
        if let volumes = shown["deployments"]?[0]?["volumeConfigurations"] { create["volumeConfigurations"] = volumes }
        return create
    }

    private static func lean(_ configuration: Value) -> Value {
        var lean = configuration
        if lean["maximumPercent"]?.integer == 200 { lean["maximumPercent"] = nil }
        if lean["minimumHealthyPercent"]?.integer == 100 { lean["minimumHealthyPercent"] = nil }
        if let breaker = lean["deploymentCircuitBreaker"], breaker["enable"]?.boolean == false,
            breaker["rollback"]?.boolean == false
        {
            lean["deploymentCircuitBreaker"] = nil
        }
        return lean
    }

    static func listOfServices(_ recording: Recording) throws -> Value {
        var stage = FidelityStage(recording)
        let arns = (recording.answer["serviceArns"]?.elements ?? []).compactMap(\.text)
        // Old ARNs do not name the cluster.
        let long = arns.first { $0.split(separator: "/").count > 2 }
        let cluster = long.map { String($0.split(separator: "/")[1]) } ?? "Default"
        try stage.call("CreateCluster", ["clusterName": .string(cluster)])
        try stage.register(
            "arn:aws:ecs:r:a:task-definition/app:1",
            content: ["containerDefinitions": [["name": "app", "image": "nginx", "memory": 64]]])
        for arn in arns {
            let name = arn.split(separator: "/").last.map(String.init) ?? arn
            try stage.call(
                "CreateService",
                [
                    "cluster": .string(cluster), "serviceName": .string(name), "taskDefinition": "app",
                    "desiredCount": 0,
                ])
        }
        return try stage.call("ListServices", ["cluster": .string(cluster)])
    }

    /// Service deployments and revisions, after one successful deployment.
    static func serviceDeployments(_ recording: Recording) throws -> Value {
        let shown = recording.answer["serviceDeployments"]?[0] ?? recording.answer["serviceRevisions"]?[0] ?? [:]
        var stage = FidelityStage(recording)
        let cluster = try stage.cluster(arn: shown["clusterArn"]?.text)
        let name = shown["serviceArn"]?.text?.split(separator: "/").last.map(String.init) ?? "service"
        let containers = (shown["containerImages"]?.elements ?? [["containerName": "app", "image": "nginx"]]).map {
            Value.map([("name", $0["containerName"] ?? ""), ("image", $0["image"] ?? ""), ("memory", 64)])
        }
        let arn = shown["taskDefinition"]?.text ?? "arn:aws:ecs:r:a:task-definition/app:1"
        var content: Value = .map([("containerDefinitions", .list(containers))])
        if shown["networkConfiguration"] != nil {
            content["networkMode"] = "awsvpc"
            content["cpu"] = "256"
            content["memory"] = "512"
        }
        try stage.register(arn, content: content)
        var create = shown.only([
            "capacityProviderStrategy", "launchType", "networkConfiguration", "deploymentConfiguration",
        ])
        create["cluster"] = .string(cluster)
        create["serviceName"] = .string(name)
        create["taskDefinition"] = .string(revision(arn).family)
        create["desiredCount"] = shown["targetServiceRevision"]?["requestedTaskCount"] ?? 1
        try stage.call("CreateService", create)
        stage.wait(seconds: 300)
        let list = try stage.call(
            "ListServiceDeployments", .map([("cluster", .string(cluster)), ("service", .string(name))]))
        if recording.operation == "list-service-deployments" { return list }
        let deployment = list["serviceDeployments"]?[0]
        if recording.operation == "describe-service-deployments" {
            return try stage.call(
                "DescribeServiceDeployments",
                .map([("serviceDeploymentArns", [deployment?["serviceDeploymentArn"] ?? ""])]))
        }
        return try stage.call(
            "DescribeServiceRevisions",
            .map([("serviceRevisionArns", [deployment?["targetServiceRevisionArn"] ?? ""])]))
    }
}
