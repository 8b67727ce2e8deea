import MooringManifests
import MooringModel
import MooringNames
import MooringShapes
import Testing

/// Where the image of a container stands, and what making it another one changes.
@Suite struct ImageEditTests {
    private static let new = "registry.example.com/web:v2@sha256:" + String(repeating: "b", count: 64)
    private static let task = """
        family: web
        containerDefinitions:
          - name: app
            image: registry.example.com/web:v1   # today's
            memory: 256
          - {name: proxy, image: envoy:1, memory: 64}

        """
    private static let service = "serviceName: web\ntaskDefinition: web\ndesiredCount: 2\n"

    /// The edit and, in the file that it names, the lines that change: old to new.
    private func edit(
        _ folder: TestFolder, service: String = "web", container: String = "app", to image: String = new,
    ) throws -> (edit: ImageEdit, old: String, new: String) {
        let edit = try folder.collection().imageEdit(
            to: image, ofContainer: container, inService: service, folder.readings)
        let text = try #require(folder.files[edit.file.text] ?? folder.others[edit.file.text])
        let input = ManifestInput(path: edit.file, bytes: Array(text.utf8))
        let after = String(decoding: try edit.applied(to: input), as: UTF8.self)
        let lines = zip(text.split(separator: "\n"), after.split(separator: "\n")).filter { $0 != $1 }
        try #require(lines.count == 1)
        // The folder says what was asked for.
        var changed = folder
        if folder.files[edit.file.text] != nil { changed.files[edit.file.text] = after }
        if folder.others[edit.file.text] != nil { changed.others[edit.file.text] = after }
        let state = try changed.state()
        let images = state.taskDefinitions.flatMap { $0.input["containerDefinitions"]?.elements ?? [] }
            .filter { $0["name"]?.text == container }.map { $0["image"]?.text }
        #expect(images.contains(image))
        return (edit, String(lines[0].0), String(lines[0].1))
    }

