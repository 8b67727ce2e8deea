/// Bounds of reading manifests.
package enum Limits {
    /// Largest file that is read, in bytes. ECS takes task definitions of 64 KB; this holds a file with many documents, and
    /// whoever keeps something larger below the folder did not mean it as a manifest.
    package static let fileBytes = 1 << 20

    /// Deepest nesting of a document. The deepest ECS input has ten levels; the reader descends once a level.
    static let depth = 64

    /// Most documents in one file. Every one costs a pass over the shapes.
    static let documentsPerFile = 1000

    /// Most values that aliases may add to a file. People share an environment or a log configuration between a few
    /// containers; a file that grows a hundredfold by aliases is an attack.
    static let aliasedNodes = 50_000

    /// Most globs under `ignore`. Each is tried on every file.
    static let ignoreGlobs = 100

    /// Longest glob, in bytes. Matching takes the product of its length and the path's.
    static let globBytes = 256

    /// Longest timeout of a rollout that an option may ask for. Blue/green strategies bake for up to a day.
    static let timeoutHours = 48

    /// Longest reason or token that an option may carry, in characters: it is shown on one line of a report.
    static let optionTextLength = 500

    // MARK: AWS's own

    /// Most containers of a task definition. Source: Developer guide, service quotas.
    static let containers = 10

    /// Largest task definition, in bytes. Source: Developer guide, service quotas.
    static let taskDefinitionBytes = 64 * 1024

    // MARK: Rules

    /// Most findings of one rule about one document. Nobody reads more, and a hostile file could have one a line.
    static let findingsPerRule = 50

    /// Most containers, ports or names that a message lists.
    static let namedContainers = 10

    /// From how many empty texts on a document is a skeleton, or one half filled in. A few are left in by hand.
    static let emptyTextsOfSkeleton = 4

    /// Up to how many tasks the percents of a deployment are computed: more than ECS runs in a service, and far from what
    /// would overflow.
    static let countedTasks = 1_000_000
}
