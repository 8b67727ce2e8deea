package import MooringNames
package import MooringShapes

/// What git says an environment should be, at one commit. All lists are sorted, so that equal folders give equal values.
package struct DesiredState: Hashable, Sendable {
    /// By family; no family twice.
    package var taskDefinitions: [DesiredTaskDefinition]
    /// By cluster and name; no service twice.
    package var services: [DesiredService]
    /// By name.
    package var clusters: [DesiredCluster]
    /// One-off tasks, by cluster and name; none twice.
    package var runs: [DesiredRun] = []
    /// One-off tasks that the folder speaks of and that cannot be run: their manifest, or what it refers to, is bad. By
    /// cluster and name. They have their places in `order`, so that what comes after them waits.
    package var badRuns: [BadRun] = []
    /// What services and one-off tasks say of their place, bad ones included, by node; none twice.
    package var order: [OrderEntry] = []
    /// Services that the folder speaks of and that cannot be used: their manifest, or what it refers to, is bad.
    /// By cluster and name.
    package var badServices: [BadService]
    /// What `mooring.yaml` says.
    package var settings: EnvironmentOptions
    /// Everything there is to say about the folder, by file and position.
    package var findings: [Finding]
    /// Files that were not read because the environment's settings say so. Sorted.
    package var ignoredFiles: [TreePath]
    /// No file is bad: what is not here is not wanted. Nothing may be removed otherwise.
    package var isComplete: Bool

    package init(
        taskDefinitions: [DesiredTaskDefinition] = [], services: [DesiredService] = [], clusters: [DesiredCluster] = [],
        badServices: [BadService] = [], settings: EnvironmentOptions = EnvironmentOptions(), findings: [Finding] = [],
        ignoredFiles: [TreePath] = [], isComplete: Bool = true,
    ) {
        self.taskDefinitions = taskDefinitions
        self.services = services
        self.clusters = clusters
        self.badServices = badServices
        self.settings = settings
        self.findings = findings
        self.ignoredFiles = ignoredFiles
        self.isComplete = isComplete
    }
}

/// A task definition as git has it.
package struct DesiredTaskDefinition: Hashable, Sendable {
    package let family: Family
    /// A whole RegisterTaskDefinition input: every scalar of the type its member has, nulls left out.
    package let input: Value
    package let file: TreePath
    /// Which document of the file, counted from 0.
    package let documentIndex: Int
    /// Where the document begins.
    package let position: SourcePosition

    package init(family: Family, input: Value, file: TreePath, documentIndex: Int, position: SourcePosition) {
        self.family = family
        self.input = input
        self.file = file
        self.documentIndex = documentIndex
        self.position = position
    }
}

/// A service as git has it.
package struct DesiredService: Hashable, Sendable {
    package let key: ServiceKey
    /// A whole CreateService input: every scalar of the type its member has, nulls left out. `taskDefinition` is still
    /// as it was written; `cluster` is there only if it was.
    package let input: Value
    /// nil where the manifest names none, as services with an external deployment controller do.
    package let taskDefinition: TaskDefinitionReference?
    package let options: MooringOptions
    /// The files whose change may change the service: its own, its task definition's, the bases of both, `mooring.yaml`.
    /// Sorted.
    package let files: [TreePath]
    /// Why values are missing that will come by themselves, nil where none is. Until they come, nothing is done.
    package let unresolved: String?

    package init(
        key: ServiceKey, input: Value, taskDefinition: TaskDefinitionReference?,
        options: MooringOptions = MooringOptions(),
        files: [TreePath], unresolved: String? = nil,
    ) {
        self.key = key
        self.input = input
        self.taskDefinition = taskDefinition
        self.options = options
        self.files = files
        self.unresolved = unresolved
    }
}

/// A one-off task as git has it: a manifest in RunTask's shape, run once for its inputs.
package struct DesiredRun: Hashable, Sendable {
    package let cluster: ClusterName
    package let name: RunName
    /// A whole RunTask input: every scalar of the type its member has, nulls left out. `taskDefinition` is still as it was
    /// written; `cluster` is there only if it was.
    package let input: Value
    package let taskDefinition: TaskDefinitionReference
    package let options: MooringOptions
    /// The files whose change may change the run. Sorted.
    package let files: [TreePath]
    /// Why values are missing that will come by themselves, nil where none is. Until they come, nothing is done.
    package let unresolved: String?

    package init(
        cluster: ClusterName, name: RunName, input: Value, taskDefinition: TaskDefinitionReference,
        options: MooringOptions = MooringOptions(), files: [TreePath], unresolved: String? = nil,
    ) {
        self.cluster = cluster
        self.name = name
        self.input = input
        self.taskDefinition = taskDefinition
        self.options = options
        self.files = files
        self.unresolved = unresolved
    }

    package var node: OrderNode { .run(cluster: cluster, name: name) }
}

/// Which task definition a service runs.
package enum TaskDefinitionReference: Hashable, Sendable {
    /// The one of this family in the same environment.
    case family(Family)
    /// A revision that Mooring leaves alone: `family:12` or an ARN.
    case pinned(String)
}

/// A cluster as git has it.
package struct DesiredCluster: Hashable, Sendable {
    package let name: ClusterName
    /// A whole CreateCluster input.
    package let input: Value
    package let file: TreePath

    package init(name: ClusterName, input: Value, file: TreePath) {
        self.name = name
        self.input = input
        self.file = file
    }
}

/// A service that git speaks of but that cannot be planned.
package struct BadService: Hashable, Sendable {
    package let key: ServiceKey
    package let file: TreePath
    /// The gravest finding, in one sentence.
    package let why: String

    package init(key: ServiceKey, file: TreePath, why: String) {
        self.key = key
        self.file = file
        self.why = why
    }
}

/// A one-off task that git speaks of but that cannot be run.
package struct BadRun: Hashable, Sendable {
    package let cluster: ClusterName
    package let name: RunName
    package let file: TreePath
    /// The gravest finding, in one sentence.
    package let why: String

    package init(cluster: ClusterName, name: RunName, file: TreePath, why: String) {
        self.cluster = cluster
        self.name = name
        self.file = file
        self.why = why
    }

    package var node: OrderNode { .run(cluster: cluster, name: name) }
}
