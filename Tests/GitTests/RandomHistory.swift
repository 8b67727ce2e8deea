import MooringTestSupport

/// Two sides of a merge and what both come from, made up by a seed: contents edited line by line, modes changed, files
/// removed, files and folders of one name, links and submodules.
struct RandomHistory {
    let name: String
    /// What `git fast-import` makes it of; ends at `refs/cases/<name>/ours` and `…/theirs`.
    let stream: String

    struct File {
        var mode: String
        var content: String

        static func text(_ random: inout SplitMix64) -> File {
            let count = Int.random(in: 0...12, using: &random)
            let key = Int.random(in: 0..<1000, using: &random)
            return File(mode: "100644", content: (0..<count).map { "line \($0) of \(key)\n" }.joined())
        }
    }

    /// A history of given files; the sides have those of the base where they do not say otherwise.
    init(_ name: String, base: [String: File], ours: [String: File], theirs: [String: File]) {
        self.name = name
        stream = RandomHistory.stream(
            name, base, [base.merging(ours) { $1 }], [base.merging(theirs) { $1 }])
    }

    /// A history of given files, each side with those named and no others.
    init(_ name: String, from base: [String: File], ours: [String: File], theirs: [String: File]) {
        self.name = name
        stream = RandomHistory.stream(name, base, [ours], [theirs])
    }

    /// A history whose sides move files: of one folder to another, with edits or without, onto one another.
    init(moving name: String, _ random: inout SplitMix64) {
        self.name = name
        var base: [String: File] = [:]
        for path in ["a.txt", "b.txt", "d/a.txt", "d/b.txt", "d/c.txt", "d/e/a.txt", "d/e/f.sh"] {
            guard Int.random(in: 0..<10, using: &random) < 8 else { continue }
            // Some have half of their lines and more in common, so that the likest must be told from the like.
            let key = Int.random(in: 0..<100_000, using: &random)
            let common = Int.random(in: 0..<3, using: &random) == 0 ? Int.random(in: 6..<14, using: &random) : 0
            let lines = (0..<16).map { "line \($0) of \($0 < common ? 0 : key)\n" }
            base[path] = File(mode: "100644", content: lines.joined())
        }
        // Now and then the same content twice.
        if Int.random(in: 0..<8, using: &random) == 0 { base["d/same.txt"] = base.min { $0.key < $1.key }?.value }
        func side() -> [[String: File]] {
            var files = base
            for _ in 0..<Int.random(in: 1...4, using: &random) { RandomHistory.move(&files, &random) }
            return [files]
        }
        let ours = side()
        stream = RandomHistory.stream(name, base, ours, side())
    }

    /// One change to one file, most often of its place.
    private static func move(_ files: inout [String: File], _ random: inout SplitMix64) {
        guard let path = files.keys.sorted().randomElement(using: &random), let file = files[path] else { return }
        let places = [
            "n/a.txt", "n/b.txt", "d/n.txt", "d/e/n.txt", "n.txt", "n/e/f.sh", "d/b.txt", "a.txt", path + "/q",
        ]
        switch Int.random(in: 0..<12, using: &random) {
        case 0: files[path] = nil
        case 1: files["added/\(Int.random(in: 0..<2, using: &random))"] = File.text(&random)
        case 2: files[path]?.mode = file.mode == "100644" ? "100755" : "100644"
        case 3...6:
            guard let place = places.randomElement(using: &random), files[place] == nil else { return }
            files[path] = nil
            var moved = file
            for _ in 0..<[0, 0, 1, 3][Int.random(in: 0..<4, using: &random)] { moved = edited(moved, &random) }
            files[place] = moved
        default: files[path] = edited(file, &random)
        }
    }

