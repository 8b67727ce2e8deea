import MooringShapes
import Testing

@testable import MooringPlanning

/// Every default, written down here a second time: where it is written out it must say what absence says, and any other
/// value must not.
@Suite struct DefaultsTests {
    /// A member, its default and another value, inside the document that `#` stands in.
    struct Case: Sendable, CustomStringConvertible {
        let member: String
        let standard: String
        let other: String
        let place: String

        init(_ member: String, _ standard: String, _ other: String, in place: String = "{#}") {
            self.member = member
            self.standard = standard
            self.other = other
            self.place = place
        }

        var description: String { member }

        func document(_ value: String?) throws -> Value {
            guard let value else { return try Samples.value(place.replacing(", #", with: "").replacing("#", with: "")) }
            return try Samples.value(place.replacing("#", with: "\"\(member)\": \(value)"))
        }
    }

    private static let container = #"{"containerDefinitions": [{"name": "a", "image": "i", #}]}"#
    private static func inContainer(_ text: String) -> String { container.replacing("#", with: text) }
    private static func inVolume(_ text: String) -> String { #"{"volumes": [{"name": "v", \#(text)}]}"# }

    static let ofTaskDefinitions: [Case] = [
        Case("networkMode", #""bridge""#, #""host""#),
        Case("enableFaultInjection", "false", "true"),
        Case("isolationMode", #""SHARED""#, #""ISOLATED_SANDBOX""#, in: #"{"trustedExecutionConfiguration": {#}}"#),
        Case("type", #""APPMESH""#, #""OTHER""#, in: #"{"proxyConfiguration": {#}}"#),
        Case("cpu", "0", "1", in: container), Case("essential", "true", "false", in: container),
        Case("versionConsistency", #""enabled""#, #""disabled""#, in: container),
        Case("disableNetworking", "false", "true", in: container), Case("privileged", "false", "true", in: container),
        Case("readonlyRootFilesystem", "false", "true", in: container),
        Case("interactive", "false", "true", in: container), Case("pseudoTerminal", "false", "true", in: container),
        Case("interval", "30", "31", in: inContainer(#""healthCheck": {#}"#)),
        Case("timeout", "5", "6", in: inContainer(#""healthCheck": {#}"#)),
        Case("retries", "3", "4", in: inContainer(#""healthCheck": {#}"#)),
        Case("startPeriod", "0", "1", in: inContainer(#""healthCheck": {#}"#)),
        Case("protocol", #""tcp""#, #""udp""#, in: inContainer(#""portMappings": [{"containerPort": 1, #}]"#)),
        Case("hostPort", "0", "1", in: inContainer(#""portMappings": [{"containerPort": 1, #}]"#)),
        Case("containerPort", "0", "1", in: inContainer(#""portMappings": [{"containerPortRange": "1-2", #}]"#)),
        Case("readOnly", "false", "true", in: inContainer(#""mountPoints": [{"containerPath": "/", #}]"#)),
        Case("readOnly", "false", "true", in: inContainer(#""volumesFrom": [{"sourceContainer": "b", #}]"#)),
        Case("value", #""""#, #""x""#, in: inContainer(#""environment": [{"name": "X", #}]"#)),
        Case("initProcessEnabled", "false", "true", in: inContainer(#""linuxParameters": {#}"#)),
        Case("host", "{}", #"{"sourcePath": "/"}"#, in: inVolume("#")),
        Case("configuredAtLaunch", "false", "true", in: inVolume("#")),
        Case("scope", #""task""#, #""shared""#, in: inVolume(#""dockerVolumeConfiguration": {#}"#)),
        Case("autoprovision", "false", "true", in: inVolume(#""dockerVolumeConfiguration": {#}"#)),
        Case("driver", #""local""#, #""nfs""#, in: inVolume(#""dockerVolumeConfiguration": {#}"#)),
        Case("rootDirectory", #""/""#, #""/x""#, in: inVolume(#""efsVolumeConfiguration": {#}"#)),
        Case("transitEncryption", #""DISABLED""#, #""ENABLED""#, in: inVolume(#""efsVolumeConfiguration": {#}"#)),
        Case(
            "iam", #""DISABLED""#, #""ENABLED""#,
            in: inVolume(#""efsVolumeConfiguration": {"authorizationConfig": {#}}"#)),
        Case("rootDirectory", #""/""#, #""/x""#, in: inVolume(#""s3filesVolumeConfiguration": {#}"#)),
    ]

    private static func inDeployment(_ text: String) -> String { #"{"deploymentConfiguration": {\#(text)}}"# }
    private static let connect = #"{"serviceConnectConfiguration": {#}}"#
    private static let volume = #"{"volumeConfigurations": [{"name": "v", "managedEBSVolume": {#}}]}"#
    private static let hook = #"{"deploymentConfiguration": {"lifecycleHooks": [{"hookTargetArn": "f", #}]}}"#

    static let ofServices: [Case] = [
        Case("availabilityZoneRebalancing", #""DISABLED""#, #""ENABLED""#),
        Case("platformVersion", #""LATEST""#, #""1.3.0""#),
        Case("healthCheckGracePeriodSeconds", "0", "1"), Case("schedulingStrategy", #""REPLICA""#, #""DAEMON""#),
        Case("type", #""ECS""#, #""EXTERNAL""#, in: #"{"deploymentController": {#}}"#),
        Case("enableECSManagedTags", "false", "true"), Case("enableExecuteCommand", "false", "true"),
        Case("propagateTags", #""NONE""#, #""SERVICE""#),
        Case("weight", "0", "1", in: #"{"capacityProviderStrategy": [{"capacityProvider": "a", #}]}"#),
        Case("base", "0", "1", in: #"{"capacityProviderStrategy": [{"capacityProvider": "a", #}]}"#),
        Case(
            "assignPublicIp", #""DISABLED""#, #""ENABLED""#,
            in: #"{"networkConfiguration": {"awsvpcConfiguration": {#}}}"#),
        Case("maximumPercent", "200", "100", in: inDeployment("#")),
        Case("minimumHealthyPercent", "100", "50", in: inDeployment("#")),
        Case("strategy", #""ROLLING""#, #""CANARY""#, in: inDeployment("#")),
        Case("bakeTimeInMinutes", "0", "1", in: inDeployment("#")),
        Case("enable", "false", "true", in: inDeployment(#""deploymentCircuitBreaker": {#}"#)),
        Case("rollback", "false", "true", in: inDeployment(#""deploymentCircuitBreaker": {#}"#)),
        Case("resetOnHealthyTask", "true", "false", in: inDeployment(#""deploymentCircuitBreaker": {#}"#)),
        Case(
            "type", #""BOUNDED_PERCENT""#, #""COUNT""#,
            in: inDeployment(#""deploymentCircuitBreaker": {"thresholdConfiguration": {#}}"#)),
        Case(
            "value", "50", "51", in: inDeployment(#""deploymentCircuitBreaker": {"thresholdConfiguration": {#}}"#)),
        Case("enable", "false", "true", in: inDeployment(#""alarms": {#}"#)),
        Case("rollback", "false", "true", in: inDeployment(#""alarms": {#}"#)),
        Case("enable", "false", "true", in: inDeployment(#""earlySuccessCriteria": {#}"#)),
        Case("healthyPercent", "100", "99", in: inDeployment(#""earlySuccessCriteria": {#}"#)),
        Case(
            "sourceServiceRevisionCleanup", #""BLOCKING""#, #""DEFERRED""#,
            in: inDeployment(#""earlySuccessCriteria": {#}"#)),
        Case("stepPercent", "10.0", "11", in: inDeployment(#""linearConfiguration": {#}"#)),
        Case("stepBakeTimeInMinutes", "6", "7", in: inDeployment(#""linearConfiguration": {#}"#)),
        Case("canaryPercent", "5.0", "6", in: inDeployment(#""canaryConfiguration": {#}"#)),
        Case("canaryBakeTimeInMinutes", "10", "11", in: inDeployment(#""canaryConfiguration": {#}"#)),
        Case("targetType", #""AWS_LAMBDA""#, #""PAUSE""#, in: hook),
        Case("timeoutConfiguration", #"{"timeoutInMinutes": 1440}"#, #"{"timeoutInMinutes": 1}"#, in: hook),
        Case("timeoutConfiguration", #"{"action": "ROLLBACK"}"#, #"{"action": "CONTINUE"}"#, in: hook),
        Case("enabled", "false", "true", in: connect),
        Case(
            "discoveryName", #""p""#, #""q""#,
            in: #"{"serviceConnectConfiguration": {"services": [{"portName": "p", #}]}}"#),
        Case(
            "includeQueryParameters", #""DISABLED""#, #""ENABLED""#,
            in: #"{"serviceConnectConfiguration": {"accessLogConfiguration": {#}}}"#),
        Case("encrypted", "true", "false", in: volume), Case("filesystemType", #""xfs""#, #""ext4""#, in: volume),
        Case(
            "propagateTags", #""NONE""#, #""SERVICE""#,
            in: volume.replacing("#", with: ##""tagSpecifications": [{"resourceType": "volume", #}]"##)),
        Case(
            "timeoutSeconds", "300", "1", in: #"{"gatewayConnectors": [{"portName": "p", "deregistrationDelay": {#}}]}"#
        ),
    ]

    @Test(arguments: ofTaskDefinitions)
    func `a default of a task definition says what its absence says`(sample: Case) throws {
        let absent = try sample.document(nil)
        let standard = try sample.document(sample.standard)
        let other = try sample.document(sample.other)
        #expect(TaskDefinitionDifference.changes(wanted: absent, live: standard) == [])
        #expect(TaskDefinitionDifference.changes(wanted: standard, live: absent) == [])
        #expect(!TaskDefinitionDifference.changes(wanted: absent, live: other).isEmpty)
        #expect(!TaskDefinitionDifference.changes(wanted: other, live: absent).isEmpty)
        #expect(TaskDefinitionDigest.digest(of: absent) == TaskDefinitionDigest.digest(of: standard))
        #expect(TaskDefinitionDigest.digest(of: absent) != TaskDefinitionDigest.digest(of: other))
    }

    @Test(arguments: ofServices)
    func `a default of a service says what its absence says`(sample: Case) throws {
        func changes(_ wanted: Value, _ live: Value) -> Int {
            var live = live
            if sample.place.contains("gateway") { live["serviceRevisionArn"] = "arn" }
            return ServiceDifference.changes(wanted: wanted, live: live, primary: live).count
        }
        let absent = try sample.document(nil)
        let standard = try sample.document(sample.standard)
        let other = try sample.document(sample.other)
        #expect(changes(standard, absent) == 0)
        #expect(changes(absent, standard) == 0)
        // An external controller keeps its settings elsewhere; the controller itself is compared all the same.
        #expect(changes(other, absent) == 1)
        #expect(changes(standard, other) == 1)
        #expect(ServiceDigest.digest(of: absent) == ServiceDigest.digest(of: standard))
        #expect(ServiceDigest.digest(of: absent) != ServiceDigest.digest(of: other))
    }
}
