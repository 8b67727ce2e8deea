package import MooringNames
package import MooringPorts

/// Reading what was fetched. Nothing here talks to a server.
extension GitMirror {
    package func snapshot(
        at commit: CommitID, folder path: TreePath?, unless known: ObjectID?,
    ) async throws(Failure) -> SourceSnapshot? {
        let attempt = Attempt("read \(GitMirror.shown(path)) at \(commit.short) of", .source)
        return try await read(attempt, for: Limits.readingTimeout) { operation throws(GitProblem) in
            let mirror = try self.mirror()
            let root = try self.commit(commit, mirror).tree
            guard let tree = try mirror.objects.folder(path, below: root) else {
                throw .missing(
                    "There is no folder '\(GitMirror.shown(path))' at \(commit.short).",
                    remedy: "Push it, or name another folder in the settings.")
            }
            let id = try tree.id
            if id == known { return nil }
            var reader = SnapshotReader(limits: self.settings.reading, operation: operation)
            try reader.read(tree, at: path?.text, from: mirror.objects)
            return SourceSnapshot(
                commit: commit, tree: id, files: reader.files.sorted { $0.path < $1.path },
                refused: reader.refused.sorted { ($0.path, $0.reason) < ($1.path, $1.reason) },
            )
        }
    }

    package func files(at commit: CommitID, paths: [TreePath]) async throws(Failure) -> [RequestedFile] {
        let attempt = Attempt("read files at \(commit.short) of", .source)
        return try await read(attempt, for: Limits.readingTimeout) { operation throws(GitProblem) in
            let mirror = try self.mirror()
            let root = try self.commit(commit, mirror).tree
            var reader = FileReader(limits: self.settings.reading, operation: operation)
            var files: [RequestedFile] = []
            for path in paths { files.append(try reader.read(path, below: root, from: mirror.objects)) }
            return files
        }
    }

    package func history(
        from commit: CommitID, folder path: TreePath?, others: [TreePath], limit: Int,
    ) async throws(Failure) -> [CommitInfo] {
        let attempt = Attempt("read the history of", .source)
        return try await read(attempt, for: Limits.readingTimeout) { operation throws(GitProblem) in
            let mirror = try self.mirror()
            var reader = FileReader(limits: self.settings.reading, operation: operation)
            var commits: [CommitInfo] = []
            var next: ObjectKey? = ObjectKey(commit)
            while let key = next, commits.count < limit {
                try operation.checkTime()
                let object = try commits.isEmpty ? self.commit(commit, mirror) : mirror.objects.commit(key)
                var ids: [ObjectID?] = []
                for path in others { ids.append(try reader.key(of: path, below: object.tree, mirror.objects)?.id) }
                commits.append(
                    CommitInfo(
                        id: try key.id, parent: try object.parents.first?.id,
                        folderTree: try mirror.objects.folder(path, below: object.tree)?.id,
                        author: object.authorName, subject: object.subject,
                        committedAtSeconds: object.committedAtSeconds, others: ids,
                    ),
                )
                next = object.parents.first
            }
            return commits
        }
    }

    package func changedPaths(
        from old: CommitID?, to new: CommitID, folder path: TreePath?, others: [TreePath],
    ) async throws(Failure) -> [TreePath] {
        let attempt = Attempt("compare commits of", .source)
        return try await read(attempt, for: Limits.readingTimeout) { operation throws(GitProblem) in
            let mirror = try self.mirror()
            let newRoot = try self.commit(new, mirror).tree
            var oldRoot: ObjectKey?
            if let old { oldRoot = try self.commit(old, mirror).tree }
            let newTree = try mirror.objects.folder(path, below: newRoot)
            var oldTree: ObjectKey?
            if let oldRoot { oldTree = try mirror.objects.folder(path, below: oldRoot) }
            var difference = TreeDifference(limits: self.settings.reading, operation: operation)
            try difference.compare(oldTree, newTree, at: path?.text, in: mirror.objects)
            var paths = difference.paths
            var reader = FileReader(limits: self.settings.reading, operation: operation)
            for other in others {
                var before: ObjectKey?
                if let oldRoot { before = try reader.key(of: other, below: oldRoot, mirror.objects) }
                if before != (try reader.key(of: other, below: newRoot, mirror.objects)) { paths.insert(other) }
            }
            return paths.sorted()
        }
    }

    package func versions(
        of paths: [TreePath], from old: CommitID, to new: CommitID, limit: Int,
    ) async throws(Failure) -> [SourceVersion] {
        let attempt = Attempt("read the versions since \(old.short) of", .source)
        return try await read(attempt, for: Limits.readingTimeout) { operation throws(GitProblem) in
            let mirror = try self.mirror()
            _ = try self.commit(new, mirror)
            _ = try self.commit(old, mirror)
            var walk = VersionWalk(paths, limits: self.settings.reading, operation: operation)
            return try walk.versions(from: ObjectKey(old), to: ObjectKey(new), limit: limit, in: mirror)
        }
    }

    /// Reads a commit that someone outside names: it may well not be there.
    func commit(_ id: CommitID, _ mirror: OpenMirror) throws(GitProblem) -> CommitObject {
        let key = ObjectKey(id)
        guard let header = try mirror.objects.header(of: key), header.kind == .commit else {
            throw .missing(
                "The commit \(id.short) is not in the mirror.",
                remedy: "Only commits of the branch can be read; check the id.")
        }
        return try mirror.objects.commit(key)
    }

    private static func shown(_ folder: TreePath?) -> String { folder?.text ?? "the root" }
}
