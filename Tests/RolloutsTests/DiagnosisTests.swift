import MooringModel
import MooringShapes
import Testing

@testable import MooringRollouts

@Suite struct DiagnosisTests {
    private func container(
        _ name: String = "web", image: String = "registry.example/web:2", exit: Int? = nil, reason: String? = nil,
    ) -> Value {
        .map(present: [
            ("name", .string(name)), ("image", .string(image)), ("exitCode", exit.map(Value.integer)),
            ("reason", reason.map(Value.string)),
        ])
    }

    private func task(
        _ reason: String, code: String = "TaskFailedToStart", _ containers: [Value]? = nil,
    ) -> Value {
        [
            "stopCode": .string(code), "stoppedReason": .string(reason),
            "containers": .list(containers ?? [container()]),
            "overrides": ["containerOverrides": [["environment": [["name": "KEY", "value": "hunter2"]]]]],
        ]
    }

    private func exited(_ containers: [Value]) -> Value {
        task("Essential container in task exited", code: "EssentialContainerExited", containers)
    }

    private func diagnose(
        _ reason: String = "ECS deployment circuit breaker: tasks failed to start.", events: [String] = [],
        tasks: [Value] = [], service: Value = .map([]),
    ) -> Diagnosis {
        Diagnosis.diagnose(
            reason: reason, events: events.map { ["message": .string($0)] }, stoppedTasks: tasks, service: service)
    }

    // MARK: Causes

    @Test func `a long reason keeps its end, where what went wrong stands`() {
        let image = "123456789012.dkr.ecr.us-east-1.amazonaws.com/my-app:v3-typo"
        let reason =
            "CannotPullContainerError: pull image manifest has been retried 5 time(s): failed to resolve ref "
            + "\(image): \(image): not found"
        let sentence = diagnose(tasks: [task(reason, [container(image: image)])]).sentence
        #expect(sentence.hasPrefix("Image \(image) cannot be pulled: pull image manifest has been retried 5 time(s)"))
        #expect(sentence.hasSuffix(": failed to resolve ref …: …: not found."), "\(sentence)")
        let long = "CannotPullContainerError: " + String(repeating: "tried once more: ", count: 40) + "manifest unknown"
        let cut = diagnose(tasks: [task(long, [container(image: image)])]).sentence
        #expect(cut.contains(" … ") && cut.hasSuffix("manifest unknown."), "\(cut)")
    }

