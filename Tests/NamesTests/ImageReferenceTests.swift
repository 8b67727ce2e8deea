import MooringNames
import Testing

@Suite struct `The name of an image` {
    private static let digest = "sha256:" + String(repeating: "0123456789abcdef", count: 4)

    @Test(
        arguments: [
            ("nginx", "nginx", nil, nil), ("nginx:1.27", "nginx", "1.27", nil),
            ("localhost:5000/web", "localhost:5000/web", nil, nil),
            (
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/web:v1",
                "123456789012.dkr.ecr.eu-central-1.amazonaws.com/team/web", "v1", nil
            ),
            ("Registry.example.com/a/b_c--d@\(digest)", "Registry.example.com/a/b_c--d", nil, digest),
            ("web:v1@\(digest)", "web", "v1", digest),
        ] as [(String, String, String?, String?)])
    func `has a repository, perhaps a tag, perhaps a digest`(
        text: String, repository: String, tag: String?, digest: String?,
    ) throws {
        let reference = try ImageReference(text)
        #expect(reference.repository == repository && reference.tag == tag && reference.digest == digest)
        #expect("\(reference)" == text)
    }

    @Test(arguments: [
        "", "Web", "web:", "web:-x", "web@sha256:abc", "web@sha512:\(String(repeating: "a", count: 64))", "web@",
        "a//b", "/web",
        "web:v1 ", "${image}", "a/../b", "host:/web", "web:\(String(repeating: "a", count: 129))",
        "web@\(digest)@\(digest)",
    ])
    func `is nothing else`(text: String) {
        #expect(throws: ImageReference.Mistake.self) { try ImageReference(text) }
    }
}
