import MooringModel
import MooringPlanning
import MooringPorts

/// Tags of images that moved: told, and never acted on.
extension EnvironmentLoop {
    /// Notes when something was asked about images, so that it is not asked again soon.
    mutating func noteImages(_ observation: Observation) {
        guard observation.isAboutImages else { return }
        registryCalls += 1
        switch observation {
        case .registryTags(let tags): for tag in tags { observed.images.askedTags[tag] = now.uptime }
        case .runningImages(let arns): for arn in arns { observed.images.askedRunning[arn] = now.uptime }
        default: break
        }
    }

    /// Forgets what was learnt about images that nothing names any more, before everything is read anew.
    mutating func forgetImages() {
        // Before anything has been read, nothing is known of images.
        if observed.services.isEmpty { return }
        let current = observed.services.values.compactMap { reading in
            if case .known(let live) = reading { live.primaryServiceRevision } else { nil }
        }
        observed.images.forget(
            revisionsExcept: Set(current), tagsAskedBefore: now.uptime - Limits.rememberedTags)
    }

    /// Of a tag that has moved back, or whose new image was deployed, nothing is left to be said: should it move once more, that is
    /// news.
    mutating func forgetMovedTags(_ plan: Plan) {
        let moved = Set(
            plan.remarks.filter { if case .tagsMoved = $0.kind { true } else { false } }.map(\.key))
        for standing in plan.standings where standing.state == .synced && !moved.contains(standing.key) {
            book.toldWithheld["remark \(standing.key) tags-moved"] = nil
        }
    }
}
