extension Limits {
    /// Capacity providers per answer of DescribeCapacityProviders, and most that one call may name. Source: API reference.
    static let capacityProvidersPerPage = 10
    static let describedCapacityProviders = 100
    /// Capacity providers of a cluster or strategy. Source: Developer Guide, service quotas.
    static let capacityProvidersPerCluster = 20
    static let capacityProviderBase = 100_000
    static let capacityProviderWeight = 1000
    /// Revisions per DeleteTaskDefinitions. Source: API reference.
    static let deletedTaskDefinitions = 10
    /// How long a revision stays DELETE_IN_PROGRESS when nothing uses it, and between two looks whether something does.
    /// AWS says only "until all tasks and deployments have stopped".
    static let deletionMilliseconds: Int64 = 60_000
    /// Tasks per GetTaskProtection and UpdateTaskProtection; minutes of a protection. Source: API reference.
    static let protectionsRead = 100
    static let protectionsWritten = 10
    static let protectionMinutes = 1...2880
    static let protectionMinutesByDefault = 120
    /// Container instances per DescribeContainerInstances and UpdateContainerInstancesState. Source: API reference.
    static let describedInstances = 100
    static let updatedInstances = 10
    /// Attributes per resource and per PutAttributes. Source: API reference, PutAttributes.
    static let attributesPerResource = 10
    /// Resource ids and names of an action per call of Application Auto Scaling. Source: its API reference.
    static let scalingPage = 50
    /// Scaling activities kept. AWS keeps six weeks; this many cover every test and bound the memory.
    static let scalingActivities = 500
    /// Task sets per service. Source: Developer Guide, service quotas.
    static let taskSetsPerService = 5
    /// Longest query string of a container instance filter that is read; each takes a look at every instance.
    static let filterCharacters = 1_024
    /// How deep the names of a query request may nest, and how many members it may have: more than any API has.
    static let queryDepth = 16
    static let queryMembers = 20_000
    /// Violations that one validation error names; the others are only counted.
    static let constraintsNamed = 20
}
