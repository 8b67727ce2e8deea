/// The stages of a traffic-shifting deployment, in AWS's order.
///
/// Sources: API reference, ServiceDeployment `lifecycleStage`; Developer Guide, "Amazon ECS blue/green service deployments
/// workflow", section "Deployment lifecycle stages", and the same sections for linear and canary deployments.
enum LifecycleStage: String, Sendable, CaseIterable {
    case reconcileService = "RECONCILE_SERVICE"
    case preScaleUp = "PRE_SCALE_UP"
    case scaleUp = "SCALE_UP"
    case postScaleUp = "POST_SCALE_UP"
    case testTrafficShift = "TEST_TRAFFIC_SHIFT"
    case postTestTrafficShift = "POST_TEST_TRAFFIC_SHIFT"
    /// In the model's enumeration only for hooks, in its text also for deployments: shown where a hook waits in it.
    case preProductionTrafficShift = "PRE_PRODUCTION_TRAFFIC_SHIFT"
    case productionTrafficShift = "PRODUCTION_TRAFFIC_SHIFT"
    case postProductionTrafficShift = "POST_PRODUCTION_TRAFFIC_SHIFT"
    case bakeTime = "BAKE_TIME"
    case cleanUp = "CLEAN_UP"

    /// Whether a hook can be configured for the stage. Source: Developer Guide, table "Use this stage for lifecycle hook?".
    var takesHooks: Bool {
        switch self {
        case .scaleUp, .bakeTime, .cleanUp: false
        default: true
        }
    }

    /// Source: Developer Guide, "Troubleshooting", "Invalid lifecycle stage for pause hook": the five that are left.
    var takesPauseHooks: Bool {
        switch self {
        case .preScaleUp, .postScaleUp, .postTestTrafficShift, .preProductionTrafficShift, .postProductionTrafficShift:
            true
        default: false
        }
    }
}

/// One step of a deployment: a stage, or a part of one.
struct ShiftStep: Equatable, Sendable {
    let stage: LifecycleStage
    let work: Work
    /// Whether the stage's hooks are called here; both they and the work must be done before the next step.
    var callsHooks = true

    var waitsForTasks: Bool { work == .scaleUp || work == .settle }

    /// What a step does. When it is done is `World.isDone`, how long it takes at least is `World.duration(of:)`.
    enum Work: Equatable, Sendable {
        /// Nothing but hooks.
        case pause
        /// Every revision but blue and green is stopped.
        case settle
        /// Green is scaled to all of the desired count; done when all of it is healthy.
        case scaleUp
        /// So many tenths of a percent of the test traffic go to green.
        case test(Int)
        /// So many tenths of a percent of the production traffic go to green.
        case production(Int)
        /// So many of the request's minutes pass with both revisions running.
        case bake(Int)
        /// The revision without traffic is stopped; done when it is gone and the other is whole.
        case cleanUp

        var movesTraffic: Bool {
            switch self {
            case .settle, .test, .production: true
            case .pause, .scaleUp, .bake, .cleanUp: false
            }
        }
    }
}

extension ShiftStep {
    /// All traffic, in tenths of a percent: weights are multiples of 0.1. Source: API reference, LinearConfiguration.
    static var all: Int { 1000 }

    /// The whole way of a deployment. What waits between two shifts belongs to the stage of the shift.
    static func forward(_ plan: ShiftPlan) -> [ShiftStep] {
        var steps: [ShiftStep] = []
        // Only where a deployment starts with more than one revision active. Source: API reference, `lifecycleStage`.
        if plan.reconciles { steps.append(ShiftStep(stage: .reconcileService, work: .settle)) }
        steps += [
            ShiftStep(stage: .preScaleUp, work: .pause),
            ShiftStep(stage: .scaleUp, work: .scaleUp, callsHooks: false),
            ShiftStep(stage: .postScaleUp, work: .pause),
            ShiftStep(stage: .testTrafficShift, work: .test(all)),
            ShiftStep(stage: .postTestTrafficShift, work: .pause),
        ]
        for (index, weight) in plan.weights.enumerated() {
            // Before every shift, and its hooks and those of the shift are called each time.
            // Source: Developer Guide, "Amazon ECS linear deployments", lifecycle hooks.
            if plan.hasPreProductionHooks {
                steps.append(ShiftStep(stage: .preProductionTrafficShift, work: .pause))
            }
            steps.append(ShiftStep(stage: .productionTrafficShift, work: .production(weight)))
            // "This bake time is not applied after reaching 100 percent traffic." Source: API reference, LinearConfiguration.
            if index < plan.weights.count - 1 {
                steps.append(
                    ShiftStep(stage: .productionTrafficShift, work: .bake(plan.stepBakeMinutes), callsHooks: false))
            }
        }
        return steps + [
            ShiftStep(stage: .postProductionTrafficShift, work: .pause),
            ShiftStep(stage: .bakeTime, work: .bake(plan.bakeMinutes), callsHooks: false),
            ShiftStep(stage: .cleanUp, work: .cleanUp, callsHooks: false),
        ]
    }

    /// The way back: traffic first, then green is stopped. Hooks of both shifts are called again.
    /// Source: Developer Guide, "Lifecycle hooks": "When a roll back happens, Amazon ECS runs the lifecycle hooks" of these.
    static func back(productionMoved: Bool, testMoved: Bool) -> [ShiftStep] {
        var steps: [ShiftStep] = []
        if productionMoved { steps.append(ShiftStep(stage: .productionTrafficShift, work: .production(0))) }
        if testMoved { steps.append(ShiftStep(stage: .testTrafficShift, work: .test(0))) }
        steps.append(ShiftStep(stage: .cleanUp, work: .cleanUp, callsHooks: false))
        return steps
    }
}
