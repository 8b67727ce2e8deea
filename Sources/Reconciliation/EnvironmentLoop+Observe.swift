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
            recover("identity")
            observe()
        case .failed(let failure):
            if problems["identity"] != failure.code.rawValue { tell(.problem(failure)) }
            problems["identity"] = failure.code.rawValue
            blockage = failure
            endPass()
        default: preconditionFailure("an identity call was completed with another effect's result")
        }
    }

    private mutating func recover(_ subject: String) {
        guard problems.removeValue(forKey: subject) != nil else { return }
        tell(.recovered(subject: subject))
    }

    /// Begins to read: everything when a sweep is due, else what changed and what is under way.
    private mutating func observe() {
        phase = .observing
        guard let desired = source.desired else { return endPass() }
        let isSweep = lastSweep.map { now.uptime - $0 >= policy.sweepInterval } ?? true
        if isSweep {
            lastSweep = now.uptime
            observed.refusals = [:]
            scope = nil
            observed.services = [:]
        } else {
            let underWay = standings.values.filter(\.isUnderWay).map(\.key)
            let scope = unplanned.union(underWay).union(rejectedUnderHead.filter { causes[$0] == nil })
            self.scope = scope
            for key in scope { observed.services[key] = nil }
            if scope.isEmpty { return endPass() }
        }
        if desired.services.isEmpty { return endPass() }
        planAgain()
    }

    /// Plans; reads what the planner lacks and plans again, until it lacks nothing.
    private mutating func planAgain() {
        guard let desired = source.desired, let commit = source.head else { return endPass() }
        planningRound += 1
        let policy = planningPolicy(commit)
        let result = Planner.plan(desired: desired, scope: scope, observed: observed, policy: policy)
        let questions = Observation.questions(for: result.needs, history: history)
        if questions.isEmpty || planningRound > Limits.planningRounds {
            let violations = PlanCheck.violations(
                of: result.plan, desired: desired, scope: scope, observed: observed, policy: policy)
            take(checked(result.plan, violations))
        } else {
            for observation in questions { put(observation) }
            // What needs no answer from outside is answered already.
            if !isWaiting(for: \.isObservation) { planAgain() }
        }
    }

    private mutating func put(_ observation: Observation) {
        if let action = observation.action {
            ask(action, for: .observe(observation))
        } else {
            _ = observation.apply(.done, to: &observed, history: history)
        }
    }

    /// How earlier versions of the manifests are read.
    private var history: HistorySource {
        HistorySource(
            desired: source.desired ?? DesiredState(), head: source.head, folder: policy.folder,
            defaultCluster: policy.clusters.count == 1 ? policy.clusters.first : nil)
    }

    /// The plan, without its steps where it does what no plan may do: then nothing is written and people are told.
    private mutating func checked(_ plan: Plan, _ violations: [PlanViolation]) -> Plan {
        guard let first = violations.first else { return plan }
        tellProblem(
            Failure(
                code: "plan-check", subject: "the plan for \(policy.identity.environment)", tried: "perform",
                cause: "\(first) (\(violations.count) in all). This is a defect of Mooring.",
                remedy: "Nothing was written. Please report it with this message.", disposition: .stalled))
        var plan = plan
        plan.steps = []
        return plan
    }

    mutating func completeObservation(_ observation: Observation, _ result: EffectResult) {
        if observation.isEssential {
            if case .failed(let failure) = result {
                tellProblem(failure)
                blockage = failure
            } else if !problems.isEmpty {
                recoverCalls()
            }
        }
        for following in observation.apply(result, to: &observed, history: history) { put(following) }
        if !isWaiting(for: \.isObservation) { planAgain() }
    }

    private mutating func recoverCalls() {
        for subject in problems.keys.sorted() where subject != "source" && subject != "identity" && subject != "reports"
        {
            recover(subject)
        }
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
        policy.earlierFailures = rejectedUnderHead.count
        policy.uptime = now.uptime
        policy.wall = now.wall
        if let settings = source.desired?.settings {
            policy.adopt = policy.adopt || settings.adopt
            policy.pause = settings.pause
            policy.freeze = settings.freeze
        }
        policy.readLag = Limits.readLag
        return policy
    }

    /// Enters the plan's standings; tells what is new in them.
    private mutating func take(_ plan: Plan) {
        self.plan = plan
        for standing in plan.standings {
            let before = standings[standing.key]
            standings[standing.key] = standing
            // What could not be read is asked for again, later and later, without waiting for a sweep.
            if !standing.isUnreadable { unplanned.remove(standing.key) }
            settle(standing, before: before)
            if before != standing { tell(.standing(standing)) }
        }
        for withheld in plan.withheld where !withheld.reason.isUnreadable && !toldWithheld(withheld) {
            tell(.withheld(withheld))
        }
        for remark in plan.remarks where !toldRemark(remark) { tell(.remark(remark)) }
        act()
    }

    private mutating func settle(_ standing: ServiceStanding, before: ServiceStanding?) {
        switch standing.state {
        case .synced:
            // While the tags that say so are yet to be written, what was sent is remembered: ECS may not show all of it.
            if !plan.steps.contains(where: { $0.service == standing.key }) { observed.watches[standing.key] = nil }
            rejectedUnderHead.remove(standing.key)
            if let before, before.isRollingOut { completedUnderHead += 1 }
        case .rejected:
            if before?.state != standing.state, book.isOpen(standing.key) { rejectedUnderHead.insert(standing.key) }
        case .changing, .rolling, .rollingBack, .withheld, .unknown: break
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

extension Withheld.Reason {
    /// Whether the call that failed has been told as a problem of its own.
    var isUnreadable: Bool {
        if case .unreadable = self { return true }
        return false
    }
}

extension ServiceStanding {
    var isUnreadable: Bool {
        if case .withheld(let reason) = state { return reason.isUnreadable }
        return false
    }

    /// Whether an ECS deployment of ours is running.
    var isRollingOut: Bool {
        switch state {
        case .changing, .rolling, .rollingBack: true
        default: false
        }
    }
}

extension Observation {
    /// Whether the environment as a whole is in trouble when this cannot be read.
    var isEssential: Bool {
        if case .services = self { return true }
        return false
    }
}
