import Testing

/// What reviews would have to say again and again, said once.
@Suite struct RepositoryTests {
    @Test(arguments: Rule.all)
    func `the repository keeps the rule`(_ rule: Rule) throws {
        let files = try SourceTree.files()
        #expect(files.count > 100)
        let problems = files.flatMap(rule.problems)
        #expect(problems.isEmpty, "\(rule.name):\n\(problems.joined(separator: "\n"))")
    }

    @Test(arguments: Rule.all)
    func `a file that breaks the rule is found`(_ rule: Rule) {
        for file in rule.broken { #expect(!rule.problems(file).isEmpty, "\(rule.name): \(file.path) \(file.text)") }
        #expect(!rule.broken.isEmpty)
        for file in rule.kept { #expect(rule.problems(file) == [], "\(rule.name): \(file.path)") }
    }

    @Test func `every module of the sources has its place, and every place its module`() throws {
        let modules = Set(try SourceTree.files().compactMap(\.module))
        #expect(modules.subtracting(Modules.imports.keys) == [])
        #expect(Set(Modules.imports.keys).subtracting(modules) == [])
        #expect(Modules.pure.isSubset(of: modules))
    }

    @Test func `the formatter refuses what is forced`() throws {
        let settings = try #require(SourceTree.files().first { $0.path == ".swift-format" }?.text)
        for rule in ["NeverForceUnwrap", "NeverUseForceTry"] {
            #expect(settings.contains(#""\#(rule)": true"#))
        }
    }

    @Test func `comments and literals are not code`() {
        let text = """
            let a = "x // y" // z
            /* one /* two */ three */ let b = #"a " b"#
            let c = \"""
                Date()
                \"""
            let d = "\\" UUID()"
            """
        let code = SwiftText.code(of: text)
        for word in ["x", "y", "z", "one", "three", "Date", "UUID"] { #expect(!code.contains(word), "\(word)") }
        for name in ["let a", "let b", "let c", "let d"] { #expect(code.contains(name)) }
        #expect(code.split(separator: "\n", omittingEmptySubsequences: false).count == 6)
    }
}

extension Rule: CustomTestStringConvertible {
    var testDescription: String { name }
}
