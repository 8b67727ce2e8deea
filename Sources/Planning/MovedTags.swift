import MooringModel
import MooringNames
import MooringShapes

/// Finds services whose images are named by tags that meanwhile stand for other images.
///
/// ECS resolves a tag once a deployment, so what runs stays what it is. Source: API reference, ContainerImage. That is told, and
/// never a reason to deploy. It is asked for only where a service is at rest, only for the environment's own registry, and
/// within `PlanningPolicy.registryCalls`.
struct MovedTags {
    let observed: Observed
    let policy: PlanningPolicy

    /// A service with images that are named by tags.
    private struct Candidate {
        let key: ServiceKey
        /// ARN of the service revision that runs.
        let revision: String
        let containers: [(name: String, image: String, tag: RegistryTag)]
    }

    struct Outcome {
        var needs: [Fact] = []
        var remarks: [Remark] = []
    }

    /// - Parameters:
    ///   - services: those that are looked at, each with its task definition.
    ///   - standings: where they stand. What is not as git says is not compared with a registry.
    func outcome(
        of services: [(service: DesiredService, taskDefinition: DesiredTaskDefinition?)], standings: [ServiceStanding],
    ) -> Outcome {
        let synced = Set(standings.filter { $0.state == .synced }.map(\.key))
        let candidates = services.filter { synced.contains($0.service.key) }.compactMap {
            candidate($0.service, $0.taskDefinition)
        }
        return Outcome(needs: needs(of: candidates), remarks: candidates.compactMap(remark))
    }

    private func candidate(_ service: DesiredService, _ taskDefinition: DesiredTaskDefinition?) -> Candidate? {
        guard let taskDefinition, case .known(let live)? = observed.services[service.key] else { return nil }
        let containers = (taskDefinition.input["containerDefinitions"]?.elements ?? []).compactMap { container in
            tagged(container)
        }
        guard !containers.isEmpty, let revision = live.primaryServiceRevision else { return nil }
        return Candidate(key: service.key, revision: revision, containers: containers)
    }

    private func tagged(_ container: Value) -> (name: String, image: String, tag: RegistryTag)? {
        // Without version consistency every task resolves the tag anew: no one image runs.
        guard container["versionConsistency"]?.text != "disabled", let name = container["name"]?.text,
            let image = container["image"]?.text, let tag = RegistryTag(image: image),
            tag.account == policy.account, tag.region == policy.region
        else { return nil }
        return (name, image, tag)
    }

    // MARK: Saying

    private func remark(on candidate: Candidate) -> Remark? {
        guard case .known(let running)? = observed.images.running[candidate.revision] else { return nil }
        let moved = candidate.containers.compactMap { container -> MovedTag? in
            guard case .known(let pushed)? = observed.images.tags[container.tag],
                let runs = running.images.first(where: {
                    $0.container == container.name && $0.image == container.image
                }), pushed.isOther(than: runs, deployedAt: running.createdAt)
            else { return nil }
            return MovedTag(
                container: container.name, address: container.tag.address, tag: container.tag.tag,
                running: runs.digest, pushed: pushed.digest)
        }
        if moved.isEmpty { return nil }
        return Remark(key: candidate.key, kind: .tagsMoved(of: candidate.key, moved))
    }

    // MARK: Asking

    /// What is to be asked for, in as many calls as may be made: first what runs, where the registry has answered, then tags.
    private func needs(of candidates: [Candidate]) -> [Fact] {
        var calls = policy.registryCalls
        guard calls > 0 else { return [] }
        let images = observed.images
        let unread = candidates.filter { candidate in
            isDue(images.running[candidate.revision], asked: images.askedRunning[candidate.revision])
                && candidate.containers.contains { if case .known? = images.tags[$0.tag] { true } else { false } }
        }
        let revisions = Set(unread.map(\.revision)).sorted().prefix(calls * Limits.serviceRevisionsPerDescribe)
        calls -= (revisions.count + Limits.serviceRevisionsPerDescribe - 1) / Limits.serviceRevisionsPerDescribe
        return revisions.map { .runningImages(serviceRevision: $0) } + tags(of: candidates, calls: calls)
    }

    private func tags(of candidates: [Candidate], calls: Int) -> [Fact] {
        let due = Set(candidates.flatMap(\.containers).map(\.tag)).sorted().filter { tag in
            isDue(observed.images.tags[tag], asked: observed.images.askedTags[tag], isLasting: false)
        }
        // Whoever has waited longest comes first, so that everyone has a turn.
        let waiting = Dictionary(grouping: due, by: \.address).sorted { left, right in
            (lastAsked(left.value), left.key) < (lastAsked(right.value), right.key)
        }
        var needs: [Fact] = []
        var calls = calls
        for (_, tags) in waiting {
            guard calls > 0 else { break }
            let asked = tags.prefix(calls * Limits.tagsPerDescribe)
            calls -= (asked.count + Limits.tagsPerDescribe - 1) / Limits.tagsPerDescribe
            needs += asked.map(Fact.registryTag)
        }
        return needs
    }

    private func lastAsked(_ tags: [RegistryTag]) -> Duration {
        tags.map { observed.images.askedTags[$0] ?? .seconds(-1) }.min() ?? .zero
    }

    /// Whether something is to be asked for, the first time or again.
    ///
    /// - Parameter isLasting: whether what is known stays so.
    private func isDue<Content>(_ reading: Reading<Content>?, asked: Duration?, isLasting: Bool = true) -> Bool {
        if isLasting, case .known? = reading { return false }
        guard let asked else { return reading == nil }
        return policy.uptime - asked >= Limits.tagInterval
    }
}
