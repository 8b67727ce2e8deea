import Foundation
import MooringManifests
import MooringModel
import Testing

/// Mistakes that everybody makes once. The messages are kept word for word: each must let one mend the mistake without a
/// search. `RECORD_SNAPSHOTS=1` writes them anew.
@Suite struct NewcomerTests {
    struct Mistake: Sendable, CustomTestStringConvertible {
        let name: String
        let files: [(path: String, text: String)]

        var testDescription: String { name }
    }

    private static let mistakes = [
        Mistake(
            name: "typo-in-a-member",
            files: [
                ("web.task.yaml", task), ("web.service.yaml", service.replacing("desiredCount", with: "desierdCount")),
            ]),
        Mistake(
            name: "cpu-as-a-number",
            files: [
                ("web.task.json", jsonTask),
                (
                    "other.task.yaml",
                    task.replacing("family: web", with: "family: other").replacing("\"256\"", with: "256")
                ),
                (
                    "worker.task.yaml",
                    task.replacing("family: web", with: "family: worker").replacing("\"256\"", with: "0,25")
                ),
            ]),
        Mistake(
            name: "memory-missing-on-fargate",
            files: [("web.task.yaml", task.replacing("memory: \"512\"\n", with: "")), ("web.service.yaml", service)]),
        Mistake(
            name: "family-that-is-not-there",
            files: [
                ("web.task.yaml", task),
                ("web.service.yaml", service.replacing("taskDefinition: web", with: "taskDefinition: wbe")),
                ("api.service.yaml", service.replacing("web", with: "payments")),
            ]),
        Mistake(
            name: "tab-in-yaml",
            files: [("web.task.yaml", task), ("web.service.yaml", service.replacing("  awsvpc", with: "\tawsvpc"))]),
        Mistake(
            name: "one-off-task-without-a-word",
            files: [
                ("web.task.yaml", task), ("web.service.yaml", service),
                ("migrate.yaml", "taskDefinition: web\nlaunchType: FARGATE\ncount: 1\n"),
            ]),
        Mistake(
            name: "services-in-a-circle",
            files: [
                ("web.task.yaml", task), ("web.service.yaml", service + "mooring: {dependsOn: [api, cache]}\n"),
                ("api.service.yaml", service.replacing("Name: web", with: "Name: api") + "mooring: {dependsOn: web}\n"),
            ]),
        Mistake(
            name: "scaling-as-elsewhere",
            files: [
                ("web.task.yaml", task),
                ("web.service.yaml", service + "mooring:\n  autoscaling: {min: 2, max: 10, cpu: 60}\n"),
            ]),
        Mistake(
            name: "options-among-the-members",
            files: [
                ("web.task.yaml", task + "timeout: 10m\n"),
                (
                    "web.service.yaml",
                    service
                        + "pause: true\ndependsOn: [api]\ntimeout: 5m\nonFailure: hold\nprune: true\ndrift: report\n"
                ),
                ("migrate.yaml", "taskDefinition: web\nlaunchType: FARGATE\nruns: {before: web}\n"),
            ]),
        Mistake(
            name: "options-of-elsewhere",
            files: [
                ("web.task.yaml", task),
                ("web.service.yaml", service + "mooring: {onFailure: hold, prune: true}\n"),
                ("mooring.yaml", "autoscaling: {MinCapacity: 1}\ndependsOn: [db]\nprune: {maxx: 3}\n"),
            ]),
        Mistake(
            name: "times-that-are-none",
            files: [
                ("web.task.yaml", task),
                ("web.service.yaml", service + "mooring: {timeout: 5 minutes, pause: never}\n"),
                (
                    "api.service.yaml",
                    service.replacing("Name: web", with: "Name: api")
                        + "mooring: {timeout: 20, pause: 2026-12-01T08:00}\n"
                ),
                (
                    "mooring.yaml",
                    "freeze:\n  - {until: 2026-12-01T08:00}\n  - {until: 2026-11-31}\n  - {until: 2026-12-01T25:00Z}\n"
                ),
            ]),
        Mistake(
            name: "words-of-other-tools",
            files: [
                ("web.task.yaml", task),
                ("web.service.yaml", service + "mooring: {waitFor: stable, wave: first, ignore: [desired_count]}\n"),
                ("mooring.yaml", "onFailure: rollback\nprune: yes please\nfreeze: {from: 20 December}\n"),
            ]),
    ]

    @Test(arguments: mistakes)
    func `a newcomer's mistake is told as it was`(_ mistake: Mistake) throws {
        let files = Dictionary(uniqueKeysWithValues: mistake.files)
        let state = try TestFolder(files: files).state()
        var text = ""
        for (path, content) in mistake.files { text += "==> \(path)\n\(content)\n" }
        text += "==> mooring validate\n" + state.findings.map { $0.line + "\n" }.joined()
        let url = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
            .appendingPathComponent("Goldens/\(mistake.name).txt")
        if ProcessInfo.processInfo.environment["RECORD_SNAPSHOTS"] == "1" {
            try text.write(to: url, atomically: true, encoding: .utf8)
        }
        #expect(try String(contentsOf: url, encoding: .utf8) == text)
    }

    private static let task = """
        family: web
        requiresCompatibilities: [FARGATE]
        networkMode: awsvpc
        cpu: "256"
        memory: "512"
        executionRoleArn: arn:aws:iam::123456789012:role/ecsTaskExecutionRole
        containerDefinitions:
          - name: web
            image: nginx:1.27
            portMappings: [{containerPort: 80}]
            logConfiguration:
              logDriver: awslogs
              options: {awslogs-group: /ecs/web, awslogs-region: eu-central-1, awslogs-stream-prefix: ecs}

        """

    private static let jsonTask = """
        {
          "family": "web",
          "requiresCompatibilities": ["FARGATE"],
          "networkMode": "awsvpc",
          "cpu": 256,
          "memory": 512,
          "containerDefinitions": [
            {"name": "web", "image": "nginx:1.27", "logConfiguration": {"logDriver": "splunk"}}
          ]
        }

        """

    private static let service = """
        serviceName: web
        taskDefinition: web
        desiredCount: 2
        launchType: FARGATE
        networkConfiguration:
          awsvpcConfiguration: {subnets: [subnet-0a1b2c3d], securityGroups: [sg-0f1e2d3c]}
        deploymentConfiguration:
          deploymentCircuitBreaker: {enable: true, rollback: true}

        """
}
