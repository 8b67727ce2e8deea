import MooringModel
import MooringNames
import MooringShapes

/// What becomes of services that carry this environment's tag and that git no longer has.
///
/// Nothing is removed without `prune`, by a bad file, by an empty folder, or beside rollouts that are not over; and never
/// more in one pass than the fuse lets through. A service is emptied before it is deleted.
struct Pruning {
    let desired: DesiredState
    let observed: Observed
    let policy: PlanningPolicy
    /// The plan for what git has.
    let plan: Plan

    struct Outcome {
        var needs: [Fact] = []
        var steps: [Step] = []
        var leaving: [LeavingService] = []
    }

    var outcome: Outcome {
        guard let options = policy.prune, policy.callerAccount == policy.account else { return Outcome() }
        let (needs, services) = candidates
        if !needs.isEmpty { return Outcome(needs: needs) }
        let left = services.filter { $0.tag(OwnTag.environment) == policy.identity.text }
        if left.isEmpty { return Outcome() }
        let active = left.filter { $0.status == "ACTIVE" }
        let objection = objection(toRemoving: active.count, options)
        let wait = objection == nil ? wait : nil
        var outcome = Outcome()
        for service in left {
            if service.status == "DRAINING" {
                outcome.leaving.append(
                    LeavingService(key: service.key, state: .removing(progress: "ECS is draining it")))
            } else if let why = objection ?? hold(on: service) ?? protection(of: service) {
                outcome.leaving.append(LeavingService(key: service.key, state: .kept(why: why)))
            } else if let wait {
                outcome.leaving.append(
                    LeavingService(key: service.key, state: .removing(progress: wait), hasBegun: false))
            } else {
                remove(service, &outcome)
            }
        }
        return outcome
    }

    // MARK: Which

    /// The services of our clusters that git does not have, as far as they have been read.
    private var candidates: (needs: [Fact], services: [ObservedService]) {
        let wanted = Set(desired.services.map(\.key)).union(desired.badServices.map(\.key))
        let clusters = Set(policy.clusters.isEmpty ? desired.services.map(\.key.cluster) : policy.clusters).sorted()
        var needs: [Fact] = []
        var services: [ObservedService] = []
        for cluster in clusters {
            switch observed.clusterServices[cluster] {
            case nil: needs.append(.clusterServices(cluster))
            // What is not known is not removed.
            case .missing, .unreadable: continue
            case .known(let names):
                for name in names {
                    let key = ServiceKey(cluster: cluster, service: name)
                    if wanted.contains(key) { continue }
                    switch observed.services[key] {
                    case nil: needs.append(.service(key))
                    case .known(let live) where live.status != "INACTIVE": services.append(live)
                    case .known, .missing, .unreadable: continue
                    }
                }
            }
        }
        return (needs, services.sorted { $0.key < $1.key })
    }

    // MARK: Whether

    /// Why none of them is removed now, nil where they may be.
    private func objection(toRemoving count: Int, _ options: PruneOptions) -> String? {
        if !policy.act { return "The environment only observes. Set 'act: true' in its settings to let it act." }
        if !desired.isComplete {
            return
                "It left git, but a manifest of this environment is bad, and what a bad manifest meant to say is not "
                + "known. Mend it; then it is removed."
        }
        if desired.services.isEmpty {
            return
                "It left git together with every other service. An empty environment is taken for a mistake and nothing "
                + "is removed: put the folder back, or delete the services by hand."
        }
        if count > options.maximum {
            return
                "\(count) services left git, more than the \(options.maximum) that 'prune' lets pass at once. Nothing is "
                + "removed. Put them back, or raise 'prune: {max: …}' in mooring.yaml if that is what you want."
        }
        let stuck = plan.standings.filter { !$0.isDone && !$0.isOnItsWay }
        if stuck.isEmpty { return nil }
        return "It left git and is removed when every other service is as git says: \(stuck.named) not yet."
    }

