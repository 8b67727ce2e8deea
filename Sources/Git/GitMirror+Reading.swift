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
                throw .missing("There is no folder '\(GitMirror.shown(path))' at \(commit.short).")
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

    package func history(
        from commit: CommitID, folder path: TreePath?, limit: Int,
    ) async throws(Failure) -> [CommitInfo] {
        let attempt = Attempt("read the history of", .source)
        return try await read(attempt, for: Limits.readingTimeout) { operation throws(GitProblem) in
            let mirror = try self.mirror()
            var commits: [CommitInfo] = []
            var next: ObjectKey? = ObjectKey(commit)
            while let key = next, commits.count < limit {
                try operation.checkTime()
                let object = try commits.isEmpty ? self.commit(commit, mirror) : mirror.objects.commit(key)
                commits.append(
                    CommitInfo(
                        id: try key.id, parent: try object.parents.first?.id,
                        folderTree: try mirror.objects.folder(path, below: object.tree)?.id,
                        author: object.authorName, subject: object.subject,
                        committedAtSeconds: object.committedAtSeconds,
                    ),
                )
                next = object.parents.first
            }
            return commits
        }
    }

    package func changedPaths(
        from old: CommitID?, to new: CommitID, folder path: TreePath?,
    ) async throws(Failure) -> [TreePath] {
        let attempt = Attempt("compare commits of", .source)
        return try await read(attempt, for: Limits.readingTimeout) { operation throws(GitProblem) in
            let mirror = try self.mirror()
            let newTree = try mirror.objects.folder(path, below: self.commit(new, mirror).tree)
            var oldTree: ObjectKey?
            if let old { oldTree = try mirror.objects.folder(path, below: self.commit(old, mirror).tree) }
            var difference = TreeDifference(limits: self.settings.reading, operation: operation)
            try difference.compare(oldTree, newTree, at: path?.text, in: mirror.objects)
            return difference.paths.sorted()
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
    private func commit(_ id: CommitID, _ mirror: OpenMirror) throws(GitProblem) -> CommitObject {
        let key = ObjectKey(id)
        guard let header = try mirror.objects.header(of: key), header.kind == .commit else {
            throw .missing("The commit \(id.short) is not in the mirror.")
        }
        return try mirror.objects.commit(key)
    }

    private static func shown(_ folder: TreePath?) -> String { folder?.text ?? "the root" }
}
