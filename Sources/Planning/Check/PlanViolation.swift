package import MooringModel
package import MooringNames

/// What no plan may do, found in one that does it. A defect of Mooring, never of a manifest: such a plan is reported and
/// not performed.
package enum PlanViolation: Hashable, Sendable {
    // MARK: Whether anything may be written

    /// The environment only observes.
    case writesWhileObserving(StepID)
    /// The credentials belong to another account, or nobody has asked whose they are (nil).
    case writesToOtherAccount(StepID, expected: AccountID, actual: AccountID?)
    /// The environment does not name the cluster.
    case writesToForeignCluster(StepID, ClusterName)
    /// Environment or service are paused or frozen.
    case writesWhilePaused(StepID, why: String)
    /// Values of the service are not known yet.
    case writesUnresolved(StepID)
    /// Git has no such service or family.
    case notInGit(StepID)

    // MARK: Whose it is

    /// A service is changed that has not been read, or that does not exist.
    case changesUnseen(StepID)
    /// A service is created that exists, or of which nobody knows whether it does.
    case createsOverExisting(StepID)
    /// Another environment's tag is on the service.
    case ownedByEnvironment(StepID, String)
    /// CloudFormation manages the service, and the manifest does not say `shared`.
    case ownedByCloudFormation(StepID, stack: String)
    /// The service has no owner, and nobody said that it may be taken over.
    case notAdopted(StepID)
    /// Nobody may change the service this way: it drains, or its deployments are made elsewhere.
    case notChangeable(StepID, why: String)
    /// An adopted service is changed before our tag is on it.
    case changedBeforeMarked(StepID)
    /// What is made does not carry our tag.
    case unmarked(StepID)
    /// The tag of an owner other than this environment is written.
    case foreignMark(StepID, String)
    /// The tags go to another resource than the service.
    case wrongResource(StepID, arn: String)
    /// One tag is given twice.
    case repeatedTag(StepID, key: String)
    /// A tag is taken off that git never gave, or still gives.
    case untagsForeign(StepID, key: String)
    /// Deletes something of Application Auto Scaling that git has, or never had.
    case deletesForeignScaling(StepID, name: String)
    /// Starts a one-off task without the names by which it is found and not repeated.
    case runWithoutName(StepID)
    /// Starts a one-off task that may run already, or may have run.
    case runTwice(StepID, why: String)

    // MARK: Order

    case repeatedStep(StepID)
    /// A step waits for one that does not stand before it.
    case prerequisiteNotBefore(StepID, prerequisite: StepID)
    /// One service is created or updated by two steps: two calls make two deployments.
    case writtenTwice(ServiceKey)
    /// A step needs a revision whose registration it does not wait for.
    case unregistered(StepID, Digest)

    // MARK: Revisions

    case registeredTwice(Family)
    /// A revision with this content is known and can be used.
    case registeredAlready(StepID, Revision)
    /// What is registered is not what git says, or its digest is not that of its content.
    case contentNotFromGit(StepID)
    /// No step uses the revision.
    case registeredForNothing(StepID)
    /// The revision is not one of the task definition that the manifest names; nil where none is given.
    case wrongRevision(StepID, Revision?)
    /// The revision has been deregistered.
    case inactiveRevision(StepID, Revision)

    // MARK: Bounds

    case tooManyCreations(count: Int, limit: Int)
    case tooManyRollouts(count: Int, window: Int)
    /// Too many rollouts of this commit have failed.
    case startedAfterFailures(StepID, failures: Int)

    /// More services that left git are touched than the fuse lets pass.
    case tooManyRemovals(count: Int, limit: Int)
    /// A service that git has is deleted, and its manifest does not say `replace`.
    case deletesWithoutWord(StepID)
    /// A service is deleted that still runs tasks.
    case deletesRunning(StepID)

    // MARK: Input

    /// UpdateService has no such member, or only a new service can have another one.
    case memberNotUpdatable(StepID, member: String)
    /// The member is not sent as git has it.
    case valueNotFromGit(StepID, member: String)
    /// Daemons have no desired count.
    case countOfDaemon(StepID)
    /// Application Auto Scaling moves the count, or may do so.
    case countOfScaled(StepID)
    /// ECS refuses a change of the member without `forceNewDeployment`.
    case forceMissing(StepID, member: String)
    /// A deployment is forced without a word for it.
    case forcedWithoutWord(StepID)
    /// An update that changes nothing.
    case emptyUpdate(StepID)

    // MARK: Time

    /// ECS's answers cannot be believed yet, or a retry is not due.
    case writtenTooEarly(StepID)
    /// ECS refused this very write for good.
    case refusedBefore(StepID)
    /// ECS rolled this very change back.
    case rejectedBefore(StepID)
    /// Nobody asked ECS whether it rejected the change before.
    case rejectionNotAsked(StepID)

    // MARK: Accounts of services

    case standingTwice(ServiceKey)
    /// The standing of a service that git does not have.
    case standingWithoutService(ServiceKey)
    case serviceWithoutStanding(ServiceKey)
    /// The standing does not say that a step changes the service.
    case stepAgainstStanding(StepID)
    /// The standing promises a change that no step makes.
    case changingWithoutStep(ServiceKey)
    /// A difference is withheld and no sentence says why, or the list of what is withheld does not have it.
    case withheldWithoutReason(ServiceKey)
    /// Something is withheld of a service that git does not have.
    case withheldWithoutService(ServiceKey)
}

