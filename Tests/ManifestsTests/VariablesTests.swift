import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// `${name}` in manifests, and what it stands for.
@Suite struct VariablesTests {
    private func state(
        _ manifest: String, variables: String, readings: ParameterReadings = .offline, name: String = "s.yaml",
    ) throws -> DesiredState {
        try TestFolder(
            files: ["mooring.yaml": variables.isEmpty ? "{}" : "variables:\n\(variables)", name: manifest],
            readings: readings
        ).state()
    }

    /// A member of the only container, by default the image.
    private func container(_ text: String, member: String = "image", variables: String) throws
        -> (text: String?, told: [String])
    {
        let image = member == "image" ? "" : "    image: nginx:1.27\n"
        let state = try state(
            "family: web\ncontainerDefinitions:\n  - name: app\n    \(member): '\(text)'\n    memory: 256\n\(image)",
            variables: variables)
        return (state.taskDefinitions.first?.input["containerDefinitions"]?[0]?[member]?.text, state.told)
    }

    @Test(arguments: [
        ("web-${tag}", "web-1.27"), ("${tag}", "1.27"), ("${tag}${tag}", "1.271.27"), ("$tag", "$tag"),
        ("$${tag}", "${tag}"), ("$${other}", "${other}"), ("$$${tag}", "$${tag}"), ("$", "$"),
        ("a}${tag}{", "a}1.27{"),
    ])
    func `a declared name is replaced, and nothing else is touched`(_ text: String, _ expected: String) throws {
        let (hostname, told) = try container(text, member: "hostname", variables: "  tag: 1.27\n")
        #expect(hostname == expected)
        #expect(told.filter { !$0.contains("unused-variable") } == [])
    }

    @Test func `a brace that nobody closed is text, an error in what names something, else a warning`() throws {
        let (hostname, told) = try container("${tag", member: "hostname", variables: "")
        #expect(hostname == "${tag")
        #expect(told == ["s.yaml:4:15 warning template-text containerDefinitions[0].hostname"])
        let (image, errors) = try container("nginx:${tag", variables: "")
        #expect(image == nil)
        #expect(errors == ["s.yaml:4:12 error template-leftover containerDefinitions[0].image"])
    }

    @Test func `a scalar that is nothing but a variable takes its type from the API`() throws {
        let yaml = try state(
            "serviceName: web\ntaskDefinition: web:1\ndesiredCount: ${count}\nenableExecuteCommand: ${exec}\n",
            variables: "  count: 3\n  exec: yes\n")
        #expect(yaml.heeded.filter { $0.severity != .remark }.map(\.line) == [])
        #expect(yaml.services.first?.input["desiredCount"] == 3)
        #expect(yaml.services.first?.input["enableExecuteCommand"] == true)
        let json = try state(
            #"{"serviceName": "web", "taskDefinition": "web:1", "desiredCount": "${count}"}"#,
            variables: "  count: 3\n", name: "s.json")
        #expect(json.told == [])
        #expect(json.services.first?.input["desiredCount"] == 3)
        let version = try container("${version}", member: "hostname", variables: "  version: 1.10\n")
        #expect(version.text == "1.10")
    }

