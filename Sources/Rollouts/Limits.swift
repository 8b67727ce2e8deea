/// Bounds of what a diagnosis carries.
enum Limits {
    /// Characters of one piece of evidence. The longest texts of ECS that were seen have about 500, of which the first
    /// 300 say everything; notes and statuses are read by people.
    static let evidenceLength = 300
    /// Pieces of evidence. Enough for the rollout's reason, an event and three tasks; more repeat each other.
    static let evidenceCount = 5
    /// Characters of ECS's own reason inside a sentence.
    static let quotationLength = 160
    /// Characters of an image's name inside a sentence; with a digest a name can have 400, and its end matters less.
    static let imageLength = 200
    /// Characters of a reason or message that are read. What names a cause stands within the first few hundred.
    static let textLength = 2_000
    /// Stopped tasks that are looked at. DescribeTasks answers with at most 100.
    static let stoppedTasks = 100
    /// Events that are looked at. ECS keeps the newest 100 of a service.
    static let events = 100
}
