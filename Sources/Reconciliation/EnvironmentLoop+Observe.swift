import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringShapes

extension EnvironmentLoop {
    /// Asks whose credentials these are: no pass writes to an account that the environment does not name.
    mutating func verify() {
        phase = .verifying
        ask(.call(APICall(.sts, "GetCallerIdentity", .map([]))), for: .identity)
    }

    mutating func completeIdentity(_ result: EffectResult) {
        switch result {
        case .value(let answer):
            callerAccount = answer["Account"]?.text.flatMap { try? AccountID($0) }
            recover(.identity)
            resolve()
        case .failed(let failure):
            tellProblem(failure, of: .identity)
            blockage = failure
            endPass()
        default: preconditionFailure("an identity call was completed with another effect's result")
        }
    }

    /// Begins to read: everything when a sweep is due, else what changed and what is under way.
    mutating func observe() {
        phase = .observing
        guard let desired = source.desired else { return endPass() }
        if isSweepDue {
            lastSweep = now.uptime
            observed.refusals = [:]
            observed.runRefusals = [:]
            scope = nil
            runScope = nil
            forgetImages()
            observed.services = [:]
            observed.stale = []
            forgetNewestRevisions(except: Set(standings.values.filter { $0.isWaiting || $0.isStopped }.map(\.key)))
            observed.clusterServices = [:]
            observed.clusters = [:]
        } else {
            let underWay = standings.values.filter { $0.isUnderWay || $0.isOverdue }.map(\.key)
            let scope = unplanned.union(underWay).union(settling).union(rejectedUnderHead.filter { causes[$0] == nil })
                .subtracting(waitingFarBehind)
            self.scope = scope
            for key in scope {
                // What only waits is read again when its turn has come: looking at all of 500 every few seconds would spend
                // the budget that their rollouts need.
                if standings[key]?.isWaiting == true, !unplanned.contains(key), case .known = observed.services[key] {
                    observed.stale.insert(key)
                } else {
                    observed.services[key] = nil
                }
            }
            forgetNewestRevisions(of: scope, except: observed.stale)
            runScope = unplannedRuns.union(runStandings.values.filter(\.isUnderWay).map(\.node))
            if scope.isEmpty, runScope?.isEmpty == true { return endPass() }
            for run in desired.runs where runScope?.contains(run.node) == true {
                if case .family(let family) = run.taskDefinition { observed.newestRevisions[family] = nil }
            }
        }
        if desired.services.isEmpty, desired.runs.isEmpty, desired.settings.prune == nil { return endPass() }
        // Whether a cluster is paused is read together with everything, so that a single change does not cost a call more.
        if scope == nil, policy.act {
            for cluster in Set(desired.services.map(\.key.cluster)).sorted() { put(.cluster(cluster)) }
        }
        if !isWaiting(for: \.isObservation) { planAgain() }
    }

    /// The newest revisions of these services' families, or of all, are read anew. What only waits keeps its answer until its
    /// turn has come: to ask for those of hundreds with every look at everything would be most of what a large change asks.
    private mutating func forgetNewestRevisions(of services: Set<ServiceKey>? = nil, except waiting: Set<ServiceKey>) {
        var (kept, forgotten): (Set<Family>, Set<Family>) = ([], [])
        for service in source.desired?.services ?? [] {
            guard case .family(let family) = service.taskDefinition else { continue }
            if waiting.contains(service.key), !unplanned.contains(service.key) {
                kept.insert(family)
            } else if services?.contains(service.key) != false {
                forgotten.insert(family)
            }
        }
        kept.subtract(forgotten)
        if services == nil {
            observed.newestRevisions = observed.newestRevisions.filter { kept.contains($0.key) }
        } else {
            for family in forgotten { observed.newestRevisions[family] = nil }
        }
        observed.staleFamilies = observed.staleFamilies.union(kept).subtracting(forgotten)
            .intersection(observed.newestRevisions.keys)
    }

    /// Services whose turn cannot come in this pass: planning all of 500 every few seconds shows nothing new.
    private var waitingFarBehind: Set<ServiceKey> {
        // What failures stop is told of every one at once.
        guard rejectedUnderHead.count < mostFailures else { return [] }
        let newest = headServices
        let waiting = standings.values.filter { $0.isWaitingForTurn && !unplanned.contains($0.key) }.map(\.key)
            .sorted { (newest.contains($0) ? 0 : 1, $0) < (newest.contains($1) ? 0 : 1, $1) }
        return Set(waiting.dropFirst(policy.maximumInFlight * 2))
    }

    /// Whether it is time to look at every service, changed or not.
    var isSweepDue: Bool {
        guard let lastSweep else { return true }
        // What is being removed is only looked at together with everything else, and waits for rollouts to be over.
        let isWaiting = standings.values.contains(where: \.isRollingOut)
        let interval =
            isRemoving && !isWaiting ? min(Limits.removalInterval, policy.sweepInterval) : policy.sweepInterval
        return now.uptime - lastSweep >= interval
    }

