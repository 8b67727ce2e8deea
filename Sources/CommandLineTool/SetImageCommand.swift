import ArgumentParser
import MooringController
import MooringManifests
import MooringModel
import MooringNames
import MooringPorts
import MooringReconciliation
import Synchronization

/// A new image, committed by CI.
struct SetImageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "set-image",
        abstract: "Commits another image of a container to the branch: the one value, and nothing else of the file.",
        discussion: """
            Examples:
              mooring set-image main/web app registry.example.com/web@sha256:8f4c… --settings mooring-settings.yaml
              mooring set-image web app registry.example.com/web@sha256:8f4c… --environment production \\
                --repository https://github.com/acme/deployments.git --folder production \\
                --account 123456789012 --region eu-central-1

            It neither asks nor changes AWS: it commits to the branch that the environment follows, and pushes. Comments and
            layout of the file stay. Where somebody else pushes at the same time it begins again from theirs. The image is named
            by its digest, so that what was tested is what runs; --allow-tag lets a tag pass.

            Exit codes: 0 committed, or the branch says so already; 1 failed.
            """,
    )

    @Argument(help: "The service: cluster/service, or its name where it is in one cluster only.")
    var service: String

    @Argument(help: "The container in its task definition.")
    var container: String

    @Argument(help: "The image with its digest: registry.example.com/web@sha256:…")
    var image: String

    @Flag(help: "Let an image without a digest pass: another one may stand behind its tag tomorrow.")
    var allowTag = false

    @Option(help: "The first line of the commit's message. (default: what was changed)")
    var message: String?

    @Option(
        help: """
            Whose commit it is: "Ada Lovelace <ada@example.com>". (default: GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL, or Mooring)
            """)
    var author: String?

    @OptionGroup var options: SettingsOptions

    func validate() throws {
        _ = try commitAuthor(in: [:])
        let reference: ImageReference
        do throws(ImageReference.Mistake) {
            reference = try ImageReference(image)
        } catch {
            throw ValidationError("'\(image)' is no image: \(error.description)")
        }
        if reference.digest == nil, !allowTag {
            throw ValidationError(
                "'\(image)' has no digest: another image may stand behind its tag tomorrow. Name it as "
                    + "'\(reference.repository)@sha256:…' (a push prints the digest), or say --allow-tag.")
        }
    }

    /// Whose commit it is, as `git commit` would find it out; nil for ours.
    private func commitAuthor(in variables: [String: String]) throws -> CommitAuthor? {
        if let author {
            guard let found = CommitAuthor(author) else {
                throw ValidationError(
                    "'\(author)' is nobody git could name. Write it as \"Ada Lovelace <ada@example.com>\".")
            }
            return found
        }
        guard let name = variables["GIT_AUTHOR_NAME"], let address = variables["GIT_AUTHOR_EMAIL"] else { return nil }
        guard let found = CommitAuthor(name: name, address: address) else {
            throw ValidationError(
                "GIT_AUTHOR_NAME and GIT_AUTHOR_EMAIL name nobody git could name: '\(name) <\(address)>'. Correct them, or say "
                    + "--author \"Ada Lovelace <ada@example.com>\".")
        }
        return found
    }

    func run() async throws {
        // What CI commits needs the way to git, and none of the controller's other secrets.
        var input = options.input()
        input.reachesHost = false
        input.staysOn = false
        let session = try Session(input)
        guard let environment = session.settings.environments.first, session.settings.environments.count == 1 else {
            StandardStreams.error("An image is set in one environment. Pick it with --environment.")
            throw ExitCode(1)
        }
        try session.prepareDataFolder()
        let request = SetImageRequest(
            service: service, container: container, image: image, subject: message,
            author: try commitAuthor(in: input.variables), environment: environment)
        let outcome = try await session.value { () async throws(Failure) in
            try await request.perform(on: try await session.assembly.repository(of: environment))
        }
        StandardStreams.output(outcome)
    }
}

/// Changes the one value and pushes.
struct SetImageRequest: Sendable {
    let service: String
    let container: String
    let image: String
    let subject: String?
    let author: CommitAuthor?
    let environment: EnvironmentSettings

    /// - Returns: what was done, in a line.
    func perform(on repository: any WritableRepository) async throws(Failure) -> String {
        let policy = environment.policy
        let found = Mutex<Found?>(nil)
        let commit = try await repository.commit(to: policy.branch, message: message, by: author) {
            (head) async throws(Failure) -> [FileChange] in
            let change = try await self.edit(at: head, in: repository)
            found.withLock { $0 = change }
            if change.edit.previous == image { return [] }
            return [FileChange(path: change.edit.file, bytes: try applied(change))]
        }
        let edit = found.withLock { $0?.edit }
        let place = edit?.place ?? ""
        guard let commit else {
            return "\(service) \(container): the branch '\(policy.branch)' says so already, in \(place)."
        }
        let before = edit?.previous.map { "\($0) -> " } ?? ""
        return "\(commit.short) \(service) \(container): \(before)\(image), in \(place)."
    }

    private var message: String {
        "\(subject ?? "Set the image of \(service)/\(container) to \(ImageReference.short(image))")\n\nImage: \(image)\nEnvironment: \(environment.name)\n"
    }

    /// The change, and the file it is of.
    struct Found: Sendable {
        let edit: ImageEdit
        let input: ManifestInput
    }

    private func edit(at head: CommitID, in repository: any GitRepository) async throws(Failure) -> Found {
        let policy = environment.policy
        let collection = try await Driver.manifests(
            at: head, folder: policy.folder, defaultCluster: policy.clusters.count == 1 ? policy.clusters.first : nil,
            from: repository)
        let edit: ImageEdit
        do throws(EditProblem) {
            // What a parameter holds is none of the repository's.
            edit = try collection.imageEdit(
                to: image, ofContainer: container, inService: service, .offline)
        } catch {
            throw failure(error)
        }
        let files = try await repository.files(at: head, paths: [edit.file])
        guard case .file(_, let bytes)? = files.first?.content else {
            throw failure(EditProblem("The file cannot be read any more.", file: edit.file))
        }
        return Found(edit: edit, input: ManifestInput(path: edit.file, bytes: bytes))
    }

    private func applied(_ found: Found) throws(Failure) -> [UInt8] {
        do throws(EditProblem) {
            return try found.edit.applied(to: found.input)
        } catch {
            throw failure(error)
        }
    }

    private func failure(_ problem: EditProblem) -> Failure {
        Failure(
            code: .invalidInput, subject: "\(service) in '\(environment.name)'",
            tried: "set the image of '\(container)' of", cause: problem.description, disposition: .invalidInput)
    }
}

extension ImageEdit {
    /// Where it is, and how far it reaches.
    fileprivate var place: String {
        switch origin {
        case .manifest: "\(file):\(position)"
        case .base: "\(file):\(position), a base that others may build on as well"
        case .variable(let name): "\(file):\(position), the variable '\(name)', which others may use as well"
        }
    }
}
