import MooringAWS
import MooringNames
import MooringPorts
import Testing

/// Where services are reached.
@Suite struct EndpointsTests {
    // Recorded from botocore 1.43.11: normal, dual-stack, FIPS, FIPS and dual-stack; "-" where botocore refuses.
    private static let recorded = """
        ecs eu-central-1 ecs.eu-central-1.amazonaws.com ecs.eu-central-1.api.aws ecs-fips.eu-central-1.amazonaws.com ecs-fips.eu-central-1.api.aws
        ecs us-gov-west-1 ecs.us-gov-west-1.amazonaws.com ecs.us-gov-west-1.api.aws ecs-fips.us-gov-west-1.amazonaws.com ecs-fips.us-gov-west-1.api.aws
        ecs cn-north-1 ecs.cn-north-1.amazonaws.com.cn ecs.cn-north-1.api.amazonwebservices.com.cn ecs-fips.cn-north-1.amazonaws.com.cn ecs-fips.cn-north-1.api.amazonwebservices.com.cn
        ecs eusc-de-east-1 ecs.eusc-de-east-1.amazonaws.eu ecs.eusc-de-east-1.api.amazonwebservices.eu ecs-fips.eusc-de-east-1.amazonaws.eu ecs-fips.eusc-de-east-1.api.amazonwebservices.eu
        ecs us-iso-east-1 ecs.us-iso-east-1.c2s.ic.gov ecs.us-iso-east-1.api.aws.ic.gov ecs-fips.us-iso-east-1.c2s.ic.gov ecs-fips.us-iso-east-1.api.aws.ic.gov
        ecs us-isob-east-1 ecs.us-isob-east-1.sc2s.sgov.gov ecs.us-isob-east-1.api.aws.scloud ecs-fips.us-isob-east-1.sc2s.sgov.gov ecs-fips.us-isob-east-1.api.aws.scloud
        ecs eu-isoe-west-1 ecs.eu-isoe-west-1.cloud.adc-e.uk - ecs-fips.eu-isoe-west-1.cloud.adc-e.uk -
        ecs us-isof-south-1 ecs.us-isof-south-1.csp.hci.ic.gov - ecs-fips.us-isof-south-1.csp.hci.ic.gov -
        sts us-east-1 sts.us-east-1.amazonaws.com sts.us-east-1.api.aws sts-fips.us-east-1.amazonaws.com sts-fips.us-east-1.api.aws
        sts us-gov-west-1 sts.us-gov-west-1.amazonaws.com sts.us-gov-west-1.api.aws sts.us-gov-west-1.amazonaws.com sts-fips.us-gov-west-1.api.aws
        application-autoscaling us-gov-west-1 application-autoscaling.us-gov-west-1.amazonaws.com application-autoscaling.us-gov-west-1.api.aws application-autoscaling.us-gov-west-1.amazonaws.com application-autoscaling-fips.us-gov-west-1.api.aws
        secretsmanager eu-central-1 secretsmanager.eu-central-1.amazonaws.com secretsmanager.eu-central-1.amazonaws.com secretsmanager-fips.eu-central-1.amazonaws.com secretsmanager-fips.eu-central-1.amazonaws.com
        secretsmanager us-gov-west-1 secretsmanager.us-gov-west-1.amazonaws.com secretsmanager.us-gov-west-1.amazonaws.com secretsmanager-fips.us-gov-west-1.amazonaws.com secretsmanager-fips.us-gov-west-1.amazonaws.com
        secretsmanager cn-north-1 secretsmanager.cn-north-1.amazonaws.com.cn secretsmanager.cn-north-1.amazonaws.com.cn secretsmanager-fips.cn-north-1.amazonaws.com.cn secretsmanager-fips.cn-north-1.api.amazonwebservices.com.cn
        secretsmanager eusc-de-east-1 secretsmanager.eusc-de-east-1.amazonaws.eu secretsmanager.eusc-de-east-1.api.amazonwebservices.eu secretsmanager-fips.eusc-de-east-1.amazonaws.eu secretsmanager-fips.eusc-de-east-1.api.amazonwebservices.eu
        ssm us-gov-west-1 ssm.us-gov-west-1.amazonaws.com ssm.us-gov-west-1.api.aws ssm.us-gov-west-1.amazonaws.com ssm-fips.us-gov-west-1.api.aws
        logs us-gov-west-1 logs.us-gov-west-1.amazonaws.com logs.us-gov-west-1.api.aws logs.us-gov-west-1.amazonaws.com logs-fips.us-gov-west-1.api.aws
        elasticloadbalancing us-gov-west-1 elasticloadbalancing.us-gov-west-1.amazonaws.com elasticloadbalancing.us-gov-west-1.api.aws elasticloadbalancing.us-gov-west-1.amazonaws.com elasticloadbalancing-fips.us-gov-west-1.api.aws
        ecr eu-central-1 api.ecr.eu-central-1.amazonaws.com ecr.eu-central-1.api.aws api.ecr-fips.eu-central-1.amazonaws.com ecr-fips.eu-central-1.api.aws
        ecr cn-north-1 api.ecr.cn-north-1.amazonaws.com.cn ecr.cn-north-1.api.amazonwebservices.com.cn api.ecr-fips.cn-north-1.amazonaws.com.cn ecr-fips.cn-north-1.api.amazonwebservices.com.cn
        """

