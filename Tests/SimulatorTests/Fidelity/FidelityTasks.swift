import MooringShapes
import MooringSimulator

/// Recordings of tasks asked again: each task in a local ECS of its own.
extension FidelityStage {
    static func tasks(_ recording: Recording) throws -> Value {
        if let task = recording.answer["task"] { return .map([("task", try answer(recording, about: task))]) }
        let shown = recording.answer["tasks"]?.elements ?? []
        return .map([("tasks", .list(try shown.map { try answer(recording, about: $0) })), ("failures", [])])
    }

    private static func answer(_ recording: Recording, about shown: Value) throws -> Value {
        // A task that never started was told to fail as it did.
        var images: [ImageRule] = []
        if shown["stopCode"]?.text == "TaskFailedToStart" {
            let reason = shown["containers"]?[0]?["reason"]?.text ?? shown["stoppedReason"]?.text
            images = [ImageRule("*", .cannotPull(reason: reason))]
        } else if shown["stopCode"]?.text == "EssentialContainerExited" {
            images = [ImageRule("*", .crashes(exitCode: 0, afterMilliseconds: 5_000))]
        }
        var stage = FidelityStage(recording, images: images)
        let cluster = try stage.cluster(arn: shown["clusterArn"]?.text)
        let definition = shown["taskDefinitionArn"]?.text ?? "arn:aws:ecs:r:a:task-definition/app:1"
        try stage.register(definition, content: content(of: shown))
        let arn = try stage.start(shown, in: cluster, definition: definition)
        if recording.operation == "run-task" { return arn.answer }

        let isStopAnswer = recording.operation == "stop-task"
        if !isStopAnswer, shown["stopCode"] != nil { try stage.stop(shown, arn.arn, in: cluster) }
        let status = isStopAnswer ? "RUNNING" : shown["lastStatus"]?.text ?? "RUNNING"
        let named: Value = .map([("cluster", .string(cluster)), ("tasks", [.string(arn.arn)]), ("include", ["TAGS"])])
        for _ in 0..<600 {
            let task = try stage.call("DescribeTasks", named)["tasks"]?[0]
            let isAttached = task?["attachments"]?[0]?["status"] == shown["attachments"]?[0]?["status"]
            if task?["lastStatus"]?.text == status, isAttached || isStopAnswer { break }
            stage.wait(seconds: 1)
        }
        if isStopAnswer {
            var request: Value = .map([("cluster", .string(cluster)), ("task", .string(arn.arn))])
            request["reason"] = shown["stoppedReason"]
            return try stage.call("StopTask", request)["task"] ?? [:]
        }
        return try stage.call("DescribeTasks", named)["tasks"]?[0] ?? [:]
    }

    /// Stops the task as it was stopped: by somebody, or by its service; once it ran, if it did.
    private mutating func stop(_ shown: Value, _ arn: String, in cluster: String) throws {
        let code = shown["stopCode"]?.text
        guard code == "UserInitiated" || code == "ServiceSchedulerInitiated" else { return }
        if shown["startedAt"] != nil { wait(seconds: 120) }
        if code == "UserInitiated" {
            var request: Value = .map([("cluster", .string(cluster)), ("task", .string(arn))])
            request["reason"] = shown["stoppedReason"]
            try call("StopTask", request)
        } else {
            let service = shown["group"]?.text?.dropFirst("service:".count) ?? "app"
            try call(
                "UpdateService",
                ["cluster": .string(cluster), "service": .string(String(service)), "desiredCount": 0])
        }
    }

    /// Starts the task by a service or by RunTask, as `startedBy` says.
    private mutating func start(
        _ shown: Value, in cluster: String, definition: String,
    ) throws -> (arn: String, answer: Value) {
        var request: Value = .map([("cluster", .string(cluster)), ("taskDefinition", .string(definition))])
        if let provider = shown["capacityProviderName"] {
            request["capacityProviderStrategy"] = [.map([("capacityProvider", provider), ("weight", 1)])]
        } else {
            request["launchType"] = shown["launchType"]
        }
        request["platformVersion"] = shown["platformVersion"]
        let subnet = (shown["attachments"]?[0]?["details"]?.elements ?? [])
            .first { $0["name"]?.text == "subnetId" }?["value"]
        if let subnet {
            request["networkConfiguration"] = ["awsvpcConfiguration": .map([("subnets", .list([subnet]))])]
        }
        let tags = shown["tags"]?.elements ?? []
        let ownTags = tags.filter { $0["key"]?.text?.hasPrefix("aws:") != true }
        if ownTags.count < tags.count { request["enableECSManagedTags"] = true }
        if !ownTags.isEmpty { request["tags"] = .list(ownTags) }
        if shown["startedBy"]?.text?.hasPrefix("ecs-svc/") == true {
            let group = shown["group"]?.text ?? "service:app"
            request["serviceName"] = .string(String(group.dropFirst("service:".count)))
            request["desiredCount"] = 1
            if !ownTags.isEmpty { request["propagateTags"] = "SERVICE" }
            try call("CreateService", request)
            wait(seconds: 20)
            let arn = try call("ListTasks", ["cluster": .string(cluster)])["taskArns"]?[0]?.text ?? ""
            return (arn, [:])
        }
        request["startedBy"] = shown["startedBy"]
        let answer = try call("RunTask", request)["tasks"]?[0] ?? [:]
        return (answer["taskArn"]?.text ?? "", answer)
    }