extension PlanViolation {
    /// What is wrong, in one sentence.
    package var sentence: String {
        switch self {
        case .writesWhileObserving, .writesToOtherAccount, .writesToForeignCluster, .writesWhilePaused,
            .writesUnresolved, .notInGit:
            sentenceOnPermission
        case .changesUnseen, .createsOverExisting, .ownedByEnvironment, .ownedByCloudFormation, .notAdopted,
            .notChangeable, .changedBeforeMarked, .unmarked, .foreignMark, .wrongResource, .repeatedTag,
            .untagsForeign, .deletesForeignScaling, .runWithoutName, .runTwice:
            sentenceOnOwnership
        case .repeatedStep, .prerequisiteNotBefore, .writtenTwice, .unregistered, .registeredTwice, .registeredAlready,
            .contentNotFromGit, .registeredForNothing, .wrongRevision, .inactiveRevision:
            sentenceOnOrder
        case .tooManyCreations, .tooManyRollouts, .startedAfterFailures, .tooManyRemovals, .deletesWithoutWord,
            .deletesRunning, .memberNotUpdatable, .valueNotFromGit,
            .countOfDaemon, .countOfScaled, .forceMissing, .forcedWithoutWord, .emptyUpdate:
            sentenceOnInput
        case .writtenTooEarly, .refusedBefore, .rejectedBefore, .rejectionNotAsked, .standingTwice,
            .standingWithoutService, .serviceWithoutStanding, .stepAgainstStanding, .changingWithoutStep,
            .withheldWithoutReason, .withheldWithoutService:
            sentenceOnAccounts
        }
    }

    private var sentenceOnPermission: String {
        switch self {
        case .writesWhileObserving(let step):
            "Step '\(step)' writes although the environment only observes."
        case .writesToOtherAccount(let step, let expected, let actual):
            "Step '\(step)' writes with credentials of account \(actual?.text ?? "unknown"), not of \(expected)."
        case .writesToForeignCluster(let step, let cluster):
            "Step '\(step)' writes to cluster '\(cluster)', which the environment does not name."
        case .writesWhilePaused(let step, let why):
            "Step '\(step)' writes although it is paused\(why.isEmpty ? "" : ": \(why)")."
        case .writesUnresolved(let step): "Step '\(step)' writes although values of the manifest are not known yet."
        case .notInGit(let step): "Step '\(step)' is for something that git does not have."
        default: ""
        }
    }

    private var sentenceOnOwnership: String {
        switch self {
        case .changesUnseen(let step): "Step '\(step)' changes a service that was not seen to exist."
        case .createsOverExisting(let step): "Step '\(step)' creates a service that was not seen to be missing."
        case .ownedByEnvironment(let step, let owner):
            "Step '\(step)' writes to a service of the environment '\(owner)'."
        case .ownedByCloudFormation(let step, let stack):
            "Step '\(step)' writes to a service of the CloudFormation stack '\(stack)' that is not shared."
        case .notAdopted(let step): "Step '\(step)' writes to a service that was not adopted."
        case .notChangeable(let step, let why): "Step '\(step)' writes to a service that must be left alone: \(why)."
        case .changedBeforeMarked(let step): "Step '\(step)' changes an adopted service before our tag is on it."
        case .unmarked(let step): "Step '\(step)' makes something that does not carry the tag mooring:environment."
        case .foreignMark(let step, let owner): "Step '\(step)' writes the tag of another owner, '\(owner)'."
        case .wrongResource(let step, let arn): "Step '\(step)' tags '\(arn)', which is not its service."
        case .repeatedTag(let step, let key): "Step '\(step)' gives the tag '\(key)' twice."
        case .runWithoutName(let step): "Step '\(step)' starts a task without the names of its digest."
        case .runTwice(let step, let why): "Step '\(step)' may run a task a second time: \(why)."
        case .deletesForeignScaling(let step, let name):
            "Step '\(step)' deletes '\(name)' of Application Auto Scaling, which is not git's to delete."
        case .untagsForeign(let step, let key): "Step '\(step)' takes off the tag '\(key)', which is not git's to take."
        default: ""
        }
    }