    /// Whether services that left git are on their way out.
    var isRemoving: Bool {
        leaving.contains { if case .removing = $0.state { true } else { false } }
    }

    /// Plans; reads what the planner lacks and plans again, until it lacks nothing.
    private mutating func planAgain() {
        guard let desired = source.desired, let commit = source.head else { return endPass() }
        planningRound += 1
        let policy = planningPolicy(commit)
        let result = Planner.plan(
            desired: desired, scope: scope, others: standings, runScope: runScope, otherRuns: runStandings,
            observed: observed, policy: policy)
        // Where something is to be done, it does not wait for the registry.
        let questions = Observation.questions(for: result.needs, history: history)
            .filter { !$0.isAboutImages || result.plan.steps.isEmpty }
        // A one-off task whose inputs are new is looked for on the revisions before, one a round.
        let rounds = Limits.planningRounds * (desired.runs.isEmpty ? 1 : 2)
        if questions.isEmpty || planningRound > rounds {
            if learnFailures(from: result.plan) { return planAgain() }
            let violations = PlanCheck.violations(
                of: result.plan, desired: desired, scope: scope, observed: observed, policy: policy)
            take(checked(result.plan, violations))
        } else {
            for observation in questions { put(observation) }
            // What needs no answer from outside is answered already.
            if !isWaiting(for: \.isObservation) { planAgain() }
        }
    }

    /// Counts what a plan finds to have failed, before it is performed: one service more would else be started beside it.
    ///
    /// A process that begins knows of no earlier failures. Where there are too many to go on after, what waits behind them
    /// and the head commit does not touch stays stopped.
    ///
    /// - Returns: whether anything was learnt.
    private mutating func learnFailures(from plan: Plan) -> Bool {
        let failed = plan.standings.filter(\.isRejected).map(\.key)
        let news = failed.filter { countsAsFailure($0, plan) && !rejectedUnderHead.contains($0) }
        rejectedUnderHead.formUnion(news)
        if !news.isEmpty { return true }
        guard standings.isEmpty, stop.failed.isEmpty, failed.count >= mostFailures else { return false }
        let touched = headServices
        let waiting = plan.standings.filter { $0.state == .changing || $0.isWaiting }.map(\.key)
        stop = Stop(failed: Set(failed), stopped: Set(waiting).subtracting(touched))
        return true
    }

    private func countsAsFailure(_ key: ServiceKey, _ plan: Plan) -> Bool {
        guard let state = plan.standings.first(where: { $0.key == key })?.state, standings[key]?.state != state else {
            return false
        }
        return book.isOpen(key, source.digests[key]) || standings[key]?.isRollingOut == true
    }

    /// Rollouts that may fail before nothing else is started.
    var mostFailures: Int { source.desired?.settings.onFailure == .hold ? 1 : policy.maximumFailures }

    /// The services that the head commit's report is about.
    private var headServices: Set<ServiceKey> {
        Set(book.open.first { $0.commit == source.head }.map { Array($0.services.keys) } ?? [])
    }

    private mutating func put(_ observation: Observation) {
        noteImages(observation)
        if let action = observation.action {
            ask(action, for: .observe(observation))
        } else {
            _ = observation.apply(.done, to: &observed, history: history)
        }
    }

    /// How earlier versions of the manifests are read.
    private var history: HistorySource {
        HistorySource(
            desired: source.desired ?? DesiredState(), parameters: source.parameters, head: source.head,
            folder: policy.folder, defaultCluster: policy.clusters.count == 1 ? policy.clusters.first : nil)
    }

    /// The plan, without its steps where it does what no plan may do: then nothing is written and people are told.
    private mutating func checked(_ plan: Plan, _ violations: [PlanViolation]) -> Plan {
        guard let first = violations.first else {
            recover(.planCheck)
            return plan
        }
        tellProblem(
            Failure(
                code: "plan-check", subject: "the plan for \(policy.identity.environment)", tried: "perform",
                cause: "\(first) (\(violations.count) in all). This is a defect of Mooring.",
                remedy: "Nothing was written. Please report it with this message.", disposition: .stalled),
            of: .planCheck)
        var plan = plan
        plan.steps = []
        return plan
    }

    mutating func completeObservation(_ observation: Observation, _ result: EffectResult) {
        if case .failed(let failure) = result, observation.isInTheWay(failure) {
            let trouble = Trouble.reading(observation.topic)
            unread.insert(trouble)
            tellProblem(failure, of: trouble)
            blockage = failure
        }
        for following in observation.apply(result, to: &observed, history: history) { put(following) }
        if !isWaiting(for: \.isObservation) { planAgain() }
    }

