/// Finds where the files went that one side of a merge no longer has, by git's rules.
///
/// First those of the very same content; then, of a name that only one missing and one new file have, those that are three
/// quarters alike; then the most alike of the rest, from one half on. Only a file that the base does not have can be the new
/// place. Source: git's diffcore-rename, as its merge calls it, without its guess from the folders that other files moved to.
struct RenameDetection {
    private let limits: MergeLimits
    private let operation: Operation
    private var sizes: [ObjectKey: Int] = [:]
    private var signatures: [ObjectKey: ContentSignature] = [:]
    private var bytes = 0
    private var steps = 0
    /// Whether a bound was reached, from where on nothing is compared any more.
    private var isSpent = false

    init(limits: MergeLimits, operation: Operation) {
        self.limits = limits
        self.operation = operation
    }

    private struct Candidate {
        let source: Int
        let target: Int
        let score: Int
        let hasSameName: Bool
    }

    /// The files that are still to be matched.
    private struct Unmatched {
        let sources: [(path: EntryPath, entry: TreeEntry)]
        let targets: [(path: EntryPath, entry: TreeEntry)]
        /// For each source its target, once it is found; and whether a target is taken.
        var target: [Int?]
        var isTaken: [Bool]

        init(_ changes: SideChanges) {
            // Empty files are alike without having to do with one another.
            func sorted(_ files: [EntryPath: TreeEntry]) -> [(path: EntryPath, entry: TreeEntry)] {
                files.filter { $0.value.key != ContentSignature.emptyBlob }.sorted { $0.key < $1.key }
                    .map { ($0.key, $0.value) }
            }
            sources = sorted(changes.removed)
            targets = sorted(changes.added)
            target = Array(repeating: nil, count: sources.count)
            isTaken = Array(repeating: false, count: targets.count)
        }

        mutating func match(_ source: Int, _ target: Int) {
            self.target[source] = target
            isTaken[target] = true
        }
    }

