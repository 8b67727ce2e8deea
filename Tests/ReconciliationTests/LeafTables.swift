import MooringShapes

/// What a shape does not say of its members, written down apart from the product's tables.
struct LeafTables: Sendable {
    /// How the elements of a list are named in a path.
    enum Listing: Sendable {
        /// By these members; an element with another name is another element.
        case named([String], also: [String] = [])
        /// A map in the form of a list.
        case keyed(name: String, value: String)
        /// In order; named as long as names and order are the same.
        case ordered(String)

        /// Members that an element needs to have a name.
        var naming: [String] {
            switch self {
            case .named(let members, _): members
            case .keyed(let name, _): [name]
            case .ordered(let name): [name]
            }
        }
    }

    /// By the member that holds the list. A list that is not here has no names: a change is one of the whole list.
    let listings: [String: Listing]
    /// Values that a name does not say.
    let unsaid: [String: String] = ["protocol": "tcp"]
    /// By the member that holds the list: elements that stand beside the one with the leaf.
    let beside: [String: [Value]]
    /// By shape: members that ECS asks for in prose.
    let asked: [String: [String]]
    /// By shape and member: members that ECS asks for beside this one.
    let askedBy: [String: [String]]
    /// By member: members that cannot stand beside this one.
    let excludedBy: [String: Set<String>]
    /// By member, or by shape and member: values that ECS's rules of prose let pass.
    let samples: [String: (old: Value, new: Value)]

    static let taskDefinition = LeafTables(
        listings: [
            "containerDefinitions": .named(["name"]), "volumes": .named(["name"]),
            "placementConstraints": .ordered("expression"), "properties": .keyed(name: "name", value: "value"),
            "inferenceAccelerators": .named(["deviceName"]),
            "portMappings": .named(["containerPort", "containerPortRange", "protocol"]),
            "environment": .keyed(name: "name", value: "value"),
            "secrets": .keyed(name: "name", value: "valueFrom"), "environmentFiles": .ordered("value"),
            "mountPoints": .named(["containerPath"]), "volumesFrom": .named(["sourceContainer"]),
            "devices": .named(["hostPath", "containerPath"]), "tmpfs": .named(["containerPath"]),
            "dependsOn": .ordered("containerName"),
            "ulimits": .named(["name"]), "secretOptions": .keyed(name: "name", value: "valueFrom"),
            "systemControls": .named(["namespace"]), "resourceRequirements": .named(["type"]),
            "tags": .keyed(name: "key", value: "value"),
        ],
        // One container has to be essential, and two not: others wait for them.
        beside: [
            "containerDefinitions": [
                ["name": "main", "image": "i", "memory": 7],
                ["name": "c", "image": "i", "memory": 7, "essential": false],
                ["name": "d", "image": "i", "memory": 7, "essential": false],
            ],
            // What a mount may name.
            "volumes": [["name": "x"], ["name": "y"]],
        ],
        asked: ["ContainerDefinition": ["name", "image", "memory"]],
        askedBy: ["RegisterTaskDefinitionRequest.containerDefinitions": ["executionRoleArn", "volumes"]],
        excludedBy: [
            "containerPort": ["containerPortRange"], "hostPort": ["containerPortRange"],
            "protocol": ["containerPortRange"],
            "name": ["containerPortRange"], "appProtocol": ["containerPortRange"],
            "containerPortRange": ["containerPort"],
        ],
        samples: [
            "RegisterTaskDefinitionRequest.cpu": ("256", "512"),
            "RegisterTaskDefinitionRequest.memory": ("512", "1024"),
            "requiresCompatibilities": ("EC2", "EXTERNAL"), "containerPortRange": ("80-90", "80-91"),
            "memoryReservation": (5, 6), "sourceVolume": ("x", "y"), "ContainerDependency.containerName": ("c", "d"),
            "ContainerDependency.condition": ("START", "COMPLETE"),
        ])

    static let service = LeafTables(
        listings: [
            "loadBalancers": .named(["containerName", "containerPort"]), "serviceRegistries": .named(["registryArn"]),
            "capacityProviderStrategy": .named(["capacityProvider"]), "services": .named(["portName"]),
            "clientAliases": .named(["port"]), "secretOptions": .keyed(name: "name", value: "valueFrom"),
            "volumeConfigurations": .named(["name"]), "tagSpecifications": .named(["resourceType"]),
            "tags": .keyed(name: "key", value: "value"), "vpcLatticeConfigurations": .named(["portName"]),
            "gatewayConnectors": .named(["portName"]),
        ],
        beside: [:],
        asked: [
            "CreateServiceRequest": ["taskDefinition", "desiredCount"], "LoadBalancer": ["targetGroupArn"],
            "DeploymentLifecycleHook": ["hookTargetArn", "lifecycleStages"],
            "NetworkConfiguration": ["awsvpcConfiguration"],
        ],
        askedBy: [
            "CreateServiceRequest.healthCheckGracePeriodSeconds": ["loadBalancers"],
            // Fargate is in a network, and only there a task may have a public address.
            "CreateServiceRequest.launchType": ["networkConfiguration"],
            "CreateServiceRequest.networkConfiguration": ["launchType"],
            "CreateServiceRequest.platformVersion": ["launchType", "networkConfiguration"],
        ],
        excludedBy: ["loadBalancerName": ["targetGroupArn"]],
        samples: [
            "taskDefinition": ("sample:1", "sample:2"), "launchType": ("FARGATE", "EC2"),
            "platformVersion": ("1.4.0", "1.3.0"),
            "DeploymentController.type": ("ECS", "CODE_DEPLOY"), "maximumPercent": (150, 160), "desiredCount": (1, 2),
            // Stages at which a pause may be, too.
            "lifecycleStages": ("PRE_SCALE_UP", "POST_SCALE_UP"),
            "productionListenerRule": (listenerRule("p1"), listenerRule("p2")),
            "testListenerRule": (listenerRule("t1"), listenerRule("t2")),
            // A name and an ARN cannot be told apart, two ARNs can.
            "namespace": (
                "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-a",
                "arn:aws:servicediscovery:eu-central-1:123456789012:namespace/ns-b"
            ),
        ])

    private static func listenerRule(_ id: String) -> Value {
        .string(
            "arn:aws:elasticloadbalancing:eu-central-1:123456789012:listener-rule/app/web/0123456789abcdef/01/\(id)")
    }
}