    private var sentenceOnOrder: String {
        switch self {
        case .repeatedStep(let step): "There are several steps '\(step)'."
        case .prerequisiteNotBefore(let step, let prerequisite):
            "Step '\(step)' waits for '\(prerequisite)', which does not stand before it."
        case .writtenTwice(let key): "Several steps create or update '\(key)': each would start a deployment."
        case .unregistered(let step, let digest):
            "Step '\(step)' needs revision \(digest.short) and does not wait for its registration."
        case .registeredTwice(let family): "Several steps register '\(family)'."
        case .registeredAlready(let step, let revision):
            "Step '\(step)' registers what revision \(revision) holds already."
        case .contentNotFromGit(let step): "Step '\(step)' registers something else than git says."
        case .registeredForNothing(let step): "Step '\(step)' registers a revision that no step uses."
        case .wrongRevision(let step, let revision):
            "Step '\(step)' uses \(revision.map { "revision \($0)" } ?? "no revision"), not what its manifest names."
        case .inactiveRevision(let step, let revision): "Step '\(step)' uses revision \(revision), which is inactive."
        default: ""
        }
    }

    private var sentenceOnInput: String {
        switch self {
        case .tooManyCreations(let count, let limit): "\(count) services are created, more than the limit of \(limit)."
        case .tooManyRollouts(let count, let window): "\(count) rollouts would be under way, more than \(window)."
        case .startedAfterFailures(let step, let failures):
            "Step '\(step)' goes on although \(failures) rollouts have failed."
        case .tooManyRemovals(let count, let limit): "\(count) services are removed, more than the limit of \(limit)."
        case .deletesWithoutWord(let step): "Step '\(step)' deletes a service that git has and does not let replace."
        case .deletesRunning(let step): "Step '\(step)' deletes a service that still runs tasks."
        case .memberNotUpdatable(let step, let member):
            "Step '\(step)' sends '\(member)', which UpdateService cannot change."
        case .valueNotFromGit(let step, let member): "Step '\(step)' does not send '\(member)' as git has it."
        case .countOfDaemon(let step): "Step '\(step)' sends a desired count for a daemon service."
        case .countOfScaled(let step):
            "Step '\(step)' sends a desired count that Application Auto Scaling moves, or may move."
        case .forceMissing(let step, let member):
            "Step '\(step)' changes '\(member)' without 'forceNewDeployment', which ECS refuses."
        case .forcedWithoutWord(let step): "Step '\(step)' forces a deployment that nobody asked for."
        case .emptyUpdate(let step): "Step '\(step)' changes nothing."
        default: ""
        }
    }

    private var sentenceOnAccounts: String {
        switch self {
        case .writtenTooEarly(let step): "Step '\(step)' writes before ECS's answers can be believed or a retry is due."
        case .refusedBefore(let step): "Step '\(step)' repeats a write that ECS refused for good."
        case .rejectedBefore(let step): "Step '\(step)' repeats a change that ECS rolled back."
        case .rejectionNotAsked(let step): "Step '\(step)' does not know whether ECS rolled its change back before."
        case .standingTwice(let key): "There are several standings of '\(key)'."
        case .standingWithoutService(let key): "There is a standing of '\(key)', which git does not have."
        case .serviceWithoutStanding(let key): "Nothing says where '\(key)' stands."
        case .stepAgainstStanding(let step): "Step '\(step)' changes a service that is not said to change."
        case .changingWithoutStep(let key): "'\(key)' is said to change, and no step changes it."
        case .withheldWithoutReason(let key): "A difference of '\(key)' is withheld without a reason."
        case .withheldWithoutService(let key): "Something is withheld of '\(key)', which git does not have."
        default: ""
        }
    }
}
