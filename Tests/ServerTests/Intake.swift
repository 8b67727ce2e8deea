import MooringHTTPTransport
import MooringPorts
import MooringServer
import MooringTestSupport
import Synchronization
import Testing

/// An intake without a socket, and what came out of it.
final class Intake: Sendable {
    struct Seen: Sendable {
        var events: [WebhookEvent] = []
        var notices: [ServerNotice] = []
        var parses = 0
    }

    let clock = ManualClock()
    let seen = Watched(Seen())
    private let secrets: Mutex<[HostKind: [String]]>

    init(_ secrets: [HostKind: [String]]) { self.secrets = Mutex(secrets) }

    /// One secret for all kinds of hosts.
    convenience init(everywhere secret: String = RecordedWebhook.secret) {
        self.init(Dictionary(uniqueKeysWithValues: HostKind.allCases.map { ($0, [secret]) }))
    }

    var webhooks: WebhookIntake {
        WebhookIntake(
            clock: clock, secrets: { host in self.secrets.withLock { ($0[host] ?? []).map { Secret($0) } } },
            onEvent: { event in self.seen.update { $0.events.append(event) } },
            onNotice: { notice in self.seen.update { $0.notices.append(notice) } },
            read: { host, event, body in
                self.seen.update { $0.parses += 1 }
                return WebhookReader.read(host, event: event, body: body)
            })
    }

    func replace(_ host: HostKind, with texts: [String]) { secrets.withLock { $0[host] = texts } }

    var events: [WebhookEvent] { seen.value.events }
    var parses: Int { seen.value.parses }
}

extension WebhookIntake {
    /// Delivers a webhook as the server would, its body in pieces of `size` bytes.
    func deliver(
        _ path: String, _ headers: [(name: String, value: String)], _ body: [UInt8], size: Int = 1_000,
    ) throws -> HTTPAnswer {
        let lines = ["POST /hooks/\(path) HTTP/1.1"] + headers.map { "\($0.name): \($0.value)" }
        switch verdict(on: try RequestHead(lines.joined(separator: "\r\n").utf8)) {
        case .answer(let answer): return answer
        case .receive(let receiver):
            for start in stride(from: 0, to: body.count, by: size) {
                receiver.receive(body[start..<min(start + size, body.count)])
            }
            return receiver.finish()
        }
    }

    func deliver(_ webhook: RecordedWebhook) throws -> HTTPAnswer {
        try deliver(webhook.host.rawValue, webhook.headers, webhook.body)
    }
}

extension HTTPAnswer {
    var line: String { String(decoding: body, as: UTF8.self).trimmingNewline }
}

extension String {
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
