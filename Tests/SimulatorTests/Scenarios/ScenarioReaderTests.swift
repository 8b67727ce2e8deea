import MooringShapes
import MooringSimulator
import Testing

/// What a scenario's document may say, and what is said of one that may not.
@Suite struct ScenarioReaderTests {
    private func read(_ json: String, start: Int64 = 1000) throws -> Scenario {
        try ScenarioReader.scenario(of: try JSONReader.value(of: json), start: start)
    }

    @Test func `images are read with their reasons and times`() throws {
        let scenario = try read(
            """
            {"images":[{"image":"a","cannotPull":true},{"image":"b","cannotPull":"CannotPullContainerError: no"},
            {"image":"c","cannotInitialize":"ResourceInitializationError: x"},
            {"image":"c2","cannotInitialize":true},
            {"image":"d","crashes":{"exitCode":3,"after":"1m"}},{"image":"e","crashes":true},
            {"image":"f","outOfMemory":{"after":"500ms"}},{"image":"g","neverHealthy":"Request timed out"},
            {"image":"h","slow":{"start":"30s","healthy":"2m","stop":1.5},"from":"10s","for":"1h30m"}]}
            """)
        #expect(
            scenario.images == [
                ImageRule("a", .cannotPull()), ImageRule("b", .cannotPull(reason: "CannotPullContainerError: no")),
                ImageRule("c", .cannotInitialize(reason: "ResourceInitializationError: x")),
                ImageRule("c2", .cannotInitialize()),
                ImageRule("d", .crashes(exitCode: 3, afterMilliseconds: 60_000)), ImageRule("e", .crashes()),
                ImageRule("f", .runsOutOfMemory(afterMilliseconds: 500)),
                ImageRule("g", .neverHealthy, targetReason: "Request timed out"),
                ImageRule(
                    "h", .slow(.init(starting: 30_000, healthy: 120_000, stopping: 1500)), from: 11_000,
                    until: 11_000 + 5_400_000),
            ])
    }

    @Test func `capacity, instances, missing things and alarms are read`() throws {
        let scenario = try read(
            """
            {"clusters":["main"],"instances":[{"cluster":"main","count":2,"cpu":2048,"memory":7680,"networkInterfaces":2,
            "ports":[22],"provider":"asg","agentConnected":false}],
            "capacity":[{"provider":"FARGATE_SPOT","from":"2m","until":"10m"},
            {"trouble":"noNetworkInterface","reason":"why"}],
            "missing":{"secrets":["db-*"],"parameters":["/web/key"],"logGroups":["/ecs/web"]},
            "alarms":[{"name":"web-5xx","from":"5m","for":"2m"}],"readLag":["1s","2s"],
            "timing":{"preset":"brisk","spotWarning":7,"steadyReminder":false}}
            """)
        #expect(scenario.clusters == ["main"])
        #expect(
            scenario.instances == [
                InstanceRule(
                    cluster: "main", count: 2, cpu: 2048, memory: 7680, networkInterfaces: 2, ports: [22],
                    provider: "asg", isConnected: false)
            ])
        #expect(
            scenario.capacity == [
                CapacityRule("FARGATE_SPOT", .unavailable, from: 121_000, until: 601_000),
                CapacityRule("FARGATE", .noNetworkInterface(reason: "why")),
            ])
        #expect(
            scenario.missing == MissingThings(secrets: ["db-*"], parameters: ["/web/key"], logGroups: ["/ecs/web"]))
        #expect(scenario.alarms == [AlarmRule("web-5xx", from: 301_000, until: 421_000)])
        #expect(scenario.reads == ReadLag(milliseconds: 1000...2000))
        #expect(scenario.timing.spotWarning == 7)
        #expect(scenario.timing.steadyReminder == nil)
    }

    @Test func `a timeline's entries become what happens when`() throws {
        let scenario = try read(
            """
            {"timeline":[{"at":"90s","scale":"web","to":7},{"at":"2m","deploy":"web","taskDefinition":"web:3"},
            {"at":130,"redeploy":"web","cluster":"main"},{"at":"3m","stopTasks":"web","count":2},
            {"at":"4m","delete":"web"},{"at":"5m","interruptSpot":"web"},{"at":"5m","condemn":"web","count":3},
            {"at":"6m","drainInstances":1},{"at":"6m","loseInstances":2},{"at":"6m","addInstances":3},
            {"at":"7m","alarm":"web-5xx","for":"3m"},{"at":"7m","noCapacity":"FARGATE","until":"10m"},
            {"at":"8m","fault":"throttle","operation":"UpdateService","for":"30s"},
            {"at":"9m","call":"DeregisterTaskDefinition","input":{"taskDefinition":"web:1"}},
            {"at":"9m","call":"ssm:PutParameter","input":{"Name":"/a","Value":"b","Type":"String"}}]}
            """)
        func update(_ input: Value) -> Happening.Action { .call(Operation(.ecs, "UpdateService"), input) }
        let minute: Int64 = 60_000
        #expect(
            scenario.timeline == [
                Happening(at: 91_000, update(["service": "web", "desiredCount": 7])),
                Happening(at: 121_000, update(["service": "web", "taskDefinition": "web:3"])),
                Happening(at: 131_000, cluster: "main", update(["service": "web", "forceNewDeployment": true])),
                Happening(at: 1000 + 3 * minute, .stopTasks(service: "web", count: 2)),
                Happening(
                    at: 1000 + 4 * minute, .call(Operation(.ecs, "DeleteService"), ["service": "web", "force": true])),
                Happening(at: 1000 + 5 * minute, .interruptSpot(service: "web", count: 1)),
                Happening(at: 1000 + 5 * minute, .condemnTasks(service: "web", count: 3)),
                Happening(at: 1000 + 6 * minute, .drainInstances(count: 1)),
                Happening(at: 1000 + 6 * minute, .loseInstances(count: 2)),
                Happening(at: 1000 + 6 * minute, .addInstances(count: 3)),
                Happening(
                    at: 1000 + 9 * minute,
                    .call(Operation(.ecs, "DeregisterTaskDefinition"), ["taskDefinition": "web:1"])),
                Happening(
                    at: 1000 + 9 * minute,
                    .call(Operation(.ssm, "PutParameter"), ["Name": "/a", "Value": "b", "Type": "String"])),
            ])
        #expect(scenario.alarms == [AlarmRule("web-5xx", from: 1000 + 7 * minute, until: 1000 + 10 * minute)])
        #expect(
            scenario.capacity == [
                CapacityRule("FARGATE", .unavailable, from: 1000 + 7 * minute, until: 1000 + 10 * minute)
            ])
        #expect(
            scenario.faults == [
                FaultRule(
                    "UpdateService", .always, .throttle, from: 1000 + 8 * minute, until: 1000 + 8 * minute + 30_000)
            ])
    }

    /// A document, where its fault lies, and what the message must say.
    @Test(arguments: [
        (#"{"image":[]}"#, "1:2", "There is no 'image' in a scenario. Did you mean 'images'?"),
        (#"{"images":{}}"#, "1:11", "'images' in a scenario must be a list."),
        (#"{"images":[{"image":"x"}]}"#, "1:12", "An image needs one of cannotPull, cannotInitialize, crashes"),
        (#"{"images":[{"cannotPull":true}]}"#, "1:12", "An image needs the member 'image'."),
        (#"{"images":[{"image":"x","cannotpull":true}]}"#, "1:25", "Did you mean 'cannotPull'?"),
        (#"{"images":[{"image":"x","cannotPull":false}]}"#, "1:38", "must be true, or the text of the reason."),
        (#"{"images":[{"image":"x","crashes":{"exitCode":256}}]}"#, "1:35", "exit code above 255"),
        (#"{"images":[{"image":"x","crashes":true,"until":"soon"}]}"#, "1:48", "must be a time such as 90s"),
        (#"{"timing":{"preset":"fast"}}"#, "1:21", "cannot be 'fast'. It is one of recorded and brisk."),
        (#"{"timing":{"puling":1}}"#, "1:12", "Did you mean 'pulling'?"),
        (#"{"readLag":[2,1]}"#, "1:12", "two times, the smaller first"),
        (#"{"readLag":[-1,1]}"#, "1:12", "two times, the smaller first"),
        (#"{"faults":[{"fault":"throtle"}]}"#, "1:21", "Did you mean 'throttle'?"),
        (#"{"faults":[{"operation":"X"}]}"#, "1:12", "A fault needs the member 'fault': one of throttle, serverError"),
        (#"{"faults":[{"fault":"html","status":42}]}"#, "1:37", "must be an HTTP status"),
        (#"{"faults":[{"fault":"html","perMille":1001}]}"#, "1:39", "at most 1000"),
        (#"{"faults":[{"fault":"html","ordinals":[0]}]}"#, "1:39", "counted from 1"),
        (#"{"timeline":[{"scale":"web","to":1}]}"#, "1:14", "needs the member 'at': a time such as 90s."),
        (#"{"timeline":[{"at":"9s"}]}"#, "1:14", "needs one of scale, deploy"),
        (#"{"timeline":[{"at":"9s","scale":"a","delete":"b"}]}"#, "1:14", "It has scale and delete."),
        (#"{"timeline":[{"at":"9s","scale":"web"}]}"#, "1:14", "needs the member 'to'"),
        (#"{"timeline":[{"at":"9x","delete":"web"}]}"#, "1:20", "must be a time such as 90s"),
        (
            #"{"timeline":[{"at":"9s","call":"UpdateService","input":{"service":"a","desirdCount":1}}]}"#, "1:71",
            "There is no 'desirdCount' in the input of UpdateService. Did you mean 'desiredCount'?"
        ),
        (#"{"timeline":[{"at":"9s","call":"s4:X"}]}"#, "1:32", "names no API"),
        (#"{"capacity":[{"trouble":"none"}]}"#, "1:25", "It is one of unavailable, processorQuota"),
        (#"{"instances":[{"count":501}]}"#, "1:24", "is at most 500."),
        (#"{"strict":["logs"]}"#, "1:12", "Allowed are logGroups"),
        (#"{"timing":{"steadyReminder":0}}"#, "1:29", "must be a whole number of at least 1000."),
        (#"{"timing":{"steadyReminder":999}}"#, "1:29", "must be a whole number of at least 1000."),
        (#"{"timing":{"roundInterval":0}}"#, "1:28", "must be a whole number of at least 1."),
        (#"{"timing":{"backoff":[0]}}"#, "1:23", "each at least 1"),
        (#"{"timing":{"shift":{"callBack":0}}}"#, "1:32", "must be a whole number of at least 1."),
        (#"{"hooks":[{"function":"f","answer":"NO"}]}"#, "1:36", "It is one of SUCCEEDED"),
        (#"[]"#, "1:1", "A scenario must be a map of clusters, setup"),
        (#"{"setup":[{"call":"CreateServce"}]}"#, "1:19", "answers. Did you mean 'CreateService'?"),
        (#"{"setup":[{"call":"ssm:GetParametres"}]}"#, "1:19", "Did you mean 'GetParameters'?"),
        (
            #"{"setup":[{"call":"ecr:CreateRepository","input":{"repositoryNme":"a"}}]}"#, "1:51",
            "Did you mean 'repositoryName'?"
        ),
        (#"{"faults":[{"fault":"throttle","operation":"UpdateServices"}]}"#, "1:44", "Did you mean 'UpdateService'?"),
        (#"{"images":[{"image":"a","neverHealthy":true,"from":"10m","until":"5m"}]}"#, "1:12", "ends before it begins"),
        (#"{"timeline":[{"at":"5s","alarm":"a","until":"3s"}]}"#, "1:14", "ends before it begins"),
        (
            #"{"timeline":[{"at":"5s","scale":"web","to":3,"count":5}]}"#, "1:46",
            "'count' in an entry of the timeline says nothing beside 'scale'. Beside it may stand at, cluster and to."
        ),
        (#"{"timeline":[{"at":"5s","redeploy":"web","to":3}]}"#, "1:42", "Beside it may stand at and cluster."),
        (#"{"timeline":[{"at":"5s","deploy":"web","count":3}]}"#, "1:40", "at, cluster and taskDefinition."),
        (#"{"timeline":[{"at":"5s","delete":"web","until":"9s"}]}"#, "1:40", "says nothing beside 'delete'."),
        (#"{"timeline":[{"at":"5s","condemn":"web","input":{}}]}"#, "1:41", "at, cluster and count."),
        (#"{"timeline":[{"at":"5s","loseInstances":1,"count":2}]}"#, "1:43", "says nothing beside 'loseInstances'."),
        (#"{"timeline":[{"at":"5s","alarm":"a","cluster":"b"}]}"#, "1:37", "at, until and for."),
        (#"{"timeline":[{"at":"5s","noCapacity":"FARGATE","perMille":2}]}"#, "1:48", "beside 'noCapacity'."),
        (#"{"timeline":[{"at":"5s","fault":"throttle","to":2}]}"#, "1:44", "says nothing beside 'fault'."),
        (#"{"timeline":[{"at":"5s","call":"ListClusters","count":2}]}"#, "1:47", "at, cluster and input."),
        (#"{"timeline":[{"at":"5s","alarm":"a","until":"9s","for":"9s"}]}"#, "1:56", "contradicts 'until'"),
        (#"{"alarms":[{"name":"a","from":"5s","fromSeconds":5}]}"#, "1:50", "contradicts 'from'"),
        (#"{"alarms":[{"name":"a","untilSeconds":9,"until":"9s"}]}"#, "1:39", "contradicts 'until'"),
        (#"{"alarms":[{"name":"a","untilSeconds":9,"for":"9s"}]}"#, "1:47", "contradicts 'untilSeconds'"),
        (#"{"faults":[{"fault":"error"}]}"#, "1:21", "needs the member 'code' beside it"),
        (#"{"faults":[{"fault":"throttle","code":"X"}]}"#, "1:39", "says nothing of the fault 'throttle'"),
        (#"{"faults":[{"fault":"slow","status":500}]}"#, "1:37", "it belongs to serverError, serverErrorAfterwards"),
        (#"{"faults":[{"fault":"error","code":"X","milliseconds":5}]}"#, "1:55", "it belongs to slow."),
        (#"{"faults":[{"fault":"html","ordinals":[1],"perMille":1}]}"#, "1:54", "contradicts 'ordinals'"),
        (#"{"faults":[{"fault":"html","operation":"Updat*Servce"}]}"#, "1:40", "names no operation"),
        (#"{"capacity":[{"trouble":"blocked","reason":"x"}]}"#, "1:44", "unless 'trouble' is noNetworkInterface."),
        (#"{"timeline":[{"at":"5s","noCapacity":"EC2","reason":"x"}]}"#, "1:53", "unless 'trouble' is noNetwork"),
        (#"{"hooks":[{"function":"f","answer":"FAILED","reason":"x"}]}"#, "1:54", "unless 'answer' is error."),
        (#"{"images":[{"image":"a","crashes":{"after":"5s","afterSeconds":5}}]}"#, "1:64", "contradicts 'after'"),
        (#"{"containerInstances":501}"#, "1:23", "is at most 500."),
        (#"{"setup":[{"call":"ListClusters","inputs":{}}]}"#, "1:34", "Did you mean 'input'?"),
        (#"{"setup":[{"call":"ListClusters","at":"5s"}]}"#, "1:34", "There is no 'at' in an entry of setup."),
        (#"{"metrics":[{"metric":"m","value":1,"load":2}]}"#, "1:13", "It has value and load."),
        (#"{"metrics":[{"metric":"m","valeu":1}]}"#, "1:27", "Did you mean 'value'?"),
        (#"{"missing":{"secret":["a"]}}"#, "1:13", "Did you mean 'secrets'?"),
        (#"{"alarms":[{"nam":"a"}]}"#, "1:13", "Did you mean 'name'?"),
        (#"{"hooks":[{"functoin":"a"}]}"#, "1:12", "Did you mean 'function'?"),
        (#"{"capacity":[{"provder":"a"}]}"#, "1:15", "Did you mean 'provider'?"),
        (#"{"instances":[{"cuont":1}]}"#, "1:16", "Did you mean 'count'?"),
        (#"{"images":[{"image":"x","slow":{"strat":"1s"}}]}"#, "1:33", "Did you mean 'start'?"),
        (#"{"timing":{"shift":{"minut":1}}}"#, "1:21", "Did you mean 'minute'?"),
    ])
    func `a wrong document is refused with the place and what is allowed`(
        json: String, place: String, says: String,
    ) throws {
        let error = try #require(throws: ScenarioError.self) { try read(json) }
        #expect(error.description.hasPrefix(place + ": "), "\(error)")
        #expect(error.message.contains(says), "\(error)")
    }

    @Test func `a fault may name operations by a pattern`() throws {
        let scenario = try read(
            #"{"faults":[{"operation":"Describe*","fault":"throttle"},{"operation":"ssm:*","fault":"html"}]}"#)
        #expect(scenario.faults.map(\.operation) == ["Describe*", "ssm:*"])
    }

    @Test(
        arguments: [
            ("90s", 90_000), ("2m", 120_000), ("1h30m", 5_400_000), ("250ms", 250), ("1d", 86_400_000), ("7", 7000),
            ("0.5", 500), ("", nil), ("s", nil), ("1", 1000), ("1x", nil), ("-1s", nil), ("-1", nil), ("nan", nil),
            ("99999999999999999999s", nil), ("999999999999d", nil), ("1s ", nil), ("inf", nil),
        ] as [(String, Int64?)])
    func `times are read as people write them`(text: String, milliseconds: Int64?) throws {
        let json = #"{"alarms":[{"name":"a","from":"\#(text)"}]}"#
        guard let milliseconds else {
            #expect(throws: ScenarioError.self) { try read(json, start: 0) }
            return
        }
        #expect(try read(json, start: 0).alarms == [AlarmRule("a", from: milliseconds)])
    }
}
