// Written by generate-shapes.py from botocore 1.44.8. Do not edit: run the script again.

extension InputShapes {
    /// The table of IAM as text; the script says how it is built.
    static let iamText = #"""
        source botocore 1.44.8
        operation AttachRolePolicy AttachRolePolicyRequest
        operation CreateRole CreateRoleRequest
        operation DeleteRole DeleteRoleRequest
        operation DeleteRolePolicy DeleteRolePolicyRequest
        operation DetachRolePolicy DetachRolePolicyRequest
        operation GetRole GetRoleRequest
        operation GetRolePolicy GetRolePolicyRequest
        operation ListAttachedRolePolicies ListAttachedRolePoliciesRequest
        operation ListInstanceProfilesForRole ListInstanceProfilesForRoleRequest
        operation ListRolePolicies ListRolePoliciesRequest
        operation ListRoleTags ListRoleTagsRequest
        operation ListRoles ListRolesRequest
        operation PutRolePolicy PutRolePolicyRequest
        operation SimulatePrincipalPolicy SimulatePrincipalPolicyRequest
        operation TagRole TagRoleRequest
        operation UntagRole UntagRoleRequest
        operation UpdateAssumeRolePolicy UpdateAssumeRolePolicyRequest
        operation UpdateRole UpdateRoleRequest
        list ActionNameListType ActionNameType
        string ActionNameType 3..128
        structure AttachRolePolicyRequest RoleName!=roleNameType PolicyArn!=arnType
        string AttachmentName 1..128
        string AttachmentType : user group role
        structure ContextEntry ContextKeyName=ContextKeyNameType ContextKeyValues=ContextKeyValueListType
         ContextKeyType=ContextKeyTypeEnum
        list ContextEntryListType ContextEntry
        string ContextKeyNameType 5..256
        string ContextKeyTypeEnum : string stringList numeric numericList boolean booleanList ip ipList binary
         binaryList date dateList
        list ContextKeyValueListType ContextKeyValueType
        string ContextKeyValueType
        structure CreateRoleRequest Path=pathType RoleName!=roleNameType AssumeRolePolicyDocument!=policyDocumentType
         Description=roleDescriptionType MaxSessionDuration=roleMaxSessionDurationType
         MaxSigninSessionDuration=maxSigninSessionDurationType PermissionsBoundary=arnType Tags=tagListType
        structure DeleteRolePolicyRequest RoleName!=roleNameType PolicyName!=policyNameType
        structure DeleteRoleRequest RoleName!=roleNameType
        structure DetachRolePolicyRequest RoleName!=roleNameType PolicyArn!=arnType
        structure GetRolePolicyRequest RoleName!=roleNameType PolicyName!=policyNameType
        structure GetRoleRequest RoleName!=roleNameType
        structure InlinePolicyIdentifierType PolicyName!=policyNameType AttachmentType!=AttachmentType
         AttachmentName!=AttachmentName
        structure ListAttachedRolePoliciesRequest RoleName!=roleNameType PathPrefix=policyPathType Marker=markerType
         MaxItems=maxItemsType
        structure ListInstanceProfilesForRoleRequest RoleName!=roleNameType Marker=markerType MaxItems=maxItemsType
        structure ListRolePoliciesRequest RoleName!=roleNameType Marker=markerType MaxItems=maxItemsType
        structure ListRoleTagsRequest RoleName!=roleNameType Marker=markerType MaxItems=maxItemsType
        structure ListRolesRequest PathPrefix=pathPrefixType Marker=markerType MaxItems=maxItemsType
        list PolicyExclusionsListType PolicyIdentifier ..256
        structure PolicyIdentifier +union PolicyType=PolicyIdentifierPolicyType PolicyArn=arnType
         InlinePolicyIdentifier=InlinePolicyIdentifierType
        string PolicyIdentifierPolicyType : inline aws-managed user-managed permission-boundary scp rcp
        structure PutRolePolicyRequest RoleName!=roleNameType PolicyName!=policyNameType
         PolicyDocument!=policyDocumentType
        string ResourceHandlingOptionType 1..64
        list ResourceNameListType ResourceNameType
        string ResourceNameType 1..2048
        structure SimulatePrincipalPolicyRequest PolicySourceArn!=arnType PolicyInputList=SimulationPolicyListType
         PermissionsBoundaryPolicyInputList=SimulationPolicyListType PolicyExclusionList=PolicyExclusionsListType
         ActionNames!=ActionNameListType ResourceArns=ResourceNameListType ResourcePolicy=policyDocumentType
         ResourceOwner=ResourceNameType CallerArn=ResourceNameType ContextEntries=ContextEntryListType
         ResourceHandlingOption=ResourceHandlingOptionType MaxItems=maxItemsType Marker=markerType
        list SimulationPolicyListType policyDocumentType
        structure Tag Key!=tagKeyType Value!=tagValueType
        structure TagRoleRequest RoleName!=roleNameType Tags!=tagListType
        structure UntagRoleRequest RoleName!=roleNameType TagKeys!=tagKeyListType
        structure UpdateAssumeRolePolicyRequest RoleName!=roleNameType PolicyDocument!=policyDocumentType
        structure UpdateRoleRequest RoleName!=roleNameType Description=roleDescriptionType
         MaxSessionDuration=roleMaxSessionDurationType MaxSigninSessionDuration=maxSigninSessionDurationType
         ResetMaxSigninSessionDuration=booleanObjectType
        string arnType 20..2048
        boolean booleanObjectType
        string markerType 1..320
        integer maxItemsType 1..1000
        integer maxSigninSessionDurationType 3600..7776000
        string pathPrefixType 1..512
        string pathType 1..512
        string policyDocumentType 1..131072
        string policyNameType 1..128
        string policyPathType 1..512
        string roleDescriptionType ..1000
        integer roleMaxSessionDurationType 3600..43200
        string roleNameType 1..64
        list tagKeyListType tagKeyType ..50
        string tagKeyType 1..128
        list tagListType Tag ..50
        string tagValueType 0..256
        """#
}
