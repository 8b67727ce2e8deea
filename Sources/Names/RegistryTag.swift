/// A tag in a private registry of Amazon ECR: what an image such as
/// `123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/web:v1` is found by.
///
/// Source: Amazon ECR User Guide, "Amazon ECR private registry"; registries in China end in `.com.cn`.
package struct RegistryTag: Hashable, Comparable, Sendable, CustomStringConvertible {
    package let account: AccountID
    package let region: Region
    /// The registry's host, as the image names it.
    package let host: String
    /// Path of the repository within its registry.
    package let repository: String
    /// `latest` where the image names none, as whoever pulls it takes it.
    package let tag: String

    /// - Parameter image: an image as a container definition names it.
    /// - Returns: nil where it is of another registry, is named by its digest, or is no image.
    package init?(image: String) {
        // Most images are of other registries, which one look tells.
        guard image.contains(".dkr.ecr"), let reference = try? ImageReference(image), reference.digest == nil,
            let slash = reference.repository.firstIndex(of: "/")
        else { return nil }
        let host = reference.repository[..<slash]
        let parts = host.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 6 || parts.count == 7 && parts[6] == "cn", parts[1] == "dkr",
            parts[2] == "ecr" || parts[2] == "ecr-fips", parts[4] == "amazonaws", parts[5] == "com",
            let account = try? AccountID(String(parts[0])), let region = try? Region(String(parts[3]))
        else { return nil }
        self.account = account
        self.region = region
        self.host = String(host)
        repository = String(reference.repository[reference.repository.index(after: slash)...])
        tag = reference.tag ?? "latest"
    }

    /// Registry and repository, as an image begins.
    package var address: String { "\(host)/\(repository)" }

    package var description: String { "\(address):\(tag)" }

    package static func < (left: RegistryTag, right: RegistryTag) -> Bool {
        (left.address, left.tag) < (right.address, right.tag)
    }
}
