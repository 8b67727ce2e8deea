import MooringModel
import MooringNames
import MooringOrdering

/// Who may be written to now, by what manifests say of the order.
struct OrderVerdicts {
    /// Why each service that may not begin waits.
    private let reasons: [OrderNode: Withheld.Reason]

    /// Reads the order off decisions and standings.
    ///
    /// - Parameters:
    ///   - entries: what manifests say.
    ///   - others: where the services stand that are not decided about.
    ///   - runs: how far one-off tasks are.
    ///   - causes: why services failed, where that is known.
    init(
        _ entries: [OrderEntry], decisions: [ServiceDecision], others: [ServiceKey: ServiceStanding],
        runs: [OrderNode: OrderState], causes: [ServiceKey: String],
    ) {
        guard entries.contains(where: { !$0.dependsOn.isEmpty || !$0.before.isEmpty || $0.wave != entries[0].wave })
        else {
            reasons = [:]
            return
        }
        var states = runs
        for (key, standing) in others { states[.service(key)] = OrderState(of: standing) }
        for decision in decisions { states[.service(decision.standing.key)] = OrderState(of: decision) }
        for (key, cause) in causes {
            if case .failed? = states[.service(key)] { states[.service(key)] = .failed(cause) }
        }
        let step = OrderGraph.graph(of: entries).graph.step(states)
        var reasons: [OrderNode: Withheld.Reason] = [:]
        for wait in step.waiting {
            reasons[wait.node] = wait.held == nil ? .waitsInOrder(wait.sentence) : .notStarted(wait.sentence)
        }
        for block in step.blocked { reasons[block.node] = .notStarted(block.sentence) }
        self.reasons = reasons
    }

    /// Why a service is not to be written to now, or a one-off task not to be begun; nil where its turn has come.
    func objection(to node: OrderNode) -> Withheld.Reason? { reasons[node] }
}

extension OrderState {
    /// How far a service is that has been decided about.
    init(of decision: ServiceDecision) {
        // Taking back what failed is part of the failure.
        if let write = decision.write, !write.isReturn {
            self = .pending
        } else if decision.needs.isEmpty {
            self.init(of: decision.standing)
        } else {
            self = .running
        }
    }

    /// How far a service is that is not looked at now.
    init(of standing: ServiceStanding) {
        switch standing.state {
        case .synced: self = .done
        case .changing, .rolling, .rollingBack, .unknown: self = .running
        case .rejected(let reason), .overdue(let reason, _): self = .failed(reason)
        case .withheld(let reason):
            switch reason {
            // All that ECS can do has been done.
            case .cannotBeUnset: self = .done
            case .waitingForTurn, .waitsInOrder, .notStarted, .draining: self = .pending
            case .badManifest: self = .failed("its manifest cannot be used")
            default: self = .held(reason.sentence)
            }
        }
    }
}
