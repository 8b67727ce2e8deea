import Foundation
import MooringTestSupport

/// The program under test, as it was built beside the tests.
enum Binary {
    /// `mooring` in the folder that the running test program lies in.
    static var path: String {
        let own = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
        return URL(fileURLWithPath: own).deletingLastPathComponent().appendingPathComponent("mooring").path
    }

    /// The repository that the tests are of.
    static let root = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The files of `examples/quickstart`, by their path from its root.
    static func quickstart() throws -> [String: String] {
        let folder = root.appendingPathComponent("examples/quickstart/production")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return Dictionary(
            uniqueKeysWithValues: try names.map { name in
                ("production/\(name)", try String(contentsOf: folder.appendingPathComponent(name), encoding: .utf8))
            })
    }
}

/// Runs at most so many scenes at once: each is four or more processes, and deadlines must hold on a small machine.
actor Stage {
    private static let shared = Stage(places: 5)

    private var free: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    private init(places: Int) { free = places }

    private func enter() async {
        if free > 0 {
            free -= 1
        } else {
            await withCheckedContinuation { waiting.append($0) }
        }
    }

    private func leave() {
        if waiting.isEmpty {
            free += 1
        } else {
            waiting.removeFirst().resume()
        }
    }

    /// Runs `body` when there is a place.
    static func run<Result>(
        isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Result,
    ) async throws -> Result {
        await shared.enter()
        do {
            let result = try await body()
            await shared.leave()
            return result
        } catch {
            await shared.leave()
            throw error
        }
    }
}
