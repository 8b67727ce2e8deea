import MooringCryptography
import MooringShapes

/// The repositories of a private registry.
struct RegistryStore: Sendable {
    struct Repository: Sendable {
        let name: String
        let arn: String
        let uri: String
        let createdAt: Int64
        var isImmutable: Bool
        let scansOnPush: Bool
        let encryption: Value
        var tags: NeighbourTags
        var images: [Image] = []
    }

    struct Image: Sendable {
        let digest: String
        let manifest: String
        let mediaType: String
        var tags: [String]
        let pushedAt: Int64
    }

    var repositories: [Repository] = []

    func position(of name: String) -> Int? { repositories.firstIndex { $0.name == name } }

    /// Whether an image reference can be pulled. Images of other registries are taken for there.
    func has(image: String, account: String, region: String) -> Bool {
        guard RegistryStore.isOwn(image, account, region) else { return true }
        return digest(of: image, account: account, region: region) != nil
    }

    private static func isOwn(_ image: String, _ account: String, _ region: String) -> Bool {
        image.hasPrefix("\(account).dkr.ecr.\(region).") && image.contains("/")
    }

    /// The digest that an image reference stands for now; nil where it is of another registry or not there.
    func digest(of image: String, account: String, region: String) -> String? {
        guard RegistryStore.isOwn(image, account, region), let slash = image.firstIndex(of: "/") else { return nil }
        let rest = image[image.index(after: slash)...]
        let halves = rest.split(separator: "@", maxSplits: 1).map(String.init)
        let named = halves.first ?? ""
        let colon = named.lastIndex(of: ":")
        let name = colon.map { String(named[..<$0]) } ?? named
        guard let position = position(of: name) else { return nil }
        let images = repositories[position].images
        if halves.count > 1 { return images.first { $0.digest == halves[1] }?.digest }
        let tag = colon.map { String(named[named.index(after: $0)...]) } ?? "latest"
        return images.first { $0.tags.contains(tag) }?.digest
    }
}

/// Amazon ECR, as far as tags are looked up and images are put.
/// Source: API reference of Amazon ECR; botocore's model; the wordings from public reports.
extension World {
    mutating func answerRegistry(_ operation: String, _ input: Input) throws(APIError) -> Value {
        switch operation {
        case "CreateRepository": try createRepository(input)
        case "DescribeRepositories": try describeRepositories(input)
        case "DeleteRepository": try deleteRepository(input)
        case "PutImage": try putImage(input)
        case "DescribeImages": try describeImages(input)
        case "BatchGetImage": try batchGetImage(input)
        case "ListImages": try listImages(input)
        case "ListTagsForResource":
            ["tags": neighbours.registry.repositories[try repository(arn: input)].tags.list]
        case "TagResource":
            try tagRepository(input)
        default: throw .unknownOperation(operation)
        }
    }

    private mutating func tagRepository(_ input: Input) throws(APIError) -> Value {
        let position = try repository(arn: input)
        neighbours.registry.repositories[position].tags.merge(try NeighbourTags(list: try input.maps("tags") ?? []))
        return [:]
    }

