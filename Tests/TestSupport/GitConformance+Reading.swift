import MooringNames
import MooringPorts
import Testing

extension GitConformance {
    static let reading = [
        GitConformance("reads the manifests below a folder, sorted, and nothing else") { bench in
            let commit = try await bench.fetched([
                "production/web/task.json": "{}", "production/api.yaml": "a: 1", "production/worker.yml": "b: 2",
                "production/README.md": "text", "production/notes.json.bak": "x", "staging/api.yaml": "c: 3",
                "productionish.yaml": "d: 4",
            ])
            let folder = try TreePath("production")
            let snapshot = try #require(
                try await bench.repository.snapshot(at: commit, folder: folder, unless: nil),
            )
            #expect(
                snapshot.files.map(\.path.text) == [
                    "production/api.yaml", "production/web/task.json", "production/worker.yml",
                ],
            )
            #expect(snapshot.files.first.map { String(decoding: $0.bytes, as: UTF8.self) } == "a: 1")
            #expect(snapshot.refused.isEmpty)
            #expect(snapshot.commit == commit)
        },
        GitConformance("does not read a folder again whose tree is known") { bench in
            let first = try await bench.fetched(["production/a.json": "1", "other/b.json": "1"])
            let folder = try TreePath("production")
            let snapshot = try #require(try await bench.repository.snapshot(at: first, folder: folder, unless: nil))
            let second = try await bench.fetched(["other/b.json": "2"])
            #expect(try await bench.repository.snapshot(at: second, folder: folder, unless: snapshot.tree) == nil)
            let third = try await bench.fetched(["production/a.json": "2"])
            let changed = try await bench.repository.snapshot(at: third, folder: folder, unless: snapshot.tree)
            #expect(changed?.files.map(\.bytes) == [Array("2".utf8)])
            let fourth = try await bench.fetched(["production/a.json": "1"])
            let reverted = try await bench.repository.snapshot(at: fourth, folder: folder, unless: nil)
            #expect(reverted?.tree == snapshot.tree)
            #expect(reverted?.files.map(\.blob) == snapshot.files.map(\.blob))
        },
        GitConformance("tells a commit or a folder that is not there") { bench in
            let commit = try await bench.fetched(["production/a.json": "1"])
            let unknown = try CommitID(String(repeating: "1", count: 40))
            let absent = try TreePath("staging")
            let repository = bench.repository
            #expect(
                await bench.code { () throws(Failure) in
                    try await repository.snapshot(at: unknown, folder: nil, unless: nil)
                } == .notFound,
            )
            #expect(
                await bench.code { () throws(Failure) in
                    try await repository.snapshot(at: commit, folder: absent, unless: nil)
                } == .notFound,
            )
            #expect(
                await bench.code { () throws(Failure) in
                    try await repository.history(from: unknown, folder: nil, limit: 1)
                } == .notFound,
            )
            #expect(
                await bench.code { () throws(Failure) in
                    try await repository.changedPaths(from: unknown, to: commit, folder: nil)
                } == .notFound,
            )
        },
        GitConformance("reads paths in other alphabets") { bench in
            let commit = try await bench.fetched(["日本/Größe.yaml": "ß: 1"])
            let snapshot = try await bench.repository.snapshot(at: commit, folder: TreePath("日本"), unless: nil)
            #expect(snapshot?.files.map(\.path.text) == ["日本/Größe.yaml"])
        },
        GitConformance("tells the history by first parents, newest first") { bench in
            let first = try await bench.fetched(["production/a.json": "1"], message: "One\n\nWith a body")
            let second = try await bench.fetched(["other.txt": "1"], message: "Two")
            let third = try await bench.fetched(["production/a.json": nil], message: "Three")
            let folder = try TreePath("production")
            let history = try await bench.repository.history(from: third, folder: folder, limit: 10)
            #expect(history.map(\.id) == [third, second, first])
            #expect(history.map(\.subject) == ["Three", "Two", "One"])
            #expect(history.map(\.parent) == [second, first, nil])
            #expect(history.map { $0.folderTree == nil } == [true, false, false])
            #expect(history[1].folderTree == history[2].folderTree)
            #expect(Set(history.map(\.author)) == ["Ada Lovelace"])
            #expect(history.map(\.committedAtSeconds) == [1_700_000_000, 1_700_000_000, 1_700_000_000])
            #expect(
                try await bench.repository.history(from: third, folder: folder, limit: 2).map(\.id) == [third, second])
        },
        GitConformance("tells the paths that differ below a folder") { bench in
            let first = try await bench.fetched([
                "production/a.json": "1", "production/deep/b.json": "1", "production/same.json": "1", "x.json": "1",
            ])
            let second = try await bench.fetched([
                "production/a.json": "2", "production/deep/b.json": nil, "production/new.txt": "1", "x.json": "2",
            ])
            let folder = try TreePath("production")
            let changed = try await bench.repository.changedPaths(from: first, to: second, folder: folder)
            #expect(changed.map(\.text) == ["production/a.json", "production/deep/b.json", "production/new.txt"])
            let backwards = try await bench.repository.changedPaths(from: second, to: first, folder: folder)
            #expect(backwards == changed)
            let everything = try await bench.repository.changedPaths(from: nil, to: second, folder: folder)
            #expect(everything.map(\.text) == ["production/a.json", "production/new.txt", "production/same.json"])
            #expect(try await bench.repository.changedPaths(from: second, to: second, folder: nil).isEmpty)
            let absent = try await bench.repository.changedPaths(from: first, to: second, folder: TreePath("none"))
            #expect(absent.isEmpty)
        },
        GitConformance("reads single files wherever they are, and says which are not there") { bench in
            let commit = try await bench.fetched(["base/web.yaml": "a: 1", "production/a.json": "1", "base/x.txt": "x"])
            let paths = try ["base/none.yaml", "base/web.yaml", "base", "production/a.json", "a/b/c.yaml"].map {
                try TreePath($0)
            }
            let files = try await bench.repository.files(at: commit, paths: paths)
            #expect(files.map(\.path) == paths)
            let texts = files.map { file -> String? in
                guard case .file(_, let bytes) = file.content else { return nil }
                return String(decoding: bytes, as: UTF8.self)
            }
            #expect(texts == [nil, "a: 1", nil, "1", nil])
            let snapshot = try await bench.repository.snapshot(
                at: commit, folder: TreePath("production"), unless: nil)
            #expect(snapshot?.files.first?.blob == files[3].blob)
            let unknown = try CommitID(String(repeating: "1", count: 40))
            let repository = bench.repository
            #expect(
                await bench.code { () throws(Failure) in
                    try await repository.files(at: unknown, paths: paths)
                } == .notFound,
            )
        },
        GitConformance("counts other files in history and differences") { bench in
            let first = try await bench.fetched(["base/web.yaml": "1", "production/a.json": "1", "other/b.json": "1"])
            let second = try await bench.fetched(["base/web.yaml": "2"])
            let third = try await bench.fetched(["base/web.yaml": nil, "other/b.json": "2"])
            let folder = try TreePath("production")
            let others = [try TreePath("base/none.yaml"), try TreePath("base/web.yaml")]
            let history = try await bench.repository.history(from: third, folder: folder, others: others, limit: 9)
            #expect(history.map { $0.others.map { $0 == nil } } == [[true, true], [true, false], [true, false]])
            #expect(history[1].others != history[2].others)
            #expect(Set(history.map(\.folderTree)).count == 1)
            let changes = [(first, second), (second, third), (second, second)]
            var changed: [[String]] = []
            for (old, new) in changes {
                changed.append(
                    try await bench.repository.changedPaths(from: old, to: new, folder: folder, others: others)
                        .map(\.text))
            }
            #expect(changed == [["base/web.yaml"], ["base/web.yaml"], []])
            let everything = try await bench.repository.changedPaths(
                from: nil, to: second, folder: folder, others: others)
            #expect(everything.map(\.text) == ["base/web.yaml", "production/a.json"])
        },
    ]

    static let notes = [
        GitConformance("has no notes where there is no notes ref") { bench in
            let commit = try await bench.fetched(["a.json": "1"])
            #expect(try await bench.repository.notes(bench.notes, on: [commit]).isEmpty)
        },
        GitConformance("publishes notes that it and others read") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            let second = try await bench.fetched(["a.json": "2"])
            let third = try await bench.fetched(["a.json": "3"])
            try await bench.repository.publish([first: "one: é\n", second: "two\n"], to: bench.notes)
            let read = try await bench.repository.notes(bench.notes, on: [first, second, third])
            #expect(read == [first: "one: é\n", second: "two\n"])
            #expect(try await bench.source.note(on: first, ref: bench.notes.description) == "one: é\n")
        },
        GitConformance("keeps the notes of other writers, and merges where both wrote") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            let second = try await bench.fetched(["a.json": "2"])
            try await bench.source.writeNote("theirs", on: first, ref: bench.notes.description)
            try await bench.repository.publish([second: "ours\n"], to: bench.notes)
            try await bench.source.writeNote("theirs too", on: second, ref: bench.notes.description)
            try await bench.repository.publish([second: "ours\n"], to: bench.notes)
            let read = try await bench.repository.notes(bench.notes, on: [first, second])
            #expect(read == [first: "theirs\n", second: "theirs too\nours\n"])
        },
        GitConformance("moves nothing when the notes are there already") { bench in
            let commit = try await bench.fetched(["a.json": "1"])
            try await bench.repository.publish([commit: "one\n"], to: bench.notes)
            let before = try await bench.repository.remoteHeads(branch: bench.main, notes: bench.notes)
            try await bench.repository.publish([commit: "one\n"], to: bench.notes)
            let after = try await bench.repository.remoteHeads(branch: bench.main, notes: bench.notes)
            #expect(before == after)
        },
        GitConformance("keeps the notes of each environment apart") { bench in
            let commit = try await bench.fetched(["a.json": "1"])
            let staging = NotesRef(try EnvironmentName("staging"))
            try await bench.repository.publish([commit: "production\n"], to: bench.notes)
            try await bench.repository.publish([commit: "staging\n"], to: staging)
            #expect(try await bench.repository.notes(bench.notes, on: [commit]) == [commit: "production\n"])
            #expect(try await bench.repository.notes(staging, on: [commit]) == [commit: "staging\n"])
        },
    ]
}
