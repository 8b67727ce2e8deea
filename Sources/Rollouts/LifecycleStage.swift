/// A stage of a service deployment, compared by position: what comes later is further on.
///
/// Source: API model, enums ServiceDeploymentLifecycleStage and DeploymentLifecycleHookStage, in the order in which the
/// documentation of ServiceDeployment's `lifecycleStage` describes them. The former does not list
/// PRE_PRODUCTION_TRAFFIC_SHIFT, its documentation and the latter do. LINEAR and CANARY go through the two stages of the
/// shift once a step, so that the position may go back by one while they last.
package enum LifecycleStage: String, Hashable, Sendable, CaseIterable, Comparable {
    /// More than one revision was active when the deployment began.
    case reconcileService = "RECONCILE_SERVICE"
    case preScaleUp = "PRE_SCALE_UP"
    case scaleUp = "SCALE_UP"
    case postScaleUp = "POST_SCALE_UP"
    case testTrafficShift = "TEST_TRAFFIC_SHIFT"
    case postTestTrafficShift = "POST_TEST_TRAFFIC_SHIFT"
    case preProductionTrafficShift = "PRE_PRODUCTION_TRAFFIC_SHIFT"
    case productionTrafficShift = "PRODUCTION_TRAFFIC_SHIFT"
    /// From here on the production traffic is ours.
    case postProductionTrafficShift = "POST_PRODUCTION_TRAFFIC_SHIFT"
    case bakeTime = "BAKE_TIME"
    case cleanUp = "CLEAN_UP"

    /// Counted from 0.
    package var position: Int {
        switch self {
        case .reconcileService: 0
        case .preScaleUp: 1
        case .scaleUp: 2
        case .postScaleUp: 3
        case .testTrafficShift: 4
        case .postTestTrafficShift: 5
        case .preProductionTrafficShift: 6
        case .productionTrafficShift: 7
        case .postProductionTrafficShift: 8
        case .bakeTime: 9
        case .cleanUp: 10
        }
    }

    package static func < (left: LifecycleStage, right: LifecycleStage) -> Bool { left.position < right.position }

    /// Whether production traffic has been shifted when a deployment is here.
    package var isPastShift: Bool { self >= .postProductionTrafficShift }
}
