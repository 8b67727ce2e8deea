// Written by generate-shapes.py from botocore 1.44.8. Do not edit: run the script again.

extension InputShapes {
    /// The table of Application Auto Scaling as text; the script says how it is built.
    static let applicationAutoScalingText = #"""
        source botocore 1.44.8
        operation DeleteScalingPolicy DeleteScalingPolicyRequest
        operation DeleteScheduledAction DeleteScheduledActionRequest
        operation DeregisterScalableTarget DeregisterScalableTargetRequest
        operation DescribeScalableTargets DescribeScalableTargetsRequest
        operation DescribeScalingActivities DescribeScalingActivitiesRequest
        operation DescribeScalingPolicies DescribeScalingPoliciesRequest
        operation DescribeScheduledActions DescribeScheduledActionsRequest
        operation ListTagsForResource ListTagsForResourceRequest
        operation PutScalingPolicy PutScalingPolicyRequest
        operation PutScheduledAction PutScheduledActionRequest
        operation RegisterScalableTarget RegisterScalableTargetRequest
        operation TagResource TagResourceRequest
        operation UntagResource UntagResourceRequest
        string AdjustmentType : ChangeInCapacity PercentChangeInCapacity ExactCapacity
        string AmazonResourceName 1..1011
        integer Cooldown
        structure CustomizedMetricSpecification MetricName=MetricName Namespace=MetricNamespace
         Dimensions=MetricDimensions Statistic=MetricStatistic Unit=MetricUnit Metrics=TargetTrackingMetricDataQueries
        structure DeleteScalingPolicyRequest PolicyName!=ResourceIdMaxLen1600 ServiceNamespace!=ServiceNamespace
         ResourceId!=ResourceIdMaxLen1600 ScalableDimension!=ScalableDimension
        structure DeleteScheduledActionRequest ServiceNamespace!=ServiceNamespace
         ScheduledActionName!=ResourceIdMaxLen1600 ResourceId!=ResourceIdMaxLen1600 ScalableDimension!=ScalableDimension
        structure DeregisterScalableTargetRequest ServiceNamespace!=ServiceNamespace ResourceId!=ResourceIdMaxLen1600
         ScalableDimension!=ScalableDimension
        structure DescribeScalableTargetsRequest ServiceNamespace!=ServiceNamespace ResourceIds=ResourceIdsMaxLen1600
         ScalableDimension=ScalableDimension MaxResults=MaxResults NextToken=XmlString
        structure DescribeScalingActivitiesRequest ServiceNamespace!=ServiceNamespace ResourceId=ResourceIdMaxLen1600
         ScalableDimension=ScalableDimension MaxResults=MaxResults NextToken=XmlString
         IncludeNotScaledActivities=IncludeNotScaledActivities
        structure DescribeScalingPoliciesRequest PolicyNames=ResourceIdsMaxLen1600 ServiceNamespace!=ServiceNamespace
         ResourceId=ResourceIdMaxLen1600 ScalableDimension=ScalableDimension MaxResults=MaxResults NextToken=XmlString
        structure DescribeScheduledActionsRequest ScheduledActionNames=ResourceIdsMaxLen1600
         ServiceNamespace!=ServiceNamespace ResourceId=ResourceIdMaxLen1600 ScalableDimension=ScalableDimension
         MaxResults=MaxResults NextToken=XmlString
        boolean DisableScaleIn
        string Expression 1..2048 /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        string Id 1..255 /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        boolean IncludeNotScaledActivities
        structure ListTagsForResourceRequest ResourceARN!=AmazonResourceName
        integer MaxResults
        string MetricAggregationType : Average Minimum Maximum
        structure MetricDimension Name!=MetricDimensionName Value!=MetricDimensionValue
        string MetricDimensionName
        string MetricDimensionValue
        list MetricDimensions MetricDimension
        string MetricName
        string MetricNamespace
        double MetricScale
        string MetricStatistic : Average Minimum Maximum SampleCount Sum
        string MetricType : DynamoDBReadCapacityUtilization DynamoDBWriteCapacityUtilization ALBRequestCountPerTarget
         RDSReaderAverageCPUUtilization RDSReaderAverageDatabaseConnections EC2SpotFleetRequestAverageCPUUtilization
         EC2SpotFleetRequestAverageNetworkIn EC2SpotFleetRequestAverageNetworkOut SageMakerVariantInvocationsPerInstance
         ECSServiceAverageCPUUtilization ECSServiceAverageMemoryUtilization AppStreamAverageCapacityUtilization
         ComprehendInferenceUtilization LambdaProvisionedConcurrencyUtilization CassandraReadCapacityUtilization
         CassandraWriteCapacityUtilization KafkaBrokerStorageUtilization ElastiCacheEngineCPUUtilization
         ElastiCacheDatabaseMemoryUsagePercentage ElastiCachePrimaryEngineCPUUtilization
         ElastiCacheReplicaEngineCPUUtilization ElastiCacheDatabaseMemoryUsageCountedForEvictPercentage
         NeptuneReaderAverageCPUUtilization SageMakerVariantProvisionedConcurrencyUtilization
         ElastiCacheDatabaseCapacityUsageCountedForEvictPercentage SageMakerInferenceComponentInvocationsPerCopy
         WorkSpacesAverageUserSessionsCapacityUtilization
         SageMakerInferenceComponentConcurrentRequestsPerCopyHighResolution
         SageMakerVariantConcurrentRequestsPerModelHighResolution ECSServiceAverageCPUUtilizationHighResolution
         ECSServiceAverageMemoryUtilizationHighResolution
        string MetricUnit
        integer MinAdjustmentMagnitude
        string PolicyName 1..256 /([^\u{0}-\u{1F}\u{7F}-\u{9F}]*)
        string PolicyType : StepScaling TargetTrackingScaling PredictiveScaling
        structure PredefinedMetricSpecification PredefinedMetricType!=MetricType ResourceLabel=ResourceLabel
        structure PredictiveScalingCustomizedMetricSpecification MetricDataQueries!=PredictiveScalingMetricDataQueries
        string PredictiveScalingMaxCapacityBreachBehavior : HonorMaxCapacity IncreaseMaxCapacity
        integer PredictiveScalingMaxCapacityBuffer 0..100
        structure PredictiveScalingMetric Dimensions=PredictiveScalingMetricDimensions
         MetricName=PredictiveScalingMetricName Namespace=PredictiveScalingMetricNamespace
        list PredictiveScalingMetricDataQueries PredictiveScalingMetricDataQuery
        structure PredictiveScalingMetricDataQuery Id!=Id Expression=Expression MetricStat=PredictiveScalingMetricStat
         Label=XmlString ReturnData=ReturnData
        structure PredictiveScalingMetricDimension Name!=PredictiveScalingMetricDimensionName
         Value!=PredictiveScalingMetricDimensionValue
        string PredictiveScalingMetricDimensionName 1..255
         /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        string PredictiveScalingMetricDimensionValue 1..1024
         /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        list PredictiveScalingMetricDimensions PredictiveScalingMetricDimension
        string PredictiveScalingMetricName 1..255
         /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        string PredictiveScalingMetricNamespace 1..255
         /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        structure PredictiveScalingMetricSpecification TargetValue!=MetricScale
         PredefinedMetricPairSpecification=PredictiveScalingPredefinedMetricPairSpecification
         PredefinedScalingMetricSpecification=PredictiveScalingPredefinedScalingMetricSpecification
         PredefinedLoadMetricSpecification=PredictiveScalingPredefinedLoadMetricSpecification
         CustomizedScalingMetricSpecification=PredictiveScalingCustomizedMetricSpecification
         CustomizedLoadMetricSpecification=PredictiveScalingCustomizedMetricSpecification
         CustomizedCapacityMetricSpecification=PredictiveScalingCustomizedMetricSpecification
        list PredictiveScalingMetricSpecifications PredictiveScalingMetricSpecification
        structure PredictiveScalingMetricStat Metric!=PredictiveScalingMetric Stat!=XmlString
         Unit=PredictiveScalingMetricUnit
        string PredictiveScalingMetricType 1..128
        string PredictiveScalingMetricUnit 1..1023
         /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        string PredictiveScalingMode : ForecastOnly ForecastAndScale
        structure PredictiveScalingPolicyConfiguration MetricSpecifications!=PredictiveScalingMetricSpecifications
         Mode=PredictiveScalingMode SchedulingBufferTime=PredictiveScalingSchedulingBufferTime
         MaxCapacityBreachBehavior=PredictiveScalingMaxCapacityBreachBehavior
         MaxCapacityBuffer=PredictiveScalingMaxCapacityBuffer
        structure PredictiveScalingPredefinedLoadMetricSpecification PredefinedMetricType!=PredictiveScalingMetricType
         ResourceLabel=ResourceLabel
        structure PredictiveScalingPredefinedMetricPairSpecification PredefinedMetricType!=PredictiveScalingMetricType
         ResourceLabel=ResourceLabel
        structure PredictiveScalingPredefinedScalingMetricSpecification
         PredefinedMetricType!=PredictiveScalingMetricType ResourceLabel=ResourceLabel
        integer PredictiveScalingSchedulingBufferTime 0..3600
        structure PutScalingPolicyRequest PolicyName!=PolicyName ServiceNamespace!=ServiceNamespace
         ResourceId!=ResourceIdMaxLen1600 ScalableDimension!=ScalableDimension PolicyType=PolicyType
         StepScalingPolicyConfiguration=StepScalingPolicyConfiguration
         TargetTrackingScalingPolicyConfiguration=TargetTrackingScalingPolicyConfiguration
         PredictiveScalingPolicyConfiguration=PredictiveScalingPolicyConfiguration
        structure PutScheduledActionRequest ServiceNamespace!=ServiceNamespace Schedule=ResourceIdMaxLen1600
         Timezone=ResourceIdMaxLen1600 ScheduledActionName!=ScheduledActionName ResourceId!=ResourceIdMaxLen1600
         ScalableDimension!=ScalableDimension StartTime=TimestampType EndTime=TimestampType
         ScalableTargetAction=ScalableTargetAction
        structure RegisterScalableTargetRequest ServiceNamespace!=ServiceNamespace ResourceId!=ResourceIdMaxLen1600
         ScalableDimension!=ScalableDimension MinCapacity=ResourceCapacity MaxCapacity=ResourceCapacity
         RoleARN=ResourceIdMaxLen1600 SuspendedState=SuspendedState Tags=TagMap
        integer ResourceCapacity
        string ResourceIdMaxLen1600 1..1600 /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        list ResourceIdsMaxLen1600 ResourceIdMaxLen1600 ..50
        string ResourceLabel 1..1023
        boolean ReturnData
        string ScalableDimension : ecs:service:DesiredCount ec2:spot-fleet-request:TargetCapacity
         elasticmapreduce:instancegroup:InstanceCount appstream:fleet:DesiredCapacity dynamodb:table:ReadCapacityUnits
         dynamodb:table:WriteCapacityUnits dynamodb:index:ReadCapacityUnits dynamodb:index:WriteCapacityUnits
         rds:cluster:ReadReplicaCount sagemaker:variant:DesiredInstanceCount custom-resource:ResourceType:Property
         comprehend:document-classifier-endpoint:DesiredInferenceUnits
         comprehend:entity-recognizer-endpoint:DesiredInferenceUnits lambda:function:ProvisionedConcurrency
         cassandra:table:ReadCapacityUnits cassandra:table:WriteCapacityUnits kafka:broker-storage:VolumeSize
         elasticache:cache-cluster:Nodes elasticache:replication-group:NodeGroups elasticache:replication-group:Replicas
         neptune:cluster:ReadReplicaCount sagemaker:variant:DesiredProvisionedConcurrency
         sagemaker:inference-component:DesiredCopyCount workspaces:workspacespool:DesiredUserSessions
        structure ScalableTargetAction MinCapacity=ResourceCapacity MaxCapacity=ResourceCapacity
        integer ScalingAdjustment
        boolean ScalingSuspended
        string ScheduledActionName 1..256 /([^\u{0}-\u{1F}\u{7F}-\u{9F}:/|]*)
        string ServiceNamespace : ecs elasticmapreduce ec2 appstream dynamodb rds sagemaker custom-resource comprehend
         lambda cassandra kafka elasticache neptune workspaces
        structure StepAdjustment MetricIntervalLowerBound=MetricScale MetricIntervalUpperBound=MetricScale
         ScalingAdjustment!=ScalingAdjustment
        list StepAdjustments StepAdjustment
        structure StepScalingPolicyConfiguration AdjustmentType=AdjustmentType StepAdjustments=StepAdjustments
         MinAdjustmentMagnitude=MinAdjustmentMagnitude Cooldown=Cooldown MetricAggregationType=MetricAggregationType
        structure SuspendedState DynamicScalingInSuspended=ScalingSuspended DynamicScalingOutSuspended=ScalingSuspended
         ScheduledScalingSuspended=ScalingSuspended
        string TagKey 1..128
        list TagKeyList TagKey 0..200
        map TagMap TagKey TagValue
        structure TagResourceRequest ResourceARN!=AmazonResourceName Tags!=TagMap
        string TagValue 0..256
        structure TargetTrackingMetric Dimensions=TargetTrackingMetricDimensions MetricName=TargetTrackingMetricName
         Namespace=TargetTrackingMetricNamespace
        list TargetTrackingMetricDataQueries TargetTrackingMetricDataQuery
        structure TargetTrackingMetricDataQuery Expression=Expression Id!=Id Label=XmlString
         MetricStat=TargetTrackingMetricStat ReturnData=ReturnData
        structure TargetTrackingMetricDimension Name!=TargetTrackingMetricDimensionName
         Value!=TargetTrackingMetricDimensionValue
        string TargetTrackingMetricDimensionName 1..255
         /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        string TargetTrackingMetricDimensionValue 1..1024
         /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        list TargetTrackingMetricDimensions TargetTrackingMetricDimension
        string TargetTrackingMetricName 1..255 /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        string TargetTrackingMetricNamespace 1..255
         /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        structure TargetTrackingMetricStat Metric!=TargetTrackingMetric Stat!=XmlString Unit=TargetTrackingMetricUnit
        string TargetTrackingMetricUnit 1..1023
         /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        structure TargetTrackingScalingPolicyConfiguration TargetValue!=MetricScale
         PredefinedMetricSpecification=PredefinedMetricSpecification
         CustomizedMetricSpecification=CustomizedMetricSpecification ScaleOutCooldown=Cooldown ScaleInCooldown=Cooldown
         DisableScaleIn=DisableScaleIn
        timestamp TimestampType
        structure UntagResourceRequest ResourceARN!=AmazonResourceName TagKeys!=TagKeyList
        string XmlString /([\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}\u{D}\u{A}\u{9}]*)
        """#
}
