import MooringModel
import MooringShapes

/// What is wrong between a service and its automatic scaling.
enum ScalingFit {
    static func findings(about manifest: Manifest) -> [Finding] {
        guard manifest.options.isScaled else { return [] }
        if manifest.input["schedulingStrategy"]?.text == "DAEMON" {
            // Source: Developer Guide, service auto scaling: the count of DAEMON services is that of the instances.
            return [
                manifest.finding(
                    .error, "scaling-daemon", member: "schedulingStrategy",
                    "A DAEMON service has one task on every instance, and no count that could be scaled. Remove "
                        + "'mooring: {autoscaling: …}', or use REPLICA.")
            ]
        }
        guard let value = manifest.input["desiredCount"], let count = value.integer,
            let target = manifest.options.options.autoscaling?.target, let least = target["MinCapacity"]?.integer,
            let most = target["MaxCapacity"]?.integer, least <= most, !(least...most).contains(count)
        else { return [] }
        return [
            manifest.finding(
                .warning, "count-outside-band", member: "desiredCount",
                "desiredCount is \(count), and Application Auto Scaling keeps the count between \(least) and \(most). Choose "
                    + "one within, or leave 'desiredCount' out: a new service then begins with \(least).")
        ]
    }
}