    /// What this pass could read works again, or is not needed any more.
    private mutating func recoverReadings() {
        let over = problems.keys.filter { trouble in
            switch trouble {
            case .reading: !unread.contains(trouble)
            case .passing: unread.isEmpty && book.unreadStates.isEmpty
            case .source, .identity, .parameters, .planCheck, .reports, .disk: false
            }
        }
        for trouble in over.sorted(by: { $0.word < $1.word }) { recover(trouble) }
    }

    private func planningPolicy(_ commit: CommitID) -> PlanningPolicy {
        let others = standings.values.filter { standing in
            guard let scope else { return false }
            return !scope.contains(standing.key)
        }
        var policy = PlanningPolicy(
            identity: policy.identity, commit: commit, region: policy.region, account: policy.account,
            callerAccount: callerAccount, clusters: policy.clusters, act: policy.act, adopt: policy.adopt)
        policy.maximumCreations = self.policy.maximumCreations
        policy.maximumInFlight = self.policy.maximumInFlight
        policy.maximumFailures = self.policy.maximumFailures
        policy.completedRollouts = completedUnderHead
        policy.otherInFlight = others.count { $0.isRollingOut }
        policy.failures = rejectedUnderHead.sorted()
        policy.newest = headServices
        policy.stopped = stop.stopped
        policy.stoppedBy = stop.failed.sorted()
        policy.recentCommits = source.history.map(\.id)
        policy.uptime = now.uptime
        policy.wall = now.wall
        if let settings = source.desired?.settings {
            policy.take(settings)
            // What failed holds the environment until it is mended, whatever else is merged meanwhile.
            if settings.onFailure == .hold { policy.failures = rejectedUnderHead.union(stop.failed).sorted() }
        }
        policy.readLag = Limits.readLag
        if scope == nil { policy.registryCalls = max(0, Limits.registryCalls - registryCalls) }
        policy.protected = self.policy.protected
        return policy
    }

    /// Enters the plan's standings; tells what is new in them.
    private mutating func take(_ plan: Plan) {
        self.plan = plan
        if scope == nil {
            for service in plan.leaving where !leaving.contains(service) { tell(.leaving(service)) }
            leaving = plan.leaving
        }
        recoverReadings()
        takeRuns(plan.runs)
        let waiting = Dictionary(plan.backlog.map { ($0.key, $0) }, uniquingKeysWith: { first, _ in first })
        for standing in plan.standings {
            backlog[standing.key] = waiting[standing.key]
            let before = standings[standing.key]
            let standing = before.map { standing.keepingReason(of: $0) } ?? standing
            standings[standing.key] = standing
            if let before, before.isAtRest, standing.isRollingOut { join(standing) }
            // What could not be read is asked for again, later and later, without waiting for a sweep.
            if !standing.isUnreadable {
                unplanned.remove(standing.key)
            } else if source.digests[standing.key] != nil {
                unplanned.insert(standing.key)
            }
            settle(standing, before: before)
            // How long it is overdue is no news.
            let isKnown = standing.isOverdue && before?.isOverdue == true
            if before != standing, !isKnown { tell(.standing(standing)) }
        }
        for withheld in plan.withheld where !withheld.reason.isUnreadable && !toldWithheld(withheld) {
            tell(.withheld(withheld))
        }
        for remark in plan.remarks where !toldRemark(remark) { tell(.remark(remark)) }
        if scope == nil { forgetMovedTags(plan) }
        act()
    }

    private mutating func settle(_ standing: ServiceStanding, before: ServiceStanding?) {
        switch standing.state {
        case .synced:
            if before?.isRollingOut == true, let watch = observed.watches[standing.key], watch.digest == standing.digest
            {
                timedUnderHead += 1
                durationUnderHead += now.uptime - watch.since
            }
            // While the tags that say so are yet to be written, what was sent is remembered: ECS may not show all of it.
            if !plan.steps.contains(where: { $0.service == standing.key }) { observed.watches[standing.key] = nil }
            rejectedUnderHead.remove(standing.key)
            if let before, before.isRollingOut || before.isOverdue { completedUnderHead += 1 }
            forgive(standing.key)
            // Who was not started because of it may have its turn now.
            if before?.state != .synced { reconsiderDependents() }
        case .rejected, .overdue:
            let isNews = before?.state != standing.state
            if isNews, book.isOpen(standing.key, source.digests[standing.key]) || before?.isRollingOut == true {
                rejectedUnderHead.insert(standing.key)
            }
        case .changing: forgive(standing.key)
        case .withheld(.stoppedAfterFailures), .withheld(.waitingForTurn), .withheld(.waitsInOrder):
            forgive(standing.key)
        case .rolling, .rollingBack, .withheld, .unknown: break
        }
    }

