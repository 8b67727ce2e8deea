import MooringNames
import MooringPorts

/// What is on no branch, and what merging makes of it.
extension GitWorld {
    /// Every ref that the server has, by its full name.
    var refs: [String: CommitID] {
        var refs = others
        for (branch, head) in branches { refs["refs/heads/\(branch)"] = head }
        for (ref, notes) in notes { refs[ref] = notes.id }
        return refs
    }

    mutating func set(_ ref: String, to commit: CommitID?) throws {
        guard ref.hasPrefix("refs/heads/") else { return others[ref] = commit }
        branches[try BranchName(String(ref.dropFirst("refs/heads/".count)))] = commit
    }

    func remoteRefs(below prefixes: [String]) throws(Failure) -> [String: CommitID] {
        for prefix in prefixes {
            if prefix.hasSuffix("/"), GitWorld.isRef(String(prefix.dropLast())) { continue }
            throw GitWorld.unfit("ask for the refs of", "'\(prefix)' is no beginning of refs.")
        }
        return refs.filter { ref in prefixes.contains { ref.key.hasPrefix($0) } }
    }

    mutating func fetch(_ wanted: [String]) throws(Failure) -> [String: CommitID] {
        for ref in wanted {
            if GitWorld.isRef(ref) { continue }
            throw GitWorld.unfit("fetch proposals of", "'\(ref)' is no full name of a ref.")
        }
        let found = refs.filter { wanted.contains($0.key) }
        for head in found.values { mirrored.formUnion(ancestors(of: head)) }
        return found
    }

    mutating func merge(_ head: CommitID, into base: CommitID) throws(Failure) -> MergeOutcome {
        let theirs = try commit(head)
        let ours = try commit(base)
        let common = ancestors(of: base).intersection(ancestors(of: head))
        if common.contains(head) { return .alreadyMerged }
        // The best: none of the others descends from it.
        let best = common.filter { one in !common.contains { $0 != one && ancestors(of: $0).contains(one) } }
        guard let ancestor = try best.min().map({ (id) throws(Failure) in try commit(id) }) else {
            throw GitWorld.notFound("merge", "\(head.short) and \(base.short) have no history in common.")
        }
        var files: [TreePath: [UInt8]] = [:]
        var conflicts: Set<TreePath> = []
        for path in Set(ours.files.keys).union(theirs.files.keys).union(ancestor.files.keys) {
            let sides = (ancestor.files[path], ours.files[path], theirs.files[path])
            if sides.1 == sides.2 || sides.0 == sides.2 {
                files[path] = sides.1
            } else if sides.0 == sides.1 {
                files[path] = sides.2
            } else if let ours = sides.1, let theirs = sides.2,
                let merged = LineMerge.merge(base: sides.0 ?? [], ours: ours, theirs: theirs)
            {
                files[path] = merged
            } else {
                conflicts.insert(path)
            }
        }
        // A file here and a folder there.
        for path in files.keys {
            var folder = path.folder
            while let above = folder {
                if files[above] != nil { conflicts.insert(above) }
                folder = above.folder
            }
        }
        if !conflicts.isEmpty { return .conflict(conflicts.sorted()) }
        let id = try GitWorld.objectID("merge \(head) \(base)")
        commits[id] = Commit(
            info: CommitInfo(
                id: id, parent: base, folderTree: nil, author: "Mooring", subject: "Merge \(head) into \(base)",
                committedAtSeconds: theirs.info.committedAtSeconds),
            files: files, second: head)
        mirrored.insert(id)
        return .merged(id)
    }

    /// Everything that a commit comes from, and itself.
    func ancestors(of head: CommitID) -> Set<CommitID> {
        var found: Set<CommitID> = []
        var open = [head]
        while let id = open.popLast() {
            guard found.insert(id).inserted else { continue }
            open += [commits[id]?.info.parent, commits[id]?.second].compactMap { $0 }
        }
        return found
    }

    /// Takes a change to a branch if the branch still stands where it was looked at.
    ///
    /// - Returns: nil where another was faster; nil in it where nothing changes.
    mutating func accept(
        _ changes: [FileChange], on head: CommitID, to branch: BranchName, _ message: String,
    ) throws(Failure) -> CommitID?? {
        if racesToLose > 0 {
            racesToLose -= 1
            return nil
        }
        guard branches[branch] == head else { return nil }
        var files = try commit(head).files
        for change in changes { files[change.path] = change.bytes }
        if files == commits[head]?.files { return .some(nil) }
        let id = try GitWorld.objectID("commit \(commits.count) \(head) \(message)")
        commits[id] = Commit(
            info: CommitInfo(
                id: id, parent: head, folderTree: nil, author: "Mooring",
                subject: String(message.prefix { !$0.isNewline }), committedAtSeconds: 1_700_000_000),
            files: files)
        branches[branch] = id
        fetched[branch] = id
        mirrored.insert(id)
        return id
    }

    private static func isRef(_ text: String) -> Bool {
        text.hasPrefix("refs/") && (try? BranchName(String(text.dropFirst("refs/".count)))) != nil
    }

    private static func unfit(_ tried: String, _ cause: String) -> Failure {
        Failure(code: .invalidInput, subject: "memory", tried: tried, cause: cause, disposition: .invalidInput)
    }
}