    private func problem(
        _ folder: TestFolder, service: String = "web", container: String = "app", to image: String = new,
    ) throws -> EditProblem {
        try #require(throws: EditProblem.self) {
            try folder.collection().imageEdit(
                to: image, ofContainer: container, inService: service, folder.readings)
        }
    }

    @Test func `in the task definition that the service names, in another file`() throws {
        let folder = TestFolder(
            files: ["p/web.yaml": ImageEditTests.service, "p/task.yaml": ImageEditTests.task], folder: "p")
        let found = try edit(folder)
        #expect(found.edit.origin == .manifest)
        #expect(found.edit.previous == "registry.example.com/web:v1")
        #expect(found.edit.file.text == "p/task.yaml")
        #expect(found.edit.position == SourcePosition(line: 4, column: 12))
        #expect(found.new == "    image: \(ImageEditTests.new)   # today's")
        let proxy = try edit(folder, container: "proxy", to: "envoy:2")
        #expect(proxy.new == "  - {name: proxy, image: envoy:2, memory: 64}")
    }

    @Test func `in a second document, and where the service names a path`() throws {
        let both = TestFolder(files: ["web.yaml": ImageEditTests.service + "---\n" + ImageEditTests.task])
        #expect(try edit(both).edit.position == SourcePosition(line: 8, column: 12))
        let path = TestFolder(files: [
            "web.yaml": "serviceName: web\ntaskDefinition: ./t/task.json\n",
            "t/task.json": #"{"family": "w", "containerDefinitions": [{"name": "app", "image": "a:1", "memory": 64}]}"#,
        ])
        #expect(try edit(path).new.contains(#""image": "\#(ImageEditTests.new)","#))
    }

    @Test func `the answer of an API call is searched, too`() throws {
        let folder = TestFolder(files: [
            "web.yaml": ImageEditTests.service,
            "task.json": """
            {"taskDefinition": {"family": "web", "revision": 7,
              "containerDefinitions": [{"name": "app",
                "image": "a:1", "memory": 64}]}}
            """,
        ])
        #expect(try edit(folder).edit.position == SourcePosition(line: 3, column: 14))
    }

    @Test func `a service is told by its cluster where its name is in several`() throws {
        let folder = TestFolder(files: [
            "a.yaml": ImageEditTests.service + "cluster: one\n", "b.yaml": ImageEditTests.service + "cluster: two\n",
            "t.yaml": ImageEditTests.task,
        ])
        #expect(
            try problem(folder).message
                == "'web' is in several clusters: 'one/web', 'two/web'. Name one with its cluster.")
        #expect(try edit(folder, service: "two/web").edit.file.text == "t.yaml")
    }

    @Test func `what is not there is told, with what is`() throws {
        let folder = TestFolder(files: ["web.yaml": ImageEditTests.service, "task.yaml": ImageEditTests.task])
        #expect(
            try problem(folder, service: "wep").message
                == "The folder has no service 'wep'. Did you mean 'web'? There are 'default/web'.")
        let container = try problem(folder, container: "ap")
        #expect(container.message == "There is no container 'ap' here. Did you mean 'app'? There are 'app', 'proxy'.")
        #expect(container.file?.text == "task.yaml")
        #expect(try problem(folder, to: "a:${b}").message.contains("begins a variable"))
    }

    @Test func `a service that is there twice, and a container that is, are ambiguous`() throws {
        let twice = TestFolder(files: [
            "a.yaml": ImageEditTests.service, "b.yaml": ImageEditTests.service, "t.yaml": ImageEditTests.task,
        ])
        #expect(
            try problem(twice).message
                == "The service 'default/web' is in 'a.yaml:1:1', 'b.yaml:1:1'. Keep one of them.")
        let families = TestFolder(files: [
            "a.yaml": ImageEditTests.service, "t.yaml": ImageEditTests.task, "u.yaml": ImageEditTests.task,
        ])
        #expect(try problem(families).message.contains("cannot be used"))
    }

    @Test func `a placeholder that was never an image is replaced`() throws {
        let folder = TestFolder(files: [
            "web.yaml": ImageEditTests.service,
            "task.yaml": ImageEditTests.task.replacing("registry.example.com/web:v1", with: "\"<IMAGE NAME>\""),
        ])
        #expect(try folder.state().taskDefinitions.isEmpty)
        #expect(try edit(folder).new == "    image: \"\(ImageEditTests.new)\"   # today's")
    }

    @Test func `a revision that is not in the folder, and a service without a task definition, are told`() throws {
        let pinned = TestFolder(files: ["web.yaml": "serviceName: web\ntaskDefinition: web:12\n"])
        let problem = try problem(pinned)
        #expect(problem.message.contains("runs the revision 'web:12', which is not in the folder"))
        #expect(problem.position == SourcePosition(line: 2, column: 17))
        let external = TestFolder(files: ["web.yaml": "serviceName: web\ndeploymentController: {type: EXTERNAL}\n"])
        #expect(try self.problem(external).message.contains("names no task definition"))
    }

    // MARK: Overlays

    private static let overlay = "mooring: {base: ../base/task.yaml}\n"

    @Test func `where an overlay sets the image, the overlay is changed`() throws {
        let patch = "containerDefinitions:\n  - name: app\n    image: registry.example.com/web:p1\n"
        let folder = TestFolder(
            files: ["p/web.yaml": ImageEditTests.service, "p/task.yaml": ImageEditTests.overlay + patch], folder: "p",
            others: ["base/task.yaml": ImageEditTests.task])
        let app = try edit(folder)
        #expect(app.edit.file.text == "p/task.yaml")
        #expect(app.edit.origin == .manifest)
        let proxy = try edit(folder, container: "proxy", to: "envoy:2")
        #expect(proxy.edit.file.text == "base/task.yaml")
        #expect(proxy.edit.origin == .base)
        #expect(proxy.edit.position == SourcePosition(line: 6, column: 26))
    }

    @Test func `a base of a base is reached, also of the service`() throws {
        let folder = TestFolder(
            files: [
                "p/web.yaml": "mooring: {base: ../base/service.yaml}\ndesiredCount: 3\n",
                "p/task.yaml": ImageEditTests.overlay,
            ], folder: "p",
            others: [
                "base/service.yaml": ImageEditTests.service,
                "base/task.yaml": "mooring: {base: deep/task.yaml}\nmemory: 512\n",
                "base/deep/task.yaml": ImageEditTests.task,
            ])
        #expect(try edit(folder).edit.file.text == "base/deep/task.yaml")
    }

    @Test func `a base that is missing is told`() throws {
        let folder = TestFolder(
            files: ["p/web.yaml": "mooring: {base: ../base/service.yaml}\nserviceName: web\n"], folder: "p")
        #expect(try problem(folder).message.contains("base/service.yaml"))
    }

    // MARK: Variables

    private func variables(_ declared: String, image: String) -> TestFolder {
        TestFolder(files: [
            "mooring.yaml": "variables:\n\(declared)", "web.yaml": ImageEditTests.service,
            "task.yaml": "family: web\ncontainerDefinitions:\n  - {name: app, image: \"\(image)\", memory: 64}\n",
        ])
    }

    @Test(arguments: [
        ("  image: registry.example.com/web:v1\n", "${image}", "  image: " + new, "image"),
        ("  tag: v1   # today's\n", "registry.example.com/web:${tag}", "  tag: v2@sha256:B   # today's", "tag"),
        ("  host: registry.example.com\n  tag: 'v1'\n", "${host}/web:${tag}", "  tag: 'v2@sha256:B'", "tag"),
    ])
    func `a variable of mooring.yaml is changed itself`(
        _ declared: String, _ image: String, _ line: String, _ name: String,
    ) throws {
        let found = try edit(variables(declared, image: image))
        #expect(found.edit.origin == .variable(name))
        #expect(found.edit.file.text == "mooring.yaml")
        #expect(found.new == line.replacing("sha256:B", with: "sha256:" + String(repeating: "b", count: 64)))
    }

    @Test func `an image that no one variable can make is refused`() throws {
        let folder = variables("  tag: v1\n", image: "other.example.com/web:${tag}")
        let problem = try problem(folder)
        #expect(problem.file?.text == "task.yaml")
        #expect(problem.position?.line == 3)
        #expect(
            problem.message.hasPrefix("The image is written 'other.example.com/web:${tag}' here. No one variable of it")
        )
        let twice = variables("  tag: v1\n", image: "registry.example.com/web:${tag}${tag}")
        #expect(try self.problem(twice).message.contains("No one variable"))
    }

    @Test func `where either of two variables would do, both are named`() throws {
        let folder = variables("  a: v1\n  b: ''\n", image: "registry.example.com/web:${a}${b}")
        // 'v1' behind the colon is in the way of 'b', so only 'a' fits; with nothing in either, both do.
        #expect(try edit(folder).edit.origin == .variable("a"))
        let empty = variables("  a: ''\n  b: ''\n", image: "registry.example.com/web:${a}${b}")
        #expect(
            try problem(empty).message.hasSuffix(
                "Any of the variables 'a', 'b' could be changed. Change one of them by hand."))
    }

    @Test func `a parameter is not ours to change, and an undeclared variable is nobody's`() throws {
        let parameter = variables("  image: {fromParameter: /web/image}\n", image: "${image}")
        #expect(
            try problem(parameter).message.contains(
                "'${image}' is the SSM parameter '/web/image': put the new image there."))
        var asked = parameter
        asked.readings = .asked(["/web/image": .value("a:1")])
        #expect(try problem(asked).message.contains("SSM parameter '/web/image'"))
        let beside = variables(
            "  host: {fromParameter: /web/host}\n  tag: v1\n", image: "${host}/web:${tag}")
        #expect(try problem(beside).message.contains("SSM parameter '/web/host'"))
        var known = beside
        known.readings = .asked(["/web/host": .value("registry.example.com")])
        #expect(try edit(known).edit.origin == .variable("tag"))
        let undeclared = variables("  x: 1\n", image: "${image}")
        #expect(try problem(undeclared).message.contains("declares no variable 'image'"))
    }

    @Test func `an alias is refused where it would change another container`() throws {
        let folder = TestFolder(files: [
            "web.yaml": ImageEditTests.service,
            "task.yaml": """
            family: web
            containerDefinitions:
              - {name: app, image: &image a:1, memory: 64}
              - {name: worker, image: *image, memory: 64}
            """,
        ])
        let found = try folder.collection().imageEdit(
            to: ImageEditTests.new, ofContainer: "worker", inService: "web", .offline)
        let text = try #require(folder.files["task.yaml"])
        let problem = try #require(throws: EditProblem.self) {
            try found.applied(to: ManifestInput(path: found.file, bytes: Array(text.utf8)))
        }
        #expect(
            problem.description.hasPrefix("task.yaml:3:24: The value that stands here is used in 2 places, by an alias")
        )
    }
}
