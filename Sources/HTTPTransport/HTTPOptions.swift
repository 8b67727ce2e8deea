/// How a request travels: everything that is not part of the request itself.
package struct HTTPOptions: Equatable, Sendable {
    /// How long name, connection and TLS may take together.
    package var connectTimeout: Duration = Limits.connectTimeout

    /// How long the whole transfer may take.
    package var totalTimeout: Duration = Limits.totalTimeout

    /// How long nothing may move in either direction; kept by the blocking face only, the total deadline bounds the other.
    package var stallTimeout: Duration = Limits.stallTimeout

    /// Largest body accepted; a larger one is an error, never cut off.
    package var responseBodyBytes: Int = Limits.responseBodyBytes

    /// Who we are to the server.
    package var credentials: Credentials = .none

    /// Whether a GET follows redirects. Ignored for other methods and with a signature; credentials stay with the host
    /// they were given for, and https never falls back to http.
    package var followsRedirects = false

    /// A file of certificates in PEM that replaces the system's; nil means the system's.
    package var caFile: String?

    /// Which proxy is used.
    package var proxy: Proxy = .environment

    /// Sent as `User-Agent`. Git servers look for `git/` at its start.
    package var userAgent = "mooring"

    /// Whether the request may go out twice.
    ///
    /// libcurl sends a request again by itself, POST included, when a connection it used before turns out to be closed
    /// and no byte of an answer has come. The server may have acted on the first copy. Where that must not happen, the
    /// request gets a connection of its own, and a lost connection is an error for the caller to judge.
    package var mayBeSentTwice = true

    package init() {}

    package enum Credentials: Equatable, Sendable {
        case none
        case basic(user: String, password: Secret)
        case bearer(Secret)
        /// AWS Signature Version 4, computed by libcurl over host, `x-amz-date` and all headers of the request.
        case sigV4(SigV4)
    }

    /// What an AWS signature needs beside the request.
    package struct SigV4: Equatable, Sendable {
        package var accessKey: String
        package var secretKey: Secret
        /// Sent and signed as `x-amz-security-token`.
        package var sessionToken: Secret?
        package var region: String
        /// The signing name, which need not be the host's: `elasticloadbalancing`.
        package var service: String

        package init(accessKey: String, secretKey: Secret, sessionToken: Secret?, region: String, service: String) {
            self.accessKey = accessKey
            self.secretKey = secretKey
            self.sessionToken = sessionToken
            self.region = region
            self.service = service
        }
    }

    package enum Proxy: Equatable, Sendable {
        /// As `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy` say, the way curl reads them.
        case environment
        /// Straight to the host, whatever the environment says: for addresses of the machine itself.
        case direct
        /// This one, for every host that `no_proxy` does not name. May hold user information.
        case url(Secret)
    }
}
