package import MooringShapes

/// Everything the local ECS knows, as one tree: for tests that compare runs, and for people.
extension LocalECS {
    /// Accounts and regions in the order of their first call, the configured ones last where nobody has called there yet;
    /// everything below in the order of creation.
    package var state: Value {
        [
            "now": .timestamp(now),
            "worlds": .list(shownWorlds.map(\.dumped)),
            "happened": .list(happened.map(\.described)),
        ]
    }

    /// The operations that are answered, sorted. Each is tried on an engine of its own: whatever is not known to be unknown
    /// counts.
    package static var operations: [Operation] {
        var scratch = LocalECS(seed: 1)
        let caller = Caller(account: scratch.configuration.account, region: scratch.configuration.region)
        var known: [Operation] = []
        for api in Operation.API.allCases {
            for name in InputShapes.table(of: api).operations {
                let operation = Operation(api, name)
                if case .failure(let error) = scratch.perform(operation, [:], as: caller, at: scratch.now),
                    ["UnknownOperationException", "InvalidAction"].contains(error.code)
                {
                    continue
                }
                known.append(operation)
            }
        }
        return known
    }

    /// How often an operation was called, faults included.
    package func callCount(_ operation: String, api: Operation.API = .ecs) -> Int {
        calls[Operation(api, operation)] ?? 0
    }

    /// Counts of all operations called so far, by name.
    package var callCounts: [(operation: Operation, count: Int)] {
        calls.map { ($0.key, $0.value) }.sorted { $0.0.description < $1.0.description }
    }
}

extension World {
    fileprivate var dumped: Value {
        let revisions = families.map { family -> Value in
            [
                "family": .string(family.name),
                "revisions": .list(
                    family.revisions.map { record in
                        World.described(record).setting("tags", to: .list(record.tags.map(\.described)))
                    }),
            ]
        }
        let described = services.indices.map { position -> Value in
            view(position, withTags: true)
        }
        let ordinals = tasks.keys.sorted()
        let shown = ordinals.compactMap { tasks[$0] }.map { describe($0, withTags: true) }
        return [
            "account": .string(account), "region": .string(region),
            "clusters": .list(clusters.map { ["name": .string($0.name), "status": .string($0.status)] }),
            "taskDefinitions": .list(revisions), "services": .list(described), "tasks": .list(shown),
            "scalableTargets": .list(scalableTargets.map(World.described)), "neighbours": neighbours.dumped,
        ]
    }
}

extension Neighbours {
    /// What there is around ECS, by name: never what a secret says.
    fileprivate var dumped: Value {
        [
            "logGroups": .list(logs.groups.map { .string($0.name) }),
            "repositories": .list(
                registry.repositories.map { repository in
                    ["name": .string(repository.name), "images": .list(repository.images.map { .string($0.digest) })]
                }),
            "secrets": .list(secrets.secrets.map { .string($0.name) }),
            "roles": .list(roles.roles.map { .string($0.arn) }),
            "loadBalancers": .list(balancers.balancers.map { .string($0.arn) }),
            "targetGroups": .list(balancers.groups.map { .string($0.arn) }),
            "scalingActivities": .list(scaling.activities.map { .string("\($0.resourceID): \($0.description)") }),
        ]
    }
}
