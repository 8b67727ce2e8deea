package import MooringHTTPTransport
import MooringPresentation

/// The last look at everything that leaves the process as text: no secret passes, wherever it came from.
package struct Redactor: Sendable {
    /// Texts that must not be seen, the longest first so that none hides the rest of another.
    private let secrets: [String]
    private let tokens: [RenewableSecret]
    private let late: LateSecrets?

    /// - Parameters:
    ///   - tokens: their later texts are hidden as well.
    ///   - late: what is read later, hidden as well.
    package init(secrets: [Secret], tokens: [RenewableSecret] = [], late: LateSecrets? = nil) {
        self.late = late
        self.secrets = Redactor.texts(of: secrets)
        self.tokens = tokens
    }

    /// A key is of several lines, and any of them may be quoted alone; short ones are its armour.
    private static func texts(of secrets: [Secret]) -> [String] {
        let lines = secrets.flatMap { $0.revealed.split(whereSeparator: \.isNewline).map(String.init) }
        let worth = lines.filter { $0.count >= 6 && !$0.hasPrefix("-----") }
        return Set(worth).sorted { ($0.count, $0) > ($1.count, $1) }
    }

    /// The text with every secret hidden.
    package func redacted(_ text: String) -> String {
        var text = text
        for secret in secrets + Redactor.texts(of: tokens.flatMap(\.renewed) + (late?.all ?? []))
        where text.contains(secret) {
            text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: Masking.mark)
        }
        return Masking.masked(text)
    }
}
