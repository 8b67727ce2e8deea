// Written by generate-shapes.py from botocore 1.44.8. Do not edit: run the script again.

extension InputShapes {
    /// The table of STS as text; the script says how it is built.
    static let stsText = #"""
        source botocore 1.44.8
        operation AssumeRole AssumeRoleRequest
        operation GetCallerIdentity GetCallerIdentityRequest
        structure AssumeRoleRequest RoleArn!=arnType RoleSessionName!=roleSessionNameType
         PolicyArns=policyDescriptorListType Policy=unrestrictedSessionPolicyDocumentType
         DurationSeconds=roleDurationSecondsType Tags=tagListType TransitiveTagKeys=tagKeyListType
         ExternalId=externalIdType SerialNumber=serialNumberType TokenCode=tokenCodeType
         SourceIdentity=sourceIdentityType ProvidedContexts=ProvidedContextsListType
         MinimumSessionTokenSize=minimumSessionTokenSizeType
        structure GetCallerIdentityRequest
        structure PolicyDescriptorType arn=arnType
        structure ProvidedContext ProviderArn=arnType ContextAssertion=contextAssertionType
        list ProvidedContextsListType ProvidedContext 1..5
        structure Tag Key!=tagKeyType Value!=tagValueType
        string arnType 20..2048
        string contextAssertionType 4..3072
        string externalIdType 2..1224
        integer minimumSessionTokenSizeType 0..4096
        list policyDescriptorListType PolicyDescriptorType
        integer roleDurationSecondsType 900..43200
        string roleSessionNameType 2..64
        string serialNumberType 9..256
        string sourceIdentityType 2..256
        list tagKeyListType tagKeyType ..50
        string tagKeyType 1..128
        list tagListType Tag ..50
        string tagValueType 0..256
        string tokenCodeType 6..6
        string unrestrictedSessionPolicyDocumentType 1..
        """#
}
