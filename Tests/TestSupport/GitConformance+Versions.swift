import MooringNames
import MooringPorts
import Testing

extension GitConformance {
    static let versions = [
        GitConformance("tells the versions of some files between two commits, oldest first") { bench in
            let first = try await bench.fetched(["production/a.json": "1", "production/b.json": "1", "x.json": "1"])
            let second = try await bench.fetched(["production/a.json": "2"])
            _ = try await bench.fetched(["x.json": "2"], message: "Another file")
            let fourth = try await bench.fetched(["production/b.json": nil])
            let last = try await bench.fetched(["x.json": "3"], message: "Another file again")
            let paths = [try TreePath("production/b.json"), try TreePath("production/a.json")]
            let versions = try await bench.repository.versions(of: paths, from: first, to: last, limit: 10)
            #expect(versions.map(\.commit) == [first, second, fourth])
            #expect(
                versions.map { $0.files.map(\.path.text) } == [
                    ["production/a.json", "production/b.json"], ["production/a.json", "production/b.json"],
                    ["production/a.json"],
                ])
            #expect(
                versions.map { $0.files.first.map { String(decoding: $0.bytes, as: UTF8.self) } } == ["1", "2", "2"])
            #expect(versions[1].files[0].blob == versions[2].files[0].blob)
            let same = try await bench.repository.versions(of: paths, from: last, to: last, limit: 10)
            #expect(same.map(\.commit) == [last])
        },
        GitConformance("tells a version that was taken back, and one without the file") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            let second = try await bench.fetched(["a.json": "2"])
            let third = try await bench.fetched(["a.json": "1"])
            let paths = [try TreePath("a.json"), try TreePath("never/there.json")]
            let versions = try await bench.repository.versions(of: paths, from: first, to: third, limit: 10)
            #expect(versions.map(\.commit) == [first, second, third])
            #expect(versions.first?.files == versions.last?.files)
            let absent = try await bench.repository.versions(
                of: [TreePath("never/there.json")], from: first, to: third, limit: 10)
            #expect(absent == [SourceVersion(commit: first, files: [])])
        },
        GitConformance("keeps the oldest and the newest of more versions than are asked for") { bench in
            var commits: [CommitID] = []
            for number in 1...5 { commits.append(try await bench.fetched(["a.json": "\(number)"])) }
            let versions = try await bench.repository.versions(
                of: [TreePath("a.json")], from: commits[0], to: commits[4], limit: 3)
            #expect(versions.map(\.commit) == [commits[0], commits[3], commits[4]])
        },
        GitConformance("tells a commit that is gone, though a mirror may still hold it") { bench in
            let first = try await bench.fetched(["a.json": "1"])
            let forced = try await bench.source.replace(bench.main, with: ["a.json": "2"], message: "Again")
            _ = try await bench.repository.fetch(branch: bench.main)
            let repository = bench.repository
            let unknown = try CommitID(String(repeating: "1", count: 40))
            let paths = [try TreePath("a.json")]
            for commit in [first, unknown] {
                #expect(
                    await bench.code { () throws(Failure) in
                        try await repository.versions(of: paths, from: commit, to: forced, limit: 10)
                    } == .notFound)
            }
        },
    ]
}
