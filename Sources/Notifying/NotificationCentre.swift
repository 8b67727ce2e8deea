package import MooringModel
package import MooringPorts
import Synchronization

/// Tells people and programs what becomes of commits: the one thing that the controller calls.
///
/// `report` never waits and never fails. What it leads to is sent by `run`, each target by a task of its own, so that one that is
/// away holds up neither the others nor anybody else.
package final class NotificationCentre: Sendable {
    private let posts: [Post]
    private let clock: any Clock
    private let jitter: @Sendable () -> Double
    private let log: @Sendable (NotificationNotice) -> Void

    /// - Parameters:
    ///   - begun: when this process began; what had ended before it is not news.
    ///   - repository: that of all commits; nil where its host is not known.
    ///   - jitter: from 0 to 1, for the pauses between attempts.
    package init(
        targets: [NotificationTarget], clock: any Clock, begun: Timestamp, repository: AnnouncedRepository? = nil,
        jitter: @escaping @Sendable () -> Double = { .random(in: 0...1) },
        log: @escaping @Sendable (NotificationNotice) -> Void,
    ) {
        posts = targets.map { Post($0, begun: begun, repository: repository) }
        self.clock = clock
        self.jitter = jitter
        self.log = log
    }

    /// Takes a report. The reports of an environment come in the order in which they were made.
    ///
    /// - Parameter info: what is known of the commit; what was known before is used where nothing is.
    package func report(_ report: CommitReport, about info: CommitInfo?) {
        let now = clock.uptime
        for post in posts {
            let hasWork = post.state.withLock { state in
                guard let announcement = state.book.read(report, about: info, now: now) else {
                    // Something may have been put off, which moves the time of the next look.
                    return state.book.nextDue != nil
                }
                state.queue.put(announcement, now: now)
                return true
            }
            if hasWork { post.signal.raise() }
        }
    }

    /// Sends until the task is cancelled, or until `finish` was called and all has been tried.
    package func run() async {
        await withTaskGroup(of: Void.self) { group in
            for post in posts { group.addTask { await self.serve(post) } }
        }
    }

    /// Asks `run` to send what there is, each at most once more, and to return.
    package func finish() {
        for post in posts {
            post.state.withLock { $0.isFinishing = true }
            post.signal.raise()
        }
    }

    /// How many announcements wait, of all targets.
    package var waiting: Int { posts.reduce(0) { $0 + $1.state.withLock { $0.queue.count } } }

    // MARK: One target

    private enum Step {
        case send(DeliveryQueue.Entry)
        case wait(until: Duration?)
        case stop
    }

    private func serve(_ post: Post) async {
        while !Task.isCancelled {
            switch nextStep(of: post) {
            case .stop: return
            case .send(let entry): await send(entry, by: post)
            case .wait(let until): await wait(until: until, post.signal)
            }
        }
    }

    private func nextStep(of post: Post) -> Step {
        let now = clock.uptime
        return post.state.withLock { state in
            for announcement in state.book.due(now: now, all: state.isFinishing) {
                state.queue.put(announcement, now: now)
            }
            switch state.queue.next(now: now) {
            case .send(let entry): return .send(entry)
            case .wait(let until):
                // At the end nobody waits for a target that is away.
                if state.isFinishing { return .stop }
                return .wait(until: [until, state.book.nextDue].compactMap { $0 }.min())
            }
        }
    }

    private func send(_ entry: DeliveryQueue.Entry, by post: Post) async {
        let notice: NotificationNotice?
        do throws(Failure) {
            try await post.target.notifier.show(entry.announcement)
            let (hadFailed, given) = post.state.withLock { $0.queue.delivered(entry) }
            notice = hadFailed ? .working(target: post.target.name, given: given) : nil
        } catch {
            // We are stopping; the target has done nothing wrong.
            if Task.isCancelled { return }
            let now = clock.uptime
            let jitter = jitter()
            let verdict = post.state.withLock { $0.queue.failed(entry, error, now: now, jitter: jitter) }
            switch verdict {
            case .beganToFail: notice = .failing(target: post.target.name, error)
            case .stillFails: notice = nil
            case .refused: notice = .refused(target: post.target.name, error)
            }
        }
        if let notice { log(notice) }
    }

    /// Waits until the time has come or there may be something new.
    private func wait(until: Duration?, _ signal: Signal) async {
        guard let until else { return await signal.wait() }
        let clock = clock
        let left = until - clock.uptime
        guard left > .zero else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await clock.sleep(for: left) }
            group.addTask { await signal.wait() }
            await group.next()
            group.cancelAll()
        }
    }
}

/// A target, and what is to be sent to it.
private final class Post: Sendable {
    let target: NotificationTarget
    let signal = Signal()
    let state: Mutex<State>

    struct State {
        var book: NotificationBook
        var queue = DeliveryQueue()
        var isFinishing = false
    }

    init(_ target: NotificationTarget, begun: Timestamp, repository: AnnouncedRepository?) {
        self.target = target
        state = Mutex(
            State(book: NotificationBook(occasions: target.occasions, begun: begun, repository: repository)))
    }
}
