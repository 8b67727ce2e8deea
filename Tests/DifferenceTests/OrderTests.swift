import MooringShapes
import Testing

@testable import MooringPlanning

/// Which lists have an order, written down here a second time.
@Suite struct OrderTests {
    private static func inContainer(_ text: String) -> String {
        #"{"containerDefinitions": [{"name": "a", "image": "i", \#(text)}]}"#
    }

    /// A document in which `#` is a list of two, and the two elements.
    struct Case: Sendable, CustomStringConvertible {
        let place: String
        let first: String
        let second: String

        init(_ place: String, _ first: String = #""a""#, _ second: String = #""b""#) {
            self.place = place
            self.first = first
            self.second = second
        }

        var description: String { place }
        func document(_ elements: String...) throws -> Value {
            try Samples.value(place.replacing("#", with: "[\(elements.joined(separator: ","))]"))
        }
    }

    private static func named(_ member: String) -> (String, String) {
        (#"{"\#(member)": "a", "x": 1}"#, #"{"\#(member)": "b", "x": 2}"#)
    }

    private static func elements(_ place: String, _ member: String) -> Case {
        let (first, second) = named(member)
        return Case(place, first, second)
    }

    static let withoutOrder: [Case] = [
        Case(#"{"requiresCompatibilities": #}"#), elements(#"{"containerDefinitions": #}"#, "name"),
        elements(#"{"volumes": #}"#, "name"), elements(#"{"inferenceAccelerators": #}"#, "deviceName"),
        elements(#"{"proxyConfiguration": {"properties": #}}"#, "name"),
        Case(inContainer(#""links": #"#)), elements(inContainer(#""environment": #"#), "name"),
        elements(inContainer(#""secrets": #"#), "name"), elements(inContainer(#""mountPoints": #"#), "containerPath"),
        elements(inContainer(#""volumesFrom": #"#), "sourceContainer"), elements(inContainer(#""ulimits": #"#), "name"),
        elements(inContainer(#""systemControls": #"#), "namespace"),
        elements(inContainer(#""resourceRequirements": #"#), "type"),
        elements(inContainer(#""logConfiguration": {"secretOptions": #}"#), "name"),
        Case(inContainer(#""portMappings": #"#), #"{"containerPort": 1}"#, #"{"containerPort": 2}"#),
        Case(inContainer(#""restartPolicy": {"ignoredExitCodes": #}"#), "1", "2"),
        Case(inContainer(#""linuxParameters": {"capabilities": {"add": #}}"#)),
        Case(inContainer(#""linuxParameters": {"capabilities": {"drop": #}}"#)),
        Case(inContainer(#""linuxParameters": {"devices": [{"hostPath": "/d", "permissions": #}]}"#)),
        elements(inContainer(#""linuxParameters": {"devices": #}"#), "hostPath"),
        elements(inContainer(#""linuxParameters": {"tmpfs": #}"#), "containerPath"),
    ]

    static let withOrder: [Case] = [
        Case(inContainer(#""command": #"#)), Case(inContainer(#""entryPoint": #"#)),
        Case(inContainer(#""healthCheck": {"command": #}"#)), Case(inContainer(#""dnsServers": #"#)),
        Case(inContainer(#""dnsSearchDomains": #"#)), Case(inContainer(#""dockerSecurityOptions": #"#)),
        Case(inContainer(#""credentialSpecs": #"#)), elements(inContainer(#""dependsOn": #"#), "containerName"),
        elements(inContainer(#""environmentFiles": #"#), "value"),
        elements(inContainer(#""extraHosts": #"#), "hostname"),
        elements(#"{"placementConstraints": #}"#, "expression"),
        Case(inContainer(#""linuxParameters": {"tmpfs": [{"containerPath": "/", "mountOptions": #}]}"#)),
        Case(#"{"memberOfNextYear": #}"#),
    ]

    static let withoutOrderInServices: [Case] = [
        Case(#"{"networkConfiguration": {"awsvpcConfiguration": {"subnets": #}}}"#),
        Case(#"{"networkConfiguration": {"awsvpcConfiguration": {"securityGroups": #}}}"#),
        Case(#"{"deploymentConfiguration": {"alarms": {"alarmNames": #}}}"#),
        elements(#"{"deploymentConfiguration": {"lifecycleHooks": #}}"#, "hookTargetArn"),
        Case(#"{"deploymentConfiguration": {"lifecycleHooks": [{"hookTargetArn": "f", "lifecycleStages": #}]}}"#),
        elements(#"{"placementConstraints": #}"#, "expression"), elements(#"{"loadBalancers": #}"#, "containerName"),
        elements(#"{"serviceRegistries": #}"#, "registryArn"),
        elements(#"{"capacityProviderStrategy": #}"#, "capacityProvider"),
        elements(#"{"serviceConnectConfiguration": {"services": #}}"#, "portName"),
        elements(#"{"serviceConnectConfiguration": {"services": [{"portName": "p", "clientAliases": #}]}}"#, "port"),
        elements(#"{"serviceConnectConfiguration": {"containerConfigurations": #}}"#, "logLevel"),
        elements(#"{"volumeConfigurations": #}"#, "name"), elements(#"{"vpcLatticeConfigurations": #}"#, "portName"),
        Case(#"{"gatewayConnectors": [{"portName": "p", "filters": {"accessTypes": #}}]}"#),
        Case(#"{"monitoring": {"metricConfigurations": [{"metricNames": #}]}}"#),
        elements(#"{"monitoring": {"metricConfigurations": #}}"#, "resolutionSeconds"),
        elements(#"{"tags": #}"#, "key"),
    ]

    @Test(arguments: withoutOrder + withOrder)
    func `task definitions keep the order of some lists`(sample: Case) throws {
        let hasOrder = OrderTests.withOrder.contains { $0.place == sample.place }
        let one = try sample.document(sample.first, sample.second)
        let other = try sample.document(sample.second, sample.first)
        #expect(TaskDefinitionDifference.changes(wanted: one, live: other).isEmpty == !hasOrder)
        #expect((TaskDefinitionDigest.digest(of: one) == TaskDefinitionDigest.digest(of: other)) == !hasOrder)
        let less = try sample.document(sample.first)
        #expect(TaskDefinitionDifference.changes(wanted: one, live: less).count == 1)
        #expect(TaskDefinitionDifference.changes(wanted: less, live: one).count == 1)
    }

    @Test(arguments: withoutOrderInServices)
    func `services have no order in most lists`(sample: Case) throws {
        let one = try sample.document(sample.first, sample.second)
        let other = try sample.document(sample.second, sample.first)
        let less = try sample.document(sample.first)
        #expect(ServiceDifference.changes(wanted: one, live: other, primary: other).isEmpty)
        #expect(ServiceDigest.digest(of: one) == ServiceDigest.digest(of: other))
        #expect(ServiceDifference.changes(wanted: one, live: less, primary: less).count == 1)
        #expect(ServiceDifference.changes(wanted: less, live: one, primary: one).count == 1)
    }
}
