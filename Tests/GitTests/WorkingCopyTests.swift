import Foundation
import MooringGit
import MooringNames
import MooringPorts
import MooringTestSupport
import Testing

/// A repository with a work tree, as people have it.
@Suite struct WorkingCopyTests {
    private func commit(_ text: String, in folder: String) throws -> CommitID {
        try text.write(toFile: folder + "/web.yaml", atomically: true, encoding: .utf8)
        try GitProgram.run(["add", "web.yaml"], in: folder)
        try GitProgram.run(["commit", "-q", "-m", text], in: folder)
        return try CommitID(try GitProgram.run(["rev-parse", "HEAD"], in: folder))
    }

    @Test func `tells where it is, and what it held before, packed or not`() async throws {
        let folder = try TemporaryFolder()
        try GitProgram.run(["init", "-q", "-b", "main"], in: folder.path)
        let first = try commit("a: 1", in: folder.path)
        let second = try commit("a: 2", in: folder.path)
        try GitProgram.run(["gc", "-q"], in: folder.path)
        let third = try commit("a: 3", in: folder.path)
        try "a: 4".write(toFile: folder.path + "/web.yaml", atomically: true, encoding: .utf8)
        let before = try GitProgram.run(["status", "--porcelain"], in: folder.path)

        let copy = WorkingCopy(folder: folder.path, clock: ManualClock())
        #expect(try await copy.head() == third)
        let versions = try await copy.versions(of: [TreePath("web.yaml")], from: first, to: third, limit: 10)
        #expect(versions.map(\.commit) == [first, second, third])
        #expect(
            versions.compactMap(\.files.first).map { String(decoding: $0.bytes, as: UTF8.self) } == [
                "a: 1", "a: 2", "a: 3",
            ])
        let snapshot = try await copy.snapshot(at: first, folder: nil, unless: nil)
        #expect(snapshot?.files.map(\.path.text) == ["web.yaml"])
        #expect(try GitProgram.run(["status", "--porcelain"], in: folder.path) == before)
    }

    @Test func `a clone without history, an empty repository and a folder that is none fail with a reason`()
        async throws
    {
        let origin = try TemporaryFolder()
        try GitProgram.run(["init", "-q", "-b", "main"], in: origin.path)
        let first = try commit("a: 1", in: origin.path)
        _ = try commit("a: 2", in: origin.path)
        let third = try commit("a: 3", in: origin.path)
        let clone = try TemporaryFolder()
        try GitProgram.run(["clone", "-q", "--depth", "1", "file://\(origin.path)", "copy"], in: clone.path)
        let shallow = WorkingCopy(folder: clone.path + "/copy", clock: ManualClock())
        #expect(try await shallow.head() == third)
        await #expect(throws: Failure.self) {
            _ = try await shallow.versions(of: [TreePath("web.yaml")], from: first, to: third, limit: 10)
        }

        let empty = try TemporaryFolder()
        await #expect(throws: Failure.self) {
            _ = try await WorkingCopy(folder: empty.path, clock: ManualClock()).head()
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: empty.path) == [])
        try GitProgram.run(["init", "-q"], in: empty.path)
        await #expect(throws: Failure.self) {
            _ = try await WorkingCopy(folder: empty.path, clock: ManualClock()).head()
        }
    }
}
