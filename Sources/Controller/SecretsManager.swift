import Dispatch
import MooringHTTPTransport
import MooringPorts
import MooringReporting
import MooringShapes
import Synchronization

/// Secrets of AWS Secrets Manager, read when they are needed and again when they are refused.
struct SecretsManager: Sendable {
    let aws: any AWSClient
    /// Told of every secret that is read, so that no output shows one.
    let late: LateSecrets

    /// Reads a secret, or the part of it that is meant.
    func value(of secret: StoredSecret) async throws(Failure) -> Secret {
        let answer: Value
        do throws(Failure) {
            answer = try await aws.call(
                APICall(
                    .secretsManager, "GetSecretValue",
                    .map(present: [
                        ("SecretId", .string(secret.arn)), ("VersionStage", secret.versionStage.map(Value.string)),
                        ("VersionId", secret.versionID.map(Value.string)),
                    ])))
        } catch {
            throw Failure(
                code: error.code, subject: secret.arn, tried: "read the secret", cause: error.cause,
                remedy: error.remedy, disposition: error.disposition)
        }
        guard let text = answer["SecretString"]?.text else {
            throw failure(secret, "it holds no text, only bytes.", "Store the secret as text.")
        }
        guard let key = secret.jsonKey else { return try kept(text, of: secret) }
        guard let part = (try? JSONReader.value(of: Array(text.utf8)))?[key]?.text else {
            throw failure(secret, "it is no JSON object with a text '\(key)'.", "Name a key that it has.")
        }
        return try kept(part, of: secret)
    }

    private func kept(_ text: String, of secret: StoredSecret) throws(Failure) -> Secret {
        // Whoever pastes a token into a console pastes a line break with it.
        let found = Secret(text.last?.isNewline == true ? String(text.dropLast()) : text)
        guard !found.isEmpty else { throw failure(secret, "it is empty.", "Store the secret again.") }
        late.add(found)
        return found
    }

    private func failure(_ secret: StoredSecret, _ cause: String, _ remedy: String) -> Failure {
        Failure(
            code: .invalidInput, subject: secret.arn, tried: "use the secret", cause: cause, remedy: remedy,
            disposition: .stalled)
    }

    /// A secret that is read now, and again when it is refused: for git, whose calls block a thread of their own.
    func renewable(_ secret: StoredSecret) async throws(Failure) -> RenewableSecret {
        RenewableSecret(try await value(of: secret)) { self.waitForValue(of: secret) }
    }

    /// Reads it while a thread waits. Never called on one of Swift's.
    private func waitForValue(of secret: StoredSecret) -> Secret? {
        let found = Watched()
        let task = Task {
            let value = try? await self.value(of: secret)
            found.set(value)
        }
        defer { task.cancel() }
        return found.wait(for: Limits.secretReading)
    }

    /// One value that arrives once.
    private final class Watched: Sendable {
        private let value = Mutex<Secret?>(nil)
        private let arrived = DispatchSemaphore(value: 0)

        func set(_ new: Secret?) {
            value.withLock { $0 = new }
            arrived.signal()
        }

        func wait(for seconds: Int) -> Secret? {
            guard arrived.wait(timeout: .now() + .seconds(seconds)) == .success else { return nil }
            return value.withLock { $0 }
        }
    }
}

/// A token in Secrets Manager, for a git host.
actor StoredToken: TokenSource {
    private let place: StoredSecret
    private let manager: SecretsManager
    private var secret: Secret?
    nonisolated let origin: String

    init(_ place: StoredSecret, origin: String, manager: SecretsManager) {
        self.place = place
        self.origin = origin
        self.manager = manager
    }

    func current() async throws(Failure) -> Secret {
        if let secret { return secret }
        let found = try await manager.value(of: place)
        secret = found
        return found
    }

    func renew(insteadOf refused: Secret) async -> Bool {
        if let secret, secret != refused { return true }
        guard let found = try? await manager.value(of: place), found != refused else { return false }
        secret = found
        return true
    }
}

/// Secrets that came after the settings were read. Bounded: only the newest are still sent.
package final class LateSecrets: Sendable {
    private let secrets = Mutex<[Secret]>([])

    package init() {}

    func add(_ secret: Secret) {
        secrets.withLock { secrets in
            guard !secrets.contains(secret) else { return }
            secrets.append(secret)
            if secrets.count > Limits.lateSecrets { secrets.removeFirst() }
        }
    }

    var all: [Secret] { secrets.withLock { $0 } }
}
