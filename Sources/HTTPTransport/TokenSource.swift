package import MooringPorts

/// Where a token or another secret comes from, again and again.
package protocol TokenSource: Sendable {
    /// The token in force; made where there is none yet.
    func current() async throws(Failure) -> Secret

    /// Looks for another token than one that was refused.
    ///
    /// - Returns: whether it is worth trying again with `current`.
    func renew(insteadOf refused: Secret) async -> Bool

    /// Where the token comes from, for advice: `the file /run/token`.
    var origin: String { get }
}

/// A token that a person made, from a file or a variable.
package struct GivenToken: TokenSource {
    private let secret: RenewableSecret
    package let origin: String

    /// - Parameter origin: where the token is read from, for advice.
    package init(_ secret: RenewableSecret, origin: String) {
        self.secret = secret
        self.origin = origin
    }

    package func current() async throws(Failure) -> Secret { secret.current }

    package func renew(insteadOf refused: Secret) async -> Bool { secret.renew(insteadOf: refused) }
}