    private mutating func createRepository(_ input: Input) throws(APIError) -> Value {
        let name = try input.string("repositoryName") ?? ""
        let isAllowed = name.utf8.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
                || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "._-/".utf8.contains(byte)
        }
        guard isAllowed, (2...256).contains(name.utf8.count) else {
            throw APIError(
                code: "InvalidParameterException",
                message: "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular "
                    + "expression '(?:[a-z0-9]+(?:[._-][a-z0-9]+)*/)*[a-z0-9]+(?:[._-][a-z0-9]+)*''")
        }
        if neighbours.registry.position(of: name) != nil {
            throw APIError(
                code: "RepositoryAlreadyExistsException",
                message: "The repository with name '\(name)' already exists in the registry with id '\(account)'")
        }
        let host = "\(account).dkr.ecr.\(region).amazonaws.com\(partition == "aws-cn" ? ".cn" : "")"
        let repository = RegistryStore.Repository(
            name: name, arn: "arn:\(partition):ecr:\(region):\(account):repository/\(name)", uri: "\(host)/\(name)",
            createdAt: now, isImmutable: try input.string("imageTagMutability") == "IMMUTABLE",
            scansOnPush: try input.map("imageScanningConfiguration")?["scanOnPush"]?.boolean ?? false,
            encryption: try input.map("encryptionConfiguration") ?? ["encryptionType": "AES256"],
            tags: try NeighbourTags(list: try input.maps("tags") ?? []))
        neighbours.registry.repositories.append(repository)
        return ["repository": described(repository)]
    }

    private func describeRepositories(_ input: Input) throws(APIError) -> Value {
        var found = neighbours.registry.repositories
        if let names = try input.strings("repositoryNames") {
            found = []
            for name in names { found.append(neighbours.registry.repositories[try position(ofRepository: name)]) }
        }
        let page = try registryPage(found, input)
        return .map(present: [
            ("repositories", .list(page.elements.map { described($0) })), ("nextToken", page.next),
        ])
    }

    private mutating func deleteRepository(_ input: Input) throws(APIError) -> Value {
        let position = try repository(input)
        let repository = neighbours.registry.repositories[position]
        if !repository.images.isEmpty, try input.boolean("force") != true {
            throw APIError(
                code: "RepositoryNotEmptyException",
                message:
                    "The repository with name '\(repository.name)' in registry with id '\(account)' cannot be deleted "
                    + "because it still contains images")
        }
        neighbours.registry.repositories.remove(at: position)
        return ["repository": described(repository)]
    }

    private mutating func putImage(_ input: Input) throws(APIError) -> Value {
        let position = try repository(input)
        let manifest = try input.string("imageManifest") ?? ""
        let digest = "sha256:" + SHA256.hex(of: manifest.utf8)
        if let sent = try input.string("imageDigest"), sent != digest {
            throw APIError(
                code: "ImageDigestDoesNotMatchException",
                message: "The specified image digest does not match the digest calculated from the image")
        }
        let tag = try input.string("imageTag")
        let repository = neighbours.registry.repositories[position]
        let known = repository.images.firstIndex { $0.digest == digest }
        if let tag, let holder = repository.images.firstIndex(where: { $0.tags.contains(tag) }) {
            if holder == known {
                throw APIError(
                    code: "ImageAlreadyExistsException",
                    message:
                        "Image with digest '\(digest)' and tag '\(tag)' already exists in the repository with name "
                        + "'\(repository.name)' in registry with id '\(account)'")
            }
            if repository.isImmutable {
                throw APIError(
                    code: "ImageTagAlreadyExistsException",
                    message:
                        "The image tag '\(tag)' already exists in the '\(repository.name)' repository and cannot be "
                        + "overwritten because the repository is immutable.")
            }
            neighbours.registry.repositories[position].images[holder].tags.removeAll { $0 == tag }
        }
        let index = known ?? repository.images.count
        if known == nil {
            let mediaType =
                try input.string("imageManifestMediaType") ?? "application/vnd.docker.distribution.manifest.v2+json"
            neighbours.registry.repositories[position].images.append(
                RegistryStore.Image(digest: digest, manifest: manifest, mediaType: mediaType, tags: [], pushedAt: now))
        }
        if let tag { neighbours.registry.repositories[position].images[index].tags.append(tag) }
        let image = neighbours.registry.repositories[position].images[index]
        return ["image": described(image, tag: tag, in: repository.name)]
    }

    private func describeImages(_ input: Input) throws(APIError) -> Value {
        let repository = neighbours.registry.repositories[try repository(input)]
        var found = repository.images
        if let ids = try input.maps("imageIds") {
            found = []
            for id in ids {
                let tag = try id.string("imageTag")
                let digest = try id.string("imageDigest")
                guard let image = RegistryStore.find(tag: tag, digest: digest, in: repository) else {
                    throw APIError(
                        code: "ImageNotFoundException",
                        message:
                            "The image with imageId {imageDigest:'\(digest ?? "null")', imageTag:'\(tag ?? "null")'} "
                            + "does not exist within the repository with name '\(repository.name)' in the registry with id "
                            + "'\(account)'")
                }
                if !found.contains(where: { $0.digest == image.digest }) { found.append(image) }
            }
        } else {
            found = []
            for image in repository.images where try World.matches(image, input) { found.append(image) }
        }
        let page = try registryPage(found, input)
        let details = page.elements.map { image -> Value in
            .map(present: [
                ("registryId", .string(account)), ("repositoryName", .string(repository.name)),
                ("imageDigest", .string(image.digest)),
                ("imageTags", image.tags.isEmpty ? nil : .list(image.tags.map { .string($0) })),
                ("imageSizeInBytes", .integer(image.manifest.utf8.count)),
                ("imagePushedAt", .timestamp(image.pushedAt)),
                ("imageManifestMediaType", .string(image.mediaType)),
            ])
        }
        return .map(present: [("imageDetails", .list(details)), ("nextToken", page.next)])
    }

    private func batchGetImage(_ input: Input) throws(APIError) -> Value {
        let repository = neighbours.registry.repositories[try repository(input)]
        var images: [Value] = []
        var failures: [Value] = []
        for id in try input.maps("imageIds") ?? [] {
            let tag = try id.string("imageTag")
            if let image = RegistryStore.find(tag: tag, digest: try id.string("imageDigest"), in: repository) {
                images.append(described(image, tag: tag, in: repository.name))
            } else {
                failures.append([
                    "imageId": id.value, "failureCode": "ImageNotFound", "failureReason": "Requested image not found",
                ])
            }
        }
        return ["images": .list(images), "failures": .list(failures)]
    }

    private func listImages(_ input: Input) throws(APIError) -> Value {
        let repository = neighbours.registry.repositories[try repository(input)]
        var ids: [Value] = []
        for image in repository.images where try World.matches(image, input) {
            let digest = Value.string(image.digest)
            if image.tags.isEmpty { ids.append(["imageDigest": digest]) }
            ids += image.tags.map { ["imageDigest": digest, "imageTag": .string($0)] }
        }
        let page = try registryPage(ids, input)
        return .map(present: [("imageIds", .list(page.elements)), ("nextToken", page.next)])
    }

    // MARK: Finding and describing

    private static func matches(_ image: RegistryStore.Image, _ input: Input) throws(APIError) -> Bool {
        switch try input.map("filter")?["tagStatus"]?.text {
        case "TAGGED": !image.tags.isEmpty
        case "UNTAGGED": image.tags.isEmpty
        default: true
        }
    }

    private func registryPage<Element>(_ all: [Element], _ input: Input) throws(APIError) -> NeighbourPage<Element> {
        try NeighbourPage(
            all, of: input, token: try input.string("nextToken"), size: try input.integer("maxResults") ?? 100,
            invalid: APIError(code: "InvalidParameterException", message: "Invalid parameter at 'nextToken'"))
    }

    private func repository(_ input: Input) throws(APIError) -> Int {
        try position(ofRepository: try input.string("repositoryName") ?? "")
    }

    private func position(ofRepository name: String) throws(APIError) -> Int {
        guard let position = neighbours.registry.position(of: name) else {
            throw APIError(
                code: "RepositoryNotFoundException",
                message: "The repository with name '\(name)' does not exist in the registry with id '\(account)'")
        }
        return position
    }

    private func repository(arn input: Input) throws(APIError) -> Int {
        let arn = try input.string("resourceArn") ?? ""
        return try position(ofRepository: arn.split(separator: "/", maxSplits: 1).last.map(String.init) ?? "")
    }

    private func described(_ repository: RegistryStore.Repository) -> Value {
        [
            "repositoryArn": .string(repository.arn), "registryId": .string(account),
            "repositoryName": .string(repository.name), "repositoryUri": .string(repository.uri),
            "createdAt": .timestamp(repository.createdAt),
            "imageTagMutability": repository.isImmutable ? "IMMUTABLE" : "MUTABLE",
            "imageScanningConfiguration": ["scanOnPush": .boolean(repository.scansOnPush)],
            "encryptionConfiguration": repository.encryption,
        ]
    }

    private func described(_ image: RegistryStore.Image, tag: String?, in repository: String) -> Value {
        [
            "registryId": .string(account), "repositoryName": .string(repository),
            "imageId": .map(present: [
                ("imageDigest", .string(image.digest)), ("imageTag", tag.map { .string($0) }),
            ]),
            "imageManifest": .string(image.manifest), "imageManifestMediaType": .string(image.mediaType),
        ]
    }
}

extension RegistryStore {
    /// An image that has the tag or the digest, or both where both are asked for.
    static func find(tag: String?, digest: String?, in repository: Repository) -> Image? {
        repository.images.first { image in
            (tag != nil || digest != nil) && (tag.map { image.tags.contains($0) } ?? true)
                && (digest.map { image.digest == $0 } ?? true)
        }
    }
}