    /// What the removals wait for, nil where nothing is under way.
    private var wait: String? {
        let unfinished = plan.standings.filter { !$0.isDone }
        return unfinished.isEmpty
            ? nil : "it waits until every other service is as git says, and \(unfinished.named) not yet"
    }

    private func hold(on service: ObservedService) -> String? {
        let nobody = DesiredService(key: service.key, input: .map([]), taskDefinition: nil, files: [])
        return Holds(policy: policy, observed: observed).reason(for: nobody)?.sentence
    }

    private func protection(of service: ObservedService) -> String? {
        policy.protected.contains(service.key)
            ? "It is Mooring's own service, which Mooring never deletes. Delete it by hand if you want it gone." : nil
    }

    // MARK: How

    private func remove(_ service: ObservedService, _ outcome: inout Outcome) {
        let key = service.key
        if let until = observed.holds[key], policy.uptime < until {
            outcome.leaving.append(LeavingService(key: key, state: .removing(progress: "a retry is due soon")))
            return
        }
        if let refusal = observed.refusals[key] {
            outcome.leaving.append(LeavingService(key: key, state: .kept(why: refusal.why)))
            return
        }
        if observed.clusters[key.cluster] == nil { outcome.needs.append(.cluster(key.cluster)) }
        let isDaemon = service.described["schedulingStrategy"]?.text == "DAEMON"
        // An autoscaler would raise the count again. What may not be read is taken not to be there: the count tells.
        switch observed.scalableTargets[key] {
        case nil where !isDaemon: outcome.needs.append(.scalableTarget(key))
        case .known:
            outcome.steps.append(
                Step(
                    id: StepID("deregister scalable target of \(key)"), action: .scale(key: key, .deregisterTarget),
                    reason: "The service left git: nothing shall scale it any more."))
            outcome.leaving.append(LeavingService(key: key, state: .removing(progress: "its scaling is being removed")))
            return
        case .missing, .unreadable, nil: break
        }
        if service.desiredCount > 0, !isDaemon {
            outcome.steps.append(
                Step(
                    id: StepID("update \(key)"),
                    action: .updateService(key: key, input: ["desiredCount": 0], revision: nil),
                    reason: "The service left git: its tasks are stopped before it is deleted.",
                    changes: [
                        MemberChange(
                            path: "desiredCount", live: .integer(service.desiredCount), wanted: 0, origin: .removed)
                    ]))
            outcome.leaving.append(LeavingService(key: key, state: .removing(progress: "its tasks are being stopped")))
        } else if service.runningCount > 0, !isDaemon {
            outcome.leaving.append(
                LeavingService(
                    key: key, state: .removing(progress: "\(service.runningCount) tasks are still being stopped")))
        } else {
            outcome.steps.append(
                Step(
                    id: StepID("delete \(key)"), action: .deleteService(key: key),
                    reason: "The service left git ('prune')."))
            outcome.leaving.append(LeavingService(key: key, state: .removing(progress: "it is being deleted")))
        }
    }
}

extension [ServiceStanding] {
    /// `main/web is`, `main/web and 2 more are`.
    fileprivate var named: String {
        let first = first.map { "\($0.key)" } ?? ""
        return count > 1 ? "\(first) and \(count - 1) more are" : "\(first) is"
    }
}

extension ServiceStanding {
    /// Whether a later pass will find it elsewhere without anybody's doing.
    fileprivate var isOnItsWay: Bool {
        switch state {
        case .changing, .rolling, .rollingBack, .unknown: true
        case .withheld(let reason): reason.isPassing
        case .synced, .rejected, .overdue: false
        }
    }

    /// Whether nothing of it is under way, waits or has failed. What is left alone on purpose is done.
    fileprivate var isDone: Bool {
        switch state {
        case .synced: true
        case .withheld(let reason):
            switch reason {
            case .waitingForTurn, .waitsInOrder, .notStarted, .draining, .stoppedAfterFailures, .creationFuse, .refused,
                .unreadable, .badManifest:
                false
            default: true
            }
        case .changing, .rolling, .rollingBack, .rejected, .overdue, .unknown: false
        }
    }
}
