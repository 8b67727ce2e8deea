import MooringModel
package import MooringNames
import MooringPlanning
import MooringPorts
package import MooringRollouts
import MooringShapes

extension EnvironmentLoop {
    /// What the service's rollout fails of, from the fixed list; nil where nothing was found out, or nothing fails.
    package func diagnosedCause(of key: ServiceKey) -> Cause? {
        standings[key]?.wantsDiagnosis == true ? causes[key]?.kind : nil
    }

    /// Looks into rollouts that fail: ECS shows their stopped tasks for about an hour only.
    mutating func diagnose() {
        phase = .diagnosing
        examinations = [:]
        for (key, standing) in standings.sorted(by: { $0.key < $1.key })
        where standing.wantsDiagnosis && book.isOpen(key, source.digests[key])
            && causes[key].map({ $0.depth < standing.depth }) ?? true
        {
            var examination = Examination(
                revision: standing.revision, service: failing[key]?.described ?? .null,
                taskDefinition: taskDefinition(of: key))
            let questions = examination.begin(isOver: standing.isRejected || standing.state.isReturning)
            examinations[key] = examination
            for question in questions { put(question, about: key) }
        }
        if !isWaiting(for: \.isDiagnosis) { endPass() }
    }

    private mutating func put(_ question: DiagnosisQuestion, about key: ServiceKey) {
        ask(.call(question.call(about: key)), for: .diagnosis(key, question))
    }

    mutating func completeDiagnosis(_ question: DiagnosisQuestion, about key: ServiceKey, _ result: EffectResult) {
        guard var examination = examinations[key] else { return }
        let questions = examination.take(question, result)
        examinations[key] = examination
        for question in questions { put(question, about: key) }
        if examination.open == 0 { conclude(examination, about: key) }
        if !isWaiting(for: \.isDiagnosis) { endPass() }
    }

    /// What git wants the service to run: health checks and log groups are read from it.
    private func taskDefinition(of key: ServiceKey) -> Value? {
        guard let desired = source.desired, let service = desired.services.first(where: { $0.key == key }),
            case .family(let family) = service.taskDefinition
        else { return nil }
        return desired.taskDefinitions.first { $0.family == family }?.input
    }

    private mutating func conclude(_ examination: Examination, about key: ServiceKey) {
        guard let standing = standings[key] else { return }
        // While it goes on, a cause is only told that tasks show.
        if !standing.isRejected, examination.tasks.isEmpty { return }
        let diagnosis = Diagnosis.diagnose(
            examination.symptoms(reason: standing.failureReason, since: rolloutBegan(standing) ?? book.started(key)))
        // What tasks showed while it went on is not forgotten because ECS shows them no longer.
        if let known = causes[key], diagnosis.cause.isWeak, !diagnosis.isCertain, !known.kind.isWeak {
            causes[key]?.depth = standing.depth
            return
        }
        if causes[key] == nil { reconsiderDependents() }
        observed.causes[key] = diagnosis.sentence
        causes[key] = KnownCause(
            digest: standing.digest, kind: diagnosis.cause, depth: standing.depth, cause: diagnosis.sentence,
            remedy: diagnosis.remedy, evidence: diagnosis.evidence)
    }

    /// When ECS made the deployment, by its own clock: ours may go another way. Nil where ECS shows it no longer.
    private func rolloutBegan(_ standing: ServiceStanding) -> Timestamp? {
        var described: Value?
        if let live = failing[standing.key] {
            let ours = live.deployments.filter { $0.id == standing.deployment }
            let same = live.deployments.filter { $0.taskDefinition?.revision == standing.revision }
            described = (ours + same).first?.described["createdAt"]
        }
        if described == nil, case .known(let records) = observed.records[standing.key], let newest = records.first,
            newest.targetTaskDefinition?.revision == standing.revision
        {
            described = newest.described["createdAt"]
        }
        guard let seconds = described?.double, seconds.isFinite, abs(seconds) < 1e12 else { return nil }
        return Timestamp(millisecondsSince1970: Int64((seconds * 1000).rounded(.down)))
    }
}
