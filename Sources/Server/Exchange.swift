/// One connection: a request and its answer, as a value that is told what came and says what is to be sent.
struct Exchange {
    private var phase = Phase.head([])
    /// When the connection is given up unless it has come further.
    private(set) var deadline: Duration
    /// What is to be sent, in order.
    private(set) var output: ArraySlice<UInt8> = []
    private let began: Duration

    private enum Phase {
        /// In the head, of which these bytes have come. Then `body` or `answering`.
        case head([UInt8])
        /// In the body. Then `answering`.
        case body(BodyDecoder, any RequestReceiver)
        /// The answer is on its way. Then `lingering` where the client may still be sending, else `over`.
        case answering(isWhole: Bool)
        /// The answer is out; so many more bytes are read and thrown away. Then `over`.
        case lingering(Int)
        case over
    }

    /// - Parameter now: time since some fixed moment, as with all of these.
    init(now: Duration) {
        began = now
        deadline = now + Limits.headTime
    }

    /// Whether the connection is to be closed.
    var isOver: Bool {
        if case .over = phase { return true }
        return false
    }

    /// Whether what the client sends is looked at.
    var wantsInput: Bool {
        switch phase {
        case .head, .body, .lingering: true
        case .answering(let isWhole): !isWhole
        case .over: false
        }
    }

    /// Whether an answer is under way.
    var isAnswering: Bool {
        switch phase {
        case .answering, .lingering: true
        case .head, .body, .over: false
        }
    }

    /// Whether the last byte of the answer is out and only the client's own end is waited for: our side can be closed.
    var isLingering: Bool {
        if case .lingering = phase { return true }
        return false
    }

    /// Takes what came.
    mutating func receive(_ bytes: ArraySlice<UInt8>, now: Duration, routes: RoutingTable) {
        switch phase {
        case .head(let held): receiveHead(held, bytes, now: now, routes: routes)
        case .body(let decoder, let receiver): receiveBody(decoder, receiver, bytes, now: now)
        case .answering: break
        case .lingering(let left): phase = left > bytes.count ? .lingering(left - bytes.count) : .over
        case .over: break
        }
    }

    /// The client has ended its side.
    mutating func endInput() {
        switch phase {
        // A request that is not whole is nobody's; whoever sent it is not there to be told.
        case .head, .body, .lingering: phase = .over
        case .answering: phase = .answering(isWhole: true)
        case .over: break
        }
    }

    /// The client has taken the first `count` bytes of the output.
    mutating func sent(_ count: Int, now: Duration) {
        output = output.dropFirst(count)
        guard output.isEmpty, case .answering(let isWhole) = phase else { return }
        phase = isWhole ? .over : .lingering(Limits.lingerBytes)
        deadline = now + Limits.lingerTime
    }

    /// The deadline has passed: a client that was slow to send is told so, one that is slow to take is not.
    mutating func expire(now: Duration) {
        switch phase {
        case .head(let held):
            // A connection that was opened ahead and never used, as browsers do.
            if held.isEmpty { phase = .over } else { answer(Exchange.slow, isWhole: false, now: now) }
        case .body: answer(Exchange.slow, isWhole: false, now: now)
        case .answering, .lingering, .over: phase = .over
        }
    }

    private static let slow = HTTPAnswer.text(408, "The request did not come whole in time.")

    private mutating func receiveHead(
        _ held: [UInt8], _ bytes: ArraySlice<UInt8>, now: Duration, routes: RoutingTable,
    ) {
        // Empty lines before a request are passed over, as RFC 9112 asks.
        var all = held
        all.append(
            contentsOf: held.isEmpty ? bytes.drop { $0 == UInt8(ascii: "\r") || $0 == UInt8(ascii: "\n") } : bytes)
        guard let end = Exchange.endOfHead(in: all, from: held.count) else {
            if all.count > Limits.headBytes { return answer(Exchange.longHead, isWhole: false, now: now) }
            phase = .head(all)
            return
        }
        guard end.head <= Limits.headBytes else { return answer(Exchange.longHead, isWhole: false, now: now) }
        let head: RequestHead
        do throws(RequestHead.Problem) {
            head = try RequestHead(all[..<end.head])
        } catch {
            return answer(error.answer, isWhole: false, now: now)
        }
        let isWhole = head.framing == .length(0)
        switch routes.verdict(on: head) {
        case .answer(let answer):
            self.answer(answer, isWhole: isWhole, isHeadOnly: head.method == "HEAD", now: now)
        case .receive(let receiver):
            let rest = all[end.body...]
            if head.expectsContinue, rest.isEmpty, !isWhole { output += Array("HTTP/1.1 100 Continue\r\n\r\n".utf8) }
            deadline = began + Limits.requestTime
            receiveBody(BodyDecoder(head.framing), receiver, rest, now: now)
        }
    }

    private static let longHead = HTTPAnswer.text(
        431, "The head of the request has more than \(Limits.headBytes) bytes.")

    private mutating func receiveBody(
        _ decoder: BodyDecoder, _ receiver: any RequestReceiver, _ bytes: ArraySlice<UInt8>, now: Duration,
    ) {
        var decoder = decoder
        do throws(RequestHead.Problem) {
            try decoder.decode(bytes) { receiver.receive($0) }
        } catch {
            return answer(error.answer, isWhole: false, now: now)
        }
        if decoder.isComplete { return answer(receiver.finish(), isWhole: true, now: now) }
        phase = .body(decoder, receiver)
    }

    private mutating func answer(_ answer: HTTPAnswer, isWhole: Bool, isHeadOnly: Bool = false, now: Duration) {
        output += answer.bytes(isHeadOnly: isHeadOnly)
        phase = .answering(isWhole: isWhole)
        deadline = now + Limits.answerTime
    }

    /// Where the head ends and where the body begins: behind an empty line.
    ///
    /// - Parameter known: so many bytes have been searched before.
    private static func endOfHead(in bytes: [UInt8], from known: Int) -> (head: Int, body: Int)? {
        let newline = UInt8(ascii: "\n")
        var index = max(0, known - 3)
        while index < bytes.count {
            if bytes[index] == newline {
                if index + 1 < bytes.count, bytes[index + 1] == newline { return (index, index + 2) }
                if index + 2 < bytes.count, bytes[index + 1] == UInt8(ascii: "\r"), bytes[index + 2] == newline {
                    return (index, index + 3)
                }
            }
            index += 1
        }
        return nil
    }
}
