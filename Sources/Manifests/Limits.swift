/// Bounds of reading manifests.
package enum Limits {
    /// Largest file that is read, in bytes. ECS takes task definitions of 64 KB; this holds a file with many documents, and
    /// whoever keeps something larger below the folder did not mean it as a manifest.
    package static let fileBytes = 1 << 20

    // MARK: AWS's own

    /// Most containers of a task definition. Source: Developer guide, service quotas.
    static let containers = 10

    /// Largest task definition, in bytes. Source: Developer guide, service quotas.
    static let taskDefinitionBytes = 64 * 1024

    // MARK: Rules

    /// Most findings of one rule about one document. Nobody reads more, and a hostile file could have one a line.
    static let findingsPerRule = 50

    /// Most load balancers and registries of a service that are held against its task definition, each of which is looked for
    /// among all containers and ports. ECS's quota is 5 and 1, and other rules say so.
    static let checkedTargets = 100

    /// Most names among which one is looked for that resembles a wrong one. Comparing costs more than reading, and no task
    /// has so many containers or volumes, nor anybody so many families.
    static let suggestedNames = 1000

    /// Most containers, ports, places or names that a message lists.
    static let namedContainers = 10

    /// From how many empty texts on a document is a skeleton, or one half filled in. A few are left in by hand.
    static let emptyTextsOfSkeleton = 4

    /// Up to how many tasks the percents of a deployment are computed: more than ECS runs in a service, and far from what
    /// would overflow.
    static let countedTasks = 1_000_000

    // MARK: Variables and bases

    /// Longest name of a variable, in bytes. Names are for people; the reader looks no further than this for one.
    static let variableNameLength = 64

    /// Most variables that an environment declares: each that stands for a parameter costs a tenth of a call at every sweep.
    static let variables = 200

    /// Longest value of a variable, in bytes. Source: Systems Manager User Guide: an advanced parameter holds 8 KB.
    static let variableValueBytes = 8192

    /// Longest name of an SSM parameter, in characters. Source: API reference of Systems Manager, GetParameters.
    static let parameterNameLength = 2048

    /// Most bytes that variables may add to a document, which so stays within twice the largest file.
    static let replacedBytes = 1 << 20

    /// Most findings about variables in one document. Nobody reads more of them.
    static let variableFindings = 100

    /// Most undeclared names in one document for which one is looked for that resembles them. Scripts in a command may
    /// hold any number of names that are the shell's.
    static let variableSuggestions = 1000

    /// Most bases behind one manifest: people use one or two (region, stage), and each is read for every manifest.
    static let bases = 8

    /// Most bytes of bases that are merged in one folder, a base counted for every manifest that uses it: 5,000 services over
    /// a base of 4 KB take 20 MB; beyond this somebody builds a bomb.
    static let mergedBytes = 128 << 20

    /// Most files outside of the folder that its manifests may build upon. Each is looked up in git for every new commit.
    static let otherFiles = 1000

    // MARK: Documents

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

    /// Most windows under one 'pause' or 'freeze'. A year of weekly freezes fits.
    static let windows = 100

    /// Highest wave. Nobody counts further by hand, and each wave costs a border in the graph.
    static let wave = 1000

    /// Fewest digits of a commit that name it: what git itself abbreviates to.
    static let commitDigits = 7

    /// Fewest digits of a digest that name it: as many as reports show.
    static let digestDigits = 12

    /// Most digits of a commit or a digest: those of SHA-256.
    static let mostDigits = 64

    /// Most services that one pass removes where 'prune' says no number: what one person takes away in one commit. More is
    /// a mistake more often than a wish.
    static let prunedServices = 5

    /// Most services that 'prune' may allow one pass to remove; a fuse that never blows is none.
    static let mostPrunedServices = 1000

    /// Most scaling policies and most scheduled actions of one service. Source: Application Auto Scaling, service quotas: 50
    /// policies and 200 scheduled actions per scalable target.
    static let scalingPolicies = 50
    static let scheduledActions = 200

    /// Most names under 'dependsOn', 'before' or 'after' of one manifest that are looked up. Waves are for more.
    static let orderNames = 1000

    /// Longest path under 'ignore', in bytes. The deepest member of the API has half of it.
    static let ignoredPathBytes = 512

    /// Longest reason or token that an option may carry, in characters: it is shown on one line of a report.
    static let optionTextLength = 500
}
