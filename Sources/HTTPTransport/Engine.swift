import CCurl
import Glibc
import MooringPorts
import Synchronization

/// The thread behind `HTTPClient`, and the only user of its multi handle.
///
/// `@unchecked` because of `multi`: it is touched by the engine's own thread alone, with one exception that libcurl
/// allows: "curl_multi_wakeup can be called from any thread". That call is made under the lock and only while
/// `Shared.isOpen`, which the thread withdraws, under the same lock, before it frees the handle.
final class Engine: @unchecked Sendable {
    /// One request and who waits for its answer.
    struct Job: Sendable {
        let request: HTTPRequest
        let options: HTTPOptions
        let cancellation: CancelFlag
        let continuation: CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>

        func fail(_ kind: HTTPError.Kind, _ detail: String) {
            continuation.resume(returning: .failure(HTTPError(kind, url: request.url, detail: detail)))
        }
    }

    private struct Shared {
        /// Handed in and not yet taken by the thread.
        var submitted: [Job] = []
        /// Submitted or under way.
        var count = 0
        /// Cleared when the client closes; the thread then ends everything.
        var isOpen = true
    }

    private let multi: UnsafeMutableRawPointer
    private let shared = Mutex(Shared())

    private init(multi: UnsafeMutableRawPointer) { self.multi = multi }

    static func start() throws(HTTPError) -> Engine {
        guard CurlLibrary.isReady, let multi = curl_multi_init() else {
            throw HTTPError(.library, url: "", detail: "libcurl cannot be set up")
        }
        for (option, limit) in [
            (CURLMOPT_MAX_HOST_CONNECTIONS, Limits.connectionsPerHost),
            (CURLMOPT_MAX_TOTAL_CONNECTIONS, Limits.connections), (CURLMOPT_MAXCONNECTS, Limits.connections),
        ] {
            _ = mooring_curl_multi_set_long(multi, option, limit)
        }
        let engine = Engine(multi: multi)
        var thread = pthread_t()
        let context = Unmanaged.passRetained(engine)
        let result = pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<Engine>.fromOpaque(context).takeRetainedValue().run() }
                return nil
            }, context.toOpaque(),
        )
        guard result == 0 else {
            context.release()
            curl_multi_cleanup(multi)
            throw HTTPError(.library, url: "", detail: "no thread can be started")
        }
        pthread_detach(thread)
        return engine
    }

    // MARK: From any thread

    func submit(_ job: Job) {
        enum Verdict { case taken, closed, full }
        let verdict = shared.withLock { shared -> Verdict in
            guard shared.isOpen else { return .closed }
            guard shared.count < Limits.transfers else { return .full }
            shared.count += 1
            shared.submitted.append(job)
            curl_multi_wakeup(multi)
            return .taken
        }
        switch verdict {
        case .taken: break
        case .closed: job.fail(.cancelled, "the client is closed")
        case .full: job.fail(.library, "more than \(Limits.transfers) requests are under way")
        }
    }

    func wake() {
        shared.withLock { shared in
            if shared.isOpen { curl_multi_wakeup(multi) }
        }
    }

    func close() {
        shared.withLock { shared in
            guard shared.isOpen else { return }
            shared.isOpen = false
            curl_multi_wakeup(multi)
        }
    }

    // MARK: On the engine's thread

    private func run() {
        var active: [UnsafeMutableRawPointer: (transfer: Transfer, job: Job)] = [:]
        while true {
            let (jobs, isOpen) = shared.withLock { shared in
                defer { shared.submitted = [] }
                return (shared.submitted, shared.isOpen)
            }
            for job in jobs { begin(job, &active) }
            for easy in active.filter({ !isOpen || $0.value.job.cancellation.isRaised }).keys {
                end(easy, &active) { transfer in
                    .failure(HTTPError(.cancelled, url: transfer.url, detail: "the request was given up"))
                }
            }
            if !isOpen { break }
            var running: Int32 = 0
            curl_multi_perform(multi, &running)
            reap(&active)
            // Sockets, libcurl's own timers and wake-ups end the sleep; the bound is for what nobody thought of.
            let longest = active.isEmpty ? Limits.idleTurn : Limits.busyTurn
            curl_multi_poll(multi, nil, 0, Int32(longest.components.seconds * 1000), nil)
        }
        // Nobody can hand in or wake any more: both look at `isOpen` under the lock that was just taken.
        curl_multi_cleanup(multi)
    }

    private func begin(_ job: Job, _ active: inout [UnsafeMutableRawPointer: (transfer: Transfer, job: Job)]) {
        do throws(HTTPError) {
            if job.cancellation.isRaised {
                throw HTTPError(.cancelled, url: job.request.url, detail: "the request was given up")
            }
            let transfer = try Transfer()
            var options = job.options
            if options.credentials != .none { options.followsRedirects = false }
            try transfer.prepare(job.request, options)
            try transfer.bound(totalTimeout: options.totalTimeout)
            let code = curl_multi_add_handle(multi, transfer.easy)
            guard code == CURLM_OK else {
                throw HTTPError(.library, url: job.request.url, detail: String(cString: curl_multi_strerror(code)))
            }
            active[transfer.easy] = (transfer, job)
        } catch {
            shared.withLock { $0.count -= 1 }
            job.continuation.resume(returning: .failure(error))
        }
    }

    /// Hands out what libcurl has finished.
    private func reap(_ active: inout [UnsafeMutableRawPointer: (transfer: Transfer, job: Job)]) {
        var left: Int32 = 0
        while let message = curl_multi_info_read(multi, &left) {
            guard message.pointee.msg == CURLMSG_DONE, let easy = message.pointee.easy_handle else { continue }
            // The message is gone once its handle is removed.
            let code = mooring_curl_message_result(message)
            end(easy, &active) { transfer in
                if let error = transfer.error(code) { return .failure(error) }
                return .success(
                    HTTPResponse(status: transfer.status, headers: transfer.headers, body: transfer.received))
            }
        }
    }

    private func end(
        _ easy: UnsafeMutableRawPointer,
        _ active: inout [UnsafeMutableRawPointer: (transfer: Transfer, job: Job)],
        result: (Transfer) -> Result<HTTPResponse, HTTPError>,
    ) {
        guard let (transfer, job) = active.removeValue(forKey: easy) else { return }
        let outcome = result(transfer)
        curl_multi_remove_handle(multi, easy)
        shared.withLock { $0.count -= 1 }
        job.continuation.resume(returning: outcome)
    }
}
