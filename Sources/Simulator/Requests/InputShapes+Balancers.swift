// Written by generate-shapes.py from botocore 1.44.8. Do not edit: run the script again.

extension InputShapes {
    /// The table of Elastic Load Balancing as text; the script says how it is built.
    static let elasticLoadBalancingText = #"""
        source botocore 1.44.8
        operation AddTags AddTagsInput
        operation CreateListener CreateListenerInput
        operation CreateLoadBalancer CreateLoadBalancerInput
        operation CreateRule CreateRuleInput
        operation CreateTargetGroup CreateTargetGroupInput
        operation DeleteListener DeleteListenerInput
        operation DeleteLoadBalancer DeleteLoadBalancerInput
        operation DeleteRule DeleteRuleInput
        operation DeleteTargetGroup DeleteTargetGroupInput
        operation DescribeListeners DescribeListenersInput
        operation DescribeLoadBalancerAttributes DescribeLoadBalancerAttributesInput
        operation DescribeLoadBalancers DescribeLoadBalancersInput
        operation DescribeRules DescribeRulesInput
        operation DescribeTags DescribeTagsInput
        operation DescribeTargetGroupAttributes DescribeTargetGroupAttributesInput
        operation DescribeTargetGroups DescribeTargetGroupsInput
        operation DescribeTargetHealth DescribeTargetHealthInput
        operation ModifyListener ModifyListenerInput
        operation ModifyLoadBalancerAttributes ModifyLoadBalancerAttributesInput
        operation ModifyRule ModifyRuleInput
        operation ModifyTargetGroup ModifyTargetGroupInput
        operation ModifyTargetGroupAttributes ModifyTargetGroupAttributesInput
        operation RemoveTags RemoveTagsInput
        structure Action Type!=ActionTypeEnum TargetGroupArn=TargetGroupArn
         AuthenticateOidcConfig=AuthenticateOidcActionConfig AuthenticateCognitoConfig=AuthenticateCognitoActionConfig
         Order=ActionOrder RedirectConfig=RedirectActionConfig FixedResponseConfig=FixedResponseActionConfig
         ForwardConfig=ForwardActionConfig JwtValidationConfig=JwtValidationActionConfig
        integer ActionOrder 1..50000
        string ActionTypeEnum : forward authenticate-oidc authenticate-cognito redirect fixed-response jwt-validation
        list Actions Action
        structure AddTagsInput ResourceArns!=ResourceArns Tags!=TagList
        string AdvertiseTrustStoreCaNamesEnum : on off
        string AllocationId
        list AlpnPolicyName AlpnPolicyValue
        string AlpnPolicyValue
        map AuthenticateCognitoActionAuthenticationRequestExtraParams
         AuthenticateCognitoActionAuthenticationRequestParamName
         AuthenticateCognitoActionAuthenticationRequestParamValue
        string AuthenticateCognitoActionAuthenticationRequestParamName
        string AuthenticateCognitoActionAuthenticationRequestParamValue
        string AuthenticateCognitoActionConditionalBehaviorEnum : deny allow authenticate
        structure AuthenticateCognitoActionConfig UserPoolArn!=AuthenticateCognitoActionUserPoolArn
         UserPoolClientId!=AuthenticateCognitoActionUserPoolClientId
         UserPoolDomain!=AuthenticateCognitoActionUserPoolDomain
         SessionCookieName=AuthenticateCognitoActionSessionCookieName Scope=AuthenticateCognitoActionScope
         SessionTimeout=AuthenticateCognitoActionSessionTimeout
         AuthenticationRequestExtraParams=AuthenticateCognitoActionAuthenticationRequestExtraParams
         OnUnauthenticatedRequest=AuthenticateCognitoActionConditionalBehaviorEnum
        string AuthenticateCognitoActionScope
        string AuthenticateCognitoActionSessionCookieName
        long AuthenticateCognitoActionSessionTimeout
        string AuthenticateCognitoActionUserPoolArn
        string AuthenticateCognitoActionUserPoolClientId
        string AuthenticateCognitoActionUserPoolDomain
        map AuthenticateOidcActionAuthenticationRequestExtraParams AuthenticateOidcActionAuthenticationRequestParamName
         AuthenticateOidcActionAuthenticationRequestParamValue
        string AuthenticateOidcActionAuthenticationRequestParamName
        string AuthenticateOidcActionAuthenticationRequestParamValue
        string AuthenticateOidcActionAuthorizationEndpoint
        string AuthenticateOidcActionClientId
        string AuthenticateOidcActionClientSecret
        string AuthenticateOidcActionConditionalBehaviorEnum : deny allow authenticate
        structure AuthenticateOidcActionConfig Issuer!=AuthenticateOidcActionIssuer
         AuthorizationEndpoint!=AuthenticateOidcActionAuthorizationEndpoint
         TokenEndpoint!=AuthenticateOidcActionTokenEndpoint UserInfoEndpoint!=AuthenticateOidcActionUserInfoEndpoint
         ClientId!=AuthenticateOidcActionClientId ClientSecret=AuthenticateOidcActionClientSecret
         SessionCookieName=AuthenticateOidcActionSessionCookieName Scope=AuthenticateOidcActionScope
         SessionTimeout=AuthenticateOidcActionSessionTimeout
         AuthenticationRequestExtraParams=AuthenticateOidcActionAuthenticationRequestExtraParams
         OnUnauthenticatedRequest=AuthenticateOidcActionConditionalBehaviorEnum
         UseExistingClientSecret=AuthenticateOidcActionUseExistingClientSecret
        string AuthenticateOidcActionIssuer
        string AuthenticateOidcActionScope
        string AuthenticateOidcActionSessionCookieName
        long AuthenticateOidcActionSessionTimeout
        string AuthenticateOidcActionTokenEndpoint
        boolean AuthenticateOidcActionUseExistingClientSecret
        string AuthenticateOidcActionUserInfoEndpoint
        structure Certificate CertificateArn=CertificateArn IsDefault=Default
        string CertificateArn
        list CertificateList Certificate
        structure ClientCertificateIdentityFilter Field!=ClientCertificateIdentityFilterField
         Action!=ClientCertificateIdentityFilterAction MatchType!=ClientCertificateIdentityFilterMatchType
         Value!=ClientCertificateIdentityFilterValue
        string ClientCertificateIdentityFilterAction : accept
        string ClientCertificateIdentityFilterField : subject-cn subject-ou san-dns san-uri
        string ClientCertificateIdentityFilterMatchType : exact prefix
        string ClientCertificateIdentityFilterValue 1..256
        list ClientCertificateIdentityFilters ClientCertificateIdentityFilter ..100
        string ConditionFieldName ..64
        structure CreateListenerInput LoadBalancerArn!=LoadBalancerArn Protocol=ProtocolEnum Port=Port
         SslPolicy=SslPolicyName Certificates=CertificateList DefaultActions!=Actions AlpnPolicy=AlpnPolicyName
         Tags=TagList MutualAuthentication=MutualAuthenticationAttributes
        structure CreateLoadBalancerInput Name!=LoadBalancerName Subnets=Subnets SubnetMappings=SubnetMappings
         SecurityGroups=SecurityGroups Scheme=LoadBalancerSchemeEnum Tags=TagList Type=LoadBalancerTypeEnum
         IpAddressType=IpAddressType CustomerOwnedIpv4Pool=CustomerOwnedIpv4Pool
         EnablePrefixForIpv6SourceNat=EnablePrefixForIpv6SourceNatEnum IpamPools=IpamPools
        structure CreateRuleInput ListenerArn!=ListenerArn Conditions!=RuleConditionList Priority!=RulePriority
         Actions!=Actions Tags=TagList Transforms=RuleTransformList
        structure CreateTargetGroupInput Name!=TargetGroupName Protocol=ProtocolEnum ProtocolVersion=ProtocolVersion
         Port=Port VpcId=VpcId HealthCheckProtocol=ProtocolEnum HealthCheckPort=HealthCheckPort
         HealthCheckEnabled=HealthCheckEnabled HealthCheckPath=Path
         HealthCheckIntervalSeconds=HealthCheckIntervalSeconds HealthCheckTimeoutSeconds=HealthCheckTimeoutSeconds
         HealthyThresholdCount=HealthCheckThresholdCount UnhealthyThresholdCount=HealthCheckThresholdCount
         Matcher=Matcher TargetType=TargetTypeEnum Tags=TagList IpAddressType=TargetGroupIpAddressTypeEnum
         TargetControlPort=TargetControlPort
        string CustomerOwnedIpv4Pool ..256
        boolean Default
        structure DeleteListenerInput ListenerArn!=ListenerArn
        structure DeleteLoadBalancerInput LoadBalancerArn!=LoadBalancerArn
        structure DeleteRuleInput RuleArn!=RuleArn
        structure DeleteTargetGroupInput TargetGroupArn!=TargetGroupArn
        structure DescribeListenersInput LoadBalancerArn=LoadBalancerArn ListenerArns=ListenerArns Marker=Marker
         PageSize=PageSize
        structure DescribeLoadBalancerAttributesInput LoadBalancerArn!=LoadBalancerArn
        structure DescribeLoadBalancersInput LoadBalancerArns=LoadBalancerArns Names=LoadBalancerNames Marker=Marker
         PageSize=PageSize
        structure DescribeRulesInput ListenerArn=ListenerArn RuleArns=RuleArns Marker=Marker PageSize=PageSize
        structure DescribeTagsInput ResourceArns!=ResourceArns
        structure DescribeTargetGroupAttributesInput TargetGroupArn!=TargetGroupArn
        structure DescribeTargetGroupsInput LoadBalancerArn=LoadBalancerArn TargetGroupArns=TargetGroupArns
         Names=TargetGroupNames Marker=Marker PageSize=PageSize
        structure DescribeTargetHealthInput TargetGroupArn!=TargetGroupArn Targets=TargetDescriptions
         Include=ListOfDescribeTargetHealthIncludeOptions
        string DescribeTargetHealthInputIncludeEnum : AnomalyDetection All
        string EnablePrefixForIpv6SourceNatEnum : on off
        structure FixedResponseActionConfig MessageBody=FixedResponseActionMessage
         StatusCode!=FixedResponseActionStatusCode ContentType=FixedResponseActionContentType
        string FixedResponseActionContentType 0..32
        string FixedResponseActionMessage 0..1024
        string FixedResponseActionStatusCode
        structure ForwardActionConfig TargetGroups=TargetGroupList
         TargetGroupStickinessConfig=TargetGroupStickinessConfig
        string GrpcCode
        boolean HealthCheckEnabled
        integer HealthCheckIntervalSeconds 5..300
        string HealthCheckPort
        integer HealthCheckThresholdCount 2..10
        integer HealthCheckTimeoutSeconds 2..120
        structure HostHeaderConditionConfig Values=ListOfString RegexValues=ListOfString
        structure HostHeaderRewriteConfig Rewrites=RewriteConfigList
        string HttpCode
        structure HttpHeaderConditionConfig HttpHeaderName=HttpHeaderConditionName Values=ListOfString
         RegexValues=ListOfString
        string HttpHeaderConditionName
        structure HttpRequestMethodConditionConfig Values=ListOfString
        string IPv6Address
        boolean IgnoreClientCertificateExpiry
        string IpAddressType : ipv4 dualstack dualstack-without-public-ipv4
        string IpamPoolId ..1000
        structure IpamPools Ipv4IpamPoolId=IpamPoolId
        structure JwtValidationActionAdditionalClaim Format!=JwtValidationActionAdditionalClaimFormatEnum
         Name!=JwtValidationActionAdditionalClaimName Values!=JwtValidationActionAdditionalClaimValues
        string JwtValidationActionAdditionalClaimFormatEnum : single-string string-array space-separated-values
        string JwtValidationActionAdditionalClaimName
        string JwtValidationActionAdditionalClaimValue
        list JwtValidationActionAdditionalClaimValues JwtValidationActionAdditionalClaimValue
        list JwtValidationActionAdditionalClaims JwtValidationActionAdditionalClaim
        structure JwtValidationActionConfig JwksEndpoint!=JwtValidationActionJwksEndpoint
         Issuer!=JwtValidationActionIssuer AdditionalClaims=JwtValidationActionAdditionalClaims
        string JwtValidationActionIssuer
        string JwtValidationActionJwksEndpoint
        list ListOfDescribeTargetHealthIncludeOptions DescribeTargetHealthInputIncludeEnum
        list ListOfString StringValue
        string ListenerArn
        list ListenerArns ListenerArn
        string LoadBalancerArn
        list LoadBalancerArns LoadBalancerArn
        structure LoadBalancerAttribute Key=LoadBalancerAttributeKey Value=LoadBalancerAttributeValue
        string LoadBalancerAttributeKey ..256
        string LoadBalancerAttributeValue ..1024
        list LoadBalancerAttributes LoadBalancerAttribute ..20
        string LoadBalancerName
        list LoadBalancerNames LoadBalancerName
        string LoadBalancerSchemeEnum : internet-facing internal
        string LoadBalancerTypeEnum : application network gateway
        string Marker
        structure Matcher HttpCode=HttpCode GrpcCode=GrpcCode
        string Mode
        structure ModifyListenerInput ListenerArn!=ListenerArn Port=Port Protocol=ProtocolEnum SslPolicy=SslPolicyName
         Certificates=CertificateList DefaultActions=Actions AlpnPolicy=AlpnPolicyName
         MutualAuthentication=MutualAuthenticationAttributes
        structure ModifyLoadBalancerAttributesInput LoadBalancerArn!=LoadBalancerArn Attributes!=LoadBalancerAttributes
        structure ModifyRuleInput RuleArn!=RuleArn Conditions=RuleConditionList Actions=Actions
         Transforms=RuleTransformList ResetTransforms=ResetTransforms
        structure ModifyTargetGroupAttributesInput TargetGroupArn!=TargetGroupArn Attributes!=TargetGroupAttributes
        structure ModifyTargetGroupInput TargetGroupArn!=TargetGroupArn HealthCheckProtocol=ProtocolEnum
         HealthCheckPort=HealthCheckPort HealthCheckPath=Path HealthCheckEnabled=HealthCheckEnabled
         HealthCheckIntervalSeconds=HealthCheckIntervalSeconds HealthCheckTimeoutSeconds=HealthCheckTimeoutSeconds
         HealthyThresholdCount=HealthCheckThresholdCount UnhealthyThresholdCount=HealthCheckThresholdCount
         Matcher=Matcher
        structure MutualAuthenticationAttributes Mode=Mode TrustStoreArn=TrustStoreArn
         IgnoreClientCertificateExpiry=IgnoreClientCertificateExpiry
         TrustStoreAssociationStatus=TrustStoreAssociationStatusEnum
         AdvertiseTrustStoreCaNames=AdvertiseTrustStoreCaNamesEnum
         ClientCertificateIdentityFilters=ClientCertificateIdentityFilters
        integer PageSize 1..400
        string Path 1..1024
        structure PathPatternConditionConfig Values=ListOfString RegexValues=ListOfString
        integer Port 1..65535
        string PrivateIPv4Address
        string ProtocolEnum : HTTP HTTPS TCP TLS UDP TCP_UDP GENEVE QUIC TCP_QUIC
        string ProtocolVersion
        structure QueryStringConditionConfig Values=QueryStringKeyValuePairList
        structure QueryStringKeyValuePair Key=StringValue Value=StringValue
        list QueryStringKeyValuePairList QueryStringKeyValuePair
        string QuicServerId 1..256
        structure RedirectActionConfig Protocol=RedirectActionProtocol Port=RedirectActionPort Host=RedirectActionHost
         Path=RedirectActionPath Query=RedirectActionQuery StatusCode!=RedirectActionStatusCodeEnum
        string RedirectActionHost 1..128
        string RedirectActionPath 1..128
        string RedirectActionPort
        string RedirectActionProtocol
        string RedirectActionQuery 0..128
        string RedirectActionStatusCodeEnum : HTTP_301 HTTP_302
        structure RemoveTagsInput ResourceArns!=ResourceArns TagKeys!=TagKeys
        boolean ResetTransforms
        string ResourceArn
        list ResourceArns ResourceArn
        structure RewriteConfig Regex!=StringValue Replace!=StringValue
        list RewriteConfigList RewriteConfig
        string RuleArn
        list RuleArns RuleArn
        structure RuleCondition Field=ConditionFieldName Values=ListOfString HostHeaderConfig=HostHeaderConditionConfig
         PathPatternConfig=PathPatternConditionConfig HttpHeaderConfig=HttpHeaderConditionConfig
         QueryStringConfig=QueryStringConditionConfig HttpRequestMethodConfig=HttpRequestMethodConditionConfig
         SourceIpConfig=SourceIpConditionConfig RegexValues=ListOfString
        list RuleConditionList RuleCondition
        integer RulePriority 1..50000
        structure RuleTransform Type!=TransformTypeEnum HostHeaderRewriteConfig=HostHeaderRewriteConfig
         UrlRewriteConfig=UrlRewriteConfig
        list RuleTransformList RuleTransform
        string SecurityGroupId
        list SecurityGroups SecurityGroupId
        string SourceIpAddressTypeEnum : ipv4 ipv6
        structure SourceIpConditionConfig Values=ListOfString IpAddressType=SourceIpAddressTypeEnum
        string SourceNatIpv6Prefix
        string SslPolicyName
        string StringValue
        string SubnetId
        structure SubnetMapping SubnetId=SubnetId AllocationId=AllocationId PrivateIPv4Address=PrivateIPv4Address
         IPv6Address=IPv6Address SourceNatIpv6Prefix=SourceNatIpv6Prefix
        list SubnetMappings SubnetMapping
        list Subnets SubnetId
        structure Tag Key!=TagKey Value=TagValue
        string TagKey 1..128
        list TagKeys TagKey
        list TagList Tag 1..
        string TagValue 0..256
        integer TargetControlPort 1..65535
        structure TargetDescription Id!=TargetId Port=Port AvailabilityZone=ZoneName QuicServerId=QuicServerId
        list TargetDescriptions TargetDescription
        string TargetGroupArn
        list TargetGroupArns TargetGroupArn
        structure TargetGroupAttribute Key=TargetGroupAttributeKey Value=TargetGroupAttributeValue
        string TargetGroupAttributeKey ..256
        string TargetGroupAttributeValue
        list TargetGroupAttributes TargetGroupAttribute
        string TargetGroupIpAddressTypeEnum : ipv4 ipv6
        list TargetGroupList TargetGroupTuple
        string TargetGroupName
        list TargetGroupNames TargetGroupName
        structure TargetGroupStickinessConfig Enabled=TargetGroupStickinessEnabled
         DurationSeconds=TargetGroupStickinessDurationSeconds
        integer TargetGroupStickinessDurationSeconds
        boolean TargetGroupStickinessEnabled
        structure TargetGroupTuple TargetGroupArn=TargetGroupArn Weight=TargetGroupWeight
        integer TargetGroupWeight
        string TargetId
        string TargetTypeEnum : instance ip lambda alb
        string TransformTypeEnum : host-header-rewrite url-rewrite
        string TrustStoreArn
        string TrustStoreAssociationStatusEnum : active removed
        structure UrlRewriteConfig Rewrites=RewriteConfigList
        string VpcId
        string ZoneName
        """#
}
