/// One sentence about the members that people write most, for editors.
enum MemberDescriptions {
    /// What the member of a shape is for; nil where nothing is said.
    @Sendable static func sentence(shape: String, member: String) -> String? { table[shape]?[member] }

    private static let table: [String: [String: String]] = [
        "RegisterTaskDefinitionRequest": taskDefinition,
        "CreateServiceRequest": service,
        "CreateClusterRequest": cluster,
        "RunTaskRequest": run,
        "RegisterScalableTargetRequest": scalableTarget,
        "PutScalingPolicyRequest": scalingPolicy,
        "PutScheduledActionRequest": scheduledAction,
        "TargetTrackingScalingPolicyConfiguration": targetTracking,
        "StepScalingPolicyConfiguration": [
            "AdjustmentType": "Whether steps add tasks, add per cent, or set the count.",
            "StepAdjustments": "How much is adjusted, by how far the metric lies from the alarm's threshold.",
            "MinAdjustmentMagnitude": "The fewest tasks that a step of per cent adds or removes.",
            "Cooldown": "Seconds to wait after a step.",
            "MetricAggregationType": "How the metric's values are put together.",
        ],
        "ContainerDefinition": container,
        "DeploymentConfiguration": deploymentConfiguration,
        "PortMapping": [
            "containerPort": "The port the container listens on.",
            "hostPort": "The port on the instance; leave it out under awsvpc, and in bridge mode for any free one.",
            "name": "A name by which Service Connect and VPC Lattice refer to the port.",
        ],
        "AwsVpcConfiguration": [
            "subnets": "Where network interfaces are made.",
            "securityGroups": "At most five; the VPC's default group where there are none.",
            "assignPublicIp": "Whether tasks get a public address; tasks in public subnets need one to pull images.",
        ],
        "HealthCheck": [
            "command": "CMD and arguments, or CMD-SHELL and one line for the shell.",
            "interval": "Seconds between two checks; 30 where nothing is said.",
            "retries": "Failures in a row that make the container unhealthy; 3 where nothing is said.",
            "startPeriod": "Seconds after the start in which failures do not count.",
            "timeout": "Seconds after which a check has failed; 5 where nothing is said.",
        ],
        "KeyValuePair": ["name": "The name.", "value": "The value, in the clear: secrets belong under 'secrets'."],
        "Secret": [
            "name": "The environment variable.",
            "valueFrom": "ARN of a secret of Secrets Manager, or name or ARN of an SSM parameter.",
        ],
    ]

    private static let taskDefinition = [
        "family": "The name; every registration is a revision of it.",
        "containerDefinitions": "The containers, at most ten.",
        "taskRoleArn": "The role that the containers act as.",
        "executionRoleArn": "The role that pulls images, reads secrets and writes logs before the containers run.",
        "networkMode": "Fargate takes awsvpc only; on EC2 bridge is meant where nothing is said.",
        "volumes": "Volumes that containers mount.",
        "placementConstraints": "On which instances tasks may run; not on Fargate.",
        "requiresCompatibilities": "The launch types that the definition must fit.",
        "cpu": "CPU units of the whole task, or '1 vCPU'; Fargate needs it.",
        "memory": "MiB of the whole task, or '2 GB'; Fargate needs it, and takes certain pairs with cpu only.",
        "tags": "Tags of the revision.",
        "pidMode": "Whose processes containers see.",
        "ipcMode": "Whose shared memory containers see.",
        "proxyConfiguration": "An App Mesh proxy.",
        "ephemeralStorage": "The disk of a Fargate task, 21 to 200 GiB.",
        "runtimePlatform": "Processor architecture and operating system.",
        "enableFaultInjection": "Whether faults may be injected into tasks.",
    ]

