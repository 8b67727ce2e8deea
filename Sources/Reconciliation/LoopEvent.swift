package import MooringModel
package import MooringNames
package import MooringPorts

/// Something worth telling: what the log, the terminal and `sync` are made of. Each is said once, when it happens.
package enum LoopEvent: Hashable, Sendable {
    /// The branch stands at a commit that was not seen before.
    case headMoved(CommitInfo, wasForced: Bool)
    /// What is wrong with the manifests of the head commit and was not at the one before; never empty.
    case findings([MooringModel.Finding])
    /// The source cannot be read; what runs stays as it is.
    case sourceLost(Failure)
    /// Something outside does not work. Said when it begins and when its kind changes, not at every try.
    case problem(Failure, of: String)
    /// What was told as a problem of this subject works again.
    case recovered(subject: String)
    /// The first writes of the process wait so long. Said once.
    case pausing(Duration)
    /// A service that existed carries this environment's tag now.
    case adopted(ServiceKey)
    /// A step is performed now.
    case stepStarted(Step)
    /// A step is done; for registrations and updates with what ECS made of it.
    case stepDone(Step, result: String)
    /// A step failed; the others go on.
    case stepFailed(Step, Failure)
    /// A service stands elsewhere than before, progress included.
    case standing(ServiceStanding)
    /// A service keeps its difference.
    case withheld(Withheld)
    /// A one-off task stands elsewhere than before, progress included.
    case run(RunStanding)
    /// A service that left git stands elsewhere than before.
    case leaving(LeavingService)
    /// Something to know about a service beside its difference.
    case remark(Remark)
    /// A commit's report began, changed its sync state, or ended.
    case report(CommitReport)
    /// What an earlier process reported of the newest commits, oldest first. Told once, after the start.
    case recalled([CommitReport])
    /// The note of these commits has reached the server.
    case notesPushed([CommitID])
    /// A pass is over. `isSettled`: the head commit's report has ended and nothing waits to be sent.
    case passEnded(number: Int, isSettled: Bool)
}
