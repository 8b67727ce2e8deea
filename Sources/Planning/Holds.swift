import MooringModel
import MooringNames
import MooringShapes

/// Why a service is left alone just now, from whoever says so: its manifest, the environment, or a tag.
struct Holds {
    let policy: PlanningPolicy
    let observed: Observed

    /// The reason, nil where nothing holds.
    func reason(for service: DesiredService) -> Withheld.Reason? {
        guard let hold = Hold.hold(windows(for: service), at: policy.wall), let first = hold.windows.first else {
            return nil
        }
        let why = hold.sentence + " " + hold.remedy
        return first.kind == .freeze ? .frozen(until: hold.until, why: why) : .paused(why: why)
    }

    private func windows(for service: DesiredService) -> [HoldWindow] {
        var windows = policy.holds + service.options.holds
        // Manifests that were read with the environment's pause carry it as well; it is told once.
        let isPaused = windows.contains { $0.kind == .pause }
        if !isPaused, let reason = service.options.pause {
            windows.append(HoldWindow(kind: .pause, source: .manifest, until: nil, reason: reason))
        }
        if case .known(let live) = observed.services[service.key], let value = live.tag(PauseTag.key) {
            windows.append(
                PauseTag.window(value, source: .serviceTag, subject: "service \(service.key)").window)
        }
        if case .known(let cluster) = observed.clusters[service.key.cluster],
            let value = cluster["tags"]?.elements?.first(where: { $0["key"]?.text == PauseTag.key })?["value"]?.text
        {
            windows.append(
                PauseTag.window(value, source: .clusterTag, subject: "cluster \(service.key.cluster)").window)
        }
        return windows
    }
}
