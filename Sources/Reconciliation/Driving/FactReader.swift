package import MooringNames
package import MooringPlanning
package import MooringPorts

/// Answers facts outside of the loop, one question after the other: for commands that only look.
package struct FactReader: Sendable {
    private let aws: any AWSClient
    private let git: (any SourceHistory)?
    private let history: HistorySource
    private let folder: TreePath?

    /// - Parameter git: what tells earlier versions; nil where `history` says why there is nothing to ask.
    package init(aws: any AWSClient, git: (any SourceHistory)?, history: HistorySource, folder: TreePath?) {
        self.aws = aws
        self.git = git
        self.history = history
        self.folder = folder
    }

    /// Asks for the facts and enters the answers.
    ///
    /// - Parameter stops: the failures that end it; of all others it is noted that the fact cannot be read.
    package func read(
        _ facts: [Fact], into observed: inout Observed, stops: (Observation, Failure) -> Bool,
    ) async throws(Failure) {
        var questions = Observation.questions(for: facts, history: history)
        while !questions.isEmpty {
            let observation = questions.removeFirst()
            let answer: EffectResult
            do throws(Failure) {
                answer = try await self.answer(to: observation)
            } catch {
                if stops(observation, error) { throw error }
                answer = .failed(error)
            }
            questions += observation.apply(answer, to: &observed, history: history)
        }
    }

    private func answer(to observation: Observation) async throws(Failure) -> EffectResult {
        switch observation.action {
        case .call(let call): return .value(try await aws.call(call))
        case .versions(let paths, let old, let new):
            let versions = try await git?.versions(of: paths, from: old, to: new, limit: Limits.versions)
            return .versions(versions ?? [])
        case .snapshot(let commit, let known):
            return .snapshot(try await git?.snapshot(at: commit, folder: folder, unless: known))
        default: return .done
        }
    }
}
