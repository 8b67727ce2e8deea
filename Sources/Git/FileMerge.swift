import CGit2

/// Merges two versions of a file line by line.
///
/// On buffers alone: no attribute of the repository is looked at, so no filter and no merge driver can have a say.
enum FileMerge {
    /// Merges `ours` and `theirs`, which both come from `base`.
    ///
    /// - Parameter base: nil where both sides added the file.
    /// - Returns: nil where both changed the same lines, or where the file is no text.
    static func merge(base: [UInt8]?, ours: [UInt8], theirs: [UInt8]) throws(GitProblem) -> [UInt8]? {
        var result = git_merge_file_result()
        // An absent base and an empty one are the same to the comparison of lines.
        let ancestor = base ?? []
        var inputs = (try emptyInput(), try emptyInput(), try emptyInput())
        try check("git_merge_file") {
            ancestor.withUnsafeBytes { ancestor in
                ours.withUnsafeBytes { ours in
                    theirs.withUnsafeBytes { theirs in
                        fill(&inputs.0, with: ancestor)
                        fill(&inputs.1, with: ours)
                        fill(&inputs.2, with: theirs)
                        return git_merge_file(&result, &inputs.0, &inputs.1, &inputs.2, nil)
                    }
                }
            }
        }
        defer { git_merge_file_result_free(&result) }
        guard result.automergeable != 0 else { return nil }
        guard result.len > 0, let bytes = result.ptr else { return [] }
        return Array(UnsafeRawBufferPointer(start: bytes, count: result.len))
    }

    /// Without a path and a mode: those are merged by ourselves.
    private static func emptyInput() throws(GitProblem) -> git_merge_file_input {
        var input = git_merge_file_input()
        try check("git_merge_file_input_init") {
            git_merge_file_input_init(&input, UInt32(GIT_MERGE_FILE_INPUT_VERSION))
        }
        return input
    }

    private static func fill(_ input: inout git_merge_file_input, with bytes: UnsafeRawBufferPointer) {
        input.ptr = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        input.size = bytes.count
    }
}