    @Test(arguments: recorded.split(separator: "\n").map(String.init))
    func `hosts are those of botocore`(_ line: String) throws {
        let words = line.split(separator: " ").map(String.init)
        let service = try #require(AWSService(rawValue: words[0]))
        let region = try Region(words[1])
        for (expected, (fips, dualStack)) in zip(
            words[2...], [(false, false), (false, true), (true, false), (true, true)])
        {
            let endpoints = Endpoints(environment: [:], fips: fips, dualStack: dualStack)
            if expected == "-" {
                #expect(throws: Failure.self) { try endpoints.url(of: service, in: region) }
            } else {
                #expect(try endpoints.url(of: service, in: region) == "https://" + expected)
            }
        }
    }

    @Test func `configured endpoints win, the service's own before the general one`() throws {
        let region = try Region("eu-central-1")
        let files = SharedFiles(
            config: """
                [profile p]
                services = local
                endpoint_url = http://profile:1
                [services local]
                ecs =
                  endpoint_url = http://section:2
                application_auto_scaling =
                  endpoint_url = http://section:3
                """, credentials: "",
        )
        var environment = ["AWS_ENDPOINT_URL_ECS": "http://ecs:4", "AWS_ENDPOINT_URL": "http://all:5"]
        func url(_ service: AWSService) throws -> String {
            try Endpoints(environment: environment, files: files, profile: "p").url(of: service, in: region)
        }
        #expect(try url(.ecs) == "http://ecs:4")
        #expect(try url(.sts) == "http://all:5")
        environment = [:]
        #expect(try url(.ecs) == "http://section:2")
        #expect(try url(.applicationAutoscaling) == "http://section:3")
        #expect(try url(.sts) == "http://profile:1")
        environment = ["AWS_IGNORE_CONFIGURED_ENDPOINT_URLS": "true", "AWS_ENDPOINT_URL": "http://all:5"]
        #expect(try url(.ecs) == "https://ecs.eu-central-1.amazonaws.com")
    }

    @Test(arguments: ["ftp://x", "x:1", "http://u:p@x", "http://x?a=b"])
    func `a configured endpoint that is none is refused`(_ url: String) throws {
        let endpoints = Endpoints(environment: ["AWS_ENDPOINT_URL": url])
        #expect(throws: Failure.self) { try endpoints.url(of: .ecs, in: try Region("eu-central-1")) }
    }

    @Test func `a configured endpoint and FIPS exclude each other`() throws {
        let environment = ["AWS_ENDPOINT_URL": "http://x", "AWS_USE_FIPS_ENDPOINT": "TRUE"]
        #expect(throws: Failure.self) {
            try Endpoints(environment: environment).url(of: .ecs, in: try Region("eu-central-1"))
        }
    }

    @Test func `the region is the setting's, the environment's, the profile's, or nobody's`() throws {
        let files = SharedFiles(config: "[default]\nregion = eu-west-3\n", credentials: "")
        func region(_ setting: String?, _ environment: [String: String], _ files: SharedFiles) throws -> String? {
            try Region.inForce(
                setting: setting.map { try Region($0) }, environment: environment, files: files, profile: "default",
            )?.text
        }
        let both = ["AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-2"]
        #expect(try region("eu-west-1", both, files) == "eu-west-1")
        #expect(try region(nil, both, files) == "us-east-1")
        #expect(try region(nil, ["AWS_REGION": "", "AWS_DEFAULT_REGION": "us-east-2"], files) == "us-east-2")
        #expect(try region(nil, [:], files) == "eu-west-3")
        #expect(try region(nil, [:], SharedFiles(config: "", credentials: "")) == nil)
        #expect(throws: Failure.self) { try region(nil, ["AWS_REGION": "Europe"], files) }
    }
}
