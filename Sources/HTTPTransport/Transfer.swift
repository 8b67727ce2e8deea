import CCurl
import MooringPorts

/// One easy handle and everything that has to live as long as a transfer on it.
///
/// Both faces use it: what is received collects in `received`, and they take it from there. Not `Sendable`, for libcurl
/// allows one thread at a time on a handle: the async face keeps it on its own thread, the blocking one with its owner.
final class Transfer {
    let easy: UnsafeMutableRawPointer
    private(set) var url = ""
    private(set) var status = 0
    private(set) var headers: [(name: String, value: String)] = []
    /// Body bytes that nobody has taken yet.
    var received: [UInt8] = []
    /// Body bytes that have come in all.
    private(set) var receivedCount = 0
    /// Why a callback ended the transfer; libcurl itself only knows that it did.
    private var refusal: HTTPError?
    private var headerBytes = 0
    private var bodyLimit = 0
    private var headerList: UnsafeMutablePointer<curl_slist>?
    private var requestBody: UnsafeMutableRawBufferPointer?
    private let errorText: UnsafeMutablePointer<CChar>

    init() throws(HTTPError) {
        guard CurlLibrary.isReady, let easy = curl_easy_init() else {
            throw HTTPError(.library, url: "", detail: "libcurl cannot be set up")
        }
        self.easy = easy
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        // The handle first: until it is gone it may point into the rest.
        curl_easy_cleanup(easy)
        releaseRequest()
        errorText.deallocate()
    }

    private func releaseRequest() {
        curl_slist_free_all(headerList)
        headerList = nil
        requestBody?.deallocate()
        requestBody = nil
    }

    // MARK: Before

    /// Makes the handle ready for `request`, forgetting the one before. Connections are kept.
    ///
    /// The handle must not be part of a multi handle.
    func prepare(_ request: HTTPRequest, _ options: HTTPOptions) throws(HTTPError) {
        // "Does not change live connections, session IDs, DNS cache and cookies" (curl_easy_reset).
        curl_easy_reset(easy)
        releaseRequest()
        url = request.url
        bodyLimit = options.responseBodyBytes
        forgetResponse()
        try RequestRules.check(request, options)

        var settings = HandleSettings(easy)
        settings.apply(request, options)
        hold(request, options, &settings)
        settings.set(CURLOPT_ERRORBUFFER, errorText)
        let context = Unmanaged.passUnretained(self).toOpaque()
        settings.set(CURLOPT_WRITEDATA, context)
        settings.set(CURLOPT_WRITEFUNCTION, sink: receiveBody)
        settings.set(CURLOPT_HEADERDATA, context)
        settings.set(CURLOPT_HEADERFUNCTION, sink: receiveHeader)
        if let code = settings.failure {
            throw HTTPError(
                .invalidRequest, url: url, detail: "libcurl refuses the request: " + CurlLibrary.text(of: code))
        }
    }

    /// Hands over headers and body. Both must outlive the transfer: libcurl copies neither.
    private func hold(_ request: HTTPRequest, _ options: HTTPOptions, _ settings: inout HandleSettings) {
        for line in RequestRules.headerLines(of: request, options) {
            headerList = curl_slist_append(headerList, line)
        }
        settings.set(CURLOPT_HTTPHEADER, list: headerList)
        guard request.method != "GET", request.method != "HEAD", !request.body.isEmpty else { return }
        let body = UnsafeMutableRawBufferPointer.allocate(byteCount: request.body.count, alignment: 1)
        body.copyBytes(from: request.body)
        requestBody = body
        settings.set(CURLOPT_POSTFIELDS, body.baseAddress)
    }

    /// Lets libcurl keep the deadline of the whole transfer.
    func bound(totalTimeout: Duration) throws(HTTPError) {
        var settings = HandleSettings(easy)
        settings.set(totalTimeout: totalTimeout)
        if settings.failure != nil { throw HTTPError(.library, url: url, detail: "libcurl refuses the deadline") }
    }

