import MooringManifests
import MooringModel
import MooringNames
import MooringPlanning
import MooringPresentation
import MooringShapes
import Testing

@Suite struct `A manifest of what ECS describes` {
    private func definition(_ described: Value, tags: [Value] = []) throws -> ObservedTaskDefinition {
        ObservedTaskDefinition(
            arn: try TaskDefinitionARN("arn:aws:ecs:us-east-1:123456789012:task-definition/web:3"),
            described: described,
            tags: tags)
    }

    @Test func `leaves out defaults, empty members and what only Describe returns`() throws {
        let described: Value = [
            "taskDefinitionArn": "arn:aws:ecs:us-east-1:123456789012:task-definition/web:3", "family": "web",
            "revision": 3, "status": "ACTIVE", "volumes": [["name": "scratch", "host": [:]]],
            "placementConstraints": [], "networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"],
            "runtimePlatform": ["cpuArchitecture": "X86_64", "operatingSystemFamily": "LINUX"],
            "cpu": "256", "memory": "512", "someMemberOfTomorrow": true,
            "containerDefinitions": [
                [
                    "essential": true, "cpu": 0, "image": "web:1", "name": "web", "mountPoints": [], "volumesFrom": [],
                    "portMappings": [["protocol": "tcp", "hostPort": 80, "containerPort": 80]],
                    "environment": [["name": "Z", "value": ""], ["name": "A", "value": "022"]],
                    "healthCheck": ["command": ["CMD", "true"], "interval": 30, "timeout": 5, "retries": 4],
                    "secrets": [["name": "T", "valueFrom": "/t"], ["name": "B", "valueFrom": "/b"]],
                ]
            ],
        ]
        let manifest = ImportedManifest.taskDefinition(
            try definition(
                described,
                tags: [
                    ["key": "aws:x", "value": "1"], ["key": "team", "value": "a"],
                    ["key": "mooring:digest", "value": "d"],
                ]))
        #expect(
            YAMLWriter.text(of: manifest, layout: .people) == """
                family: web
                networkMode: awsvpc
                containerDefinitions:
                  - name: web
                    image: web:1
                    portMappings:
                      - containerPort: 80
                    environment:
                      - name: A
                        value: "022"
                      - name: Z
                        value: ""
                    secrets:
                      - name: T
                        valueFrom: /t
                      - name: B
                        valueFrom: /b
                    healthCheck:
                      command:
                        - CMD
                        - "true"
                      retries: 4
                volumes:
                  - name: scratch
                requiresCompatibilities:
                  - FARGATE
                cpu: "256"
                memory: "512"
                tags:
                  - key: team
                    value: a

                """)
        #expect(TaskDefinitionDifference.changes(wanted: manifest, live: described) == [])
    }

    @Test func `keeps a default that is not the default here, and a volume's kind that says nothing else`() throws {
        let described: Value = [
            "family": "web", "networkMode": "host",
            "volumes": [
                [
                    "name": "v",
                    "dockerVolumeConfiguration": ["scope": "task", "driver": "local", "autoprovision": false],
                ]
            ],
            "containerDefinitions": [
                [
                    "name": "web", "image": "web", "essential": false,
                    "portMappings": [["containerPort": 80, "hostPort": 8080, "protocol": "udp"]],
                ]
            ],
        ]
        let manifest = ImportedManifest.taskDefinition(try definition(described))
        #expect(
            manifest["containerDefinitions"]?[0]?["portMappings"]?[0]
                == described["containerDefinitions"]?[0]?["portMappings"]?[0])
        #expect(manifest["containerDefinitions"]?[0]?["essential"] == false)
        #expect(manifest["volumes"]?[0]?["dockerVolumeConfiguration"] != nil)
    }

    @Test func `of a service has what its deployment shows, and required members beside those that say something`()
        throws
    {
        let live: Value = [
            "serviceArn": "arn:aws:ecs:us-east-1:123456789012:service/main/web", "serviceName": "web",
            "status": "ACTIVE", "desiredCount": 2, "runningCount": 2, "launchType": "FARGATE",
            "platformVersion": "LATEST", "roleArn": "arn:aws:iam::123456789012:role/aws-service-role/x/y",
            "schedulingStrategy": "REPLICA", "deploymentController": ["type": "ECS"], "propagateTags": "NONE",
            "enableECSManagedTags": true, "healthCheckGracePeriodSeconds": 0, "events": [],
            "deploymentConfiguration": [
                "maximumPercent": 200, "minimumHealthyPercent": 50, "strategy": "ROLLING", "bakeTimeInMinutes": 0,
                "deploymentCircuitBreaker": ["enable": true, "rollback": false, "resetOnHealthyTask": true],
                "alarms": ["alarmNames": [], "rollback": false, "enable": false],
            ],
            "deployments": [
                [
                    "status": "PRIMARY",
                    "serviceConnectConfiguration": [
                        "enabled": true, "namespace": "ns",
                        "services": [["portName": "http", "discoveryName": "http"]],
                    ],
                ]
            ],
        ]
        let key = ServiceKey(cluster: try ClusterName("main"), service: try ServiceName("web"))
        let manifest = ImportedManifest.service(
            ObservedService(key: key, described: live), taskDefinition: "task-definition.yaml", hasCount: true)
        #expect(
            manifest == [
                "cluster": "main", "serviceName": "web", "taskDefinition": "task-definition.yaml", "desiredCount": 2,
                "launchType": "FARGATE",
                "deploymentConfiguration": [
                    "minimumHealthyPercent": 50, "deploymentCircuitBreaker": ["enable": true, "rollback": false],
                ],
                "enableECSManagedTags": true,
                "serviceConnectConfiguration": [
                    "enabled": true, "namespace": "ns", "services": [["portName": "http"]],
                ],
            ])
        #expect((manifest.members ?? []).prefix(3).map(\.name) == ["cluster", "serviceName", "taskDefinition"])
        #expect(
            ServiceDifference.changes(wanted: manifest, live: live, primary: live["deployments"]?[0]).filter {
                !["cluster", "serviceName", "taskDefinition"].contains($0.path)
            } == [])
    }
}