    /// The definition that such a task runs.
    private static func content(of shown: Value) -> Value {
        let containers = (shown["containers"]?.elements ?? []).map { container -> Value in
            var definition: Value = .map([
                ("name", container["name"] ?? "app"), ("image", container["image"] ?? "nginx:latest"),
            ])
            for name in ["cpu", "memory", "memoryReservation"] {
                if let number = container[name]?.integer, number > 0 { definition[name] = .integer(number) }
            }
            if let port = container["networkBindings"]?[0]?["containerPort"] {
                definition["portMappings"] = [.map([("containerPort", port), ("hostPort", port)])]
            }
            return definition
        }
        var content: Value = .map([
            (
                "containerDefinitions",
                .list(containers.isEmpty ? [["name": "app", "image": "a", "memory": 128]] : containers)
            )
        ])
        let hasInterface = shown["attachments"]?[0]?["type"]?.text == "ElasticNetworkInterface"
        if hasInterface { content["networkMode"] = "awsvpc" }
        if shown["launchType"]?.text == "FARGATE" || hasInterface {
            content["cpu"] = shown["cpu"]
            content["memory"] = shown["memory"]
        }
        return content
    }

    static func listOfTasks(_ recording: Recording) throws -> Value {
        var stage = FidelityStage(recording)
        let arns = (recording.answer["taskArns"]?.elements ?? []).compactMap(\.text)
        let long = arns.first { $0.split(separator: "/").count > 2 }
        let cluster = long.map { String($0.split(separator: "/")[1]) } ?? "Default"
        try stage.call("CreateCluster", ["clusterName": .string(cluster)])
        try stage.register(
            "arn:aws:ecs:r:a:task-definition/app:1",
            content: ["containerDefinitions": [["name": "app", "image": "nginx", "memory": 64]]])
        try stage.call(
            "RunTask", ["cluster": .string(cluster), "taskDefinition": "app", "count": .integer(arns.count)])
        return try stage.call("ListTasks", ["cluster": .string(cluster)])
    }

    static func protection(_ recording: Recording) throws -> Value {
        var stage = FidelityStage(recording)
        try stage.call("CreateCluster", ["clusterName": "default"])
        try stage.register(
            "arn:aws:ecs:r:a:task-definition/app:1",
            content: ["containerDefinitions": [["name": "app", "image": "nginx", "memory": 64]]])
        // Only tasks of a service can be protected.
        try stage.call("CreateService", ["serviceName": "app", "taskDefinition": "app", "desiredCount": 1])
        stage.wait(seconds: 100)
        let tasks = try stage.call("ListTasks", ["serviceName": "app"])["taskArns"] ?? []
        return try stage.call("GetTaskProtection", .map([("cluster", "default"), ("tasks", tasks)]))
    }

    // MARK: Clusters and accounts

    static func clusters(_ recording: Recording) throws -> Value {
        var stage = FidelityStage(recording)
        let shown = recording.answer["clusters"]?.elements ?? []
        for cluster in shown {
            var create = cluster.only([
                "configuration", "settings", "capacityProviders", "defaultCapacityProviderStrategy",
                "serviceConnectDefaults", "tags",
            ])
            create["clusterName"] = .string(
                cluster["clusterArn"]?.text?.split(separator: "/").last.map(String.init) ?? "default")
            // What CloudFormation added, nobody else may.
            let tags = (create["tags"]?.elements ?? []).filter { $0["key"]?.text?.hasPrefix("aws:") != true }
            create["tags"] = tags.isEmpty ? nil : .list(tags)
            if create["settings"] == [["name": "containerInsights", "value": "disabled"]] { create["settings"] = nil }
            for name in ["capacityProviders", "defaultCapacityProviderStrategy"]
            where create[name]?.isEmptyCollection == true {
                create[name] = nil
            }
            try stage.call("CreateCluster", create)
        }
        let arns = shown.compactMap { $0["clusterArn"] }
        return try stage.call(
            "DescribeClusters",
            .map([("clusters", .list(arns)), ("include", ["TAGS", "SETTINGS", "CONFIGURATIONS", "STATISTICS"])]))
    }

    static func accountSettings(_ recording: Recording) throws -> Value {
        var stage = FidelityStage(recording)
        var request: Value = ["effectiveSettings": true]
        if let settings = recording.answer["settings"]?.elements, settings.count == 1 {
            request["name"] = settings[0]["name"]
        }
        var found: [Value] = []
        repeat {
            let page = try stage.call("ListAccountSettings", request)
            found += page["settings"]?.elements ?? []
            request["nextToken"] = page["nextToken"]
        } while request["nextToken"] != nil
        return .map([("settings", .list(found))])
    }
}
