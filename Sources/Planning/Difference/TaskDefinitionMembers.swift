/// What a change of each member of a task definition does: all its members are taken back by leaving them out.
package enum TaskDefinitionMembers {
    /// What the table says of `member`, nil for members it does not know.
    package static func entry(of member: String) -> MemberEntry? { table[member] }

    private static let content = MemberEntry(.newRevision, .omit, .registerTaskDefinition)

    /// The table, by member of RegisterTaskDefinition.
    package static let table: [String: MemberEntry] = [
        "family": MemberEntry(.address, .impossible, .registerTaskDefinition),
        // No part of a revision's content: a tag alone registers nothing.
        "tags": MemberEntry(.nextRevision, .omit, .tagResource),
        "taskRoleArn": content,
        "executionRoleArn": content,
        "networkMode": content,
        "containerDefinitions": content,
        "volumes": content,
        "placementConstraints": content,
        "requiresCompatibilities": content,
        "cpu": content,
        "memory": content,
        "pidMode": content,
        "ipcMode": content,
        "proxyConfiguration": content,
        "inferenceAccelerators": content,
        "ephemeralStorage": content,
        "runtimePlatform": content,
        "enableFaultInjection": content,
        "trustedExecutionConfiguration": content,
    ]
}
