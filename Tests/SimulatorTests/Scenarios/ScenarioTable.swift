import Testing

/// What AWS documents about deployments, row by row.
enum ScenarioTable {
    /// The parts, each in a file of its own.
    static let all: [ScenarioRow] =
        percentages + breaker + rollouts + rollbacks + failures + health + placement + capacity + counting
        + daemons + strict + alarms + deletion + hands + protection + TrafficShiftTable.all
}

@Suite struct ScenarioTableTests {
    @Test(arguments: ScenarioTable.all)
    func `a documented scenario runs as documented`(row: ScenarioRow) throws {
        _ = try ScenarioRun.events(of: row)
    }

    @Test func `no two rows have one name`() {
        let names = ScenarioTable.all.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
