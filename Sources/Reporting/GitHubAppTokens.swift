import MooringCryptography
import MooringHTTPTransport
import MooringModel
import MooringPorts
import MooringShapes

/// Tokens of an App's installation on GitHub: each lasts an hour, and is asked for with a token that the App signs itself.
actor GitHubAppTokens: TokenSource {
    private let app: GitHubApp
    private let repository: HostRepository
    private let client: HTTPClient
    private let clock: any Clock
    private let gate: HostGate
    private let caFile: String?
    private let timeout: Duration

    private var installation: Int?
    private var token: (secret: Secret, endsAt: Timestamp, madeAt: Timestamp)?
    private let making = InFlight<Int, Secret>()

    nonisolated let origin: String

    init(_ app: GitHubApp, settings: HostSettings, client: HTTPClient, clock: any Clock, gate: HostGate) {
        self.app = app
        repository = settings.repository
        self.client = client
        self.clock = clock
        self.gate = gate
        caFile = settings.caFile
        timeout = settings.callTimeout
        installation = app.installation
        origin = "the App \(app.id) with its key in \(app.privateKey.origin)"
    }

    func current() async throws(Failure) -> Secret {
        if let token, clock.now < token.endsAt + (.zero - Limits.tokenReserve) { return token.secret }
        // At a start fifty commits are asked about at once; one token does for all.
        return try await making.answer(to: app.id) { () throws(Failure) in
            do throws(Failure) {
                return try await self.make()
            } catch {
                await self.forgetInstallation(after: error)
                throw error
            }
        }
    }

    /// One that was found is looked for again where GitHub does not know it any more: the App was installed anew.
    private func forgetInstallation(after failure: Failure) {
        if failure.code == .notFound { installation = app.installation }
    }

    private func make() async throws(Failure) -> Secret {
        let installation = try await findInstallation()
        let tried = "ask for a token of the App \(app.id) for"
        let (_, answer) = try await caller().value(
            of: .send(
                .post, "\(repository.apiURL)/app/installations/\(installation)/access_tokens",
                // No more than this repository.
                ["repositories": [.string(repository.parts[1])]], .token),
            tried: tried, subject: "\(repository)")
        guard let text = answer?["token"]?.text, !text.isEmpty else {
            throw Failure(
                code: .malformedAnswer, subject: "\(repository)", tried: tried,
                cause: "The answer holds no token.", disposition: .retry(after: nil))
        }
        let secret = Secret(text)
        let endsAt = answer?["expires_at"]?.text.flatMap(Timestamp.init(iso8601:)) ?? clock.now
        token = (secret, endsAt, madeAt: clock.now)
        return secret
    }

    /// One that GitHub refuses before its time was revoked; a new one is worth one try.
    func renew(insteadOf refused: Secret) async -> Bool {
        guard let token, token.secret == refused else { return true }
        // One that was made a moment ago is refused for another reason.
        guard token.madeAt + Limits.youngToken <= clock.now else { return false }
        self.token = nil
        return true
    }

    private func findInstallation() async throws(Failure) -> Int {
        if let installation { return installation }
        let tried = "find the installation of the App \(app.id) on"
        let (_, answer) = try await caller().value(
            of: .get("\(repository.url)/installation", [], .token), tried: tried, subject: "\(repository)")
        guard let id = answer?["id"]?.integer else {
            throw Failure(
                code: .malformedAnswer, subject: "\(repository)", tried: tried,
                cause: "The answer names no installation.", disposition: .retry(after: nil))
        }
        installation = id
        return id
    }

    /// Sends with a token that the App signs itself.
    private func caller() -> HostCaller {
        HostCaller(
            client: client, repository: repository,
            tokens: SelfSigned(app: app, clock: clock, subject: "\(repository)"),
            user: nil, gate: gate, caFile: caFile, timeout: timeout)
    }

    /// The App's own tokens: a new one for each call, and a new key where the old one is refused.
    private struct SelfSigned: TokenSource {
        let app: GitHubApp
        let clock: any Clock
        let subject: String

        var origin: String { app.privateKey.origin }

        func current() async throws(Failure) -> Secret {
            let key = try await app.privateKey.current()
            do throws(RS256.Trouble) {
                return Secret(try AppToken.signed(by: key, app: app.id, now: clock.now))
            } catch {
                throw Failure(
                    code: .invalidInput, subject: subject, tried: "sign in as the App \(app.id) for",
                    cause: AppToken.words(error),
                    remedy: "Make a new private key on the App's page and put it into "
                        + "\(app.privateKey.origin).", disposition: .stalled)
            }
        }

        func renew(insteadOf refused: Secret) async -> Bool {
            guard let key = try? await app.privateKey.current() else { return true }
            return await app.privateKey.renew(insteadOf: key)
        }
    }
}

/// The token that an App signs for itself (a JSON Web Token, RFC 7519), as a function of values.
enum AppToken {
    /// - Parameters:
    ///   - key: in PEM.
    ///   - app: the App's number.
    static func signed(by key: Secret, app: Int, now: Timestamp) throws(RS256.Trouble) -> String {
        let issued = (now + (.zero - Limits.appTokenBackdate)).millisecondsSince1970 / 1_000
        let ends = (now + Limits.appTokenLifetime).millisecondsSince1970 / 1_000
        let head = Base64URL.text(of: #"{"alg":"RS256","typ":"JWT"}"#.utf8)
        let claims = Base64URL.text(of: #"{"iat":\#(issued),"exp":\#(ends),"iss":"\#(app)"}"#.utf8)
        let signature = try RS256.signature(of: "\(head).\(claims)".utf8, privateKey: key.revealed)
        return "\(head).\(claims).\(Base64URL.text(of: signature))"
    }

    /// Why there is no token, one sentence.
    static func words(_ trouble: RS256.Trouble) -> String {
        switch trouble {
        case .unreadableKey: "The private key cannot be read: it must be PEM without a passphrase."
        case .wrongKind: "The private key is not an RSA key."
        case .shortKey(let bits): "The private key has \(bits) bits; 2,048 are the fewest allowed."
        }
    }
}
