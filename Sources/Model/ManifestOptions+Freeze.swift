extension EnvironmentOptions {
    /// The freeze that `now` lies in, the one that ends last where there are several; nil where there is none.
    package func freeze(at now: Timestamp) -> FreezeWindow? {
        freeze.filter { now < $0.until && $0.from.map { $0 <= now } ?? true }.max { $0.until < $1.until }
    }
}