    private static let service = [
        "serviceName": "The name, unique in its cluster.",
        "cluster": "The cluster, by name or ARN; the environment's only one where nothing is said.",
        "taskDefinition": "A manifest's path, a family of this environment, or a revision ('web:12') to pin.",
        "desiredCount": "How many tasks; leave it out where autoscaling counts.",
        "launchType": "Where tasks run; not together with a capacity provider strategy.",
        "capacityProviderStrategy": "Which capacity providers tasks are spread over.",
        "platformVersion": "The version of Fargate; LATEST where nothing is said.",
        "networkConfiguration": "Subnets and security groups; needed under awsvpc.",
        "loadBalancers": "The target groups that tasks are registered in.",
        "serviceRegistries": "Cloud Map services that tasks are registered in.",
        "healthCheckGracePeriodSeconds": "Seconds after a start in which failing load balancer checks do not count.",
        "deploymentConfiguration": "How a new revision is rolled out.",
        "deploymentController": "Who rolls out: ECS, CODE_DEPLOY or EXTERNAL.",
        "schedulingStrategy": "REPLICA: so many tasks. DAEMON: one on every instance.",
        "placementConstraints": "On which instances tasks may run; not on Fargate.",
        "placementStrategy": "How tasks are spread over instances; applied in their order.",
        "availabilityZoneRebalancing": "Whether ECS moves tasks to even out zones.",
        "enableECSManagedTags": "Whether tasks get tags with cluster and service.",
        "propagateTags": "Whose tags tasks get.",
        "enableExecuteCommand": "Whether commands can be run in the containers.",
        "serviceConnectConfiguration": "How services find one another by name.",
        "volumeConfigurations": "EBS volumes that are made for each task.",
        "vpcLatticeConfigurations": "VPC Lattice target groups that tasks are registered in.",
        "role": "The role that registers tasks with load balancers; the service-linked role where nothing is said.",
        "tags": "Tags of the service.",
    ]

    private static let run = [
        "cluster": "The cluster, by name or ARN; the environment's only one where nothing is said.",
        "taskDefinition": "A manifest's path, a family of this environment, or a revision ('web:12') to pin.",
        "count": "How many copies are started at once, 1 to 10; 1 where nothing is said.",
        "overrides": "What is different from the task definition: commands, variables, sizes, roles.",
        "launchType": "Where the task runs; not together with a capacity provider strategy.",
        "capacityProviderStrategy": "Which capacity providers tasks are spread over.",
        "platformVersion": "The version of Fargate; LATEST where nothing is said.",
        "networkConfiguration": "Subnets and security groups; needed under awsvpc.",
        "placementConstraints": "On which instances tasks may run; not on Fargate.",
        "placementStrategy": "How tasks are spread over instances; applied in their order.",
        "group": "The group that placement goes by; the family where nothing is said.",
        "enableECSManagedTags": "Whether tasks get a tag with the cluster.",
        "propagateTags": "Whether tasks get the tags of the task definition.",
        "enableExecuteCommand": "Whether commands can be run in the containers.",
        "volumeConfigurations": "EBS volumes that are made for each task.",
        "tags": "Tags of the tasks.",
    ]

    private static let fixed = "Follows from the service; leave it out."

    private static let scalableTarget = [
        "ServiceNamespace": fixed, "ResourceId": fixed, "ScalableDimension": fixed,
        "MinCapacity": "The fewest tasks; a new service without 'desiredCount' begins with so many.",
        "MaxCapacity": "The most tasks.",
        "RoleARN": "The role that scales; the service-linked role where nothing is said.",
        "SuspendedState": "Which kinds of scaling rest for now.",
    ]

    private static let scalingPolicy = [
        "ServiceNamespace": fixed, "ResourceId": fixed, "ScalableDimension": fixed,
        "PolicyName": "The name, unique among the service's policies.",
        "PolicyType":
            "TargetTrackingScaling, StepScaling or PredictiveScaling; the configuration of that type belongs to it.",
        "TargetTrackingScalingPolicyConfiguration": "Keeps a metric near a value.",
        "StepScalingPolicyConfiguration": "Adjusts the count in steps when an alarm goes off.",
        "PredictiveScalingPolicyConfiguration": "Scales ahead of a load that recurs.",
    ]