    @Test func `an image that cannot be pulled is named with the registry's reason`() {
        let text =
            "CannotPullContainerError: pull image manifest has been retried 1 time(s): failed to resolve ref "
            + "docker.io/library/no_such_image:latest: pull access denied"
        let diagnosis = diagnose(tasks: [task(text, [container(image: "no_such_image:latest")])])
        #expect(diagnosis.cause == .imageCannotBePulled)
        #expect(
            diagnosis.sentence.hasPrefix("Image no_such_image:latest cannot be pulled: pull image manifest has been"))
        #expect(diagnosis.sentence.contains("pull access denied."))
        #expect(diagnosis.evidence.first == text)
        #expect(diagnosis.remedy.contains("execution role"))
    }

    @Test func `of several containers the one whose image is missing is named`() {
        let onContainer = task(
            "Task failed to start",
            [
                container("proxy", image: "envoy:1"),
                container(image: "web:9", reason: "CannotPullImageManifestError: manifest unknown"),
            ])
        #expect(diagnose(tasks: [onContainer]).sentence == "Image web:9 cannot be pulled: manifest unknown.")
        let onTask = task(
            "CannotPullContainerError: failed to resolve ref registry.example/team/web:9: not found",
            [container("proxy", image: "envoy:1"), container(image: "registry.example/team/web:9")])
        #expect(diagnose(tasks: [onTask]).sentence.hasPrefix("Image registry.example/team/web:9 cannot be pulled"))
    }

    @Test func `without tasks the image comes from the message`() {
        let event =
            "(service web) (task 1) CannotPullContainerError: failed to resolve ref docker.io/library/web:3: not found"
        let diagnosis = diagnose(events: [event])
        #expect(diagnosis.cause == .imageCannotBePulled)
        #expect(diagnosis.sentence.hasPrefix("Image docker.io/library/web:3 cannot be pulled"))
    }

    @Test func `a pull limit has its own remedy`() {
        let text = "CannotPullContainerError: toomanyrequests: You have reached your pull rate limit."
        #expect(diagnose(tasks: [task(text)]).remedy.contains("cache"))
    }

    @Test func `an image for another platform is not a missing image`() {
        let text =
            "CannotPullContainerError: pull image manifest has been retried 7 time(s): image Manifest does not contain "
            + "descriptor matching platform 'linux/amd64'"
        let diagnosis = diagnose(tasks: [task(text)])
        #expect(diagnosis.cause == .wrongArchitecture)
        #expect(diagnosis.sentence.contains("linux/amd64"))
    }

    @Test func `the container that ended by itself is named, not its neighbours`() {
        let diagnosis = diagnose(tasks: [exited([container("proxy", exit: 137), container(exit: 3)])])
        #expect(diagnosis.cause == .containerExits)
        #expect(diagnosis.sentence == "Container 'web' exited with code 3.")
        #expect(diagnosis.evidence.first == "web: exit code 3")
        #expect(
            diagnose(tasks: [exited([container("proxy", exit: 143), container(exit: 0)])]).sentence
                == "Container 'web' exited with code 0.")
        #expect(diagnose(tasks: [exited([container(exit: 0)])]).remedy.contains("foreground"))
    }

    @Test func `a container killed by itself is out of memory, one stopped by ECS is not`() {
        let reason = "OutOfMemoryError: Container killed due to memory usage"
        #expect(diagnose(tasks: [exited([container(exit: 137, reason: reason)])]).cause == .outOfMemory)
        let killed = diagnose(tasks: [exited([container(exit: 137)])])
        #expect(killed.cause == .outOfMemory)
        #expect(killed.sentence.contains("137"))
        let scaledIn = task(
            "Scaling activity initiated by (deployment ecs-svc/8646900195280463695)", code: "ServiceSchedulerInitiated",
            [container(exit: 137)])
        #expect(diagnose("", tasks: [scaledIn]).cause == .unknown)
        #expect(diagnose(tasks: [scaledIn]).cause == .tasksFail)
    }

    @Test func `failing health checks are told apart`() {
        let unhealthy = "(service web) (task 1) failed container health checks."
        #expect(diagnose(events: [unhealthy]).cause == .containerHealthCheck)
        let target =
            "(service web) (port 8080) is unhealthy in (target-group arn:aws:elasticloadbalancing:x) due to (reason "
            + "Health checks failed with these codes: [503])."
        let diagnosis = diagnose(events: [target])
        #expect(diagnosis.cause == .loadBalancerHealthCheck)
        #expect(
            diagnosis.sentence
                == "Tasks fail the load balancer's health check: Health checks failed with these codes: [503].")
    }

    @Test func `missing capacity is answered by launch type`() {
        let event =
            "(service web) was unable to place a task because no container instance met all of its requirements."
        let onInstances = diagnose(events: [event], service: ["launchType": "EC2"])
        let onFargate = diagnose(
            events: ["(service web) was unable to place a task. Reason: Capacity is unavailable at this time."],
            service: ["capacityProviderStrategy": [["capacityProvider": "FARGATE_SPOT"]]])
        #expect(onInstances.cause == .noCapacity)
        #expect(onInstances.remedy.contains("Add instances"))
        #expect(onFargate.cause == .noCapacity)
        #expect(onFargate.remedy.contains("Fargate"))
    }

    @Test(arguments: [
        (
            "ResourceInitializationError: unable to pull secrets or registry auth: unable to retrieve secret from asm: "
                + "AccessDeniedException: not authorized to perform: secretsmanager:GetSecretValue",
            Cause.secretUnreadable
        ),
        (
            "ResourceInitializationError: failed to validate logger args: create stream has been retried 1 times: "
                + "ResourceNotFoundException: The specified log group does not exist.", .logGroupMissing
        ),
        (
            "ResourceInitializationError: unable to pull secrets or registry auth: execution resource retrieval "
                + "failed: unable to retrieve ecr registry auth: AccessDeniedException: not authorized to perform: "
                + "ecr:GetAuthorizationToken", .roleMissing
        ),
        ("ECS was unable to assume the role 'arn:aws:iam::123456789012:role/web' that was provided", .roleMissing),
        (
            "ResourceInitializationError: failed to invoke EFS utils commands to set up EFS volumes: Connection reset",
            .volumeUnavailable
        ),
        (
            "CannotStartContainerError: Error response from daemon: exec: \"serve\": executable file not found",
            .containerCannotStart
        ),
        ("CannotStartContainerError: exec /app: exec format error", .wrongArchitecture),
        ("Unexpected EC2 error while attempting to Create Network Interface in subnet 'subnet-1'", .noAddress),
        ("RESOURCE:ENI", .noAddress),
        ("Timeout waiting for network interface provisioning to complete.", .noAddress),
    ])
    func `a stopped task's reason names the cause`(reason: String, cause: Cause) {
        let diagnosis = diagnose(tasks: [task(reason)])
        #expect(diagnosis.cause == cause)
        #expect(diagnosis.evidence.first == reason)
    }

    @Test func `what the rollout's own reason names is the cause`() {
        let scaledIn = task("Scaling activity initiated by x", code: "ServiceSchedulerInitiated")
        #expect(diagnose("alarm detected.", tasks: [scaledIn]).cause == .alarm)
        let hook = diagnose(
            "Service deployment rolled back because PRE_SCALE_UP lifecycle hook(s) failed.",
            tasks: [exited([container(exit: 1)])])
        #expect(hook.cause == .hookFailed)
    }

    @Test func `most tasks decide, and what happens to healthy rollouts too comes last`() {
        let pull = task("CannotPullContainerError: not found")
        let crash = exited([container(exit: 1)])
        #expect(diagnose(tasks: [pull, crash, crash]).cause == .containerExits)
        #expect(diagnose(tasks: [pull, crash]).cause == .imageCannotBePulled)
        let stopped = task("drill", code: "UserInitiated")
        #expect(diagnose(tasks: [stopped, stopped, crash]).cause == .containerExits)
        #expect(diagnose(tasks: [stopped]).cause == .stoppedByPerson)
        #expect(
            diagnose(events: [
                "(service web) operations are being throttled. Will try again later.",
                "(service web) (task 1) failed container health checks.",
            ]).cause == .containerHealthCheck)
    }

    @Test func `what is not understood is quoted`() {
        let diagnosis = diagnose("Something new happened")
        #expect(diagnosis.cause == .unknown)
        #expect(diagnosis.sentence == "ECS says: Something new happened.")
        #expect(diagnosis.evidence == ["Something new happened"])
        #expect(diagnose("").sentence == "ECS does not say why.")
    }

    @Test func `events from before the rollout do not count`() {
        let events: [Value] = [
            ["message": "(service web) (task 2) failed container health checks.", "createdAt": 200],
            ["message": "(service web) was unable to place a task. RESOURCE:ENI", "createdAt": 100],
        ]
        let diagnosis = Diagnosis.diagnose(
            reason: "", events: events, stoppedTasks: [], service: .map([]),
            since: Timestamp(millisecondsSince1970: 150_000))
        #expect(diagnosis.cause == .containerHealthCheck)
        #expect(diagnosis.evidence.count == 1)
    }

    // MARK: Evidence

    @Test func `evidence is bounded, on one line and without repetition`() {
        let long = "CannotPullContainerError: " + String(repeating: "x\n\u{1B}[31m", count: 4000)
        let tasks = (0..<50).map { task(long + String($0)) } + [exited([container(exit: 1)])]
        let events = (0..<100).map { index in
            let id = String(index, radix: 16)
            let padded = String(repeating: "a", count: 32 - id.count) + id
            return "(service web) (task \(padded)) failed container health checks."
        }
        let diagnosis = diagnose(events: events, tasks: tasks)
        #expect(diagnosis.evidence.count <= 5)
        #expect(diagnosis.evidence.allSatisfy { $0.count <= 300 })
        #expect(diagnosis.evidence.filter { $0.contains("health checks") }.count == 1)
        for text in diagnosis.evidence + [diagnosis.sentence] {
            #expect(!text.unicodeScalars.contains { $0.value < 0x20 })
        }
    }

    @Test func `routine messages are no evidence`() {
        let diagnosis = diagnose(events: ["(service web) has reached a steady state."])
        #expect(diagnosis.evidence == ["ECS deployment circuit breaker: tasks failed to start."])
    }

    @Test func `environment values are never shown`() {
        let diagnosis = diagnose(tasks: [exited([container(exit: 1)]), task("CannotPullContainerError: x")])
        #expect(!([diagnosis.sentence, diagnosis.remedy] + diagnosis.evidence).joined().contains("hunter2"))
    }

    @Test func `every cause has a sentence and a remedy`() {
        for cause in Cause.allCases {
            let findings = Findings(reason: "Something happened")
            let words = Words(
                cause: cause, shown: cause, findings: findings, service: .map([]), evidence: [], early: nil)
            #expect(words.sentence.count > 15, "\(cause)")
            #expect(words.sentence.hasSuffix("."), "\(cause)")
            #expect(words.remedy.hasSuffix("."), "\(cause)")
        }
    }
}
