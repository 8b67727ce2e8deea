// Written by generate-shapes.py from botocore 1.44.8. Do not edit: run the script again.

extension InputShapes {
    /// The table of Amazon ECS as text; the script says how it is built.
    static let ecsText = #"""
        source botocore 1.44.8
        operation ContinueServiceDeployment ContinueServiceDeploymentRequest
        operation CreateCapacityProvider CreateCapacityProviderRequest
        operation CreateCluster CreateClusterRequest
        operation CreateService CreateServiceRequest
        operation CreateTaskSet CreateTaskSetRequest
        operation DeleteAccountSetting DeleteAccountSettingRequest
        operation DeleteAttributes DeleteAttributesRequest
        operation DeleteCapacityProvider DeleteCapacityProviderRequest
        operation DeleteCluster DeleteClusterRequest
        operation DeleteService DeleteServiceRequest
        operation DeleteTaskDefinitions DeleteTaskDefinitionsRequest
        operation DeleteTaskSet DeleteTaskSetRequest
        operation DeregisterTaskDefinition DeregisterTaskDefinitionRequest
        operation DescribeCapacityProviders DescribeCapacityProvidersRequest
        operation DescribeClusters DescribeClustersRequest
        operation DescribeContainerInstances DescribeContainerInstancesRequest
        operation DescribeServiceDeployments DescribeServiceDeploymentsRequest
        operation DescribeServiceRevisions DescribeServiceRevisionsRequest
        operation DescribeServices DescribeServicesRequest
        operation DescribeTaskDefinition DescribeTaskDefinitionRequest
        operation DescribeTaskSets DescribeTaskSetsRequest
        operation DescribeTasks DescribeTasksRequest
        operation GetTaskProtection GetTaskProtectionRequest
        operation ListAccountSettings ListAccountSettingsRequest
        operation ListAttributes ListAttributesRequest
        operation ListClusters ListClustersRequest
        operation ListContainerInstances ListContainerInstancesRequest
        operation ListServiceDeployments ListServiceDeploymentsRequest
        operation ListServices ListServicesRequest
        operation ListServicesByNamespace ListServicesByNamespaceRequest
        operation ListTagsForResource ListTagsForResourceRequest
        operation ListTaskDefinitionFamilies ListTaskDefinitionFamiliesRequest
        operation ListTaskDefinitions ListTaskDefinitionsRequest
        operation ListTasks ListTasksRequest
        operation PutAccountSetting PutAccountSettingRequest
        operation PutAccountSettingDefault PutAccountSettingDefaultRequest
        operation PutAttributes PutAttributesRequest
        operation PutClusterCapacityProviders PutClusterCapacityProvidersRequest
        operation RegisterTaskDefinition RegisterTaskDefinitionRequest
        operation RunTask RunTaskRequest
        operation StopServiceDeployment StopServiceDeploymentRequest
        operation StopTask StopTaskRequest
        operation TagResource TagResourceRequest
        operation UntagResource UntagResourceRequest
        operation UpdateCapacityProvider UpdateCapacityProviderRequest
        operation UpdateCluster UpdateClusterRequest
        operation UpdateClusterSettings UpdateClusterSettingsRequest
        operation UpdateContainerInstancesState UpdateContainerInstancesStateRequest
        operation UpdateService UpdateServiceRequest
        operation UpdateServicePrimaryTaskSet UpdateServicePrimaryTaskSetRequest
        operation UpdateTaskProtection UpdateTaskProtectionRequest
        operation UpdateTaskSet UpdateTaskSetRequest
        structure AcceleratorCountRequest min=BoxedInteger max=BoxedInteger
        string AcceleratorManufacturer : amazon-web-services amd nvidia xilinx habana
        list AcceleratorManufacturerSet AcceleratorManufacturer
        string AcceleratorName : a100 inferentia k520 k80 m60 radeon-pro-v520 t4 vu9p v100 a10g h100 t4g l40s l4
        list AcceleratorNameSet AcceleratorName
        structure AcceleratorTotalMemoryMiBRequest min=BoxedInteger max=BoxedInteger
        string AcceleratorType : gpu fpga inference
        list AcceleratorTypeSet AcceleratorType
        string AccessType : PUBLIC PRIVATE
        list AccessTypeList AccessType 0..2
        structure AdvancedConfiguration alternateTargetGroupArn=String productionListenerRule=String
         testListenerRule=String roleArn=String
        string AllowedInstanceType 1..30
        list AllowedInstanceTypeSet AllowedInstanceType 0..400
        string ApplicationProtocol : http http2 grpc
        string AssignPublicIp : ENABLED DISABLED
        structure Attribute name!=String value=String targetType=TargetType targetId=String
        list Attributes Attribute
        string AutoRepairActionsStatus : ENABLED DISABLED
        structure AutoRepairConfiguration actionsStatus=AutoRepairActionsStatus
        structure AutoScalingGroupProvider autoScalingGroupArn!=String managedScaling=ManagedScaling
         managedTerminationProtection=ManagedTerminationProtection managedDraining=ManagedDraining
        structure AutoScalingGroupProviderUpdate managedScaling=ManagedScaling
         managedTerminationProtection=ManagedTerminationProtection managedDraining=ManagedDraining
        string AvailabilityZoneRebalancing : ENABLED DISABLED
        structure AwsVpcConfiguration subnets!=StringList securityGroups=StringList assignPublicIp=AssignPublicIp
        string BareMetal : included required excluded
        structure BaselineEbsBandwidthMbpsRequest min=BoxedInteger max=BoxedInteger
        boolean Boolean
        boolean BoxedBoolean
        double BoxedDouble
        integer BoxedInteger
        string BurstablePerformance : included required excluded
        string CPUArchitecture : X86_64 ARM64
        structure CanaryConfiguration canaryPercent=Double canaryBakeTimeInMinutes=Integer
        string CapacityOptionType : ON_DEMAND SPOT RESERVED
        string CapacityProviderField : TAGS
        list CapacityProviderFieldList CapacityProviderField
        list CapacityProviderStrategy CapacityProviderStrategyItem
        structure CapacityProviderStrategyItem capacityProvider!=String weight=CapacityProviderStrategyItemWeight
         base=CapacityProviderStrategyItemBase
        integer CapacityProviderStrategyItemBase 0..100000
        integer CapacityProviderStrategyItemWeight 0..1000
        string CapacityReservationPreference : RESERVATIONS_ONLY RESERVATIONS_FIRST RESERVATIONS_EXCLUDED
        structure CapacityReservationRequest reservationGroupArn=String
         reservationPreference=CapacityReservationPreference
        structure ClusterConfiguration executeCommandConfiguration=ExecuteCommandConfiguration
         managedStorageConfiguration=ManagedStorageConfiguration
        string ClusterField : ATTACHMENTS CONFIGURATIONS SETTINGS STATISTICS TAGS
        list ClusterFieldList ClusterField
        structure ClusterServiceConnectDefaultsRequest namespace!=String
        structure ClusterSetting name=ClusterSettingName value=String
        string ClusterSettingName : containerInsights
        list ClusterSettings ClusterSetting
        string Compatibility : EC2 FARGATE EXTERNAL MANAGED_INSTANCES
        list CompatibilityList Compatibility
        string ContainerCondition : START COMPLETE SUCCESS HEALTHY
        structure ContainerDefinition name=String image=String repositoryCredentials=RepositoryCredentials cpu=Integer
         memory=BoxedInteger memoryReservation=BoxedInteger links=StringList portMappings=PortMappingList
         essential=BoxedBoolean restartPolicy=ContainerRestartPolicy entryPoint=StringList command=StringList
         environment=EnvironmentVariables environmentFiles=EnvironmentFiles mountPoints=MountPointList
         volumesFrom=VolumeFromList linuxParameters=LinuxParameters secrets=SecretList dependsOn=ContainerDependencies
         startTimeout=BoxedInteger stopTimeout=BoxedInteger versionConsistency=VersionConsistency hostname=String
         user=String workingDirectory=String disableNetworking=BoxedBoolean privileged=BoxedBoolean
         readonlyRootFilesystem=BoxedBoolean dnsServers=StringList dnsSearchDomains=StringList extraHosts=HostEntryList
         dockerSecurityOptions=StringList interactive=BoxedBoolean pseudoTerminal=BoxedBoolean
         dockerLabels=DockerLabelsMap ulimits=UlimitList logConfiguration=LogConfiguration healthCheck=HealthCheck
         systemControls=SystemControls resourceRequirements=ResourceRequirements
         firelensConfiguration=FirelensConfiguration credentialSpecs=StringList
        list ContainerDefinitions ContainerDefinition
        list ContainerDependencies ContainerDependency
        structure ContainerDependency containerName!=String condition!=ContainerCondition
        string ContainerInstanceField : TAGS CONTAINER_INSTANCE_HEALTH
        list ContainerInstanceFieldList ContainerInstanceField
        string ContainerInstanceStatus : ACTIVE DRAINING REGISTERING DEREGISTERING REGISTRATION_FAILED
        structure ContainerOverride name=String command=StringList environment=EnvironmentVariables
         environmentFiles=EnvironmentFiles cpu=BoxedInteger memory=BoxedInteger memoryReservation=BoxedInteger
         resourceRequirements=ResourceRequirements
        list ContainerOverrides ContainerOverride
        structure ContainerRestartPolicy enabled!=BoxedBoolean ignoredExitCodes=IntegerList
         restartAttemptPeriod=BoxedInteger
        structure ContinueServiceDeploymentRequest serviceDeploymentArn!=String hookId!=String
         action=DeploymentLifecycleHookAction
        string CpuManufacturer : intel amd amazon-web-services
        list CpuManufacturerSet CpuManufacturer
        structure CreateCapacityProviderRequest name!=String cluster=String
         autoScalingGroupProvider=AutoScalingGroupProvider
         managedInstancesProvider=CreateManagedInstancesProviderConfiguration tags=Tags
        structure CreateClusterRequest clusterName=String tags=Tags settings=ClusterSettings
         configuration=ClusterConfiguration capacityProviders=StringList
         defaultCapacityProviderStrategy=CapacityProviderStrategy
         serviceConnectDefaults=ClusterServiceConnectDefaultsRequest
        structure CreateManagedInstancesProviderConfiguration infrastructureRoleArn!=String
         instanceLaunchTemplate!=InstanceLaunchTemplate propagateTags=PropagateMITags
         infrastructureOptimization=InfrastructureOptimization autoRepairConfiguration=AutoRepairConfiguration
        structure CreateServiceRequest cluster=String serviceName!=String taskDefinition=String
         availabilityZoneRebalancing=AvailabilityZoneRebalancing loadBalancers=LoadBalancers
         serviceRegistries=ServiceRegistries desiredCount=BoxedInteger clientToken=String launchType=LaunchType
         capacityProviderStrategy=CapacityProviderStrategy platformVersion=String role=String
         deploymentConfiguration=DeploymentConfiguration placementConstraints=PlacementConstraints
         placementStrategy=PlacementStrategies networkConfiguration=NetworkConfiguration
         healthCheckGracePeriodSeconds=BoxedInteger schedulingStrategy=SchedulingStrategy
         deploymentController=DeploymentController tags=Tags enableECSManagedTags=Boolean propagateTags=PropagateTags
         enableExecuteCommand=Boolean serviceConnectConfiguration=ServiceConnectConfiguration
         volumeConfigurations=ServiceVolumeConfigurations vpcLatticeConfigurations=VpcLatticeConfigurations
         gatewayConnectors=GatewayConnectorList monitoring=MonitoringConfiguration
        structure CreateTaskSetRequest service!=String cluster!=String externalId=String taskDefinition!=String
         networkConfiguration=NetworkConfiguration loadBalancers=LoadBalancers serviceRegistries=ServiceRegistries
         launchType=LaunchType capacityProviderStrategy=CapacityProviderStrategy platformVersion=String scale=Scale
         clientToken=String tags=Tags
        structure CreatedAt before=Timestamp after=Timestamp
        structure DeleteAccountSettingRequest name!=SettingName principalArn=String
        structure DeleteAttributesRequest cluster=String attributes!=Attributes
        structure DeleteCapacityProviderRequest capacityProvider!=String cluster=String
        structure DeleteClusterRequest cluster!=String
        structure DeleteServiceRequest cluster=String service!=String force=BoxedBoolean
        structure DeleteTaskDefinitionsRequest taskDefinitions!=StringList
        structure DeleteTaskSetRequest cluster!=String service!=String taskSet!=String force=BoxedBoolean
        structure DeploymentAlarms alarmNames!=StringList rollback!=Boolean enable!=Boolean
        structure DeploymentCircuitBreaker enable!=Boolean rollback!=Boolean resetOnHealthyTask=BoxedBoolean
         thresholdConfiguration=ThresholdConfiguration
        structure DeploymentConfiguration deploymentCircuitBreaker=DeploymentCircuitBreaker maximumPercent=BoxedInteger
         minimumHealthyPercent=BoxedInteger alarms=DeploymentAlarms strategy=DeploymentStrategy
         bakeTimeInMinutes=BoxedInteger lifecycleHooks=DeploymentLifecycleHookList
         linearConfiguration=LinearConfiguration canaryConfiguration=CanaryConfiguration
         earlySuccessCriteria=DeploymentEarlySuccessCriteria
        structure DeploymentController type!=DeploymentControllerType
        string DeploymentControllerType : ECS CODE_DEPLOY EXTERNAL
        structure DeploymentEarlySuccessCriteria enable!=Boolean healthyPercent=HealthyPercentInteger
         sourceServiceRevisionCleanup=ServiceRevisionCleanup
        structure DeploymentLifecycleHook targetType=DeploymentLifecycleHookTargetType hookTargetArn=String
         roleArn=IAMRoleArn lifecycleStages=DeploymentLifecycleHookStageList hookDetails=HookDetails
         timeoutConfiguration=DeploymentLifecycleHookTimeoutConfiguration
        string DeploymentLifecycleHookAction : ROLLBACK CONTINUE
        integer DeploymentLifecycleHookDuration 1..20160
        list DeploymentLifecycleHookList DeploymentLifecycleHook
        string DeploymentLifecycleHookStage : RECONCILE_SERVICE PRE_SCALE_UP POST_SCALE_UP TEST_TRAFFIC_SHIFT
         POST_TEST_TRAFFIC_SHIFT PRE_PRODUCTION_TRAFFIC_SHIFT PRODUCTION_TRAFFIC_SHIFT POST_PRODUCTION_TRAFFIC_SHIFT
        list DeploymentLifecycleHookStageList DeploymentLifecycleHookStage
        string DeploymentLifecycleHookTargetType : AWS_LAMBDA PAUSE
        structure DeploymentLifecycleHookTimeoutConfiguration timeoutInMinutes=DeploymentLifecycleHookDuration
         action=DeploymentLifecycleHookAction
        string DeploymentStrategy : ROLLING BLUE_GREEN LINEAR CANARY
        structure DeregisterTaskDefinitionRequest taskDefinition!=String
        structure DescribeCapacityProvidersRequest capacityProviders=StringList cluster=String
         include=CapacityProviderFieldList maxResults=BoxedInteger nextToken=String
        structure DescribeClustersRequest clusters=StringList include=ClusterFieldList
        structure DescribeContainerInstancesRequest cluster=String containerInstances!=StringList
         include=ContainerInstanceFieldList
        structure DescribeServiceDeploymentsRequest serviceDeploymentArns!=StringList
        structure DescribeServiceRevisionsRequest serviceRevisionArns!=StringList
        structure DescribeServicesRequest cluster=String services!=StringList include=ServiceFieldList
        structure DescribeTaskDefinitionRequest taskDefinition!=String include=TaskDefinitionFieldList
        structure DescribeTaskSetsRequest cluster!=String service!=String taskSets=StringList include=TaskSetFieldList
        structure DescribeTasksRequest cluster=String tasks!=StringList include=TaskFieldList
        string DesiredStatus : RUNNING PENDING STOPPED
        structure Device hostPath!=String containerPath=String permissions=DeviceCgroupPermissions
        string DeviceCgroupPermission : read write mknod
        list DeviceCgroupPermissions DeviceCgroupPermission
        list DevicesList Device
        map DockerLabelsMap String String
        structure DockerVolumeConfiguration scope=Scope autoprovision=BoxedBoolean driver=String driverOpts=StringMap
         labels=StringMap
        double Double
        integer Duration 0..2147483647
        string EBSKMSKeyId
        string EBSResourceType : volume
        string EBSSnapshotId
        structure EBSTagSpecification resourceType!=EBSResourceType tags=Tags propagateTags=PropagateTags
        list EBSTagSpecifications EBSTagSpecification
        string EBSVolumeType
        string ECSVolumeName
        structure EFSAuthorizationConfig accessPointId=String iam=EFSAuthorizationConfigIAM
        string EFSAuthorizationConfigIAM : ENABLED DISABLED
        string EFSTransitEncryption : ENABLED DISABLED
        structure EFSVolumeConfiguration fileSystemId!=String rootDirectory=String
         transitEncryption=EFSTransitEncryption transitEncryptionPort=BoxedInteger
         authorizationConfig=EFSAuthorizationConfig
        structure EnvironmentFile value!=String type!=EnvironmentFileType
        string EnvironmentFileType : s3
        list EnvironmentFiles EnvironmentFile
        list EnvironmentVariables KeyValuePair
        structure EphemeralStorage sizeInGiB!=Integer
        string ExcludedInstanceType 1..30
        list ExcludedInstanceTypeSet ExcludedInstanceType 0..400
        structure ExecuteCommandConfiguration kmsKeyId=String logging=ExecuteCommandLogging
         logConfiguration=ExecuteCommandLogConfiguration
        structure ExecuteCommandLogConfiguration cloudWatchLogGroupName=String cloudWatchEncryptionEnabled=Boolean
         s3BucketName=String s3EncryptionEnabled=Boolean s3KeyPrefix=String
        string ExecuteCommandLogging : NONE DEFAULT OVERRIDE
        structure FSxWindowsFileServerAuthorizationConfig credentialsParameter!=String domain!=String
        structure FSxWindowsFileServerVolumeConfiguration fileSystemId!=String rootDirectory!=String
         authorizationConfig!=FSxWindowsFileServerAuthorizationConfig
        structure FirelensConfiguration type!=FirelensConfigurationType options=FirelensConfigurationOptionsMap
        map FirelensConfigurationOptionsMap String String
        string FirelensConfigurationType : fluentd fluentbit
        structure GatewayConnector portName!=String healthCheck=GatewayConnectorHealthCheck
         filters=GatewayConnectorFilters deregistrationDelay=GatewayConnectorDeregistrationDelay
        structure GatewayConnectorDeregistrationDelay
         timeoutSeconds=GatewayConnectorDeregistrationDelayTimeoutSecondsInteger
        integer GatewayConnectorDeregistrationDelayTimeoutSecondsInteger 0..3600
        structure GatewayConnectorFilters accessTypes=AccessTypeList
        structure GatewayConnectorHealthCheck healthCheckProtocol=GatewayConnectorHealthCheckProtocol
         healthCheckPort=BoxedInteger healthCheckPath=String healthCheckTimeoutSeconds=BoxedInteger
         healthCheckIntervalSeconds=BoxedInteger healthyThresholdCount=BoxedInteger unhealthyThresholdCount=BoxedInteger
         matcher=GatewayConnectorHealthCheckMatcher
        structure GatewayConnectorHealthCheckMatcher httpCode=String grpcCode=String
        string GatewayConnectorHealthCheckProtocol : HTTP HTTPS
        list GatewayConnectorList GatewayConnector 0..1
        structure GetTaskProtectionRequest cluster!=String tasks=StringList
        structure HealthCheck command!=StringList interval=BoxedInteger timeout=BoxedInteger retries=BoxedInteger
         startPeriod=BoxedInteger
        integer HealthyPercentInteger 0..100
        structure HookDetails +document
        structure HostEntry hostname!=String ipAddress!=String
        list HostEntryList HostEntry
        structure HostVolumeProperties sourcePath=String
        string IAMRoleArn
        structure InferenceAccelerator deviceName!=String deviceType!=String
        structure InferenceAcceleratorOverride deviceName=String deviceType=String
        list InferenceAcceleratorOverrides InferenceAcceleratorOverride
        list InferenceAccelerators InferenceAccelerator
        structure InfrastructureOptimization scaleInAfter=BoxedInteger
        string InstanceGeneration : current previous
        list InstanceGenerationSet InstanceGeneration
        structure InstanceLaunchTemplate ec2InstanceProfileArn!=String
         networkConfiguration!=ManagedInstancesNetworkConfiguration
         storageConfiguration=ManagedInstancesStorageConfiguration
         localStorageConfiguration=ManagedInstancesLocalStorageConfiguration
         monitoring=ManagedInstancesMonitoringOptions capacityOptionType=CapacityOptionType
         instanceMetadataTagsPropagation=BoxedBoolean instanceRequirements=InstanceRequirementsRequest
         fipsEnabled=BoxedBoolean capacityReservations=CapacityReservationRequest nitroEnclavesEnabled=BoxedBoolean
        structure InstanceLaunchTemplateUpdate ec2InstanceProfileArn=String
         networkConfiguration=ManagedInstancesNetworkConfiguration
         storageConfiguration=ManagedInstancesStorageConfiguration instanceMetadataTagsPropagation=BoxedBoolean
         localStorageConfiguration=ManagedInstancesLocalStorageConfiguration
         monitoring=ManagedInstancesMonitoringOptions instanceRequirements=InstanceRequirementsRequest
         capacityReservations=CapacityReservationRequest
        structure InstanceRequirementsRequest vCpuCount!=VCpuCountRangeRequest memoryMiB!=MemoryMiBRequest
         cpuManufacturers=CpuManufacturerSet memoryGiBPerVCpu=MemoryGiBPerVCpuRequest
         excludedInstanceTypes=ExcludedInstanceTypeSet instanceGenerations=InstanceGenerationSet
         spotMaxPricePercentageOverLowestPrice=BoxedInteger onDemandMaxPricePercentageOverLowestPrice=BoxedInteger
         bareMetal=BareMetal burstablePerformance=BurstablePerformance requireHibernateSupport=BoxedBoolean
         networkInterfaceCount=NetworkInterfaceCountRequest localStorage=LocalStorage
         localStorageTypes=LocalStorageTypeSet totalLocalStorageGB=TotalLocalStorageGBRequest
         baselineEbsBandwidthMbps=BaselineEbsBandwidthMbpsRequest acceleratorTypes=AcceleratorTypeSet
         acceleratorCount=AcceleratorCountRequest acceleratorManufacturers=AcceleratorManufacturerSet
         acceleratorNames=AcceleratorNameSet acceleratorTotalMemoryMiB=AcceleratorTotalMemoryMiBRequest
         networkBandwidthGbps=NetworkBandwidthGbpsRequest allowedInstanceTypes=AllowedInstanceTypeSet
         maxSpotPriceAsPercentageOfOptimalOnDemandPrice=BoxedInteger
        integer Integer
        list IntegerList BoxedInteger
        string IpcMode : host task none
        string IsolationMode : SHARED ISOLATED_SANDBOX CONFIDENTIAL_SANDBOX
        structure KernelCapabilities add=StringList drop=StringList
        structure KeyValuePair name=String value=String
        string LaunchType : EC2 FARGATE EXTERNAL MANAGED_INSTANCES
        structure LinearConfiguration stepPercent=Double stepBakeTimeInMinutes=Integer
        structure LinuxParameters capabilities=KernelCapabilities devices=DevicesList initProcessEnabled=BoxedBoolean
         sharedMemorySize=BoxedInteger tmpfs=TmpfsList maxSwap=BoxedInteger swappiness=BoxedInteger
        structure ListAccountSettingsRequest name=SettingName value=String principalArn=String effectiveSettings=Boolean
         nextToken=String maxResults=Integer
        structure ListAttributesRequest cluster=String targetType!=TargetType attributeName=String attributeValue=String
         nextToken=String maxResults=BoxedInteger
        structure ListClustersRequest nextToken=String maxResults=BoxedInteger
        structure ListContainerInstancesRequest cluster=String filter=String nextToken=String maxResults=BoxedInteger
         status=ContainerInstanceStatus
        structure ListServiceDeploymentsRequest service!=String cluster=String status=ServiceDeploymentStatusList
         createdAt=CreatedAt nextToken=String maxResults=BoxedInteger
        structure ListServicesByNamespaceRequest namespace!=String nextToken=String maxResults=BoxedInteger
        structure ListServicesRequest cluster=String nextToken=String maxResults=BoxedInteger launchType=LaunchType
         schedulingStrategy=SchedulingStrategy resourceManagementType=ResourceManagementType
        structure ListTagsForResourceRequest resourceArn!=String
        structure ListTaskDefinitionFamiliesRequest familyPrefix=String status=TaskDefinitionFamilyStatus
         nextToken=String maxResults=BoxedInteger
        structure ListTaskDefinitionsRequest familyPrefix=String status=TaskDefinitionStatus sort=SortOrder
         nextToken=String maxResults=BoxedInteger
        structure ListTasksRequest cluster=String containerInstance=String family=String nextToken=String
         maxResults=BoxedInteger startedBy=String serviceName=String desiredStatus=DesiredStatus launchType=LaunchType
         daemonName=String
        structure LoadBalancer targetGroupArn=String loadBalancerName=String containerName=String
         containerPort=BoxedInteger advancedConfiguration=AdvancedConfiguration
        list LoadBalancers LoadBalancer
        string LocalStorage : included required excluded
        string LocalStorageType : hdd ssd
        list LocalStorageTypeSet LocalStorageType
        structure LogConfiguration logDriver!=LogDriver options=LogConfigurationOptionsMap secretOptions=SecretList
        map LogConfigurationOptionsMap String String
        string LogDriver : json-file syslog journald gelf fluentd awslogs splunk awsfirelens
        string ManagedDraining : ENABLED DISABLED
        structure ManagedInstancesLocalStorageConfiguration useLocalStorage=Boolean
        string ManagedInstancesMonitoringOptions : BASIC DETAILED
        structure ManagedInstancesNetworkConfiguration subnets=StringList securityGroups=StringList
        structure ManagedInstancesStorageConfiguration storageSizeGiB=TaskVolumeStorageGiB
        structure ManagedScaling status=ManagedScalingStatus targetCapacity=ManagedScalingTargetCapacity
         minimumScalingStepSize=ManagedScalingStepSize maximumScalingStepSize=ManagedScalingStepSize
         instanceWarmupPeriod=ManagedScalingInstanceWarmupPeriod
        integer ManagedScalingInstanceWarmupPeriod 0..10000
        string ManagedScalingStatus : ENABLED DISABLED
        integer ManagedScalingStepSize 1..10000
        integer ManagedScalingTargetCapacity 1..100
        structure ManagedStorageConfiguration kmsKeyId=String fargateEphemeralStorageKmsKeyId=String
        string ManagedTerminationProtection : ENABLED DISABLED
        structure MemoryGiBPerVCpuRequest min=BoxedDouble max=BoxedDouble
        structure MemoryMiBRequest min!=BoxedInteger max=BoxedInteger
        structure MetricConfiguration metricNames!=MetricNamesList resolutionSeconds!=MetricResolutionSeconds
        list MetricConfigurationList MetricConfiguration 0..5
        string MetricName 1..255
        list MetricNamesList MetricName 1..5
        integer MetricResolutionSeconds 20..60
        structure MonitoringConfiguration metricConfigurations=MetricConfigurationList
        structure MountPoint sourceVolume=String containerPath=String readOnly=BoxedBoolean
        list MountPointList MountPoint
        structure NetworkBandwidthGbpsRequest min=BoxedDouble max=BoxedDouble
        structure NetworkConfiguration awsvpcConfiguration=AwsVpcConfiguration
        structure NetworkInterfaceCountRequest min=BoxedInteger max=BoxedInteger
        string NetworkMode : bridge host awsvpc none
        structure NvidiaMpsAllocation memory!=NvidiaMpsAllocationMemoryInteger
         maxComputePercent=NvidiaMpsAllocationMaxComputePercentInteger
        integer NvidiaMpsAllocationMaxComputePercentInteger 1..100
        integer NvidiaMpsAllocationMemoryInteger 1..
        string OSFamily : WINDOWS_SERVER_2019_FULL WINDOWS_SERVER_2019_CORE WINDOWS_SERVER_2016_FULL
         WINDOWS_SERVER_2004_CORE WINDOWS_SERVER_2022_CORE WINDOWS_SERVER_2022_FULL WINDOWS_SERVER_2025_CORE
         WINDOWS_SERVER_2025_FULL WINDOWS_SERVER_20H2_CORE LINUX
        string PidMode : host task
        structure PlacementConstraint type=PlacementConstraintType expression=String
        string PlacementConstraintType : distinctInstance memberOf
        list PlacementConstraints PlacementConstraint
        list PlacementStrategies PlacementStrategy
        structure PlacementStrategy type=PlacementStrategyType field=String
        string PlacementStrategyType : random spread binpack
        structure PortMapping containerPort=BoxedInteger hostPort=BoxedInteger protocol=TransportProtocol name=String
         appProtocol=ApplicationProtocol containerPortRange=String
        list PortMappingList PortMapping
        integer PortNumber 0..65535
        string PropagateMITags : CAPACITY_PROVIDER NONE
        string PropagateTags : TASK_DEFINITION SERVICE NONE
        structure ProxyConfiguration type=ProxyConfigurationType containerName!=String
         properties=ProxyConfigurationProperties
        list ProxyConfigurationProperties KeyValuePair
        string ProxyConfigurationType : APPMESH
        structure PutAccountSettingDefaultRequest name!=SettingName value!=String
        structure PutAccountSettingRequest name!=SettingName value!=String principalArn=String
        structure PutAttributesRequest cluster=String attributes!=Attributes
        structure PutClusterCapacityProvidersRequest cluster!=String capacityProviders!=StringList
         defaultCapacityProviderStrategy!=CapacityProviderStrategy
        structure RegisterTaskDefinitionRequest family!=String taskRoleArn=String executionRoleArn=String
         networkMode=NetworkMode containerDefinitions!=ContainerDefinitions volumes=VolumeList
         placementConstraints=TaskDefinitionPlacementConstraints requiresCompatibilities=CompatibilityList cpu=String
         memory=String tags=Tags pidMode=PidMode ipcMode=IpcMode proxyConfiguration=ProxyConfiguration
         inferenceAccelerators~=InferenceAccelerators ephemeralStorage=EphemeralStorage runtimePlatform=RuntimePlatform
         enableFaultInjection=BoxedBoolean trustedExecutionConfiguration=TrustedExecutionConfiguration
        structure RepositoryCredentials credentialsParameter!=String
        string ResourceManagementType : CUSTOMER ECS
        structure ResourceRequirement value=String type!=ResourceType sharingStrategy=SharingStrategy
        list ResourceRequirements ResourceRequirement
        string ResourceType : GPU InferenceAccelerator NeuronDevice
        structure RunTaskRequest capacityProviderStrategy=CapacityProviderStrategy cluster=String count=BoxedInteger
         enableECSManagedTags=Boolean enableExecuteCommand=Boolean group=String launchType=LaunchType
         networkConfiguration=NetworkConfiguration overrides=TaskOverride placementConstraints=PlacementConstraints
         placementStrategy=PlacementStrategies platformVersion=String propagateTags=PropagateTags referenceId=String
         startedBy=String tags=Tags taskDefinition!=String clientToken=String
         volumeConfigurations=TaskVolumeConfigurations
        structure RuntimePlatform cpuArchitecture=CPUArchitecture operatingSystemFamily=OSFamily
        structure S3FilesVolumeConfiguration fileSystemArn!=String rootDirectory=String
         transitEncryptionPort=BoxedInteger accessPointArn=String
        structure Scale value=Double unit=ScaleUnit
        string ScaleUnit : PERCENT
        string SchedulingStrategy : REPLICA DAEMON
        string Scope : task shared
        structure Secret name!=String valueFrom!=String
        list SecretList Secret
        structure ServiceConnectAccessLogConfiguration format!=ServiceConnectAccessLoggingFormat
         includeQueryParameters=ServiceConnectIncludeQueryParameters
        string ServiceConnectAccessLoggingFormat : TEXT JSON
        structure ServiceConnectClientAlias port!=PortNumber dnsName=String
         testTrafficRules=ServiceConnectTestTrafficRules
        list ServiceConnectClientAliasList ServiceConnectClientAlias
        structure ServiceConnectConfiguration enabled!=Boolean namespace=String services=ServiceConnectServiceList
         logConfiguration=LogConfiguration accessLogConfiguration=ServiceConnectAccessLogConfiguration
         containerConfigurations=ServiceConnectContainerConfigurations
        structure ServiceConnectContainerConfiguration +union logLevel=ServiceConnectContainerLogLevel
        list ServiceConnectContainerConfigurations ServiceConnectContainerConfiguration 0..10
        string ServiceConnectContainerLogLevel : debug info
        string ServiceConnectIncludeQueryParameters : DISABLED ENABLED
        structure ServiceConnectService portName!=String discoveryName=String
         clientAliases=ServiceConnectClientAliasList ingressPortOverride=PortNumber timeout=TimeoutConfiguration
         tls=ServiceConnectTlsConfiguration
        list ServiceConnectServiceList ServiceConnectService
        structure ServiceConnectTestTrafficHeaderMatchRules exact!=String
        structure ServiceConnectTestTrafficHeaderRules name!=String value=ServiceConnectTestTrafficHeaderMatchRules
        structure ServiceConnectTestTrafficRules header!=ServiceConnectTestTrafficHeaderRules
        structure ServiceConnectTlsCertificateAuthority awsPcaAuthorityArn=String
        structure ServiceConnectTlsConfiguration issuerCertificateAuthority!=ServiceConnectTlsCertificateAuthority
         kmsKey=String roleArn=String
        string ServiceDeploymentStatus : PENDING SUCCESSFUL STOPPED STOP_REQUESTED IN_PROGRESS ROLLBACK_REQUESTED
         ROLLBACK_IN_PROGRESS ROLLBACK_SUCCESSFUL ROLLBACK_FAILED
        list ServiceDeploymentStatusList ServiceDeploymentStatus
        string ServiceField : TAGS
        list ServiceFieldList ServiceField
        structure ServiceManagedEBSVolumeConfiguration encrypted=BoxedBoolean kmsKeyId=EBSKMSKeyId
         volumeType=EBSVolumeType sizeInGiB=BoxedInteger snapshotId=EBSSnapshotId volumeInitializationRate=BoxedInteger
         iops=BoxedInteger throughput=BoxedInteger tagSpecifications=EBSTagSpecifications roleArn!=IAMRoleArn
         filesystemType=TaskFilesystemType
        list ServiceRegistries ServiceRegistry
        structure ServiceRegistry registryArn=String port=BoxedInteger containerName=String containerPort=BoxedInteger
        string ServiceRevisionCleanup : BLOCKING DEFERRED
        structure ServiceVolumeConfiguration name!=ECSVolumeName managedEBSVolume=ServiceManagedEBSVolumeConfiguration
        list ServiceVolumeConfigurations ServiceVolumeConfiguration
        string SettingName : serviceLongArnFormat taskLongArnFormat containerInstanceLongArnFormat awsvpcTrunking
         containerInsights fargateFIPSMode tagResourceAuthorization fargateTaskRetirementWaitPeriod guardDutyActivate
         defaultLogDriverMode fargateEventWindows
        structure SharingStrategy +union nvidiaMps=NvidiaMpsAllocation
        string SortOrder : ASC DESC
        structure StopServiceDeploymentRequest serviceDeploymentArn!=String stopType=StopServiceDeploymentStopType
        string StopServiceDeploymentStopType : ABORT ROLLBACK
        structure StopTaskRequest cluster=String task!=String reason=String
        string String
        list StringList String
        map StringMap String String
        structure SystemControl namespace=String value=String
        list SystemControls SystemControl
        structure Tag key=TagKey value=TagValue
        string TagKey 1..128 /([\p{L}\p{Z}\p{N}_.:/=+\-@]*)
        list TagKeys TagKey
        structure TagResourceRequest resourceArn!=String tags!=Tags
        string TagValue 0..256 /([\p{L}\p{Z}\p{N}_.:/=+\-@]*)
        list Tags Tag 0..50
        string TargetType : container-instance
        string TaskDefinitionFamilyStatus : ACTIVE INACTIVE ALL
        string TaskDefinitionField : TAGS
        list TaskDefinitionFieldList TaskDefinitionField
        structure TaskDefinitionPlacementConstraint type=TaskDefinitionPlacementConstraintType expression=String
        string TaskDefinitionPlacementConstraintType : memberOf
        list TaskDefinitionPlacementConstraints TaskDefinitionPlacementConstraint
        string TaskDefinitionStatus : ACTIVE INACTIVE DELETE_IN_PROGRESS
        string TaskField : TAGS
        list TaskFieldList TaskField
        string TaskFilesystemType : ext3 ext4 xfs ntfs
        structure TaskManagedEBSVolumeConfiguration encrypted=BoxedBoolean kmsKeyId=EBSKMSKeyId volumeType=EBSVolumeType
         sizeInGiB=BoxedInteger snapshotId=EBSSnapshotId volumeInitializationRate=BoxedInteger iops=BoxedInteger
         throughput=BoxedInteger tagSpecifications=EBSTagSpecifications roleArn!=IAMRoleArn
         terminationPolicy=TaskManagedEBSVolumeTerminationPolicy filesystemType=TaskFilesystemType
        structure TaskManagedEBSVolumeTerminationPolicy deleteOnTermination!=BoxedBoolean
        structure TaskOverride containerOverrides=ContainerOverrides cpu=String
         inferenceAcceleratorOverrides=InferenceAcceleratorOverrides executionRoleArn=String memory=String
         taskRoleArn=String ephemeralStorage=EphemeralStorage
        string TaskSetField : TAGS
        list TaskSetFieldList TaskSetField
        structure TaskVolumeConfiguration name!=ECSVolumeName managedEBSVolume=TaskManagedEBSVolumeConfiguration
        list TaskVolumeConfigurations TaskVolumeConfiguration
        integer TaskVolumeStorageGiB 1..
        structure ThresholdConfiguration type!=ThresholdType value!=Integer
        string ThresholdType : COUNT BOUNDED_PERCENT UNBOUNDED_PERCENT
        structure TimeoutConfiguration idleTimeoutSeconds=Duration perRequestTimeoutSeconds=Duration
        timestamp Timestamp
        structure Tmpfs containerPath!=String size!=Integer mountOptions=StringList
        list TmpfsList Tmpfs
        structure TotalLocalStorageGBRequest min=BoxedDouble max=BoxedDouble
        string TransportProtocol : tcp udp
        structure TrustedExecutionConfiguration isolationMode!=IsolationMode attestationPolicy=String
        structure Ulimit name!=UlimitName softLimit!=Integer hardLimit!=Integer
        list UlimitList Ulimit
        string UlimitName : core cpu data fsize locks memlock msgqueue nice nofile nproc rss rtprio rttime sigpending
         stack
        structure UntagResourceRequest resourceArn!=String tagKeys!=TagKeys
        structure UpdateCapacityProviderRequest name!=String cluster=String
         autoScalingGroupProvider=AutoScalingGroupProviderUpdate
         managedInstancesProvider=UpdateManagedInstancesProviderConfiguration
        structure UpdateClusterRequest cluster!=String settings=ClusterSettings configuration=ClusterConfiguration
         serviceConnectDefaults=ClusterServiceConnectDefaultsRequest
        structure UpdateClusterSettingsRequest cluster!=String settings!=ClusterSettings
        structure UpdateContainerInstancesStateRequest cluster=String containerInstances!=StringList
         status!=ContainerInstanceStatus
        structure UpdateManagedInstancesProviderConfiguration infrastructureRoleArn!=String
         instanceLaunchTemplate!=InstanceLaunchTemplateUpdate propagateTags=PropagateMITags
         infrastructureOptimization=InfrastructureOptimization autoRepairConfiguration=AutoRepairConfiguration
        structure UpdateServicePrimaryTaskSetRequest cluster!=String service!=String primaryTaskSet!=String
        structure UpdateServiceRequest cluster=String service!=String desiredCount=BoxedInteger taskDefinition=String
         capacityProviderStrategy=CapacityProviderStrategy deploymentConfiguration=DeploymentConfiguration
         availabilityZoneRebalancing=AvailabilityZoneRebalancing networkConfiguration=NetworkConfiguration
         placementConstraints=PlacementConstraints placementStrategy=PlacementStrategies platformVersion=String
         forceNewDeployment=Boolean healthCheckGracePeriodSeconds=BoxedInteger deploymentController=DeploymentController
         enableExecuteCommand=BoxedBoolean enableECSManagedTags=BoxedBoolean loadBalancers=LoadBalancers
         propagateTags=PropagateTags serviceRegistries=ServiceRegistries
         serviceConnectConfiguration=ServiceConnectConfiguration volumeConfigurations=ServiceVolumeConfigurations
         vpcLatticeConfigurations=VpcLatticeConfigurations gatewayConnectors=GatewayConnectorList
         monitoring=MonitoringConfiguration
        structure UpdateTaskProtectionRequest cluster!=String tasks!=StringList protectionEnabled!=Boolean
         expiresInMinutes=BoxedInteger
        structure UpdateTaskSetRequest cluster!=String service!=String taskSet!=String scale!=Scale
        structure VCpuCountRangeRequest min!=BoxedInteger max=BoxedInteger
        string VersionConsistency : enabled disabled
        structure Volume name=String host=HostVolumeProperties dockerVolumeConfiguration=DockerVolumeConfiguration
         efsVolumeConfiguration=EFSVolumeConfiguration s3filesVolumeConfiguration=S3FilesVolumeConfiguration
         fsxWindowsFileServerVolumeConfiguration=FSxWindowsFileServerVolumeConfiguration configuredAtLaunch=BoxedBoolean
        structure VolumeFrom sourceContainer=String readOnly=BoxedBoolean
        list VolumeFromList VolumeFrom
        list VolumeList Volume
        structure VpcLatticeAdvancedConfiguration alternateTargetGroupArn=String productionListenerRule=String
         testListenerRule=String
        structure VpcLatticeConfiguration roleArn!=IAMRoleArn targetGroupArn!=String portName!=String
         advancedConfiguration=VpcLatticeAdvancedConfiguration
        list VpcLatticeConfigurations VpcLatticeConfiguration
        """#
}
