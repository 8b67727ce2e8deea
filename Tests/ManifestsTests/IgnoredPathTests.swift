import MooringManifests
import MooringModel
import Testing

/// Paths under `mooring: {ignore: …}`.
@Suite struct IgnoredPathTests {
    private func ignoring(_ path: String) throws -> Finding? {
        let service = Sample.service + "\nmooring: {ignore: ['\(path)']}\n"
        return try TestFolder(files: ["task.yaml": Sample.taskDefinition, "web.yaml": service]).state().findings.first
    }

    @Test(arguments: [
        "desiredCount", "networkConfiguration.awsvpcConfiguration.subnets", "containerDefinitions[web].image",
        "containerDefinitions[web].environment[MODE]", "containerDefinitions[web].dockerLabels", "containerDefinitions",
        "tags[team]", "tags", "cpu", "loadBalancers", "containerDefinitions[web].ulimits[nofile].softLimit",
        "deploymentConfiguration.maximumPercent", "containerDefinitions[web].logConfiguration.options",
        "containerDefinitions[a.b].image",
    ])
    func `a path that the API has may be ignored`(_ path: String) throws {
        #expect(try ignoring(path) == nil)
    }

    @Test(arguments: [
        ("desierdCount", "Did you mean 'desiredCount'?"), ("nonsense", "Neither services nor task definitions"),
        ("networkConfiguration.vpc", "'networkConfiguration' has no member 'vpc'"),
        ("networkConfiguration.awsvpcConfiguration.subnet", "Did you mean 'subnets'?"),
        ("containerDefinitions.image", "as in 'containerDefinitions[NAME].image'"),
        ("containerDefinitions[web].imgae", "Did you mean 'image'?"), ("containerDefinitions[web", "is no path"),
        ("containerDefinitions[]", "is no path"), ("desiredCount.value", "Nothing within 'desiredCount'"),
        ("desiredCount[0]", "Leave out the brackets"), ("", ""), ("a..b", "is no path"),
        ("networkConfiguration.awsvpcConfiguration.subnets[0]", "Leave out the brackets"),
        ("placementConstraints.expression", "Nothing within 'placementConstraints'"),
        ("loadBalancers[app:80].roleArn", "Leave out the brackets"),
        (
            "containerDefinitions[web].environment[MODE].value",
            "Nothing within 'containerDefinitions[web].environment[MODE]'"
        ),
        ("containerDefinitions[web].dockerLabels.team", "Nothing within 'containerDefinitions[web].dockerLabels'"),
        ("containerDefinitions[web].dockerLabels[team]", "Leave out the brackets"),
    ])
    func `a path that the API has not is told`(_ path: String, _ part: String) throws {
        let finding = try #require(try ignoring(path))
        #expect(finding.told == "web.yaml:5:20 error \(path.isEmpty ? "wrong-type" : "unknown-path") mooring.ignore")
        #expect(finding.message.contains(part), "\(finding.message)")
    }
}
