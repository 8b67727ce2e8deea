import CGit2
package import MooringNames
package import MooringPorts

/// Proposals: heads that are on no branch, and what merging them would give.
extension GitMirror: ProposalRepository {
    package func remoteRefs(below prefixes: [String]) async throws(Failure) -> [String: CommitID] {
        let attempt = Attempt("ask for the refs of", .source)
        return try await run(attempt, for: settings.source.deadlines.list) { operation throws(GitProblem) in
            for prefix in prefixes where !ProposalRef.isPrefix(prefix) {
                throw .unfit(
                    "'\(Words.printable(prefix))' is no beginning of refs: it must start with 'refs/', end with a slash."
                )
            }
            let conversation = try self.conversation(.source, operation)
            try conversation.connect()
            var found: [String: CommitID] = [:]
            for (name, key) in try conversation.heads() {
                // What could not be fetched need not be told: peeled tags, and names that git itself would not make.
                guard ProposalRef.isName(name), prefixes.contains(where: { name.hasPrefix($0) }) else { continue }
                found[name] = try key.id
            }
            if found.count > Limits.proposals { throw .limit("refs below a prefix", maximum: Limits.proposals) }
            return found
        }
    }

    package func fetch(refs: [String], for reader: String) async throws(Failure) -> [String: CommitID] {
        let fetched = try await healing { () throws(Failure) in try await fetchOnce(refs, for: reader) }
        await compactIfGrown()
        return fetched
    }

    private func fetchOnce(_ refs: [String], for reader: String) async throws(Failure) -> [String: CommitID] {
        let attempt = Attempt("fetch proposals of", .source)
        return try await run(attempt, for: settings.source.deadlines.transfer) { operation throws(GitProblem) in
            for ref in refs where !ProposalRef.isName(ref) {
                throw .unfit("'\(Words.printable(ref))' is no full name of a ref, as git would have it.")
            }
            if refs.count > Limits.proposals { throw .limit("refs of one fetch", maximum: Limits.proposals) }
            let mirror = try self.mirror()
            var heads: [String: ObjectKey] = [:]
            if !refs.isEmpty {
                let conversation = try self.conversation(.source, operation)
                try conversation.connect()
                let wanted = Set(refs)
                heads = try conversation.heads().filter { wanted.contains($0.key) }
                let missing = heads.filter { !mirror.objects.contains($0.value) }.keys.sorted()
                if !missing.isEmpty { try conversation.download(missing) }
            }
            return try self.keep(heads, for: reader, in: mirror)
        }
    }

    /// Points refs of the mirror's own to the heads, and removes those that no reader wants any more.
    private func keep(
        _ heads: [String: ObjectKey], for reader: String, in mirror: OpenMirror,
    ) throws(GitProblem) -> [String: CommitID] {
        var kept: [String: CommitID] = [:]
        var names: [String: String] = [:]
        for (ref, head) in heads.sorted(by: { $0.key < $1.key }) {
            guard let header = try mirror.objects.header(of: head) else {
                throw .incomplete("The server did not send the commit \(head.hex) that it advertises.")
            }
            // A tag that stands for itself, or a file: nothing that could be merged.
            guard header.kind == .commit else { continue }
            let name = try MirrorRef.proposal(ref)
            try mirror.set(name, to: head)
            names[ref] = name
            kept[ref] = try head.id
        }
        proposalsOfReaders[reader] = names
        let current = Set(fetchedProposals.values)
        for name in try mirror.references() where name.hasPrefix(MirrorRef.proposals) && !current.contains(name) {
            try mirror.remove(name)
        }
        return kept
    }

    package func merge(_ head: CommitID, into base: CommitID) async throws(Failure) -> MergeOutcome {
        let attempt = Attempt("merge \(head.short) into \(base.short) in", .source)
        return try await read(attempt, for: Limits.readingTimeout) { operation throws(GitProblem) in
            try self.mergeOnce(head, into: base, operation)
        }
    }

