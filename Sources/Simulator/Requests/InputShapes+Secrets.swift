// Written by generate-shapes.py from botocore 1.44.8. Do not edit: run the script again.

extension InputShapes {
    /// The table of Secrets Manager as text; the script says how it is built.
    static let secretsManagerText = #"""
        source botocore 1.44.8
        operation CreateSecret CreateSecretRequest
        operation DeleteSecret DeleteSecretRequest
        operation DescribeSecret DescribeSecretRequest
        operation GetSecretValue GetSecretValueRequest
        operation ListSecrets ListSecretsRequest
        operation PutSecretValue PutSecretValueRequest
        operation RestoreSecret RestoreSecretRequest
        operation TagResource TagResourceRequest
        list AddReplicaRegionListType ReplicaRegionType 1..
        boolean BooleanType
        string ClientRequestTokenType 32..64
        structure CreateSecretRequest Name!=NameType ClientRequestToken=ClientRequestTokenType
         Description=DescriptionType KmsKeyId=KmsKeyIdType SecretBinary=SecretBinaryType SecretString=SecretStringType
         Tags=TagListType AddReplicaRegions=AddReplicaRegionListType ForceOverwriteReplicaSecret=BooleanType
         Type=MedeaTypeType CrossAccountPrimaryARN=SecretARNType
        structure DeleteSecretRequest SecretId!=SecretIdType RecoveryWindowInDays=RecoveryWindowInDaysType
         ForceDeleteWithoutRecovery=BooleanType
        structure DescribeSecretRequest SecretId!=SecretIdType
        string DescriptionType ..2048
        structure Filter Key=FilterNameStringType Values=FilterValuesStringList
        string FilterNameStringType : description name tag-key tag-value primary-region owning-service all
        string FilterValueStringType ..512
        list FilterValuesStringList FilterValueStringType 1..10
        list FiltersListType Filter ..10
        structure GetSecretValueRequest SecretId!=SecretIdType VersionId=SecretVersionIdType
         VersionStage=SecretVersionStageType
        string KmsKeyIdType 0..2048
        structure ListSecretsRequest IncludePlannedDeletion=BooleanType MaxResults=MaxResultsType
         NextToken=NextTokenType Filters=FiltersListType SortOrder=SortOrderType SortBy=SortByType
        integer MaxResultsType 1..100
        string MedeaTypeType 0..256
        string NameType 1..512
        string NextTokenType 1..4096
        structure PutSecretValueRequest SecretId!=SecretIdType ClientRequestToken=ClientRequestTokenType
         SecretBinary=SecretBinaryType SecretString=SecretStringType VersionStages=SecretVersionStagesType
         RotationToken=RotationTokenType
        long RecoveryWindowInDaysType
        string RegionType 1..128
        structure ReplicaRegionType Region=RegionType KmsKeyId=KmsKeyIdType
        structure RestoreSecretRequest SecretId!=SecretIdType
        string RotationTokenType 36..256
        string SecretARNType 20..2048
        blob SecretBinaryType 1..65536
        string SecretIdType 1..2048
        string SecretStringType 1..65536
        string SecretVersionIdType 32..64
        string SecretVersionStageType 1..256
        list SecretVersionStagesType SecretVersionStageType 1..20
        string SortByType : created-date last-accessed-date last-changed-date name
        string SortOrderType : asc desc
        structure Tag Key=TagKeyType Value=TagValueType
        string TagKeyType 1..128
        list TagListType Tag
        structure TagResourceRequest SecretId!=SecretIdType Tags!=TagListType
        string TagValueType 0..256
        """#
}