    init(_ name: String, _ random: inout SplitMix64) {
        self.name = name
        var base: [String: File] = [:]
        for path in ["a", "b", "d/x", "d/y", "d/e/z", "run.sh", "link", "module"] {
            if Int.random(in: 0..<10, using: &random) < 8 { base[path] = RandomHistory.made(path, &random) }
        }
        func side(_ count: Int) -> [[String: File]] {
            var states: [[String: File]] = []
            var files = base
            for _ in 0..<count {
                RandomHistory.edit(&files, &random)
                states.append(files)
            }
            return states
        }
        let ours = side(Int.random(in: 1...3, using: &random))
        let theirs = side(Int.random(in: 1...3, using: &random))
        stream = RandomHistory.stream(name, base, ours, theirs)
    }

    private static func made(_ path: String, _ random: inout SplitMix64) -> File {
        switch path {
        case "link": File(mode: "120000", content: "target\(Int.random(in: 0..<3, using: &random))")
        case "module":
            File(mode: "160000", content: String(repeating: "\(Int.random(in: 1..<4, using: &random))", count: 40))
        case "run.sh": File(mode: "100755", content: File.text(&random).content)
        default: File.text(&random)
        }
    }

    /// One change, of a kind that the next number chooses.
    private static func edit(_ files: inout [String: File], _ random: inout SplitMix64) {
        let paths = files.keys.sorted()
        guard let path = paths.randomElement(using: &random), var file = files[path] else { return }
        let isText = file.mode.hasPrefix("100")
        switch Int.random(in: 0..<20, using: &random) {
        case 0: files[path] = nil
        case 1 where isText:
            file.mode = file.mode == "100644" ? "100755" : "100644"
            files[path] = file
        case 2:
            // A folder in the place of a file.
            files[path] = nil
            files[path + "/q"] = File(mode: "100644", content: "q\n")
        case 3:
            // And the other way round.
            guard path.contains("/") else { return }
            let folder = path.split(separator: "/")[0]
            for other in paths where other.hasPrefix(folder + "/") { files[other] = nil }
            files[String(folder)] = File(mode: "100644", content: "in place of a folder\n")
        case 4:
            let name = ["new1", "d/new2", "d/e/new3", "n/new4"][Int.random(in: 0..<4, using: &random)]
            if files["n"] == nil, files["d"] == nil, files["d/e"] == nil { files[name] = File.text(&random) }
        case 5 where isText: files[path] = File(mode: file.mode, content: "a\u{0}b\(file.content.utf8.count)")
        case 6 where isText: files[path] = File(mode: "120000", content: "elsewhere")
        default: files[path] = isText ? edited(file, &random) : made(path, &random)
        }
    }

    private static func edited(_ file: File, _ random: inout SplitMix64) -> File {
        var lines = file.content.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        let place = Int.random(in: 0..<lines.count, using: &random)
        let text = "edit \(Int.random(in: 0..<4, using: &random))"
        switch Int.random(in: 0..<4, using: &random) {
        case 0: lines.remove(at: place)
        case 1: lines.insert(text, at: place)
        default: lines[place] = text
        }
        return File(mode: file.mode, content: lines.joined(separator: "\n"))
    }

    private static func stream(
        _ name: String, _ base: [String: File], _ ours: [[String: File]], _ theirs: [[String: File]],
    ) -> String {
        let root = "refs/cases/\(name)/base"
        var stream = commit(root, base, after: nil)
        for (side, states) in [("ours", ours), ("theirs", theirs)] {
            for (index, state) in states.enumerated() {
                let ref = "refs/cases/\(name)/\(side)"
                stream += commit(ref, state, after: index == 0 ? root : nil)
            }
        }
        return stream
    }

    private static func commit(_ ref: String, _ files: [String: File], after parent: String?) -> String {
        var stream = "commit \(ref)\ncommitter Ada <ada@example.com> 1700000000 +0000\ndata 1\nx\n"
        if let parent { stream += "from \(parent)\n" }
        stream += "deleteall\n"
        for (path, file) in files.sorted(by: { $0.key < $1.key }) {
            if file.mode == "160000" {
                stream += "M 160000 \(file.content) \(path)\n"
            } else {
                stream += "M \(file.mode) inline \(path)\ndata \(file.content.utf8.count)\n\(file.content)\n"
            }
        }
        return stream
    }
}