    private func mergeOnce(
        _ head: CommitID, into base: CommitID, _ operation: Operation,
    ) throws(GitProblem) -> MergeOutcome {
        let mirror = try mirror()
        let theirs = try commit(head, mirror)
        let ours = try commit(base, mirror)
        // Of several best ancestors, as after merges crosswise, libgit2 gives one. Git would merge those with one another
        // first, which seldom leads elsewhere and never costs little.
        guard let ancestor = try mirror.mergeBase(ObjectKey(base), ObjectKey(head)) else {
            throw .missing(
                "\(head.short) and \(base.short) have no history in common.",
                remedy: "Only what comes from the branch can be merged into it.")
        }
        if ancestor == ObjectKey(head) { return .alreadyMerged }
        let ancestorTree = try mirror.objects.commit(ancestor).tree
        let sides = MergeSides<ObjectKey>(base: ancestorTree, ours: ours.tree, theirs: theirs.tree)
        let (merge, tree) = try merged(sides, mirror, operation)
        if !merge.conflicts.isEmpty { return .conflict(merge.conflicts.sorted()) }
        // Nothing of it depends on who merges when, so that the same two commits give the same third.
        let seconds = min(max(0, theirs.committedAtSeconds), Int64(Int32.max))
        let person = "Mooring <mooring@localhost> \(seconds) +0000"
        let commit = CommitObject(
            tree: tree, parents: [ObjectKey(base), ObjectKey(head)], author: person, committer: person,
            message: "Merge \(head) into \(base)\n",
        )
        let key = try mirror.objects.write(commit.bytes, .commit)
        remember(MergedCommit(key: key, objects: merge.written + [(key, .commit)]))
        return .merged(try key.id)
    }

    /// Merges trees as they stand, and once more with what was moved where that could lead to another result.
    private func merged(
        _ sides: MergeSides<ObjectKey>, _ mirror: OpenMirror, _ operation: Operation,
    ) throws(GitProblem) -> (TreeMerge, ObjectKey) {
        guard let base = sides.base, let ours = sides.ours, let theirs = sides.theirs else {
            throw .malformed("A commit has no tree.")
        }
        var merge = TreeMerge(reading: settings.reading, limits: settings.merging, operation: operation)
        let tree = try merge.merge(base: base, ours: ours, theirs: theirs, in: mirror.objects)
        guard merge.dependsOnMoves else { return (merge, tree) }
        var walk = SideWalk(
            depthMaximum: settings.reading.depth, entriesMaximum: settings.merging.renameEntries, operation: operation)
        guard let here = try walk.changes(from: base, to: ours, in: mirror.objects),
            let there = try walk.changes(from: base, to: theirs, in: mirror.objects)
        else { return (merge, tree) }
        var detection = RenameDetection(limits: settings.merging, operation: operation)
        let moves = MergeMoves(
            ours: MergeMoves.Side(
                changes: here, renames: try detection.renames(in: here, where: there.touches, mirror.objects)),
            theirs: MergeMoves.Side(
                changes: there, renames: try detection.renames(in: there, where: here.touches, mirror.objects)),
        )
        if moves.isEmpty { return (merge, tree) }
        var again = TreeMerge(reading: settings.reading, limits: settings.merging, operation: operation)
        let moved = try again.merge(base: base, ours: ours, theirs: theirs, moves: moves, in: mirror.objects)
        return (again, moved)
    }

    /// Keeps in mind what a merge wrote, so that it outlives the mirror's replacement while it is being read.
    private func remember(_ merged: MergedCommit) {
        mergedCommits.removeAll { $0.key == merged.key }
        mergedCommits.append(merged)
        if mergedCommits.count > Limits.rememberedMerges { mergedCommits.removeFirst() }
    }
}

/// A merged commit and the objects that exist for its sake alone.
struct MergedCommit {
    let key: ObjectKey
    let objects: [(key: ObjectKey, kind: ObjectKind)]
}

/// What a full name of a ref must be to be asked for.
enum ProposalRef {
    /// Whether git would take it as the full name of a ref, and a file system as ours.
    static func isName(_ text: String) -> Bool {
        guard text.hasPrefix("refs/"), !text.hasSuffix("/") else { return false }
        // Git's rule for what follows `refs/` is its rule for branches.
        return (try? BranchName(String(text.dropFirst("refs/".count)))) != nil
    }

    static func isPrefix(_ text: String) -> Bool {
        text == "refs/" || text.hasSuffix("/") && isName(String(text.dropLast()))
    }
}
