/// CloudWatch alarms as the scenario has them.
extension World {
    /// Whether one of these alarms is in ALARM now.
    func isInAlarm(_ names: [String]) -> Bool {
        scenario.alarms.contains { alarm in
            names.contains(alarm.name) && now >= (alarm.from ?? .min) && now < (alarm.until ?? .max)
        }
    }

    /// When these alarms go off, in the scenario's order; those without a beginning did before everything.
    func alarmTimes(of names: [String]) -> [Int64] {
        scenario.alarms.filter { names.contains($0.name) }.compactMap(\.from)
    }
}
