import MooringManifests
package import MooringModel
import MooringNames
import MooringPlanning
import MooringPorts
import MooringPresentation

/// What is known of the repository.
struct SourceState: Sendable {
    /// The commit whose manifests are in `desired`.
    var head: CommitID?
    /// The commit that is being read, and what has arrived of it.
    var reading: SourceReading?
    var folderTree: ObjectID?
    /// The files outside of the folder that its manifests build upon; no id where there is no such file.
    var otherFiles: [TreePath: ObjectID?] = [:]
    var desired: DesiredState?
    /// What `desired` is made of, kept where parameters may give it other values.
    var collection: ManifestCollection?
    /// What is known of the parameters that it needs.
    var parameters: [String: ParameterReading] = [:]
    /// The commit for which they were asked for last.
    var resolvedHead: CommitID?
    /// Digest per service of what git wants.
    var digests: [ServiceKey: Digest] = [:]
    /// The same per one-off task.
    var runDigests: [OrderNode: Digest] = [:]
    /// First-parent history of the head, newest first.
    var history: [CommitInfo] = []
    var wasForced = false
    /// The branch, the folder or the repository cannot be read.
    var isLost = false
    /// The commits without a folder that were reported since it was last there.
    var folderless: Set<CommitID> = []

    /// The paths of `otherFiles`, in order.
    var otherPaths: [TreePath] { otherFiles.keys.sorted() }
}

/// A commit on its way to being the desired state.
struct SourceReading: Sendable {
    let commit: CommitID
    let wasForced: Bool
    /// Nil until it has arrived; then nil where the folder is what it was.
    var snapshot: SourceSnapshot??
    var collection: ManifestCollection?
    /// Files outside of the folder, as far as they were asked for.
    var files: [TreePath: RequestedFile] = [:]
    var isWaitingForFiles = false
    var history: [CommitInfo]?
    /// The files that the history was asked about.
    var historyPaths: [TreePath] = []
}

