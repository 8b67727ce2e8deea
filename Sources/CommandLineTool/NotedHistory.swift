import ArgumentParser
import Foundation
import MooringController
import MooringGit
import MooringModel
import MooringNames
import MooringPorts
import MooringPresentation
import MooringShapes

/// What a clone's notes tell, for the commands that read them back.
struct NotedHistory: Sendable {
    /// One commit in one environment.
    struct Entry: Sendable {
        let commit: NotedCommit
        let report: CommitReport
        /// The note itself.
        let note: Value
    }

    /// By environment, in the order of their names; the commits newest first.
    let entries: [(environment: EnvironmentName, entries: [Entry])]

    /// What earlier commits left behind in an environment: services and tasks that no later note tells of and that had failed
    /// or were withheld, each with the commit that says so. Sorted.
    static func leftBehind(_ entries: [Entry]) -> [(service: ServiceReport, entry: Entry)] {
        var told: Set<String> = []
        var left: [(service: ServiceReport, entry: Entry)] = []
        for (index, entry) in entries.enumerated() {
            let all =
                entry.report.services.map { ("\($0.key)", $0) } + entry.report.tasks.map { ("task \($0.key)", $0) }
            for (name, service) in all where told.insert(name).inserted {
                // What is under way or superseded is a later commit's to tell of.
                guard index > 0, service.sync == .failed || service.sync == .outOfSync else { continue }
                left.append((service, entry))
            }
        }
        return left.sorted { $0.service.key < $1.service.key }
    }

    /// Reads the notes of the clone around `path`.
    ///
    /// - Parameters:
    ///   - names: the environments to read; all that the clone has notes of where empty.
    ///   - limit: commits per environment.
    /// - Throws: the exit code of a failure; what is wrong has been said.
    static func read(around path: String, environments names: [String], limit: Int) async throws -> NotedHistory {
        let folder = URL(fileURLWithPath: path).standardizedFileURL.path
        // A bare clone has no '.git' of its own.
        let root = ManifestFolder.repositoryRoot(of: folder) ?? folder
        let copy = WorkingCopy(folder: root, clock: SystemClock())
        do throws(Failure) {
            let known = try await copy.notedEnvironments()
            guard !known.isEmpty else {
                StandardStreams.error(
                    "The clone \(root) has no notes of Mooring: git does not fetch them by itself. "
                        + "Fetch them with: \(fetchCommand)")
                throw exit
            }
            var wanted: [EnvironmentName] = []
            for name in names {
                guard let environment = known.first(where: { $0.text == name }) else {
                    StandardStreams.error(
                        "The clone \(root) has no notes of an environment '\(name)'; it has "
                            + known.map { "'\($0)'" }.joined(separator: ", ") + ".")
                    throw exit
                }
                wanted.append(environment)
            }
            var entries: [(EnvironmentName, [Entry])] = []
            for environment in wanted.isEmpty ? known : wanted {
                entries.append((environment, try await copy.notedCommits(environment, limit: limit).compactMap(entry)))
            }
            return NotedHistory(entries: entries)
        } catch {
            if error != exit { StandardStreams.error("\(error)") }
            throw ExitCode(1)
        }
    }

    /// How the notes of a repository are fetched.
    static let fetchCommand = "git fetch origin '+refs/notes/mooring/*:refs/notes/mooring/*'"

    /// Stands for what has been said already.
    private static let exit = Failure(
        code: .invalidInput, subject: "", tried: "", cause: "", disposition: .invalidInput)

    private static func entry(of commit: NotedCommit) -> Entry? {
        guard var text = commit.notes.first else { return nil }
        for other in commit.notes.dropFirst() { text = NoteDocument.merge(existing: text, ours: other) }
        guard let report = NoteDocument.report(from: text), let note = NoteDocument.value(from: text) else {
            return nil
        }
        return Entry(commit: commit, report: report, note: note)
    }

    /// Says of environments without any note on the history of `HEAD` why that may be.
    func remark() {
        for (environment, entries) in entries where entries.isEmpty {
            StandardStreams.error(
                "None of the commits that lead to HEAD has a note of '\(environment)'. Is the branch that it deploys "
                    + "checked out, and up to date? Notes are fetched with: \(NotedHistory.fetchCommand)")
        }
    }
}

/// How results are written.
enum NoteOutput: String, ExpressibleByArgument, CaseIterable {
    case text, json
}