    private func forgetResponse() {
        status = 0
        headers = []
        received.removeAll(keepingCapacity: true)
        receivedCount = 0
        refusal = nil
        headerBytes = 0
        errorText.pointee = 0
    }

    // MARK: During

    /// Takes a piece of the body.
    ///
    /// - Returns: false to end the transfer.
    fileprivate func take(body bytes: UnsafeRawBufferPointer) -> Bool {
        receivedCount += bytes.count
        guard receivedCount <= bodyLimit else {
            refusal = HTTPError(.tooLarge, url: url, detail: "the answer has more than \(bodyLimit) bytes")
            return false
        }
        received.append(contentsOf: bytes)
        return true
    }

    /// Takes one header line, its line end included. Redirects and interim answers bring several heads; the last stays.
    ///
    /// - Returns: false to end the transfer.
    fileprivate func take(headerLine bytes: UnsafeRawBufferPointer) -> Bool {
        headerBytes += bytes.count
        guard headerBytes <= Limits.responseHeaderBytes else {
            refusal = HTTPError(
                .tooLarge, url: url, detail: "the answer's headers have more than \(Limits.responseHeaderBytes) bytes",
            )
            return false
        }
        let line = String(decoding: bytes, as: UTF8.self)
        if line.hasPrefix("HTTP/") {
            status = line.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
            headers = []
        } else if let colon = line.firstIndex(of: ":") {
            headers.append((String(line[..<colon]), trimmed(line[line.index(after: colon)...])))
        }
        return true
    }

    private func trimmed(_ text: Substring) -> String {
        // "\r\n" is one Character, so the line end is found among white space as a whole.
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }

    // MARK: After

    /// The URL of the last request, after redirects.
    var effectiveURL: String {
        var text: UnsafePointer<CChar>?
        guard mooring_curl_get_string(easy, CURLINFO_EFFECTIVE_URL, &text) == CURLE_OK, let text else { return url }
        return String(cString: text)
    }

    /// Whether the request, or part of it, has gone out: before that the call certainly took no effect.
    var hasSentRequest: Bool {
        // "The time, in microseconds, from the start until the file transfer is just about to begin": zero until
        // connection, proxy and TLS are done.
        offset(CURLINFO_PRETRANSFER_TIME_T) > 0
    }

    /// Bytes moved in both directions so far.
    var movedBytes: Int {
        offset(CURLINFO_SIZE_UPLOAD_T) + receivedCount + headerBytes
    }

    /// The error behind libcurl's `code`, nil where the transfer went well.
    func error(_ code: CURLcode) -> HTTPError? {
        guard code != CURLE_OK else { return nil }
        if let refusal { return refusal }
        let text = errorText.pointee == 0 ? CurlLibrary.text(of: code) : String(cString: errorText)
        return HTTPError(
            CurlResult.kind(
                of: code, hasSentRequest: hasSentRequest, status: status,
                proxyStatus: long(CURLINFO_HTTP_CONNECTCODE),
            ),
            url: url, detail: text,
        )
    }

    private func long(_ info: CURLINFO) -> Int {
        var value = 0
        return mooring_curl_get_long(easy, info, &value) == CURLE_OK ? value : 0
    }

    private func offset(_ info: CURLINFO) -> Int {
        var value: curl_off_t = 0
        return mooring_curl_get_offset(easy, info, &value) == CURLE_OK ? Int(value) : 0
    }
}

// libcurl calls these on the thread that drives the handle, with the context given in `prepare`. The transfer is alive
// then: it owns the handle. "This callback function gets called by libcurl as soon as there is data received"; returning
// anything but the number of bytes makes the transfer fail with CURLE_WRITE_ERROR.

private func receiveBody(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?,
) -> Int {
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.take(body: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}

private func receiveHeader(
    _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?,
) -> Int {
    guard let context else { return 0 }
    let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
    return transfer.take(headerLine: UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
}
