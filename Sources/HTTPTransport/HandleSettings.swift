import CCurl
import MooringPorts

/// The one way in which handles of both faces are configured.
struct HandleSettings {
    private let easy: UnsafeMutableRawPointer
    /// The first result that was not good.
    private(set) var failure: CURLcode?

    init(_ easy: UnsafeMutableRawPointer) { self.easy = easy }

    /// Everything that does not need memory of the caller's.
    mutating func apply(_ request: HTTPRequest, _ options: HTTPOptions) {
        set(CURLOPT_URL, request.url)
        // Threads and signals do not mix; `CurlLibrary` has taken care of SIGPIPE.
        set(CURLOPT_NOSIGNAL, 1)
        // A resolver thread that hangs must not hold up whoever gives up on it: removing its handle would otherwise
        // wait until the system's resolver returns.
        set(CURLOPT_QUICK_EXIT, 1)
        // HTTP/2 would bring multiplexing, which nobody here needs, and its own kinds of resending.
        set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_SSLVERSION, mooring_curl_tls_1_2)
        set(CURLOPT_TCP_KEEPALIVE, 1)
        set(CURLOPT_USERAGENT, options.userAgent)
        set(CURLOPT_CONNECTTIMEOUT_MS, milliseconds(options.connectTimeout))
        set(CURLOPT_MAXFILESIZE_LARGE, offset: Int64(options.responseBodyBytes))
        // The proxy's own headers are not the answer's.
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        if let caFile = options.caFile { set(CURLOPT_CAINFO, caFile) }
        if !options.mayBeSentTwice { set(CURLOPT_FRESH_CONNECT, 1) }
        apply(method: request.method, bodyCount: request.body.count)
        apply(options.proxy)
        apply(options.credentials)
        if options.followsRedirects, request.method == "GET" { applyRedirects(url: request.url, options.credentials) }
    }

    private mutating func apply(method: String, bodyCount: Int) {
        switch method {
        case "GET": set(CURLOPT_HTTPGET, 1)
        case "HEAD": set(CURLOPT_NOBODY, 1)
        default:
            // As POST, so that the length is sent even where it is 0. The body's address follows where there is one;
            // libcurl would ask a callback for it if no POSTFIELDS were set, hence the empty text, which it copies.
            set(CURLOPT_POST, 1)
            set(CURLOPT_POSTFIELDSIZE_LARGE, offset: Int64(bodyCount))
            if bodyCount == 0 { set(CURLOPT_COPYPOSTFIELDS, "") }
            if method != "POST" { set(CURLOPT_CUSTOMREQUEST, method) }
        }
    }

    private mutating func apply(_ proxy: HTTPOptions.Proxy) {
        switch proxy {
        case .environment: break
        // "Setting the proxy string to "" (an empty string) explicitly disables the use of a proxy."
        case .direct: set(CURLOPT_PROXY, "")
        case .url(let url): set(CURLOPT_PROXY, url.revealed)
        }
    }

    private mutating func apply(_ credentials: HTTPOptions.Credentials) {
        switch credentials {
        case .none: break
        case .basic(let user, let password):
            set(CURLOPT_HTTPAUTH, mooring_curlauth_basic)
            set(CURLOPT_USERNAME, user)
            set(CURLOPT_PASSWORD, password.revealed)
        case .bearer(let token):
            set(CURLOPT_HTTPAUTH, mooring_curlauth_bearer)
            set(CURLOPT_XOAUTH2_BEARER, token.revealed)
        case .sigV4(let signature):
            // Sets the authentication method by itself. User and password one by one: USERPWD would split at a colon.
            set(CURLOPT_AWS_SIGV4, "aws:amz:\(signature.region):\(signature.service)")
            set(CURLOPT_USERNAME, signature.accessKey)
            set(CURLOPT_PASSWORD, signature.secretKey.revealed)
        }
    }

    private mutating func applyRedirects(url: String, _ credentials: HTTPOptions.Credentials) {
        if case .sigV4 = credentials { return }
        set(CURLOPT_FOLLOWLOCATION, 1)
        set(CURLOPT_MAXREDIRS, Limits.redirects)
        set(CURLOPT_REDIR_PROTOCOLS_STR, url.lowercased().hasPrefix("https:") ? "https" : "http,https")
        // Without it libcurl sends user, password and token to another host, port or scheme never. Said aloud, for it
        // is the default that matters most.
        set(CURLOPT_UNRESTRICTED_AUTH, 0)
    }

    private func milliseconds(_ duration: Duration) -> Int {
        // Zero would mean libcurl's default or no limit at all.
        let parts = duration.components
        return max(1, Int(min(parts.seconds, 1_000_000)) * 1000 + Int(parts.attoseconds / 1_000_000_000_000_000))
    }

    // MARK: One setter a type

    mutating func set(_ option: CURLoption, _ value: Int) { note(mooring_curl_set_long(easy, option, value)) }

    mutating func set(_ option: CURLoption, offset value: Int64) {
        note(mooring_curl_set_offset(easy, option, curl_off_t(value)))
    }

    mutating func set(_ option: CURLoption, _ value: String) { note(mooring_curl_set_string(easy, option, value)) }

    mutating func set(_ option: CURLoption, _ value: UnsafeMutableRawPointer?) {
        note(mooring_curl_set_pointer(easy, option, value))
    }

    mutating func set(_ option: CURLoption, list value: UnsafeMutablePointer<curl_slist>?) {
        note(mooring_curl_set_list(easy, option, value))
    }

    mutating func set(_ option: CURLoption, sink value: @escaping curl_write_callback) {
        note(mooring_curl_set_sink(easy, option, value))
    }

    /// The total deadline, kept by libcurl.
    mutating func set(totalTimeout: Duration) { set(CURLOPT_TIMEOUT_MS, milliseconds(totalTimeout)) }

    private mutating func note(_ code: CURLcode) {
        if code != CURLE_OK, failure == nil { failure = code }
    }
}
