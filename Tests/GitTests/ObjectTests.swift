import Testing

@testable import MooringGit

/// Git's own forms, read and written by ourselves.
struct ObjectTests {
    private let key = ObjectKey((0..<20).map { UInt8($0 + 1) })

    @Test func `a tree is written as it was read`() throws {
        let tree = TreeObject(entries: [
            TreeEntry(mode: 0o100644, name: Array("a".utf8), key: key),
            TreeEntry(mode: 0o40000, name: Array("a.b".utf8), key: key),
            TreeEntry(mode: 0o100755, name: [0xFF], key: key),
        ])
        #expect(try TreeObject(reading: tree.bytes) == tree)
        #expect(tree.isWellFormed)
    }

    @Test func `entries are put into git's order, folders as if they ended in a slash`() throws {
        let file = TreeEntry(mode: 0o100644, name: Array("a.b".utf8), key: key)
        let folder = TreeEntry(mode: 0o40000, name: Array("a".utf8), key: key)
        let after = TreeEntry(mode: 0o100644, name: Array("a0".utf8), key: key)
        let read = try TreeObject(reading: TreeObject(entries: [after, folder, file]).bytes)
        #expect(read.entries == [file, folder, after])
        #expect(!TreeObject(entries: [folder, file]).isWellFormed)
        #expect(!TreeObject(entries: [file, file]).isWellFormed)
    }

    @Test(arguments: ["100644 a", "100644 a\0short", "10064x a\0", "1006444444 a\0", "a", " ", "100644"])
    func `a broken tree is told and read no further`(_ text: String) {
        #expect(throws: GitProblem.self) { try TreeObject(reading: Array(text.utf8)) }
    }

    @Test func `an id is the same in bytes and in digits`() throws {
        #expect(key.hex == "0102030405060708090a0b0c0d0e0f1011121314")
        #expect(ObjectKey(try key.id) == key)
        #expect(ObjectKey(key.bytes) == key)
    }

    @Test func `a commit is written as it was read`() throws {
        let commit = CommitObject(
            tree: key, parents: [key, key], author: "Ada <a@x> 1 +0000", committer: "Bob <b@x> 2 -0500",
            message: "Subject\n\nBody\n",
        )
        #expect(try CommitObject(reading: commit.bytes) == commit)
        #expect(commit.authorName == "Ada")
        #expect(commit.committedAtSeconds == 2)
    }

    @Test(
        arguments: [
            ("Bob <b@x> 99999999999999999999 +0000", 0), ("Bob", 0), ("", 0), ("Bob > <b@x> 5 +0000", 5),
            ("Bob <b@x> -5 +0000", -5), ("Bob <b@x>7", 0),
        ] as [(String, Int64)])
    func `a time that is none reads as zero`(_ committer: String, _ seconds: Int64) {
        let commit = CommitObject(tree: key, parents: [], author: "<a@x>", committer: committer, message: "")
        #expect(commit.committedAtSeconds == seconds)
        #expect(commit.authorName == "a@x")
        #expect(commit.subject == "")
    }

    @Test func `a commit without a tree is none`() {
        #expect(throws: GitProblem.self) { try CommitObject(reading: Array("author A <a> 1 +0000\n\nx".utf8)) }
        #expect(throws: GitProblem.self) { try CommitObject(reading: []) }
    }
}
