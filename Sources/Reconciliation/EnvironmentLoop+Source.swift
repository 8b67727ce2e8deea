import MooringManifests
import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts

/// What is known of the repository.
struct SourceState: Sendable {
    /// The commit whose manifests are in `desired`.
    var head: CommitID?
    /// The commit that is being read.
    var reading: CommitID?
    var folderTree: ObjectID?
    var desired: DesiredState?
    /// Digest per service of what git wants.
    var digests: [ServiceKey: Digest] = [:]
    /// First-parent history of the head, newest first.
    var history: [CommitInfo] = []
    var wasForced = false
    /// The branch, the folder or the repository cannot be read.
    var isLost = false
    /// Answers that arrived for the commit being read.
    var snapshot: SourceSnapshot??
    var newHistory: [CommitInfo]?
}

extension EnvironmentLoop {
    mutating func completeSource(_ purpose: Purpose, _ result: EffectResult) {
        switch (purpose, result) {
        case (.changedSince(let report), .failed): resume(report, changed: [])
        case (.changedSince(let report), .paths(let paths)): resume(report, changed: paths)
        case (.changedPaths(let commit), .failed(let failure)):
            // Without the comparison the commit is taken to affect every service: too much said rather than too little.
            tellProblem(failure)
            takeChanges(source.desired?.services.flatMap(\.files) ?? [], of: commit)
        case (_, .failed(let failure)): loseSource(failure)
        case (.remoteHeads, .remoteHeads(let heads)): takeHeads(heads)
        case (.fetch, .fetched(let branch)): read(branch)
        case (.snapshot, .snapshot(let snapshot)):
            source.snapshot = .some(snapshot)
            finishReading()
        case (.history, .history(let commits)):
            source.newHistory = commits
            finishReading()
        case (.changedPaths(let commit), .paths(let paths)): takeChanges(paths, of: commit)
        default: preconditionFailure("an effect was completed with another effect's result")
        }
    }

    private mutating func takeHeads(_ heads: RemoteHeads) {
        guard let branch = heads.branch else {
            let cause =
                heads.isEmptyRepository
                ? "the repository has no commits yet." : "the repository has no branch '\(policy.branch)'."
            loseSource(
                Failure(
                    code: .notFound, subject: "branch '\(policy.branch)'", tried: "read", cause: cause,
                    remedy: "Push the branch, or name another one in the settings.",
                    disposition: .retry(after: nil)))
            return
        }
        if branch == source.head, source.desired != nil {
            regainSource()
            verify()
        } else {
            ask(.fetch, for: .fetch)
        }
    }

    private mutating func read(_ branch: FetchedBranch) {
        if branch.head == source.head, source.desired != nil {
            regainSource()
            verify()
            return
        }
        source.reading = branch.head
        source.wasForced = branch.wasForced
        source.snapshot = nil
        source.newHistory = nil
        ask(.snapshot(commit: branch.head, unless: source.folderTree), for: .snapshot)
        ask(.history(commit: branch.head, limit: Limits.reportedCommits), for: .history)
    }

    private mutating func finishReading() {
        guard let commit = source.reading, let snapshot = source.snapshot, let history = source.newHistory else {
            return
        }
        let previous = source.head
        source.head = commit
        source.reading = nil
        source.history = history
        // What git said before is told up to the head; there is another one now.
        observed.versions = [:]
        regainSource()
        if let info = history.first { tell(.headMoved(info, wasForced: source.wasForced)) }
        if let snapshot { take(snapshot) }
        completedUnderHead = 0
        rejectedUnderHead = []
        if previous == nil {
            recall()
        } else {
            noteIntermediateCommits(since: previous)
            ask(.changedPaths(old: previous, new: commit), for: .changedPaths(commit))
        }
    }

    /// Makes the snapshot the desired state, and marks what differs from before as to be planned.
    private mutating func take(_ snapshot: SourceSnapshot) {
        source.folderTree = snapshot.tree
        let desired = Manifests.desiredState(
            of: snapshot.files.map { ManifestInput(path: $0.path, bytes: $0.bytes) }, folder: policy.folder,
            refused: snapshot.refused.map { (path: $0.path, reason: $0.reason) },
            defaultCluster: policy.clusters.count == 1 ? policy.clusters.first : nil)
        let digests = Planner.digests(of: desired)
        for (key, digest) in digests where source.digests[key] != digest { unplanned.insert(key) }
        let names = Set(digests.keys)
        standings = standings.filter { names.contains($0.key) }
        unplanned.formIntersection(names)
        causes = causes.filter { digests[$0.key] == $0.value.digest }
        if source.desired?.findings != desired.findings { tell(.findings(desired.findings)) }
        source.digests = digests
        source.desired = desired
    }

    /// The repository cannot be read: what is known of it stays, what runs is still watched.
    private mutating func loseSource(_ failure: Failure) {
        inFlight = inFlight.filter { ![.snapshot, .history].contains($0.value) }
        blockage = failure
        if !source.isLost || problems["source"] != failure.code.rawValue {
            problems["source"] = failure.code.rawValue
            tell(.sourceLost(failure))
        }
        source.isLost = true
        source.reading = nil
        if source.desired == nil { endPass() } else { verify() }
    }

    private mutating func regainSource() {
        if source.isLost { tell(.recovered(subject: "source")) }
        source.isLost = false
        problems["source"] = nil
    }

    /// Opens the report of a commit that touches these paths.
    private mutating func takeChanges(_ paths: [TreePath], of commit: CommitID) {
        openReport(on: commit, changed: paths)
        verify()
    }
}
