/// The id of a git object, in forty lower-case hexadecimal digits.
package struct ObjectID: Name {
    package let text: String
    package init(_ text: String) throws(NameError) {
        guard text.utf8.count == 40, Characters.areLowercaseHex(text) else {
            throw .malformed(kind: "object id", text: text, expected: "forty lower-case hexadecimal digits")
        }
        self.text = text
    }

    /// The first seven digits, as people quote commits.
    package var short: String { String(text.prefix(7)) }
}

/// The id of a commit.
package typealias CommitID = ObjectID

/// The name of a branch, without `refs/heads/`.
package struct BranchName: Name {
    package let text: String

    /// Git's own rule for ref names, see `git help check-ref-format`.
    package init(_ text: String) throws(NameError) {
        if text.isEmpty { throw .empty(kind: "branch") }
        if text.utf8.count > 255 { throw .tooLong(kind: "branch", text: text, maximum: 255) }
        let forbidden: Set<Character> = [" ", "~", "^", ":", "?", "*", "[", "\\"]
        let components = text.split(separator: "/", omittingEmptySubsequences: false)
        let isAllowed =
            !text.contains { forbidden.contains($0) || $0.asciiValue.map { $0 < 32 || $0 == 127 } ?? false }
            && !text.contains("..") && !text.contains("@{") && text != "@" && !text.hasSuffix(".")
            && !text.hasPrefix("-")
            && components.allSatisfy { !$0.isEmpty && !$0.hasPrefix(".") && !$0.hasSuffix(".lock") }
        guard isAllowed else { throw .malformed(kind: "branch", text: text, expected: "a valid git branch name") }
        self.text = text
    }
}

/// A path inside a git tree: relative, with `/` between its components, never leaving the tree.
package struct TreePath: Name {
    package let text: String

    /// Longest path accepted; Linux's own bound for a path.
    package static let maximumLength = 4096

    package init(_ text: String) throws(NameError) {
        if text.isEmpty { throw .empty(kind: "path") }
        if text.utf8.count > TreePath.maximumLength {
            throw .tooLong(kind: "path", text: text, maximum: TreePath.maximumLength)
        }
        let components = text.split(separator: "/", omittingEmptySubsequences: false)
        let isAllowed = components.allSatisfy { component in
            !component.isEmpty && component != "." && component != ".." && component.lowercased() != ".git"
                && !component.unicodeScalars.contains { $0.value < 32 || $0.value == 127 || $0 == "\\" }
        }
        guard isAllowed else {
            throw .malformed(
                kind: "path", text: text, expected: "a relative path without '.', '..' or control characters")
        }
        self.text = text
    }

    /// The last component.
    package var fileName: String {
        text.utf8.lastIndex(of: UInt8(ascii: "/")).map { String(text[text.utf8.index(after: $0)...]) } ?? text
    }

    /// The folder the path lies in, nil at the root.
    package var folder: TreePath? {
        guard let slash = text.lastIndex(of: "/") else { return nil }
        return try? TreePath(String(text[..<slash]))
    }

    /// Resolves `relative` (which may hold `.` and `..`) against the folder of this file.
    ///
    /// - Returns: nil where the result would leave the tree or is no valid path.
    package func resolving(_ relative: String) -> TreePath? {
        guard !relative.hasPrefix("/") else { return nil }
        var components = text.split(separator: "/").dropLast().map(String.init)
        for component in relative.split(separator: "/") {
            switch component {
            case ".": continue
            case "..":
                if components.isEmpty { return nil }
                components.removeLast()
            default: components.append(String(component))
            }
        }
        return try? TreePath(components.joined(separator: "/"))
    }

    /// Whether the path is `folder` or lies below it; everything lies below nil, the root.
    package func isInside(_ folder: TreePath?) -> Bool {
        guard let folder else { return true }
        return text == folder.text || text.hasPrefix(folder.text + "/")
    }
}
