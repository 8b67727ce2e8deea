extension Rule {
    static let all: [Rule] =
        purity + [imports, length, forced, unchecked, sleeping, limits, machine, registries, scripts, topLevel]

    // MARK: Purity

    private static let purity: [Rule] = [
        pure("files", #"\bFileManager\b|\bFileHandle\b|\bfopen\b"#, broken: "let f = FileManager.default"),
        pure("the environment", #"\bProcessInfo\b|\bgetenv\b|\bCommandLine\b"#, broken: "ProcessInfo.processInfo"),
        pure(
            "the clock", #"\bDate\s*\(|\bDate\.now\b|\bContinuousClock\b|\bSuspendingClock\b|\bclock_gettime\b"#,
            broken: "let now = Date()"),
        pure(
            "randomness",
            #"\bUUID\s*\(|\.random\b|\bSystemRandomNumberGenerator\b|\.shuffled\s*\(\s*\)|\brandomElement\b"#,
            broken: "let id = UUID()"),
        pure(
            "tasks", #"\bTask\s*(\.|\{|\(|<)|\bwith\w*TaskGroup\b|\bDispatchQueue\b|\bThread\b|\basync let\b"#,
            broken: "Task { await go() }"),
        pure("printing", #"\bprint\s*\(|\bdebugPrint\s*\(|\bLogger\b"#, broken: "print(plan)"),
    ]

    private static func pure(_ what: String, _ pattern: String, broken: String) -> Rule {
        .banned(
            "pure modules know nothing of \(what)", pattern, in: Modules.isPure,
            broken: [
                file("Sources/Planning/Planner.swift", "func plan() {\n    \(broken)\n}\n"),
                file("Sources/Reconciliation/EnvironmentLoop.swift", broken),
            ],
            kept: [
                file("Sources/Planning/Planner.swift", "/// Never says \(broken).\nlet text = #\"\(broken)\"#\n"),
                file("Sources/Reconciliation/Driving/Driver.swift", broken),
                file("Sources/AWS/Retry.swift", broken),
            ])
    }

    // MARK: Imports

    private static let imports = Rule(
        name: "every module imports only what its place allows",
        problems: { file in
            guard let module = file.module, file.isSwift else { return [] }
            guard let allowed = Modules.imports[module] else { return ["\(file.path): a module nobody spoke of"] }
            let extra = Modules.exceptions[file.path] ?? []
            return imported(by: file).filter { !allowed.contains($0) && !extra.contains($0) }
                .map { "\(file.path): imports \($0)" }
        },
        broken: [
            file("Sources/Planning/Planner.swift", "package import Foundation\n"),
            file("Sources/Simulator/LocalECS.swift", "import MooringModel\n"),
            file("Sources/Reconciliation/Driving/Driver.swift", "import MooringAWS\n"),
            file("Sources/AWS/Client.swift", "internal import MooringGit\n"),
            file("Sources/Names/A.swift", "import struct Foundation.Date\n"),
            file("Sources/Novelty/A.swift", "import MooringNames\n"),
        ],
        kept: [
            file("Sources/Planning/Planner.swift", "package import MooringModel\nimport MooringShapes\n"),
            file("Sources/Simulator/LocalECS.swift", "// import MooringModel\nimport MooringShapes\n"),
            file("Sources/CGit2/shim.h", "import Foundation\n"),
        ])

    private static func imported(by file: TreeFile) -> [String] {
        file.code.split(separator: "\n").compactMap { line in
            var words = line.split(separator: " ").drop {
                ["public", "package", "internal", "private", "fileprivate", "@_exported", "@testable"].contains($0)
            }
            guard words.popFirst() == "import" else { return nil }
            let kinds: Set<Substring> = ["struct", "class", "enum", "protocol", "func", "var", "let", "typealias"]
            if let first = words.first, kinds.contains(first) { words.removeFirst() }
            return words.first?.split(separator: ".").first.map(String.init)
        }
    }

    // MARK: Form

    /// A text that programs read or make.
    private static let longFiles: Set<String> = [
        "Sources/Shapes/ShapeTable+ECS.swift", "Sources/Simulator/Requests/InputShapes+ECS.swift",
    ]

    private static let length = Rule(
        name: "no file is longer than 500 lines",
        problems: { file in
            guard file.isSwift, !longFiles.contains(file.path) else { return [] }
            let count = file.text.hasSuffix("\n") ? file.lines.count - 1 : file.lines.count
            return count > 500 ? ["\(file.path): \(count) lines"] : []
        },
        broken: [file("Sources/Git/A.swift", String(repeating: "\n", count: 501))],
        kept: [file("Sources/Git/A.swift", String(repeating: "\n", count: 500))])

    private static let forced = Rule.banned(
        "nothing is forced", #"\btry!|\bas!|[\w\)\]]!(?![=\w])"#,
        in: { $0.isSwift },
        broken: [
            file("Sources/Git/A.swift", "let a = try! b()"), file("Tests/GitTests/A.swift", "let a = b as! C"),
            file("Sources/Git/A.swift", "let a = b!"),
            file("Sources/Git/A.swift", "use(list[0]!.name)"),
        ],
        kept: [
            file("Sources/Git/A.swift", "if a != b, !c { return !d }"),
            file("Sources/Git/A.swift", "print(\"stop!\") // now!"),
        ])

    private static let unchecked = Rule(
        name: "whatever the compiler is not asked to check has its proof beside it",
        problems: { file in
            guard file.isSwift else { return [] }
            let lines = file.lines
            let code = file.code.split(separator: "\n", omittingEmptySubsequences: false)
            return code.indices.compactMap { index in
                guard code[index].contains("@unchecked Sendable") || code[index].contains("nonisolated(unsafe)"),
                    index == 0 || !lines[index - 1].drop(while: \.isWhitespace).hasPrefix("//")
                else { return nil }
                return "\(file.path):\(index + 1): \(lines[index])"
            }
        },
        broken: [
            file("Sources/Git/A.swift", "\nfinal class A: @unchecked Sendable {}"),
            file("Sources/Git/A.swift", "let a = 1\nnonisolated(unsafe) var b = 2"),
        ],
        kept: [file("Sources/Git/A.swift", "// Locked by `mutex`.\nfinal class A: @unchecked Sendable {}")])

    /// Files that sleep only to give up some time.
    private static let deadlines: Set<String> = [
        "Tests/TestSupport/Deadline.swift", "Tests/SimulatorTests/ServerTests.swift",
    ]

    private static let sleeping = Rule.banned(
        "tests wait for what they wait for, not for time to pass",
        #"\bTask\.sleep\b|\busleep\b|\bThread\.sleep\b|\bsleep\(\s*\d"#,
        in: { $0.isSwift && $0.path.hasPrefix("Tests/") && !deadlines.contains($0.path) },
        broken: [file("Tests/GitTests/A.swift", "try await Task.sleep(for: .seconds(1))")],
        kept: [
            file("Tests/GitTests/A.swift", "clock.advance(by: .seconds(1))"),
            file("Tests/TestSupport/Deadline.swift", "try await Task.sleep(for: limit)"),
        ])

    private static let limits = Rule(
        name: "every limit has its reason above it",
        problems: { file in
            guard file.path.hasSuffix("/Limits.swift") else { return [] }
            let lines = file.lines
            return lines.indices.compactMap { index in
                guard isLimit(lines[index]) else { return nil }
                // Limits of one kind may stand together under one reason.
                let above = lines[..<index].last { !isLimit($0) }?.drop(while: \.isWhitespace)
                return above?.hasPrefix("//") == true ? nil : "\(file.path):\(index + 1): \(lines[index])"
            }
        },
        broken: [file("Sources/Git/Limits.swift", "enum Limits {\n    static let a = 1\n}")],
        kept: [file("Sources/Git/Limits.swift", "enum Limits {\n    /// So many.\n    static let a = 1\n}")])

    private static func isLimit(_ line: Substring) -> Bool {
        let words = line.split(separator: " ")
        return words.contains("static") && (words.contains("let") || words.contains("var"))
    }

    // MARK: The tree

    /// Files that must name what is banned everywhere else.
    private static func isAboutTheRules(_ file: TreeFile) -> Bool { file.path.hasPrefix("Tests/RepositoryTests/") }

    private static let machine = Rule(
        name: "nothing names a place of one machine",
        problems: { file in
            if isAboutTheRules(file) { return [] }
            return matches(of: #"(^|[^\w.*}-])/(work/\w|root/|opt/swift|home/\w)"#, in: file, file.text)
        },
        broken: [
            file("README.md", "cd /" + "work/main"), file("Tests/run", "ls /root/.ssh"),
            file("Tests/run", "PATH=/opt/swift/bin"), file("Tests/run", "ls /home/ada/x"),
        ],
        kept: [
            file("README.md", "https://github.com/acme/" + "work/issues, production/root/a, $HOME/x, /opt/app"),
            file("Tests/GitTests/A.swift", "folder + \"/work\""),
        ])

    private static let registries = Rule(
        name: "nothing names a package registry's host",
        problems: { file in
            if isAboutTheRules(file) { return [] }
            let hosts = #"https?://[\w.-]*(pypi|npm|crates\.io|artifactory|nexus|rubygems|maven|golang|pythonhosted)"#
            let settings = #"--(extra-)?index-url|\bPIP_\w*INDEX|\bGOPROXY\b|\bnpm_config_registry\b"#
            return matches(of: "\(hosts)|\(settings)", in: file, file.text)
        },
        broken: [
            file("Tests/prepare", "pip install --index-url X"), file("README.md", "https://pypi.org/simple"),
            file("deploy/Dockerfile", "ENV GOPROXY=x"),
        ],
        kept: [file("Package.resolved", "https://github.com/apple/swift-log"), file("README.md", "an ECR registry")])

    private static let scripts = Rule(
        name: "scripts can be run, and nothing else can",
        problems: { file in
            let isScript = file.text.hasPrefix("#!")
            if isScript == file.isExecutable { return [] }
            return [isScript ? "\(file.path): a script that cannot be run" : "\(file.path): executable, but no script"]
        },
        broken: [file("Tests/run", "#!/bin/sh\n"), file("README.md", "Hello", isExecutable: true)],
        kept: [file("Tests/run", "#!/bin/sh\n", isExecutable: true), file("README.md", "Hello")])

    private static let entries: Set<Substring> = [
        ".ci", ".gitignore", ".swift-format", "LICENSE", "Package.resolved", "Package.swift", "README.md", "Sources",
        "Tests", "deploy", "examples",
    ]

    private static let topLevel = Rule(
        name: "the top folder holds what everybody expects there",
        problems: { file in
            let first = file.path.split(separator: "/").first ?? ""
            return entries.contains(first) ? [] : ["\(file.path): unexpected at the top"]
        },
        broken: [file("notes.txt", ""), file("tools/a.py", "")], kept: [file("README.md", ""), file(".ci/run", "")])
}
