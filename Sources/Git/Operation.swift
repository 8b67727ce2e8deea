import MooringHTTPTransport
import MooringPorts

/// One operation on a mirror: its deadline, whether it was cancelled, and what its callbacks learn on the way.
///
/// Lives on the mirror's executor from beginning to end; libgit2 calls back on the thread that called it.
final class Operation {
    private let clock: any Clock
    private let deadline: Duration
    /// Raised when the calling task is cancelled.
    let cancellation: CancelFlag
    /// Bytes that a fetch may receive.
    let receivedBytesMaximum: Int

    /// Why the transport gave up; the first reason counts.
    private(set) var fault: TransportFault?
    /// What the server said about each ref of a push; nil words mean that it took the new value.
    private(set) var verdicts: [(ref: String, words: String?)] = []
    /// What the server printed for people, as far as it is kept: hooks say there why they decline.
    private var serverBytes: [UInt8] = []
    /// Where the server's ref must stand before a push; nil is anywhere.
    var expectedTarget: ObjectKey?
    /// The server's ref stood elsewhere.
    private(set) var wasOutrun = false
    /// Why a callback told libgit2 to stop.
    private var stop: GitProblem?

    init(
        clock: any Clock, timeout: Duration, cancellation: CancelFlag = CancelFlag(),
        receivedBytesMaximum: Int = Limits.receivedBytes,
    ) {
        self.clock = clock
        self.cancellation = cancellation
        self.deadline = clock.uptime + timeout
        self.receivedBytesMaximum = receivedBytesMaximum
    }

    /// What is left until the deadline, never negative.
    var remaining: Duration { max(.zero, deadline - clock.uptime) }

    var uptime: Duration { clock.uptime }

    /// Why the operation must end now; nil while it may go on.
    var interruption: GitProblem? {
        if let stop { return stop }
        if cancellation.isRaised { stop = .cancelled } else if clock.uptime >= deadline { stop = .deadline }
        return stop
    }

    func checkTime() throws(GitProblem) {
        if let interruption { throw interruption }
    }

    /// Called while a pack arrives.
    ///
    /// - Returns: what the callback returns to libgit2, negative to stop.
    func received(bytes: Int) -> Int32 {
        if bytes > receivedBytesMaximum {
            stop = .limit("received bytes of one fetch", maximum: receivedBytesMaximum)
        }
        return interruption == nil ? 0 : Operation.stopCode
    }

    func record(_ fault: TransportFault) { self.fault = self.fault ?? fault }

    func record(serverWords bytes: UnsafeRawBufferPointer) {
        serverBytes.append(contentsOf: bytes.prefix(max(0, Limits.serverPrintedBytes - serverBytes.count)))
    }

    /// What the server printed, without git's own line that only repeats the verdict.
    var serverWords: String {
        String(decoding: serverBytes, as: UTF8.self).split(whereSeparator: \.isNewline)
            .filter { !$0.hasPrefix("error: hook declined to update") }.joined(separator: "\n")
    }

    /// Called between the server's word on where its ref stands and the push.
    ///
    /// - Returns: what the callback returns to libgit2, negative to stop.
    func mayReplace(_ target: ObjectKey) -> Int32 {
        if interruption != nil { return Operation.stopCode }
        guard let expectedTarget, expectedTarget != target else { return 0 }
        wasOutrun = true
        return Operation.stopCode
    }

    func record(verdict words: String?, on ref: String) { verdicts.append((ref, words)) }

    /// The code that libgit2 hands through from callbacks unchanged: `GIT_EUSER`.
    static let stopCode: Int32 = -7

    /// Runs a part that calls the library, and throws the best reason known for its failure: our own for stopping, then
    /// the transport's, then the library's.
    func perform<Answer: ~Copyable>(_ body: () throws(GitProblem) -> Answer) throws(GitProblem) -> Answer {
        do {
            return try body()
        } catch {
            if cancellation.isRaised { throw .cancelled }
            if let stop { throw stop }
            if let fault { throw .transport(fault) }
            throw error
        }
    }
}
