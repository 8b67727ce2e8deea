// Written by generate-shapes.py from botocore 1.44.8. Do not edit: run the script again.

extension InputShapes {
    /// The table of Systems Manager as text; the script says how it is built.
    static let ssmText = #"""
        source botocore 1.44.8
        operation DeleteParameter DeleteParameterRequest
        operation DescribeParameters DescribeParametersRequest
        operation GetParameter GetParameterRequest
        operation GetParameters GetParametersRequest
        operation PutParameter PutParameterRequest
        string AllowedPattern 0..1024
        boolean Boolean
        structure DeleteParameterRequest Name!=PSParameterName
        structure DescribeParametersRequest Filters=ParametersFilterList ParameterFilters=ParameterStringFilterList
         MaxResults=MaxResults NextToken=NextToken Shared=Boolean
        structure GetParameterRequest Name!=PSParameterName WithDecryption=Boolean
        structure GetParametersRequest Names!=ParameterNameList WithDecryption=Boolean
        integer MaxResults 1..50
        string NextToken
        string PSParameterName 1..2048
        string PSParameterValue
        string ParameterDataType 0..128
        string ParameterDescription 0..1024
        string ParameterKeyId 1..256
        list ParameterNameList PSParameterName 1..10
        string ParameterPolicies 1..4096
        structure ParameterStringFilter Key!=ParameterStringFilterKey Option=ParameterStringQueryOption
         Values=ParameterStringFilterValueList
        string ParameterStringFilterKey 1..132
        list ParameterStringFilterList ParameterStringFilter
        string ParameterStringFilterValue 1..1024
        list ParameterStringFilterValueList ParameterStringFilterValue 1..50
        string ParameterStringQueryOption 1..10
        string ParameterTier : Standard Advanced Intelligent-Tiering
        string ParameterType : String StringList SecureString
        structure ParametersFilter Key!=ParametersFilterKey Values!=ParametersFilterValueList
        string ParametersFilterKey : Name Type KeyId
        list ParametersFilterList ParametersFilter
        string ParametersFilterValue 1..1024
        list ParametersFilterValueList ParametersFilterValue 1..50
        structure PutParameterRequest Name!=PSParameterName Description=ParameterDescription Value!=PSParameterValue
         Type=ParameterType KeyId=ParameterKeyId Overwrite=Boolean AllowedPattern=AllowedPattern Tags=TagList
         Tier=ParameterTier Policies=ParameterPolicies DataType=ParameterDataType
        structure Tag Key!=TagKey Value!=TagValue
        string TagKey 1..128
        list TagList Tag ..1000
        string TagValue 0..256
        """#
}
