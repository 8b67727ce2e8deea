/// What Application Auto Scaling makes of its inputs, member by member.
///
/// Sources, where a line says none: Application Auto Scaling API reference, the inputs and the types they name; botocore
/// 1.44.8 for their members. What an answer alone has (ARNs, `Alarms`, `CreationTime`, `PredictedCapacity`) is in no
/// table, and so is never compared.
enum ScalingRules {
    /// RegisterScalableTarget, as far as it can be compared.
    ///
    /// `RoleARN` is left out: for ECS the service-linked role is used and shown whatever was sent (reference, "Service-linked
    /// roles"; Terraform's provider computes the member for that). `Tags` are taken at registration only and not shown.
    static let target: [String: Rule] = [
        "MinCapacity": .number,
        "MaxCapacity": .number,
        "SuspendedState": .structure([
            // "The default is false", of each.
            "DynamicScalingInSuspended": .flag(false),
            "DynamicScalingOutSuspended": .flag(false),
            "ScheduledScalingSuspended": .flag(false),
        ]),
    ]

    /// PutScalingPolicy. A configuration is replaced whole by each call.
    static let policy: [String: Rule] = [
        "PolicyType": .text,
        "TargetTrackingScalingPolicyConfiguration": .structure([
            "TargetValue": .number,
            "PredefinedMetricSpecification": .structure(["PredefinedMetricType": .text, "ResourceLabel": .text]),
            "CustomizedMetricSpecification": .structure([
                "MetricName": .text,
                "Namespace": .text,
                "Dimensions": .list(.structure(["Name": .text, "Value": .text]), by: Identity("Name")),
                "Statistic": .text,
                "Unit": .text,
                "Metrics": .list(.structure(metricQuery), by: Identity("Id")),
            ]),
            // User guide, "Define cooldown periods": 300 seconds for ECS services.
            "ScaleOutCooldown": .number(300),
            "ScaleInCooldown": .number(300),
            // "The default value is false."
            "DisableScaleIn": .flag(false),
        ]),
        "StepScalingPolicyConfiguration": .structure([
            "AdjustmentType": .text,
            // An absent bound is infinity, so no two steps have both alike, and their order means nothing.
            "StepAdjustments": .unordered(
                .structure([
                    "MetricIntervalLowerBound": .number, "MetricIntervalUpperBound": .number,
                    "ScalingAdjustment": .number,
                ])),
            "MinAdjustmentMagnitude": .number,
            // "If not specified, the default value is 300."
            "Cooldown": .number(300),
            // "If the aggregation type is null, the value is treated as Average."
            "MetricAggregationType": .text("Average"),
        ]),
        "PredictiveScalingPolicyConfiguration": .structure([
            "MetricSpecifications": .ordered(.unknown, nil),
            // "Defaults to … if not specified", of these three.
            "Mode": .text("ForecastOnly"),
            "SchedulingBufferTime": .number(300),
            "MaxCapacityBreachBehavior": .text("HonorMaxCapacity"),
            "MaxCapacityBuffer": .number,
        ]),
    ]

    /// An element of a customized metric's `Metrics`.
    private static let metricQuery: [String: Rule] = [
        "Id": .text,
        "Expression": .text,
        "Label": .text,
        "MetricStat": .structure([
            "Metric": .structure([
                "Dimensions": .list(.structure(["Name": .text, "Value": .text]), by: Identity("Name")),
                "MetricName": .text,
                "Namespace": .text,
            ]),
            "Stat": .text,
            "Unit": .text,
        ]),
        // "The default is true", as in CloudWatch's MetricDataQuery.
        "ReturnData": .flag(true),
    ]

    /// PutScheduledAction, its times as seconds since 1970.
    static let scheduledAction: [String: Rule] = [
        "Schedule": .text,
        // "At and cron expressions use Universal Coordinated Time (UTC) by default."
        "Timezone": .text("UTC"),
        "StartTime": .number,
        "EndTime": .number,
        "ScalableTargetAction": .structure(["MinCapacity": .number, "MaxCapacity": .number]),
    ]
}
