import CCurl
package import MooringPorts

/// HTTP for code that has a thread of its own to wait on: one exchange at a time, the body read in pieces.
///
/// It makes progress only inside its methods, and only while nothing is left to be read: a slow reader slows the sender.
/// Every wait ends within `Limits.turn` to look at the deadline, the stall limit and the cancel flag. Not `Sendable`:
/// owned by one actor. Connections are kept between exchanges.
package final class BlockingHTTPConnection {
    private let multi: UnsafeMutableRawPointer
    private let transfer: Transfer
    private var state = State.idle
    private var watch: Watch

    /// Where an exchange stands. Every method that fails, and `finish`, lead back to `idle`.
    private enum State {
        /// No exchange; `start` leads to `running`.
        case idle
        /// The handle is part of the multi handle; leads to `ended`.
        case running
        /// libcurl has said its last word; what was received may still be read.
        case ended
    }

    /// What ends an exchange that does not end by itself.
    private struct Watch {
        var deadline: ContinuousClock.Instant
        var stallTimeout: Duration
        var cancellation: CancelFlag
        var movedBytes = 0
        var movedAt: ContinuousClock.Instant
    }

    package init() throws(HTTPError) {
        transfer = try Transfer()
        guard let multi = curl_multi_init() else {
            throw HTTPError(.library, url: "", detail: "libcurl cannot be set up")
        }
        self.multi = multi
        let now = ContinuousClock.now
        watch = Watch(deadline: now, stallTimeout: .zero, cancellation: CancelFlag(), movedAt: now)
    }

    deinit {
        // "Before cleaning up, remove all easy handles" (curl_multi_cleanup).
        detach()
        curl_multi_cleanup(multi)
    }

    // MARK: An exchange

    /// Starts an exchange, ending one that is still under way. Nothing is sent before the first `head` or `read`.
    ///
    /// - Parameters:
    ///   - deadline: end of the operation that this exchange is part of; `options.totalTimeout` bounds it as well.
    ///   - cancellation: looked at on every turn.
    package func start(
        _ request: HTTPRequest, options: HTTPOptions, deadline: ContinuousClock.Instant? = nil,
        cancellation: CancelFlag = CancelFlag(),
    ) throws(HTTPError) {
        finish()
        try transfer.prepare(request, options)
        let now = ContinuousClock.now
        let ownDeadline = now + options.totalTimeout
        watch = Watch(
            deadline: deadline.map { min($0, ownDeadline) } ?? ownDeadline, stallTimeout: options.stallTimeout,
            cancellation: cancellation, movedAt: now,
        )
        let code = curl_multi_add_handle(multi, transfer.easy)
        guard code == CURLM_OK else {
            throw HTTPError(.library, url: request.url, detail: String(cString: curl_multi_strerror(code)))
        }
        state = .running
    }

    /// Waits for status and headers of the answer, those of the last one where redirects are followed.
    package func head() throws(HTTPError) -> ResponseHead {
        // The body of an answer that redirects is not handed on, so that with its first byte the head is final.
        while state == .running, transfer.receivedCount == 0 { try turn() }
        return ResponseHead(status: transfer.status, headers: transfer.headers, effectiveURL: transfer.effectiveURL)
    }

    /// Waits for body bytes and moves them into `buffer`.
    ///
    /// - Returns: how many bytes; 0 only at the end of the body, or for an empty buffer.
    package func read(into buffer: UnsafeMutableRawBufferPointer) throws(HTTPError) -> Int {
        let bytes = try nextBytes(atMost: buffer.count)
        let count = bytes.count
        buffer.copyBytes(from: bytes)
        consume(count)
        return count
    }

    /// Reads the rest of the body, at most `limit` bytes of it: for error answers, whose text helps people.
    package func readAll(limit: Int) throws(HTTPError) -> [UInt8] {
        var body: [UInt8] = []
        while body.count < limit {
            let bytes = try nextBytes(atMost: limit - body.count)
            if bytes.isEmpty { break }
            body.append(contentsOf: bytes)
            consume(bytes.count)
        }
        return body
    }

    /// Ends the exchange. A short rest of the answer is read, so that the connection can be used again; otherwise it is
    /// closed. Never fails and does not wait for a silent server.
    package func finish() {
        let limit = transfer.receivedCount + Limits.drainBytes
        var silentTurns = 0
        // Without a status nothing has been answered, perhaps not even asked: there is nothing to save.
        while state == .running, transfer.status != 0, transfer.receivedCount <= limit, silentTurns < 2 {
            consume(pending.count)
            let before = transfer.receivedCount
            guard (try? turn()) != nil else { break }
            // The bytes that a turn waited for are read by the next one.
            silentTurns = transfer.receivedCount == before ? silentTurns + 1 : 0
        }
        detach()
    }

    // MARK: Received bytes

    /// How many of `transfer.received` have been handed out.
    private var taken = 0

    private var pending: ArraySlice<UInt8> { transfer.received[taken...] }

    /// Waits for body bytes; none only at the end of the body.
    private func nextBytes(atMost count: Int) throws(HTTPError) -> ArraySlice<UInt8> {
        // Time that the reader spent elsewhere is not the server's silence.
        if pending.isEmpty { watch.movedAt = .now }
        while state == .running, pending.isEmpty { try turn() }
        return pending.prefix(count)
    }

    private func consume(_ count: Int) {
        taken += count
        if taken == transfer.received.count { forgetReceived() }
    }

    private func forgetReceived() {
        transfer.received.removeAll(keepingCapacity: true)
        taken = 0
    }

    // MARK: Driving

    /// Does what can be done, then waits until more can be done, at most one turn.
    private func turn() throws(HTTPError) {
        var running: Int32 = 0
        let code = curl_multi_perform(multi, &running)
        guard code == CURLM_OK else { throw fail(.library, String(cString: curl_multi_strerror(code))) }
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            let result = mooring_curl_message_result(message)
            state = .ended
            if let error = transfer.error(result) {
                detach()
                throw error
            }
        }
        guard state == .running, pending.isEmpty else { return }
        try checkWatch()
        _ = curl_multi_poll(multi, nil, 0, Int32(Limits.turn.components.attoseconds / 1_000_000_000_000_000), nil)
    }

    private func checkWatch() throws(HTTPError) {
        if watch.cancellation.isRaised { throw fail(.cancelled, "the operation was given up") }
        let now = ContinuousClock.now
        let sent = transfer.hasSentRequest
        if now >= watch.deadline {
            throw fail(sent ? .timedOut : .connectTimedOut, "the operation took longer than allowed")
        }
        let moved = transfer.movedBytes
        if moved != watch.movedBytes {
            watch.movedBytes = moved
            watch.movedAt = now
        } else if now - watch.movedAt >= watch.stallTimeout {
            throw fail(sent ? .stalled : .connectTimedOut, "nothing moved for \(watch.stallTimeout)")
        }
    }

    private func fail(_ kind: HTTPError.Kind, _ detail: String) -> HTTPError {
        detach()
        return HTTPError(kind, url: transfer.url, detail: detail)
    }

    /// Takes the handle out of the multi handle; a connection in the middle of an answer is closed by that.
    private func detach() {
        if state != .idle { curl_multi_remove_handle(multi, transfer.easy) }
        state = .idle
        forgetReceived()
    }
}
