import Foundation
import MooringCryptography
package import MooringHTTPTransport
package import MooringModel
package import MooringPorts

/// What a request shows of knowing a secret. Judged from its head and, where it is signed, from every byte of its body; never
/// from what the body means.
package enum WebhookCredential {
    /// Nothing that could be right; the text says what is missing.
    case absent(String)
    /// Something that is not right.
    case wrong
    /// The request names the secret itself, as GitLab's and Azure DevOps' do.
    case shown
    /// The body is signed.
    case signed(WebhookSignature)

    /// - Parameters:
    ///   - secrets: those in force, none of them empty.
    ///   - now: for signatures that hold for a time.
    package init(_ host: HostKind, _ head: RequestHead, secrets: [Secret], now: Timestamp) {
        switch host {
        case .github:
            // SHA-1 in `X-Hub-Signature` is not enough, and GitHub has sent both for years.
            self.init(prefixed: head.only("x-hub-signature-256"), header: "X-Hub-Signature-256", secrets)
        case .bitbucketCloud, .bitbucketDataCenter:
            // The header that holds SHA-1 at GitHub: the prefix tells.
            self.init(prefixed: head.only("x-hub-signature"), header: "X-Hub-Signature", secrets)
        case .gitea:
            let bare = head.only("x-forgejo-signature") ?? head.only("x-gitea-signature")
            // What is signed is the JSON inside a form, unlike GitHub's.
            let isForm = head.mediaType == "application/x-www-form-urlencoded"
            if let bare = bare ?? head.only("x-gogs-signature") {
                self.init(hexadecimal: bare, secrets, isOfFormPayload: isForm)
            } else {
                self.init(
                    prefixed: head.only("x-hub-signature-256"), header: "X-Gitea-Signature", secrets,
                    isOfFormPayload: isForm)
            }
        case .gitlab: self.init(gitLab: head, secrets, now: now)
        case .azureDevOps: self.init(azureDevOps: head, secrets)
        }
    }

    private init(prefixed value: String?, header: String, _ secrets: [Secret], isOfFormPayload: Bool = false) {
        guard let value, !value.isEmpty else {
            self = .absent("The header \(header) is missing: give the webhook a secret.")
            return
        }
        guard value.hasPrefix("sha256=") else {
            self = .wrong
            return
        }
        self.init(hexadecimal: String(value.dropFirst(7)), secrets, isOfFormPayload: isOfFormPayload)
    }

    private init(hexadecimal text: String, _ secrets: [Secret], isOfFormPayload: Bool) {
        guard !text.isEmpty else {
            // Gitea sends the header without a value where the webhook has no secret.
            self = .absent("The signature is empty: give the webhook a secret.")
            return
        }
        guard let code = Hexadecimal.bytes(of: text), code.count == SHA256.byteCount else {
            self = .wrong
            return
        }
        self = .signed(
            WebhookSignature(
                keys: secrets.map { Array($0.revealed.utf8) }, given: [code], prefix: [],
                isOfFormPayload: isOfFormPayload))
    }

    /// The secret as it is, or signatures as Standard Webhooks has them, whichever holds.
    private init(gitLab head: RequestHead, _ secrets: [Secret], now: Timestamp) {
        let token = head.only("x-gitlab-token")
        if let token, WebhookCredential.isAny(of: secrets, [token]) {
            self = .shown
            return
        }
        guard let signatures = head.only("webhook-signature") else {
            self = token == nil ? .absent("The header X-Gitlab-Token is missing: give the webhook a secret.") : .wrong
            return
        }
        let given = signatures.split(separator: " ").prefix(Limits.signaturesPerHeader)
            .filter { $0.hasPrefix("v1,") }.compactMap { Data(base64Encoded: String($0.dropFirst(3))) }.map(Array.init)
        guard let id = head.only("webhook-id"), let text = head.only("webhook-timestamp"), !given.isEmpty,
            let seconds = Int64(text), WebhookCredential.isNow(seconds, now)
        else {
            self = .wrong
            return
        }
        self = .signed(
            WebhookSignature(
                keys: secrets.flatMap(WebhookCredential.signingKeys), given: given,
                prefix: Array("\(id).\(text).".utf8),
                isOfFormPayload: false))
    }

    /// Whether a time that a stranger wrote is near enough; it may be any number.
    private static func isNow(_ seconds: Int64, _ now: Timestamp) -> Bool {
        let tolerance = Limits.timestampTolerance.components.seconds
        let now = now.millisecondsSince1970 / 1_000
        return (now - tolerance...now + tolerance).contains(seconds)
    }

    /// Standard Webhooks writes keys as `whsec_` and base64. Whether GitLab takes that apart could not be checked, so both
    /// readings count: neither can be had without the secret.
    private static func signingKeys(_ secret: Secret) -> [[UInt8]] {
        let text = secret.revealed
        let literal = Array(text.utf8)
        guard text.hasPrefix("whsec_"), let key = Data(base64Encoded: String(text.dropFirst(6))), !key.isEmpty else {
            return [literal]
        }
        return [Array(key), literal]
    }

    /// Basic authentication with any user, or a header of the subscription's own.
    private init(azureDevOps head: RequestHead, _ secrets: [Secret]) {
        var shown: [String] = []
        if let own = head.only("x-mooring-token") { shown.append(own) }
        if let basic = head.only("authorization"), basic.lowercased().hasPrefix("basic "),
            let data = Data(base64Encoded: String(basic.dropFirst(6).trimmed))
        {
            let pair = String(decoding: data, as: UTF8.self)
            // The secret may be given as the password alone, or as user and password.
            shown += [pair, String(pair.drop { $0 != ":" }.dropFirst())]
        }
        guard !shown.isEmpty else {
            self = .absent("Neither basic authentication nor the header X-Mooring-Token is there: set one of them.")
            return
        }
        self = WebhookCredential.isAny(of: secrets, shown) ? .shown : .wrong
    }

    /// Whether one of the texts is one of the secrets. All are compared, by their hashes, so that the time taken tells neither
    /// which nor how long it is.
    private static func isAny(of secrets: [Secret], _ texts: [String]) -> Bool {
        var isFound = false
        for text in texts {
            let hash = SHA256.bytes(of: text.utf8)
            for secret in secrets where !secret.isEmpty {
                if ConstantTime.areEqual(hash, SHA256.bytes(of: secret.revealed.utf8)) { isFound = true }
            }
        }
        return isFound
    }
}

/// A signature that is checked while the body comes, with each of the secrets that are in force.
package final class WebhookSignature {
    /// Whether what is signed is the payload inside a form.
    let isOfFormPayload: Bool
    private let codes: [RunningHMACSHA256]
    private let given: [[UInt8]]

    /// - Parameter prefix: signed before the body.
    init(keys: [[UInt8]], given: [[UInt8]], prefix: [UInt8], isOfFormPayload: Bool) {
        codes = keys.filter { !$0.isEmpty }.map { RunningHMACSHA256(key: $0) }
        self.given = given
        self.isOfFormPayload = isOfFormPayload
        for code in codes { code.update(prefix) }
    }

    /// Takes the next bytes of what is signed.
    func update(_ bytes: some Sequence<UInt8>) {
        for code in codes { code.update(bytes) }
    }

    /// Whether any secret gives any of the signatures. All are compared, so that the time taken does not tell which.
    func finish() -> Bool {
        var holds = false
        for code in codes {
            let bytes = code.finish()
            for signature in given where ConstantTime.areEqual(bytes, signature) { holds = true }
        }
        return holds
    }
}
