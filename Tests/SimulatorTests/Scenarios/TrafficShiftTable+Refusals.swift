import MooringSimulator

/// What CreateService and UpdateService refuse of a traffic-shifting configuration.
extension TrafficShiftTable {
    private static let page = "Developer Guide, Troubleshooting Amazon ECS blue/green deployments"

    /// A service that is refused for its configuration; `code` is what was recorded for one of these, a ClientException.
    private static func refused(
        _ what: String, strategy: String = "BLUE_GREEN", deployment: String = "", traffic: String = Shift.balancers(),
        code: String = "ClientException", message: String?, source: String = page,
    ) -> ScenarioRow {
        ScenarioRow(
            "refused: " + what, source: source,
            [
                .register(image: "web:1"),
                .refused(
                    "CreateService",
                    """
                    {"serviceName":"web","taskDefinition":"web","desiredCount":1,
                    "deploymentConfiguration":{"strategy":"\(strategy)","bakeTimeInMinutes":5\(deployment)},\(traffic)}
                    """, code: code, message: message),
            ])
    }

    private static let plain =
        #""loadBalancers":[{"targetGroupArn":"$GROUP","containerName":"app","containerPort":80}]"#

    private static func required(_ name: String) -> String {
        "advancedConfiguration field is required for all loadBalancers when using the \(name) deployment strategy"
    }

    private static func hooks(_ hooks: String) -> String { #","lifecycleHooks":[\#(hooks)]"# }

    private static func twoBalancers(_ first: String, _ second: String) -> String {
        #""loadBalancers":[{\#(first),"containerName":"app","containerPort":80},"#
            + #"{\#(second),"containerName":"app","containerPort":80}]"#
    }

    static let refusals: [ScenarioRow] = [
        refused(
            "blue/green without a pair of target groups", traffic: plain, message: required("Blue/green"),
            source: "captures/strings/errors.tsv, record 57776720988"),
        refused(
            "canary without a pair of target groups", strategy: "CANARY", traffic: plain, message: required("canary"),
            source: "captures/strings/errors.tsv, record 54329400795"),
        refused(
            "linear without a pair of target groups", strategy: "LINEAR", traffic: plain, message: required("linear")),
        refused(
            "a pair for one load balancer only",
            traffic: twoBalancers(
                #""targetGroupArn":"$GROUP""#,
                #""targetGroupArn":"$GROUP-2","advancedConfiguration":\#(Shift.advanced())"#),
            message: "Either all or none of the provided loadBalancers must have advancedConfiguration defined"),
        refused(
            "a listener where a rule must be",
            traffic: Shift.balancers(
                production: "arn:aws:elasticloadbalancing:us-west-2:123456789012:listener/app/my-alb/abc123/def456"),
            message:
                "productionListenerRule has an invalid ARN format. Must be RuleArn for ALB or ListenerArn for NLB. "
                + "Got: arn:aws:elasticloadbalancing:us-west-2:123456789012:listener/app/my-alb/abc123/def456"),
        refused(
            "one rule for both kinds of traffic", traffic: Shift.balancers(test: Shift.rule),
            message: "The following rules cannot be used as both production and test listener rules: \(Shift.rule)"),
        refused(
            "a target group named twice",
            traffic: twoBalancers(
                #""targetGroupArn":"$GROUP","advancedConfiguration":\#(Shift.advanced())"#,
                #""targetGroupArn":"$GROUP","advancedConfiguration":\#(Shift.advanced())"#),
            message: "Duplicate targetGroupArn found: \(Bench.group)"),
        refused(
            "load balancers of both generations",
            traffic: twoBalancers(#""targetGroupArn":"$GROUP""#, #""loadBalancerName":"classic""#),
            message: "All loadBalancers must be strictly either ELBv1 (defining loadBalancerName) or ELBv2 "
                + "(defining targetGroupArn)"),
        refused(
            "a pair at a Classic Load Balancer",
            traffic: twoBalancers(
                #""loadBalancerName":"classic","advancedConfiguration":\#(Shift.advanced())"#,
                #""loadBalancerName":"other","advancedConfiguration":\#(Shift.advanced())"#),
            message: "advancedConfiguration field is not allowed with ELBv1 loadBalancers"),
        refused(
            "a hook of another kind",
            deployment: hooks(#"{"targetType":"SNS","lifecycleStages":["POST_SCALE_UP"]}"#),
            message: "Invalid targetType. Valid values are: AWS_LAMBDA, PAUSE"),
        refused(
            "a pause in the test traffic shift", deployment: hooks(Shift.pause("TEST_TRAFFIC_SHIFT")),
            message: "Invalid lifecycle stage provided for Pause Hook"),
        refused(
            "a pause in the production traffic shift", deployment: hooks(Shift.pause("PRODUCTION_TRAFFIC_SHIFT")),
            message: "Invalid lifecycle stage provided for Pause Hook"),
        refused(
            "a hook at a stage that takes none", deployment: hooks(Shift.lambda("SCALE_UP")),
            code: "InvalidParameterException", message: nil,
            source: "API reference, DeploymentLifecycleHook `lifecycleStages`"),
        refused(
            "a pause longer than fourteen days",
            deployment: hooks(Shift.pause("POST_SCALE_UP", minutes: 20_161)), code: "InvalidParameterException",
            message: nil, source: "API reference, DeploymentLifecycleHookTimeoutConfiguration"),
        refused(
            "steps below three percent", strategy: "LINEAR",
            deployment: #","linearConfiguration":{"stepPercent":2.9}"#, code: "InvalidParameterException", message: nil,
            source: "API reference, LinearConfiguration"),
        refused(
            "a canary of a hundredth", strategy: "CANARY",
            deployment: #","canaryConfiguration":{"canaryPercent":0.15}"#, code: "InvalidParameterException",
            message: nil, source: "API reference, CanaryConfiguration: multiples of 0.1"),
        ScenarioRow(
            "refused: an update to blue/green of a service without pairs",
            source: "captures/strings/errors.tsv, record 57776720988 (UpdateService)",
            [
                .register(image: "web:1"), .create(balancer: true),
                .refused(
                    "UpdateService", #"{"service":"web","deploymentConfiguration":{"strategy":"BLUE_GREEN"}}"#,
                    code: "ClientException", message: required("Blue/green")),
            ]),
    ]
}
