/// The bounds of this module, each with its reason.
package enum Limits {
    /// libgit2 keeps read objects in memory. Its own default, 256 MiB, is a container's whole memory; the objects of a
    /// folder of manifests take a few MiB.
    package static let objectCacheBytes = 16 << 20

    /// Objects in one pack. The Linux kernel, whose history few repositories of manifests surpass, has ten million.
    package static let packObjects = 20_000_000

    /// Bytes received in one fetch. Far above any repository of manifests; a container's disk is not filled by one that
    /// grows without end.
    package static let receivedBytes = 4 << 30

    /// How long a local read may take. A hundred thousand entries are read within two seconds.
    package static let readingTimeout: Duration = .seconds(60)

    /// Longest slice of a wait; deadlines and cancellation are noticed within it.
    package static let pollSlice: Duration = .milliseconds(100)

    /// Entries looked at in one walk. The largest monorepos have a few hundred thousand files; a tree bomb has 10¹⁰.
    package static let treeEntries = 500_000

    /// Folders within folders. Linux allows about 2,000 in a path; people use ten.
    package static let treeDepth = 64

    /// Bytes of a tree object, read only after its size is known: about 100,000 entries in one folder.
    package static let treeBytes = 8 << 20

    /// Bytes of a commit object: a message of that size is none that a person wrote.
    package static let commitBytes = 1 << 20

    /// Bytes of one manifest. An ECS task definition holds at most 64 KB; YAML with comments takes a few times that.
    package static let fileBytes = 1 << 20

    /// Manifests in one folder: twice ECS's 5,000 services in a cluster.
    package static let files = 10_000

    /// Bytes of all manifests of a folder: 10,000 of the usual 4 KB, with room.
    package static let snapshotBytes = 128 << 20

    /// Folders kept in memory while single files are looked for; a few KB each.
    package static let rememberedFolders = 1_000

    /// Commits that are gone back to find a file's versions. A busy repository has some hundred merges a day, and a service is
    /// rarely left alone for longer than some months of them; a step back reads a commit and the trees above the files.
    package static let versionCommits = 50_000

    /// Bytes of a file that both sides of a merge changed. Merging lines takes some times that in memory; larger files are
    /// no text that a person wrote.
    package static let mergedFileBytes = 8 << 20

    /// Lines of such a file. Comparing texts of few different lines takes time in proportion to nearly their square: a second
    /// for 100,000, and more than a minute for what 8 MiB can hold, during which nothing can stop it.
    package static let mergedFileLines = 100_000

    /// Files that both sides of a merge changed. A branch that is a year behind has some hundred.
    package static let mergedFiles = 10_000

    /// Bytes of all those files, of all three sides.
    package static let mergedBytes = 128 << 20

    /// Conflicts that are told; a person looks at the first few.
    package static let mergeConflicts = 100

    /// Entries looked at in search of files that one side of a merge moved, of both sides together. A tree bomb has 10¹⁰ paths; a
    /// branch that moves more files than this is planned as git would without renames.
    package static let renameEntries = 200_000

    /// Bytes of a file that is compared with others because it may have been moved and changed. Larger than a manifest can be;
    /// what is larger is found again only if it was moved unchanged.
    package static let renameFileBytes = 1 << 20

    /// Bytes of all those files. A folder of two thousand manifests of 4 KB, on both sides; their lines take some times that in
    /// memory.
    package static let renameBytes = 16 << 20

    /// Lines compared in that search, counted for each pair of files. Five hundred files against as many, of two hundred lines,
    /// take this, in a third of a second; so do two thousand five hundred whose sizes alone tell that they are not alike.
    package static let renameSteps = 100_000_000

    /// Files of the same content that are looked at for the one whose name is kept; as git does.
    package static let renameAlternatives = 100

    /// Merges whose objects are carried over when the mirror is cloned afresh: twice the pull requests that are planned in one
    /// round, each read straight after it was merged.
    package static let rememberedMerges = 200

    /// Refs of proposals that are looked at or fetched at once. A busy repository has some hundred pull requests open.
    package static let proposals = 10_000

    /// Refused entries that are listed; past it the folder is no folder of manifests.
    package static let refusals = 1_000

    /// Bytes of one note. Ours stay below 64 KB; what is larger is not ours.
    package static let noteBytes = 1 << 20

    /// Attempts to publish notes where other writers are faster. Each loses only if another one won, so eight mean eight
    /// notes commits within seconds.
    package static let publishAttempts = 8

    /// First wait after a lost race, doubled with each further one up to the maximum.
    package static let publishWait: Duration = .milliseconds(200)

    /// Longest wait between two attempts to publish.
    package static let publishWaitMaximum: Duration = .seconds(5)

    /// Files that one commit of ours changes. A new image changes one; a thousand are no change that Mooring makes.
    package static let committedFiles = 1_000

    /// Characters of a commit's first line, as the port promises.
    package static let subjectCharacters = 200

    /// Characters of a server's own words that are taken into an error.
    package static let serverWordsCharacters = 500

    /// Bytes and lines of a server's report on a push of one ref, which takes two lines.
    package static let reportBytes = 64 << 10
    package static let reportLines = 1_000

    /// Reads of what follows the end of an answer, which is nothing; more is not waited for.
    package static let drainedReads = 100

    /// Bytes that a server prints for people during a push, and that are kept.
    package static let serverPrintedBytes = 4 << 10

    /// Bytes of a child's standard error that are kept; the rest is read and dropped.
    package static let childErrorBytes = 16 << 10

    /// How long a child may take to end by itself after its input was closed.
    package static let childGrace: Duration = .milliseconds(500)

    /// Packs in a mirror before it is cloned afresh. Every fetch adds one, each costs about 31 KiB of memory and a look-up.
    package static let packs = 200

    /// Loose objects in a mirror before it is cloned afresh. Every notes commit adds three or four.
    package static let looseObjects = 20_000

    /// Bytes of a key or of a known-hosts file that is given as text.
    package static let credentialBytes = 1 << 20

    /// Refs that a server may advertise. Each costs 65 bytes on every poll; forges with a ref for each pull request
    /// reach tens of thousands.
    package static let advertisedRefs = 1_000_000

    /// Time between two attempts to replace a damaged mirror: a clone costs the server and us minutes at worst.
    package static let replacementPause: Duration = .seconds(600)

    /// Time between two attempts to clone afresh for size.
    package static let compactionPause: Duration = .seconds(3600)

    /// Commits of a clone that are walked in search of notes: a year of a busy repository, read in a second or two.
    static let notedHistory = 20_000
}
