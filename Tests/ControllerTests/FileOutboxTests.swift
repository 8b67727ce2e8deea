import Foundation
import MooringController
import MooringPorts
import MooringTestSupport
import Synchronization
import Testing

@Suite struct `A data folder` {
    @Test func `is made with all above it, and may be there already`() throws {
        let folder = try TemporaryFolder()
        for _ in 0..<2 { try DataFolder.prepare(folder.path + "/a/b") }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/a/b") == [])
    }

    @Test func `that cannot be used is named, with why and what to do`() throws {
        let folder = try TemporaryFolder()
        try "x".write(toFile: folder.path + "/file", atomically: true, encoding: .utf8)
        func failure(_ path: String) throws -> Failure? {
            do throws(Failure) { try DataFolder.prepare(path) } catch { return error }
            return nil
        }
        for path in ["/file", "/file/below"] {
            let failure = try #require(try failure(folder.path + path))
            #expect(failure.code == .storage && failure.disposition == .stalled)
            #expect(failure.description.contains("'\(folder.path + path)'"), "\(failure)")
            #expect(failure.description.contains("Not a directory."), "\(failure)")
        }
        #expect(try failure("")?.cause == "Its path is empty.")
        // Every write to this device finds the disk full.
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/.probe", withDestinationPath: "/dev/full")
        let full = try #require(try failure(folder.path))
        #expect(full.cause.contains("No space left") && full.remedy.hasPrefix("Make room"), "\(full)")
    }
}

@Suite struct `Outbox on the disk` {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/data/outbox" }

    init() throws { folder = try TemporaryFolder() }

    private func entry(_ key: String, _ content: String = "{}") -> OutboxEntry {
        OutboxEntry(key: key, content: content)
    }

    private func names() throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test func `is empty where there is none`() async throws {
        #expect(try await FileOutbox(folder: path).entries().isEmpty)
        try await FileOutbox(folder: path).remove(key: "production.abc")
    }

    @Test func `keeps the newest entry of each key for the next process`() async throws {
        let outbox = FileOutbox(folder: path)
        try await outbox.store(entry("production.b", #"{"state":"pending"}"#))
        try await outbox.store(entry("production.a", #"{"note":"ünïcode 🚀"}"#))
        try await outbox.store(entry("production.b", #"{"state":"success"}"#))
        #expect(
            try await FileOutbox(folder: path).entries() == [
                entry("production.a", #"{"note":"ünïcode 🚀"}"#), entry("production.b", #"{"state":"success"}"#),
            ])
        try await outbox.remove(key: "production.b")
        #expect(try await FileOutbox(folder: path).entries().map(\.key) == ["production.a"])
        #expect(try names() == ["production.a.json"])
    }

    @Test func `puts aside what cannot be read, and says so`() async throws {
        let told = Told()
        let outbox = FileOutbox(folder: path) { told.take($0) }
        try await outbox.store(entry("good"))
        try Data(#"{"torn": "#.utf8).write(to: URL(fileURLWithPath: path + "/torn.json"))
        try Data([0xFF, 0xFE]).write(to: URL(fileURLWithPath: path + "/binary.json"))
        try FileManager.default.createDirectory(atPath: path + "/folder.json", withIntermediateDirectories: false)
        #expect(try await outbox.entries().map(\.key) == ["good"])
        #expect(try names() == ["binary.json.corrupt", "folder.json.corrupt", "good.json", "torn.json.corrupt"])
        #expect(told.all.count == 3)
        // Once is enough.
        #expect(try await outbox.entries().map(\.key) == ["good"])
        #expect(told.all.count == 3)
    }

    private final class Told: Sendable {
        private let messages = Mutex<[String]>([])
        func take(_ message: String) { messages.withLock { $0.append(message) } }
        var all: [String] { messages.withLock { $0 } }
    }

    @Test func `does not take half of a write for an entry`() async throws {
        let outbox = FileOutbox(folder: path)
        try await outbox.store(entry("a"))
        try Data(#"{"half"#.utf8).write(to: URL(fileURLWithPath: path + "/.a.unfinished"))
        #expect(try await FileOutbox(folder: path).entries() == [entry("a")])
        #expect(try FileManager.default.contentsOfDirectory(atPath: path) == ["a.json"])
    }

    @Test func `fails and keeps the old entry on a full disk`() async throws {
        let outbox = FileOutbox(folder: path)
        try await outbox.store(entry("a", #"{"old":1}"#))
        // Every write to this device ends with the error of a full disk.
        try FileManager.default.createSymbolicLink(atPath: path + "/.a.unfinished", withDestinationPath: "/dev/full")
        do {
            try await outbox.store(entry("a", #"{"new":1}"#))
            Issue.record("nothing was thrown")
        } catch {
            #expect(error.code == .storage && error.disposition == .retry(after: nil))
            #expect(error.cause.contains("No space left") && error.remedy.contains("Make room"))
        }
        #expect(try await outbox.entries() == [entry("a", #"{"old":1}"#)])
        // The next attempt, when there is room, succeeds.
        try await outbox.store(entry("a", #"{"new":1}"#))
        #expect(try await outbox.entries() == [entry("a", #"{"new":1}"#)])
    }

    @Test func `fails where a file stands in the place of its folder`() async throws {
        try Data().write(to: URL(fileURLWithPath: folder.path + "/data"))
        do {
            try await FileOutbox(folder: path).store(entry("a"))
            Issue.record("nothing was thrown")
        } catch { #expect(error.code == .storage) }
    }

    @Test(arguments: ["", "../a", "a/b", ".hidden", "ä", String(repeating: "x", count: 129)])
    func `takes no key that is no file name`(key: String) async throws {
        await #expect(throws: Failure.self) { try await FileOutbox(folder: path).store(entry(key)) }
    }

    @Test func `takes many writers`() async throws {
        let outbox = FileOutbox(folder: path)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<100 {
                group.addTask { try await outbox.store(OutboxEntry(key: "k\(number % 20)", content: "\(number)")) }
            }
            try await group.waitForAll()
        }
        #expect(try await outbox.entries().count == 20)
        #expect(try names().count == 20)
    }
}
