/// A twelve-digit AWS account.
package struct AccountID: Name {
    package let text: String
    package init(_ text: String) throws(NameError) {
        guard text.utf8.count == 12, Characters.areDigits(text) else {
            throw .malformed(kind: "account", text: text, expected: "twelve digits")
        }
        self.text = text
    }
}

/// An AWS region such as `eu-central-1`. Whether it exists is for AWS to say.
package struct Region: Name {
    package let text: String
    package init(_ text: String) throws(NameError) {
        if text.isEmpty { throw .empty(kind: "region") }
        if text.utf8.count > 63 { throw .tooLong(kind: "region", text: text, maximum: 63) }
        let isHost = text.utf8.allSatisfy { byte in
            (byte >= UInt8(ascii: "a") && byte <= UInt8(ascii: "z"))
                || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")) || byte == UInt8(ascii: "-")
        }
        guard isHost, text.first != "-", text.last != "-" else {
            throw .malformed(kind: "region", text: text, expected: "lower-case letters, digits and hyphens")
        }
        self.text = text
    }

    /// The partition that regions of this spelling belong to. Source: botocore's `partitions.json`.
    package var partition: String {
        if text.hasPrefix("cn-") { return "aws-cn" }
        if text.hasPrefix("us-gov-") { return "aws-us-gov" }
        if text.hasPrefix("eusc-") { return "aws-eusc" }
        if text.hasPrefix("us-isob-") { return "aws-iso-b" }
        if text.hasPrefix("us-isof-") || text.hasPrefix("eu-isof-") { return "aws-iso-f" }
        if text.hasPrefix("eu-isoe-") { return "aws-iso-e" }
        if text.hasPrefix("us-iso-") { return "aws-iso" }
        return "aws"
    }
}

/// An Amazon resource name, split into its six parts: `arn:partition:service:region:account:resource`.
package struct ARN: Name {
    package let text: String
    package let partition: String
    package let service: String
    /// Empty for global services.
    package let region: String
    /// Empty where the service leaves it out.
    package let account: String
    /// All behind the fifth colon.
    package let resource: String

    /// Longest ARN accepted. AWS documents 2,048 as the most that IAM takes.
    package static let maximumLength = 2048

    package init(_ text: String) throws(NameError) {
        if text.utf8.count > ARN.maximumLength {
            throw .tooLong(kind: "ARN", text: text, maximum: ARN.maximumLength)
        }
        let parts = text.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", !parts[1].isEmpty, !parts[2].isEmpty, !parts[5].isEmpty else {
            throw .malformed(kind: "ARN", text: text, expected: "arn:partition:service:region:account:resource")
        }
        self.text = text
        partition = String(parts[1])
        service = String(parts[2])
        region = String(parts[3])
        account = String(parts[4])
        resource = String(parts[5])
    }

    /// What follows `kind/` in the resource, or nil where the resource is of another kind.
    package func resourceName(kind: String) -> String? {
        guard resource.hasPrefix(kind + "/") else { return nil }
        return String(resource.dropFirst(kind.count + 1))
    }
}

/// The ARN of one revision of a task definition.
package struct TaskDefinitionARN: Name {
    package let arn: ARN
    package let revision: Revision

    package var text: String { arn.text }

    package init(_ text: String) throws(NameError) {
        let arn = try ARN(text)
        guard arn.service == "ecs", let name = arn.resourceName(kind: "task-definition") else {
            throw .malformed(kind: "task definition ARN", text: text, expected: "…:task-definition/family:number")
        }
        self.arn = arn
        revision = try Revision(name)
    }
}