    /// What would be changed, or is what git says, is not rejected any more: it was mended, or a person said that it may be
    /// tried again. It stops nothing, itself least of all.
    private mutating func forgive(_ key: ServiceKey) {
        let failures = rejectedUnderHead.union(stop.failed)
        guard failures.contains(key) else { return }
        rejectedUnderHead.remove(key)
        causes[key] = nil
        if stop.failed.contains(key) { stop = Stop() }
        for standing in standings.values {
            if case .withheld(.stoppedAfterFailures) = standing.state { unplanned.insert(standing.key) }
        }
    }

    /// What was not started because of something else is looked at again: that has changed.
    mutating func reconsiderDependents() {
        for standing in standings.values {
            if case .withheld(.notStarted) = standing.state { unplanned.insert(standing.key) }
        }
        for standing in runStandings.values {
            if case .withheld(.notStarted) = standing.state { unplannedRuns.insert(standing.node) }
        }
    }

    private mutating func toldRemark(_ remark: Remark) -> Bool {
        let subject = "remark \(remark.key) \(remark.kind.code)"
        let text = remark.kind.sentence
        if book.toldWithheld[subject] == text { return true }
        book.toldWithheld[subject] = text
        return false
    }

    private mutating func toldWithheld(_ withheld: Withheld) -> Bool {
        let subject = "withheld \(withheld.key)"
        let text = withheld.reason.sentence
        if book.toldWithheld[subject] == text { return true }
        book.toldWithheld[subject] = text
        return false
    }
}

/// Something that does not work, as it is told and remembered until it works again.
enum Trouble: Hashable, Sendable {
    /// The branch or the repository.
    case source
    /// Whose the credentials are.
    case identity
    /// The SSM parameters that variables stand for.
    case parameters
    /// Something that is read from AWS, in words.
    case reading(String)
    /// A plan that did not pass its check.
    case planCheck
    /// Notes and statuses.
    case reports
    /// The outbox.
    case disk
    /// Something asked for once, which nothing waits for; in words.
    case passing(String)

    /// For people: what stands behind "Works again".
    var word: String {
        switch self {
        case .source: "source"
        case .identity: "identity"
        case .parameters: "parameters"
        case .planCheck: "the plan"
        case .reports: "reports"
        case .disk: "the disk"
        case .reading(let words), .passing(let words): words
        }
    }
}

extension Withheld.Reason {
    /// Whether the call that failed has been told as a problem of its own.
    var isUnreadable: Bool {
        if case .unreadable = self { return true }
        return false
    }
}

extension Observation {
    /// Whether this failure keeps the planner from deciding: such a one is told, and blocks the pass. Without the others it
    /// does, more carefully.
    func isInTheWay(_ failure: Failure) -> Bool {
        switch self {
        case .services: true
        case .newestRevision: !Observation.isOfMissingFamily(failure)
        // A revision that is not there, or that we may not see, is only one candidate less.
        case .taskDefinition: if case .retry = failure.disposition { true } else { false }
        // A cluster that may not be read is taken to carry no pause, but one that is only slow to answer is waited for.
        case .cluster: if case .retry = failure.disposition { true } else { false }
        case .records, .recordTarget, .progress, .progressDetails, .clusterServices, .scalableTargets, .scaling,
            .scalingPolicies, .scheduledActions, .revisionTags, .runTasks, .stoppedRunTasks, .describedRunTasks,
            .serviceRevision, .registryTags, .runningImages, .versions, .noHistory, .folder:
            false
        }
    }

    /// What is read, for people.
    var topic: String {
        switch self {
        case .services(let cluster, _): "the services of cluster '\(cluster)'"
        case .taskDefinition(let arn): "the task definition '\(arn.revision)'"
        case .newestRevision(let family): "the task definition '\(family)'"
        case .records(let key), .recordTarget(let key, _, _): "the deployments of '\(key)'"
        case .progress(let key), .progressDetails(let key, _): "the progress of '\(key)'"
        case .cluster(let name): "the cluster '\(name)'"
        case .clusterServices(let name, _, _): "the list of services of cluster '\(name)'"
        case .scalableTargets: "the scalable targets"
        case .scaling(let key), .scalingPolicies(let key, _, _), .scheduledActions(let key, _, _):
            "the automatic scaling of '\(key)'"
        case .revisionTags(let arn): "the tags of '\(arn.revision)'"
        case .runTasks(let key, _), .stoppedRunTasks(let key, _, _, _), .describedRunTasks(let key, _, _):
            "the tasks of '\(key)'"
        case .versions(let key, _, _, _), .noHistory(let key, _, _): "earlier versions of '\(key)'"
        case .folder(let commit): "the folder at \(commit.short)"
        case .serviceRevision(let arn): "the service revision '\(arn)'"
        case .registryTags(let tags): "the images of '\(tags.first?.address ?? "")'"
        case .runningImages: "the images that run"
        }
    }
}
