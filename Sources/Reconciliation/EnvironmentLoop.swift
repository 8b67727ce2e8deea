package import MooringModel
package import MooringNames
import MooringPlanning
package import MooringPorts
import MooringShapes

/// The loop of one environment, as a value: events in, numbered effects out.
///
/// It holds no clock, no randomness and no task. A pass is *look, fetch, read, verify, resolve, observe, plan, act, diagnose, report*;
/// each part asks for what it lacks and goes on when the answers are there. Nothing in here is needed to decide what to
/// deploy after a restart: git and ECS say it again.
package struct EnvironmentLoop: Sendable {
    package let policy: EnvironmentPolicy

    /// What happens to the loop.
    package enum Event: Hashable, Sendable {
        /// The process has started.
        case started
        /// Something says that looking again is worth it: a webhook, a person.
        case lookAgain
        /// An effect has ended.
        case completed(number: Int, EffectResult)
    }

    /// What the loop wants done, and what is worth telling.
    package struct Reaction: Sendable {
        package var effects: [Effect] = []
        package var events: [LoopEvent] = []
    }

    /// What an effect in flight is for.
    enum Purpose: Hashable, Sendable {
        case remoteHeads, fetch, snapshot, files, history, changedPaths(CommitID), changedSince(CommitReport)
        case earlierNotes, earlierStatus(CommitID)
        case readOutbox
        case identity
        case parameters(ParameterQuestion)
        case observe(Observation)
        case step(Step)
        case diagnosis(ServiceKey, DiagnosisQuestion)
        case storeReport(CommitID), publishNotes([CommitID]), postStatus(CommitID, String), removeReport(CommitID)
        case nextPass, reportRetry, deferredReport
    }

    /// Where a pass is.
    enum Phase: Hashable, Sendable {
        /// Between passes.
        case idle
        /// Asking git, until the head commit's manifests are known.
        case source
        /// Reading what was reported before a restart. Once.
        case recalling
        /// Asking AWS whose credentials these are.
        case verifying
        /// Asking for the parameters that variables stand for.
        case resolving
        /// Reading facts and planning, in turns.
        case observing
        /// Performing the plan's steps.
        case acting
        /// Finding out why rollouts failed.
        case diagnosing
    }

    var phase: Phase = .idle
    var passNumber = 0
    var nextNumber = 1
    var inFlight: [Int: Purpose] = [:]
    var reaction = Reaction()
    var now = Moment(wall: Timestamp(millisecondsSince1970: 0), uptime: .zero)
    var startedAt: Duration = .zero
    var mustLookAgain = false

    var source = SourceState()
    var observed = Observed()
    var callerAccount: AccountID?
    var scope: Set<ServiceKey>?
    var planningRound = 0
    /// Calls of this pass that were about tags of images.
    var registryCalls = 0
    var plan = Plan()
    var run = StepRun()
    var standings: [ServiceKey: ServiceStanding] = [:]
    var causes: [ServiceKey: KnownCause] = [:]
    /// Services whose rollouts fail, as they were described when that was found: a tag that is set meanwhile has them read anew.
    var failing: [ServiceKey: ObservedService] = [:]
    /// What is being found out about rollouts that failed.
    var examinations: [ServiceKey: Examination] = [:]
    /// What is said of services that are as git says and run fewer tasks than are wanted.
    var shortfalls: [ServiceKey: String] = [:]
    /// Members that were changed and that tasks which run do not have yet.
    var awaitingTasks: [ServiceKey: AwaitingTasks] = [:]
    var lastSweep: Duration?
    /// Services whose desired state changed since they were last looked at.
    var unplanned: Set<ServiceKey> = []
    /// Rollouts of the head commit that completed, and services ECS rejected under it.
    var completedUnderHead = 0
    /// Those of them whose beginning was seen, and how long they took together.
    var timedUnderHead = 0
    var durationUnderHead: Duration = .zero
    var rejectedUnderHead: Set<ServiceKey> = []
    /// Rollouts that wait for their turn, as they were last planned.
    var backlog: [ServiceKey: WaitingRollout] = [:]
    /// What an earlier commit's failures stopped, as long as neither changes.
    var stop = Stop()
    /// Where every one-off task stands that was looked at.
    var runStandings: [OrderNode: RunStanding] = [:]
    /// One-off tasks whose inputs changed since they were last looked at.
    var unplannedRuns: Set<OrderNode> = []
    var runScope: Set<OrderNode>?
    /// Services that git no longer has, as of the last look at everything.
    var leaving: [LeavingService] = []
    /// Services that the head commit took out of git and that nobody removes.
    var staying: [LeavingService] = []
    var book = ReportBook()
    /// What does not work, with the code of the failure that was told.
    var problems: [Trouble: String] = [:]
    /// What could not be read in this pass.
    var unread: Set<Trouble> = []
    var hasToldPause = false
    /// Why this pass could not read the source or ask whose the credentials are, and how many in a row could not.
    var blockage: Failure?
    var blockedPasses = 0

    package init(policy: EnvironmentPolicy) {
        self.policy = policy
    }

    /// Takes what happened and says what is to be done.
    package mutating func handle(_ event: Event, now: Moment) -> Reaction {
        self.now = now
        reaction = Reaction()
        switch event {
        case .started:
            // The first pass follows the outbox: what could not be sent before is part of what was reported.
            startedAt = now.uptime
            ask(.readOutbox, for: .readOutbox)
        case .lookAgain:
            if phase == .idle { beginPass() } else { mustLookAgain = true }
        case .completed(let number, let result):
            guard let purpose = inFlight.removeValue(forKey: number) else { break }
            complete(purpose, result)
        }
        return reaction
    }

    /// Whether the head commit's report has ended and nothing waits to be sent.
    package var isSettled: Bool {
        phase == .idle && source.head != nil && !awaitsPlan && book.isSettled && !isRemoving && !isRunning
            && !inFlight.values.contains { $0.isReporting || $0.isEarlierStatus }
            && !standings.values.contains(where: \.isUnderWay)
    }

    /// Whether the next pass will tell something new of a service. What cannot be read is asked for again, but a person must
    /// act first.
    private var awaitsPlan: Bool { unplanned.contains { standings[$0]?.isUnreadable != true } }

    /// Whether passes cannot get on and a person has to act, or trying has not helped: what ends `mooring sync`, once the
    /// reports that say so are out or cannot be sent.
    package var isBlocked: Bool {
        guard phase == .idle, let failure = blockage, book.isQuiet else { return false }
        if case .retry = failure.disposition { return blockedPasses >= Limits.triesOfOneSync }
        return true
    }

    /// Whether this loop has looked at every service since git last changed it; else the report is what was known before.
    package var hasLooked: Bool { source.head != nil && !awaitsPlan }

    /// The commit whose manifests are what git says now.
    package var headCommit: CommitID? { source.head }

    /// The head commit's report as it stands.
    package var headReport: CommitReport? { source.head.flatMap { book.report(on: $0) } }

    /// Where every service stands that was looked at, sorted.
    package var serviceStandings: [ServiceStanding] { standings.values.sorted { $0.key < $1.key } }

    // MARK: Asking

    mutating func ask(_ action: Effect.Action, for purpose: Purpose) {
        let number = nextNumber
        nextNumber += 1
        inFlight[number] = purpose
        reaction.effects.append(Effect(number: number, action: action))
    }

    mutating func tell(_ event: LoopEvent) { reaction.events.append(event) }

    func isWaiting(for test: (Purpose) -> Bool) -> Bool { inFlight.values.contains(where: test) }

    /// Says that something does not work: once, and again when it changes.
    mutating func tellProblem(_ failure: Failure, of trouble: Trouble) {
        guard problems[trouble] != failure.code.rawValue else { return }
        problems[trouble] = failure.code.rawValue
        tell(.problem(failure, of: trouble.word))
    }

    /// Says that what was told as a problem works again; nothing where none was told.
    mutating func recover(_ trouble: Trouble) {
        guard problems.removeValue(forKey: trouble) != nil else { return }
        tell(.recovered(subject: trouble.word))
    }

    // MARK: Passes

    private mutating func complete(_ purpose: Purpose, _ result: EffectResult) {
        switch purpose {
        case .remoteHeads, .fetch, .snapshot, .files, .history, .changedPaths, .changedSince:
            completeSource(purpose, result)
        case .earlierNotes, .earlierStatus: completeRecall(purpose, result)
        case .identity: completeIdentity(result)
        case .parameters(let question): completeParameters(question, result)
        case .observe(let observation): completeObservation(observation, result)
        case .step(let step): completeStep(step, result)
        case .diagnosis(let key, let question): completeDiagnosis(question, about: key, result)
        case .readOutbox, .storeReport, .publishNotes, .postStatus, .removeReport, .reportRetry, .deferredReport:
            completeReporting(purpose, result)
        case .nextPass: if phase == .idle { beginPass() }
        }
    }

    mutating func beginPass() {
        passNumber += 1
        inFlight = inFlight.filter { $0.value != .nextPass }
        mustLookAgain = false
        blockage = nil
        unread = []
        plan = Plan()
        run = StepRun()
        planningRound = 0
        registryCalls = 0
        // What could not be read is asked for anew; of described revisions those stay that run, or that our own write put in:
        // another one may be taken away by somebody before it is deployed.
        let running = Set(
            observed.services.values.compactMap { service in
                if case .known(let live) = service { live.taskDefinition?.revision } else { nil }
            }
        ).union(observed.watches.values.compactMap(\.revision))
        observed.taskDefinitions = observed.taskDefinitions.filter {
            if case .known = $0.value { running.contains($0.key.revision) } else { false }
        }
        if observed.taskDefinitions.count > Limits.rememberedRevisions { observed.taskDefinitions = [:] }
        observed.versions = observed.versions.filter { if case .unreadable = $0.value.reading { false } else { true } }
        observed.folders = observed.folders.filter { if case .known = $0.value { true } else { false } }
        if observed.folders.count > Limits.rememberedFolders { observed.folders = [:] }
        observed.serviceRevisions = observed.serviceRevisions.filter {
            if case .known = $0.value { true } else { false }
        }
        if observed.serviceRevisions.count > Limits.rememberedRevisions { observed.serviceRevisions = [:] }
        observed.records = [:]
        observed.progress = [:]
        observed.scalableTargets = [:]
        observed.scaling = [:]
        observed.revisionTags = [:]
        observed.runTasks = [:]
        observed.runHolds = observed.runHolds.filter { $0.value > now.uptime }
        observed.holds = observed.holds.filter { $0.value > now.uptime }
        phase = .source
        ask(.remoteHeads, for: .remoteHeads)
    }

    /// Ends the pass: what was learnt becomes reports, and the time of the next look is set.
    mutating func endPass() {
        phase = .idle
        blockedPasses = blockage == nil ? 0 : blockedPasses + 1
        refreshReports()
        askForUnreadStates()
        tell(.passEnded(number: passNumber, isSettled: isSettled))
        if mustLookAgain {
            beginPass()
        } else {
            ask(.wake(after: nextInterval()), for: .nextPass)
        }
    }

    private func nextInterval() -> Duration {
        if source.isLost || !problems.isEmpty {
            // What a person mends in git is found at the usual poll; what is away is asked for less and less.
            let isWaitingForCommit = blockage.map { $0.code == .notFound && source.isLost } ?? false
            let doublings = isWaitingForCommit ? 0 : min(max(blockedPasses - 1, 0), 6)
            let doubled = policy.pollInterval * (1 << doublings)
            let isRolling = standings.values.contains { $0.isUnderWay }
            return isRolling ? policy.rolloutInterval : min(doubled, Limits.longestBackoff)
        }
        if standings.values.contains(where: \.isUnderWay) || awaitsPlan || isRemoving || isRunning || !settling.isEmpty
        {
            return policy.rolloutInterval
        }
        return jittered(policy.pollInterval)
    }

    /// Between 90 and 110 percent of the duration, keyed by the seed and the pass: many environments must not look in step.
    private func jittered(_ duration: Duration) -> Duration {
        let share = Int(KeyedRandom(seed: policy.seed, purpose: "poll").value(ordinal: passNumber) % 201)
        return duration * (900 + share) / 1000
    }
}

extension EnvironmentLoop.Purpose {
    /// Whether a report waits for this.
    var isReporting: Bool {
        switch self {
        case .storeReport, .publishNotes, .postStatus, .removeReport, .readOutbox: true
        default: false
        }
    }

    /// Whether the host is asked what an earlier process showed there.
    var isEarlierStatus: Bool {
        if case .earlierStatus = self { return true }
        return false
    }

    var isParameters: Bool {
        if case .parameters = self { return true }
        return false
    }

    var isObservation: Bool {
        if case .observe = self { return true }
        return false
    }

    var isStep: Bool {
        if case .step = self { return true }
        return false
    }

    var isDiagnosis: Bool {
        if case .diagnosis = self { return true }
        return false
    }
}

extension ServiceStanding {
    /// Whether a later pass will find the service elsewhere without anybody's doing.
    var isUnderWay: Bool {
        switch state {
        case .changing, .rolling, .rollingBack, .unknown: true
        case .withheld(let reason): reason.isPassing
        case .synced, .rejected, .overdue: false
        }
    }
}

/// Services that were not started because others failed, and those others.
struct Stop: Sendable {
    var failed: Set<ServiceKey> = []
    var stopped: Set<ServiceKey> = []
}
