// Written by generate-shapes.py from botocore 1.44.8. Do not edit: run the script again.

extension InputShapes {
    /// The table of Amazon ECR as text; the script says how it is built.
    static let ecrText = #"""
        source botocore 1.44.8
        operation BatchGetImage BatchGetImageRequest
        operation CreateRepository CreateRepositoryRequest
        operation DeleteRepository DeleteRepositoryRequest
        operation DescribeImages DescribeImagesRequest
        operation DescribeRepositories DescribeRepositoriesRequest
        operation ListImages ListImagesRequest
        operation ListTagsForResource ListTagsForResourceRequest
        operation PutImage PutImageRequest
        operation TagResource TagResourceRequest
        string Arn
        structure BatchGetImageRequest registryId=RegistryId repositoryName!=RepositoryName
         imageIds!=ImageIdentifierList acceptedMediaTypes=MediaTypeList
        structure CreateRepositoryRequest registryId=RegistryId repositoryName!=RepositoryName tags=TagList
         imageTagMutability=ImageTagMutability imageTagMutabilityExclusionFilters=ImageTagMutabilityExclusionFilters
         imageScanningConfiguration=ImageScanningConfiguration encryptionConfiguration=EncryptionConfiguration
        structure DeleteRepositoryRequest registryId=RegistryId repositoryName!=RepositoryName force=ForceFlag
        structure DescribeImagesFilter tagStatus=TagStatus imageStatus=ImageStatusFilter
        structure DescribeImagesRequest registryId=RegistryId repositoryName!=RepositoryName
         imageIds=ImageIdentifierList nextToken=NextToken maxResults=MaxResults filter=DescribeImagesFilter
        structure DescribeRepositoriesRequest registryId=RegistryId repositoryNames=RepositoryNameList
         nextToken=NextToken maxResults=MaxResults
        structure EncryptionConfiguration encryptionType!=EncryptionType kmsKey=KmsKey
        string EncryptionType : AES256 KMS KMS_DSSE
        boolean ForceFlag
        string ImageDigest
        structure ImageIdentifier imageDigest=ImageDigest imageTag=ImageTag
        list ImageIdentifierList ImageIdentifier 1..100
        string ImageManifest 1..4194304
        structure ImageScanningConfiguration scanOnPush=ScanOnPushFlag
        string ImageStatusFilter : ACTIVE ARCHIVED ACTIVATING ANY
        string ImageTag 1..300
        string ImageTagMutability : MUTABLE IMMUTABLE IMMUTABLE_WITH_EXCLUSION MUTABLE_WITH_EXCLUSION
        structure ImageTagMutabilityExclusionFilter filterType!=ImageTagMutabilityExclusionFilterType
         filter!=ImageTagMutabilityExclusionFilterValue
        string ImageTagMutabilityExclusionFilterType : WILDCARD
        string ImageTagMutabilityExclusionFilterValue 1..128
        list ImageTagMutabilityExclusionFilters ImageTagMutabilityExclusionFilter 1..5
        string KmsKey 1..2048
        structure ListImagesFilter tagStatus=TagStatus imageStatus=ImageStatusFilter
        structure ListImagesRequest registryId=RegistryId repositoryName!=RepositoryName nextToken=NextToken
         maxResults=MaxResults filter=ListImagesFilter
        structure ListTagsForResourceRequest resourceArn!=Arn
        integer MaxResults 1..1000
        string MediaType
        list MediaTypeList MediaType 1..100
        string NextToken
        structure PutImageRequest registryId=RegistryId repositoryName!=RepositoryName imageManifest!=ImageManifest
         imageManifestMediaType=MediaType imageTag=ImageTag imageDigest=ImageDigest
        string RegistryId
        string RepositoryName 2..256
        list RepositoryNameList RepositoryName 1..100
        boolean ScanOnPushFlag
        structure Tag Key!=TagKey Value!=TagValue
        string TagKey
        list TagList Tag
        structure TagResourceRequest resourceArn!=Arn tags!=TagList
        string TagStatus : TAGGED UNTAGGED ANY
        string TagValue
        """#
}
