/// Bounds of what is read of a rollout, and of what is said about it.
enum Limits {
    /// Characters of one piece of evidence. The longest texts of ECS that were seen have about 500, of which the first
    /// 300 say everything; notes and statuses are read by people.
    static let evidenceLength = 300
    /// Pieces of evidence. Enough for the rollout's reason, an event and three tasks; more repeat each other.
    static let evidenceCount = 5
    /// Characters of ECS's own reason inside a sentence.
    static let quotationLength = 160
    /// Longest word that is dropped rather than cut where the middle of a reason is left out.
    static let cutWordLength = 20
    /// Characters of an image's name inside a sentence; with a digest a name can have 400, and its end matters less.
    static let imageLength = 200
    /// Characters of a reason or message that are read. What names a cause stands within the first few hundred.
    static let textLength = 2_000
    /// Stopped tasks that are looked at. DescribeTasks answers with at most 100.
    static let stoppedTasks = 100
    /// Containers of a stopped task that are looked at: those of its definition, and those that ECS adds beside them.
    static let taskContainers = 20
    /// Events that are looked at. ECS keeps the newest 100 of a service.
    static let events = 100
    /// Hooks of a deployment that are looked at. Several stages have a hook of their own; nobody has a hundred.
    static let hooks = 100

    /// Lines of a container's log that are looked at. A stack trace fits.
    static let logLines = 50
    /// Lines of a container's log that are shown: the last words, beside what ECS says.
    static let shownLogLines = 3
    /// Targets that are looked at. Those of one service fail alike.
    static let targets = 100
    /// Alarms that are looked at. Source: Developer Guide: a service has at most 100.
    static let alarms = 100
    /// A task that lived shorter, with no time allowed for its start, is taken as condemned too early: load balancers
    /// need one to two and a half minutes by default to call a target unhealthy.
    static let earlyLifetimeSeconds = 150

    // MARK: Time

    /// Shortest default timeout. Published breaker sequences took up to 21 minutes and 3 for the rollback.
    static let shortestTimeoutSeconds = 30 * 60
    /// Longest timeout, as for `mooring: {timeout}`: what takes longer is looked after by people.
    static let longestTimeoutSeconds = 48 * 3600
    /// From RunTask to RUNNING: address, image and start took 30 s in the published sequences, and a large image some
    /// minutes.
    static let taskStartSeconds = 120
    /// When a task without checks counts as healthy. Source: API model, `minimumHealthyPercent`.
    static let healthySeconds = 40
    /// Until a target is healthy: five checks of 30 s. Source: Elastic Load Balancing's defaults.
    static let targetHealthSeconds = 150
    /// Longest grace period that is counted: one day; the API takes 68 years.
    static let longestGraceSeconds = 86_400
    /// Tasks that ECS launches for a service in a minute. Source: Developer Guide, service quotas.
    static let tasksLaunchedPerMinute = 500
    /// Most tasks that are computed with: more than ECS runs in a service, and far from what would overflow.
    static let countedTasks = 1_000_000
    /// Longest bake of a step or a deployment. Source: API model, 0 to 1440 minutes.
    static let dayMinutes = 1440
    /// What is allowed for the bake that ECS computes from a service's alarms.
    static let alarmBakeMinutes = 15
    /// Longest run of a function. Source: Lambda's quotas.
    static let functionMinutes = 15
    /// Most containers of a task definition. Source: Developer Guide, service quotas.
    static let containers = 10
}