extension EnvironmentLoop {
    mutating func completeSource(_ purpose: Purpose, _ result: EffectResult) {
        switch (purpose, result) {
        case (.changedSince(let report), .failed): resume(report, changed: [])
        case (.changedSince(let report), .paths(let paths)): resume(report, changed: paths)
        case (.changedPaths(let commit), .failed(let failure)):
            // Without the comparison the commit is taken to affect every service: too much said rather than too little.
            tellProblem(failure, of: .passing("the changes of a commit"))
            takeChanges(source.desired?.services.flatMap(\.files) ?? [], of: commit)
        case (.snapshot, .failed(let failure)):
            reportMissingFolder(failure)
            loseSource(failure)
        case (_, .failed(let failure)): loseSource(failure)
        case (.remoteHeads, .remoteHeads(let heads)): takeHeads(heads)
        case (.fetch, .fetched(let branch)): read(branch)
        case (.snapshot, .snapshot(let snapshot)):
            source.reading?.snapshot = .some(snapshot)
            goOnReading()
        case (.files, .files(let files)):
            for file in files { source.reading?.files[file.path] = file }
            source.reading?.isWaitingForFiles = false
            goOnReading()
        case (.history, .history(let commits)):
            source.reading?.history = commits
            goOnReading()
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
        var reading = SourceReading(commit: branch.head, wasForced: branch.wasForced)
        ask(.snapshot(commit: branch.head, unless: source.folderTree), for: .snapshot)
        if !source.otherFiles.isEmpty {
            ask(.files(commit: branch.head, paths: source.otherPaths), for: .files)
            reading.isWaitingForFiles = true
        }
        source.reading = reading
        askForHistory(with: source.otherPaths)
    }

    private mutating func askForHistory(with paths: [TreePath]) {
        guard let commit = source.reading?.commit else { return }
        source.reading?.history = nil
        source.reading?.historyPaths = paths
        ask(.history(commit: commit, others: paths, limit: Limits.reportedCommits), for: .history)
    }

    /// Goes on when an answer has arrived: asks for what is missing, until nothing is.
    private mutating func goOnReading() {
        guard var reading = source.reading, let answer = reading.snapshot, !reading.isWaitingForFiles else { return }
        if let snapshot = answer {
            var collection = reading.collection ?? collection(of: snapshot)
            collection.add(reading.files.values.sorted { $0.path < $1.path })
            reading.collection = collection
            source.reading = reading
            let missing = collection.neededFiles
            if !missing.isEmpty {
                source.reading?.isWaitingForFiles = true
                return ask(.files(commit: reading.commit, paths: missing), for: .files)
            }
        } else if source.otherFiles.contains(where: { reading.files[$0.key]?.blob != $0.value }) {
            // The folder is what it was, but not what its manifests build upon.
            source.reading?.snapshot = nil
            return ask(.snapshot(commit: reading.commit, unless: nil), for: .snapshot)
        }
        guard let history = reading.history else { return }
        let paths = reading.collection?.otherFiles ?? source.otherPaths
        if paths != reading.historyPaths { return askForHistory(with: paths) }
        finish(reading, history)
    }

    private func collection(of snapshot: SourceSnapshot) -> ManifestCollection {
        ManifestCollection(
            of: snapshot.files.map { ManifestInput(path: $0.path, bytes: $0.bytes) }, folder: policy.folder,
            refused: snapshot.refused.map { (path: $0.path, reason: $0.reason) },
            defaultCluster: policy.clusters.count == 1 ? policy.clusters.first : nil)
    }

    private mutating func finish(_ reading: SourceReading, _ history: [CommitInfo]) {
        let previous = source.head
        source.head = reading.commit
        source.wasForced = reading.wasForced
        source.reading = nil
        source.history = history
        // What git said before is told up to the head; there is another one now.
        observed.versions = [:]
        regainSource()
        if let info = history.first { tell(.headMoved(info, wasForced: source.wasForced)) }
        let digests = source.digests
        let before = standings
        if let snapshot = reading.snapshot ?? nil, let collection = reading.collection {
            source.folderTree = snapshot.tree
            take(collection, files: reading.files)
        }
        keepStop(digests)
        noteStaying(before)
        completedUnderHead = 0
        (timedUnderHead, durationUnderHead) = (0, .zero)
        rejectedUnderHead = []
        if previous == nil {
            recall()
        } else {
            noteIntermediateCommits(since: previous)
            source.folderless = []
            let commit = reading.commit
            ask(
                .changedPaths(old: previous, new: commit, others: source.otherPaths), for: .changedPaths(commit))
        }
    }

    /// Another commit starts anew, but not what an earlier one's failures stopped and this one does not touch: three bad
    /// rollouts would else follow every commit.
    private mutating func keepStop(_ before: [ServiceKey: Digest]) {
        func isSame(_ key: ServiceKey) -> Bool { before[key] != nil && before[key] == source.digests[key] }
        let failed = stop.failed.union(rejectedUnderHead).filter(isSame)
        let stopped = standings.values.filter { standing in
            if case .withheld(.stoppedAfterFailures) = standing.state { return true }
            return false
        }
        .map(\.key)
        if failed.count >= mostFailures {
            stop = Stop(failed: failed, stopped: Set(stopped.filter(isSame)))
        } else {
            stop = Stop()
            unplanned.formUnion(stopped)
        }
        // What waits for a failure is part of the commit that may mend it.
        let isMended =
            standings.values.contains { $0.isRejected && !isSame($0.key) }
            || runStandings.values.contains { $0.hasFailed && source.runDigests[$0.node] != $0.digest }
        if isMended { reconsiderDependents() }
    }

    /// Notes what this commit took out of git where nothing is removed: nobody else tells of it, and it goes on running.
    private mutating func noteStaying(_ before: [ServiceKey: ServiceStanding]) {
        staying = []
        guard let desired = source.desired, desired.settings.prune == nil else { return }
        let bad = Set(desired.badServices.map(\.key))
        let left = before.values.filter { $0.isOurs && source.digests[$0.key] == nil && !bad.contains($0.key) }
        let doubt = desired.isComplete ? "It left git" : "It left git, or a bad manifest meant to name it"
        staying = left.map(\.key).sorted().map { key in
            LeavingService(
                key: key,
                state: .kept(
                    why: "\(doubt), and goes on running: this environment removes nothing. Delete it by hand, or write "
                        + "'prune: true' into mooring.yaml."))
        }
        for service in staying { tell(.leaving(service)) }
    }

    private mutating func take(_ collection: ManifestCollection, files: [TreePath: RequestedFile]) {
        source.otherFiles = [:]
        for path in collection.otherFiles { source.otherFiles[path] = .some(files[path]?.blob) }
        let needed = Set(collection.neededParameters)
        source.collection = needed.isEmpty ? nil : collection
        source.parameters = source.parameters.filter { needed.contains($0.key) }
        take(collection.desiredState(.asked(source.parameters)))
    }

    /// Makes this the desired state, and marks what differs from before as to be planned.
    mutating func take(_ desired: DesiredState) {
        let digests = Planner.digests(of: desired)
        for (key, digest) in digests where source.digests[key] != digest { unplanned.insert(key) }
        takeRuns(of: desired)
        // Who waits in an order that is changed may have its turn, and is part of the commit that changes it.
        let order = source.desired?.order.map(\.withoutPositions)
        if order != nil, order != desired.order.map(\.withoutPositions) { reconsiderDependents() }
        let names = Set(digests.keys)
        // What left git is found by a look at everything, and what was kept so far may go now.
        let isLeaving = !leaving.isEmpty || !Set(source.digests.keys).isSubset(of: names)
        let mayGo = desired.settings.prune != source.desired?.settings.prune
        if desired.settings.prune != nil, isLeaving || mayGo { lastSweep = nil }
        standings = standings.filter { names.contains($0.key) }
        backlog = backlog.filter { names.contains($0.key) }
        awaitingTasks = awaitingTasks.filter { names.contains($0.key) }
        unplanned.formIntersection(names)
        causes = causes.filter { digests[$0.key] == $0.value.digest }
        observed.causes = observed.causes.filter { causes[$0.key] != nil }
        let news = desired.findings.news(since: source.desired?.findings ?? [])
        if !news.isEmpty { tell(.findings(news)) }
        source.digests = digests
        source.desired = desired
    }

    /// The repository cannot be read: what is known of it stays, what runs is still watched.
    private mutating func loseSource(_ failure: Failure) {
        inFlight = inFlight.filter { ![.snapshot, .files, .history].contains($0.value) }
        blockage = failure
        if !source.isLost || problems[.source] != failure.code.rawValue {
            problems[.source] = failure.code.rawValue
            tell(.sourceLost(failure))
        }
        source.isLost = true
        source.reading = nil
        if source.desired == nil { endPass() } else { verify() }
    }

    /// Says on the commit that took the folder away why nothing follows: it would else be the only one without a report.
    private mutating func reportMissingFolder(_ failure: Failure) {
        guard failure.code == .notFound, let commit = source.reading?.commit, !source.folderless.contains(commit) else {
            return
        }
        source.folderless.insert(commit)
        var report = CommitReport(
            environment: policy.identity, commit: commit, sync: .failed, health: .unknown, summary: "",
            started: now.wall, updated: now.wall,
            findings: ["\(failure.cause) Nothing is changed and nothing removed. \(failure.remedy)"])
        report.summary = StatusSummary.text(of: report)
        enter(report)
    }

    private mutating func regainSource() {
        if source.isLost { tell(.recovered(subject: Trouble.source.word)) }
        source.isLost = false
        problems[.source] = nil
    }

    /// Opens the report of a commit that touches these paths.
    private mutating func takeChanges(_ paths: [TreePath], of commit: CommitID) {
        openReport(on: commit, changed: paths)
        // A commit that only lifts a pause changes no digest, and is looked at all the same.
        let changed = Set(paths)
        for service in source.desired?.services ?? [] where service.files.contains(where: changed.contains) {
            unplanned.insert(service.key)
        }
        verify()
    }
}

extension ManifestCollection {
    /// Takes in what came of asking for files.
    mutating func add(_ files: [RequestedFile]) {
        var inputs: [ManifestInput] = []
        var unusable: [(path: TreePath, reason: String)] = []
        for file in files {
            switch file.content {
            case .file(_, let bytes): inputs.append(ManifestInput(path: file.path, bytes: bytes))
            case .unusable(let reason): unusable.append((file.path, reason + "."))
            }
        }
        add(inputs, unusable: unusable)
    }
}

extension [MooringModel.Finding] {
    /// What was not told before. A finding that only moved with the lines above it is none.
    package func news(since told: [MooringModel.Finding]) -> [MooringModel.Finding] {
        let known = Set(told.map(\.withoutPosition))
        return filter { !known.contains($0.withoutPosition) }
    }
}

extension MooringModel.Finding {
    fileprivate var withoutPosition: MooringModel.Finding {
        MooringModel.Finding(
            severity: severity, rule: rule, message: message, file: file, position: nil, memberPath: memberPath)
    }
}
