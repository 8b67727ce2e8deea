import CCurl
import Glibc

/// What belongs to the whole process.
enum CurlLibrary {
    /// Sets libcurl up, once; every handle is made behind this.
    static let isReady: Bool = {
        // Writing TLS to a socket that the other side closed raises SIGPIPE, which ends the process by default. libcurl
        // blocks it only while it may touch signal handlers, which NOSIGNAL forbids because that is not thread-safe.
        // From here on such a write fails with EPIPE instead, here and everywhere in this process.
        signal(SIGPIPE, SIG_IGN)
        return curl_global_init(mooring_curl_global_default) == CURLE_OK
    }()

    /// libcurl's words for a result that left no better text.
    static func text(of code: CURLcode) -> String { String(cString: curl_easy_strerror(code)) }
}