    @Test func `a name that nobody declared is an error with its place and a suggestion, and nothing else is said`()
        throws
    {
        let state = try state(
            "serviceName: ${nam}\ntaskDefinition: web:1\ndesiredCount: ${nam}\n", variables: "  name: web\n")
        let errors = state.findings.filter { $0.severity == .error }
        #expect(
            errors.map(\.told) == [
                "s.yaml:1:14 error undeclared-variable serviceName",
                "s.yaml:3:15 error undeclared-variable desiredCount",
            ])
        #expect(errors.allSatisfy { $0.message.contains("Did you mean '${name}'?") })
        #expect(state.services.isEmpty)
    }

    @Test(arguments: ["${AWS::Region}", "${a.b}", "${a b}", "${}", "${tag:-latest}"])
    func `placeholders of other languages are errors, too`(_ text: String) throws {
        let (_, told) = try container("nginx:\(text)", variables: "")
        #expect(told == ["s.yaml:4:12 error undeclared-variable containerDefinitions[0].image"])
    }

    @Test func `where a shell, a log driver or a proxy reads it, undeclared text stays as it is`() throws {
        let text = """
            family: web
            containerDefinitions:
              - name: app
                image: nginx:1
                memory: 64
                entryPoint: [sh, -c]
                command: ['echo ${HOME} ${tag} $${HOME} $${tag} ${x:-${tag}}']
                environment: [{name: GREETING, value: 'hello ${USER}'}, {name: T, value: '${tag}'}]
                healthCheck: {command: [CMD-SHELL, 'test -n "${PORT}"']}
                dockerLabels: {rule: 'Host(`${DOMAIN}`)'}
                logConfiguration: {logDriver: fluentd, options: {tag: '${TAG_PREFIX}.${tag}'}}
            """
        let state = try state(text, variables: "  tag: v1\n")
        #expect(state.heeded.filter { $0.severity != .remark }.map(\.line) == [])
        let container = try #require(state.taskDefinitions.first?.input["containerDefinitions"]?[0])
        #expect(container["command"]?[0] == "echo ${HOME} v1 $${HOME} ${tag} ${x:-v1}")
        #expect(container["environment"]?[0]?["value"] == "hello ${USER}")
        #expect(container["environment"]?[1]?["value"] == "v1")
        #expect(container["healthCheck"]?["command"]?[1] == #"test -n "${PORT}""#)
        #expect(container["dockerLabels"]?["rule"] == "Host(`${DOMAIN}`)")
        #expect(container["logConfiguration"]?["options"]?["tag"] == "${TAG_PREFIX}.v1")
    }

    @Test func `a finding about a value names the variable it comes from`() throws {
        let state = try state(
            "serviceName: web\ntaskDefinition: web:1\ndesiredCount: ${count}\n", variables: "  count: many\n")
        let finding = try state.finding("wrong-type")
        #expect(finding.told == "s.yaml:3:15 error wrong-type desiredCount")
        #expect(finding.message.contains("The value comes from '${count}'"), "\(finding.message)")
        #expect(state.badServices.count == 1)
    }

    @Test func `variables stand in names, references and Mooring's own options`() throws {
        let state = try TestFolder(
            files: [
                "mooring.yaml": "variables: {stage: prod, why: moving house}",
                "t.yaml": Sample.taskDefinition.replacing("web", with: "web-${stage}"),
                "s.yaml":
                    "serviceName: web-${stage}\ncluster: ${stage}\ntaskDefinition: web-${stage}\ndesiredCount: 1\n"
                    + "mooring: {pause: '${why}'}\n",
            ]
        ).state()
        #expect(state.told == [])
        let service = try #require(state.services.first)
        #expect(service.key.description == "prod/web-prod")
        #expect(service.taskDefinition == .family(try Family("web-prod")))
        #expect(service.options.pause == "moving house")
    }

    @Test func `a variable that no manifest uses is remarked upon`() throws {
        let state = try state(Sample.taskDefinition, variables: "  tag: 1\n")
        #expect(state.findings.map(\.told) == ["mooring.yaml:2:3 remark unused-variable variables.tag"])
    }

    @Test func `settings that cannot be read leave services with variables alone, and the others paused`() throws {
        let state = try TestFolder(files: [
            "mooring.yaml": "variables: {tag: [",
            "a.yaml": "serviceName: a\ntaskDefinition: a:1\ndesiredCount: ${count}\n",
            "b.yaml": "serviceName: b\ntaskDefinition: b:1\ndesiredCount: 1\n",
        ]).state()
        #expect(state.services.map(\.key.service.text) == ["b"])
        #expect(state.services.allSatisfy { $0.options.pause != nil })
        #expect(state.badServices.map(\.key.service.text) == ["a"])
        #expect(state.findings.filter { $0.rule == "unreadable-variable" }.count == 1)
    }

    // MARK: Parameters

    private static let subnets = """
        serviceName: web
        taskDefinition: web:1
        desiredCount: 1
        networkConfiguration:
          awsvpcConfiguration: {subnets: ['${subnet_a}', '${subnet_b}'], securityGroups: [sg-1]}
        """
    private static let declared = "  subnet_a: {fromParameter: /net/a}\n  subnet_b: {fromParameter: /net/b}\n"

    private func withParameters(_ readings: ParameterReadings) throws -> DesiredState {
        try TestFolder(
            files: [
                "mooring.yaml": "variables:\n\(Self.declared)  spare: {fromParameter: /net/c}\n",
                "web.yaml": Self.subnets, "api.yaml": "serviceName: api\ntaskDefinition: api:1\ndesiredCount: 1\n",
            ], readings: readings
        ).state()
    }

    @Test func `only parameters in use are needed`() throws {
        let collection = try TestFolder(files: [
            "mooring.yaml": "variables:\n\(Self.declared)  spare: {fromParameter: /net/c}\n", "web.yaml": Self.subnets,
        ]).collection()
        #expect(collection.neededParameters == ["/net/a", "/net/b"])
    }

    @Test func `parameters that were read are values`() throws {
        let state = try withParameters(.asked(["/net/a": .value("subnet-1"), "/net/b": .value("subnet-2")]))
        #expect(state.told == ["mooring.yaml:4:3 remark unused-variable variables.spare"])
        let web = try #require(state.services.last)
        #expect(
            web.input["networkConfiguration"]?["awsvpcConfiguration"]?["subnets"] == ["subnet-1", "subnet-2"])
        #expect(web.unresolved == nil)
    }

    @Test func `offline, nothing is said about a value that only a parameter has`() throws {
        let state = try state(
            "serviceName: ${p}\ncluster: ${p}\ntaskDefinition: ${p}\ndesiredCount: ${p}\nlaunchType: ${p}\n",
            variables: "  p: {fromParameter: /p}\n")
        #expect(state.told == [])
        let other = try withParameters(.offline)
        #expect(other.services.map(\.key.service.text) == ["api", "web"])
        #expect(other.isComplete)
    }

    @Test func `a parameter that cannot be used makes the services that use it bad, and no others`() throws {
        let state = try withParameters(.asked(["/net/a": .refused("There is no such thing."), "/net/b": .value("s")]))
        #expect(state.services.map(\.key.service.text) == ["api"])
        #expect(state.badServices.map(\.key.service.text) == ["web"])
        let finding = try state.finding("unreadable-variable")
        #expect(finding.message == "'${subnet_a}' has no value. There is no such thing.")
        #expect(
            finding.told
                == "web.yaml:5:35 error unreadable-variable networkConfiguration.awsvpcConfiguration.subnets[0]")
        #expect(!state.isComplete)
    }

    @Test func `a parameter that will be read later lets the service wait, and is no error`() throws {
        let state = try withParameters(.asked(["/net/a": .waiting("Throttled."), "/net/b": .value("subnet-2")]))
        #expect(state.services.map { $0.unresolved } == [nil, "Throttled."])
        #expect(state.heeded.allSatisfy { $0.severity == .remark }, "\(state.told)")
        #expect(state.isComplete)
        let definition = try TestFolder(
            files: [
                "mooring.yaml": "variables:\n  tag: {fromParameter: /tag}\n",
                "t.yaml": Sample.taskDefinition.replacing("1.27", with: "${tag}"), "s.yaml": Sample.service,
            ], readings: .asked([:])
        ).state()
        #expect(definition.services.first?.unresolved == "The SSM parameter '/tag' has not been read yet.")
        #expect(definition.told == [])
    }

    /// Members that rules hold against others, each said by a parameter; the others make an error of every wrong guess.
    private static let open = (
        taskDefinition: """
        family: web
        networkMode: ${p}
        requiresCompatibilities: ["${p}"]
        cpu: ${p}
        memory: ${p}
        executionRoleArn: ${p}
        volumes:
          - {name: data, efsVolumeConfiguration: {fileSystemId: fs-1, transitEncryption: "${p}", transitEncryptionPort: 99}}
          - {name: "${p}", configuredAtLaunch: "${p}"}
        proxyConfiguration: {type: APPMESH, containerName: envoy}
        containerDefinitions:
          - name: ${p}
            image: ${p}
            essential: ${p}
            links: [other]
            volumesFrom: [{sourceContainer: other}]
            mountPoints: [{sourceVolume: other, containerPath: /x}]
            portMappings: [{containerPort: "${p}", hostPort: 80, name: "${p}"}]
            secrets: [{name: A, valueFrom: "${p}"}]
            environment: [{name: "${p}", value: "${p}"}]
            logConfiguration: {logDriver: "${p}"}
            healthCheck: {command: ["${p}"], interval: "${p}"}
          - name: second
            image: nginx:1.27
            dependsOn: [{containerName: other, condition: HEALTHY}, {containerName: third, condition: COMPLETE}]
            portMappings: [{containerPort: 80}]
            logConfiguration: {logDriver: awslogs, options: {awslogs-group: "${p}"}}
          - {name: third, image: nginx:1.27, essential: "${p}", logConfiguration: {logDriver: json-file}}
        """,
        service: """
        serviceName: web
        taskDefinition: web
        desiredCount: ${p}
        schedulingStrategy: ${p}
        deploymentController: {type: "${p}"}
        capacityProviderStrategy: [{capacityProvider: "${p}", weight: "${p}"}, {capacityProvider: FARGATE, weight: 0}]
        deploymentConfiguration:
          {strategy: "${p}", minimumHealthyPercent: "${p}", deploymentCircuitBreaker: {enable: true, rollback: true}}
        loadBalancers: [{targetGroupArn: "${p}", containerName: app, containerPort: 80}]
        serviceRegistries: [{registryArn: "${p}", containerName: second, containerPort: 80}]
        networkConfiguration: {awsvpcConfiguration: {subnets: ["${p}"], assignPublicIp: "${p}"}}
        serviceConnectConfiguration: {enabled: true, services: [{portName: http}]}
        volumeConfigurations: [{name: other, managedEBSVolume: {roleArn: "${p}", sizeInGiB: "${p}"}}]
        """
    )

    @Test(arguments: [ParameterReadings.offline, .asked(["/p": .waiting("Throttled.")])])
    func `what only a parameter says makes no rule between members speak`(_ readings: ParameterReadings) throws {
        let state = try TestFolder(
            files: [
                "mooring.yaml": "variables: {p: {fromParameter: /p}}", "t.yaml": Self.open.taskDefinition,
                "s.yaml": Self.open.service,
            ], readings: readings
        ).state()
        #expect(state.findings.filter { $0.severity == .error }.map(\.line) == [])
        #expect(state.services.count == 1 && state.taskDefinitions.count == 1)
    }

    // MARK: Bounds

    @Test func `a text of open braces takes no quadratic time`() throws {
        let braces = String(repeating: "${", count: 40_000)
        let clock = ContinuousClock()
        let elapsed = try clock.measure {
            let (_, told) = try container(braces + "}", variables: "")
            #expect(told == ["s.yaml:4:12 error undeclared-variable containerDefinitions[0].image"])
        }
        #expect(elapsed < .seconds(20))
    }

    @Test func `variables cannot make a document grow without end`() throws {
        let value = String(repeating: "x", count: 8000)
        let clock = ContinuousClock()
        let elapsed = try clock.measure {
            let (_, told) = try container(String(repeating: "${a}", count: 100_000), variables: "  a: \(value)\n")
            #expect(told == ["s.yaml:4:12 error variables-too-long containerDefinitions[0].image"])
        }
        // The text is never put together: it would have 800 MB, and every rule would look at it.
        #expect(elapsed < .seconds(20))
    }
}
