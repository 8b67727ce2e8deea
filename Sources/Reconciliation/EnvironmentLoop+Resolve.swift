import MooringManifests
import MooringModel
import MooringNames
import MooringPorts
import MooringShapes

/// Asking for the SSM parameters that variables stand for: at a new commit, at every sweep, and for as long as one could not
/// be read just now.
extension EnvironmentLoop {
    mutating func resolve() {
        guard let needed = source.collection?.neededParameters, callerAccount == policy.account, isResolvingDue(needed)
        else { return observe() }
        phase = .resolving
        for question in ParameterQuestion.questions(for: needed) {
            ask(.call(question.call), for: .parameters(question))
        }
    }

    private func isResolvingDue(_ needed: [String]) -> Bool {
        if isSweepDue || source.resolvedHead != source.head { return true }
        return needed.contains { name in
            switch source.parameters[name] {
            case .waiting, nil: true
            case .value, .refused: false
            }
        }
    }

    mutating func completeParameters(_ question: ParameterQuestion, _ result: EffectResult) {
        let answer: Result<Value, Failure>
        switch result {
        case .value(let value): answer = .success(value)
        case .failed(let failure): answer = .failure(failure)
        default: preconditionFailure("a call was completed with another effect's result")
        }
        let outcome = question.outcome(of: answer)
        for (name, reading) in outcome.readings {
            // What was known stays known while it cannot be asked for.
            if case .waiting = reading, case .value = source.parameters[name] { continue }
            source.parameters[name] = reading
        }
        for question in outcome.again { ask(.call(question.call), for: .parameters(question)) }
        if let problem = outcome.problem {
            takeProblem(problem)
        } else if outcome.again.isEmpty {
            recover(.parameters)
        }
        if !isWaiting(for: \.isParameters) { finishResolving() }
    }

    private mutating func takeProblem(_ problem: Failure) {
        // A rollout that is under way is seen through before anybody gives up.
        if !standings.values.contains(where: \.isRollingOut) { blockage = problem }
        tellProblem(problem, of: .parameters)
    }

    private mutating func finishResolving() {
        source.resolvedHead = source.head
        if let collection = source.collection, let before = source.desired {
            let desired = collection.desiredState(.asked(source.parameters))
            if desired != before {
                let digests = source.digests
                take(desired)
                followValues(from: before, digests)
            }
        }
        observe()
    }

    /// Lets the reports follow values that changed without a commit.
    ///
    /// Whoever waits for a service waits for its new values. One that changes under the head commit belongs to that commit's
    /// report, whether or not the commit touched it: a person finds the rollout there and nowhere else.
    private mutating func followValues(from before: DesiredState, _ digests: [ServiceKey: Digest]) {
        let changed = source.digests.keys.sorted().filter { digests[$0] != source.digests[$0] }
        for index in book.open.indices {
            for key in changed where digests[key] != nil && book.open[index].services[key] == digests[key] {
                book.open[index].services[key] = source.digests[key]
            }
        }
        let unresolved = Set(before.services.filter { $0.unresolved != nil }.map(\.key))
        let surprising = changed.filter { !unresolved.contains($0) }
        guard let head = source.head, !surprising.isEmpty else { return }
        if !book.open.contains(where: { $0.commit == head }), let report = book.report(on: head) {
            book.open.append(.init(commit: head, services: [:], report: report))
        }
        guard let index = book.open.firstIndex(where: { $0.commit == head }) else { return }
        for key in surprising {
            book.open[index].services[key] = source.digests[key]
            book.open[index].report.services.removeAll { $0.key == key }
            book.open[index].report.services.append(ServiceReport(key: key, sync: .progressing, updated: now.wall))
        }
        book.open[index].report.services.sort { $0.key < $1.key }
    }
}
