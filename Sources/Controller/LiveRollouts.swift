import MooringModel
import MooringNames
import Synchronization

/// The rollouts under way, for the foot of a terminal.
final class LiveRollouts: Sendable {
    private struct Place: Hashable, Comparable {
        let environment: EnvironmentName
        let key: ServiceKey
        static func < (left: Place, right: Place) -> Bool {
            (left.environment, left.key) < (right.environment, right.key)
        }
    }

    private struct Rollout {
        var progress: String
        let since: Duration
    }

    private let console: Console
    private let clock = SystemClock()
    private let rollouts = Mutex<[Place: Rollout]>([:])

    init(console: Console) { self.console = console }

    /// Takes where a service stands now.
    func take(_ standing: ServiceStanding, of environment: EnvironmentName) {
        let place = Place(environment: environment, key: standing.key)
        let progress: String? =
            switch standing.state {
            case .rolling(let progress): progress
            case .rollingBack(let reason): "rolling back: \(reason)"
            default: nil
            }
        let now = clock.uptime
        rollouts.withLock { rollouts in
            guard let progress else {
                rollouts[place] = nil
                return
            }
            rollouts[place] = Rollout(progress: progress, since: rollouts[place]?.since ?? now)
        }
        draw()
    }

    /// Draws all of them with the seconds that they have taken.
    func draw() {
        let now = clock.uptime
        let live = rollouts.withLock { rollouts in
            rollouts.sorted { $0.key < $1.key }.map { place, rollout in
                LiveProgress(
                    environment: "\(place.environment)", service: "\(place.key)", progress: rollout.progress,
                    seconds: (now - rollout.since).components.seconds)
            }
        }
        console.show(live)
    }

    func clear() { console.show([]) }
}