    private static let scheduledAction = [
        "ServiceNamespace": fixed, "ResourceId": fixed, "ScalableDimension": fixed,
        "ScheduledActionName": "The name, unique among the service's actions.",
        "Schedule": "When: cron(0 8 * * ? *), rate(1 hour) or at(2026-12-24T18:00:00).",
        "Timezone": "The time zone of the schedule, as in Europe/Berlin; UTC where nothing is said.",
        "StartTime": "When the schedule begins.",
        "EndTime": "When the schedule ends.",
        "ScalableTargetAction": "The bounds from then on: 'MinCapacity', 'MaxCapacity' or both.",
    ]

    private static let targetTracking = [
        "TargetValue": "The value that the metric is kept near.",
        "PredefinedMetricSpecification": "A metric that AWS knows, such as ECSServiceAverageCPUUtilization.",
        "CustomizedMetricSpecification": "A metric of CloudWatch.",
        "ScaleOutCooldown": "Seconds to wait after tasks were added.",
        "ScaleInCooldown": "Seconds to wait after tasks were removed.",
        "DisableScaleIn": "Whether the policy only ever adds tasks.",
    ]

    private static let cluster = [
        "clusterName": "The name.",
        "capacityProviders": "The capacity providers that services may use.",
        "defaultCapacityProviderStrategy": "What services use that say nothing.",
        "settings": "Container Insights.",
        "configuration": "How commands run in containers are logged and encrypted.",
        "serviceConnectDefaults": "The namespace of services that name none.",
        "tags": "Tags of the cluster.",
    ]

    private static let container = [
        "name": "The name, unique in the task.",
        "image": "Repository with tag or digest.",
        "essential": "Whether the task stops when this container does; true where nothing is said.",
        "cpu": "CPU units reserved for the container.",
        "memory": "MiB at which the container is killed.",
        "memoryReservation": "MiB reserved for the container.",
        "portMappings": "Ports that can be reached from outside.",
        "environment": "Variables, in the clear.",
        "environmentFiles": "Files in S3 with variables.",
        "secrets": "Variables whose values come from Secrets Manager or SSM.",
        "command": "What is run: the program and its arguments, each by itself.",
        "entryPoint": "What the command is given to.",
        "dependsOn": "Containers that must be so far before this one starts.",
        "healthCheck": "How ECS sees whether the container is well; HEALTHCHECK of the image is not looked at.",
        "logConfiguration": "Where output goes.",
        "mountPoints": "Where volumes are seen in the container.",
        "stopTimeout": "Seconds between asking the container to stop and killing it.",
        "startTimeout": "Seconds that containers it depends on may take.",
        "user": "User, or user and group, by name or number.",
        "workingDirectory": "Where the command runs.",
        "readonlyRootFilesystem": "Whether the container may write to its own files.",
        "linuxParameters": "Capabilities, devices, tmpfs, init process.",
        "ulimits": "Limits of files, processes and the like.",
        "dockerLabels": "Labels of the container.",
        "firelensConfiguration": "Makes the container the log router of the task.",
        "resourceRequirements": "GPUs.",
        "versionConsistency": "Whether all tasks of a deployment run the image that the first one found.",
    ]

    private static let deploymentConfiguration = [
        "deploymentCircuitBreaker": "Gives up a rollout whose tasks keep failing, and goes back where rollback is on.",
        "maximumPercent": "How many tasks may run during a rollout; 200 where nothing is said.",
        "minimumHealthyPercent": "How many must keep running; 100 where nothing is said, 0 for daemons.",
        "strategy": "ROLLING, or one that shifts traffic.",
        "alarms": "CloudWatch alarms that end a rollout.",
        "bakeTimeInMinutes": "How long old and new run side by side after traffic was shifted.",
        "lifecycleHooks": "What is run, or waited for, between the stages.",
    ]
}
