/// The bounds of the loop, each with its reason.
package enum Limits {
    /// How long a read may lag behind a write before "not found" is believed. AWS names no figure; field reports speak of
    /// seconds (ecs-api.md section 5), so five, and registrations wait as long after a start.
    package static let readLag: Duration = .seconds(5)
    /// Services a DescribeServices call takes. Source: API reference.
    package static let servicesPerDescribe = 10
    /// Resource ids a DescribeScalableTargets call takes. Source: API reference.
    package static let scalableTargetsPerDescribe = 50
    /// Policies, and scheduled actions, that are read of one scalable target. Its quotas are 50 and 200.
    /// Source: AWS General Reference, Application Auto Scaling quotas.
    static let scalingParts = 250
    /// Parameters that a GetParameters call takes. Source: API reference of Systems Manager.
    package static let parametersPerCall = 10
    /// Rounds of "plan, read what is missing" in one pass. Each round answers one kind of fact, there are nine, and a
    /// revision may be looked for in three places; more would be a planner that never makes up its mind.
    package static let planningRounds = 14
    /// Calls about tags of images in one look at everything: five seconds at most of our share of the registry's bucket, so that
    /// no commit waits longer. What is left has its turn in the next one, six hundred repositories an hour.
    static let registryCalls = 50
    /// The same where a person asks for a plan, once, and can wait.
    package static let registryCallsOfPlan = 200
    /// How long what a tag stood for is remembered when nothing asks for it any more.
    static let rememberedTags: Duration = .seconds(24 * 3600)
    /// Times that a service's records are asked for before the service's own deployments have to do.
    package static let recordTries = 3
    /// Passes that `mooring sync` makes against a source that cannot be read before it gives up: enough for a hiccup.
    package static let triesOfOneSync = 3
    /// Commits of the branch that reports are kept for. What lies further back has ended or is never looked at.
    package static let reportedCommits = 50
    /// Versions of a manifest that are looked at from the commit on that was last reached. Between two rollouts there are one or
    /// two; more pile up only where nothing is rolled out for long.
    package static let versions = 50
    /// Whole folders at earlier commits kept in memory: they are read for services that moved between files, which a commit
    /// does to many at once, or to none.
    package static let rememberedFolders = 4
    /// Descriptions of revisions kept in memory: 64 KB at most each, mostly 3 KB.
    package static let rememberedRevisions = 2_000
    /// Stopped tasks listed and described at once to find the cause of a failure. Source: API reference, ListTasks and
    /// DescribeTasks take 100.
    package static let stoppedTasks = 100
    /// Pages of stopped tasks looked through for those of the failed revision: ECS lists them in no order, and those of earlier
    /// failures are among them for an hour.
    package static let stoppedTaskPages = 5
    /// Target groups of a failed service whose targets are looked at: a service has five at most, and one shows the trouble.
    package static let examinedTargetGroups = 2
    /// Targets of one group that are looked at. The balancer lists them all, hundreds in some groups.
    package static let examinedTargets = 100
    /// Containers of a stopped task whose logs are read: the one that failed first drags others along.
    package static let examinedLogs = 2
    /// Lines read of each log.
    package static let logLines = 30
    /// Longest wait between two tries while something outside is broken.
    package static let longestBackoff: Duration = .seconds(300)
    /// Shortest time between two statuses of one commit that differ only in progress. GitHub takes 1,000 per context.
    package static let statusInterval: Duration = .seconds(15)
    /// How long after a commit was first seen a service that runs fewer tasks than are wanted is told of in its report: ECS starts
    /// or gives up on tasks within minutes, and what goes up and down later is not the commit's doing.
    package static let shortfallWindow: Duration = .seconds(600)
    /// Shortest time between two notes on one commit that differ only in what has begun: a note of 5,000 services has half a
    /// megabyte, and every one stays in the repository.
    package static let noteInterval: Duration = .seconds(60)
    /// Between two looks at everything while services that left git are being removed: tasks take half a minute to stop.
    package static let removalInterval: Duration = .seconds(15)
    /// Services that a ListServices call lists. Source: API reference.
    package static let servicesPerList = 100
    /// Pages of services that are listed: 5,000 services a cluster is ECS's own quota.
    package static let servicePages = 100
    /// Wait after a failed step that may be tried again.
    package static let stepRetry: Duration = .seconds(5)
    /// Wait after reports could not be sent, doubled up to `longestBackoff`.
    package static let reportRetry: Duration = .seconds(5)
    /// Services of a commit that have checks of their own where asked for: GitHub's secondary limit is 500 posts an hour, and
    /// each has two states, on the commit and on its pull request.
    static let serviceStatuses = 50
    /// Findings that are shown beside their lines: GitHub takes 50 a call.
    static let annotations = 200
    /// Open pull requests that are looked at, those touched last first: one page of every host.
    static let openProposals = 100
    /// Heads whose pending check is remembered, so that it ends where they are closed before they are planned.
    static let pendingProposals = 200
    /// Pull requests that are planned in one look; each takes a handful of AWS calls, and a merge makes all of them due again.
    static let proposalsPerLook = 20
    /// Between two looks while some are left.
    static let proposalPause: Duration = .seconds(5)
}