    /// - Parameter isWanted: whether the other side of the merge did anything to a missing file; where it did not, nothing
    ///   depends on where the file went.
    /// - Returns: the new paths of missing files by their old ones.
    mutating func renames(
        in changes: SideChanges, where isWanted: (EntryPath) -> Bool, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> [EntryPath: EntryPath] {
        var files = Unmatched(changes)
        let wanted = files.sources.map { isWanted($0.path) }
        guard wanted.contains(true) else { return [:] }
        try matchAlike(&files)
        try matchByName(&files, wanted, objects)
        try matchSimilar(&files, wanted, objects)
        var found: [EntryPath: EntryPath] = [:]
        for (source, target) in files.target.enumerated() where wanted[source] {
            if let target { found[files.sources[source].path] = files.targets[target].path }
        }
        return found
    }

    /// Those that were moved unchanged, of several that are alike the one that keeps its name.
    private func matchAlike(_ files: inout Unmatched) throws(GitProblem) {
        // From the last to the first, so that taking from the end takes the first.
        var alike: [ObjectKey: [Int]] = [:]
        for (index, source) in files.sources.enumerated().reversed() {
            alike[source.entry.key, default: []].append(index)
        }
        for (index, target) in files.targets.enumerated() {
            try operation.checkTime()
            let place = alike[target.entry.key].flatMap { original(of: target, among: $0, in: files) }
            guard let place, let source = alike[target.entry.key]?.remove(at: place) else { continue }
            files.match(source, index)
        }
    }

    /// Which of the files that are alike `target` was, the first one being at the end.
    private func original(
        of target: (path: EntryPath, entry: TreeEntry), among sources: [Int], in files: Unmatched,
    ) -> Int? {
        var first: Int?
        for place in sources.indices.reversed().prefix(limits.renameAlternatives) {
            let source = files.sources[sources[place]]
            guard source.entry.mode == target.entry.mode || source.entry.isRegular && target.entry.isRegular else {
                continue
            }
            if source.path.fileName == target.path.fileName { return place }
            first = first ?? place
        }
        return first
    }

    /// Those that were moved to another folder and changed: of one name that stands out.
    private mutating func matchByName(
        _ files: inout Unmatched, _ wanted: [Bool], _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) {
        let openSources = files.sources.indices.filter { files.target[$0] == nil }
        let openTargets = files.targets.indices.filter { !files.isTaken[$0] }
        let sources = Dictionary(grouping: openSources) { files.sources[$0].path.fileName }
        let targets = Dictionary(grouping: openTargets) { files.targets[$0].path.fileName }
        for source in openSources where wanted[source] {
            let name = files.sources[source].path.fileName
            guard sources[name]?.count == 1, let same = targets[name], same.count == 1, let target = same.first else {
                continue
            }
            let least = ContentSignature.similarOfOneName
            let score = try score(files.sources[source].entry, files.targets[target].entry, from: least, objects)
            if score >= least { files.match(source, target) }
        }
    }

    /// The most alike of the rest.
    private mutating func matchSimilar(
        _ files: inout Unmatched, _ wanted: [Bool], _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) {
        let sources = files.sources.indices.filter { wanted[$0] && files.target[$0] == nil }
        var candidates: [Candidate] = []
        for target in files.targets.indices where !files.isTaken[target] {
            try operation.checkTime()
            var best: [Candidate] = []
            for source in sources {
                let (from, to) = (files.sources[source], files.targets[target])
                let score = try score(from.entry, to.entry, from: ContentSignature.similar, objects)
                // What was not compared might be more alike than what was.
                if isSpent { return }
                guard score >= ContentSignature.similar else { continue }
                best.append(
                    Candidate(
                        source: source, target: target, score: score,
                        hasSameName: from.path.fileName == to.path.fileName))
            }
            candidates += best.sorted(by: RenameDetection.precedes).prefix(RenameDetection.candidatesOfOneTarget)
        }
        for candidate in candidates.sorted(by: RenameDetection.precedes)
        where files.target[candidate.source] == nil && !files.isTaken[candidate.target] {
            files.match(candidate.source, candidate.target)
        }
    }

    /// As many as git keeps for each new file, so that of many files that are alike not every pair is kept.
    private static let candidatesOfOneTarget = 4

    /// What it costs to compare two files by their sizes alone, in lines.
    private static let stepsOfOnePair = 16

    private static func precedes(_ left: Candidate, _ right: Candidate) -> Bool {
        if left.score != right.score { return left.score > right.score }
        if left.hasSameName != right.hasSameName { return left.hasSameName }
        return (left.target, left.source) < (right.target, right.source)
    }

    /// How alike two files are; 0 where that is less than `least`, where they are no files, or where it would cost too much.
    private mutating func score(
        _ one: TreeEntry, _ other: TreeEntry, from least: Int, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> Int {
        steps += RenameDetection.stepsOfOnePair
        if steps > limits.renameSteps { isSpent = true }
        guard !isSpent, one.isRegular, other.isRegular else { return 0 }
        let sizes = (try size(of: one.key, objects), try size(of: other.key, objects))
        guard ContentSignature.mayReach(least, sizes.0, sizes.1), max(sizes.0, sizes.1) <= limits.renameFileBytes,
            let left = try signature(of: one.key, objects), let right = try signature(of: other.key, objects)
        else { return 0 }
        steps += left.cost + right.cost
        if steps > limits.renameSteps {
            isSpent = true
            return 0
        }
        return left.score(right)
    }

    private mutating func size(of key: ObjectKey, _ objects: borrowing ObjectDatabase) throws(GitProblem) -> Int {
        if let known = sizes[key] { return known }
        guard let header = try objects.header(of: key) else {
            throw .incomplete("The blob \(key.hex) is not in the mirror.")
        }
        sizes[key] = header.bytes
        return header.bytes
    }

    /// - Returns: nil where no more is to be read.
    private mutating func signature(
        of key: ObjectKey, _ objects: borrowing ObjectDatabase,
    ) throws(GitProblem) -> ContentSignature? {
        if let known = signatures[key] { return known }
        try operation.checkTime()
        bytes += try size(of: key, objects)
        if bytes > limits.renameBytes {
            isSpent = true
            return nil
        }
        let signature = ContentSignature(try objects.read(key, .blob, maximum: limits.renameFileBytes))
        signatures[key] = signature
        return signature
    }
}
