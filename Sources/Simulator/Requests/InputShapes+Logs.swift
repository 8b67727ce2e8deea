// Written by generate-shapes.py from botocore 1.44.8. Do not edit: run the script again.

extension InputShapes {
    /// The table of CloudWatch Logs as text; the script says how it is built.
    static let logsText = #"""
        source botocore 1.44.8
        operation CreateLogGroup CreateLogGroupRequest
        operation CreateLogStream CreateLogStreamRequest
        operation DeleteLogGroup DeleteLogGroupRequest
        operation DeleteRetentionPolicy DeleteRetentionPolicyRequest
        operation DescribeLogGroups DescribeLogGroupsRequest
        operation DescribeLogStreams DescribeLogStreamsRequest
        operation GetLogEvents GetLogEventsRequest
        operation ListTagsForResource ListTagsForResourceRequest
        operation PutLogEvents PutLogEventsRequest
        operation PutRetentionPolicy PutRetentionPolicyRequest
        operation TagResource TagResourceRequest
        operation UntagResource UntagResourceRequest
        string AccountId 12..12
        list AccountIds AccountId 0..20
        string AmazonResourceName 1..1011
        structure CreateLogGroupRequest logGroupName!=LogGroupName kmsKeyId=KmsKeyId tags=Tags
         logGroupClass=LogGroupClass deletionProtectionEnabled=DeletionProtectionEnabled
        structure CreateLogStreamRequest logGroupName!=LogGroupName logStreamName!=LogStreamName
        integer Days
        structure DeleteLogGroupRequest logGroupName!=LogGroupName
        structure DeleteRetentionPolicyRequest logGroupName!=LogGroupName
        boolean DeletionProtectionEnabled
        boolean Descending
        integer DescribeLimit 1..50
        list DescribeLogGroupsLogGroupIdentifiers LogGroupIdentifier 1..50
        structure DescribeLogGroupsRequest accountIdentifiers=AccountIds logGroupNamePrefix=LogGroupName
         logGroupNamePattern=LogGroupNamePattern nextToken=NextToken limit=DescribeLimit
         includeLinkedAccounts=IncludeLinkedAccounts logGroupClass=LogGroupClass
         logGroupIdentifiers=DescribeLogGroupsLogGroupIdentifiers
        structure DescribeLogStreamsRequest logGroupName=LogGroupName logGroupIdentifier=LogGroupIdentifier
         logStreamNamePrefix=LogStreamName orderBy=OrderBy descending=Descending nextToken=NextToken limit=DescribeLimit
        structure Entity keyAttributes=EntityKeyAttributes attributes=EntityAttributes
        map EntityAttributes EntityAttributesKey EntityAttributesValue
        string EntityAttributesKey 1..256
        string EntityAttributesValue 1..512
        map EntityKeyAttributes EntityKeyAttributesKey EntityKeyAttributesValue
        string EntityKeyAttributesKey 1..32
        string EntityKeyAttributesValue 1..512
        string EventMessage 1..
        integer EventsLimit 1..10000
        structure GetLogEventsRequest logGroupName=LogGroupName logGroupIdentifier=LogGroupIdentifier
         logStreamName!=LogStreamName startTime=Timestamp endTime=Timestamp nextToken=NextToken limit=EventsLimit
         startFromHead=StartFromHead unmask=Unmask
        boolean IncludeLinkedAccounts
        structure InputLogEvent timestamp!=Timestamp message!=EventMessage
        list InputLogEvents InputLogEvent 1..10000
        string KmsKeyId ..256
        structure ListTagsForResourceRequest resourceArn!=AmazonResourceName
        string LogGroupClass : STANDARD INFREQUENT_ACCESS DELIVERY ESSENTIALS
        string LogGroupIdentifier 1..2048
        string LogGroupName 1..512
        string LogGroupNamePattern 0..512
        string LogStreamName 1..512
        string NextToken 1..
        string OrderBy : LogStreamName LastEventTime
        structure PutLogEventsRequest logGroupName!=LogGroupName logStreamName!=LogStreamName logEvents!=InputLogEvents
         sequenceToken=SequenceToken entity=Entity
        structure PutRetentionPolicyRequest logGroupName!=LogGroupName retentionInDays!=Days
        string SequenceToken 1..
        boolean StartFromHead
        string TagKey 1..128
        list TagKeyList TagKey 0..50
        structure TagResourceRequest resourceArn!=AmazonResourceName tags!=Tags
        string TagValue ..256
        map Tags TagKey TagValue
        long Timestamp 0..
        boolean Unmask
        structure UntagResourceRequest resourceArn!=AmazonResourceName tagKeys!=TagKeyList
        """#
}
