import Foundation
import MooringHTTPTransport
import MooringNames
import MooringPorts
import MooringTestSupport
import Testing

@testable import MooringGit

/// Packs of our own making, read by git.
@Suite struct PackTests {
    private let bench: Bench
    private let server: GitTestRepository

    init() throws {
        bench = try Bench()
        server = try bench.localRepository()
    }

    /// Objects as a mirror writes them; what they lean on is put into the server's repository first.
    private func pack(_ pairs: [(base: [UInt8]?, result: [UInt8], kind: ObjectKind)], mayLean: Bool) throws -> [UInt8] {
        let mirror = try OpenMirror.recreate(bench.folder.path + "/pack.git")
        let outgoing = OutgoingObjects()
        for pair in pairs {
            var base: ObjectKey?
            if let bytes = pair.base {
                base = try mirror.objects.write(bytes, pair.kind)
                let type = pair.kind == .tree ? "tree" : "blob"
                try GitProgram.run(
                    ["hash-object", "-t", type, "--literally", "-w", "--stdin"], in: server.path, input: bytes)
            }
            _ = try outgoing.write(pair.result, pair.kind, inPlaceOf: base, into: mirror.objects)
        }
        return try PackFile.bytes(of: outgoing.all, mayLean: mayLean, in: mirror.objects)
    }

    private func expectTaken(_ pack: [UInt8], _ results: [[UInt8]], _ kind: ObjectKind) throws {
        try GitProgram.run(["index-pack", "--fix-thin", "--stdin"], in: server.path, input: pack)
        for result in results {
            let type = kind == .tree ? "tree" : "blob"
            let key = try GitProgram.run(
                ["hash-object", "-t", type, "--literally", "--stdin"], in: server.path, input: result)
            let read = try runProgram(["git", "cat-file", type, key], in: server.path)
            #expect(read.output == result)
        }
    }

    @Test(arguments: [1, 2] as [UInt64])
    func `git reads what leans on another object`(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        var pairs: [(base: [UInt8]?, result: [UInt8], kind: ObjectKind)] = []
        for size in [0, 1, 100, 127, 128, 5_000, 70_000, 300_000] {
            let base = (0..<size).map { _ in UInt8.random(in: 0...255, using: &random) }
            var result = base
            let place = Int.random(in: 0...size, using: &random)
            result.insert(contentsOf: [UInt8](repeating: 7, count: Int.random(in: 1...300, using: &random)), at: place)
            pairs.append((base, result, .blob))
            if size > 1 { pairs.append((base, Array(base.dropFirst(size / 2)), .blob)) }
        }
        let pack = try pack(pairs, mayLean: true)
        #expect(pack.count < pairs.reduce(0) { $0 + $1.result.count } / 20)
        try expectTaken(pack, pairs.map(\.result), .blob)
        let whole = try self.pack(pairs, mayLean: false)
        #expect(whole.count > 300_000)
        try expectTaken(whole, pairs.map(\.result), .blob)
    }

    @Test func `a folder with some entries changed costs what they cost`() throws {
        var random = SplitMix64(seed: 3)
        func key() -> ObjectKey { ObjectKey((0..<20).map { _ in UInt8.random(in: 0...255, using: &random) }) }
        let entries = (0..<256).map { number in
            TreeEntry(mode: TreeEntry.treeMode, name: Array(String(format: "%02x", number).utf8), key: key())
        }
        var changed = entries
        for index in [3, 77, 200] { changed[index].key = key() }
        changed.remove(at: 100)
        let base = TreeObject(entries: entries).bytes
        let result = TreeObject(entries: changed).bytes
        let pack = try pack([(base, result, .tree)], mayLean: true)
        #expect(pack.count < 300)
        try expectTaken(pack, [result], .tree)
    }

    @Test func `what is alike in nothing is sent whole`() throws {
        let base = Array("abc".utf8)
        let result = Array("xyz and more".utf8)
        #expect(PackDelta.bytes(from: base, to: result, isTree: false) == nil)
        try expectTaken(try pack([(base, result, .blob)], mayLean: true), [result], .blob)
        try expectTaken(try pack([(nil, [], .blob)], mayLean: true), [[]], .blob)
    }

    @Test func `a server that falls silent in a push costs one deadline, and a cancelled push ends`() async throws {
        try await withHTTPGitServer { server in
            let main = try BranchName("main")
            let commit = try server.repository.commit(["a": "1"], to: main, message: "One")
            let ref = NotesRef(try EnvironmentName("production"))
            try await withFaultProxy(to: server.port) { proxy in
                var remote = GitRemoteSettings(
                    address: try GitAddress(proxy.url + "/git/shop.git"),
                    credential: .basic(user: server.user, password: Secret(server.token)))
                remote.deadlines.transfer = .seconds(3)
                // Only the deadline of the whole can end it.
                remote.deadlines.stall = .seconds(600)
                let hang = proxy.arm(.hang) { $0.target.contains("git-receive-pack") && $0.method == "POST" }
                let mirror = bench.mirror(remote)
                let late = await failure { () throws(Failure) in try await mirror.publish([commit: "x\n"], to: ref) }
                #expect(late?.code == .timedOut)
                let struck = hang.count
                remote.deadlines.transfer = .seconds(600)
                let patient = bench.mirror(remote, name: "patient")
                let task = Task {
                    await failure { () throws(Failure) in try await patient.publish([commit: "x\n"], to: ref) }
                }
                try await hang.struck(times: struck + 1, within: .seconds(240))
                task.cancel()
                #expect(await task.value?.code == .cancelled)
            }
        }
    }

    @Test func `an answer that ends early leaves open whether the server took it`() async throws {
        try await withHTTPGitServer { server in
            let main = try BranchName("main")
            let commit = try server.repository.commit(["a": "1"], to: main, message: "One")
            let ref = NotesRef(try EnvironmentName("production"))
            try await withFaultProxy(to: server.port) { proxy in
                let remote = GitRemoteSettings(
                    address: try GitAddress(proxy.url + "/git/shop.git"),
                    credential: .basic(user: server.user, password: Secret(server.token)))
                let mirror = bench.mirror(remote)
                let type = "application/x-git-receive-pack-result"
                let cases: [(String, Failure.Code)] = [
                    ("", .connectionLost), ("0012", .connectionLost), ("hello, world", .malformedAnswer),
                    ("0003", .malformedAnswer), ("0000", .malformedAnswer),
                    ("0020\u{1}0017unpack out of room\n00000000", .serverError),
                    ("0017unpack out of room\n0000", .malformedAnswer), ("000a\u{3}stop!0000", .accessDenied),
                ]
                for (body, code) in cases {
                    let fault = proxy.arm(.answer(status: 200, type: type, body: body)) {
                        $0.method == "POST" && $0.target.hasSuffix("git-receive-pack")
                    }
                    let failure = await failure { () throws(Failure) in
                        try await mirror.publish([commit: "x\n"], to: ref)
                    }
                    #expect(failure?.code == code, "\(body): \(String(describing: failure))")
                    fault.disarm()
                }
                try await mirror.publish([commit: "x\n"], to: ref)
                #expect(try server.repository.note(on: commit, ref: ref.description) == "x\n")
            }
        }
    }
}
